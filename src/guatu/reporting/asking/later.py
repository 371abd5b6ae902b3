"""What a report is held against besides itself: its class, its unit, the projects that started.

Each from a statement or two, for one project whose report has just come in (M-C2).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from django.db.models import OuterRef, Q, QuerySet, Subquery

from guatu.database.prepared import prepared
from guatu.ledger import queries as ledger
from guatu.ledger.models import ListEntry, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.planning.models import AnnualPlan
from guatu.planning.types import PlanKind
from guatu.reporting.asking.gathering import identities_of, started_days
from guatu.reporting.asking.looks import Started
from guatu.reporting.asking.measures import Heap, Pace, heap_among, pace_among, steps_among
from guatu.reporting.asking.types import Course, Identity
from guatu.reporting.due.scope import expected_by
from guatu.reporting.models import Figure, Round
from guatu.reporting.queries import expected_entries, expected_of
from guatu.reporting.types import INVESTMENT, FigureSource


def pace_of_class(the_round: Round, entry: ListEntry) -> Pace | None:
    """How fast the others of the project's nature and sector go; None where there is nobody. One
    statement."""
    project, day = entry.project, the_round.period.last_on
    if not project.sector_id:
        return None
    rows = _others_of_class(the_round.pk, the_round.list_id, entry.pk, project.sector_id, day)
    rates = [Fraction(now, planned) for now, planned in rows]
    return pace_among(rates) if rates else None


@prepared
def _others_of_class(
    round_id: int, list_id: int, entry_id: int, sector_id: int, as_of: date
) -> QuerySet[ListEntry, tuple[int, int]]:
    figures = Figure.objects.filter(
        project_id=OuterRef("project_id"),
        indicator__code=INVESTMENT,
        as_of=as_of,
        source=FigureSource.UNIT,
        is_current=True,
    )
    plans = AnnualPlan.objects.filter(entry_id=OuterRef("pk"), kind=PlanKind.ASSIGNED)
    mine = ListEntry.objects.filter(pk=entry_id)
    return (
        expected_entries([list_id])
        .filter(
            expected_by(round_id),
            nature=Subquery(mine.values("nature")[:1]),
            project__sector_id=sector_id,
        )
        .exclude(pk=entry_id)
        .annotate(
            now_yuan=Subquery(figures.values("value")[:1]),
            planned_yuan=Subquery(plans.order_by("-plan_version").values("amount_yuan")[:1]),
        )
        .filter(now_yuan__isnull=False, planned_yuan__gt=0)
        .values_list("now_yuan", "planned_yuan")
    )


def heap_of_unit(the_round: Round, unit_id: int) -> Heap:
    """The steps of the last reports of all that a unit reports, and how many of them are round.
    Two statements: in one, a PostgreSQL that has not counted its rows yet asks for the bearer of
    every project once per figure."""
    as_of = the_round.period.last_on
    borne = Responsibility.objects.filter(
        role__in=(ResponsibilityRole.REPORTER, ResponsibilityRole.LEAD), organisation_id=unit_id
    )
    entries = expected_of(the_round).filter(project_id__in=borne.values("project_id"))
    mine = ledger.with_reporting_units(entries, as_of).filter(Q(("reporting_unit", unit_id)))
    rows = Figure.objects.filter(
        project_id__in=list(mine.values_list("project_id", flat=True)),
        indicator__code=INVESTMENT,
        as_of__gte=date(the_round.period.parsed.year, 1, 1),
        as_of__lte=as_of,
        source=FigureSource.UNIT,
        is_current=True,
        value__isnull=False,
    ).order_by("as_of")
    told: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for project_id, day, yuan in rows.values_list("project_id", "as_of", "value"):
        told[project_id].append((day, yuan or 0))
    steps = [
        step
        for days in told.values()
        if days[-1][0] == as_of
        for step in steps_among([yuan for _, yuan in days])
    ]
    return heap_among(steps)


def look_alike(course: Course) -> Identity | None:
    """The project that started before and that this one looks like. Three statements."""
    as_of, started = course.now.as_of, started_days()
    mine = course.identity
    others = identities_of({*started, mine.project_id}, started)
    own = others.pop(mine.project_id, mine)
    begun = [one for one in others.values() if one.started_on and one.started_on <= as_of]
    return Started(begun).nearest(own)
