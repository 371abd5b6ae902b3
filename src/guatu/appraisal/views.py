"""Pages of the appraisal from above."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.appraisal import access, presenters, queries, services
from guatu.appraisal.forms import (
    CriterionForm,
    EvidenceForm,
    PasteForm,
    RemoveForm,
    SchemeForm,
    ValueForm,
    pasted_criteria,
)
from guatu.appraisal.models import Criterion
from guatu.appraisal.rules import milli_text
from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.yuan import wan_text
from guatu.files.services import read_blob
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import listed
from guatu.organisation import queries as organisation
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.ui.export import download, workbook
from guatu.ui.forms import Options, posted, version_of


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = presenters.schemes_roster(viewer, request.GET).page()
    context["is_office"] = Right.EDIT_PROJECTS in viewer.rights
    return render(request, "appraisal/schemes_page.html", context)


@require_safe
def schemes_export(request: HttpRequest) -> HttpResponse:
    return lists.export(presenters.schemes_roster(viewer_of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def scheme_new(request: HttpRequest) -> HttpResponse:
    form = SchemeForm(posted(request), initial={"year": clock.today().year})
    if form.do(lambda _: services.save_scheme(actor_of(request), form.command())):
        messages.success(request, "方案已登记，请粘贴或逐项登记指标")
        return redirect("scheme", form.outcome.pk)
    context = {"form": form, "title": "登记上级考核方案"}
    return render(request, "appraisal/scheme_form.html", context, status=form.status)


@require_safe
def scheme(request: HttpRequest, scheme_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = access.get_scheme(viewer, scheme_id)
    context = presenters.scheme_page(viewer, found, request.GET)
    return render(request, "appraisal/scheme_page.html", context)


@require_safe
def scheme_export(request: HttpRequest, scheme_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = access.get_scheme(viewer, scheme_id)
    roster = presenters.matrix(viewer, found, request.GET)
    rows = roster.found()
    told = presenters.totals_line(queries.totals_of(rows))
    notes = [f"{found.issuer} {found.outside_number}".strip(), "；".join(map("：".join, told))]
    content = workbook(roster.title, roster.columns, rows, notes=notes)
    return download(content, f"{roster.title}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def scheme_edit(request: HttpRequest, scheme_id: int) -> HttpResponse:
    found = access.get_scheme(viewer_of(request), scheme_id)
    names = ("year", "name", "issuer", "outside_number", "stake_text", "from_on", "until_on")
    initial = {name: getattr(found, name) for name in (*names, "version")}
    if found.stake_yuan is not None:
        initial["stake_yuan"] = wan_text(found.stake_yuan)
    form, title = SchemeForm(posted(request), initial=initial), f"修改{found}"
    if form.do(
        lambda told: services.save_scheme(
            actor_of(request), form.command(), found, version_of(told["version"])
        )
    ):
        messages.success(request, "已保存")
        return redirect("scheme", found.pk)
    context = {"form": form, "title": title, "scheme": found}
    return render(request, "appraisal/scheme_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def scheme_paste(request: HttpRequest, scheme_id: int) -> HttpResponse:
    found = access.get_scheme(viewer_of(request), scheme_id)
    form = PasteForm(posted(request))

    def act(told: dict[str, Any]) -> tuple[int, int]:
        lines = pasted_criteria(told["lines"], organisation.organisation_names())
        return services.take_criteria(actor_of(request), found, lines)

    if form.do(act):
        added, changed = form.outcome
        messages.success(request, f"新增{added}项，修改{changed}项")
        return redirect("scheme", found.pk)
    context = {"form": form, "title": "粘贴指标", "scheme": found}
    return render(request, "appraisal/scheme_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def criterion_new(request: HttpRequest, scheme_id: int) -> HttpResponse:
    found = access.get_scheme(viewer_of(request), scheme_id)
    form = CriterionForm(posted(request), options=_options())
    if form.do(lambda _: services.save_criterion(actor_of(request), found, form.command())):
        messages.success(request, "指标已登记")
        return redirect("criterion", form.outcome.pk)
    context = {"form": form, "title": "登记一项指标", "scheme": found}
    return render(request, "appraisal/scheme_form.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def criterion_edit(request: HttpRequest, criterion_id: int) -> HttpResponse:
    found = access.get_criterion(viewer_of(request), criterion_id)
    names = ("number", "name", "group", "target_text", "unit", "is_lower_better", "basis")
    initial = {name: getattr(found, name) for name in (*names, "version")} | {
        "full_points": milli_text(found.full_points_milli),
        "target": milli_text(found.target_milli),
        "unit_id": found.organisation_id or "",
        "person_id": found.person_id or "",
    }
    form = CriterionForm(posted(request), initial=initial, options=_options())
    title, the_scheme = f"修改{found}", found.scheme
    if form.do(
        lambda told: services.save_criterion(
            actor_of(request), the_scheme, form.command(), found, version_of(told["version"])
        )
    ):
        messages.success(request, "已保存")
        return redirect("criterion", found.pk)
    context = {"form": form, "title": title, "scheme": the_scheme}
    return render(request, "appraisal/scheme_form.html", context, status=form.status)


def _options() -> Options:
    units = listed.organisations()
    people = listed.person_choices({row.pk: row.name for row in units})
    return {
        "unit_id": [("", "未定"), *listed.unit_choices(units)],
        "person_id": [("", "没有写明"), *people],
    }


@require_safe
def criterion(request: HttpRequest, criterion_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    return _page(request, access.get_criterion(viewer, criterion_id))


@require_POST
@once
def criterion_fill(request: HttpRequest, criterion_id: int) -> HttpResponse:
    found = access.get_criterion(viewer_of(request), criterion_id)
    access.require_fill(actor_of(request), found)
    form = ValueForm(request.POST)
    if form.do(lambda _: services.fill_criterion(actor_of(request), found, form.command())):
        messages.success(request, "已填报")
        return redirect("criterion", found.pk)
    return _page(request, found, value=form)


@require_POST
@once
def evidence_add(request: HttpRequest, criterion_id: int) -> HttpResponse:
    found = access.get_criterion(viewer_of(request), criterion_id)
    access.require_fill(actor_of(request), found)
    form = EvidenceForm(request.POST, request.FILES)

    def act(told: dict[str, Any]) -> object:
        given = told["file"]
        file = (given.name, given.read()) if given is not None else None
        return services.add_evidence(
            actor_of(request), found, title=told["title"], reference=told["reference"], file=file
        )

    if form.do(act):
        messages.success(request, "佐证已存")
        return redirect("criterion", found.pk)
    return _page(request, found, evidence=form)


@require_safe
def evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    found = access.get_evidence(viewer_of(request), evidence_id)
    if found.blob is None:
        raise NotFound(Fault("no-file", "这份材料没有存文件", f"存放处：{found.reference}"))
    return download(read_blob(found.blob.sm3), found.file_name, found.blob.mime)


@require_POST
@once
def evidence_remove(request: HttpRequest, evidence_id: int) -> HttpResponse:
    found = access.get_evidence(viewer_of(request), evidence_id)
    access.require_fill(actor_of(request), found.criterion)
    form = RemoveForm(request.POST)
    if form.do(
        lambda told: services.remove_evidence(
            actor_of(request), found, version_of(told["version"]), told["reason"]
        )
    ):
        messages.success(request, f"“{found}”已撤下")
        return redirect("criterion", found.criterion_id)
    return _page(request, found.criterion, remove=form)


def _page(request: HttpRequest, found: Criterion, **forms: Any) -> HttpResponse:
    context = presenters.criterion_page(viewer_of(request), found, **forms)
    return render(request, "appraisal/criterion_page.html", context, status=422 if forms else 200)
