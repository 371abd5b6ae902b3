"""What administrators may do, what takes two of them, and what is refused to each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.journal.queries import verify
from guatu.organisation import access, listed, locks, services
from guatu.organisation.access import organisations_below
from guatu.organisation.models import Assignment, User
from guatu.organisation.queries import root_organisation, settings_in_force
from guatu.organisation.services import NewOrganisation, NewRegion
from guatu.organisation.services.audit import save_checkpoint, start_verification
from guatu.organisation.types import OrganisationKind, Role, UserKind
from tests.factories import OTHER_UNIT, UNIT, Cast

DAY = date(2026, 7, 1)
Act = Callable[[Cast, str], object]

ACTS: dict[str, tuple[frozenset[str], Act]] = {
    "rename a unit": (
        frozenset({"office", "system"}),
        lambda p, who: services.rename_organisation(
            p.act_as(who), p.organisations[UNIT], "新名", valid_from=DAY
        ),
    ),
    "a unit's alias": (
        frozenset({"office", "system"}),
        lambda p, who: services.add_organisation_alias(
            p.act_as(who), p.organisations[UNIT], "北发改"
        ),
    ),
    "a new unit": (
        frozenset({"office", "system"}),
        lambda p, who: services.create_organisation(p.act_as(who), NewOrganisation("市新局")),
    ),
    "end a unit": (
        frozenset({"office", "system"}),
        lambda p, who: services.end_organisation(p.act_as(who), p.organisations[UNIT], on=DAY),
    ),
    "a new region": (
        frozenset({"office", "system"}),
        lambda p, who: services.create_region(p.act_as(who), NewRegion("新区")),
    ),
    "a region's alias": (
        frozenset({"office", "system"}),
        lambda p, who: services.add_region_alias(p.act_as(who), p.regions["临江区"], "临江"),
    ),
    "rename a region": (
        frozenset({"office", "system"}),
        lambda p, who: services.rename_region(
            p.act_as(who), p.regions["临江区"], "临江新区", code="1", valid_from=DAY
        ),
    ),
    "end a region": (
        frozenset({"office", "system"}),
        lambda p, who: services.end_region(p.act_as(who), p.regions["临江区"], on=DAY),
    ),
    "a new person": (
        frozenset({"office", "system"}),
        lambda p, who: services.create_person(p.act_as(who), "李明", organisation_id=None),
    ),
    "change a person": (
        frozenset({"office", "system"}),
        lambda p, who: services.change_person(
            p.act_as(who),
            p.persons["周正明"],
            "周正明",
            organisation_id=p.organisations[UNIT],
            phone="0791-8888666转801",
        ),
    ),
    "a new account": (
        frozenset({"system"}),
        lambda p, who: services.open_account(
            p.act_as(who), "new", organisation_id=p.organisations[UNIT]
        ),
    ),
    "a bare account": (
        frozenset({"system"}),
        lambda p, who: services.create_user(
            p.act_as(who), "new", organisation_id=p.organisations[UNIT]
        ),
    ),
    "another password": (
        frozenset({"system"}),
        lambda p, who: services.reissue_password(p.act_as(who), p.reporter.pk),
    ),
    "disable": (
        frozenset({"system"}),
        lambda p, who: services.disable_user(p.act_as(who), p.reporter.pk),
    ),
    "enable": (
        frozenset({"system"}),
        lambda p, who: services.enable_user(p.act_as(who), p.reporter.pk),
    ),
    "propose a kind": (
        frozenset({"system"}),
        lambda p, who: services.propose_kind(p.act_as(who), bare_account(p), UserKind.AUDIT),
    ),
    "give a role": (
        frozenset({"security"}),
        lambda p, who: services.assign_role(
            p.act_as(who),
            p.reporter,
            Role.REVIEWER,
            scope_organisation_id=p.organisations[UNIT],
            valid_from=DAY,
        ),
    ),
    "end a role": (
        frozenset({"security"}),
        lambda p, who: services.end_role(p.act_as(who), role_of(p.reporter), on=clock.today()),
    ),
    "unlock": (
        frozenset({"security"}),
        lambda p, who: unlock_nothing(p, who),
    ),
    "a checkpoint": (
        frozenset({"audit"}),
        lambda p, who: save_checkpoint(p.act_as(who), kept_at="市纪委"),
    ),
    "a verification": (
        frozenset({"audit"}),
        lambda p, who: start_verification(p.act_as(who), []),
    ),
}
EVERYBODY = ("office", "viewer", "reporter", "leader", "outsider", "system", "security", "audit")


@pytest.fixture
def people(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    with journal.act(people.console, "administrator.activated") as act:
        for user in (people.system, people.security, people.audit):
            user.is_active, user.set_up_due = True, False
            act.write(user)
    monkeypatch.setattr("guatu.journal.verification.launch", lambda *told: None)
    monkeypatch.setattr("guatu.journal.verification._keep", lambda report: None)
    return people


def unlock_nothing(people: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        locks.unlock(people.act_as(who), "x", "10.0.0.1")


def bare_account(people: Cast) -> int:
    made = User.objects.filter(login="bare").first() or services.create_user(
        people.console, "bare", organisation_id=people.organisations[UNIT]
    )
    return made.pk


def role_of(user: User) -> int:
    return Assignment.objects.get(user=user, role=Role.REPORTER).pk


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_for_whom_it_is(people: Cast, name: str, who: str) -> None:
    allowed, act = ACTS[name]
    before = Entry.objects.count()
    if who in allowed:
        act(people, who)
        return
    with pytest.raises(NotAllowed):
        act(people, who)
    made = User.objects.filter(login="bare").count()
    assert Entry.objects.count() - before <= made


def test_the_console_may_and_is_journalled(people: Cast) -> None:
    services.rename_organisation(people.console, people.organisations[UNIT], "新名", valid_from=DAY)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.act, entry.actor_text) == ("organisation.renamed", "控制台")


def test_an_administrator_is_made_by_two(people: Cast) -> None:
    system, security = people.act_as("system"), people.act_as("security")
    made = services.open_account(
        system, "audit2", organisation_id=root_organisation().pk, kind=UserKind.AUDIT
    )
    assert made.is_proposed
    assert User.objects.get(login="audit2").kind == UserKind.BUSINESS
    (waiting,) = listed.open_proposals()
    with pytest.raises(NotAllowed):
        services.decide_kind(system, waiting.proposal.pk, is_granted=True)
    services.decide_kind(security, waiting.proposal.pk, is_granted=True)
    assert User.objects.get(login="audit2").kind == UserKind.AUDIT
    with pytest.raises(Conflict):
        services.decide_kind(security, waiting.proposal.pk, is_granted=False)
    assert verify().problems == []


def test_a_proposal_can_be_refused_and_runs_out(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, security = people.act_as("system"), people.act_as("security")
    first = services.propose_kind(system, bare_account(people), UserKind.AUDIT)
    services.decide_kind(security, first.pk, is_granted=False)
    second = services.propose_kind(system, bare_account(people), UserKind.AUDIT)
    later = clock.now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Conflict, match="24小时"):
        services.decide_kind(security, second.pk, is_granted=True)
    assert User.objects.get(login="bare").kind == UserKind.BUSINESS


def test_whoever_has_a_role_becomes_no_administrator(people: Cast) -> None:
    with pytest.raises(BadInput, match="业务角色"):
        services.propose_kind(people.act_as("system"), people.reporter.pk, UserKind.AUDIT)
    waiting = services.propose_kind(people.act_as("system"), bare_account(people), UserKind.AUDIT)
    services.assign_role(
        people.act_as("security"),
        User.objects.get(login="bare"),
        Role.VIEWER,
        scope_organisation_id=root_organisation().pk,
        valid_from=DAY,
    )
    with pytest.raises(BadInput, match="业务角色"):
        services.decide_kind(people.act_as("security"), waiting.pk, is_granted=True)


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_one_of_each_administrator_stays(people: Cast, who: str) -> None:
    with pytest.raises(BadInput):
        services.disable_user(people.act_as("system"), getattr(people, who).pk)
    with pytest.raises(BadInput, match="最后一个"):
        services.disable_user(people.console, getattr(people, who).pk)
    with pytest.raises(BadInput, match="最后一个"):
        services.propose_kind(people.console, getattr(people, who).pk, UserKind.BUSINESS)


def test_the_system_administrator_gets_no_password_of_another_administrator(people: Cast) -> None:
    for name in ("security", "audit", "system"):
        with pytest.raises(NotAllowed, match="guatu password"):
            services.reissue_password(people.act_as("system"), getattr(people, name).pk)
    assert services.reissue_password(people.console, people.audit.pk).password


def test_nobody_gives_himself_a_role_or_a_kind(people: Cast) -> None:
    with pytest.raises(BadInput):
        services.propose_kind(people.act_as("system"), people.system.pk, UserKind.SECURITY)
    with pytest.raises(BadInput, match="管理员账号"):
        services.assign_role(
            people.act_as("security"),
            people.security,
            Role.OFFICE,
            scope_organisation_id=root_organisation().pk,
            valid_from=DAY,
        )


def test_a_role_is_not_given_twice_and_ends_once(people: Cast) -> None:
    security, unit = people.act_as("security"), people.organisations[UNIT]

    def give() -> object:
        return services.assign_role(
            security, people.reporter, Role.REPORTER, scope_organisation_id=unit, valid_from=DAY
        )

    with pytest.raises(BadInput, match="已经是"):
        give()
    with pytest.raises(BadInput, match="早于"):
        services.end_role(security, role_of(people.reporter), on=date(2019, 1, 1))
    services.end_role(security, role_of(people.reporter), on=clock.today())
    assert access.current_assignments(people.reporter.pk, clock.today()) == []
    with pytest.raises(Conflict):
        services.end_role(security, Assignment.objects.get(user=people.reporter).pk, on=DAY)
    give()


def test_a_moved_unit_is_seen_from_above_at_once(people: Cast) -> None:
    unit, other = people.organisations[UNIT], people.organisations[OTHER_UNIT]
    today = clock.today()
    services.rename_organisation(
        people.console, unit, "江北区发改局", valid_from=today, parent_id=other
    )
    assert set(organisations_below([other])) == {unit, other}
    assert listed.organisations()[0].name == "江源市"
    with pytest.raises(BadInput, match="下级"):
        services.rename_organisation(
            people.console, other, "临江", valid_from=today, parent_id=unit
        )
    with pytest.raises(BadInput, match="今天或以前"):
        services.rename_organisation(
            people.console,
            unit,
            "江北局",
            valid_from=today + timedelta(days=1),
            parent_id=root_organisation().pk,
        )


def test_the_root_neither_moves_nor_ends(people: Cast) -> None:
    root = root_organisation().pk
    with pytest.raises(BadInput):
        services.end_organisation(people.console, root, on=DAY)
    with pytest.raises(BadInput):
        services.rename_organisation(
            people.console,
            root,
            "新市",
            valid_from=DAY,
            parent_id=people.organisations[UNIT],
        )


@pytest.mark.parametrize("name", ["", "  ", "长" * 201, "两\n行", "看不\u200b见", "反\u202e写"])
def test_a_name_is_one_plain_line(people: Cast, name: str) -> None:
    with pytest.raises(BadInput):
        services.create_organisation(people.console, NewOrganisation(name))


def test_what_means_one_unit_does_not_come_to_mean_another(people: Cast) -> None:
    with pytest.raises(BadInput, match="江北区发展改革局"):
        services.create_organisation(people.console, NewOrganisation("江北发改局"))
    with pytest.raises(BadInput, match="江北区发展改革局"):
        services.create_organisation(
            people.console,
            NewOrganisation("市新局", kind=OrganisationKind.BUREAU, aliases=("江北发改局",)),
        )


def test_logins_are_never_used_again_and_look_alike_only_once(people: Cast) -> None:
    services.disable_user(people.console, people.reporter.pk)
    unit = people.organisations[UNIT]
    for login in ("reporter", "REPORTER", "ｒｅｐｏｒｔｅｒ", "re porter", "a" * 61, "<b>", "a\nb"):
        with pytest.raises(BadInput):
            services.open_account(people.console, login, organisation_id=unit)


def test_settings_keep_their_history_with_basis(people: Cast) -> None:
    services.change_settings(people.act_as("system"), {"digits": "2"}, basis="江办〔2026〕3号")
    services.change_settings(people.act_as("office"), {"digits": "0"})
    history = listed.setting_history("digits")
    assert [(row.value, row.last.by, row.last.basis) for row in history if row.last] == [
        ("0", "office", ""),
        ("2", "sysadmin", "江办〔2026〕3号"),
    ]
    assert settings_in_force()["digits"] == "0"


def test_a_day_of_the_calendar_is_set_and_forgotten(people: Cast) -> None:
    office = people.act_as("office")
    row = services.set_holiday(office, date(2026, 10, 10), is_workday=False, note="试")
    assert any(one.own and one.note == "试" for one in listed.calendar_of(2026))
    with pytest.raises(Conflict):
        services.forget_holiday(office, row.pk, is_workday=True)
    services.forget_holiday(office, row.pk, is_workday=False)
    assert not any(one.own for one in listed.calendar_of(2026))
    assert verify().problems == []


def test_a_year_the_package_does_not_know_is_said(people: Cast) -> None:
    assert listed.is_year_known(2026)
    assert not listed.is_year_known(2090)
    assert listed.calendar_of(2090) == []
