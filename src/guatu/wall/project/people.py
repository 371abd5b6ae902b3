"""Who did something, by name: records keep the login, readers know the person."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from guatu.organisation.models import User

CONSOLE = "控制台（命令行）"
_CONSOLES = frozenset({"控制台", "console"})


def name_behind(login_field: str) -> Subquery:
    """The name of the person whose login a row holds, to be read with the row."""
    rows = User.objects.filter(login=OuterRef(login_field), person__isnull=False)
    return Subquery(rows.values("person__name")[:1])


def shown_name(login: str, name: object) -> str:
    """The person's name; the login where no person is behind it; the command line as what it
    is."""
    return CONSOLE if login in _CONSOLES else str(name or login)
