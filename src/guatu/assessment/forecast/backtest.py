"""What the forecasts of closed years would have been worth (M-D7). Pure.

Each closed year and month is forecast with what was known then, and compared with how the year
ended. With three closed years or more a year is forecast from those before it. With two, each from
the other; with one, each project from the others of its year: `Way` says which, since the last two
know more than a forecast does. All years of a month together are told apart by `Group` too: one
error for everybody says nothing of those far behind. Those without a near class are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

from guatu.assessment.forecast.rules import (
    Pool,
    evenly,
    forecast,
    group_of,
    is_comparable,
    plain_pace,
)
from guatu.assessment.forecast.types import (
    LAST_MONTH,
    SCALE,
    BackTested,
    Estimate,
    Group,
    Reason,
    Record,
    Way,
)

MOST_TESTED = 400
"""Projects of one year and month that are tested; of more, every nth."""
EVERY_YEAR = 0


def way_of(years: int) -> Way:
    """What a test may know with so many closed years."""
    if years == 1:
        return Way.OTHER_PROJECTS
    return Way.OTHER_YEAR if years == 2 else Way.EARLIER


def back_test(records: Iterable[Record]) -> list[BackTested]:
    """One row for each closed year and month, one for all years of the month together, and one
    for each group of these."""
    every = list(records)
    years = sorted({one.year for one in every if one.end is not None})
    if not years:
        return []
    way = way_of(len(years))
    told = sorted({month for one in every for month in one.done if month < LAST_MONTH})
    found = []
    for month in told:
        together: list[_Hit] = []
        for year in years:
            class_years = _known_to(year, years, way)
            pool = Pool((one for one in every if one.year in class_years), month)
            own = [one for one in every if one.year == year and is_comparable(one, month)]
            hits = _hits(evenly(own, MOST_TESTED), month, pool, alone=way is Way.OTHER_PROJECTS)
            if hits:
                found.append(_tested(year, month, way, hits))
            together += hits
        if together:
            found.append(_tested(EVERY_YEAR, month, way, together))
        for group in Group:
            if of_group := [hit for hit in together if hit.group is group]:
                found.append(_tested(EVERY_YEAR, month, way, of_group, group))
    return found


def _known_to(year: int, years: Sequence[int], way: Way) -> set[int]:
    if way is Way.OTHER_PROJECTS:
        return {year}
    return {one for one in years if (one < year if way is Way.EARLIER else one != year)}


@dataclass(frozen=True, slots=True)
class _Hit:
    """One forecast of a closed year: error of P50 and of the plain pace in millionths of the plan,
    whether P80 was reached; `is_told` is False where it had no near class."""

    group: Group
    error: int = 0
    naive: int = 0
    is_reached: bool = False
    is_told: bool = True


def _hits(records: Iterable[Record], month: int, pool: Pool, *, alone: bool) -> list[_Hit]:
    found = []
    for one in records:
        told = forecast(one, month, pool, leave_out=one.project if alone else None)
        if told is Reason.NONE_NEAR:
            found.append(_Hit(group_of(one, month), is_told=False))
        if not isinstance(told, Estimate) or one.end is None:
            continue
        plan = one.plans[month]
        error = abs(told.p50 - one.end) * SCALE // plan
        naive = abs(plain_pace(one, month) - one.end) * SCALE // plan
        found.append(_Hit(group_of(one, month), error, naive, one.end >= told.p80))
    return found


def _tested(
    year: int, month: int, way: Way, hits: Sequence[_Hit], group: Group | None = None
) -> BackTested:
    told = [hit for hit in hits if hit.is_told]
    return BackTested(
        year,
        month,
        way,
        tested=len(told),
        covered=sum(hit.is_reached for hit in told),
        error=median_low(hit.error for hit in told) if told else 0,
        naive_error=median_low(hit.naive for hit in told) if told else 0,
        untold=len(hits) - len(told),
        group=group,
    )
