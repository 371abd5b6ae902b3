"""Nobody widens his own power: two persons, not two accounts; scopes that grow by a grant alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory

from guatu.core.errors import BadInput, NotAllowed
from guatu.journal import services as journal
from guatu.organisation import access, services
from guatu.organisation.administration_forms import SettingForm
from guatu.organisation.listed import parts_of, value_label
from guatu.organisation.models import KindProposal, Person, User
from guatu.organisation.queries import settings_in_force
from guatu.organisation.types import SETTINGS, Right, Role, UserKind
from guatu.ui.middleware import Faults
from tests.factories import OTHER_UNIT, UNIT, Cast

DAY = date(2026, 7, 1)


@pytest.fixture
def people(people: Cast) -> Cast:
    """The cast, its administrators opened."""
    User.objects.update(is_active=True, set_up_due=False)
    return people


def person_of(people: Cast, *accounts: User) -> None:
    """Let the accounts be one person's."""
    person = Person(name="办公室一人", organisation_id=people.office.organisation_id, salt="s")
    with journal.act(people.console, "test.made") as act:
        act.write(person)
    User.objects.filter(pk__in=[one.pk for one in accounts]).update(person=person)


def test_two_accounts_of_one_person_are_no_two_people(people: Cast) -> None:
    ask, confirm = people.act_as("office"), people.act_as("second_office")
    assert access.require_second_person(ask, confirm, Right.CLOSE_ROUND) == "office2"
    person_of(people, people.office, people.second_office)
    with pytest.raises(NotAllowed):
        access.require_second_person(ask, confirm, Right.CLOSE_ROUND)


def test_a_security_administrator_does_not_confirm_what_he_proposed_as_another(
    people: Cast,
) -> None:
    made = services.open_account(
        people.act_as("system"),
        "newadmin",
        organisation_id=people.organisations[UNIT],
        kind=UserKind.AUDIT,
    )
    proposal = KindProposal.objects.get(user=made.user)
    person_of(people, people.system, people.security)
    with pytest.raises(NotAllowed, match="提出人和本人"):
        services.decide_kind(people.act_as("security"), proposal.pk, is_granted=True)


def test_an_account_with_a_role_keeps_unit_and_person(people: Cast) -> None:
    unit = people.organisations[OTHER_UNIT]
    user = people.reporter
    with pytest.raises(BadInput, match="有角色"):
        services.change_user(
            people.act_as("system"),
            user.pk,
            organisation_id=unit,
            person_id=None,
            version=user.version,
        )
    bare = services.open_account(people.act_as("system"), "bare", organisation_id=unit).user
    changed = services.change_user(
        people.act_as("system"),
        bare.pk,
        organisation_id=people.organisations[UNIT],
        person_id=None,
        version=bare.version,
    )
    assert changed.organisation_id == people.organisations[UNIT]


def test_a_unit_does_not_move_under_somebody_s_scope(people: Cast) -> None:
    above, unit = people.organisations[OTHER_UNIT], people.organisations[UNIT]
    move = (people.act_as("system"), unit, "新名")
    services.assign_role(
        people.act_as("security"),
        people.viewer,
        Role.REVIEWER,
        scope_organisation_id=above,
        valid_from=date(2020, 1, 1),
    )
    with pytest.raises(BadInput, match="会多看到"):
        services.rename_organisation(*move, valid_from=DAY, parent_id=above)
    assert access.organisations_below([above]) == [above]
    services.rename_organisation(people.console, unit, "新名", valid_from=DAY, parent_id=above)
    assert sorted(access.organisations_below([above])) == sorted([above, unit])


@pytest.mark.parametrize("who", ["office", "system", "audit"])
def test_what_would_let_the_office_act_alone_is_not_theirs_to_change(
    people: Cast, who: str
) -> None:
    with pytest.raises(NotAllowed):
        services.change_settings(people.act_as(who), {"small-office": "yes"}, basis="文号")
    security = people.act_as("security")
    with pytest.raises(BadInput, match="须写依据"):
        services.change_settings(security, {"small-office": "yes"})
    with pytest.raises(NotAllowed):
        services.change_settings(security, {"small-office": "yes", "digits": "2"}, basis="文号")
    assert settings_in_force()["small-office"] == "no"
    services.change_settings(security, {"small-office": "yes"}, basis="江办〔2026〕3号")
    assert settings_in_force()["small-office"] == "yes"


STORED = [
    ("digits", {"value": "1"}, "1", "1"),
    (
        "digits",
        {"value": "1", "start_rate": "2"},
        "completion_rate=1,time_progress=1,gap_to_time_progress=1,year_on_year=1,start_rate=2",
        "1，开工率2",
    ),
    (
        "rounding",
        {"value": "half-up", "start_rate": "truncate"},
        "completion_rate=half-up,time_progress=half-up,gap_to_time_progress=half-up,"
        "year_on_year=half-up,start_rate=truncate",
        "四舍五入，开工率去尾",
    ),
    ("time-progress", {"value": "decreed", "decreed": "33.3%"}, "decreed:33.3", "规定百分数33.3%"),
    ("time-progress", {"value": "days"}, "days", "按日"),
]


@pytest.mark.parametrize(("key", "typed", "stored", "label"), STORED)
def test_a_setting_is_chosen_and_read_in_chinese(
    people: Cast, key: str, typed: dict[str, str], stored: str, label: str
) -> None:
    form = SettingForm(typed, spec=SETTINGS[key], value=SETTINGS[key].default)
    assert form.do(lambda told: services.change_settings(people.console, {key: told["value"]}))
    assert settings_in_force()[key] == stored
    assert value_label(stored) == label
    common, own = parts_of(stored)
    assert {"value": common, **own}.items() >= {k: v.rstrip("%") for k, v in typed.items()}.items()


def test_a_percentage_that_is_none_stays_on_the_form(people: Cast) -> None:
    for typed in ("", "101", "abc", "-1"):
        form = SettingForm(
            {"value": "decreed", "decreed": typed},
            spec=SETTINGS["time-progress"],
            value="months",
        )
        assert not form.do(
            lambda told: services.change_settings(people.console, {"time-progress": told["value"]})
        )
        assert form.errors["value"]


def test_what_the_database_refuses_is_told_as_a_conflict() -> None:
    request = RequestFactory().get("/")
    request.htmx = True  # type: ignore[attr-defined]
    answer = Faults(lambda _: None).process_exception(  # type: ignore[arg-type,return-value]
        request, IntegrityError("UNIQUE")
    )
    assert answer is not None
    assert answer.status_code == 409
    assert "刚有人存了同样的内容" in answer.content.decode()
    assert (
        Faults(lambda _: None).process_exception(  # type: ignore[arg-type,return-value]
            request, ValueError("x")
        )
        is None
    )


@pytest.mark.parametrize("told", ["database is locked", "deadlock detected\nDETAIL: Process 1"])
def test_two_who_wait_for_each_other_are_told_to_try_again(told: str) -> None:
    request = RequestFactory().get("/")
    request.htmx = True  # type: ignore[attr-defined]
    answer = Faults(lambda _: None).process_exception(  # type: ignore[arg-type,return-value]
        request, OperationalError(told)
    )
    assert answer is not None
    assert (answer.status_code, "数据库正忙" in answer.content.decode()) == (409, True)
