"""The statistics system's figure beside ours on a project's page (M-C3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from guatu.ledger.models import Project
from guatu.reporting.basis.models import IndicatorBasis
from guatu.reporting.models import Figure
from guatu.reporting.statistics.queries import registration_of
from guatu.reporting.types import INVESTMENT, FigureSource


@dataclass(frozen=True, slots=True)
class Beside:
    """The newest statistics figure with ours of its day, and whether the project is counted."""

    counted: str
    as_of: date | None
    theirs: int | None
    ours: int | None


def with_statistics(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with what `beside` reads, so that a page needs no query of its own, and with
    `has_new_basis`: whether the basis of what units report ever changed."""
    theirs = Figure.objects.filter(
        project_id=OuterRef("pk"),
        indicator__code=INVESTMENT,
        source=FigureSource.STATISTICS,
        is_current=True,
    ).order_by("-as_of")
    ours = Figure.objects.filter(
        project_id=OuterRef("pk"),
        indicator__code=INVESTMENT,
        source=FigureSource.UNIT,
        is_current=True,
        as_of=OuterRef("told_on"),
    )
    changes = IndicatorBasis.objects.filter(indicator__code=INVESTMENT, source=FigureSource.UNIT)
    return (
        projects.select_related("registration")
        .annotate(
            told_on=Subquery(theirs.values("as_of")[:1]),
            theirs=Subquery(theirs.values("value")[:1]),
            has_new_basis=Exists(changes),
        )
        .annotate(ours=Subquery(ours.values("value")[:1]))
    )


def beside(project: Project) -> Beside:
    """Both figures of the newest day that the statistics system told; no query."""
    told = project.__dict__
    return Beside(_counted(project), told["told_on"], told["theirs"], told["ours"])


def _counted(project: Project) -> str:
    held = registration_of(project)
    if held is None:
        return "纳统情况未登记"
    if not held.is_counted:
        return "未纳统"
    return f"{held.counted_since}起纳统" if held.counted_since else "已纳统"
