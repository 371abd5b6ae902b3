"""Limits of a session, both kept on the server (trust A-7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.core import clock
from guatu.organisation.models import User
from guatu.organisation.types import UserKind
from guatu.organisation.views.resume import keep_typed

GetResponse = Callable[[HttpRequest], HttpResponse]
IDLE = timedelta(minutes=30)
IDLE_OF_ADMINISTRATORS = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
_TOUCH_EVERY = timedelta(seconds=60)
_FREE_TO_GO = {"account_logout", "password-change", "account_login"}
BACKGROUND = "X-Guatu-Background"
"""Header of requests that a page makes by itself: they do not keep a session alive."""


class SessionLimits:
    """End a session that was idle too long or is too old; ask for a new password where due."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(request.user, User) and "opened_at" not in request.session:
            _touch(request)  # signed in by this very request
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Run after the CSRF check and before the login is asked for."""
        user = request.user
        if isinstance(user, User):
            if _is_over(request, user):
                logout(request)
            else:
                _touch(request)
                name = request.resolver_match.url_name if request.resolver_match else ""
                if user.must_change_password and name not in _FREE_TO_GO:
                    return redirect("password-change")
                return None
        if request.method == "POST" and getattr(view, "login_required", True):
            return keep_typed(request)
        return None


def _is_over(request: HttpRequest, user: User) -> bool:
    now = clock.now()
    opened, seen = _moment(request, "opened_at"), _moment(request, "seen_at")
    if opened is None or seen is None:
        return False
    idle = IDLE if user.kind == UserKind.BUSINESS else IDLE_OF_ADMINISTRATORS
    return now - seen > idle or now - opened > ABSOLUTE


def _touch(request: HttpRequest) -> None:
    """Note that the user is there; at most once a minute, so that reading stays reading."""
    now = clock.now()
    if "opened_at" not in request.session:
        request.session["opened_at"] = now.isoformat()
    seen = _moment(request, "seen_at")
    if BACKGROUND not in request.headers and (seen is None or now - seen > _TOUCH_EVERY):
        request.session["seen_at"] = now.isoformat()


def _moment(request: HttpRequest, key: str) -> datetime | None:
    told = request.session.get(key)
    return datetime.fromisoformat(told) if isinstance(told, str) else None
