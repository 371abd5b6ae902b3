"""The rights table, cell by cell: a right given or taken by mistake fails here."""

from __future__ import annotations

import pytest

from guatu.organisation import rules
from guatu.organisation.types import Right, Role

OFFICE = {
    Right.IMPORT_LEDGER,
    Right.IMPORT_REPORTS,
    Right.CLOSE_ROUND,
    Right.CORRECT_ROUND,
    Right.ASSESS,
    Right.ISSUE_PAPERS,
    Right.CHANGE_SETTINGS,
    Right.SWITCH,
}
MAY_ASSESS = {Role.OFFICE, Role.REVIEWER, Role.VIEWER, Role.LEADER, Role.LIAISON}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_the_rights_table(role: Role, right: Right) -> None:
    expected = (
        right in OFFICE if role is Role.OFFICE else right is Right.ASSESS and role in MAY_ASSESS
    )
    assert rules.may(frozenset({role}), right) is expected


def test_every_role_has_its_line() -> None:
    assert set(rules.RIGHTS) == set(Role)


def test_rights_of_several_roles_add_up_and_no_role_has_none() -> None:
    assert rules.may(frozenset({Role.REPORTER, Role.VIEWER}), Right.ASSESS)
    assert not any(rules.may(frozenset(), right) for right in Right)
