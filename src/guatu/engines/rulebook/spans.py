"""Months, days and working days between two days, and the window records count in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.types import Record, Window


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, its last day where it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def full_months(start: date, end: date) -> int:
    """Whole months from `start` to `end`; negative where `end` is earlier.

    A month is full on the same day of the next month, or on its last day where it has no such
    day: from 31 January it is full on 28 February.
    """
    if end < start:
        return -full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def workdays_between(start: date, end: date, calendar: WorkCalendar) -> int | None:
    """Working days after `start` up to `end`; None where a year's holidays are not known."""
    if end < start:
        back = workdays_between(end, start, calendar)
        return None if back is None else -back
    try:
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(calendar.is_workday(day) for day in days)
    except CalendarUnknown:
        return None


def window_start(window: Window, as_of: date) -> date:
    """The first day that counts; the last is `as_of`."""
    match window.within:
        case "本月":
            return as_of.replace(day=1)
        case "本季度":
            return as_of.replace(month=(as_of.month - 1) // 3 * 3 + 1, day=1)
        case "本半年":
            return as_of.replace(month=1 if as_of.month <= 6 else 7, day=1)
        case "本年":
            return as_of.replace(month=1, day=1)
        case "近几个月" if as_of.year * 12 + as_of.month > window.months:
            return add_months(as_of.replace(day=1), 1 - window.months)
    return date.min


def within(records: Iterable[Record], window: Window, as_of: date) -> list[Record]:
    """The records that count, oldest first."""
    first = window_start(window, as_of)
    return [one for one in records if first <= one.on <= as_of]


def period_number(day: date, every: str) -> int:
    """The number of the week, month, quarter, half-year or year a day lies in: one more for the
    next."""
    if every == "周":
        return (day.toordinal() - 1) // 7
    size = {"月": 1, "季度": 3, "半年": 6, "年": 12}[every]
    return (day.year * 12 + day.month - 1) // size
