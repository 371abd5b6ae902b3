"""The desk of each kind of user."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.organisation.types import UserKind
from guatu.wall.desk import presenters
from guatu.wall.viewer import Viewer


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    if viewer.user.kind != UserKind.BUSINESS:
        context = presenters.administration(viewer)
        return render(request, "wall/desk_administration.html", context)
    return render(request, "wall/desk_page.html", presenters.desk(viewer, request.GET))
