"""A report racing the close of its round: in the snapshot or refused, never lost between.

Real threads, each with its own connection; so nothing here is undone by a rollback.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from guatu.assessment import freezing
from guatu.assessment.models import Snapshot
from guatu.assessment.services import close as closing
from guatu.assessment.tests.rounds import LIST, PARK, ROAD, WAN, Office, subject
from guatu.core.errors import Conflict, RoundClosed
from guatu.core.periods import parse_period
from guatu.journal import queries as journal
from guatu.journal import services as writing
from guatu.ledger.queries import find_list
from guatu.reporting.models import Figure, Round
from guatu.reporting.services.intake import gather, take_in
from guatu.reporting.services.rounds import open_round
from tests.factories import make_cast
from tests.tables import put_report, report_line, take_reports

SAME_TIME = 0.3
"""Long enough that a thread which does not wait would have finished."""
PATIENCE = 25


class Act(threading.Thread):
    """Something done by somebody else at the same time; `done` is its result or its refusal."""

    def __init__(self, what: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._what = what
        self.done: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.done = self._what()
        except Exception as error:
            self.done = error
        finally:
            connections.close_all()

    def result(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "two acts wait for each other"
        return self.done


@pytest.fixture
def office(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    one = Office(make_cast(), tmp_path)
    one.list_in(*LIST)
    return one


def open_one(office: Office, key: str) -> Round:
    with writing.act(office.console, "test.opened") as act:
        return open_round(act, office.listing, parse_period(key))


def report(office: Office, key: str, wan: int = 7_000) -> object:
    path = put_report(office.folder / f"{key}-{wan}.csv", report_line(PARK, wan))
    return take_reports(office.console, path, period=key)


def is_stored(key: str) -> bool:
    return Figure.objects.filter(project__name=PARK, as_of=parse_period(key).as_of).exists()


def is_frozen(snapshot: Snapshot, key: str) -> bool:
    as_of = parse_period(key).as_of
    return any(figure.as_of == as_of for figure in subject(snapshot, PARK).investment)


def race(office: Office, key: str, *, seed: int) -> str:
    """One race; what became of the report. Fails where it was lost."""
    open_one(office, key)
    start = threading.Barrier(2)
    ahead = random.Random(seed).uniform(-0.02, 0.06)

    def run(what: Callable[[], object], delay: float) -> Act:
        def late() -> object:
            start.wait(PATIENCE)
            time.sleep(max(0.0, delay))
            return what()

        return Act(late)

    reporting = run(lambda: report(office, key), -ahead)
    shutting = run(lambda: office.close(key), ahead)
    told, snapshot = reporting.result(), shutting.result()
    assert isinstance(snapshot, Snapshot), snapshot
    refused = isinstance(told, RoundClosed)
    assert refused or not isinstance(told, Exception), told
    assert is_stored(key) == is_frozen(snapshot, key) == (not refused)
    return "refused" if refused else "in the snapshot"


def races(office: Office, count: int) -> str:
    first = date(2026, 1, 1)
    keys = [(first + timedelta(n)).isoformat() for n in range(count)]
    ends = [race(office, key, seed=n) for n, key in enumerate(keys)]
    assert not journal.verify().problems
    return (
        f"a report racing the close: {count} races on {connection.vendor}, "
        f"{ends.count('in the snapshot')} in the snapshot, {ends.count('refused')} refused, 0 lost"
    )


def test_a_report_racing_the_close_is_in_the_snapshot_or_refused(
    office: Office, say: Callable[[str], None]
) -> None:
    say(races(office, 10))


@pytest.mark.long
def test_two_hundred_reports_racing_the_close_are_in_the_snapshot_or_refused(
    office: Office, say: Callable[[str], None]
) -> None:
    say(races(office, 200))


# --- both orders, made to happen ---------------------------------------------------------------


def paused(
    patch: pytest.MonkeyPatch, module: object, name: str
) -> tuple[threading.Event, threading.Event]:
    """Make a function stop before it begins: events `reached` and `go on`."""
    real = getattr(module, name)
    reached, go_on = threading.Event(), threading.Event()

    def stop(*args: Any, **kwargs: Any) -> Any:
        reached.set()
        assert go_on.wait(PATIENCE)
        return real(*args, **kwargs)

    patch.setattr(module, name, stop)
    return reached, go_on


def test_a_close_waits_for_the_report_that_came_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one(office, "2026-09")
    reached, go_on = paused(monkeypatch, take_in, "store")
    reporting = Act(lambda: report(office, "2026-09"))
    assert reached.wait(PATIENCE)
    shutting = Act(office.close)
    shutting.join(SAME_TIME)
    assert shutting.is_alive(), "the close did not wait"
    go_on.set()
    assert not isinstance(reporting.result(), Exception)
    snapshot = shutting.result()
    assert subject(snapshot, PARK).investment[0].value == 7_000 * WAN


def test_a_report_waits_for_the_close_that_came_first_and_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_one(office, "2026-09")
    reached, go_on = paused(monkeypatch, closing, "content_of")
    shutting = Act(office.close)
    assert reached.wait(PATIENCE)
    reporting = Act(lambda: report(office, "2026-09"))
    reporting.join(SAME_TIME)
    assert reporting.is_alive(), "the report did not wait"
    go_on.set()
    snapshot = shutting.result()
    assert isinstance(reporting.result(), RoundClosed)
    assert not is_stored("2026-09")
    assert subject(snapshot, PARK).investment == []


@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_state_is_read_again_under_the_lock(
    office: Office, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """The close comes between a report's reading and its writing.

    With the lock the report is refused. Its twin without the lock trusts the state it read
    before its transaction, and loses the figure: in the tables, in no snapshot, not refused.
    """
    open_one(office, "2026-09")
    meeting, closed = threading.Barrier(2), threading.Event()

    def gather_and_wait(*args: Any, **kwargs: Any) -> Any:
        batch = gather(*args, **kwargs)
        read_early = office.round()
        if not is_guarded:
            monkeypatch.setattr(take_in, "lock_rounds_holding", lambda *_, **__: [read_early])
        meeting.wait(PATIENCE)
        assert closed.wait(PATIENCE)
        return batch

    monkeypatch.setattr(take_in, "gather", gather_and_wait)
    reporting = Act(lambda: report(office, "2026-09"))
    meeting.wait(PATIENCE)
    snapshot = office.close()
    closed.set()
    told = reporting.result()
    is_lost = is_stored("2026-09") and not is_frozen(snapshot, "2026-09")
    assert is_lost is not is_guarded
    assert isinstance(told, RoundClosed) is is_guarded


def test_last_year_s_figure_is_not_stored_into_a_round_that_is_being_closed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.list_in(*LIST, year=2025)
    office.report(report_line(ROAD, 1), period="2025-09")
    path = put_report(
        office.folder / "r.csv", report_line(PARK, 7_000, **{"上年同期累计完成投资（万元）": 500})
    )
    reached, go_on = paused(monkeypatch, closing, "content_of")
    last_year = Round.objects.get(period__key="2025-09")
    shutting = Act(
        lambda: closing.close_round(office.console, last_year.list, parse_period("2025-09"))
    )
    assert reached.wait(PATIENCE)
    reporting = Act(lambda: take_reports(office.console, path))
    reporting.join(SAME_TIME)
    go_on.set()
    shutting.result()
    told = reporting.result()
    assert [fault.code for fault in told.questioned] == ["last-year-closed"]
    assert not Figure.objects.filter(project__name=PARK, as_of=date(2025, 9, 30)).exists()


@pytest.mark.parametrize("is_guarded", [True, False])
def test_nothing_is_written_between_the_reads_of_a_close(
    office: Office, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """A report for another list comes when the close has read the dates, but not the figures.

    It belongs to no round that the close locks. With the journal's head held it waits, and the
    snapshot has neither its date nor its figure. Its twin without the head has the figure alone;
    on SQLite the transaction is the lock, and there is no twin.
    """
    if not is_guarded and connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time")
    open_one(office, "2026-09")
    office.list_in(LIST[0], list_name="省重点")
    with writing.act(office.console, "test.opened") as act:
        open_round(act, find_list(2026, "省重点"), parse_period("2026-08"))
    path = put_report(
        office.folder / "省.csv", report_line(PARK, 6_000, 实际开工时间="2026年3月18日")
    )
    if not is_guarded:
        monkeypatch.setattr(writing.Act, "reserve_seq", lambda _: 10**9)
    reached, go_on = paused(monkeypatch, freezing, "_figures")
    listing = find_list(2026, "重点项目")
    shutting = Act(lambda: closing.close_round(office.console, listing, parse_period("2026-09")))
    assert reached.wait(PATIENCE)
    reporting = Act(
        lambda: take_reports(office.console, path, period="2026-08", list_name="省重点")
    )
    reporting.join(SAME_TIME if is_guarded else PATIENCE)
    assert reporting.is_alive() is is_guarded
    go_on.set()
    snapshot = shutting.result()
    assert not isinstance(reporting.result(), Exception)
    park = subject(snapshot, PARK)
    assert park.actual_start is None
    assert bool(park.investment) is not is_guarded


# --- two of a kind -----------------------------------------------------------------------------


def test_of_two_people_closing_at_once_exactly_one_wins(office: Office) -> None:
    office.report(report_line(PARK, 7_000))
    start = threading.Barrier(2)

    def shut() -> Snapshot:
        start.wait(PATIENCE)
        return office.close()

    ends = [act.result() for act in [Act(shut), Act(shut)]]
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "Snapshot"]
    [lost] = [end for end in ends if isinstance(end, Conflict)]
    assert "已经锁定" in str(lost)
    assert Snapshot.objects.count() == 1
    assert office.round().revision == 1
    assert not journal.verify().problems


def test_two_first_reports_at_once_open_one_round(office: Office) -> None:
    start = threading.Barrier(2)

    def send(name: str, wan: int) -> Callable[[], object]:
        path = put_report(office.folder / f"{name}.csv", report_line(name, wan))

        def taking() -> object:
            start.wait(PATIENCE)
            return take_reports(office.console, path)

        return taking

    ends = [act.result() for act in [Act(send(PARK, 7_000)), Act(send(ROAD, 9_000))]]
    assert not [end for end in ends if isinstance(end, Exception)]
    assert Round.objects.count() == 1
    assert Figure.objects.count() == 2
