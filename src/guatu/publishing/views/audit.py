"""审计导出: how the figures of a project or of a list came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from guatu.journal.once import once, told_once
from guatu.ledger import request as seen
from guatu.organisation.request import actor_of
from guatu.organisation.types import Right
from guatu.publishing.audit.forms import audit_form
from guatu.publishing.audit.services import export_list, export_project
from guatu.reporting.models import Period
from guatu.ui.export import download
from guatu.ui.forms import posted

_AGAIN = "已经导出过一次，请回到导出页面再导出"


@require_http_methods(["GET", "HEAD", "POST"])
@once
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    found = seen.project_for(request, project_id)
    seen.require(request, Right.EXPORT_AUDIT)
    periods = Period.objects.filter(rounds__list__entries__project=found)

    def make(days: tuple[date, date], purpose: str) -> bytes:
        return export_project(actor_of(request), project_id, *days, purpose)

    return _page(request, list(periods.distinct().order_by("last_on", "pk")), make,
                 {"project": found, "name": found.name})  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@once
def listing(request: HttpRequest, list_id: int) -> HttpResponse:
    found = seen.list_for(request, list_id)
    seen.require(request, Right.EXPORT_AUDIT)
    periods = Period.objects.filter(rounds__list=found)

    def make(days: tuple[date, date], purpose: str) -> bytes:
        return export_list(actor_of(request), found, *days, purpose)

    return _page(request, list(periods.distinct().order_by("last_on", "pk")), make,
                 {"listing": found, "name": str(found)})  # fmt: skip


def _page(
    request: HttpRequest,
    periods: list[Period],
    make: Callable[[tuple[date, date], str], bytes],
    more: dict[str, Any],
) -> HttpResponse:
    form = audit_form(periods, posted(request))
    if form.do(lambda told: make(form.days, told["purpose"])):
        name = f"{more['name'][:60]}审计导出.xlsx"
        return told_once(download(form.outcome, name), _AGAIN)
    context = {"form": form, "periods": periods, **more}
    return render(request, "publishing/audit_page.html", context, status=form.status)
