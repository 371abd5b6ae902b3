"""Pace, half-year test and targets of a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.organisation.request import actor_of
from guatu.organisation.views import lists
from guatu.planning import services
from guatu.ui.forms import posted
from guatu.wall.targets.halves import Halves
from guatu.wall.targets.paces import Paces
from guatu.wall.targets.tracked import Tracked, target_form
from guatu.wall.viewer import Viewer


@require_safe
def pace(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    found = Paces.of(Viewer.of(request), listing, request.GET)
    context = {"found": found, "listing": listing, **found.roster(request.GET).page()}
    return render(request, "wall/pace_page.html", context)


@require_safe
def export_pace(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    found = Paces.of(Viewer.of(request), listing, request.GET)
    return lists.export(found.roster(request.GET))


@require_safe
def halves(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    found = Halves.of(Viewer.of(request), listing, request.GET)
    context = {"found": found, "listing": listing, **found.roster(request.GET).page()}
    return render(request, "wall/halves_page.html", context)


@require_safe
def export_halves(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    return lists.export(Halves.of(Viewer.of(request), listing, request.GET).roster(request.GET))


@require_safe
def targets(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    found = Tracked.of(Viewer.of(request), listing)
    context = {"found": found, "listing": listing, **found.roster(request.GET).page()}
    return render(request, "wall/targets_page.html", context)


@require_safe
def export_targets(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    return lists.export(Tracked.of(Viewer.of(request), listing).roster(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def set_target(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request)
    form = target_form(posted(request))
    if form.do(lambda _: services.set_target(actor_of(request), list_id, form.command())):
        messages.success(request, "已记下目标")
        return redirect("list-targets", list_id)
    context = {"form": form, "listing": listing}
    return render(request, "wall/target_form.html", context, status=form.status)
