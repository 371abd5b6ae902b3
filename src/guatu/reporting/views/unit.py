"""A unit's own pages: what it has to report, one project's form, what is kept for later."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput, Conflict, Fault, GuatuError, RoundClosed
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.access import own_entry, round_of, scopes_of
from guatu.reporting.services.submit import SubmitReport, save_draft, submit_report
from guatu.reporting.unit import mine as presenters
from guatu.reporting.unit.form import FIELDS, Filling, filling
from guatu.ui.export import download, workbook

_ROW = re.compile(r"([1-9]\d{0,17}):([1-9]\d{0,17}):([\d.\-]{1,150})", re.ASCII)


@require_safe
@needs(Right.REPORT)
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/mine_page.html", _mine(request))


def _mine(request: HttpRequest) -> dict[str, object]:
    found = presenters.roster(viewer_of(request), request.GET)
    left = sum(one.is_to_do for one in found.rows)
    days = [one.days_left for one in found.rows if one.is_to_do]
    return {**found.page(), "left": left, "all": len(found.rows), "days": min(days, default=None)}


@require_safe
@needs(Right.REPORT)
def export(request: HttpRequest) -> HttpResponse:
    found = presenters.roster(viewer_of(request), request.GET)
    columns = [one for one in found.columns if not one.is_act]
    return download(workbook(found.title, columns, found.found()), f"{found.title}.xlsx")


@require_POST
@needs(Right.REPORT)
@once
def unchanged(request: HttpRequest) -> HttpResponse:
    """本期无变化 in one press; where something is asked about it, the form asks."""
    match = _ROW.fullmatch(request.POST.get("row", ""))
    if match is None:
        raise BadInput(Fault("no-row", "没有选项目", "请点项目后面的“本期无变化”"))
    round_id, project_id = int(match[1]), int(match[2])
    told = SubmitReport(round_id=round_id, project_id=project_id, seen=match[3], is_unchanged=True)
    try:
        done = submit_report(who.actor_of(request), told)
    except (BadInput, Conflict, RoundClosed) as error:
        context = {**_mine(request), "faults": error.faults}
        status = 422 if isinstance(error, BadInput) else 409
        return render(request, "reporting/mine_page.html", context, status=status)
    if done.report is None:
        messages.warning(request, "本项目有要说明的，请填情况说明后报送")
        return redirect("report-form", round_id, project_id)
    messages.success(request, f"“{done.report.project}”已报送：本期无变化")
    return redirect("my-reports")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REPORT)
@once
def form(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    scopes = scopes_of(who.assignments_of(request), Right.REPORT)
    entry = own_entry(scopes, round_id, project_id)
    the_round = round_of(round_id)
    posted = request.POST if request.method == "POST" else None
    page = filling(the_round, entry, posted)
    if posted is None or not page.form.is_valid():
        return _page(request, page, page.form.status)
    try:
        done = submit_report(who.actor_of(request), page.form.command(round_id, project_id))
    except BadInput as error:
        page.form.take_faults(error)
        return _page(request, page, 422)
    except (Conflict, RoundClosed) as error:  # what was typed stays in sight
        page.faults = error.faults
        return _page(request, page, 409)
    if done.report is None:
        page.questions = done.questions
        return _page(request, page, 422)
    messages.success(request, f"“{done.report.project}”已报送")
    return redirect("my-reports")


def _page(request: HttpRequest, page: Filling, status: int) -> HttpResponse:
    return render(request, "reporting/form_page.html", page.context(), status=status)


@require_POST
@needs(Right.REPORT)
def draft(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    """Keep what is typed; no act of record, so no form token: the version says which came first."""
    own_entry(scopes_of(who.assignments_of(request), Right.REPORT), round_id, project_id)
    version = request.POST.get("draft_version", "")
    content = {name: request.POST.get(name, "") for name in FIELDS}
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise BadInput(Fault("no-version", "表单不完整", "请刷新页面后再填"))
    actor = who.actor_of(request)
    try:
        kept = save_draft(actor, round_id, project_id, content, version=int(version))
    except (Conflict, RoundClosed, BadInput) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _told(error, status)
    return JsonResponse({"version": kept, "words": "已暂存"})


def _told(error: GuatuError, status: int) -> HttpResponse:
    return JsonResponse({"words": "；".join(str(one) for one in error.faults)}, status=status)
