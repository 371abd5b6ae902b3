"""Who stands behind a request: the one place where a signed-in user becomes an actor."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse

from guatu.core import clock
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import Assignment, User
from guatu.organisation.types import Right, Role

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Views stand behind the login, so there is one."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("a view without a login asked who acts")
    return user


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, with a digest of its session for the journal (trust A-18)."""
    found: Actor | None = getattr(request, "_guatu_actor", None)
    if found is None:
        session = request.session.session_key or ""
        found = access.actor_of(
            user_of(request),
            session_hash=hashlib.new("sm3", session.encode()).hexdigest() if session else "",
        )
        request._guatu_actor = found  # type: ignore[attr-defined]
    return found


def assignments_of(request: HttpRequest) -> list[Assignment]:
    """The user's roles in force today, read once per request."""
    found: list[Assignment] | None = getattr(request, "_guatu_assignments", None)
    if found is None:
        found = access.current_assignments(user_of(request).pk, clock.today())
        request._guatu_assignments = found  # type: ignore[attr-defined]
    return found


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """The roles held today."""
    return frozenset(Role(one.role) for one in assignments_of(request))


def rights_of(request: HttpRequest) -> frozenset[Right]:
    """Every right held, for menus and buttons; services ask again."""
    found: frozenset[Right] | None = getattr(request, "_guatu_rights", None)
    if found is None:
        found = access.rights_of(user_of(request), assignments_of(request))
        request._guatu_rights = found  # type: ignore[attr-defined]
    return found


class Can:
    """What templates ask: `{% if can.close_round %}`, never roles."""

    def __init__(self, rights: frozenset[Right]) -> None:
        self._rights = rights

    def __getitem__(self, name: str) -> bool:
        return Right(name.replace("_", "-")) in self._rights


def needs[**P](*rights: Right) -> Callable[[View[P]], View[P]]:
    """Let only holders of one of the rights into a view; services ask again."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not rights_of(request).intersection(rights):
                access.require_any(actor_of(request), *rights)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
