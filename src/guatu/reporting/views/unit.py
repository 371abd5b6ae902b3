"""A unit's own pages: what it has to report, one project's form, what is kept for later."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput, Conflict, Fault, GuatuError, RoundClosed
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.access import own_entry, round_of, scopes_of
from guatu.reporting.quantities import milestones
from guatu.reporting.quantities.stating import PREFIX
from guatu.reporting.services.submit import SubmitReport, save_draft, submit_report
from guatu.reporting.unit import mine as presenters
from guatu.reporting.unit.form import FIELDS, Filling, filling, typed_alone
from guatu.ui.export import download, workbook
from guatu.ui.forms import stated_version

_ROW = re.compile(r"([1-9]\d{0,17}):([1-9]\d{0,17}):([\d.\-]{1,150})", re.ASCII)

SENT = "sent"
_OWN = re.compile(rf"({PREFIX}|{milestones.PREFIX})[1-9]\d{{0,17}}", re.ASCII)


@require_safe
@needs(Right.REPORT)
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/mine_page.html", _mine(request))


def _mine(request: HttpRequest) -> dict[str, object]:
    query = request.GET.copy()
    sent = query.pop(SENT, [""])[-1]
    found = presenters.roster(viewer_of(request), query)
    left = sum(one.is_to_do for one in found.rows)
    days = [one.days_left for one in found.rows if one.is_to_do]
    with_workbook = (one.round for one in found.rows if one.known.takes_money)
    rounds = list({one.pk: one for one in with_workbook}.values())
    names = {str(one.known.entry.project_id): str(one.known.entry.project) for one in found.rows}
    told: dict[str, object] = {"left": left, "all": len(found.rows), "sent": names.get(sent, "")}
    told["days"] = min(days, default=None)
    return {**found.page(), **told, "rounds": rounds}


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
    is_posted = request.method == "POST"
    # What the page shows is read only where it is shown: everybody sends in on the same day.
    typed = typed_alone(request.POST) if is_posted else None
    if typed is None or not typed.is_valid():
        page = _filling(request, round_id, project_id)
        typed = page.form
        if not is_posted or not typed.is_valid():
            return _page(request, page, typed.status)
    try:
        done = submit_report(who.actor_of(request), typed.command(round_id, project_id))
    except BadInput as error:
        page = _filling(request, round_id, project_id)
        if page.form.is_valid():
            page.form.take_faults(error)
        return _page(request, page, 422)
    except (Conflict, RoundClosed) as error:  # what was typed stays in sight
        page = _filling(request, round_id, project_id)
        page.faults = error.faults
        return _page(request, page, 409)
    if done.report is None:
        page = _filling(request, round_id, project_id)
        page.questions = done.questions
        return _page(request, page, 422)
    # In the address, not in the session: that would be a second commit.
    return redirect(f"{reverse('my-reports')}?{SENT}={project_id}")


def _filling(request: HttpRequest, round_id: int, project_id: int) -> Filling:
    scopes = scopes_of(who.assignments_of(request), Right.REPORT)
    entry = own_entry(scopes, round_id, project_id)
    posted = request.POST if request.method == "POST" else None
    return filling(round_of(round_id), entry, posted)


def _page(request: HttpRequest, page: Filling, status: int) -> HttpResponse:
    return render(request, "reporting/form_page.html", page.context(), status=status)


@require_POST
@needs(Right.REPORT)
def draft(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    """Keep what is typed; no act of record, so no form token: the version says which came first."""
    own_entry(scopes_of(who.assignments_of(request), Right.REPORT), round_id, project_id)
    version = stated_version(request.POST.get("draft_version", ""))
    own = [name for name in request.POST if _OWN.fullmatch(name)]
    names = (*FIELDS, *own[: milestones.FIELDS_OF_REPORT])
    content = {name: request.POST.get(name, "") for name in names}
    actor = who.actor_of(request)
    try:
        kept = save_draft(actor, round_id, project_id, content, version=version)
    except (Conflict, RoundClosed, BadInput) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _told(error, status)
    return JsonResponse({"version": kept, "words": "已暂存"})


def _told(error: GuatuError, status: int) -> HttpResponse:
    return JsonResponse({"words": "；".join(str(one) for one in error.faults)}, status=status)
