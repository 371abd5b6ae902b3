"""The intake desk: its page, the drop of files, and taking them in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput, Fault, NotFound
from guatu.engines.sheets import DEFAULT
from guatu.files.services import read_blob
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.reporting import access
from guatu.reporting.desk import presenters
from guatu.reporting.models import Delivery, Round
from guatu.reporting.services import deliveries
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.senders import assign_sender
from guatu.reporting.types import DeliveryState
from guatu.ui.export import download, workbook
from guatu.ui.tokens import TOKEN_FIELD


def office_round(request: HttpRequest, round_id: int) -> Round:
    """The round, for those who run the desk."""
    return access.get_round(
        who.user_of(request), who.assignments_of(request), round_id, Right.IMPORT_REPORTS
    )


@require_safe
def desk(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    context = presenters.page(viewer_of(request), the_round, request.GET)
    return render(request, "reporting/intake_page.html", {**context, "is_opening": True})


@require_safe
def files(request: HttpRequest, round_id: int) -> HttpResponse:
    return files_answer(request, office_round(request, round_id))


@require_POST
def deliver(request: HttpRequest, round_id: int) -> HttpResponse:
    """Keep what was dropped; a form without script has all files at once and goes on at once."""
    the_round = office_round(request, round_id)
    response = _received(request, round_id)
    if request.POST.get("more") != "1" and response.status_code == 302:
        actor = who.actor_of(request)
        delivery = Delivery.objects.filter(
            round=the_round, by=actor.text, key=_key(request)
        ).first()
        if delivery is not None:
            _tell(request, deliveries.take_in_delivery(actor, the_round, delivery.pk))
    return response


@once
def _received(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    uploads = [
        # A file over the limit is not read into memory; its name is enough to say so.
        Upload(file.name or "", file.read() if (file.size or 0) <= DEFAULT.upload_bytes else None)
        for file in request.FILES.getlist("files")
    ]
    delivery = deliveries.receive(who.actor_of(request), the_round, _key(request), uploads)
    if request.POST.get("more") == "1":
        return HttpResponse(str(delivery.pk), content_type="text/plain")
    return redirect(f"{reverse('intake', args=[round_id])}#files")


def _key(request: HttpRequest) -> str:
    """What the files of one drop have in common."""
    return (request.POST.get("drop") or request.POST.get(TOKEN_FIELD, ""))[:64]


@require_POST
def take_in(request: HttpRequest, round_id: int, delivery_id: int) -> HttpResponse:
    """Read and take in what was kept. Done once whoever asks how often, so it needs no token;
    nor may it stand in the token's transaction, which would hide how far it is."""
    the_round = office_round(request, round_id)
    delivery = access.get_delivery(the_round, delivery_id)
    done = deliveries.take_in_delivery(who.actor_of(request), the_round, delivery.pk)
    if request.headers.get("HX-Request"):
        return files_answer(request, the_round)
    _tell(request, done)
    return redirect(f"{reverse('intake', args=[round_id])}#files")


@require_safe
def original(request: HttpRequest, round_id: int, blob_id: int) -> HttpResponse:
    """A file as it came, to be saved."""
    blob, name = access.get_original(office_round(request, round_id), blob_id)
    try:
        content = read_blob(blob.sm3)
    except OSError as error:
        fault = Fault("blob-lost", "文件库里没有这个文件", "请系统管理员检查文件库或恢复备份")
        raise NotFound(fault) from error
    return download(content, name, "application/octet-stream")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def sender(request: HttpRequest, round_id: int, file_id: int) -> HttpResponse:
    """Say who sent a file."""
    the_round = office_round(request, round_id)
    file = access.get_file(the_round, file_id)
    context: dict[str, Any] = {**presenters.head(the_round), "file": file}
    status = 200
    if request.method == "POST":
        chosen = request.POST.get("sender", "")[:18]
        try:
            number = int(chosen) if chosen.isdecimal() else 0
            entered = assign_sender(who.actor_of(request), the_round, file, number)
        except BadInput as error:
            context["faults"], status = error.faults, 422
        else:
            told = f"“{file.name}”的发送单位已记下"
            messages.success(request, f"{told}，又入库{entered}行" if entered else told)
            return redirect(f"{reverse('intake', args=[round_id])}#files")
    context["senders"] = presenters.senders()
    return render(request, "reporting/sender_page.html", context, status=status)


def files_answer(request: HttpRequest, the_round: Round) -> HttpResponse:
    """How far the drops are, as the page polls it."""
    return render(request, "reporting/_intake_files.html", presenters.files(the_round))


def _tell(request: HttpRequest, delivery: Delivery) -> None:
    if delivery.state == DeliveryState.DONE:
        messages.success(request, "文件已处理，疑问列在下面")
    elif delivery.state == DeliveryState.RECEIVED:
        messages.info(request, "文件已收下，正在处理")


@require_safe
def export_missing(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    rows = presenters.missing_rows(viewer_of(request), the_round)
    title = f"{the_round}未报项目"
    return download(workbook(title, presenters.MISSING_COLUMNS, rows), f"{title}.xlsx")
