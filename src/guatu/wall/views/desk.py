"""Pages that join rooms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.ledger import access
from guatu.organisation import request as who


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/desk.html", {})


@require_safe
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    found = access.get_project(who.actor_of(request), project_id)
    return render(request, "wall/project_page.html", {"project": found})
