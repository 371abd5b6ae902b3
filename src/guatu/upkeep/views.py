"""Pages of the upkeep room: backups, the doctor, and the health endpoint."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.journal.once import once
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.upkeep import health as doctoring
from guatu.upkeep import running


@require_safe
@needs(Right.BACK_UP)
def backups(request: HttpRequest) -> HttpResponse:
    context = {
        "state": running.state(),
        "kept": running.kept(),
        "last": doctoring.last_backup(),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "upkeep/_backups.html" if is_fragment else "upkeep/backups_page.html"
    return render(request, template, context)


@require_POST
@needs(Right.BACK_UP)
@once
def make_backup(request: HttpRequest) -> HttpResponse:
    running.start(actor_of(request))
    messages.success(request, "已开始备份")
    return redirect("admin-backups")


@require_safe
@needs(Right.SEE_HEALTH)
def doctor(request: HttpRequest) -> HttpResponse:
    checks = doctoring.checks()
    count = Counter(one.state for one in checks)
    context = {"checks": checks, "wrong": count[doctoring.BAD], "notices": count[doctoring.NOTICE]}
    return render(request, "upkeep/doctor_page.html", context)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    is_alive = doctoring.is_alive()
    return HttpResponse(
        "ok\n" if is_alive else "bad\n",
        content_type="text/plain",
        status=200 if is_alive else 503,
    )
