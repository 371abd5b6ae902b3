"""What a plan becomes when a list states something of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from guatu.core.errors import Fault
from guatu.core.yuan import wan_text


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan in yuan; `slices` are what it expects to be done by a day, cumulative."""

    amount_yuan: int
    slices: Mapping[date, int] = field(default_factory=dict)


def plan_after(
    held: Plan | None, *, amount_yuan: int | None, slices: Mapping[date, int]
) -> Plan | None:
    """The plan in force once a row was taken in; None where there is none still.

    What the row leaves open stays as it was, slice by slice: an empty cell never erases.
    """
    amount = held.amount_yuan if amount_yuan is None and held else amount_yuan
    if amount is None:
        return None
    return Plan(amount, {**(held.slices if held else {}), **slices})


def plan_faults(plan: Plan | None, *, slices: Mapping[date, int]) -> list[Fault]:
    """What is wrong with the plan that a row with these slices leads to (M-B1).

    A cumulative plan never falls and never exceeds the year's. The places are the caller's.
    """
    if plan is None:
        if not slices:
            return []
        what = f"有{_label(min(slices))}，没有年度计划投资"
        return [Fault("slice-without-plan", what, "请补上年度计划投资")]
    faults = []
    days = sorted(plan.slices)
    for earlier, later in pairwise(days):
        if plan.slices[later] < plan.slices[earlier]:
            what = (
                f"{_label(later)}{_wan(plan.slices[later])}"
                f"低于{_label(earlier)}{_wan(plan.slices[earlier])}"
            )
            faults.append(Fault("slices-fall", what, "这几列是从年初起的累计数，请核对"))
    above = [day for day in days if plan.slices[day] > plan.amount_yuan]
    if above:
        day = above[0]
        what = f"{_label(day)}{_wan(plan.slices[day])}高于年度计划投资{_wan(plan.amount_yuan)}"
        remedy = "请核对；年度计划有调整的，请在同一张表里写明调整后的累计计划"
        faults.append(Fault("slice-above-plan", what, remedy))
    return faults


def _label(day: date) -> str:
    return f"截至{day.month}月底计划"


def _wan(yuan: int) -> str:
    return f"{wan_text(yuan)}万元"
