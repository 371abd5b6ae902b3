"""Verification on the database: every tampered place is named (trust F-2, F-5)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection, models, transaction

from guatu.engines import chain
from guatu.engines.chain import Mark
from guatu.journal import queries, services
from guatu.journal.images import imager
from guatu.journal.models import Change, Entry, Head, Journalled
from guatu.journal.tests.rows import make_row, sql
from guatu.journal.triggers import drop_guards, journalled_models
from guatu.journal.types import console
from guatu.organisation.models import Holiday, Organisation, Person, User

CONSOLE = console("root")
pytestmark = pytest.mark.django_db


class Undo(Exception):
    pass


def problems_after(tampering: Callable[[], None], marks: list[Mark] | None = None) -> list[str]:
    """What verification finds after a tampering, which is taken back afterwards."""
    found: list[str] = []
    try:
        with transaction.atomic():
            tampering()
            found = queries.verify(marks or []).problems
            raise Undo
    except Undo:
        return found


def set_holidays(days: int) -> Mark:
    """Some acts of one to three rows each; returns the mark to keep outside."""
    for day in range(1, days + 1):
        with services.act(CONSOLE, "holiday.set") as act:
            for month in range(1, 2 + day % 3):
                act.write(Holiday(day=date(2027, month, day), is_workday=False))
    head = queries.head()
    assert head is not None
    return head


@pytest.fixture
def mark() -> Mark:
    """Seven entries, and the checkpoint kept outside; the triggers are out of the way."""
    kept = set_holidays(7)
    drop_guards()
    assert not queries.verify([kept]).problems
    return kept


def test_a_sound_journal_has_no_problems_and_is_counted() -> None:
    mark = set_holidays(4)
    found = queries.verify([mark])
    assert not found.problems
    assert (found.entries, found.changes) == (4, Change.objects.count())
    assert found.head == mark


def test_an_empty_database_is_sound() -> None:
    found = queries.verify()
    assert (found.problems, found.entries, found.head) == ([], 0, None)


# --- tables --------------------------------------------------------------------------------


def another_value(field: models.Field[object, object]) -> str:
    """An SQL expression for another value of the column's type."""
    column = connection.ops.quote_name(str(field.column))
    if field.choices:
        values = [str(value) for value, _ in field.flatchoices]
        now = str(field.get_default()) if field.has_default() else values[0]
        if others := [value for value in values if value != now]:
            return f"'{others[0]}'"
    if isinstance(field, models.BooleanField):
        return f"NOT {column}"
    if isinstance(field, models.DateTimeField):
        return "'2001-02-03 04:05:06+00:00'"
    if isinstance(field, models.DateField):
        return "'2001-02-03'"
    if isinstance(field, (models.IntegerField, models.ForeignKey)):
        return f"COALESCE({column}, 0) + 1000"
    return f"SUBSTR(COALESCE({column}, ''), 2) || 'y'"


def drop_checks(model: type[models.Model]) -> None:
    """Whoever changes cells by raw SQL can switch the checks of a table off too."""
    if connection.vendor == "sqlite":
        sql("PRAGMA ignore_check_constraints = ON")
        return
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to be made is not altered
    for one in model._meta.constraints:
        if isinstance(one, models.CheckConstraint):
            sql(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {one.name}")
    sql("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture(autouse=True)
def checks_again(db: None) -> Iterator[None]:
    """SQLite keeps the setting with the connection, PostgreSQL's tables come back by rollback."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.parametrize("model", journalled_models(), ids=lambda model: model._meta.db_table)
def test_every_cell_of_every_table_is_watched(model: type[Journalled]) -> None:
    """All cells of a row changed by raw SQL: each column is named."""
    with services.act(CONSOLE, "row.made") as act:
        row = make_row(model, act.write)  # type: ignore[arg-type]  # all that it needs is journalled
    drop_guards()
    drop_checks(model)
    assert not queries.verify().problems
    table = model._meta.db_table
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    cells = ", ".join(f"{quote(str(field.column))} = {another_value(field)}" for field in fields)
    found = problems_after(lambda: sql(f"UPDATE {table} SET {cells} WHERE id = {row.pk}"))
    # The salt is not in the journal; a changed one shows in the columns that it salts.
    named = sorted(field.attname for field in fields if field.name != "salt")
    assert found == [f"表{table}第{row.pk}行：列{'、'.join(named)}与日志不符"]


def test_a_column_younger_than_the_entry_is_no_difference_while_it_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An upgrade adds an empty column to rows that were journalled without it."""

    def older(model: type[models.Model]) -> Callable[[models.Model], str]:
        def image(row: models.Model) -> str:
            told = json.loads(imager(model)(row))
            return json.dumps({k: v for k, v in told.items() if k != "organisation_id"})

        return image

    with monkeypatch.context() as patch, services.act(CONSOLE, "person.made") as act:
        patch.setattr(services, "imager", older)
        person = Person(name="周正明", salt="0" * 32)
        act.write(person)
    assert queries.verify().problems == []
    with services.act(CONSOLE, "organisation.made") as act:
        unit = Organisation(kind="bureau")
        act.write(unit)
    found = problems_after(lambda: sql(f"UPDATE organisation_person SET organisation_id={unit.pk}"))
    assert found == [f"表organisation_person第{person.pk}行：列organisation_id与日志不符"]


def test_a_column_that_the_program_has_no_more_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An upgrade takes a column away from rows that were journalled with it."""

    def with_more(model: type[models.Model]) -> Callable[[models.Model], str]:
        return lambda row: json.dumps({**json.loads(imager(model)(row)), "gone": "旧内容"})

    with monkeypatch.context() as patch, services.act(CONSOLE, "organisation.made") as act:
        patch.setattr(services, "imager", with_more)
        unit = Organisation(kind="bureau")
        act.write(unit)
    assert queries.verify().problems == []
    found = problems_after(
        lambda: sql(f"UPDATE organisation_organisation SET kind='x' WHERE id={unit.pk}")
    )
    assert found == [f"表organisation_organisation第{unit.pk}行：列kind与日志不符"]


@pytest.mark.parametrize("field", Holiday._meta.concrete_fields[1:], ids=lambda field: field.name)
def test_a_cell_changed_by_raw_sql_is_named(
    mark: Mark, field: models.Field[object, object]
) -> None:
    row = Holiday.objects.order_by("pk")[3].pk
    cell = f"{field.column} = {another_value(field)}"
    found = problems_after(
        lambda: sql(f"UPDATE organisation_holiday SET {cell} WHERE id = {row}"), [mark]
    )
    assert found == [f"表organisation_holiday第{row}行：列{field.attname}与日志不符"]


@pytest.mark.parametrize("column", ["salt", "password"])
def test_a_changed_salt_or_personal_value_is_named(column: str) -> None:
    with services.act(CONSOLE, "user.created") as act:
        user = User(login="clerk", password="!", salt="0" * 32)
        act.write(user)
    found = problems_after(lambda: sql(f"UPDATE organisation_user SET {column} = 'y'"))
    assert found == [f"表organisation_user第{user.pk}行：列password与日志不符"]


def test_several_changed_cells_of_a_row_are_all_named(mark: Mark) -> None:
    found = problems_after(
        lambda: sql(
            "UPDATE organisation_holiday SET note = 'x', is_workday = %s"
            " WHERE id = (SELECT MIN(id) FROM organisation_holiday)",
            True,
        ),
        [mark],
    )
    first = Holiday.objects.order_by("pk")[0].pk
    assert found == [f"表organisation_holiday第{first}行：列is_workday、note与日志不符"]


def test_a_row_deleted_behind_the_journals_back_is_named(mark: Mark) -> None:
    gone = Holiday.objects.order_by("-pk")[0].pk
    found = problems_after(
        lambda: sql("DELETE FROM organisation_holiday WHERE id=%s", gone), [mark]
    )
    assert found == [f"表organisation_holiday第{gone}行：日志中有而表中没有"]


def test_a_row_added_behind_the_journals_back_is_named(mark: Mark) -> None:
    added: list[int] = []

    def add() -> None:
        added.append(make_row(Holiday).pk)

    found = problems_after(add, [mark])
    assert found == [f"表organisation_holiday第{added[0]}行：日志中没有这一行"]


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL refuses values of the wrong type"
)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("day", "'yesterday'"),
        ("day", "'2026-02-30'"),
        ("note", "CAST(x'ff41' AS TEXT)"),
        ("note", "x'ff41'"),
        ("is_workday", "7"),
    ],
)
def test_a_cell_that_cannot_even_be_read_is_named(mark: Mark, column: str, value: str) -> None:
    row = Holiday.objects.order_by("pk")[2].pk
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    statement = f"UPDATE organisation_holiday SET {column} = {value} WHERE id = {row}"
    found = problems_after(lambda: sql(statement), [mark])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert found == [f"表organisation_holiday第{row}行：列{column}与日志不符"]


# --- the journal itself --------------------------------------------------------------------

TEXTS = (
    "act",
    "actor_text",
    "organisation_text",
    "session_hash",
    "alg",
    "body",
    "changes_sm3",
    "prev",
    "hash",
)


@pytest.mark.parametrize("column", [*TEXTS, "at", "act_version"])
def test_a_changed_column_of_any_entry_is_located(mark: Mark, column: str) -> None:
    if column in TEXTS:
        value = f"'y' || SUBSTR({column}, 2)"
    elif column == "at":
        value = "'2001-02-03 04:05:06+00:00'"
    else:
        value = "act_version + 1"
    for seq in range(1, 8):
        statement = f"UPDATE journal_entry SET {column} = {value} WHERE seq = {seq}"
        found = problems_after(lambda s=statement: sql(s), [mark])  # type: ignore[misc]
        assert found
        assert found[0].startswith(f"日志第{seq}条：")


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL refuses values of the wrong type"
)
@pytest.mark.parametrize("column", ["body", "act", "at", "hash"])
@pytest.mark.parametrize("value", ["CAST(x'ff41' AS TEXT)", "x'ff41'", "'no date'"])
def test_an_entry_that_cannot_even_be_read_is_located(mark: Mark, column: str, value: str) -> None:
    statement = f"UPDATE journal_entry SET {column} = {value} WHERE seq = 3"
    found = problems_after(lambda: sql(statement), [mark])
    assert found
    assert found[0].startswith("日志第3条：")


@pytest.mark.parametrize(
    "assignment",
    ["n = n + 50", "row_id = row_id + 50", "op = 'delete'", "after = '{}'", "after = 'x'",
     '"table" = \'organisation_region\'', "entry_id = entry_id + 1, n = n + 50"],
)  # fmt: skip
def test_a_changed_change_is_located_by_its_entry(mark: Mark, assignment: str) -> None:
    for seq in (1, 4):
        statement = f"UPDATE journal_change SET {assignment} WHERE entry_id = {seq} AND n = 1"
        found = problems_after(lambda s=statement: sql(s), [mark])  # type: ignore[misc]
        assert f"日志第{seq}条：所记变更与摘要不符" in found


def test_deleted_and_added_changes_are_located(mark: Mark) -> None:
    found = problems_after(lambda: sql("DELETE FROM journal_change WHERE entry_id = 2"), [mark])
    assert "日志第2条：所记变更与摘要不符" in found
    copy = (
        'INSERT INTO journal_change (entry_id, n, "table", row_id, op, after)'
        ' SELECT {}, n + 9, "table", row_id, op, after FROM journal_change'
        " WHERE entry_id = 2 AND n = 1"
    )
    found = problems_after(lambda: sql(copy.format("3")), [mark])
    assert "日志第3条：所记变更与摘要不符" in found
    found = problems_after(lambda: sql(copy.format("99")), [mark])
    assert "日志第99条：有变更记录而无此条目" in found


def test_an_entry_deleted_inserted_or_swapped_is_located(mark: Mark) -> None:
    for seq in range(1, 8):

        def delete(seq: int = seq) -> None:
            sql("DELETE FROM journal_change WHERE entry_id = %s", seq)
            sql("DELETE FROM journal_entry WHERE seq = %s", seq)

        assert problems_after(delete, [mark])[0].startswith(f"日志第{seq}条：")

    def swap() -> None:
        sql("UPDATE journal_entry SET seq = 100 WHERE seq = 3")
        sql("UPDATE journal_entry SET seq = 3 WHERE seq = 4")
        sql("UPDATE journal_entry SET seq = 4 WHERE seq = 100")

    assert problems_after(swap, [mark])[0].startswith("日志第3条：")

    def insert() -> None:
        # SQLite checks keys row by row, so the later rows go out of the way first.
        sql("UPDATE journal_entry SET seq = seq + 1000 WHERE seq >= 5")
        sql("UPDATE journal_entry SET seq = seq - 999 WHERE seq >= 1000")
        make_row(Entry)
        sql("UPDATE journal_entry SET seq = 5 WHERE SUBSTR(hash, 1, 1) = 'x'")

    assert problems_after(insert, [mark])[0].startswith("日志第5条：")


def cut_from(seq: int) -> None:
    """Take the tail away with everything that the database itself knows of it."""
    sql(
        "DELETE FROM organisation_holiday"
        " WHERE id IN (SELECT row_id FROM journal_change WHERE entry_id >= %s)",
        seq,
    )
    sql("DELETE FROM journal_change WHERE entry_id >= %s", seq)
    sql("DELETE FROM journal_entry WHERE seq >= %s", seq)
    last = Entry.objects.order_by("-seq").first()
    if last:
        sql("UPDATE journal_head SET seq = %s, hash = %s", last.seq, last.hash)
    else:
        sql("DELETE FROM journal_head")


@pytest.mark.parametrize("seq", range(1, 8))
def test_a_cleanly_cut_tail_is_seen_by_the_outside_mark_alone(mark: Mark, seq: int) -> None:
    assert problems_after(lambda: cut_from(seq), [mark]) == [
        f"日志第{seq}条：链尾缺失：检查点记有7条，现只有{seq - 1}条"
    ]
    assert problems_after(lambda: cut_from(seq)) == [], "the twin: nothing inside can tell"


def rewrite() -> None:
    """Forge what the first act wrote, and make table, changes, chain and head agree with it."""
    sql(
        "UPDATE organisation_holiday SET note = 'forged'"
        " WHERE id = (SELECT row_id FROM journal_change WHERE entry_id = 1 AND n = 1)"
    )
    forged = Change.objects.filter(entry_id=1).order_by("n")[0]
    after = json.loads(forged.after)
    after["note"] = "forged"
    sql("UPDATE journal_change SET after = %s WHERE id = %s", chain.canonical(after), forged.pk)
    before = None
    for entry in Entry.objects.order_by("seq"):
        lines = "".join(
            f"{c.n}\t{c.table}\t{c.row_id}\t{c.op}\t{c.after}\n"
            for c in Change.objects.filter(entry_id=entry.seq).order_by("n")
        )
        body = json.loads(entry.body)
        del body["seq"]
        body["changes_sm3"] = chain.sm3(lines.encode())
        link = chain.append(before, body, entry.alg)
        sql(
            "UPDATE journal_entry SET body = %s, changes_sm3 = %s, prev = %s, hash = %s"
            " WHERE seq = %s",
            link.body, body["changes_sm3"], link.prev, link.hash, link.seq,
        )  # fmt: skip
        before = Mark(link.seq, link.hash)
    assert before is not None
    sql("UPDATE journal_head SET hash = %s", before.hash)


def test_a_journal_rewritten_with_valid_hashes_is_seen_by_the_outside_mark_alone(
    mark: Mark,
) -> None:
    assert problems_after(rewrite, [mark]) == ["日志第7条：与外部检查点不符"]
    assert problems_after(rewrite) == [], "the twin: nothing inside can tell"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE journal_head SET seq = 3", "日志头：应在第7条，实在第3条"),
        ("UPDATE journal_head SET seq = 9", "日志头：应在第7条，实在第9条"),
        ("DELETE FROM journal_head", "日志头：应在第7条，实在第0条"),
    ],
)
def test_a_moved_head_is_named(mark: Mark, statement: str, problem: str) -> None:
    assert problem in problems_after(lambda: sql(statement), [mark])


def test_a_head_with_another_hash_is_located(mark: Mark) -> None:
    found = problems_after(lambda: sql("UPDATE journal_head SET hash = %s", "f" * 64), [mark])
    assert found == ["日志第7条：与外部检查点不符"]


def test_nothing_of_this_changed_the_journal(mark: Mark) -> None:
    problems_after(rewrite, [mark])
    assert queries.head() == mark
    assert Head.objects.get().seq == 7
    assert not queries.verify([mark]).problems
