"""Call notes to units, and quick figures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core.errors import BadInput
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import quick as presenters
from guatu.reporting.forms import NoteForm, QuickForm
from guatu.reporting.services.chasing import note_call, note_quick_figure
from guatu.reporting.views.intake import office_round
from guatu.reporting.views.months import viewer_of


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
    form = QuickForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            project = access.get_project(viewer, the_round, form.cleaned_data["project"])
            try:
                note_quick_figure(
                    who.actor_of(request), the_round, project, form.cleaned_data["value"]
                )
            except BadInput as error:
                form.add_error("value", error.faults[0].what)
            else:
                messages.success(request, f"“{project}”的快报数已记下")
                return redirect(request.get_full_path())
        status = 422
    context = {**presenters.page(viewer, the_round, request.GET), "form": form}
    return render(request, "reporting/quick_page.html", context, status=status)
