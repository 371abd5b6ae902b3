"""Call notes to units, and quick figures."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import quick as presenters
from guatu.reporting.forms import NoteForm, QuickFigures, quick_figures
from guatu.reporting.models import Round
from guatu.reporting.services.chasing import note_call, note_quick_figures
from guatu.reporting.views.intake import office_round


@require_POST
@once
def note(request: HttpRequest, round_id: int, organisation_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    unit = access.get_unit(the_round, organisation_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "round": the_round, "unit_id": unit.pk, "typed": request.POST}
        return render(request, "reporting/note_page.html", context, status=422)
    note_call(
        who.actor_of(request),
        the_round,
        unit,
        text=form.cleaned_data["text"],
        promised_on=form.cleaned_data["promised_on"],
    )
    messages.success(request, "催报情况已记下")
    return redirect(f"{reverse('intake', args=[round_id])}#unit-{unit.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def quick(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    viewer = viewer_of(request)
    if request.method != "POST":
        return _quick_page(request, the_round)
    try:
        posted = quick_figures(request.POST)
        if posted.errors:
            return _quick_page(request, the_round, posted)
        known = access.projects_of(viewer, the_round).filter(pk__in=posted.yuan)
        if known.count() != len(posted.yuan):
            raise NotFound(Fault("unknown-project", "这份清单里没有这个项目", "请从收表台进入"))
        made = note_quick_figures(who.actor_of(request), the_round, posted.yuan)
    except BadInput as error:
        return _quick_page(request, the_round, faults=error.faults)
    messages.success(request, f"已记下{len(made)}个项目的快报数")
    return redirect(request.get_full_path())


def _quick_page(
    request: HttpRequest,
    the_round: Round,
    posted: QuickFigures | None = None,
    faults: Sequence[Fault] = (),
) -> HttpResponse:
    context = presenters.page(viewer_of(request), the_round, request.GET, posted)
    is_wrong = bool(faults or posted)
    return render(
        request,
        "reporting/quick_page.html",
        {**context, "faults": faults},
        status=422 if is_wrong else 200,
    )
