"""Pages of 系统: channels to units, and the messages that went through them."""

from __future__ import annotations

from django.contrib import messages as told
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput
from guatu.journal.once import once
from guatu.notices import queries, rosters, services
from guatu.notices.delivery import has_mail
from guatu.notices.forms import ChannelForm
from guatu.notices.models import Message
from guatu.notices.types import MessageState
from guatu.organisation import listed
from guatu.organisation.queries import names_of_organisations
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.ui.forms import Options, posted, version_of


@require_safe
@needs(Right.CHANGE_SETTINGS)
def channels(request: HttpRequest) -> HttpResponse:
    return lists.show(
        request,
        rosters.channels(request.GET),
        export="admin-channels-export",
        add=("admin-channel-new", "新增渠道"),
    )


@require_safe
@needs(Right.CHANGE_SETTINGS)
def channels_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.channels(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SETTINGS)
@once
def new_channel(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(posted(request), options=_options())
    if form.do(lambda _: services.save_channel(actor_of(request), form.command())):
        told.success(request, "渠道已新增，请发一条测试消息")
        return redirect("admin-channel", form.outcome.pk)
    context = {"form": form, "title": "新增通知渠道", "has_mail": has_mail()}
    return render(request, "notices/channel_page.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHANGE_SETTINGS)
@once
def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    found = queries.get_channel(channel_id)
    initial = {
        "name": found.name,
        "unit": found.organisation_id,
        "kind": found.kind,
        "address": found.address,
        "version": found.version,
    }
    form = ChannelForm(posted(request), initial=initial, options=_options())
    if form.do(
        lambda typed: services.save_channel(
            actor_of(request), form.command(), found, version_of(typed["version"])
        )
    ):
        told.success(request, "已保存")
        return redirect("admin-channel", channel_id)
    shown = queries.get_channel(channel_id)
    tests = Message.objects.filter(channel=shown).order_by("-pk")[:5]
    context = {
        "form": form,
        "title": shown.name,
        "channel": shown,
        "newest": tests,
        "has_mail": has_mail(),
    }
    return render(request, "notices/channel_page.html", context, status=form.status)


@require_POST
@needs(Right.CHANGE_SETTINGS)
@once
def switch(request: HttpRequest, channel_id: int) -> HttpResponse:
    found = queries.get_channel(channel_id)
    on = request.POST.get("on") == "1"
    services.switch_channel(
        actor_of(request), found, version_of(request.POST.get("version", "")), on=on
    )
    told.success(request, "渠道已启用" if on else "渠道已停用")
    return redirect("admin-channel", channel_id)


@require_POST
@needs(Right.CHANGE_SETTINGS)
def test(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Queue a test message once for a token, then send it outside the token's transaction."""
    response = _queued_test(request, channel_id)
    newest = Message.objects.filter(channel=channel_id, subject=services.TEST_SUBJECT)
    row = newest.select_related("channel").order_by("-pk").first()
    if row is None or row.state != MessageState.QUEUED or row.attempts:
        return response
    sent = services.send_now(actor_of(request), row)
    if sent.state == MessageState.SENT:
        told.success(request, "测试消息已发出，请到邮箱或群里核对是否收到")
    else:
        told.error(request, f"测试消息没有发出：{sent.fault}")
    return response


@once
def _queued_test(request: HttpRequest, channel_id: int) -> HttpResponse:
    try:
        services.queue_test(actor_of(request), queries.get_channel(channel_id))
    except BadInput as error:
        told.error(request, str(error))
    return redirect("admin-channel", channel_id)


@require_safe
@needs(Right.IMPORT_REPORTS)
def message_list(request: HttpRequest) -> HttpResponse:
    return lists.show(request, rosters.messages(request.GET), export="admin-messages-export")


@require_safe
@needs(Right.IMPORT_REPORTS)
def messages_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.messages(request.GET))


@require_safe
@needs(Right.IMPORT_REPORTS)
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    found = queries.get_message(message_id)
    unit = names_of_organisations([found.organisation_id]).get(found.organisation_id, "")
    context = {"message": found, "unit": unit, "can_retry": found.state == MessageState.FAILED}
    return render(request, "notices/message_page.html", context)


@require_POST
@needs(Right.IMPORT_REPORTS)
@once
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    found = queries.get_message(message_id)
    services.retry_message(actor_of(request), found, version_of(request.POST.get("version", "")))
    told.success(request, "已重新排队，下次发送时试发")
    return redirect("admin-message", message_id)


def _options() -> Options:
    return {"unit": [("", "请选单位"), *listed.unit_choices()]}
