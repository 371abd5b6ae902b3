"""Period keys: `2021`, `2021-H1`, `2021-Q3`, `2021-09`, `2021-01+02`, `2021-09-T2`,
`2021-09-B1`, `2021-W36`, `2021-09-14` (architecture §6)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guatu.core.errors import BadInput, Fault
from guatu.core.ratio import Ratio


class Grain(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"
    TEN_DAY = "ten-day"
    HALF_MONTH = "half-month"
    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True, slots=True, order=True)
class PeriodKey:
    """A period: its first and last day, its grain and its key. Ordered by time."""

    first_on: date
    last_on: date
    grain: Grain
    key: str

    @property
    def year(self) -> int:
        """The year the period is counted in (of its last day; ISO year for weeks)."""
        return self.last_on.isocalendar().year if self.grain is Grain.WEEK else self.last_on.year

    @property
    def as_of(self) -> date:
        """The period's last day: it decides starts, time progress and subjects."""
        return self.last_on

    def overlaps(self, other: PeriodKey) -> bool:
        """Whether both cover at least one common day."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on


_KEY = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<merged>01\+02)"
    r"|(?P<month>\d{2})(?:-(?:T(?P<ten>[123])|B(?P<fortnight>[12])|(?P<day>\d{2})))?))?"
)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _bad(text: str) -> BadInput:
    return BadInput(
        Fault(
            code="unknown-period",
            what=f"不认识的期别“{text}”",
            remedy="月写2021-09，1—2月合并写2021-01+02，季写2021-Q3，半年写2021-H1，旬写2021-09-T2，周写2021-W36",
        )
    )


def parse_period(text: str) -> PeriodKey:
    """Read a period key. Raises BadInput with the forms that exist."""
    match = _KEY.fullmatch(text.strip())
    if match is None:
        raise _bad(text)
    try:
        return _build(text.strip(), {k: v for k, v in match.groupdict().items() if v is not None})
    except ValueError as error:
        raise _bad(text) from error


def _build(key: str, parts: dict[str, str]) -> PeriodKey:
    year = int(parts["year"])
    if "week" in parts:
        first = date.fromisocalendar(year, int(parts["week"]), 1)
        return PeriodKey(first, first + timedelta(days=6), Grain.WEEK, key)
    if "merged" in parts:
        return PeriodKey(date(year, 1, 1), month_end(year, 2), Grain.MONTH, key)
    if "half" in parts:
        last = int(parts["half"]) * 6
        return PeriodKey(date(year, last - 5, 1), month_end(year, last), Grain.HALF_YEAR, key)
    if "quarter" in parts:
        last = int(parts["quarter"]) * 3
        return PeriodKey(date(year, last - 2, 1), month_end(year, last), Grain.QUARTER, key)
    if "month" not in parts:
        return PeriodKey(date(year, 1, 1), date(year, 12, 31), Grain.YEAR, key)
    return _within_month(key, date(year, int(parts["month"]), 1), parts)


def _within_month(key: str, first: date, parts: dict[str, str]) -> PeriodKey:
    end = month_end(first.year, first.month)
    if "ten" in parts:
        n = int(parts["ten"])
        start = first.replace(day=10 * n - 9)
        return PeriodKey(start, end if n == 3 else first.replace(day=10 * n), Grain.TEN_DAY, key)
    if "fortnight" in parts:
        if parts["fortnight"] == "1":
            return PeriodKey(first, first.replace(day=15), Grain.HALF_MONTH, key)
        return PeriodKey(first.replace(day=16), end, Grain.HALF_MONTH, key)
    if "day" in parts:
        day = first.replace(day=int(parts["day"]))
        return PeriodKey(day, day, Grain.DAY, key)
    return PeriodKey(first, end, Grain.MONTH, key)


def months_progress(as_of: date) -> Ratio:
    """Time progress by months (figures.md 3): month ÷ 12 of the as-of date."""
    return Ratio(as_of.month, 12)


def days_progress(as_of: date) -> Ratio:
    """Time progress by days: day of the year ÷ days of the year."""
    start = date(as_of.year, 1, 1)
    return Ratio((as_of - start).days + 1, (date(as_of.year, 12, 31) - start).days + 1)


def title_of(period: PeriodKey) -> str:
    """How papers name the cumulative period: `1—9月`, `1—2月`, `上半年`, `全年`, `1月`."""
    if period.grain is Grain.YEAR:
        return "全年"
    if period.grain is Grain.HALF_YEAR and period.last_on.month == 6:
        return "上半年"
    last = period.last_on
    if last == month_end(last.year, last.month):
        return "1月" if last.month == 1 else f"1—{last.month}月"
    return f"截至{last.month}月{last.day}日"
