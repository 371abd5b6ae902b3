"""What units were asked for, in cells: one unit, one period, one field is one (M-C5). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from guatu.core.periods import month_end
from guatu.reporting.burden.types import FormCadence, Source

_MONTHS = {
    FormCadence.MONTH: 1,
    FormCadence.QUARTER: 3,
    FormCadence.HALF_YEAR: 6,
    FormCadence.YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """So many cells asked of a unit in a month, by which form; `what` is the form's name."""

    unit_id: int
    year: int
    month: int
    source: Source
    what: str
    cells: int


def fillings(cadence: FormCadence, from_on: date, last_on: date) -> Iterator[date]:
    """The days on which a form is due: once on its first day, weekly from it on, else at the end
    of each month, quarter, half or whole year, a begun one on its last day."""
    if last_on < from_on:
        return
    if cadence is FormCadence.ONCE:
        yield from_on
        return
    if cadence is FormCadence.WEEK:
        for weeks in range((last_on - from_on).days // 7 + 1):
            yield from_on + timedelta(weeks=weeks)
        return
    step = _MONTHS[cadence]
    year, month = from_on.year, (from_on.month - 1) // step * step + step
    while True:
        end = month_end(year, month)
        yield min(end, last_on)
        if end >= last_on:
            return
        month += step
        year, month = (year + 1, month - 12) if month > 12 else (year, month)


@dataclass(slots=True)
class Count:
    """Cells of one thing: this year up to today, the same months a year ago, that whole year."""

    now: int = 0
    then: int = 0
    last_year: int = 0
    by_source: dict[Source, int] = field(default_factory=dict)
    complaints: int = 0

    def add(self, one: Asked, today: date) -> None:
        """Count one in where it belongs."""
        if one.year == today.year and one.month <= today.month:
            self.now += one.cells
            self.by_source[one.source] = self.by_source.get(one.source, 0) + one.cells
        elif one.year == today.year - 1:
            self.last_year += one.cells
            self.then += one.cells if one.month <= today.month else 0

    @property
    def change(self) -> int:
        """More (or, negative, fewer) than a year ago."""
        return self.now - self.then

    @property
    def change_share(self) -> str:
        """The same in percent with its sign, rounded half up; empty where nothing
        was asked a year ago, or nothing changed."""
        if not self.then or not self.change:
            return ""
        tenths = (abs(self.change) * 2_000 + self.then) // (2 * self.then)
        return f"{'-' if self.change < 0 else '+'}{tenths // 10}.{tenths % 10}%"


def counted[Key](
    asked: Iterable[Asked], today: date, key: Callable[[Asked], Key]
) -> dict[Key, Count]:
    """The counts by anything: unit, form, source."""
    found: dict[Key, Count] = {}
    for one in asked:
        found.setdefault(key(one), Count()).add(one, today)
    return found


def by_month(asked: Iterable[Asked], year: int) -> list[tuple[int, int, int]]:
    """Each month with its cells in a year and in the year before."""
    now, then = [0] * 13, [0] * 13
    for one in asked:
        if one.year in (year, year - 1):
            (now if one.year == year else then)[one.month] += one.cells
    return [(month, now[month], then[month]) for month in range(1, 13)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A project on a list from a day until a day, with the package it is a part of."""

    list_id: int
    project_id: int
    package_id: int | None
    joined_on: date
    left_on: date | None
    removed_on: date | None

    def is_there(self, on: date) -> bool:
        """Whether it stood on the list on a day."""
        gone = min((day for day in (self.left_on, self.removed_on) if day), default=None)
        return self.joined_on <= on and (gone is None or gone > on)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A unit that reports a project from a day until a day; one named for it wins over a lead."""

    organisation_id: int
    is_named: bool
    valid_from: date
    valid_to: date | None
    pk: int

    def is_there(self, on: date) -> bool:
        """Whether it was so on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)


def reporting_unit(bearers: Collection[Bearer], on: date) -> int | None:
    """Who reported a project on a day, as `ledger.queries.with_reporting_units` finds it."""
    standing = [one for one in bearers if one.is_there(on)]
    best = max(standing, key=lambda one: (one.is_named, one.valid_from, one.pk), default=None)
    return best.organisation_id if best else None


def expected(entries: Collection[Listed], on: date) -> Iterator[int]:
    """The projects of one list that a round of that day expected; parts go with their package."""
    standing = [one for one in entries if one.is_there(on)]
    listed = {one.project_id for one in standing}
    return (one.project_id for one in standing if one.package_id not in listed)
