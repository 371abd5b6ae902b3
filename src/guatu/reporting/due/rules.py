"""What a deadline may be, and how late something came. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.core.errors import Fault
from guatu.core.workdays import CalendarUnknown, WorkCalendar

SHORTEST_WORKDAYS = 2
"""No unit is given less time than this, but in an emergency with a name (office.md, Do not)."""


def is_workday(day: date, calendar: WorkCalendar) -> bool:
    """Whether a day is worked; of a year whose holidays nobody knows yet, by its weekday."""
    try:
        return calendar.is_workday(day)
    except CalendarUnknown:
        return day.weekday() < 5


def earliest_deadline(today: date, calendar: WorkCalendar) -> date:
    """The first day that may be asked for: two working days from today."""
    day, left = today, SHORTEST_WORKDAYS
    while left:
        day += timedelta(days=1)
        left -= is_workday(day, calendar)
    return day


def deadline_fault(
    deadline: date, *, today: date, due_on: date, calendar: WorkCalendar
) -> Fault | None:
    """What is wrong with a deadline that a reminder sets, or None.

    The round's own due day, told at its opening, may be repeated as long as it is not over.
    """
    if deadline == due_on and deadline >= today:
        return None
    if deadline < earliest_deadline(today, calendar):
        return Fault(
            "short-deadline",
            f"限期不到{SHORTEST_WORKDAYS}个工作日",
            f"最早可写{earliest_deadline(today, calendar)}",
        )
    if not is_workday(deadline, calendar):
        return Fault("rest-day", "限期不是工作日", "请写一个工作日")
    if deadline > today + timedelta(days=60):
        return Fault("far-deadline", "限期超过60天", "请核对日期")
    return None


def workdays_late(due_on: date, came_on: date, calendar: WorkCalendar) -> int:
    """How many working days after its due day something came; 0: in time (M-C1)."""
    days = range(1, (came_on - due_on).days + 1)
    return sum(is_workday(due_on + timedelta(days=n), calendar) for n in days)


def is_late(due_on: date, came_on: date | None) -> bool:
    """Whether a report came after its due day, which itself is in time. What did not come is
    missing, never late."""
    return came_on is not None and came_on > due_on
