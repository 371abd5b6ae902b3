"""Reads of papers beside reports."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, OuterRef, Subquery

from guatu.reporting.papers.models import ReportPaper


def standing(project_id: int, period_id: int) -> list[ReportPaper]:
    """The papers of a project's report of a period, in the order they came; one query."""
    rows = ReportPaper.objects.filter(
        project_id=project_id, period_id=period_id, removal__isnull=True
    )
    return list(rows.select_related("blob").order_by("pk"))


def paper_count() -> Subquery:
    """How many papers stand beside a report, for a query of reports; none counts as empty."""
    rows = ReportPaper.objects.filter(
        project_id=OuterRef("project_id"), period_id=OuterRef("period_id"), removal__isnull=True
    )
    counted = rows.order_by().values("period_id").annotate(count=Count("pk"))
    return Subquery(counted.values("count"))


def papers_of_project(project_id: int, as_of: date | None = None) -> list[ReportPaper]:
    """The papers beside a project's reports, or those of one day, newest period first; one
    query."""
    rows = ReportPaper.objects.filter(project_id=project_id, removal__isnull=True)
    if as_of is not None:
        rows = rows.filter(period__last_on=as_of)
    return list(rows.select_related("period", "blob").order_by("-period__last_on", "pk"))
