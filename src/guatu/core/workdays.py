"""Working days in China: the package's published years, and an editable table where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from guatu.core.errors import Fault, GuatuError


class CalendarUnknown(GuatuError):
    """Neither the package nor the office's table knows the year's holidays."""


@cache
def _is_published_workday(day: date) -> bool:
    # The package searches its tables anew for every question.
    return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. `overrides` (the office's table) wins over the package.

    A year that neither knows raises CalendarUnknown rather than guess: a due date computed
    without the holidays would be wrong on paper.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked, 调休 weekends included."""
        known = self.overrides.get(day)
        if known is not None:
            return known
        try:
            return _is_published_workday(day)
        except NotImplementedError as error:
            if any(other.year == day.year for other in self.overrides):
                return day.weekday() < 5
            raise CalendarUnknown(
                Fault(
                    code="calendar-unknown",
                    what=f"没有{day.year}年的节假日安排",
                    remedy="请在“系统”的“日历”中录入该年放假和调休日期",
                )
            ) from error

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (count ≥ 0; 0 gives `day` itself)."""
        while count > 0:
            day += timedelta(days=1)
            if self.is_workday(day):
                count -= 1
        return day
