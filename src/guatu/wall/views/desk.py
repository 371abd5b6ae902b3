"""The desk of each kind of user; who has none goes to his projects."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guatu.organisation.types import Role, UserKind
from guatu.wall.desk import presenters
from guatu.wall.viewer import Viewer

WITH_DESK = frozenset({Role.OFFICE, Role.LEADER, Role.LIAISON, Role.VIEWER})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    if viewer.user.kind != UserKind.BUSINESS:
        context = presenters.administration(viewer)
        return render(request, "wall/desk_administration.html", context)
    if not viewer.roles & WITH_DESK:
        return redirect("library")
    return render(request, "wall/desk_page.html", presenters.desk(viewer, request.GET))
