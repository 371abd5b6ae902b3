"""The one writer: row, after-image and entry in one transaction, or nothing."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from guatu.core import clock
from guatu.core.errors import Conflict
from guatu.engines import chain
from guatu.journal import queries, services
from guatu.journal.models import Change, Checkpoint, Entry, Head
from guatu.journal.triggers import journalled_models
from guatu.journal.types import Actor, console
from guatu.organisation.models import Holiday, Region, RegionName, Setting, User

CONSOLE = console("root")


def holiday(day: int = 1) -> Holiday:
    return Holiday(day=date(2027, 1, day), is_workday=False, note="元旦")


def counts() -> dict[str, int]:
    """Rows of every table that the writer touches."""
    tables: list[type[models.Model]] = [*journalled_models(), Entry, Change, Head]
    return {model._meta.db_table: model._base_manager.count() for model in tables}


@pytest.mark.django_db
def test_an_act_leaves_row_change_and_entry() -> None:
    actor = Actor(user_id=None, text="console", organisation_text="市发改委", os_user="op")
    with services.act(actor, "holiday.set", detail={"依据": "国办发明电"}) as act:
        row = holiday()
        act.write(row)
    entry = Entry.objects.get()
    body = json.loads(entry.body)
    assert act.seq == entry.seq == 1
    assert (entry.act, entry.actor_text, entry.organisation_text) == (
        "holiday.set",
        "console",
        "市发改委",
    )
    assert body["detail"] == {"依据": "国办发明电"}
    assert body["os_user"] == "op"
    assert body["changes"] == 1
    change = Change.objects.get()
    assert (change.entry_id, change.n, change.table, change.row_id, change.op) == (
        1,
        1,
        "organisation_holiday",
        row.pk,
        "insert",
    )
    assert json.loads(change.after) == {
        "day": "2027-01-01",
        "id": row.pk,
        "is_workday": False,
        "note": "元旦",
    }
    head = queries.head()
    assert head is not None
    assert (head.seq, head.hash) == (entry.seq, entry.hash)


@pytest.mark.django_db
def test_entries_are_numbered_without_gaps_and_chained() -> None:
    for day in range(1, 6):
        with services.act(CONSOLE, "holiday.set") as act:
            act.write(holiday(day))
    entries = list(Entry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failing", ["in the act", "in the database", "while sealing"])
def test_an_error_inside_leaves_no_row_in_any_table(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday(1))
    before = counts()

    class Interrupted(Exception):
        pass

    def interrupt(*_: object, **__: object) -> None:
        raise Interrupted

    def write_and_fail() -> None:
        with services.act(CONSOLE, "more") as act:
            act.write(holiday(2))
            act.add_all([holiday(3), holiday(4)])
            if failing == "in the act":
                raise Interrupted
            if failing == "in the database":
                act.write(holiday(1))

    if failing == "while sealing":
        monkeypatch.setattr(chain, "append", interrupt)
    with pytest.raises((Interrupted, IntegrityError)):
        write_and_fail()
    assert counts() == before
    assert not queries.verify().problems


@pytest.mark.django_db
def test_an_act_that_changed_nothing_leaves_no_entry() -> None:
    with services.act(CONSOLE, "nothing.done"):
        pass
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_act_with_a_detail_alone_is_recorded() -> None:
    with services.act(CONSOLE, "table.filled", detail={"file": "汇总表.xlsx"}):
        pass
    assert Entry.objects.get().act == "table.filled"
    assert not Change.objects.exists()


@pytest.mark.django_db
def test_an_ended_act_writes_no_more() -> None:
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday(1))
    with pytest.raises(RuntimeError, match="ended"):
        act.write(holiday(2))


@pytest.mark.django_db
def test_updates_keep_the_whole_row_after_each_change() -> None:
    row = holiday()
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(row)
    row.is_workday = True
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(row)
    told = Change.objects.order_by("entry_id").values_list("op", "after")
    assert [(op, json.loads(after)["is_workday"]) for op, after in told] == [
        ("insert", False),
        ("update", True),
    ]


@pytest.mark.django_db
def test_append_only_rows_cannot_be_written_twice() -> None:
    with services.act(CONSOLE, "settings.changed") as act:
        row = Setting(key="city", value="江源市", valid_from=date(2026, 1, 1), by="console")
        act.write(row)
        row.value = "别的市"
        with pytest.raises(TypeError, match="append-only"):
            act.write(row)
        with pytest.raises(TypeError, match="in bulk"):
            act.change_all([row], ["value"])


@pytest.mark.django_db
def test_who_comes_second_with_an_old_version_is_refused_and_leaves_no_row() -> None:
    user = User(login="clerk", salt="0" * 32)
    with services.act(CONSOLE, "user.created") as act:
        act.write(user)
    mine, theirs = User.objects.get(), User.objects.get()
    theirs.is_active = False
    with services.act(CONSOLE, "user.disabled") as act:
        act.write(theirs)
    before = counts()
    mine.login = "clerk2"
    with (
        pytest.raises(Conflict, match="刚被别人修改"),
        services.act(CONSOLE, "user.renamed") as act,
    ):
        act.write(mine)
    assert counts() == before
    user.refresh_from_db()
    assert (user.login, user.is_active, user.version) == ("clerk", False, 2)
    assert not queries.verify().problems


@pytest.mark.django_db
def test_many_rows_are_written_with_a_constant_number_of_queries() -> None:
    def queries_for(count: int, code: str) -> int:
        with CaptureQueriesContext(connection) as captured, services.act(CONSOLE, "bulk") as act:
            rows = [
                Setting(key=f"{code}{n}", value="1", valid_from=date(2026, 1, 1))
                for n in range(count)
            ]
            act.add_all(rows)
            assert all(row.pk for row in rows)
        return len(captured)

    queries_for(1, "first")  # the head row is made once
    few, many = queries_for(10, "few"), queries_for(100, "many")
    assert many == few
    assert not queries.verify().problems


@pytest.mark.django_db
def test_many_rows_of_several_tables_keep_their_order() -> None:
    with services.act(CONSOLE, "region.added") as act:
        region = Region()
        act.add_all([region])
        act.add_all([RegionName(region=region, name="江北区", valid_from=date(2026, 1, 1))])
        act.change_all([region], ["kind"])
    told = Change.objects.order_by("n").values_list("n", "table", "op")
    assert list(told) == [
        (1, "organisation_region", "insert"),
        (2, "organisation_regionname", "insert"),
        (3, "organisation_region", "update"),
    ]


@pytest.mark.django_db
def test_personal_fields_enter_the_journal_as_commitments_only() -> None:
    secret, salt = "pbkdf2$canary-of-a-password", "a1" * 16
    with services.act(CONSOLE, "user.created") as act:
        act.write(User(login="clerk", password=secret, salt=salt))
    after = Change.objects.get().after
    body = Entry.objects.get().body
    assert "canary" not in after + body
    assert salt not in after + body
    assert json.loads(after)["password"].startswith("commit:sm3:")
    assert not queries.verify().problems


@pytest.mark.django_db
def test_a_race_for_the_same_number_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday(1))
    stale = Head.objects.get()
    usual = chain.append

    def overtaken(before: chain.Mark | None, body: dict[str, object]) -> chain.Link:
        link = usual(before, body)
        Head.objects.filter(pk=1).update(seq=stale.seq + 5)
        return link

    monkeypatch.setattr(chain, "append", overtaken)
    with pytest.raises(Conflict, match="同时"), services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday(2))
    assert Holiday.objects.count() == 1


@pytest.mark.django_db
def test_a_checkpoint_gives_count_and_head_to_be_kept_outside() -> None:
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday())
    head = queries.head()
    mark = services.record_checkpoint(CONSOLE, kept_at="通报〔2026〕9号")
    assert mark == head
    kept = Checkpoint.objects.get()
    assert (kept.seq, kept.hash, kept.printed_on) == (mark.seq, mark.hash, "通报〔2026〕9号")
    assert not queries.verify([mark]).problems


@pytest.mark.django_db
def test_an_act_bears_the_clocks_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-31")
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(holiday())
    assert Entry.objects.get().at.astimezone(clock.CHINA).date() == date(2026, 10, 31)


@pytest.mark.django_db
def test_an_act_inside_a_failing_transaction_disappears_with_it() -> None:
    class TakenBack(Exception):
        pass

    def act_and_fail_later() -> None:
        with transaction.atomic():
            with services.act(CONSOLE, "holiday.set") as act:
                act.write(holiday())
            raise TakenBack

    with pytest.raises(TakenBack):
        act_and_fail_later()
    assert not Entry.objects.exists()
    assert queries.head() is None


@pytest.mark.django_db
def test_a_trial_that_is_rolled_back_leaves_nothing() -> None:
    with services.act(CONSOLE, "holiday.tried", detail={"n": 1}) as act:
        act.write(holiday())
        transaction.set_rollback(True)
    assert act.seq is None
    assert not Holiday.objects.exists()
    assert not Entry.objects.exists()
    assert queries.head() is None
