"""Locking and correcting by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guatu.assessment import queries
from guatu.assessment.content import digest_of
from guatu.assessment.freezing import content_of
from guatu.assessment.models import RoundRequest, RoundRequestEnd, Snapshot
from guatu.assessment.services import requests
from guatu.assessment.tests.rounds import LIST, PARK, ROAD, Office
from guatu.assessment.types import RequestEnd, RequestKind
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.engines.sheets import Cell
from guatu.journal.models import Entry
from guatu.organisation.models import User
from guatu.organisation.services import change_settings
from guatu.reporting.types import RoundState
from tests.tables import put_report, report_line


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let time pass."""
    real = clock.now()

    def moved() -> datetime:
        return real + by

    monkeypatch.setattr(clock, "now", moved)


@pytest.fixture
def september(office: Office) -> Office:
    """One report has come in, nothing is locked."""
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    return office


def seen(office: Office) -> str:
    """The digest of what somebody looks at now."""
    return digest_of(content_of(office.round(), 1))


def test_two_people_lock_what_both_have_seen(september: Office) -> None:
    people = september.people
    requests.ask_to_close(people.act_as("office"), september.round(), seen=seen(september))
    assert september.round().state == RoundState.OPEN
    made = requests.close_seen(
        people.act_as("second_office"), september.round(), seen=seen(september)
    )
    assert made.content_sm3 == RoundRequest.objects.get().content_sm3
    locked = september.round()
    assert (locked.state, locked.closed_by) == (RoundState.CLOSED, "office；office2")


def test_one_person_cannot_be_both(september: Office) -> None:
    actor = september.people.act_as("office")
    requests.ask_to_close(actor, september.round(), seen=seen(september))
    with pytest.raises(NotAllowed, match="同一账号"):
        requests.close_seen(actor, september.round(), seen=seen(september))


def test_without_a_request_nobody_locks(september: Office) -> None:
    with pytest.raises(Conflict, match="没有有效的锁定申请"):
        requests.close_seen(
            september.people.act_as("office"), september.round(), seen=seen(september)
        )


def test_a_small_office_locks_alone_and_it_is_recorded(september: Office) -> None:
    change_settings(september.console, {"small-office": "yes"})
    actor = september.people.act_as("office")
    requests.close_seen(actor, september.round(), seen=seen(september))
    assert september.round().closed_by == "office；office（小办公室，一人办理）"


def test_what_changed_after_the_request_is_told_and_nothing_locked(september: Office) -> None:
    people = september.people
    requests.ask_to_close(people.act_as("office"), september.round(), seen=seen(september))
    looked_at = seen(september)
    september.report(report_line(PARK, 7_000), report_line(ROAD, 9_000))
    for digest in (looked_at, seen(september)):
        with pytest.raises(Conflict) as refused:
            requests.close_seen(people.act_as("second_office"), september.round(), seen=digest)
        told = "\n".join(str(fault) for fault in refused.value.faults)
        assert f"{ROAD}：累计完成投资由无数据改为9000万元" in told
    assert not Snapshot.objects.exists()


def test_asking_for_what_is_no_longer_so_is_refused(september: Office) -> None:
    looked_at = seen(september)
    september.report(report_line(PARK, 7_500))
    with pytest.raises(Conflict, match="又有变化"):
        requests.ask_to_close(september.people.act_as("office"), september.round(), seen=looked_at)


def test_a_request_lapses_after_a_day(september: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    people = september.people
    requests.ask_to_close(people.act_as("office"), september.round(), seen=seen(september))
    later(monkeypatch, timedelta(hours=24, seconds=1))
    with pytest.raises(Conflict, match="没有有效的锁定申请"):
        requests.close_seen(people.act_as("second_office"), september.round(), seen=seen(september))


def test_a_request_holds_for_a_day(september: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    people = september.people
    requests.ask_to_close(people.act_as("office"), september.round(), seen=seen(september))
    later(monkeypatch, timedelta(hours=23, minutes=59))
    requests.close_seen(people.act_as("second_office"), september.round(), seen=seen(september))
    assert september.round().state == RoundState.CLOSED


def test_a_returned_request_can_not_be_confirmed_and_is_in_the_journal(september: Office) -> None:
    people, digest = september.people, seen(september)
    requests.ask_to_close(people.act_as("office"), september.round(), seen=digest)
    second = people.act_as("second_office")
    end = requests.return_request(
        second, september.round(), RequestKind.CLOSE, seen=digest, reason=" 数没核 "
    )
    assert (end.how, end.reason, end.by) == (RequestEnd.RETURNED, "数没核", "office2")
    assert Entry.objects.order_by("-seq")[0].act == "round.request_returned"
    with pytest.raises(Conflict, match="没有有效的锁定申请"):
        requests.close_seen(second, september.round(), seen=digest)
    requests.ask_to_close(people.act_as("office"), september.round(), seen=digest)
    requests.close_seen(second, september.round(), seen=digest)
    assert september.round().state == RoundState.CLOSED


def test_an_older_request_does_not_come_back_when_a_newer_is_withdrawn(september: Office) -> None:
    actor, digest = september.people.act_as("office"), seen(september)
    for _ in range(2):
        requests.ask_to_close(actor, september.round(), seen=digest)
    requests.withdraw_request(actor, september.round(), RequestKind.CLOSE, seen=digest)
    assert queries.request_in_force(september.round(), RequestKind.CLOSE) is None
    with pytest.raises(Conflict, match="没有等待确认的锁定申请"):
        requests.withdraw_request(actor, september.round(), RequestKind.CLOSE, seen=digest)


def test_each_ends_a_request_in_his_own_way(september: Office) -> None:
    people, digest = september.people, seen(september)
    first, second = people.act_as("office"), people.act_as("second_office")
    requests.ask_to_close(first, september.round(), seen=digest)
    the_round, kind = september.round(), RequestKind.CLOSE
    with pytest.raises(NotAllowed, match="自己的申请"):
        requests.return_request(first, the_round, kind, seen=digest, reason="x")
    with pytest.raises(NotAllowed, match="只有申请人"):
        requests.withdraw_request(second, the_round, kind, seen=digest)
    with pytest.raises(NotAllowed):
        requests.return_request(people.act_as("viewer"), the_round, kind, seen=digest, reason="x")
    with pytest.raises(Conflict, match="另一份"):
        requests.withdraw_request(first, the_round, kind, seen="0" * 64)
    for reason in ("", "长" * 301, "\u200b", "\u202e不同意"):
        with pytest.raises(BadInput):
            requests.return_request(second, the_round, kind, seen=digest, reason=reason)
    with pytest.raises(Conflict, match="另一份"):
        # That nothing waits is told before what is wrong with the reason.
        requests.return_request(second, the_round, kind, seen="0" * 64, reason="")
    assert not RoundRequestEnd.objects.exists()


def test_another_account_of_the_same_person_is_no_second_person(september: Office) -> None:
    people, digest = september.people, seen(september)
    both = User.objects.filter(login__in=("office", "office2"))
    both.update(person_id=next(iter(people.persons.values())))
    requests.ask_to_close(people.act_as("office"), september.round(), seen=digest)
    other, kind = people.act_as("second_office"), RequestKind.CLOSE
    with pytest.raises(NotAllowed, match="自己的申请"):
        requests.return_request(other, september.round(), kind, seen=digest, reason="x")
    end = requests.withdraw_request(other, september.round(), kind, seen=digest)
    assert end.how == RequestEnd.WITHDRAWN


def test_a_locked_round_has_no_request_to_end(september: Office) -> None:
    people, digest = september.people, seen(september)
    requests.ask_to_close(people.act_as("office"), september.round(), seen=digest)
    looked_at = september.round()
    requests.close_seen(people.act_as("second_office"), september.round(), seen=digest)
    with pytest.raises(Conflict):
        requests.withdraw_request(
            people.act_as("office"), looked_at, RequestKind.CLOSE, seen=digest
        )


@pytest.mark.parametrize("name", ["viewer", "reporter", "leader", "system", "audit"])
def test_others_neither_ask_nor_lock(september: Office, name: str) -> None:
    actor = september.people.act_as(name)
    for act in (requests.ask_to_close, requests.close_seen):
        with pytest.raises(NotAllowed):
            act(actor, september.round(), seen=seen(september))


def test_an_earlier_open_round_refuses_the_request(september: Office) -> None:
    september.report(report_line(PARK, 6_000), period="2026-08")
    with pytest.raises(Conflict, match="2026年8月还没有锁定"):
        requests.ask_to_close(
            september.people.act_as("office"), september.round(), seen=seen(september)
        )


def test_a_locked_round_is_locked_once(september: Office) -> None:
    digest = seen(september)
    requests.ask_to_close(september.people.act_as("office"), september.round(), seen=digest)
    second = september.people.act_as("second_office")
    requests.close_seen(second, september.round(), seen=digest)
    with pytest.raises(Conflict):
        requests.close_seen(second, september.round(), seen=digest)


def correction(folder: Path, *lines: dict[str, Cell], name: str = "更正.csv") -> bytes:
    return put_report(folder / name, *lines).read_bytes()


def test_two_people_correct_what_both_have_seen(september: Office) -> None:
    people, old = september.people, september.close()
    workbook = correction(september.folder, report_line(PARK, 8_000))
    asked = requests.ask_to_correct(
        people.act_as("office"), september.round(), name="更正.csv", workbook=workbook,
        reason="复核发现漏报",
    )  # fmt: skip
    assert september.round().revision == 1
    done = requests.correct_asked(
        people.act_as("second_office"), september.round(), seen=asked.content_sm3
    )
    assert done.snapshot is not None
    assert (done.snapshot.revision, done.snapshot.content_sm3) == (2, asked.content_sm3)
    assert done.changed == [PARK]
    assert queries.newest_snapshot(september.round()).pk != old.pk


def test_the_one_who_asked_for_a_correction_cannot_confirm_it(september: Office) -> None:
    september.close()
    actor = september.people.act_as("office")
    asked = requests.ask_to_correct(
        actor, september.round(), name="更正.csv",
        workbook=correction(september.folder, report_line(PARK, 8_000)), reason="复核",
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="同一账号"):
        requests.correct_asked(actor, september.round(), seen=asked.content_sm3)


def test_the_newer_request_for_a_correction_counts(september: Office) -> None:
    september.close()
    people = september.people
    first, second = (
        requests.ask_to_correct(
            people.act_as("office"), september.round(), name="更正.csv",
            workbook=correction(september.folder, report_line(PARK, wan)), reason="复核",
        )
        for wan in (8_000, 8_100)
    )  # fmt: skip
    confirmer = people.act_as("second_office")
    with pytest.raises(Conflict, match="另一份更正申请"):
        requests.correct_asked(confirmer, september.round(), seen=first.content_sm3)
    requests.correct_asked(confirmer, september.round(), seen=second.content_sm3)
    with pytest.raises(Conflict, match="没有等待确认"):
        requests.correct_asked(confirmer, september.round(), seen=second.content_sm3)


@pytest.mark.parametrize(
    ("workbook", "reason", "told"),
    [
        (b"", "复核", "空"),
        (b"\x00\x01not a workbook", "复核", "表.csv"),
        ("项目名称,本年累计完成投资（万元）\n没有的项目,5\n".encode(), "复核", "没有的项目"),
        ("项目名称,本年累计完成投资（万元）\n滨江路改造,9\n".encode(), "  ", "写明理由"),
        ("项目名称,本年累计完成投资（万元）\n滨江路改造,9\n".encode(), "理" * 301, "超过300字"),
    ],
)
def test_wrong_corrections_are_refused_and_leave_nothing(
    september: Office, workbook: bytes, reason: str, told: str
) -> None:
    september.close()
    with pytest.raises(BadInput, match=told):
        requests.ask_to_correct(
            september.people.act_as("office"), september.round(), name="表.csv",
            workbook=workbook, reason=reason,
        )  # fmt: skip
    assert not RoundRequest.objects.exists()


def test_a_correction_without_a_difference_is_refused(september: Office) -> None:
    september.close()
    with pytest.raises(BadInput, match="没有不同"):
        requests.ask_to_correct(
            september.people.act_as("office"), september.round(), name="表.csv",
            workbook=correction(september.folder, report_line(PARK, 7_000)), reason="复核",
        )  # fmt: skip
