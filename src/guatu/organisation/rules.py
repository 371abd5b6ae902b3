"""Which role holds which right. Pure; the tables that say who has which role are in models."""

from __future__ import annotations

from guatu.organisation.types import Right, Role

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OFFICE: frozenset(
        {
            Right.IMPORT_LEDGER,
            Right.IMPORT_REPORTS,
            Right.CLOSE_ROUND,
            Right.CORRECT_ROUND,
            Right.ASSESS,
            Right.ISSUE_PAPERS,
            Right.CHANGE_SETTINGS,
            Right.SWITCH,
        }
    ),
    Role.REVIEWER: frozenset({Right.ASSESS}),
    Role.VIEWER: frozenset({Right.ASSESS}),
    Role.REPORTER: frozenset(),
    Role.LEADER: frozenset({Right.ASSESS}),
    Role.LIAISON: frozenset({Right.ASSESS}),
    Role.DEPARTMENT: frozenset(),
    Role.INSPECTOR: frozenset(),
}


def may(roles: frozenset[Role], right: Right) -> bool:
    """Whether any of the roles holds the right."""
    return any(right in RIGHTS[role] for role in roles)
