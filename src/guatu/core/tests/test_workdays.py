from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.workdays import CalendarUnknown, WorkCalendar

CALENDAR = WorkCalendar()
UNKNOWN_YEAR = 2150


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2021, 9, 30), True),
        (date(2021, 10, 1), False),  # National Day
        (date(2021, 10, 9), True),  # a Saturday that is worked (调休)
        (date(2021, 10, 10), False),
        (date(2023, 1, 28), True),  # a Saturday worked after the Spring Festival
        (date(2023, 1, 27), False),  # a Friday within it
    ],
)
def test_holidays_and_shifted_weekends_are_known(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_the_offices_own_line_wins_over_the_package() -> None:
    day = date(2021, 10, 8)
    assert CALENDAR.is_workday(day)
    assert not WorkCalendar({day: False}).is_workday(day)


def test_a_year_that_nobody_knows_is_refused_and_named() -> None:
    with pytest.raises(CalendarUnknown, match=f"没有{UNKNOWN_YEAR}年的节假日安排"):
        CALENDAR.is_workday(date(UNKNOWN_YEAR, 5, 6))


def test_a_year_with_own_lines_counts_weekdays_beside_them() -> None:
    holiday = date(UNKNOWN_YEAR, 5, 1)
    calendar = WorkCalendar({holiday: False})
    days = [date(UNKNOWN_YEAR, 5, 4) + timedelta(days=n) for n in range(7)]
    assert [calendar.is_workday(day) for day in days] == [day.weekday() < 5 for day in days]
    assert not calendar.is_workday(holiday)


def test_working_days_are_added_across_a_holiday() -> None:
    # 1–7 October are free, 8 is a Friday, 9 a worked Saturday.
    assert CALENDAR.add_workdays(date(2021, 9, 30), 1) == date(2021, 10, 8)
    assert CALENDAR.add_workdays(date(2021, 9, 30), 2) == date(2021, 10, 9)
    assert CALENDAR.add_workdays(date(2021, 9, 30), 0) == date(2021, 9, 30)


@given(st.dates(date(2015, 1, 1), date(2024, 10, 1)), st.integers(0, 40))
def test_counting_and_adding_working_days_are_inverse(day: date, count: int) -> None:
    end = CALENDAR.add_workdays(day, count)
    later = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(CALENDAR.is_workday, later)) == count
