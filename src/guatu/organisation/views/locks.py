"""Locked logins, and letting somebody in again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.journal.once import once
from guatu.organisation import locks as locking
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right


@require_safe
@needs(Right.UNLOCK)
def locks(request: HttpRequest) -> HttpResponse:
    return render(request, "organisation/locks_page.html", {"locks": locking.locks()})


@require_POST
@needs(Right.UNLOCK)
@once
def unlock(request: HttpRequest) -> HttpResponse:
    login, address = request.POST.get("login", ""), request.POST.get("address", "")
    locking.unlock(actor_of(request), login[:255], address[:45])
    messages.success(request, f"“{login[:60]}”可以再从{address[:45]}登录")
    return redirect("admin-locks")
