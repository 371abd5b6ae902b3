from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Q

from guatu.core.errors import NotFound
from guatu.journal import services as journal
from guatu.journal.models import Journalled
from guatu.ledger import access
from guatu.ledger.models import Participation, Project, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import actor_of
from guatu.organisation.models import AssignmentEnd, User
from guatu.organisation.services import assign_role, create_user
from guatu.organisation.types import Role
from tests.factories import DEPARTMENT_UNIT, LEADER, OTHER_UNIT, SINCE, UNIT, Cast
from tests.tables import project_row, put_list, take_list

OWN, LINKED, OTHERS = "江北新材料产业园", "江北快速路", "临江污水处理厂"
EVERYTHING = {OWN, LINKED, OTHERS}
TODAY = date(2026, 10, 31)


@dataclass(frozen=True)
class Town:
    people: Cast
    projects: dict[str, Project]

    def seen_by(self, who: str) -> set[str]:
        user: User = getattr(self.people, who)
        return {project.name for project in access.visible_projects(user)}

    def write(self, row: Journalled) -> None:
        with journal.act(self.people.console, "test.written") as act:
            act.write(row)


@pytest.fixture
def town(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    path = put_list(
        tmp_path / "清单.csv",
        project_row(OWN, "P-1"),
        project_row(LINKED, "P-2", 包联领导=LEADER),
        project_row(OTHERS, "P-3", 所属地区="临江区", 责任单位=OTHER_UNIT),
    )
    take_list(people.console, path)
    return Town(people, {project.name: project for project in Project.objects.all()})


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("reporter", {OWN, LINKED}),
        ("reviewer", {OWN, LINKED}),
        ("office", EVERYTHING),
        ("second_office", EVERYTHING),
        ("viewer", EVERYTHING),
        ("leader", {LINKED}),
        ("department", set()),
        ("inspector", set()),
        ("outsider", {OTHERS}),
        ("system", set()),
        ("security", set()),
        ("audit", set()),
    ],
)
def test_each_of_the_cast_sees_what_is_his(town: Town, who: str, sees: set[str]) -> None:
    assert town.seen_by(who) == sees


def test_a_project_of_another_unit_does_not_exist_for_an_outsider(town: Town) -> None:
    outsider = town.people.outsider
    theirs = [town.projects[name].pk for name in (OWN, LINKED)]
    assert not access.visible_projects(outsider).filter(pk__in=theirs).exists()
    with pytest.raises(NotFound, match="没有编号为"):
        access.get_project(actor_of(outsider), theirs[0])
    assert access.get_project(actor_of(outsider), town.projects[OTHERS].pk).name == OTHERS


def test_without_the_scope_an_outsider_would_see_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the same question with the narrowing taken away must show the hidden projects."""
    monkeypatch.setattr(access, "_condition", lambda *_: Q(pk__isnull=False))
    assert town.seen_by("outsider") == EVERYTHING


def test_an_administrator_sees_nothing_even_when_active_and_smuggled_a_role(town: Town) -> None:
    audit = town.people.audit
    User.objects.filter(pk=audit.pk).update(is_active=True)
    given = town.people.office.assignments.get()
    type(given).objects.bulk_create(
        [
            type(given)(
                user=audit,
                role=Role.OFFICE,
                scope_organisation=given.scope_organisation,
                valid_from=SINCE,
                granted_by="nobody",
            )
        ]
    )
    audit.refresh_from_db()
    assert audit.is_active
    assert town.seen_by("audit") == set()


def test_nobody_without_a_role_sees_anything(town: Town) -> None:
    people = town.people
    stranger = create_user(people.console, "stranger", organisation_id=people.organisations[UNIT])
    assert not access.visible_projects(stranger).exists()


def test_a_disabled_user_sees_nothing(town: Town) -> None:
    town.people.office.is_active = False
    assert town.seen_by("office") == set()


def test_visibility_ends_with_the_assignment(town: Town) -> None:
    given = town.people.reporter.assignments.get()
    town.write(AssignmentEnd(assignment=given, on=TODAY, by="console"))
    assert town.seen_by("reporter") == set()


def test_visibility_begins_with_the_assignment(town: Town) -> None:
    people = town.people
    new = create_user(people.console, "new", organisation_id=people.organisations[UNIT])
    scope = people.organisations[UNIT]
    for day in (date(2026, 11, 1), TODAY):
        assign_role(people.console, new, Role.REPORTER, scope_organisation_id=scope, valid_from=day)
        names = {project.name for project in access.visible_projects(new)}
        assert names == ({OWN, LINKED} if day == TODAY else set())


@pytest.mark.parametrize("role", [Role.OFFICE, Role.VIEWER, Role.REVIEWER])
def test_a_role_with_the_scope_of_a_unit_sees_that_unit_only(town: Town, role: Role) -> None:
    people = town.people
    unit = people.organisations[OTHER_UNIT]
    narrow = create_user(people.console, "narrow", organisation_id=unit)
    assign_role(people.console, narrow, role, scope_organisation_id=unit, valid_from=SINCE)
    assert {project.name for project in access.visible_projects(narrow)} == {OTHERS}


def test_a_leader_sees_projects_by_his_person_not_by_his_unit(town: Town) -> None:
    people = town.people
    assert town.seen_by("leader") == {LINKED}
    duty = Responsibility.objects.get(role=ResponsibilityRole.LEADER)
    duty.valid_to = date(2026, 10, 30)
    town.write(duty)
    assert town.seen_by("leader") == set()
    town.write(
        Responsibility(
            project=town.projects[OTHERS],
            role=ResponsibilityRole.LIAISON,
            person_id=people.persons[LEADER],
            valid_from=TODAY,
        )
    )
    assert town.seen_by("leader") == {OTHERS}


def test_two_users_without_a_person_do_not_share_duties_without_one(town: Town) -> None:
    people = town.people
    unit = people.organisations[UNIT]
    nobody = create_user(people.console, "nobody", organisation_id=unit)
    assign_role(people.console, nobody, Role.LIAISON, scope_organisation_id=unit, valid_from=SINCE)
    assert not access.visible_projects(nobody).exists()


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "sees"),
    [
        (date(2026, 1, 1), None, True),
        (date(2026, 1, 1), TODAY, True),
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 1, 1), date(2026, 10, 30), False),
        (date(2026, 11, 1), None, False),
    ],
)
def test_a_department_sees_what_waits_for_it_while_it_waits(
    town: Town, valid_from: date, valid_to: date | None, sees: bool
) -> None:
    town.write(
        Participation(
            project=town.projects[OWN],
            organisation_id=town.people.organisations[DEPARTMENT_UNIT],
            why="land",
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    assert town.seen_by("department") == ({OWN} if sees else set())


def test_a_project_that_a_department_waits_for_twice_is_listed_once(town: Town) -> None:
    for why in ("land", "quota"):
        town.write(
            Participation(
                project=town.projects[OWN],
                organisation_id=town.people.organisations[DEPARTMENT_UNIT],
                why=why,
                valid_from=SINCE,
            )
        )
    assert [p.name for p in access.visible_projects(town.people.department)] == [OWN]


def test_a_department_sees_what_it_assists_in(town: Town) -> None:
    town.write(
        Responsibility(
            project=town.projects[OTHERS],
            role=ResponsibilityRole.ASSISTING,
            organisation_id=town.people.organisations[DEPARTMENT_UNIT],
            valid_from=SINCE,
        )
    )
    assert town.seen_by("department") == {OTHERS}


def test_an_assisting_unit_s_reporter_does_not_see_by_that(town: Town) -> None:
    town.write(
        Responsibility(
            project=town.projects[OTHERS],
            role=ResponsibilityRole.ASSISTING,
            organisation_id=town.people.organisations[UNIT],
            valid_from=SINCE,
        )
    )
    assert town.seen_by("reporter") == {OWN, LINKED}


def test_the_owner_s_reporter_sees_the_project(town: Town) -> None:
    town.write(
        Responsibility(
            project=town.projects[OTHERS],
            role=ResponsibilityRole.OWNER,
            organisation_id=town.people.organisations[UNIT],
            valid_from=SINCE,
        )
    )
    assert town.seen_by("reporter") == EVERYTHING


def test_a_removed_project_is_seen_by_nobody(town: Town) -> None:
    project = town.projects[OWN]
    project.removed_on = TODAY
    town.write(project)
    assert OWN not in town.seen_by("office") | town.seen_by("reporter")
    names = {p.name for p in access.visible_to(town.people.console)}
    assert names == {LINKED, OTHERS}


def test_two_roles_add_up(town: Town) -> None:
    people = town.people
    assign_role(
        people.console,
        people.reporter,
        Role.REPORTER,
        scope_organisation_id=people.organisations[OTHER_UNIT],
        valid_from=SINCE,
    )
    assert town.seen_by("reporter") == EVERYTHING
    assert access.visible_projects(people.reporter).count() == 3
