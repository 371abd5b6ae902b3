"""The list of rounds."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import BadInput, Fault
from guatu.core.periods import PeriodKey, parse_period
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.reporting.desk import months as presenters
from guatu.reporting.due.limiting import is_short, opening_notices
from guatu.reporting.services.rounds import require_begun, start_round


@require_safe
def months(request: HttpRequest) -> HttpResponse:
    context = presenters.page(viewer_of(request), who.rights_of(request), request.GET)
    return render(request, "reporting/months_page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    return presenters.exported(viewer_of(request), who.rights_of(request), request.GET)


@require_POST
@once
def start(request: HttpRequest) -> HttpResponse:
    """Open a round; whoever may not sees no such page, as on the desk."""
    actor, viewer = who.actor_of(request), viewer_of(request)
    presenters.require_business(viewer)
    require(actor, Right.IMPORT_REPORTS)
    try:
        listing = presenters.chosen_list(viewer, request.POST.get("list", ""))
        period = _period(request.POST.get("period", "")[:20])
        require_begun(period)
        if is_short(period):
            # Between the monthly reports the office says first whom it asks.
            asked = urlencode({"list": listing.pk, "period": period.key})
            return redirect(f"{reverse('round-opening')}?{asked}")
        the_round = start_round(actor, listing, period)
    except BadInput as error:
        context = presenters.page(viewer, who.rights_of(request), request.GET)
        typed = {"faults": error.faults, "next_period": request.POST.get("period", "")[:20]}
        return render(request, "reporting/months_page.html", {**context, **typed}, status=422)
    for told in opening_notices(the_round):
        messages.warning(request, told)
    return redirect("intake", the_round.pk)


def _period(text: str) -> PeriodKey:
    try:
        return parse_period(text)
    except BadInput as error:
        what = f"没有“{text}”这样的期别" if text.strip() else "没有选期别"
        raise BadInput(
            Fault("unknown-period", what, "请从列表里选，如“2026年10月”或“2026年第三季度”")
        ) from error
