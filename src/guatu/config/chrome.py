"""What every page shows around its content: navigation, who is signed in, what he may do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from guatu.config.menu import ADMINISTRATION, MENU, Item
from guatu.core import clock
from guatu.organisation import request as who
from guatu.organisation.models import Assignment, User
from guatu.organisation.types import Role, UserKind


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html; for a page without a login the site's name alone."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"has_tls": settings.HAS_TLS, "printed_on": clock.today()}
    name = request.resolver_match.url_name if request.resolver_match else ""
    rights = who.rights_of(request)
    kind = UserKind(user.kind)
    items = [one for one in MENU if one.is_for(kind, rights)]
    return {
        "has_tls": settings.HAS_TLS,
        "printed_on": clock.today(),
        "menu": [(one.label, one.url_name, _is_here(one, str(name))) for one in items],
        "administration": [
            (one, _is_here(one, str(name))) for one in ADMINISTRATION if one.is_for(kind, rights)
        ],
        "user": user,
        "user_title": _title(user, who.assignments_of(request)),
        "can": who.Can(rights),
    }


def _title(user: User, assignments: list[Assignment]) -> str:
    """Who is signed in: the person, else what the account is for, else its login."""
    if user.person:
        return user.person.name
    if user.kind != UserKind.BUSINESS:
        return UserKind(user.kind).label
    held = dict.fromkeys(Role(one.role).label for one in assignments)
    return "、".join(held) or user.login


def _is_here(item: Item, name: str) -> bool:
    return any(name == section or name.startswith(f"{section}-") for section in item.sections)
