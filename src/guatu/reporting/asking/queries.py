"""Counts of questions to figures that are still open; the limits they are asked with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from guatu.ledger.models import ListEntry
from guatu.organisation.models import Setting
from guatu.organisation.types import QUESTION_LIMITS
from guatu.reporting.asking.limits import Limits, limits_told
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import Round
from guatu.reporting.types import FigureQuestionState


@dataclass(slots=True)
class OpenNow:
    """How many questions a unit has still to answer: by project and period, and by period those
    about all that it reports."""

    of_projects: dict[tuple[int, int], int] = field(default_factory=dict)
    of_units: dict[int, int] = field(default_factory=dict)


def open_to(
    rounds: Iterable[Round], project_ids: Collection[int], unit_ids: Collection[int]
) -> OpenNow:
    """The open questions of some rounds about some projects and units; one statement."""
    about = Q(project__in=project_ids) | Q(project__isnull=True, organisation__in=unit_ids)
    rows = (
        FigureQuestion.objects.filter(
            about,
            period__in={one.period_id for one in rounds},
            state=FigureQuestionState.OPEN,
        )
        .values_list("project_id", "period_id")
        .annotate(found=Count("pk"))
        .order_by()
    )
    found = OpenNow()
    for project_id, period_id, count in rows:
        if project_id is None:
            found.of_units[period_id] = count
        else:
            found.of_projects[project_id, period_id] = count
    return found


def open_of_round() -> Subquery:
    """How many questions of a round nobody has answered, those to whole units with them: a column
    of a query of rounds."""
    listed = ListEntry.objects.filter(
        list_id=OuterRef(OuterRef("list_id")),
        project_id=OuterRef("project_id"),
        left_on__isnull=True,
    )
    rows = FigureQuestion.objects.filter(
        Q(project__isnull=True) | Q(Exists(listed)),
        period_id=OuterRef("period_id"),
        state=FigureQuestionState.OPEN,
    )
    counted = rows.order_by().values("period_id").annotate(found=Count("pk")).values("found")
    return Subquery(counted, output_field=IntegerField())


def limits_in_force() -> Limits:
    """The limits that hold now. One statement."""
    return limits_told(_newest().values_list("value", flat=True).first() or "")


def limits_column() -> Subquery:
    """The setting's text as a column of another statement; null where nothing was ever set."""
    return Subquery(_newest().values("value")[:1])


def _newest() -> QuerySet[Setting]:
    return Setting.objects.filter(key=QUESTION_LIMITS).order_by("-pk")
