"""Pages of the office: calls, the desk, totals, versions, issuing, adjusting."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger.making import access, queries
from guatu.ledger.making import services as ledger_services
from guatu.ledger.making.forms import BatchForm, CallForm, VersionForm, call_values, picked
from guatu.ledger.making.models import ListCall, ListVersion
from guatu.ledger.making.services.placing import waiting_lists
from guatu.ledger.making.types import CallState, Decision, VersionKind
from guatu.ledger.making.views import maker_of
from guatu.ledger.presenters.project import fields_of
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.planning.making import annex, desk, presenters, services
from guatu.planning.making.forms import AdjustForm, IssueForm
from guatu.ui.export import DOCX, Sheet, download, workbook
from guatu.ui.forms import posted, version_of


def _call(request: HttpRequest, call_id: int) -> ListCall:
    """A call for the office; others who know it may not make the list."""
    call = access.call_for(maker_of(request), call_id)
    seen.require(request, Right.MAKE_LISTS)
    return call


@require_safe
@needs(Right.MAKE_LISTS)
def calls(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/calls_page.html", presenters.calls_roster(request.GET).page())


@require_safe
@needs(Right.MAKE_LISTS)
def calls_export(request: HttpRequest) -> HttpResponse:
    roster = presenters.calls_roster(request.GET)
    return download(workbook("年度清单编制", roster.columns, roster.found()), "年度清单编制.xlsx")


@require_http_methods(["GET", "POST"])
@once
@needs(Right.MAKE_LISTS)
def new(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    initial = {"version": 0, "year": today.year + 1, "name": "重点项目", "opens_on": today}
    form = CallForm(posted(request), initial=initial)
    if form.do(lambda _: ledger_services.open_call(actor_of(request), form.words())):
        messages.success(request, f"已发出{form.outcome}的申报通知")
        return redirect("list-call", form.outcome.pk)
    context = {"form": form, "fields": fields_of(form)}
    return render(request, "planning/call_form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    form = CallForm(posted(request), initial=call_values(call))
    if form.do(
        lambda data: ledger_services.change_call(
            actor_of(request), call_id, form.words(), version=data["version"]
        )
    ):
        messages.success(request, "已保存")
        return redirect("list-call", call_id)
    context = {"form": form, "fields": fields_of(form), "call": call}
    return render(request, "planning/call_form.html", context, status=form.status)


@require_POST
@once
def switch(request: HttpRequest, call_id: int) -> HttpResponse:
    """Stop taking applications, or take them again."""
    call = _call(request, call_id)
    version = version_of(request.POST.get("version", ""))
    put = (
        ledger_services.close_call if call.state == CallState.OPEN else ledger_services.reopen_call
    )
    done = put(actor_of(request), call_id, version=version)
    messages.success(request, f"{done}{CallState(done.state).label}")
    return redirect("list-call", call_id)


@require_safe
def one(request: HttpRequest, call_id: int) -> HttpResponse:
    return _desk(request, _call(request, call_id), BatchForm())


def _desk(request: HttpRequest, call: ListCall, form: BatchForm) -> HttpResponse:
    context = desk.desk_page(
        call,
        request.GET,
        form,
        picked=request.POST.getlist("id"),
    )
    return render(request, "planning/desk_page.html", context, status=form.status)


@require_safe
def export(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    roster = desk.roster_of(call, request.GET)
    content = workbook(f"{call}申报", roster.columns, roster.found())
    return download(content, f"{call}申报.xlsx")


@require_POST
@once
def decide(request: HttpRequest, call_id: int) -> HttpResponse:
    def act(form: BatchForm) -> str:
        data = form.cleaned_data
        rows = ledger_services.decide(
            actor_of(request),
            call_id,
            picked(request.POST),
            decision=Decision(data["decision"]),
            reason=data["reason"],
        )
        return f"{len(rows)}个申报已定为“{Decision(data['decision']).label}”"

    return _batch(request, call_id, act)


@require_POST
@once
def ask(request: HttpRequest, call_id: int) -> HttpResponse:
    def act(form: BatchForm) -> str:
        units = form.cleaned_data["departments"]
        new = ledger_services.ask_opinions(actor_of(request), call_id, picked(request.POST), units)
        return f"新发出{new}份征求意见"

    return _batch(request, call_id, act)


@require_POST
@once
def give_back(request: HttpRequest, call_id: int) -> HttpResponse:
    def act(form: BatchForm) -> str:
        reason = form.cleaned_data["reason"]
        rows = ledger_services.return_applications(
            actor_of(request), call_id, picked(request.POST), reason=reason
        )
        return f"已退回{len(rows)}个申报"

    return _batch(request, call_id, act)


def _batch(request: HttpRequest, call_id: int, act: Callable[[BatchForm], str]) -> HttpResponse:
    """One act on the ticked rows; a refusal keeps the ticks and what was typed."""
    call = _call(request, call_id)
    form = BatchForm(request.POST)
    if form.do(lambda _: act(form)):
        messages.success(request, form.outcome)
        return redirect("list-call", call_id)
    return _desk(request, call, form)


@require_safe
def totals(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    return render(request, "planning/totals_page.html", presenters.totals_page(call, request.GET))


@require_safe
def totals_export(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    page = presenters.totals_page(call, request.GET)
    sheets = [
        Sheet(f"按{label}", grid.columns, [*grid.rows, page["whole"]])
        for label, grid in page["tables"]
    ]
    whole = workbook(
        f"{call}与上年比较", presenters.totals_columns(call, "合计"), [page["whole"]], more=sheets
    )
    return download(whole, f"{call}与上年比较.xlsx")


@require_http_methods(["GET", "POST"])
@once
def versions(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    form = VersionForm(posted(request))
    if form.do(
        lambda data: ledger_services.make_version(
            actor_of(request), call_id, VersionKind(data["kind"]), basis=data["basis"]
        )
    ):
        messages.success(request, f"已生成{form.outcome}")
        return redirect("list-call-versions", call_id)
    context = presenters.versions_page(call, request.GET, form) | {"fields": fields_of(form)}
    return render(request, "planning/versions_page.html", context, status=form.status)


def _version(version_id: int) -> ListVersion:
    found = (
        ListVersion.objects.filter(pk=version_id).select_related("call", "list").first()
        if is_id(version_id)
        else None
    )
    if found is None:
        raise NotFound(
            Fault("unknown-version", f"没有编号为{version_id}的版本", "请回到列表重新选")
        )
    return found


@require_safe
@needs(Right.MAKE_LISTS)
def version_docx(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version's annex as a document, grouped as the address asks: 地区 unless told."""
    found = _version(version_id)
    asked = request.GET.get("group", "")
    content = annex.annex_docx(found, asked if asked in presenters.GROUPS else "region")
    return download(content, f"{annex.annex_name(found)}.docx", DOCX)


@require_safe
@needs(Right.MAKE_LISTS)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version's annex as a workbook."""
    found = _version(version_id)
    rows = queries.rows_in(found)
    title = f"{found.list or found.call}（{found}）"
    notes = [presenters.version_words(rows, found), f"内容摘要{found.sm3}"]
    if found.outside_number:
        notes.insert(0, found.outside_number)
    is_adjusted = found.kind in (VersionKind.ADJUSTED, VersionKind.ISSUED)
    columns = presenters.version_columns(is_adjusted=is_adjusted)
    lines = [*rows, presenters.version_total(rows, found)]
    return download(workbook(title, columns, lines, notes=notes), f"{title}.xlsx")


@require_http_methods(["GET", "POST"])
@once
def issue(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _call(request, call_id)
    initial = {"version": call.version, "on": clock.today()}
    form = IssueForm(posted(request), initial=initial, waiting=waiting_lists(call))
    if form.do(lambda _: services.issue_list(actor_of(request), call_id, form.command())):
        messages.success(request, f"{call}已印发")
        return redirect("list", form.outcome.list_id)
    context = presenters.issue_page(call, form) | {"fields": fields_of(form)}
    return render(request, "planning/issue_page.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def adjust(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request, Right.MAKE_LISTS)
    form = AdjustForm(
        posted(request), initial={"on": clock.today()}, seen=seen.projects_of(request)
    )
    if form.do(lambda _: services.adjust_list(actor_of(request), list_id, form.command())):
        done = form.outcome
        messages.success(request, f"{listing}{done.adjustment}已记下")
        if done.unsliced:
            names = "、".join(done.unsliced[:5])
            messages.warning(request, f"{names}的分期计划超过了新的年度计划，须重新下达分期计划")
        return redirect("list-adjustments", list_id)
    context = presenters.adjust_page(listing, form) | {"fields": fields_of(form)}
    return render(request, "planning/adjust_page.html", context, status=form.status)


@require_safe
def adjustments(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request, Right.MAKE_LISTS)
    context = presenters.adjustments_page(listing)
    return render(request, "planning/adjustments_page.html", context)


@require_safe
def adjustments_export(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request, Right.MAKE_LISTS)
    columns, rows = presenters.exported_lines(listing)
    return download(workbook(f"{listing}调整", columns, rows), f"{listing}调整.xlsx")
