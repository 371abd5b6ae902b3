"""Open logins: how long one lasts, which ones an account has, and ending them (trust A-7, A-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from guatu.core import clock
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.locks import client_address
from guatu.organisation.models import User
from guatu.organisation.types import Right, UserKind

IDLE = timedelta(minutes=30)
IDLE_OF_ADMINISTRATORS = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
_BROWSERS = {
    "MicroMessenger": "微信",
    "QQBrowser": "QQ浏览器",
    "Edg": "Edge浏览器",
    "Firefox": "火狐浏览器",
    "Chrome": "Chrome浏览器",
    "Safari": "Safari浏览器",
}
_SYSTEMS = {
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One login that is still open."""

    key: str
    opened_at: datetime
    seen_at: datetime
    address: str
    device: str


def device_of(user_agent: str) -> str:
    """The kind of browser and system, as far as the browser tells; nothing more is kept."""
    found = [
        next((name for sign, name in known.items() if sign in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return "，".join(filter(None, found)) or "未知"


def begin(request: HttpRequest) -> None:
    """Start the clocks of a new login, and note from where it came."""
    request.session["opened_at"] = clock.now().isoformat()
    request.session["address"] = client_address(request)
    request.session["device"] = device_of(request.headers.get("User-Agent", ""))


def moment(told: SessionBase | Mapping[str, object], key: str) -> datetime | None:
    """An instant that a session keeps."""
    kept = told.get(key)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def is_over(user: User, told: SessionBase | Mapping[str, object]) -> bool:
    """Whether a login has been idle too long, or open too long; one without clocks is not."""
    now, opened, seen = clock.now(), moment(told, "opened_at"), moment(told, "seen_at")
    if opened is None or seen is None:
        return False
    idle = IDLE if user.kind == UserKind.BUSINESS else IDLE_OF_ADMINISTRATORS
    return now - seen > idle or now - opened > ABSOLUTE


def sessions_of(user: User) -> list[OpenSession]:
    """The account's open logins, the one last used first.

    Reads every open session of the site: for a page that is opened now and then, not for others.
    """
    found = []
    valid = user.get_session_auth_hash()
    for row in Session.objects.filter(expire_date__gt=clock.real_now()):
        told = row.get_decoded()
        is_his = told.get(SESSION_KEY) == str(user.pk) and told.get(HASH_SESSION_KEY) == valid
        opened, seen = moment(told, "opened_at"), moment(told, "seen_at")
        if not is_his or opened is None or seen is None or is_over(user, told):
            continue
        where = str(told.get("address", "")), str(told.get("device", ""))
        found.append(OpenSession(row.session_key, opened, seen, *where))
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def end_own(actor: Actor, user: User, *, but: str) -> int:
    """End one's other logins; `but` is the key of the one that stays. Returns how many ended."""
    return _end(actor, user, [one.key for one in sessions_of(user) if one.key != but])


def end_all(actor: Actor, user_id: int) -> int:
    """End every login of an account, as its system administrator. Returns how many ended."""
    access.require(actor, Right.MANAGE_USERS)
    user = access.get_user(user_id)
    return _end(actor, user, [one.key for one in sessions_of(user)])


def _end(actor: Actor, user: User, keys: list[str]) -> int:
    if keys:
        detail = {"login": user.login, "sessions": len(keys)}
        with journal.act(actor, "session.ended", detail=detail):
            for key in keys:
                SessionStore(key).flush()
    return len(keys)
