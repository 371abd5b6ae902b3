"""Making regions, organisations and persons within a larger act, such as the import of a list."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.journal.services import Act
from guatu.organisation import queries
from guatu.organisation.models import (
    Organisation,
    OrganisationClosure,
    OrganisationName,
    Person,
    Region,
    RegionName,
)
from guatu.organisation.types import NameKind, OrganisationKind, RegionKind

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


def create_organisations(
    act: Act, wanted: Sequence[NewOrganisation], *, parent: Organisation | None = None
) -> dict[str, int]:
    """Make organisations under a parent (the root by default) within an act; ids by name.

    Under another parent than the root the caller rebuilds the closure.
    """
    root = parent or queries.root_organisation()
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
