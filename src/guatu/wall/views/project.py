"""One project: its page, picture, figures and timeline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.ui.export import download
from guatu.wall.project import card, figures, presenters, timeline
from guatu.wall.viewer import Viewer


@require_safe
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    context = presenters.project_page(Viewer.of(request), project_id)
    return render(request, "wall/project_page.html", context)


@require_safe
def picture(request: HttpRequest, project_id: int) -> HttpResponse:
    context = presenters.project_page(Viewer.of(request), project_id)
    name = f"{context['project'].name[:60]}.svg"
    return download(card.card(context).encode(), name, "image/svg+xml")


@require_safe
def figure_history(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = viewer.project(project_id)
    context = {"project": found, **figures.history(found.pk, request.GET, viewer)}
    is_fragment = request.headers.get("HX-Request")
    template = "wall/_project_figures.html" if is_fragment else "wall/project_figures.html"
    return render(request, template, context)


@require_safe
def export_figures(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    return figures.exported(viewer.project(project_id), request.GET, viewer)


@require_safe
def events(request: HttpRequest, project_id: int) -> HttpResponse:
    context = timeline.timeline(Viewer.of(request).project(project_id), request.GET)
    return render(request, "wall/project_timeline.html", context)
