"""Pages of the burden: the meter, registered forms, complaints."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import listed
from guatu.organisation import queries as organisation
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.reporting.burden import access, presenters, services
from guatu.reporting.burden.forms import AnswerForm, AskedForm, ComplaintForm, EndForm
from guatu.reporting.burden.holders import held
from guatu.reporting.burden.models import Complaint, FormRequest
from guatu.reporting.burden.types import ComplaintState
from guatu.ui.export import download, workbook
from guatu.ui.forms import Options, posted, version_of


@require_safe
@needs(*access.READERS)
def burden(request: HttpRequest) -> HttpResponse:
    context = presenters.page(viewer_of(request), request.GET)
    return render(request, "reporting/burden_page.html", context)


@require_safe
@needs(*access.READERS)
def burden_export(request: HttpRequest) -> HttpResponse:
    roster, notes, more = presenters.exported(viewer_of(request), request.GET)
    content = workbook(roster.title, roster.columns, roster.found(), notes=notes, more=more)
    return download(content, f"{roster.title}.xlsx")


@require_safe
@needs(*access.READERS)
def unit(request: HttpRequest, organisation_id: int) -> HttpResponse:
    access.require_unit(viewer_of(request), organisation_id)
    context = presenters.unit_page(organisation_id)
    return render(request, "reporting/burden_unit.html", context)


@require_safe
@needs(*access.READERS)
def unit_export(request: HttpRequest, organisation_id: int) -> HttpResponse:
    access.require_unit(viewer_of(request), organisation_id)
    title, rows, notes, more = presenters.unit_sheets(organisation_id)
    content = workbook(title, presenters.LINES, rows, notes=notes, more=more)
    return download(content, f"{title}.xlsx")


@require_safe
@needs(*access.READERS)
def forms(request: HttpRequest) -> HttpResponse:
    context = presenters.forms_roster(viewer_of(request), request.GET).page()
    return render(request, "reporting/asked_forms_page.html", context)


@require_safe
@needs(*access.READERS)
def forms_export(request: HttpRequest) -> HttpResponse:
    return lists.export(presenters.forms_roster(viewer_of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.IMPORT_REPORTS)
@once
def form_new(request: HttpRequest) -> HttpResponse:
    units = listed.unit_choices()
    options: Options = {
        "unit": [("", "请选择"), *units],
        "units": [(str(pk), name) for pk, name in units],
    }
    form = AskedForm(posted(request), options=options, initial={"from_on": clock.today()})
    if form.do(lambda _: services.register_form(actor_of(request), form.command())):
        messages.success(request, f"“{form.outcome}”已登记")
        return redirect("asked-form", form.outcome.pk)
    context = {"form": form, "held": held(form.field_names) if form.is_bound else []}
    return render(request, "reporting/asked_form_new.html", context, status=form.status)


@require_safe
@needs(*access.READERS)
def form(request: HttpRequest, form_id: int) -> HttpResponse:
    return _form_page(request, access.get_form(viewer_of(request), form_id))


@require_POST
@needs(Right.IMPORT_REPORTS)
@once
def form_end(request: HttpRequest, form_id: int) -> HttpResponse:
    found, end = access.get_form(viewer_of(request), form_id), EndForm(request.POST)
    if end.do(
        lambda told: services.end_form(
            actor_of(request), found, version_of(told["version"]), told["reason"]
        )
    ):
        messages.success(request, f"“{found}”已停用，单位不用再填")
        return redirect("asked-form", found.pk)
    return _form_page(request, found, end)


def _form_page(
    request: HttpRequest, found: FormRequest, end: EndForm | None = None
) -> HttpResponse:
    addressed = list(found.addressees.values_list("organisation_id", flat=True))
    names = organisation.names_of_organisations({found.organisation_id, *addressed})
    is_office = access.units_seen(viewer_of(request)) is None
    context = {
        "asked": found,
        "asker": names.get(found.organisation_id, ""),
        "units": [names.get(pk, "") for pk in addressed] if is_office else [],
        "is_running": found.is_running(clock.today()),
        "can_end": is_office and not found.is_over(clock.today()),
        "is_office": is_office,
        "form": end or EndForm(initial={"version": found.version}),
    }
    status = 422 if end else 200
    return render(request, "reporting/asked_form_page.html", context, status=status)


@require_safe
@needs(*access.READERS)
def complaints(request: HttpRequest) -> HttpResponse:
    context = presenters.complaints_roster(viewer_of(request), request.GET).page()
    return render(request, "reporting/complaints_page.html", context)


@require_safe
@needs(*access.READERS)
def complaints_export(request: HttpRequest) -> HttpResponse:
    return lists.export(presenters.complaints_roster(viewer_of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REPORT)
@once
def complaint_new(request: HttpRequest) -> HttpResponse:
    options = presenters.complaint_options(viewer_of(request))
    initial = {"unit": options["unit"][0][0], "about": request.GET.get("about", "")[:30]}
    form = ComplaintForm(posted(request), options=options, initial=initial)
    if form.do(lambda _: services.complain(actor_of(request), form.command())):
        messages.success(request, "已送项目办，答复后在这里能看到")
        return redirect("complaint", form.outcome.pk)
    context: dict[str, Any] = {"form": form}
    return render(request, "reporting/complaint_new.html", context, status=form.status)


@require_safe
@needs(*access.READERS)
def complaint(request: HttpRequest, complaint_id: int) -> HttpResponse:
    return _complaint_page(request, access.get_complaint(viewer_of(request), complaint_id))


@require_POST
@needs(Right.IMPORT_REPORTS)
@once
def complaint_answer(request: HttpRequest, complaint_id: int) -> HttpResponse:
    found, form = access.get_complaint(viewer_of(request), complaint_id), AnswerForm(request.POST)
    if form.do(
        lambda told: services.answer_complaint(
            actor_of(request),
            found,
            version_of(told["version"]),
            is_accepted=told["verdict"] == "accepted",
            answer=told["answer"],
        )
    ):
        messages.success(request, "已答复")
        return redirect("complaint", found.pk)
    return _complaint_page(request, found, form)


def _complaint_page(
    request: HttpRequest, found: Complaint, form: AnswerForm | None = None
) -> HttpResponse:
    names = organisation.names_of_organisations([found.organisation_id])
    is_open = found.state == ComplaintState.OPEN
    context = {
        "complaint": found,
        "unit": names.get(found.organisation_id, ""),
        "state": ComplaintState(found.state).label,
        "can_answer": is_open and access.units_seen(viewer_of(request)) is None,
        "form": form or AnswerForm(initial={"version": found.version}),
    }
    status = 422 if form else 200
    return render(request, "reporting/complaint_page.html", context, status=status)
