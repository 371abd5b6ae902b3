"""What was missed, carried into the pace that is needed now. Pure, whole yuan (M-B1).

旬保月、月保季、季保年: what is missing at a day is made up within the quarter that it lies in, so
that the quarter still comes out; each month's share is again made up of its ten-day periods. Only
what no month of the quarter can carry any more goes into the next quarter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guatu.planning.slices import Cut, by_month, ends, even, expected_by


@dataclass(frozen=True, slots=True)
class Step:
    """What one period that is still open has to do; `planned_yuan` is what the plan gave it."""

    ends_on: date
    needed_yuan: int
    planned_yuan: int

    @property
    def more_yuan(self) -> int:
        """How much more than planned; below zero where the project is ahead."""
        return self.needed_yuan - self.planned_yuan


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a plan stands at a day and what it takes to reach it, in yuan.

    `due_yuan` was to be done by the day, `behind_yuan` is missing of it, `left_yuan` of the year.
    `months` are the months not over yet, `ten_days` the periods of the first of them.
    """

    as_of: date
    done_yuan: int
    due_yuan: int
    left_yuan: int
    months: tuple[Step, ...]
    ten_days: tuple[Step, ...]

    @property
    def behind_yuan(self) -> int:
        """What is missing at the day; 0 where the plan is kept."""
        return max(0, self.due_yuan - self.done_yuan)

    @property
    def next_month(self) -> Step | None:
        """The month in course."""
        return self.months[0] if self.months else None


def pace(amount: int, slices: Mapping[date, int], *, done: int, as_of: date) -> Pace:
    """The pace that a year's plan needs after `done` yuan by a day of that year.

    The sum of what the months need is what the year is short of, never less than nothing. At the
    end of each quarter still to come the plan is reached, or what was done is more than it.
    """
    year = as_of.year
    planned = by_month(amount, slices, year)
    months = _months(planned, done, as_of)
    return Pace(
        as_of,
        done,
        expected_by(amount, slices, as_of),
        max(0, amount - done),
        months,
        _ten_days(months[0], as_of) if months else (),
    )


def _months(planned: Mapping[date, int], done: int, as_of: date) -> tuple[Step, ...]:
    """The open months: of the first quarter that is not over evenly, of later ones as planned."""
    steps: list[Step] = []
    reached = done
    is_first = True
    for quarter_end in ends(as_of.year, Cut.QUARTER):
        if quarter_end <= as_of:
            continue
        months = [day for day in planned if _in_quarter(day, quarter_end) and day > as_of]
        wanted = max(0, planned[quarter_end] - reached)
        alone = [planned[day] - _before(planned, day) for day in months]
        needed = even(wanted, len(months)) if is_first else _as_planned(alone, wanted)
        steps += [
            Step(day, need, own) for day, need, own in zip(months, needed, alone, strict=True)
        ]
        reached += wanted
        is_first = False
    return tuple(steps)


def _as_planned(alone: list[int], wanted: int) -> list[int]:
    """The months of a later quarter as planned, the first ones less where the project is ahead."""
    ahead = sum(alone) - wanted
    needed = []
    for amount in alone:
        saved = min(ahead, amount)
        ahead -= saved
        needed.append(amount - saved)
    return needed


def _in_quarter(day: date, quarter_end: date) -> bool:
    return quarter_end.month - 3 < day.month <= quarter_end.month


def _before(planned: Mapping[date, int], day: date) -> int:
    return max((value for on, value in planned.items() if on < day), default=0)


def _ten_days(month: Step, as_of: date) -> tuple[Step, ...]:
    """The open ten-day periods of the month in course: they secure the month evenly."""
    every = [
        one for one in ends(month.ends_on.year, Cut.TEN_DAY) if one.month == month.ends_on.month
    ]
    still_open = [one for one in every if one > as_of]
    planned = even(month.planned_yuan, len(every))[-len(still_open) :]
    needed = even(month.needed_yuan, len(still_open))
    return tuple(
        Step(day, need, own) for day, need, own in zip(still_open, needed, planned, strict=True)
    )
