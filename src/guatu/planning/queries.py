"""Reads: the plan in force and the date in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from guatu.ledger.models import ProjectList
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.types import DateKind, PlanKind

SLICED = "investment"
"""The indicator that plans are sliced by."""


def plans_in_force(list_id: int, kind: PlanKind = PlanKind.ASSIGNED) -> dict[int, AnnualPlan]:
    """Newest plan of each entry of a list, by entry id."""
    rows = AnnualPlan.objects.filter(entry__list_id=list_id, kind=kind).order_by("plan_version")
    return {row.entry_id: row for row in rows}


def plans_of(entry_ids: Iterable[int], kind: PlanKind = PlanKind.ASSIGNED) -> dict[int, int]:
    """The newest plan of some entries, in yuan by entry id."""
    rows = AnnualPlan.objects.filter(entry_id__in=set(entry_ids), kind=kind)
    return dict(rows.order_by("plan_version").values_list("entry_id", "amount_yuan"))


def slices_of(list_id: int) -> dict[int, dict[date, int]]:
    """The slices of each plan of a list, in yuan by day."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = PlanSlice.objects.filter(plan__entry__list_id=list_id, indicator=SLICED)
    for plan_id, day, amount in rows.values_list("plan_id", "as_of", "cumulative"):
        found[plan_id][day] = amount
    return found


DateKey = tuple[int, str, str]
"""Project id, milestone, planned or actual."""


def dates_in_force(project_ids: Iterable[int] | None = None) -> dict[DateKey, DateFact]:
    """Newest date fact of each project, milestone and kind, whichever list it stands on."""
    rows = DateFact.objects.order_by("seq")
    if project_ids is not None:
        rows = rows.filter(project_id__in=list(project_ids))
    return {(row.project_id, row.milestone, row.kind): row for row in rows.iterator()}


def planned_by_list(list_id: int) -> dict[DateKey, DateFact]:
    """The planned dates that a list itself promises."""
    rows = DateFact.objects.filter(kind=DateKind.PLANNED, entry__list_id=list_id).order_by("seq")
    return {(row.project_id, row.milestone, row.kind): row for row in rows.iterator()}


def dates_promised(listing: ProjectList) -> dict[DateKey, date]:
    """The days that hold for a list: a planned one as this list promises it, else as another
    list of its year or before did; an actual one as newest told. Not: what a later list promises.
    """
    facts = DateFact.objects.filter(
        Q(entry__isnull=True) | Q(entry__list__year__lte=listing.year)
    ).order_by("seq")
    others: dict[DateKey, date | None] = {}
    own: dict[DateKey, date | None] = {}
    # Bare columns: a list of 10,000 has 40,000 facts, and a close waits for them.
    for project_id, milestone, kind, on, list_id in facts.values_list(
        "project_id", "milestone", "kind", "on", "entry__list_id"
    ).iterator(chunk_size=5000):
        (own if list_id == listing.pk else others)[project_id, milestone, kind] = on
    return {key: on for key, on in {**others, **own}.items() if on is not None}


def slices_at(list_id: int, as_of: date) -> dict[int, int]:
    """Planned cumulative yuan by a day of each plan of a list that has slices, by plan id.

    The last slice not after the day, nothing in between is guessed; 0 before the first one.
    """
    rows = PlanSlice.objects.filter(plan__entry__list_id=list_id, indicator=SLICED)
    found: dict[int, int] = {}
    for plan_id, day, amount in rows.order_by("as_of").values_list(
        "plan_id", "as_of", "cumulative"
    ):
        found[plan_id] = amount if day <= as_of else found.get(plan_id, 0)
    return found
