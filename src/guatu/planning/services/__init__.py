"""Writes of the planning room, one module per intention. Callers import what is named here."""

from __future__ import annotations

from guatu.planning.services.curves import decree_curve
from guatu.planning.services.plans import CutPlan, StatePlan, cut_plans, state_plan
from guatu.planning.services.take_in import ListTaken, TakeInList, take_in_list
from guatu.planning.services.targets import SetTarget, set_target

__all__ = [
    "CutPlan",
    "ListTaken",
    "SetTarget",
    "StatePlan",
    "TakeInList",
    "cut_plans",
    "decree_curve",
    "set_target",
    "state_plan",
    "take_in_list",
]
