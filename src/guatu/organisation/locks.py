"""Locked logins: who is kept out after five wrong tries, from where, and how he is let in again.

The counting itself is django-axes'; an account is locked for one address only, so that nobody can
shut an office out from outside (trust A-5).
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Max, Q, Sum
from django.http import HttpRequest

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right

KNOWN_DAYS = 180
"""How long an address stays known from which an account has signed in."""


@dataclass(frozen=True, slots=True)
class Lock:
    """One account kept out from one address."""

    login: str
    address: str
    failures: int
    last_at: datetime

    @property
    def until(self) -> datetime:
        """When it opens by itself."""
        return self.last_at + settings.AXES_COOLOFF_TIME

    @property
    def is_shut(self) -> bool:
        """Whether it keeps out now, or only counts so far."""
        return self.failures >= settings.AXES_FAILURE_LIMIT


def login_name(request: HttpRequest, credentials: Mapping[str, object] | None) -> str:
    """The account that a try is counted for (AXES_USERNAME_CALLABLE), in one normal form."""
    told = credentials or {}
    name = told.get("username") or told.get("login") or request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(name)).strip()[:255]


def client_address(request: HttpRequest) -> str:
    """Where a try comes from: the peer, or what our own reverse proxy says of it.

    Only the last address of X-Forwarded-For is the proxy's word; the ones before are the
    visitor's own (trust A-18).
    """
    if settings.HAS_TLS:
        told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if _is_address(told):
            return told
    return str(request.META.get("REMOTE_ADDR", ""))


def is_locked(request: HttpRequest, login: str) -> bool:
    """Whether this account is kept out from where the request comes."""
    found = not AxesProxyHandler.is_allowed(request, {"username": login})
    if found:
        # The library then does not count this try: a lock ends when it said it would.
        request.axes_locked_out = True  # type: ignore[attr-defined]
    return found


def count_failure(request: HttpRequest, login: str) -> None:
    """Count one wrong try outside the login page."""
    user_login_failed.send(sender=__name__, credentials={"username": login}, request=request)


def is_under_attack(request: HttpRequest, login: str) -> bool:
    """Whether so many tries failed for this account, or from this address, that only addresses
    from which it has signed in before may go on (trust A-5).

    The office's own desks stay open whatever a stranger does; a stranger gets no further tries
    by changing addresses or accounts.
    """
    address = client_address(request)
    recent = AccessAttempt.objects.filter(
        attempt_time__gt=clock.real_now() - settings.AXES_COOLOFF_TIME
    )
    failures = recent.aggregate(
        of_account=Sum("failures_since_start", filter=Q(username=login)),
        of_address=Sum("failures_since_start", filter=Q(ip_address=address)),
    )
    is_much = (failures["of_account"] or 0) >= settings.GUATU_FAILURES_OF_ACCOUNT or (
        failures["of_address"] or 0
    ) >= settings.GUATU_FAILURES_OF_ADDRESS
    return is_much and not AccessLog.objects.filter(username=login, ip_address=address).exists()


def sweep() -> None:
    """Forget sessions that are over, and where somebody signed in long ago."""
    SessionStore.clear_expired()
    AxesProxyHandler.reset_logs(age_days=KNOWN_DAYS)


def locks() -> list[Lock]:
    """Tries that still count, the newest first."""
    since = clock.real_now() - settings.AXES_COOLOFF_TIME
    rows = (
        AccessAttempt.objects.filter(attempt_time__gt=since)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .order_by("-last")
    )
    return [
        Lock(row["username"] or "", row["ip_address"] or "", row["failures"], row["last"])
        for row in rows
    ]


def unlock(actor: Actor, login: str, address: str) -> None:
    """Let an account in again from an address, before its time."""
    access.require(actor, Right.UNLOCK)
    is_plain = _is_address(address) and "\x00" not in login
    found = AccessAttempt.objects.filter(username=login, ip_address=address)
    if not is_plain or not found.exists():
        raise NotFound(Fault("not-locked", "没有这条锁定", "它可能已经到期，请刷新页面"))
    with journal.act(actor, "login.unlocked", detail={"login": login[:60], "address": address}):
        AxesProxyHandler.reset_attempts(username=login, ip_address=address)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
