"""The list of the year before in three figures, for the making desk; one query (M-A10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Subquery, Sum

from guatu.ledger.making.comparing import Total
from guatu.ledger.making.models import ListCall
from guatu.ledger.models import ListEntry
from guatu.planning.models import AnnualPlan
from guatu.planning.types import PlanKind


@dataclass(frozen=True, slots=True)
class LastYear:
    """The list that a call's list is compared with, and what stands on it now."""

    list_id: int
    label: str
    total: Total


def last_year_of(call: ListCall) -> LastYear | None:
    """Of the same name, else the only list of the year before that lies in no other.

    Plans are those in force, in yuan; a package counts once (M-A4). None where that list has no
    project, or none is meant.
    """
    plan = AnnualPlan.objects.filter(entry=OuterRef("pk"), kind=PlanKind.ASSIGNED)
    newest = plan.order_by("-plan_version").values("amount_yuan")[:1]
    standing = ListEntry.objects.filter(left_on__isnull=True, project__removed_on__isnull=True)
    package = standing.filter(
        list_id=OuterRef("list_id"), project_id=OuterRef("project__package_id")
    )
    rows = (
        standing.filter(list__year=call.year - 1, list__parent__isnull=True)
        .exclude(Exists(package))
        .annotate(plan=Subquery(newest))
        .values("list_id", name=F("list__name"))
        .annotate(count=Count("pk"), total=Sum("project__total_yuan"), planned=Sum("plan"))
        .order_by("list_id")
    )
    found = list(rows)
    same = [row for row in found if row["name"] == call.name] or (found if len(found) == 1 else [])
    if not same:
        return None
    row = same[0]
    total = Total(row["count"], int(row["total"] or 0), int(row["planned"] or 0))
    return LastYear(row["list_id"], f"{call.year - 1}年{row['name']}", total)
