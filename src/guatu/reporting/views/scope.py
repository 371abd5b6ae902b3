"""The scope of a limited round: its projects, and adding some."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.views import lists
from guatu.reporting.due import scope_page
from guatu.reporting.due.forms import AddToRoundForm
from guatu.reporting.due.limiting import add_to_round
from guatu.reporting.views.intake import office_round


@require_safe
def scope(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    context = scope_page.page(viewer_of(request), the_round, request.GET)
    return render(request, "reporting/scope_page.html", context)


@require_safe
def export(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    return lists.export(scope_page.roster(viewer_of(request), the_round, request.GET))


@require_POST
@once
def add(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round, viewer = office_round(request, round_id), viewer_of(request)
    form = AddToRoundForm(request.POST)
    if form.do(
        lambda told: add_to_round(
            who.actor_of(request),
            the_round,
            scope_page.meant(viewer, the_round, form.lines()),
            told["reason"],
        )
    ):
        messages.success(request, f"已增补{len(form.outcome)}个项目，记入日志")
        return redirect("round-scope", round_id)
    context = scope_page.page(viewer, the_round, request.GET, form)
    return render(request, "reporting/scope_page.html", context, status=422)
