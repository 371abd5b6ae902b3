"""Applications by workbook: the template, the upload, what it would do, the confirmation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from guatu.files import staging
from guatu.files.intake import ReadFile, read_files
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger.making import access, services
from guatu.ledger.making.access import Maker, maker
from guatu.ledger.making.models import ListCall
from guatu.ledger.making.workbook.judging import Choices
from guatu.ledger.making.workbook.presenters import looked_page
from guatu.ledger.making.workbook.template import template
from guatu.organisation import request as who
from guatu.organisation.request import actor_of
from guatu.ui.export import download
from guatu.ui.forms import SiteForm, posted

KEPT = "application-workbook"


class WorkbookForm(SiteForm):
    """The filled workbook."""

    workbook = forms.FileField(
        label="填好的申报表",
        widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.ods,.csv"}),
        error_messages={"required": "请选择填好的申报表", "empty": "这个文件是空的"},
    )


def _call(request: HttpRequest, call_id: int) -> tuple[ListCall, Maker]:
    """A call for who applies or takes applications in."""
    found = maker(who.user_of(request), who.assignments_of(request))
    call = access.call_for(found, call_id)
    if not (found.is_office or found.applying):
        raise NotAllowed(Fault("not-allowed", "您没有申报的权限", "请由填报员或项目办办理"))
    return call, found


@require_safe
def blank(request: HttpRequest, call_id: int) -> HttpResponse:
    call, found = _call(request, call_id)
    return download(template(call, Choices.read().offered(found)), f"{call}申报表.xlsx")


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, call_id: int) -> HttpResponse:
    call, found = _call(request, call_id)
    form = WorkbookForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.do(lambda data: staging.stage([data["workbook"]])):
        _forget(request)
        request.session[KEPT] = {"token": form.outcome, "call": call.pk}
        return redirect("application-workbook-preview", call.pk)
    context = {"call": call, "form": form, "is_office": found.is_office}
    return render(request, "ledger/application_workbook.html", context, status=form.status)


@require_safe
def preview(request: HttpRequest, call_id: int) -> HttpResponse:
    call, found = _call(request, call_id)
    read = _read(_kept(request, call))
    try:
        looked = services.look_at(found, call, read, seen=seen.projects_of(request))
    except (BadInput, Conflict) as error:
        context = {"call": call, "refused": error.faults, "is_office": found.is_office}
        status = 422 if isinstance(error, BadInput) else 409
        return render(request, "ledger/application_workbook_preview.html", context, status=status)
    context = looked_page(looked, is_office=found.is_office) | {"name": read.name}
    return render(request, "ledger/application_workbook_preview.html", context)


@require_POST
@once
def confirm(request: HttpRequest, call_id: int) -> HttpResponse:
    call, found = _call(request, call_id)
    read = _read(_kept(request, call))
    with transaction.atomic():
        looked = services.take_applications(actor_of(request), call.pk, read)
        if looked.counts != request.POST.get("counts"):
            what = "预览之后有了变化，没有收下"
            raise Conflict(Fault("changed-meanwhile", what, "请回到预览再核对一次"))
    _forget(request)
    told = f"已收到{len(looked.new) + len(looked.changed)}个申报"
    messages.success(request, f"{told}，其中更新{len(looked.changed)}个")
    return redirect("list-call", call.pk) if found.is_office else redirect("applications")


def _kept(request: HttpRequest, call: ListCall) -> dict[str, Any]:
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict) or kept.get("call") != call.pk:
        raise NotFound(Fault("upload-gone", "没有等待确认的申报表", "请重新选择文件上传"))
    return kept


def _read(kept: dict[str, Any]) -> ReadFile:
    (read,) = read_files(staging.staged(str(kept["token"])))
    return read


def _forget(request: HttpRequest) -> None:
    kept = request.session.pop(KEPT, None)
    if isinstance(kept, dict):
        token = str(kept.get("token", ""))
        transaction.on_commit(lambda: staging.drop(token))
