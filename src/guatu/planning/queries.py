"""Reads: the plan in force and the date in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.types import DateKind, PlanKind


def plans_in_force(list_id: int, kind: PlanKind = PlanKind.ASSIGNED) -> dict[int, AnnualPlan]:
    """Newest plan of each entry of a list, by entry id."""
    rows = AnnualPlan.objects.filter(entry__list_id=list_id, kind=kind).order_by("plan_version")
    return {row.entry_id: row for row in rows}


DateKey = tuple[int, str, str]
"""Project id, milestone, planned or actual."""


def dates_in_force(project_ids: Iterable[int] | None = None) -> dict[DateKey, DateFact]:
    """Newest date fact of each project, milestone and kind."""
    rows = DateFact.objects.order_by("seq")
    if project_ids is not None:
        rows = rows.filter(project_id__in=list(project_ids))
    return {(row.project_id, row.milestone, row.kind): row for row in rows.iterator()}


def planned_by_list(list_id: int) -> dict[DateKey, DateFact]:
    """The planned dates that a list itself promises."""
    rows = DateFact.objects.filter(kind=DateKind.PLANNED, entry__list_id=list_id).order_by("seq")
    return {(row.project_id, row.milestone, row.kind): row for row in rows.iterator()}


def slices_at(plan_ids: Iterable[int], as_of: date) -> dict[int, int]:
    """Planned cumulative yuan of each plan at a day: the last slice not after it."""
    rows = PlanSlice.objects.filter(as_of__lte=as_of, indicator="investment").order_by("as_of")
    wanted = set(plan_ids)
    return {
        plan: amount for plan, amount in rows.values_list("plan_id", "cumulative") if plan in wanted
    }
