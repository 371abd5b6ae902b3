"""Signing in and out, and one's own password."""

from __future__ import annotations

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core.errors import BadInput, Fault, NotAllowed
from guatu.organisation import access
from guatu.organisation.forms import ChangePasswordForm
from guatu.organisation.locks import client_address, count_failure, is_locked
from guatu.organisation.models import User
from guatu.organisation.queries import settings_in_force
from guatu.organisation.request import actor_of, user_of
from guatu.organisation.services import accounts
from guatu.ui.middleware import refusal


def locked_out(
    request: HttpRequest, answer: HttpResponse | None, credentials: object = None
) -> HttpResponse:
    """After five wrong tries from one address: byte for byte the answer of a wrong password."""
    return answer or refusal(request, NotAllowed(Fault("locked", "登录名或密码不对", "请稍后再试")))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; the only page there is while a new one is due."""
    # The row itself: `request.user` is a proxy of it, and the journal writes rows.
    user = access.get_user(user_of(request).pk)
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.do(
        lambda told: _change_password(request, user, told["old"], told["new"])
    ):
        update_session_auth_hash(request, user)
        return redirect("desk")
    context = {
        "form": form,
        "is_one_time": user.password_until is not None,
        "days": settings_in_force()["password-days"],
    }
    status = 422 if form.errors else 200
    return render(request, "organisation/password_page.html", context, status=status)


def _change_password(request: HttpRequest, user: User, old: str, new: str) -> None:
    """Whoever sits down at an open screen must not take the account over, nor guess here."""
    if is_locked(request, user.login) or not user.check_password(old):
        count_failure(request, user.login)
        accounts.record_failed_login(user.login, client_address(request))
        raise BadInput(Fault("wrong-password", "现在的密码不对", "连错五次要等十五分钟"))
    accounts.change_password(user, new)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    accounts.record_logout(actor_of(request))
    logout(request)
    return redirect("account_login")
