"""Taking a year's list in: choose the workbooks, see what would happen, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotAllowed, NotFound
from guatu.files import staging
from guatu.journal.once import once
from guatu.ledger import queries as ledger
from guatu.organisation.request import actor_of, rights_of
from guatu.organisation.types import Right
from guatu.planning import services
from guatu.planning.forms import ListImportForm, command_of
from guatu.planning.presenters import taking as presenters

KEPT = "list-import"


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    _require(request)
    posted = request.method == "POST"
    initial = {"year": clock.today().year}
    form = ListImportForm(
        request.POST if posted else None, request.FILES if posted else None, initial=initial
    )
    if posted and form.is_valid():
        try:
            token = staging.stage(request.FILES.getlist("workbooks"))
        except BadInput as error:
            _tell(form, error)
        else:
            _forget(request)
            request.session[KEPT] = {"token": token, **form.options()}
            return redirect("list-import-preview")
    context = {"form": form, "lists": presenters.lists_there()}
    status = 422 if posted else 200
    return render(request, "planning/list_import.html", context, status=status)


@require_http_methods(["GET"])
def preview(request: HttpRequest) -> HttpResponse:
    _require(request)
    kept = _kept(request)
    return _preview(request, kept, status=200)


@require_POST
@once
def confirm(request: HttpRequest) -> HttpResponse:
    _require(request)
    kept = _kept(request)
    taken = services.take_in_list(
        actor_of(request), staging.staged(kept["token"]), command_of(kept, dry_run=False)
    )
    if presenters.counts_of(taken) != request.POST.get("counts"):
        # Refused: what was written is taken back with the form's token.
        return _stale(request)
    _forget(request)
    messages.success(request, f"已导入：新增{taken.new}个，更新{taken.changed}个")
    listing = ledger.find_list(int(kept["year"]), taken.list_title) if taken.list_title else None
    return redirect("list", listing.pk) if listing else redirect("lists")


def _preview(request: HttpRequest, kept: dict[str, Any], *, status: int) -> HttpResponse:
    try:
        taken = services.take_in_list(
            actor_of(request), staging.staged(kept["token"]), command_of(kept, dry_run=True)
        )
    except BadInput as error:
        taken = services.ListTaken(faults=list(error.faults))
    context = presenters.preview_page(taken, kept)
    return render(request, "planning/list_preview.html", context, status=status)


def _stale(request: HttpRequest) -> HttpResponse:
    fault = Fault("changed-meanwhile", "台账在预览之后有了变化", "请看过新的预览再确认")
    context = {"heading": "请再核对一次", "faults": [fault]}
    return render(request, "planning/list_stale.html", context, status=409)


def _require(request: HttpRequest) -> None:
    if Right.IMPORT_LEDGER not in rights_of(request):
        raise NotAllowed(Fault("not-allowed", "您没有导入清单的权限", "请由项目办办理"))


def _kept(request: HttpRequest) -> dict[str, Any]:
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict):
        raise NotFound(Fault("upload-gone", "没有等待确认的清单", "请重新选择文件上传"))
    return kept


def _forget(request: HttpRequest) -> None:
    kept = request.session.pop(KEPT, None)
    if isinstance(kept, dict):
        token = str(kept.get("token", ""))
        # Only once the import stands: what is taken back can then be confirmed again.
        transaction.on_commit(lambda: staging.drop(token))


def _tell(form: ListImportForm, error: BadInput) -> None:
    for fault in error.faults:
        form.add_error("workbooks", f"{fault.file} {fault.what}，{fault.remedy}".strip())
