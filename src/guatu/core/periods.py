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
        """The accounting year: the one its figures are cumulative in, its list and plans are of.

        A week belongs to its ISO year, so `2026-W53` is of 2026 though it ends in January 2027.
        Never take `as_of.year` for it.
        """
        return self.last_on.isocalendar().year if self.grain is Grain.WEEK else self.last_on.year

    @property
    def as_of(self) -> date:
        """The period's last day: it decides starts, time progress and subjects."""
        return self.last_on

    @property
    def year_before(self) -> PeriodKey:
        """The same period a year earlier: of last year's week 36, September, 11—20 September.

        A year without a week 53 gives its last week; a day that ends its month stays the end of
        that month.
        """
        year = self.year - 1
        if self.grain is Grain.DAY:
            return parse_period(_same_day(self.last_on, year).isoformat())
        if self.grain is Grain.WEEK:
            last = date(year, 12, 28).isocalendar().week
            return parse_period(f"{year:04}-W{min(self.last_on.isocalendar().week, last):02}")
        return parse_period(f"{year:04}{self.key[4:]}")

    @property
    def before_on(self) -> date | None:
        """The day up to which the year's figure covers what came before this period; None for
        the first period of the year, which has nothing before it."""
        is_first = self.first_on <= date(self.year, 1, 1) or self.key.endswith("-W01")
        return None if is_first else self.first_on - timedelta(days=1)

    @property
    def label(self) -> str:
        """How pages, papers, prints and file names call it: `2026年9月`, `2026年1—2月`,
        `2026年第三季度`, `2026年9月上旬`."""
        year, last = f"{self.year}年", self.last_on
        match self.grain:
            case Grain.YEAR:
                return year
            case Grain.HALF_YEAR:
                return f"{year}{'上' if last.month == 6 else '下'}半年"
            case Grain.QUARTER:
                return f"{year}第{'一二三四'[last.month // 3 - 1]}季度"
            case Grain.WEEK:
                return f"{year}第{last.isocalendar().week}周"
        months = f"{year}{'' if self.first_on.month == last.month else '1—'}{last.month}月"
        match self.grain:
            case Grain.TEN_DAY:
                return f"{months}{'上中下'[min((self.first_on.day - 1) // 10, 2)]}旬"
            case Grain.HALF_MONTH:
                return f"{months}{'上' if self.first_on.day == 1 else '下'}半月"
            case Grain.DAY:
                return f"{months}{last.day}日"
        return months

    def is_named_by(self, told: date) -> bool:
        """Whether a title that names this day (or the month it ends) speaks of this period.

        The month of its last day does; of a week, which may lie in two months, each of its days.
        """
        in_week = self.grain is Grain.WEEK and self.first_on <= told <= self.last_on
        return in_week or (told.year, told.month) == (self.last_on.year, self.last_on.month)

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


def _same_day(day: date, year: int) -> date:
    """The same day of another year; the end of a month stays the end of that month."""
    end = month_end(year, day.month)
    return end if day == month_end(day.year, day.month) else end.replace(day=day.day)


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


def months_progress(period: PeriodKey) -> Ratio:
    """Time progress by months (figures.md 3): month ÷ 12 of the last day, 12 where a week ends
    after its year has."""
    return Ratio(12 if period.last_on.year > period.year else period.last_on.month, 12)


def days_progress(period: PeriodKey) -> Ratio:
    """Time progress by days: day of the year ÷ days of the year, never more than all of them."""
    start, end = date(period.year, 1, 1), date(period.year, 12, 31)
    return Ratio((min(period.last_on, end) - start).days + 1, (end - start).days + 1)


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
