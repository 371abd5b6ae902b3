"""The door of the administrators' pages: what this person may do, each with its meaning."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.organisation.request import needs
from guatu.organisation.types import Right

ANY = (
    Right.MANAGE_UNITS,
    Right.MANAGE_USERS,
    Right.GRANT_ROLES,
    Right.CHANGE_SETTINGS,
    Right.SWITCH,
    Right.UNLOCK,
    Right.BACK_UP,
    Right.SEE_HEALTH,
    Right.IMPORT_REPORTS,
)


@require_safe
@needs(*ANY)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "organisation/admin_page.html")
