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
    Right.EDIT_PROJECTS,
    Right.EDIT_RULEBOOKS,
    Right.RECORD_VALUES,
    Right.MANAGE_UNITS,
    Right.REVIEW,
    Right.MAKE_LISTS,
    Right.EXPORT_AUDIT,
}
MAY_ASSESS = {Role.OFFICE, Role.REVIEWER, Role.VIEWER, Role.LEADER, Role.LIAISON}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_the_rights_table(role: Role, right: Right) -> None:
    expected = right is Right.ASSESS and role in MAY_ASSESS
    if role is Role.OFFICE:
        expected = right in OFFICE
    elif role is Role.REVIEWER:
        expected = right in {Right.ASSESS, Right.RECORD_VALUES, Right.REVIEW}
    elif role is Role.REPORTER:
        expected = right is Right.REPORT
    assert (right in rules.RIGHTS[role]) is expected


def test_every_role_has_its_line() -> None:
    assert set(rules.RIGHTS) == set(Role)


def test_an_administrator_has_no_right_over_business_data() -> None:
    business = {right for role in Role for right in rules.RIGHTS[role]}
    shared = {Right.CHANGE_SETTINGS, Right.MANAGE_UNITS}
    for kind, rights in rules.RIGHTS_OF_KIND.items():
        assert not (rights & business) - shared, kind


def test_no_right_belongs_to_two_administrators() -> None:
    kinds = list(rules.RIGHTS_OF_KIND)
    for one in kinds:
        for other in kinds:
            assert one is other or not rules.RIGHTS_OF_KIND[one] & rules.RIGHTS_OF_KIND[other]


def test_every_right_is_held_by_somebody() -> None:
    held = {right for rights in rules.RIGHTS.values() for right in rights}
    held |= {right for rights in rules.RIGHTS_OF_KIND.values() for right in rights}
    assert held == set(Right)
