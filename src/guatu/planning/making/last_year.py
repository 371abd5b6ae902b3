"""The list of the year before that a list in the making is compared with (M-A10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery, Sum

from guatu.ledger.making.comparing import Total
from guatu.ledger.making.models import ListCall
from guatu.ledger.models import ListEntry, ProjectList
from guatu.planning.models import AnnualPlan
from guatu.planning.types import PlanKind


@dataclass(frozen=True, slots=True)
class LastYear:
    """The list that a call's list is compared with, and what stands on it now."""

    list_id: int
    label: str
    total: Total


def last_list(call: ListCall) -> ProjectList | None:
    """The list of the year before of the same name, else the only one that lies in no other; one
    query."""
    lists = ProjectList.objects.filter(year=call.year - 1, parent__isnull=True).order_by("pk")
    found = list(lists)
    same = [one for one in found if one.name == call.name]
    return same[0] if same else found[0] if len(found) == 1 else None


def last_year_of(call: ListCall) -> LastYear | None:
    """That list in three figures, None where there is none; two queries.

    Plans are those in force, in yuan; a package counts once (M-A4).
    """
    listing = last_list(call)
    if listing is None:
        return None
    plan = AnnualPlan.objects.filter(entry=OuterRef("pk"), kind=PlanKind.ASSIGNED)
    newest = plan.order_by("-plan_version").values("amount_yuan")[:1]
    standing = ListEntry.objects.filter(
        list=listing, left_on__isnull=True, project__removed_on__isnull=True
    )
    package = standing.filter(project_id=OuterRef("project__package_id"))
    told = (
        standing.exclude(Exists(package))
        .annotate(plan=Subquery(newest))
        .aggregate(count=Count("pk"), total=Sum("project__total_yuan"), planned=Sum("plan"))
    )
    total = Total(told["count"], int(told["total"] or 0), int(told["planned"] or 0))
    return LastYear(listing.pk, str(listing), total)
