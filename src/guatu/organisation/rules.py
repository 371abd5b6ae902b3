"""Which role holds which right. Pure; the tables that say who has which role are in models."""

from __future__ import annotations

from datetime import timedelta

from guatu.core.errors import Fault
from guatu.core.names import has_hidden_signs
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
            Right.RECORD_VALUES,
            Right.REVIEW,
            Right.MAKE_LISTS,
            Right.EDIT_RULEBOOKS,
            Right.MANAGE_UNITS,
            Right.EXPORT_AUDIT,
        }
    ),
    Role.REVIEWER: frozenset({Right.ASSESS, Right.RECORD_VALUES, Right.REVIEW}),
    Role.VIEWER: frozenset({Right.ASSESS}),
    Role.REPORTER: frozenset({Right.REPORT}),
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


def holders_of(right: Right) -> str:
    """Who holds a right, in the words of a refusal: `项目办、系统管理员`."""
    roles = [role.label for role, rights in RIGHTS.items() if right in rights]
    kinds = [kind.label for kind, rights in RIGHTS_OF_KIND.items() if right in rights]
    return "、".join([*roles, *kinds])


PROPOSAL_HOLDS = timedelta(hours=24)
"""How long a proposal waits for the second person (architecture §6)."""

RIGHTS_OF_ANY_SCOPE = frozenset({Right.ASSESS, Right.RECORD_VALUES, Right.REPORT, Right.REVIEW})
"""Rights that go with a role of any scope, narrowed to what its holder sees."""


def name_fault(text: str, longest: int) -> Fault | None:
    """What is wrong with a name that somebody typed, or None: one line, not empty, not too long."""
    name = text.strip()
    if not name:
        return Fault("name-empty", "没有写名称", "请写名称")
    if len(name) > longest:
        return Fault("text-too-long", f"名称超过{longest}字", "请写短一些")
    if has_hidden_signs(name):
        return Fault("name-not-plain", "名称里有看不见的字符或换行", "请重新输入，不要粘贴")
    return None
