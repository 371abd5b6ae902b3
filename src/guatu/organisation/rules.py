"""Which role holds which right. Pure; the tables that say who has which role are in models."""

from __future__ import annotations

from guatu.organisation.types import Right, Role, UserKind

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
            Right.EDIT_PROJECTS,
            Right.MANAGE_UNITS,
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


RIGHTS_OF_KIND: dict[UserKind, frozenset[Right]] = {
    UserKind.SYSTEM: frozenset(
        {
            Right.MANAGE_UNITS,
            Right.MANAGE_USERS,
            Right.CHANGE_SETTINGS,
            Right.BACK_UP,
            Right.SEE_HEALTH,
        }
    ),
    UserKind.SECURITY: frozenset({Right.GRANT_ROLES, Right.UNLOCK}),
    UserKind.AUDIT: frozenset({Right.READ_JOURNAL}),
}
"""What the three administrators may do: none touches business data (trust A-13)."""

RIGHTS_OF_ANY_SCOPE = frozenset({Right.ASSESS})
"""Rights that go with a role of any scope, narrowed to what its holder sees."""
