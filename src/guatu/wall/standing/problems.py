"""The problem that was last reported of a project, whatever round it was reported for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from guatu.reporting.models import Report


def last_problems(project_ids: Iterable[int]) -> dict[int, Report]:
    """The newest report with a problem of each project that has one, with its period; one query."""
    rows = Report.objects.filter(project__in=list(project_ids)).exclude(problem_text="")
    of_project = rows.filter(project=OuterRef("project")).order_by("-period__last_on", "-pk")
    newest = rows.filter(pk=Subquery(of_project.values("pk")[:1]))
    return {row.project_id: row for row in newest.select_related("period")}
