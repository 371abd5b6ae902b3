"""A verification beside a writer: what is written meanwhile is no difference (trust F-5).

Real threads with connections of their own, on both databases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.db import connection, connections, models, transaction
from django.db.utils import DatabaseError

from guatu.journal import queries, services
from guatu.journal.types import console
from guatu.organisation.models import Holiday

CONSOLE = console("root")
PATIENCE = 25
SAME_TIME = 0.3
"""Long enough that a writer who does not wait would have finished."""

pytestmark = pytest.mark.django_db(transaction=True)


def write(day: date) -> None:
    """An act with a new row, and one that changes the first."""
    with services.act(CONSOLE, "holiday.set") as act:
        act.write(Holiday(day=day, is_workday=False))
    with services.act(CONSOLE, "holiday.set") as act:
        first = Holiday.objects.order_by("pk")[0]
        first.note = str(day)
        act.write(first)


class Writer(threading.Thread):
    """Somebody who writes through a connection of his own."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.failed: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.failed = error
        finally:
            connections.close_all()

    def ended(self) -> None:
        """Wait until he is done; he must not have been refused."""
        self.join(PATIENCE)
        assert not self.is_alive()
        assert self.failed is None


def verified_while_written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Verification with a writer between the changes of a table and its rows."""
    write(date(2027, 1, 1))
    writers: list[Writer] = []
    usual = queries._images

    def late(model: type[models.Model]) -> Iterator[tuple[int, str]]:
        if model is Holiday and not writers:
            writers.append(Writer(lambda: write(date(2027, 1, 2))))
            writers[0].join(SAME_TIME)
        return usual(model)

    monkeypatch.setattr(queries, "_images", late)
    problems = queries.verify().problems
    (writer,) = writers
    writer.ended()
    assert Holiday.objects.count() == 2
    assert queries.verify().problems == []
    return problems


def test_what_is_written_during_a_verification_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert verified_while_written(monkeypatch) == []


def test_without_the_one_moment_it_would_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "one_moment", nullcontext)
    problems = verified_while_written(monkeypatch)
    assert any("organisation_holiday" in problem for problem in problems)


def test_verifications_beside_a_busy_writer_find_nothing() -> None:
    write(date(2027, 1, 1))
    done = threading.Event()

    def busy() -> None:
        day = date(2027, 1, 2)
        while not done.is_set() and day.year < 2029:
            write(day)
            day += timedelta(days=1)

    writer = Writer(busy)
    try:
        found = [queries.verify() for _ in range(6)]
    finally:
        done.set()
        writer.ended()
    assert [one.problems for one in found] == [[]] * 6
    assert queries.verify().problems == []


def test_a_verification_waits_for_nobody_who_has_not_committed() -> None:
    """On SQLite a writing transaction holds the write lock; reading needs none."""
    write(date(2027, 1, 1))
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with services.act(CONSOLE, "holiday.set") as act:
            act.write(Holiday(day=date(2027, 1, 2), is_workday=False))
            begun.set()
            assert go_on.wait(PATIENCE)

    writer = Writer(slowly)
    assert begun.wait(PATIENCE)
    try:
        assert queries.verify().problems == []
        assert not go_on.is_set()
    finally:
        go_on.set()
        writer.ended()


def test_after_a_verification_transactions_are_as_before() -> None:
    before = getattr(connection, "transaction_mode", None)
    queries.verify()
    assert getattr(connection, "transaction_mode", None) == before
    write(date(2027, 1, 1))
    assert Holiday.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such transaction")
def test_on_postgresql_a_verification_cannot_write() -> None:
    with pytest.raises(DatabaseError, match="read-only"), queries.one_moment():
        Holiday.objects.create(day=date(2027, 1, 1), is_workday=False)
    with transaction.atomic():
        assert not Holiday.objects.exists()
