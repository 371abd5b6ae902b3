"""Signing in and out, and one's own password."""

from __future__ import annotations

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core.errors import BadInput, Fault
from guatu.organisation.forms import ChangePasswordForm
from guatu.organisation.request import actor_of, user_of
from guatu.organisation.services import accounts


@login_not_required
def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """After five wrong tries from one address: the answer of a wrong password, and a wait."""
    faults = [
        Fault("wrong-login", "登录名或密码不对", "连错五次要等十五分钟；也可以请安全管理员解锁")
    ]
    return render(request, "organisation/login_page.html", {"faults": faults}, status=200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """One's own password; the only page there is while a new one is due."""
    user = user_of(request)
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(user, form.cleaned_data["new"])
        except BadInput as error:
            for fault in error.faults:
                form.add_error("new", fault.what)
        else:
            update_session_auth_hash(request, user)
            return redirect("desk")
    status = 422 if form.errors else 200
    return render(request, "organisation/password_page.html", {"form": form}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    accounts.record_logout(actor_of(request))
    logout(request)
    return redirect("account_login")
