"""Results of a locked round: groups, rows, why; each with its export or fragment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guatu.ui.export import download, workbook
from guatu.wall.results import presenters, rows, why
from guatu.wall.results.presenters import Results
from guatu.wall.viewer import Viewer


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    asked = request.GET.get("round", "")
    found = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None
    found = found or presenters.newest_round(viewer)
    if found is None:
        return render(request, "wall/results_none.html", {"lists": viewer.lists})
    by = presenters.by_of(request.GET)
    response = redirect("results", found)
    response["Location"] += f"?by={by}" if by != "region" else ""
    return response


@require_safe
def results(request: HttpRequest, round_id: int) -> HttpResponse:
    found = Results.of(Viewer.of(request), round_id)
    context = presenters.page(found, presenters.by_of(request.GET))
    return render(request, "wall/results_page.html", context)


@require_safe
def export(request: HttpRequest, round_id: int) -> HttpResponse:
    found = Results.of(Viewer.of(request), round_id)
    title, notes, columns, lines = presenters.exported(found, presenters.by_of(request.GET))
    return download(workbook(title, columns, lines, notes=notes), f"{title}.xlsx")


@require_safe
def project_rows(request: HttpRequest, round_id: int) -> HttpResponse:
    found = Results.of(Viewer.of(request), round_id)
    return render(request, "wall/results_rows.html", rows.page(found, request.GET))


@require_safe
def export_rows(request: HttpRequest, round_id: int) -> HttpResponse:
    found = Results.of(Viewer.of(request), round_id)
    title, notes, columns, lines = rows.exported(found, request.GET)
    return download(workbook(title, columns, lines, notes=notes), f"{title}.xlsx")


@require_safe
def explanation(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    context = why.why(Results.of(Viewer.of(request), round_id), project_id)
    is_fragment = request.headers.get("HX-Request")
    return render(request, "wall/_why.html" if is_fragment else "wall/why_page.html", context)
