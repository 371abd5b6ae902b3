"""Reads: the plan in force and the date in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from guatu.core.ratio import Ratio
from guatu.ledger.models import ProjectList
from guatu.planning.models import AnnualPlan, CurvePoint, DateFact, DecreedCurve, PlanSlice, Target
from guatu.planning.types import DateKind, Milestone, PlanKind

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


def stated_by_project(list_id: int, kind: PlanKind) -> dict[int, int]:
    """The newest plan of a kind of each project of a list, in yuan by project id; one query."""
    rows = AnnualPlan.objects.filter(entry__list_id=list_id, kind=kind).order_by("plan_version")
    return dict(rows.values_list("entry__project_id", "amount_yuan"))


def slices_of(list_id: int) -> dict[int, dict[date, int]]:
    """The slices of each plan of a list, in yuan by day."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = PlanSlice.objects.filter(plan__entry__list_id=list_id, indicator=SLICED)
    for plan_id, day, amount in rows.values_list("plan_id", "as_of", "cumulative"):
        found[plan_id][day] = amount
    return found


def slices_of_plans(plan_ids: Iterable[int]) -> dict[int, dict[date, int]]:
    """The slices of some plans, cumulative yuan by day, by plan id; one query."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    rows = PlanSlice.objects.filter(plan_id__in=list(plan_ids), indicator=SLICED)
    for plan_id, day, amount in rows.values_list("plan_id", "as_of", "cumulative"):
        found[plan_id][day] = amount
    return found


def plan_versions(entry_id: int) -> list[AnnualPlan]:
    """Every version of every kind of plan of an entry, the oldest first."""
    return list(AnnualPlan.objects.filter(entry_id=entry_id).order_by("kind", "plan_version"))


@dataclass(frozen=True, slots=True)
class Curve:
    """A decreed curve in force with its points as shares of the year."""

    kept: DecreedCurve
    points: dict[date, Ratio]


def curves_of(list_id: int) -> list[Curve]:
    """The decreed curves of a list in force, by name; one query."""
    rows = CurvePoint.objects.filter(curve__list_id=list_id).select_related("curve")
    found: dict[str, Curve] = {}
    for point in rows.order_by("curve__name", "curve__curve_version", "on"):
        kept = point.curve
        if kept.name not in found or found[kept.name].kept.pk != kept.pk:
            found[kept.name] = Curve(kept, {})
        found[kept.name].points[point.on] = point.share
    return list(found.values())


def targets_of(list_id: int) -> list[Target]:
    """The targets of a list in force, by whose they are and when they are due."""
    newest = {}
    for row in Target.objects.filter(list_id=list_id).order_by("target_version"):
        newest[row.key] = row
    standing = [row for row in newest.values() if row.amount is not None]
    return sorted(standing, key=lambda row: (row.subject, row.body_id or 0, row.indicator,
                                             row.due_on, row.kind))  # fmt: skip


def years_past_completion(project_ids: Iterable[int], year: int) -> dict[int, int]:
    """By how many years a year is past the one in which a project was first promised to be
    complete (M-B11), for those that are not complete; a year later than promised is 1."""
    wanted = list(project_ids)
    first, newest = dates_told(wanted)
    promised = {pk: promised_year(first, newest, pk) for pk in wanted}
    return {pk: year - told for pk, told in promised.items() if told is not None and told < year}


def promised_year(
    first: Mapping[DateKey, DateFact], newest: Mapping[DateKey, DateFact], project_id: int
) -> int | None:
    """The year in which a project that is not complete was first promised to be."""
    promised = first.get((project_id, Milestone.COMPLETION, DateKind.PLANNED))
    actual = newest.get((project_id, Milestone.COMPLETION, DateKind.ACTUAL))
    if promised is None or promised.on is None or (actual is not None and actual.on is not None):
        return None
    return promised.on.year


DateKey = tuple[int, str, str]
"""Project id, milestone, planned or actual."""


def dates_in_force(project_ids: Iterable[int] | None = None) -> dict[DateKey, DateFact]:
    """Newest date fact of each project, milestone and kind, whichever list it stands on."""
    rows = DateFact.objects.order_by("seq")
    if project_ids is not None:
        rows = rows.filter(project_id__in=list(project_ids))
    return {(row.project_id, row.milestone, row.kind): row for row in rows.iterator()}


def dates_told(
    project_ids: Iterable[int],
) -> tuple[dict[DateKey, DateFact], dict[DateKey, DateFact]]:
    """The first and the newest date fact of each project, milestone and kind; one query. The
    first that names a day, where one does: 待定 is no promise yet."""
    first: dict[DateKey, DateFact] = {}
    newest: dict[DateKey, DateFact] = {}
    for row in DateFact.objects.filter(project_id__in=list(project_ids)).order_by("seq"):
        key = (row.project_id, row.milestone, row.kind)
        if key not in first or first[key].on is None:
            first[key] = row
        newest[key] = row
    return first, newest


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
