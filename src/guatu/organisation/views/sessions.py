"""One's own open logins, and an account's, to be ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.journal.once import once
from guatu.organisation import sessions
from guatu.organisation.request import actor_of, needs, user_of
from guatu.organisation.types import Right


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    found = sessions.sessions_of(user_of(request))
    context = {"rows": found, "here": request.session.session_key}
    return render(request, "organisation/sessions_page.html", context)


@require_POST
@once
def end_others(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key or ""
    count = sessions.end_own(actor_of(request), user_of(request), but=here)
    messages.success(request, f"已退出其他{count}处登录" if count else "没有别处的登录")
    return redirect("my-sessions")


@require_POST
@needs(Right.MANAGE_USERS)
@once
def end_all(request: HttpRequest, user_id: int) -> HttpResponse:
    count = sessions.end_all(actor_of(request), user_id)
    messages.success(request, f"已结束这个账号的{count}处登录" if count else "这个账号没有登录着")
    return redirect("admin-user", user_id=user_id)
