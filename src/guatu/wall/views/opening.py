"""Opening a round of a short period: for the whole list, or for a part that is shown first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guatu.core.errors import BadInput, Conflict, Fault, GuatuError
from guatu.core.periods import parse_period
from guatu.journal.once import once
from guatu.organisation.access import require
from guatu.organisation.request import actor_of, rights_of
from guatu.organisation.types import Right
from guatu.reporting.desk.months import chosen_list, require_business
from guatu.reporting.due.limiting import is_short, opening_notices, start_limited_round
from guatu.reporting.models import Round
from guatu.reporting.services.rounds import start_round
from guatu.wall.opening.scopes import Opening, Scope, mark_of
from guatu.wall.viewer import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
@once
def opening(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    require_business(viewer)
    if Right.IMPORT_REPORTS not in rights_of(request):
        require(actor_of(request), Right.IMPORT_REPORTS)
    found = _read(viewer, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return render(request, "wall/opening_page.html", _context(found))
    try:
        opened = _open(request, found)
    except (BadInput, Conflict) as error:
        return _refused(request, found, error)
    for told in opening_notices(opened):
        messages.warning(request, told)
    return redirect("intake", opened.pk)


def _read(viewer: Viewer, query: QueryDict) -> Opening:
    listing = chosen_list(viewer, query.get("list", "")[:18])
    period = parse_period(query.get("period", "")[:20])
    if not is_short(period):
        what = f"{period.label}收整份清单"
        raise BadInput(Fault("whole-grain", what, "请在月报里直接开始收报"))
    scope, campaign = query.get("scope", "")[:20], query.get("campaign", "")[:18]
    return Opening.of(viewer, listing, period, scope, campaign)


def _open(request: HttpRequest, found: Opening) -> Round:
    actor = actor_of(request)
    if found.scope is Scope.WHOLE:
        return start_round(actor, found.listing, found.period)
    if found.scope.takes_campaign and found.campaign is None:
        raise BadInput(Fault("no-campaign", "没有选专项行动", "请选一项进行中的专项行动"))
    lines = found.lines
    if lines and mark_of(lines) != request.POST.get("seen", ""):
        what = "您看名单以后，名单又有变化，没有开始收报"
        raise Conflict(Fault("scope-changed", what, "下面是现在的名单，请核对后再开始"))
    scope = [one.scoped for one in lines]
    return start_limited_round(actor, found.listing, found.period, scope)


def _refused(request: HttpRequest, found: Opening, error: GuatuError) -> HttpResponse:
    status = 409 if isinstance(error, Conflict) else 422
    context = {**_context(found), "faults": error.faults}
    return render(request, "wall/opening_page.html", context, status=status)


def _context(found: Opening) -> dict[str, Any]:
    lines = [] if found.scope is Scope.WHOLE else found.lines
    return {
        "opening": found,
        "scopes": list(Scope),
        "is_whole": found.scope is Scope.WHOLE,
        "whole": len(found.expected),
        "lines": lines,
        "seen": mark_of(lines),
    }
