"""The measures about starts, from two dates and the as-of day (figures.md 12, M-D1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from guatu.engines.rulebook.types import FactValue


def _months(later: date, earlier: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def start_facts(
    *, planned_on: date | None, actual_on: date | None, as_of: date
) -> dict[str, bool | int | None]:
    """已开工, 按计划开工, 计划开工本月, 开工逾期月数, 开工后月数 as of a day.

    A start after `as_of` has not happened yet. With a planned start and no actual one the
    project has not started; with neither, nothing is known. The planned month itself is the
    first overdue month (RB01: “连续3个月” is reached at the end of the second month after it).
    """
    started: bool | None = None
    if actual_on is not None:
        started = actual_on <= as_of
    elif planned_on is not None:
        started = False
    if started:
        overdue: int | None = 0
    elif planned_on is None:
        overdue = None
    else:
        overdue = max(0, _months(as_of, planned_on) + 1)
    if started is None or (started and planned_on is None):
        as_planned: bool | None = None
    else:
        as_planned = bool(
            started and actual_on and planned_on and _months(actual_on, planned_on) <= 0
        )
    return {
        "已开工": started,
        "按计划开工": as_planned,
        "计划开工本月": None if planned_on is None else _months(as_of, planned_on) == 0,
        "开工逾期月数": overdue,
        "开工后月数": _months(as_of, actual_on) if started and actual_on else None,
    }


PLANNED, ACTUAL = "计划开工时间", "实际开工时间"


def with_starts(facts: Mapping[str, FactValue], as_of: date) -> dict[str, FactValue]:
    """The facts with what follows from the two dates of start; what is given itself stands."""
    planned, actual = facts.get(PLANNED), facts.get(ACTUAL)
    if not isinstance(planned, date) and not isinstance(actual, date):
        return dict(facts)
    derived = start_facts(
        planned_on=planned if isinstance(planned, date) else None,
        actual_on=actual if isinstance(actual, date) else None,
        as_of=as_of,
    )
    return {**derived, **facts}
