"""Limits of a session, kept on the server, and a record of what was refused (trust A-7, A-17)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.core import clock
from guatu.organisation import request as who
from guatu.organisation import sessions
from guatu.organisation.locks import client_address
from guatu.organisation.models import User
from guatu.organisation.services import accounts
from guatu.organisation.views.resume import keep_typed

GetResponse = Callable[[HttpRequest], HttpResponse]
_TOUCH_EVERY = timedelta(seconds=60)
_FREE_TO_GO = {"account_logout", "password-change", "account_login"}
log = logging.getLogger(__name__)
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
            if sessions.is_over(user, request.session):
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


def _touch(request: HttpRequest) -> None:
    """Note that the user is there; at most once a minute, so that reading stays reading."""
    now = clock.now()
    if "opened_at" not in request.session:
        sessions.begin(request)
    seen = sessions.moment(request.session, "seen_at")
    if BACKGROUND not in request.headers and (seen is None or now - seen > _TOUCH_EVERY):
        request.session["seen_at"] = now.isoformat()


class Refusals:
    """Journal what a signed-in user asked for and may not have: forbidden, or not there for him.

    Only addresses that lead to a page count. A loop cannot flood the journal: see
    `accounts.record_refusal`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refused = response.status_code in (403, 404) and request.resolver_match is not None
        if is_refused and isinstance(request.user, User):
            _note_refusal(request, response.status_code)
        return response


def _note_refusal(request: HttpRequest, status: int) -> None:
    try:
        accounts.record_refusal(
            who.actor_of(request),
            path=f"{request.method} {request.path}",
            status=status,
            address=client_address(request),
        )
    except DatabaseError:
        log.warning("a refusal was not journalled", exc_info=True)
