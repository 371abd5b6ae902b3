"""Refusals become pages that say what happened and what to do; private pages are not cached."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from guatu.core.errors import (
    BadInput,
    Conflict,
    Fault,
    GuatuError,
    NotAllowed,
    NotFound,
    RoundClosed,
)

GetResponse = Callable[[HttpRequest], HttpResponse]
STATUS: tuple[tuple[type[GuatuError], int, str], ...] = (
    (NotFound, 404, "没有找到"),
    (NotAllowed, 403, "没有这项权限"),
    (Conflict, 409, "刚被别人改过"),
    (RoundClosed, 409, "本期已锁定"),
    (BadInput, 422, "没有办成"),
)
log = logging.getLogger("guatu.ui")
MOST_FAULTS = 200
"""Descriptions of crashes that are kept; the oldest go first."""


class PrivatePages:
    """Pages behind the login are never stored by a browser or proxy (trust A-31).

    What is posted is UTF-8; another alphabet is refused before anything reads it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8") if request.content_params else ""
        if charset and charset.lower() != "utf-8":
            response = bad_request(request, ValueError(charset))
        else:
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Faults:
    """The error boundary of the site: every refusal has its page, a crash has its number."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return not_by_this_method(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, told: object, named: object
    ) -> HttpResponse | None:
        """Refuse NUL anywhere in an address or a form: no database text holds it."""
        if "\0" in request.path or any(
            "\0" in word
            for asked in (request.GET, request.POST)
            for name, values in asked.lists()
            for word in (name, *values)
        ):
            return bad_request(request, ValueError("NUL"))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; leave what Django answers itself (404, 403) to Django."""
        if isinstance(error, GuatuError):
            return refusal(request, error)
        # SQLite: locked for too long; PostgreSQL: two waited for each other and one was let go.
        if isinstance(error, OperationalError) and re.search("is locked|deadlock", str(error)):
            busy = Conflict(Fault("busy", "数据库正忙，这次没有办成", "请过几秒再点一次"))
            return refusal(request, busy)
        if isinstance(error, IntegrityError):
            log.warning("refused by the database: %s", error)
            taken = Conflict(
                Fault("taken-meanwhile", "刚有人存了同样的内容", "请刷新页面，看清后再办")
            )
            return refusal(request, taken)
        return None


def refusal(request: HttpRequest, error: GuatuError) -> HttpResponse:
    """The page (or htmx fragment) of a refusal."""
    status, heading = next(
        ((status, heading) for kind, status, heading in STATUS if isinstance(error, kind)),
        (422, "没有办成"),
    )
    fragment = getattr(request, "htmx", None)
    template = "ui/_faults.html" if fragment else "ui/refused.html"
    context = {"heading": heading, "faults": error.faults}
    return render(request, template, context, status=status)


def not_by_this_method(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """The 405 page: an address that only a button leads to, or a page that takes no form."""
    fault = Fault("method", "这个地址不是一个页面", "请从页面上的按钮进入")
    context = {"heading": "不能直接打开", "faults": [fault]}
    page = render(request, "ui/refused.html", context, status=405)
    page.headers["Allow"] = answer.headers["Allow"]
    return page


def crashed(request: HttpRequest) -> HttpResponse:
    """The page of an internal fault: a number, no detail (trust B-15)."""
    fault_id = secrets.token_hex(4)
    text = traceback.format_exc()
    folder = Path(settings.HOME) / "faults"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("*.txt"), key=lambda one: one.stat().st_mtime)[:-MOST_FAULTS]:
            old.unlink(missing_ok=True)
        (folder / f"{fault_id}.txt").write_text(text, encoding="utf-8")
    except OSError:
        log.error("fault %s could not be kept", fault_id)
    fault = Fault(
        "internal", f"内部故障，编号{fault_id}", "没有改动任何数据；请把编号告诉系统管理员"
    )
    context = {"heading": "出了内部故障", "faults": [fault]}
    return render(request, "ui/refused.html", context, status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 page: the same whether the thing is missing or not for this user."""
    return refusal(
        request, NotFound(Fault("not-found", "没有这个页面", "请核对地址，或从工作台进入"))
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 403 page."""
    return refusal(request, NotAllowed(Fault("forbidden", "您没有这项权限", "请由项目办办理")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 400 page: too many fields, a host that is not ours, a sign that no text holds."""
    return render(
        request,
        "ui/refused.html",
        {
            "heading": "请求不完整",
            "faults": [
                Fault("bad-request", "提交的内容不完整、过大或含有不可见的字符", "请返回重试")
            ],
        },
        status=400,
    )
