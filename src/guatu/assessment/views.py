"""The pages and acts of one round."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.assessment import queries
from guatu.assessment.access import RoundViewer
from guatu.assessment.forecast_page import presenters as forecast_page
from guatu.assessment.forms import digest_seen, one_file
from guatu.assessment.round_page import presenters, rows
from guatu.assessment.services import requests
from guatu.assessment.services.requests import RIGHTS
from guatu.assessment.types import RequestKind
from guatu.core.errors import BadInput, Fault
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.reporting.types import RoundState
from guatu.ui.export import download, workbook


@require_safe
def the_round(request: HttpRequest, round_id: int) -> HttpResponse:
    context = presenters.page(RoundViewer.of(request, round_id))
    return render(request, "assessment/round_page.html", context)


@require_safe
def preview(request: HttpRequest, round_id: int) -> HttpResponse:
    """What would be frozen, for the page to load after itself; or the whole page with it."""
    viewer = RoundViewer.of(request, round_id)
    if viewer.round.state != RoundState.OPEN:
        return redirect("round", round_id)
    is_part = bool(request.headers.get("HX-Request"))
    template = "assessment/_round_preview.html" if is_part else "assessment/round_page.html"
    return render(request, template, presenters.preview(viewer))


@require_safe
def round_rows(request: HttpRequest, round_id: int) -> HttpResponse:
    """The projects behind the numbers of the preview."""
    viewer = RoundViewer.of(request, round_id)
    if viewer.round.state != RoundState.OPEN:
        return redirect("round", round_id)
    return render(request, "assessment/round_rows.html", rows.page(viewer, request.GET))


@require_safe
def export_rows(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id)
    if viewer.round.state != RoundState.OPEN:
        return redirect("round", round_id)
    title, notes, columns, lines = rows.exported(viewer, request.GET)
    return download(workbook(title, columns, lines, notes=notes), f"{title}.xlsx")


@require_POST
@once
def ask_to_close(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, Right.CLOSE_ROUND)
    requests.ask_to_close(who.actor_of(request), viewer.round, seen=digest_seen(request))
    messages.success(request, "已申请锁定，请另一名有权限的人在24小时内确认")
    return redirect("round", round_id)


@require_POST
@once
def close(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, Right.CLOSE_ROUND)
    actor = who.actor_of(request)
    snapshot = requests.close_seen(actor, viewer.round, seen=digest_seen(request))
    messages.success(request, f"已锁定，共{snapshot.subject_count}个项目")
    _tell(request, requests.make_results(actor, snapshot))
    return redirect("round", round_id)


@require_POST
@once
def send_back(request: HttpRequest, round_id: int, kind: RequestKind) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, RIGHTS[kind])
    actor, reason = who.actor_of(request), request.POST.get("reason", "")
    try:
        requests.return_request(actor, viewer.round, kind, seen=digest_seen(request), reason=reason)
    except BadInput as error:
        told = {"return_faults": error.faults, "return_reason": reason}
        if kind is RequestKind.CORRECT:
            context = {**presenters.correction(viewer), **told}
            return render(request, "assessment/round_correct.html", context, status=422)
        context = {**presenters.preview(viewer), **told}
        return render(request, "assessment/round_page.html", context, status=422)
    messages.success(request, f"已退回{kind.label}申请，申请人能在工作台看到理由")
    return redirect("round" if kind is RequestKind.CLOSE else "round-correct", round_id)


@require_POST
@once
def withdraw(request: HttpRequest, round_id: int, kind: RequestKind) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, RIGHTS[kind])
    requests.withdraw_request(who.actor_of(request), viewer.round, kind, seen=digest_seen(request))
    messages.success(request, f"已撤回{kind.label}申请")
    return redirect("round" if kind is RequestKind.CLOSE else "round-correct", round_id)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, Right.CORRECT_ROUND)
    if request.method != "POST":
        return _correction(request, viewer)
    try:
        file = one_file(request, "workbook", "更正表")
        requests.ask_to_correct(
            who.actor_of(request),
            viewer.round,
            name=file.name,
            workbook=file.content,
            reason=request.POST.get("reason", ""),
        )
    except BadInput as error:
        return _correction(request, viewer, error.faults)
    messages.success(request, "更正表已核对，请看清结果，由另一名有权限的人在24小时内确认")
    return redirect("round-correct", round_id)


def _correction(
    request: HttpRequest, viewer: RoundViewer, faults: tuple[Fault, ...] = ()
) -> HttpResponse:
    context = {
        **presenters.correction(viewer),
        "form_faults": faults,
        "reason": request.POST.get("reason", ""),
    }
    status = 422 if faults else 200
    return render(request, "assessment/round_correct.html", context, status=status)


@require_POST
@once
def confirm_correction(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id, Right.CORRECT_ROUND)
    actor = who.actor_of(request)
    done = requests.correct_asked(actor, viewer.round, seen=digest_seen(request))
    if done.snapshot is not None:
        messages.success(request, f"已更正为第{done.snapshot.revision}版：{_names(done.changed)}")
        _tell(request, requests.make_results(actor, done.snapshot))
    if done.touched_rounds:
        rounds = "、".join(done.touched_rounds)
        messages.warning(request, f"受影响的后续各期没有改动，请酌情更正：{rounds}")
    return redirect("round-compare", round_id)


@require_safe
def compare(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id)
    context = presenters.comparison(viewer, request.GET.get("old", ""), request.GET.get("new", ""))
    return render(request, "assessment/round_compare.html", context)


@require_safe
def forecasts(request: HttpRequest, round_id: int) -> HttpResponse:
    """The year's end as it may come, and who says otherwise."""
    context = forecast_page.page(RoundViewer.of(request, round_id), request.GET)
    return render(request, "assessment/round_forecast.html", context)


@require_safe
def export_forecasts(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = RoundViewer.of(request, round_id)
    title, notes, columns, lines = forecast_page.exported(viewer, request.GET)
    return download(workbook(title, columns, lines, notes=notes), f"{title}.xlsx")


@require_POST
@once
def make_forecasts(request: HttpRequest, round_id: int) -> HttpResponse:
    """Make what an older program did not make when the round was locked."""
    viewer = RoundViewer.of(request, round_id, Right.CLOSE_ROUND)
    snapshot = queries.newest_snapshot(viewer.round)
    _tell(request, requests.make_results(who.actor_of(request), snapshot))
    return redirect("round-forecast", round_id)


def _names(names: list[str], most: int = 5) -> str:
    named = "、".join(names[:most])
    return named if len(names) <= most else f"{named}等{len(names)}个项目"


def _tell(request: HttpRequest, faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        messages.warning(request, f"测算结果没有做成：{fault}")
