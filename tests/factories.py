"""The cast (house.md 7): the same people in every test, made through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation.access import actor_of, console_actor
from guatu.organisation.models import User
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import (
    NewOrganisation,
    NewRegion,
    assign_role,
    create_organisations,
    create_persons,
    create_regions,
    create_user,
    install,
)
from guatu.organisation.types import OrganisationKind, RegionKind, Role

CITY = "江源市"
SINCE = date(2020, 1, 1)

OFFICE_UNIT = "市重点项目办公室"
UNIT = "江北区发展改革局"
OTHER_UNIT = "临江区发展改革局"
DEPARTMENT_UNIT = "市自然资源和规划局"
SUPERVISORS = "市政府督查室"
LEADER = "周正明"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays. `regions` and `organisations` give ids by name."""

    reporter: User
    reviewer: User
    office: User
    second_office: User
    leader: User
    department: User
    inspector: User
    viewer: User
    outsider: User
    system: User
    security: User
    audit: User
    regions: dict[str, int]
    organisations: dict[str, int]
    persons: dict[str, int]
    console: Actor

    def act_as(self, name: str) -> Actor:
        """The actor that one of the cast is: `people.act_as("office")`."""
        user = getattr(self, name)
        assert isinstance(user, User)
        return actor_of(user)


def make_cast() -> Cast:
    """Install an invented city with two districts, a zone and one user of each role."""
    console = console_actor()
    install(console, city=CITY)
    with journal.act(console, "cast.made") as act:
        regions = create_regions(
            act,
            [
                NewRegion("江北区", code="990102", aliases=("江北",)),
                NewRegion("临江区", code="990103"),
                NewRegion("高新区", kind=RegionKind.ZONE),
            ],
        )
        organisations = create_organisations(
            act,
            [
                NewOrganisation(OFFICE_UNIT),
                NewOrganisation(UNIT, region_id=regions["江北区"], aliases=("江北发改局",)),
                NewOrganisation(OTHER_UNIT, region_id=regions["临江区"]),
                NewOrganisation(DEPARTMENT_UNIT),
                NewOrganisation(SUPERVISORS),
                NewOrganisation("江源城投集团", kind=OrganisationKind.COMPANY),
            ],
        )
        persons = create_persons(act, [LEADER])
    root = root_organisation().pk

    def user(login: str, unit: str, role: Role, *, scope: int, person: int | None = None) -> User:
        made = create_user(console, login, organisation_id=organisations[unit], person_id=person)
        assign_role(console, made, role, scope_organisation_id=scope, valid_from=SINCE)
        return made

    own, other = organisations[UNIT], organisations[OTHER_UNIT]
    return Cast(
        reporter=user("reporter", UNIT, Role.REPORTER, scope=own),
        reviewer=user("reviewer", UNIT, Role.REVIEWER, scope=own),
        office=user("office", OFFICE_UNIT, Role.OFFICE, scope=root),
        second_office=user("office2", OFFICE_UNIT, Role.OFFICE, scope=root),
        leader=user("leader", OFFICE_UNIT, Role.LEADER, scope=root, person=persons[LEADER]),
        department=user(
            "department",
            DEPARTMENT_UNIT,
            Role.DEPARTMENT,
            scope=organisations[DEPARTMENT_UNIT],
        ),
        inspector=user("inspector", SUPERVISORS, Role.INSPECTOR, scope=root),
        viewer=user("viewer", OFFICE_UNIT, Role.VIEWER, scope=root),
        outsider=user("outsider", OTHER_UNIT, Role.REPORTER, scope=other),
        system=User.objects.get(login="sysadmin"),
        security=User.objects.get(login="secadmin"),
        audit=User.objects.get(login="auditadmin"),
        regions=regions,
        organisations=organisations,
        persons=persons,
        console=console,
    )
