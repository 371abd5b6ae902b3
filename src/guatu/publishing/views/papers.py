"""材料: the list of rounds with their papers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.appraisal.queries import has_schemes
from guatu.ledger.request import lists_of, viewer_of
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.publishing.access import papers_seen
from guatu.publishing.pages import papers as pages
from guatu.ui.export import download, workbook


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    may_issue = Right.ISSUE_PAPERS in who.rights_of(request)
    context = pages.page(request.GET, papers_seen(request), may_issue=may_issue)
    if Right.EXPORT_AUDIT in who.rights_of(request):
        context["audited"] = lists_of(request)
    context["has_schemes"] = may_issue or has_schemes(viewer_of(request))
    return render(request, "publishing/papers_page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    may_issue = Right.ISSUE_PAPERS in who.rights_of(request)
    columns, rows = pages.exported(request.GET, papers_seen(request), may_issue=may_issue)
    return download(workbook("材料", columns, rows), "材料.xlsx")
