"""Spans of time as officials write them (`5工作日`, `7日`, `3个月`, `16小时`) and their arithmetic.

The day of an event is never counted; counting begins with the day after it (民法典第二百零一条).
A month ends on the same day number, or on its last day where there is none (第二百零二条).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guatu.core.errors import Fault
from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.spans import add_months


class BeyondYears(CalendarUnknown):
    """A day before the year 1 or after 9999: no calendar knows it, so no due day is told."""


@contextmanager
def within_years() -> Iterator[None]:
    """Arithmetic of days that may leave the years there are. Raises BeyondYears then."""
    try:
        yield
    except (OverflowError, ValueError) as error:
        what = "日期早于公元1年或晚于9999年，算不出"
        raise BeyondYears(Fault("beyond-years", what, "请核对日期和时长")) from error


def moved_within(day: date, move: timedelta) -> date:
    """`day` moved, but never out of the years there are."""
    try:
        return day + move
    except OverflowError:
        return date.max if move > timedelta() else date.min


class Unit(StrEnum):
    """What a span counts."""

    WORKDAY = "工作日"
    DAY = "日"
    HOUR = "小时"
    WEEK = "周"
    MONTH = "个月"
    YEAR = "年"


@dataclass(frozen=True, slots=True)
class Span:
    """A number of units; `0工作日` is the same day (即办)."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        if self == AT_ONCE:
            return "即办"
        if self.unit is Unit.WORKDAY:
            return f"{self.count}个工作日"
        return f"{self.count}{self.unit.value}"


AT_ONCE = Span(0, Unit.WORKDAY)
LONGEST = {Unit.MONTH: 1200, Unit.YEAR: 100}
"""The most that a span may count; 3650 of every other unit."""
EXAMPLES = "5工作日、7日、2周、3个月、1年、16小时、即办"

_WORDS = {
    "工作日": Unit.WORKDAY,
    "个工作日": Unit.WORKDAY,
    "日": Unit.DAY,
    "天": Unit.DAY,
    "个自然日": Unit.DAY,
    "自然日": Unit.DAY,
    "小时": Unit.HOUR,
    "个小时": Unit.HOUR,
    "周": Unit.WEEK,
    "个星期": Unit.WEEK,
    "个月": Unit.MONTH,
    "年": Unit.YEAR,
}
_FIXED = {
    "即办": AT_ONCE,
    "即时": AT_ONCE,
    "当日": AT_ONCE,
    "半年": Span(6, Unit.MONTH),
    "半个月": Span(15, Unit.DAY),
}
_SPAN = re.compile(r"(\d{1,4}|[一二两三四五六七八九十]{1,3})\s*(\D+)")
_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2}


def parse_span(text: str) -> Span:
    """Read a span. Raises ValueError with a Chinese line that names the forms there are."""
    text = text.strip()
    if text in _FIXED:
        return _FIXED[text]
    match = _SPAN.fullmatch(text)
    count = _number(match[1]) if match else None
    if match is None or count is None or match[2].strip() not in _WORDS:
        hint = "，月数要写“个月”" if text.endswith("月") else ""
        raise ValueError(f"“{text[:20]}”不是时长{hint}，可写：{EXAMPLES}")
    unit = _WORDS[match[2].strip()]
    if count > LONGEST.get(unit, 3650):
        raise ValueError(f"“{text}”太长，最多{LONGEST.get(unit, 3650)}")
    return Span(count, unit)


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return _DIGITS[text] if len(text) == 1 else None
    tens, ones = text.split("十", 1)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


@within_years()
def add_span(day: date, span: Span, days: WorkCalendar) -> date:
    """The last day of a span that begins after `day`. Part of a day of hours counts whole.

    Raises CalendarUnknown where working days of an unknown year are needed, BeyondYears past 9999.
    """
    match span.unit:
        case Unit.WORKDAY:
            return days.add_workdays(day, span.count)
        case Unit.MONTH:
            return add_months(day, span.count)
        case Unit.YEAR:
            return add_months(day, span.count * 12)
    return day + timedelta(days=_calendar_days(span))


@within_years()
def take_span(day: date, span: Span, days: WorkCalendar) -> date:
    """The day that lies a span before `day`. Raises CalendarUnknown as `add_span` does."""
    match span.unit:
        case Unit.WORKDAY:
            left = span.count
            while left > 0:
                day -= timedelta(days=1)
                left -= days.is_workday(day)
            return day
        case Unit.MONTH:
            return add_months(day, -span.count)
        case Unit.YEAR:
            return add_months(day, -span.count * 12)
    return day - timedelta(days=_calendar_days(span))


def _calendar_days(span: Span) -> int:
    if span.unit is Unit.HOUR:
        return -(-span.count // 24)
    return span.count * (7 if span.unit is Unit.WEEK else 1)


def longest_days(span: Span) -> int:
    """An upper bound of the calendar days a span takes, holidays included."""
    match span.unit:
        case Unit.WORKDAY:
            return span.count * 2 + 12
        case Unit.MONTH:
            return span.count * 31
        case Unit.YEAR:
            return span.count * 366
    return _calendar_days(span)


def days_between(after: date, until: date, unit: Unit, days: WorkCalendar) -> int:
    """How many days lie after `after`, up to and with `until`: working days, or all days."""
    if until <= after:
        return 0
    if unit is not Unit.WORKDAY:
        return (until - after).days
    return sum(
        days.is_workday(after + timedelta(days=number))
        for number in range(1, (until - after).days + 1)
    )


@within_years()
def workday_from(day: date, days: WorkCalendar) -> date:
    """`day` itself when it is worked, otherwise the next day that is (顺延)."""
    while not days.is_workday(day):
        day += timedelta(days=1)
    return day


@within_years()
def workday_until(day: date, days: WorkCalendar) -> date:
    """`day` itself when it is worked, otherwise the last day before it that is (提前)."""
    while not days.is_workday(day):
        day -= timedelta(days=1)
    return day
