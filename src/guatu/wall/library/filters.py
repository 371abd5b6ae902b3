"""What the address of the library asks for: parsed, bounded, nothing of it trusted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from guatu.core import clock
from guatu.ledger.models import ListEntry, ProjectAlias, Responsibility
from guatu.ledger.queries import in_force
from guatu.ledger.types import Nature, ResponsibilityRole

_LONGEST_SEARCH = 100
FOUND_VERDICT = "found__verdict"
"""The verdict of the annotation that `queries.entries` makes; not a field of the entry."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters in force; empty means all."""

    search: str = ""
    region: int | None = None
    sector: int | None = None
    unit: int | None = None
    nature: str = ""
    light: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything narrows the list."""
        return self != Filters()


def filters_of(query: QueryDict) -> Filters:
    """Read the filters; what is not a known value filters nothing away."""
    nature = query.get("nature", "")
    return Filters(
        search=query.get("q", "").strip()[:_LONGEST_SEARCH],
        region=_number(query.get("region", "")),
        sector=_number(query.get("sector", "")),
        unit=_number(query.get("unit", "")),
        nature=nature if nature in Nature.values else "",
        light=query.get("light", "")[:16],
    )


def narrowed(entries: QuerySet[ListEntry], filters: Filters) -> QuerySet[ListEntry]:
    """The entries that the filters leave. `entries` carry the annotation `found`."""
    if filters.search:
        alias = ProjectAlias.objects.filter(
            project_id=OuterRef("project_id"),
            name__icontains=filters.search,
            withdrawal__isnull=True,
        )
        entries = entries.filter(
            Q(project__name__icontains=filters.search)
            | Q(project__national_code__icontains=filters.search)
            | Exists(alias)
        )
    if filters.region:
        entries = entries.filter(project__region_id=filters.region)
    if filters.sector:
        entries = entries.filter(project__sector_id=filters.sector)
    if filters.nature:
        entries = entries.filter(nature=filters.nature)
    if filters.unit:
        lead = Responsibility.objects.filter(
            in_force(clock.today()),
            project_id=OuterRef("project_id"),
            role=ResponsibilityRole.LEAD,
            organisation_id=filters.unit,
        )
        entries = entries.filter(Exists(lead))
    if filters.light:
        entries = entries.filter(**{FOUND_VERDICT: filters.light})
    return entries


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
