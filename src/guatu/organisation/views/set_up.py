"""First set-up: the three administrators open their accounts. The page ends with the last one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.organisation import locks
from guatu.organisation.administration_forms import SetUpForm
from guatu.organisation.services import accounts


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    waiting = accounts.awaiting_set_up()
    if not waiting:
        raise NotFound(Fault("not-found", "没有这个页面", "请核对地址，或从工作台进入"))
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and _activated(request, form):
        context = {"login": form.cleaned_data["login"], "waiting": accounts.awaiting_set_up()}
        return render(request, "organisation/set_up_done.html", context)
    for name in ("code", "new", "again"):
        form.fields[name].widget.attrs["autocomplete"] = "off"
    context = {"form": form, "waiting": waiting}
    return render(request, "organisation/set_up_page.html", context, status=form.status)


def _activated(request: HttpRequest, form: SetUpForm) -> bool:
    if not form.is_valid():
        return False
    told = form.cleaned_data
    login = str(told["login"]).strip()
    try:
        if locks.is_locked(request, login):
            raise NotAllowed(accounts.WRONG_CODE)
        return form.do(
            lambda told: accounts.activate_administrator(login, told["code"], told["new"])
        )
    except NotAllowed as error:
        locks.count_failure(request, login)
        accounts.record_failed_login(login, locks.client_address(request))
        fault = error.faults[0]
        form.add_error(None, f"{fault.what}。{fault.remedy}。")
        return False
