"""Bases of indicators: the list, and one with its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.journal.once import once
from guatu.ledger.request import require, viewer_of
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.reporting.basis import presenters
from guatu.reporting.basis.access import get_indicator
from guatu.reporting.basis.forms import BasisForm
from guatu.reporting.basis.queries import changes_of
from guatu.reporting.basis.services import change_basis
from guatu.reporting.desk.months import require_business
from guatu.ui.export import download, workbook


@require_safe
def bases(request: HttpRequest) -> HttpResponse:
    require_business(viewer_of(request))
    context = presenters.roster(request.GET).page()
    return render(request, "reporting/bases_page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    require_business(viewer_of(request))
    roster = presenters.roster(request.GET)
    return download(workbook(roster.title, roster.columns, roster.found()), "口径.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def basis(request: HttpRequest, indicator_id: int) -> HttpResponse:
    require_business(viewer_of(request))
    known = changes_of(get_indicator(indicator_id))
    if request.method != "POST":
        context = presenters.page(known, presenters.first_form(known))
        return render(request, "reporting/basis_page.html", context)
    require(request, Right.CHANGE_SETTINGS)
    form = BasisForm(request.POST)
    if form.do(lambda _: change_basis(who.actor_of(request), indicator_id, form.command())):
        messages.success(request, f"已记下，{form.outcome.valid_from}起按新口径")
        return redirect("basis", indicator_id)
    return render(request, "reporting/basis_page.html", presenters.page(known, form), status=422)
