from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from guatu.core.errors import BadInput, NotAllowed, NotFound
from guatu.journal import services as journal
from guatu.organisation import access, rules
from guatu.organisation.models import Assignment, AssignmentEnd, User
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import assign_role
from guatu.organisation.types import Right, Role, UserKind
from tests.factories import OFFICE_UNIT, Cast

ADMINISTRATORS = ("system", "security", "audit")


def test_the_three_administrators_are_there_disabled_and_of_three_kinds(people: Cast) -> None:
    accounts = [people.system, people.security, people.audit]
    assert [account.kind for account in accounts] == ["system", "security", "audit"]
    assert not any(account.is_active for account in accounts)
    assert User.objects.exclude(kind=UserKind.BUSINESS).count() == 3


@pytest.mark.parametrize("kind", ["", "sys,audit", "root", "Business"])
def test_the_database_refuses_an_account_that_is_not_of_one_kind(people: Cast, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=people.system.pk).update(kind=kind)


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_an_administrator_can_be_given_no_role(people: Cast, who: str) -> None:
    account: User = getattr(people, who)
    with pytest.raises(BadInput, match="管理员账号"):
        assign_role(
            people.console,
            account,
            Role.OFFICE,
            scope_organisation_id=root_organisation().pk,
            valid_from=date(2020, 1, 1),
        )
    assert not Assignment.objects.filter(user=account).exists()


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_a_role_smuggled_to_an_administrator_gives_no_further_right(people: Cast, who: str) -> None:
    account: User = getattr(people, who)
    Assignment.objects.bulk_create(
        [
            Assignment(
                user=account,
                role=Role.OFFICE,
                scope_organisation=root_organisation(),
                valid_from=date(2020, 1, 1),
                granted_by="nobody",
            )
        ]
    )
    User.objects.filter(pk=account.pk).update(is_active=True)
    assert access.roles_of(access.actor_of(account)) == frozenset()
    held = {right for right in Right if access.may(access.actor_of(account), right)}
    assert held == rules.RIGHTS_OF_KIND[UserKind(account.kind)]


def test_an_assignment_holds_from_its_day_until_it_ends(
    people: Cast, today: Callable[[date], None]
) -> None:
    given = people.reporter.assignments.get()
    AssignmentEnd.objects.bulk_create(
        [AssignmentEnd(assignment=given, on=date(2026, 10, 1), by="console")]
    )
    held = []
    for day in (date(2019, 12, 31), date(2020, 1, 1), date(2026, 9, 30), date(2026, 10, 1)):
        today(day)
        held.append(access.roles_of(people.act_as("reporter")))
    assert held == [set(), {Role.REPORTER}, {Role.REPORTER}, set()]


def test_a_disabled_user_holds_no_role_and_cannot_act(people: Cast) -> None:
    User.objects.filter(pk=people.office.pk).update(is_active=False)
    assert access.roles_of(people.act_as("office")) == frozenset()
    with pytest.raises(NotFound, match="没有可用的账号"):
        access.actor_for_login("office")


def test_unknown_and_disabled_accounts_get_the_same_answer(people: Cast) -> None:
    texts = set()
    for login in ("sysadmin", "no-such-login"):
        with pytest.raises(NotFound) as refused:
            access.actor_for_login(login)
        texts.add(str(refused.value).replace(login, "…"))
    assert len(texts) == 1


def test_an_actor_bears_login_and_unit_as_they_are_named_now(people: Cast) -> None:
    actor = access.actor_for_login("office")
    assert (actor.user_id, actor.text, actor.organisation_text) == (
        people.office.pk,
        "office",
        OFFICE_UNIT,
    )


def test_the_console_holds_every_right_and_no_role(people: Cast) -> None:
    assert all(access.may(people.console, right) for right in Right)
    assert access.roles_of(people.console) == frozenset()


@pytest.mark.parametrize("who", ["reporter", "outsider", "department", "inspector", "viewer"])
def test_without_the_right_an_act_is_refused_by_name(people: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match=f"账号“{who}”没有这项权限"):
        access.require(people.act_as(who), Right.CLOSE_ROUND)


# --- acts that need two people ---------------------------------------------------------------


def test_a_user_cannot_do_alone_what_needs_two(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="须两人办理"):
        access.require_second_person(people.act_as("office"), None, Right.CLOSE_ROUND)


def test_nobody_is_his_own_second_person(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="同一账号"):
        access.require_second_person(
            people.act_as("office"), people.act_as("office"), Right.CLOSE_ROUND
        )


def test_the_second_person_needs_the_right_too(people: Cast) -> None:
    with pytest.raises(NotAllowed, match="没有这项权限"):
        access.require_second_person(
            people.act_as("office"), people.act_as("reviewer"), Right.CLOSE_ROUND
        )


def test_another_with_the_right_is_recorded_as_approver(people: Cast) -> None:
    approver = access.require_second_person(
        people.act_as("office"), access.actor_for_login("office2"), Right.CLOSE_ROUND
    )
    assert approver == "office2"


def test_the_console_acts_alone_and_is_recorded_as_such(people: Cast) -> None:
    told = access.require_second_person(people.console, None, Right.CLOSE_ROUND)
    assert told == "控制台（一人办理）"


def test_the_console_can_name_an_approver_but_not_itself(people: Cast) -> None:
    office = people.act_as("office")
    assert access.require_second_person(people.console, office, Right.CLOSE_ROUND) == "office"
    with pytest.raises(NotAllowed, match="同一账号"):
        access.require_second_person(people.console, people.console, Right.CLOSE_ROUND)


def test_the_casts_roles_are_journalled(people: Cast) -> None:
    from guatu.journal import queries

    assert not queries.verify().problems
    with journal.act(people.act_as("office"), "note.made", detail={"n": 1}) as act:
        pass
    assert act.seq


def test_an_office_of_one_unit_does_not_act_for_the_whole_installation(people: Cast) -> None:
    outsider = people.outsider
    unit = outsider.organisation_id
    assert unit is not None
    assign_role(
        people.console,
        outsider,
        Role.OFFICE,
        scope_organisation_id=unit,
        valid_from=date(2020, 1, 1),
    )
    held = {right for right in Right if access.may(people.act_as("outsider"), right)}
    # Each of them is narrowed to what he sees; he was a reporter of his unit before.
    assert held == {Right.ASSESS, Right.RECORD_VALUES, Right.REVIEW, Right.REPORT}


def test_the_office_at_the_root_holds_every_right_of_its_role(people: Cast) -> None:
    held = {right for right in Right if access.may(people.act_as("office"), right)}
    assert held == set(rules.RIGHTS[Role.OFFICE])
