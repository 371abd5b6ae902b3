"""Reads of the library: one page of entries with everything its columns show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, NullIf

from guatu.assessment.models import Run
from guatu.core import clock
from guatu.core.ratio import Ratio
from guatu.ledger.models import ListEntry, Project, Responsibility, Term
from guatu.ledger.queries import in_force
from guatu.ledger.types import ResponsibilityRole, Vocabulary
from guatu.organisation import queries as organisation
from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.wall.library.filters import Filters, narrowed
from guatu.wall.standing.counts import is_part

SEVERITIES = (
    "serious",
    "warning",
    "notice",
    "ok",
    "no_data",
    "undecided",
    "not_due",
    "not_in_scope",
)
type Choices = list[tuple[int, str]]
_SHOWN_ROLES = (ResponsibilityRole.LEAD, ResponsibilityRole.LEADER)


@dataclass(slots=True)
class Row:
    """One project of a list with the newest locked figures; money in yuan."""

    entry: ListEntry
    project: Project
    region: str
    unit: str
    leader: str
    plan_yuan: int | None
    completed_yuan: int | None
    verdict: str
    label: str
    dates: dict[tuple[str, str], DateFact] = field(default_factory=dict)
    promised_year: int | None = None
    """The first promised year of completion, of a project that is not complete."""

    def years_past(self, year: int) -> int:
        """By how many years a year is past the promised one (M-B11); 0 where it is not."""
        return 0 if self.promised_year is None else max(0, year - self.promised_year)

    @property
    def rate(self) -> Ratio | None:
        """This year's share of the plan, exact."""
        if self.completed_yuan is None or not self.plan_yuan:
            return None
        return Ratio(self.completed_yuan, self.plan_yuan)


ORDER = {
    "serial": "serial_no",
    "name": "project__name",
    "code": "project__national_code",
    "region": "project__region_id",
    "sector": "project__sector__name",
    "total": "project__total_yuan",
    "plan": "found__denominator",
    "done": "found__numerator",
    "rate": "rate",
    "light": "severity",
}
"""Columns that the list can be sorted by, and what sorts them."""


def entries(
    list_id: int, run: Run | None, visible: QuerySet[Project] | None, filters: Filters
) -> QuerySet[ListEntry]:
    """The entries of a list that a user sees; `visible` None where he sees every project."""
    found = (
        _standing(list_id, visible)
        .annotate(
            found=FilteredRelation(
                "project__results", condition=Q(project__results__run_id=run.pk if run else 0)
            )
        )
        .annotate(
            # Only the order hangs on these; what is shown is counted exactly in Python.
            rate=Cast(F("found__numerator"), FloatField())
            / NullIf(Cast(F("found__denominator"), FloatField()), Value(0.0)),
            severity=Case(
                *(When(found__verdict=name, then=Value(i)) for i, name in enumerate(SEVERITIES)),
                default=Value(len(SEVERITIES)),
            ),
        )
    )
    return narrowed(found, filters)


def _standing(list_id: int, visible: QuerySet[Project] | None) -> QuerySet[ListEntry]:
    """What is on a list now and exists for the user."""
    found = ListEntry.objects.filter(
        list_id=list_id, left_on__isnull=True, project__removed_on__isnull=True
    )
    return found if visible is None else found.filter(project__in=visible)


def choices(list_id: int, visible: QuerySet[Project] | None) -> tuple[Choices, Choices]:
    """The lead units and the sectors of a list's projects that exist for the user, in one query."""
    standing = _standing(list_id, visible)
    leads = Responsibility.objects.filter(
        in_force(clock.today()),
        organisation_id=OuterRef("organisation_id"),
        role=ResponsibilityRole.LEAD,
    ).filter(Exists(standing.filter(project_id=OuterRef("project_id"))))
    units = organisation.official_names().filter(Exists(leads))
    of_sector = standing.filter(project__sector_id=OuterRef("pk"))
    sectors = Term.objects.filter(Exists(of_sector), vocabulary=Vocabulary.SECTOR)
    rows = units.values_list(Value("unit"), "organisation_id", "name", "valid_from").union(
        sectors.values_list(
            Value("sector"), "pk", "name", Value(clock.today(), output_field=DateField())
        )
    )
    found: dict[str, dict[int, str]] = {"unit": {}, "sector": {}}
    for kind, pk, name, _ in sorted(rows, key=itemgetter(3)):
        found[kind][pk] = name  # the newest official name comes last
    return sorted(found["unit"].items()), sorted(found["sector"].items())


def shown(found: QuerySet[ListEntry]) -> QuerySet[ListEntry]:
    """The entries with everything that `rows` reads of them; `found_count`: all there are,
    `found_parts`: those of them that are counted with their package."""
    return found.select_related("project__sector").annotate(
        found_numerator=F("found__numerator"),
        found_denominator=F("found__denominator"),
        found_verdict=F("found__verdict"),
        found_label=F("found__label"),
        # Counted by the page's own query: a count of its own would join everything again.
        found_count=Window(Count("pk")),
        found_parts=Window(Sum(Case(When(is_part(), then=1), default=0))),
    )


def count_of(page: Sequence[ListEntry]) -> int:
    """How many entries there are, as a page of `shown` that is not empty knows."""
    return getattr(page[0], "found_count") if page else 0  # noqa: B009 (an annotation)


def parts_of(page: Sequence[ListEntry]) -> int:
    """How many of all the entries are counted with their package."""
    return getattr(page[0], "found_parts") if page else 0  # noqa: B009 (an annotation)


def rows(page: Sequence[ListEntry], regions: Mapping[int, str]) -> list[Row]:
    """The rows of a page of `shown`: a constant number of queries whatever their number."""
    ids = [entry.project_id for entry in page]
    units, leaders = _answerable(ids)
    dates: dict[int, dict[tuple[str, str], DateFact]] = {}
    first, newest = planning.dates_told(ids)
    for (project_id, milestone, kind), fact in newest.items():
        if fact.on:
            dates.setdefault(project_id, {})[milestone, kind] = fact
    return [
        Row(
            entry,
            entry.project,
            regions.get(entry.project.region_id, ""),
            units.get(entry.project_id, ""),
            leaders.get(entry.project_id, ""),
            getattr(entry, "found_denominator"),  # noqa: B009 (annotations)
            getattr(entry, "found_numerator"),  # noqa: B009
            getattr(entry, "found_verdict") or "",  # noqa: B009
            getattr(entry, "found_label") or "",  # noqa: B009
            dates.get(entry.project_id, {}),
            planning.promised_year(first, newest, entry.project_id),
        )
        for entry in page
    ]


def _answerable(ids: Iterable[int]) -> tuple[dict[int, str], dict[int, str]]:
    """The lead unit and the linked leader of each project, in one query."""
    found = (
        Responsibility.objects.filter(
            in_force(clock.today()), project_id__in=list(ids), role__in=_SHOWN_ROLES
        )
        .order_by("valid_from", "pk")
        .values_list("project_id", "role", "person__name")
        .annotate(unit=organisation.official_name_of("organisation_id"))
    )
    units: dict[int, str] = {}
    leaders: dict[int, str] = {}
    for project_id, role, leader, unit in found:
        if role == ResponsibilityRole.LEAD and unit:
            units[project_id] = unit
        elif role == ResponsibilityRole.LEADER and leader:
            leaders[project_id] = leader
    return units, leaders
