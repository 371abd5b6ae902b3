"""Our figures beside those of the statistics system: the list, a project, a pasted month."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.core.periods import parse_period
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.reporting.desk.months import require_business
from guatu.reporting.statistics import pasted_page, people, project_page
from guatu.reporting.statistics.access import get_statistician
from guatu.reporting.statistics.forms import MaterialForm, PasteForm, RegistrationForm
from guatu.reporting.statistics.presenters import Comparison
from guatu.reporting.statistics.services import (
    Recorded,
    Told,
    end_statistician,
    keep_material,
    name_statistician,
    record_statistics,
    register,
)
from guatu.reporting.views.intake import office_round
from guatu.ui.export import download, workbook
from guatu.ui.forms import SiteForm, posted, version_of

_PROJECT = "reporting/statistics_project.html"


def _comparison(request: HttpRequest) -> Comparison:
    viewer = viewer_of(request)
    require_business(viewer)
    return Comparison.of(viewer, request.GET)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    context = _comparison(request).context(request.GET)
    return render(request, "reporting/statistics_page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    found = _comparison(request)
    roster = found.roster(request.GET)
    rows = roster.found()
    notes = [f"{clock.today()}导出，共{len(rows)}条", *found.notes()]
    book = workbook(roster.title, roster.columns, rows, notes=notes)
    return download(book, f"{roster.title}.xlsx")


@require_safe
def paste(request: HttpRequest, round_id: int) -> HttpResponse:
    context = pasted_page.paste_page(office_round(request, round_id))
    return render(request, "reporting/statistics_paste.html", context)


@require_POST
def preview(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round, form = office_round(request, round_id), PasteForm(request.POST)
    viewer = viewer_of(request)
    if not form.do(lambda _: pasted_page.told_by(viewer, the_round, form)):
        context = pasted_page.paste_page(the_round, form)
        return render(request, "reporting/statistics_paste.html", context, status=422)
    context = pasted_page.preview_page(the_round, form, form.outcome)
    return render(request, "reporting/statistics_preview.html", context)


@require_POST
@once
def record(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round, form = office_round(request, round_id), PasteForm(request.POST)
    viewer, actor = viewer_of(request), who.actor_of(request)

    def save(typed: dict[str, str]) -> object:
        told = pasted_page.told_by(viewer, the_round, form)
        as_of, reason = the_round.period.last_on, typed["reason"]
        return record_statistics(actor, as_of, told, reason=reason, seen=typed["seen"])

    if form.do(save):
        messages.success(request, _recorded(form.outcome))
        return redirect(f"{reverse('statistics')}?round={round_id}")
    context = pasted_page.paste_page(the_round, form)
    return render(request, "reporting/statistics_paste.html", context, status=422)


def _recorded(done: Recorded) -> str:
    parts = [
        f"统计数新增{done.new}个",
        f"更正{done.corrected}个" if done.corrected else "",
        f"不变{done.same}个" if done.same else "",
        f"纳统情况改{done.registered}个" if done.registered else "",
    ]
    return "、".join(filter(None, parts))


@require_safe
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    context = project_page.page(viewer_of(request), seen.project_for(request, project_id))
    return render(request, _PROJECT, context)


@require_POST
@once
def figure(request: HttpRequest, project_id: int) -> HttpResponse:
    found, viewer = seen.project_for(request, project_id), viewer_of(request)
    seen.require(request, Right.IMPORT_REPORTS)
    form = project_page.figure_form(project_page.months_of(viewer, found), request.POST)

    def save(typed: dict[str, str]) -> object:
        told = [Told(found.pk, form.cleaned_data["amount"], raw_text=request.POST["amount"])]
        as_of = parse_period(typed["round"]).as_of
        return record_statistics(who.actor_of(request), as_of, told, reason=typed["reason"])

    if form.do(save):
        messages.success(request, _recorded(form.outcome))
        return redirect("project-statistics", project_id)
    return _refused(request, project_id, figure_form=form)


@require_POST
@once
def registration(request: HttpRequest, project_id: int) -> HttpResponse:
    seen.project_for(request, project_id)
    seen.require(request, Right.IMPORT_REPORTS)
    form = RegistrationForm(request.POST)
    if form.do(lambda _: register(who.actor_of(request), project_id, form.command())):
        messages.success(request, "已记下纳统情况")
        return redirect("project-statistics", project_id)
    return _refused(request, project_id, registration_form=form)


@require_POST
@once
def material(request: HttpRequest, project_id: int) -> HttpResponse:
    seen.project_for(request, project_id)
    seen.require(request, Right.IMPORT_REPORTS)
    form = MaterialForm(request.POST)
    if form.do(lambda _: keep_material(who.actor_of(request), project_id, form.command())):
        messages.success(request, f"已记下“{form.outcome.kind}”")
        return redirect(f"{reverse('project-statistics', args=[project_id])}#materials")
    return _refused(request, project_id, material_form=form)


def _refused(request: HttpRequest, project_id: int, **form: SiteForm) -> HttpResponse:
    found = seen.project_for(request, project_id)
    context = project_page.page(viewer_of(request), found, **form)
    return render(request, _PROJECT, context, status=422)


@require_safe
@who.needs(Right.IMPORT_REPORTS)
def statisticians(request: HttpRequest) -> HttpResponse:
    context = people.roster(request.GET).page()
    return render(request, "reporting/statisticians_page.html", context)


@require_safe
@who.needs(Right.IMPORT_REPORTS)
def export_statisticians(request: HttpRequest) -> HttpResponse:
    roster = people.roster(request.GET)
    return download(workbook(roster.title, roster.columns, roster.found()), "统计员.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@who.needs(Right.IMPORT_REPORTS)
@once
def name(request: HttpRequest) -> HttpResponse:
    form = people.statistician_form(posted(request))
    if form.do(lambda _: name_statistician(who.actor_of(request), form.command())):
        messages.success(request, f"已登记统计员{form.outcome}")
        return redirect("statisticians")
    context = {"form": form, "title": "登记统计员", "done": "登记"}
    return render(request, "reporting/statistician_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@who.needs(Right.IMPORT_REPORTS)
@once
def end(request: HttpRequest, statistician_id: int) -> HttpResponse:
    actor = who.actor_of(request)
    person = get_statistician(actor, statistician_id)
    form = people.end_form(person, posted(request))
    if form.do(
        lambda told: end_statistician(actor, person.pk, told["until"], version_of(told["version"]))
    ):
        messages.success(request, f"{person}已卸任")
        return redirect("statisticians")
    context = {"form": form, "title": f"{person}卸任", "done": "卸任"}
    return render(request, "reporting/statistician_form.html", context, status=form.status)
