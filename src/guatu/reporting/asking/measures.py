"""The measures of `rulebooks/questions`, computed from a project's course. Pure (M-C2).

Names are the book's; a value is absent where nothing is known, so that the book stays silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from guatu.reporting.asking.looks import likeness, same_code, same_owner, same_place
from guatu.reporting.asking.texts import said, stage_of
from guatu.reporting.asking.types import Course, Told

type Value = int | str | bool | tuple[int, int] | object
type Values = dict[str, Value]

RECENT = 3
"""Reports of each project that heaps of round numbers are sought in."""
ROUND_FROM_YUAN = 5_000_000
WAN = 10_000
LEAST_SPREAD = Fraction(3, 100)
"""A class that keeps pace to the point would make every small gap a large multiple."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a class without the project itself: median rate, median distance from it."""

    count: int
    middle: Fraction
    spread: Fraction


@dataclass(frozen=True, slots=True)
class Heap:
    """Steps of a unit's recent reports: how many there are, how many are round."""

    count: int
    round: int


def measures_of(course: Course, pace: Pace | None) -> Values:
    """Every measure about one report, by the book's names."""
    found: Values = {"写明核减原因": bool(course.now.reason.strip())}
    for part in (
        _money(course),
        _year(course),
        _pace(course, pace),
        _start(course),
        _words(course),
    ):
        found |= part
    return found


def heap_measures(heap: Heap) -> Values:
    """The measures about one unit."""
    found: Values = {"近三期个数": heap.count}
    if heap.count:
        found["整数占比"] = (heap.round, heap.count)
    return found


def paces_of(courses: Sequence[Course]) -> dict[int, Pace]:
    """By project the pace of the others of its class."""
    groups: dict[str, dict[int, Fraction]] = defaultdict(dict)
    for one in courses:
        rate = rate_of(one, one.now)
        if rate is not None and one.group:
            groups[one.group][one.identity.project_id] = rate
    found: dict[int, Pace] = {}
    for rates in groups.values():
        if len(rates) > 1:
            found |= _paces_in(rates)
    return found


def _paces_in(rates: Mapping[int, Fraction]) -> dict[int, Pace]:
    """`pace_among` of the others for each of a class: sorted once, not once for each. Leaving one
    out gives three middles at most, and for each of them the distances are sorted once too."""
    ordered = sorted(rates.values())
    distances: dict[Fraction, list[Fraction]] = {}
    found = {}
    for project_id, rate in rates.items():
        middle = _median_without(ordered, rate)
        if middle not in distances:
            distances[middle] = sorted(abs(one - middle) for one in ordered)
        spread = max(LEAST_SPREAD, _median_without(distances[middle], abs(rate - middle)))
        found[project_id] = Pace(len(ordered) - 1, middle, spread)
    return found


def _median_without(ordered: Sequence[Fraction], left_out: Fraction) -> Fraction:
    """The median of ascending values, two at least, without one of them."""
    at, count = bisect_left(ordered, left_out), len(ordered) - 1
    low, high = ((count - 1) // 2, count // 2)
    return (ordered[low + (low >= at)] + ordered[high + (high >= at)]) / 2


def pace_among(rates: Sequence[Fraction]) -> Pace:
    """The pace of a class from the rates of the others."""
    middle = median(rates)
    spread = max(LEAST_SPREAD, median(abs(one - middle) for one in rates))
    return Pace(len(rates), middle, spread)


def rate_of(course: Course, told: Told) -> Fraction | None:
    """The year's figure over the plan; None without either."""
    if told.year_yuan is None or not course.plan_yuan or course.plan_yuan < 0:
        return None
    return Fraction(told.year_yuan, course.plan_yuan)


def heaps_of(courses: Iterable[Course]) -> dict[int, Heap]:
    """By unit the steps of its projects' last three reports, and how many of them are round."""
    steps: dict[int, list[int]] = defaultdict(list)
    for one in courses:
        if one.unit_id is not None:
            steps[one.unit_id] += steps_of(one)
    return {unit: heap_among(found) for unit, found in steps.items()}


def heap_among(steps: Sequence[int]) -> Heap:
    """How many steps there are, and how many of them are round."""
    return Heap(len(steps), sum(is_round(step) for step in steps))


def steps_of(course: Course) -> list[int]:
    """What was done in each of the last three reports, where something was."""
    return steps_among([one.year_yuan for one in course.told if one.year_yuan is not None])


def steps_among(cumulative: Sequence[int]) -> list[int]:
    """The last three steps of a year's cumulative amounts, those that are not zero."""
    steps = [after - before for before, after in pairwise([0, *cumulative])]
    return [one for one in steps[-RECENT:] if one]


def is_round(step_yuan: int) -> bool:
    """Whether an amount is one that is guessed: 50万, 300万, 1500万, 12,000万 and its like.

    One digit that is not zero, two of which the second is 5, or whole 500万.
    """
    size = abs(step_yuan)
    if not size or size % WAN:
        return False
    if size % ROUND_FROM_YUAN == 0:
        return True
    digits = str(size).rstrip("0")
    return len(digits) == 1 or (len(digits) == 2 and digits.endswith("5"))


def _money(course: Course) -> Values:
    now, before = course.now, course.earlier
    life_before = course.life_at(before) if before else None
    # Two ways of telling it are not held against each other.
    is_alike = before is not None and (before.life_yuan is None) == (now.life_yuan is None)
    return _known(
        {
            "本年累计": now.year_yuan,
            "上次本年累计": before.year_yuan if before else None,
            "自开工累计": course.life_yuan,
            "上次自开工累计": life_before if is_alike else None,
            "项目总投资": course.total_yuan or None,
            "合同金额": course.contract_yuan or None,
            "累计支付": course.paid_yuan,
            "当期完成": course.step_yuan,
        }
    )


def _year(course: Course) -> Values:
    now = course.now
    found: Values = {"连续与计划相同次数": equal_to_plan(course)}
    months = months_at_work(course)
    if months is not None:
        found["年内施工月数"] = months
    step = course.step_yuan
    if now.year_yuan and now.year_yuan > 0 and step is not None and _is_monthly(course):
        found["年末当月占全年"] = (step, now.year_yuan)
        if course.plan_yuan and course.plan_yuan > 0:
            found["年末当月占计划"] = (step, course.plan_yuan)
    return found


def _is_monthly(course: Course) -> bool:
    """Whether the report before is that of the month before."""
    before = course.earlier
    if before is None:
        return False
    return before.as_of.month == course.now.as_of.month - 1


def equal_to_plan(course: Course) -> int:
    """How many of the newest reports say exactly what the plan says for their month."""
    count = 0
    for one in reversed(course.told):
        planned = course.paces.get(one.as_of)
        if not planned or one.year_yuan != planned:
            break
        count += 1
    return count


def months_at_work(course: Course) -> int | None:
    """Months of the year since the start, that of the start with it."""
    if course.started_on is None:
        return None
    now = course.now.as_of
    if course.started_on.year < now.year:
        return now.month
    return max(0, now.month - course.started_on.month + 1)


def _pace(course: Course, pace: Pace | None) -> Values:
    rate = rate_of(course, course.now)
    if rate is None or pace is None:
        return {}
    gap = rate - pace.middle
    found: Values = {
        "高于同类": pair(gap),
        "低于同类": pair(-gap),
        "差距倍数": pair(abs(gap) / pace.spread),
        "同类个数": pace.count,
    }
    if course.started_on is not None:
        found["年初已开工"] = course.started_on.year < course.now.as_of.year
    return found


def _start(course: Course) -> Values:
    if course.started_on is None or course.started_on > course.now.as_of:
        return {}
    held = course.conditions
    found = _known(
        {
            "所报开工时间": course.started_on,
            "用地落实时间": held.land_on,
            "资金落实时间": held.money_on,
            "审批完成时间": held.approval_on,
        }
    )
    if held.lacking and course.started_on.year == course.now.as_of.year:
        found["开工条件登记未落实"] = True
    other = course.look_alike
    if other is not None:
        mine = course.identity
        found |= {
            "与另一开工项目代码相同": same_code(mine, other),
            "与另一开工项目名称相似度": pair(likeness(mine.name, other.name)),
            "与它同地点": same_place(mine, other),
            "与它同业主": same_owner(mine, other),
        }
    return found


def _words(course: Course) -> Values:
    now = course.now
    stage = stage_of(now.node)
    told = said(now.text)
    found: Values = {"文字写未施工": told.is_idle, "文字写已竣工": told.is_done}
    if stage is not None:
        found["节点阶段"] = stage
    gaps = [
        Fraction(abs(says - holds), abs(holds))
        for says, holds in ((told.year_yuan, now.year_yuan), (told.life_yuan, course.life_yuan))
        if says is not None and holds
    ]
    if gaps:
        found["文字累计偏差"] = pair(max(gaps))
    rate = rate_of(course, now)
    if told.rate is not None and rate is not None:
        found["文字完成率偏差"] = pair(abs(told.rate - rate))
    return found


def pair(value: Fraction) -> tuple[int, int]:
    """A ratio as the rule language holds it."""
    return value.numerator, value.denominator


def _known(values: Mapping[str, Value | None]) -> Values:
    return {name: value for name, value in values.items() if value is not None}
