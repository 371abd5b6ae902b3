"""Regions, organisations, persons, users and their roles."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import queries
from guatu.organisation.models import (
    Assignment,
    Organisation,
    OrganisationClosure,
    OrganisationName,
    Person,
    Region,
    RegionName,
    User,
)
from guatu.organisation.types import NameKind, OrganisationKind, RegionKind, Role, UserKind

BEGINNING = date(2000, 1, 1)
"""Names that were there before the platform hold from here on."""


@dataclass(frozen=True, slots=True)
class NewRegion:
    """A region to be made: name, code where known, other spellings."""

    name: str
    code: str = ""
    kind: RegionKind = RegionKind.COUNTY
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to be made under the root: name, kind, region, other spellings."""

    name: str
    kind: OrganisationKind = OrganisationKind.BUREAU
    region_id: int | None = None
    aliases: tuple[str, ...] = ()


def create_regions(act: Act, wanted: Sequence[NewRegion]) -> dict[str, int]:
    """Make regions under the root within an act; ids by name, in the order given."""
    root = queries.root_region()
    regions = [Region(kind=new.kind) for new in wanted]
    act.add_all(regions)
    names = []
    for region, new in zip(regions, wanted, strict=True):
        names.append(
            RegionName(
                region=region, name=new.name, code=new.code, parent=root, valid_from=BEGINNING
            )
        )
        names += [
            RegionName(region=region, kind=NameKind.ALIAS, name=alias, valid_from=BEGINNING)
            for alias in new.aliases
        ]
    act.add_all(names)
    return {new.name: region.pk for region, new in zip(regions, wanted, strict=True)}


def create_organisations(act: Act, wanted: Sequence[NewOrganisation]) -> dict[str, int]:
    """Make organisations under the root within an act; ids by name, in the order given."""
    root = queries.root_organisation()
    rows = [Organisation(kind=new.kind, region_id=new.region_id) for new in wanted]
    act.add_all(rows)
    names = []
    for row, new in zip(rows, wanted, strict=True):
        names.append(
            OrganisationName(organisation=row, name=new.name, parent=root, valid_from=BEGINNING)
        )
        names += [
            OrganisationName(
                organisation=row, kind=NameKind.ALIAS, name=alias, valid_from=BEGINNING
            )
            for alias in new.aliases
        ]
    act.add_all(names)
    OrganisationClosure.objects.bulk_create(
        [OrganisationClosure(ancestor=row, descendant=row, depth=0) for row in rows]
        + [OrganisationClosure(ancestor=root, descendant=row, depth=1) for row in rows]
    )
    return {new.name: row.pk for row, new in zip(rows, wanted, strict=True)}


def create_persons(
    act: Act, names: Sequence[str], *, organisation_id: int | None = None
) -> dict[str, int]:
    """Make persons of one unit (None: nobody says which) within an act; ids by name.

    Who is there already is told by `queries.person_ids`, by name and unit.
    """
    persons = [
        Person(name=name, organisation_id=organisation_id, salt=secrets.token_hex(16))
        for name in names
    ]
    act.add_all(persons)
    return {person.name: person.pk for person in persons}


def rename_organisation(
    actor: Actor, organisation_id: int, name: str, *, valid_from: date
) -> OrganisationName:
    """Give an organisation a new name from a day on; the old one keeps matching."""
    old = (
        OrganisationName.objects.filter(organisation_id=organisation_id, kind=NameKind.OFFICIAL)
        .order_by("-valid_from")
        .first()
    )
    with journal.act(actor, "organisation.renamed") as act:
        row = OrganisationName(
            organisation_id=organisation_id,
            name=name,
            parent_id=old.parent_id if old else None,
            valid_from=valid_from,
        )
        act.write(row)
    return row


def add_region_alias(actor: Actor, region_id: int, name: str) -> None:
    """Remember another spelling of a region."""
    with journal.act(actor, "region.alias_added") as act:
        act.write(
            RegionName(
                region_id=region_id, kind=NameKind.ALIAS, name=name, valid_from=clock.today()
            )
        )


def add_organisation_alias(actor: Actor, organisation_id: int, name: str) -> None:
    """Remember another spelling of an organisation."""
    with journal.act(actor, "organisation.alias_added") as act:
        act.write(
            OrganisationName(
                organisation_id=organisation_id,
                kind=NameKind.ALIAS,
                name=name,
                valid_from=clock.today(),
            )
        )


def create_user(
    actor: Actor,
    login: str,
    *,
    organisation_id: int,
    kind: UserKind = UserKind.BUSINESS,
    person_id: int | None = None,
) -> User:
    """Make an account without a usable password; logging in comes with the site."""
    login = login.strip()
    if not login or User.objects.filter(login=login).exists():
        raise BadInput(
            Fault(
                code="login-taken", what=f"登录名“{login}”为空或已被使用", remedy="请换一个登录名"
            )
        )
    with journal.act(actor, "user.created") as act:
        user = User(
            login=login,
            organisation_id=organisation_id,
            person_id=person_id,
            kind=kind,
            password=make_password(None),
            salt=secrets.token_hex(16),
        )
        act.write(user)
    return user


def assign_role(
    actor: Actor, user: User, role: Role, *, scope_organisation_id: int, valid_from: date
) -> Assignment:
    """Give a business user a role within a scope, from a day on."""
    if user.kind != UserKind.BUSINESS:
        raise BadInput(
            Fault(
                code="administrator-has-no-role",
                what=f"“{user.login}”是管理员账号，不能有业务角色",
                remedy="请用业务账号",
            )
        )
    with journal.act(actor, "role.assigned") as act:
        row = Assignment(
            user=user,
            role=role,
            scope_organisation_id=scope_organisation_id,
            valid_from=valid_from,
            granted_by=actor.text,
        )
        act.write(row)
    return row
