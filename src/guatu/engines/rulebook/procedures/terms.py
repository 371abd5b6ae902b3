"""Periods that a calendar runs in: 日 周 双周 旬 半月 月 两月 季度 半年 年, with 1—2月 merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guatu.core.periods import month_end, parse_period
from guatu.engines.rulebook.procedures.durations import BeyondYears, within_years


class Every(StrEnum):
    """How often. `一次` and `每次` are not written: they follow from a date or an event."""

    DAY = "日"
    WEEK = "周"
    FORTNIGHT = "双周"
    TEN_DAYS = "旬"
    HALF_MONTH = "半月"
    MONTH = "月"
    TWO_MONTHS = "两月"
    QUARTER = "季度"
    HALF_YEAR = "半年"
    YEAR = "年"
    ONCE = "一次"
    EACH = "每次"


WRITTEN = tuple(every.value for every in Every if every not in (Every.ONCE, Every.EACH))
MONTHS = {
    Every.MONTH: 1,
    Every.TWO_MONTHS: 2,
    Every.QUARTER: 3,
    Every.HALF_YEAR: 6,
    Every.YEAR: 12,
}
"""How many months the terms of a grain have."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One period: its days, its key (architecture §6 where one exists) and its Chinese name."""

    first_on: date
    last_on: date
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How terms follow each other. `start_on` says which week a fortnight begins with."""

    every: Every
    merge_first_two: bool = False
    start_on: date | None = None

    @within_years()
    def term_of(self, day: date) -> Term:
        """The term that a day lies in; a single day for `一次` and `每次`.

        Raises BeyondYears where the term would begin before the year 1 or end after 9999.
        """
        match self.every:
            case Every.WEEK:
                return _week(day)
            case Every.FORTNIGHT:
                return _fortnight(day, self.start_on or date(2024, 1, 1))
            case Every.TEN_DAYS:
                return _of_key(f"{day.year:04}-{day.month:02}-T{min((day.day - 1) // 10, 2) + 1}")
            case Every.HALF_MONTH:
                return _of_key(f"{day.year:04}-{day.month:02}-B{1 if day.day <= 15 else 2}")
            case Every.DAY | Every.ONCE | Every.EACH:
                return _of_key(day.isoformat())
        return self._of_months(day)

    def _of_months(self, day: date) -> Term:
        length = MONTHS[self.every]
        if length == 1 and self.merge_first_two and day.month <= 2:
            return _of_key(f"{day.year:04}-01+02")
        number = (day.month - 1) // length
        year = f"{day.year:04}"
        match self.every:
            case Every.YEAR:
                return _of_key(year)
            case Every.HALF_YEAR:
                return _of_key(f"{year}-H{number + 1}")
            case Every.QUARTER:
                return _of_key(f"{year}-Q{number + 1}")
            case Every.MONTH:
                return _of_key(f"{year}-{day.month:02}")
        first, last = number * 2 + 1, number * 2 + 2
        return Term(
            date(day.year, first, 1),
            month_end(day.year, last),
            f"{year}-{first:02}+{last:02}",
            f"{day.year}年{first}—{last}月",
        )

    def previous(self, term: Term) -> Term:
        """The term before this one. Raises BeyondYears before the year 1."""
        with within_years():
            before = term.first_on - timedelta(days=1)
        return self.term_of(before)

    def between(self, first: date, last: date) -> Iterator[Term]:
        """The terms that have a day between two days, in order; those that would begin before
        the year 1 or end after 9999 are left out."""
        day = first
        while day <= last:
            try:
                term = self.term_of(day)
            except BeyondYears:
                reached = day
            else:
                yield term
                reached = term.last_on
            if reached == date.max:
                return
            day = reached + timedelta(days=1)


def _of_key(key: str) -> Term:
    period = parse_period(key)
    return Term(period.first_on, period.last_on, key, period.label)


def _week(day: date) -> Term:
    year, week, _ = day.isocalendar()
    return _of_key(f"{year:04}-W{week:02}")


def _fortnight(day: date, start_on: date) -> Term:
    monday = start_on - timedelta(days=start_on.weekday())
    first = monday + timedelta(days=(day - monday).days // 14 * 14)
    one, two = _week(first), _week(first + timedelta(days=7))
    number = two.key.rpartition("-W")[2]
    label = f"{one.label.removesuffix('周')}、{int(number)}周"
    return Term(one.first_on, two.last_on, f"{one.key}+{number}", label)
