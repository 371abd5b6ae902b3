"""Reads: names on a day, name look-up for imports, settings and switches in force."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from guatu.core import clock
from guatu.core.names import match_form
from guatu.core.workdays import WorkCalendar
from guatu.organisation.models import (
    Holiday,
    Organisation,
    OrganisationName,
    Person,
    Region,
    RegionName,
    Setting,
    Switch,
)
from guatu.organisation.spoken import SpokenUnits, Unit, spoken_units
from guatu.organisation.types import SETTINGS, NameKind, RegionKind, SwitchName


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Finds ids by any name or alias ever used; knows today's official names."""

    by_form: dict[str, int]
    official: dict[int, str]

    def find(self, text: str) -> int | None:
        """The id a text names, or None."""
        return self.by_form.get(match_form(text))

    def suggest(self, text: str) -> str:
        """The nearest official names, for the message that asks which one was meant."""
        near = difflib.get_close_matches(text, self.official.values(), n=2, cutoff=0.5)
        return "、".join(near)


def _index(rows: Iterable[tuple[int, str, str, date]], on: date) -> NameIndex:
    by_form: dict[str, int] = {}
    official: dict[int, str] = {}
    for owner, kind, name, valid_from in rows:
        by_form.setdefault(match_form(name), owner)
        if kind == NameKind.OFFICIAL and valid_from <= on:
            official[owner] = name
    return NameIndex(by_form, official)


def region_names(on: date | None = None) -> NameIndex:
    """Region ids by name or alias, with the names official on a day (today by default)."""
    held = RegionName.objects.filter(withdrawal__isnull=True)
    rows = held.order_by("valid_from", "pk").values_list("region_id", "kind", "name", "valid_from")
    return _index(rows, on or clock.today())


def organisation_names(on: date | None = None) -> NameIndex:
    """Organisation ids by name or alias, with the names official on a day."""
    rows = OrganisationName.objects.order_by("valid_from", "pk").values_list(
        "organisation_id", "kind", "name", "valid_from"
    )
    return _index(rows, on or clock.today())


def units_as_spoken() -> SpokenUnits:
    """How files and titles may call every unit but the root, whose name stands in all titles."""
    names: dict[int, list[str]] = defaultdict(list)
    for owner, name in OrganisationName.objects.order_by("pk").values_list(
        "organisation_id", "name"
    ):
        names[owner].append(name)
    regions: dict[int, list[str]] = defaultdict(list)
    held = RegionName.objects.filter(withdrawal__isnull=True)
    for owner, name in held.order_by("pk").values_list("region_id", "name"):
        regions[owner].append(name)
    rows = Organisation.objects.order_by("pk").values_list("pk", "kind", "region_id")
    units = [Unit(pk, kind, region_id, tuple(names[pk])) for pk, kind, region_id in rows]
    return spoken_units(units[1:], regions, root_region().pk)


def official_names(on: date | None = None) -> QuerySet[OrganisationName]:
    """The names that are or were official, up to those of a day (today by default)."""
    day = on or clock.today()
    return OrganisationName.objects.filter(kind=NameKind.OFFICIAL, valid_from__lte=day)


def official_name_of(organisation: str, on: date | None = None) -> Subquery:
    """The official name, on a day (today by default), of the organisation that a row's field
    names, for an annotation."""
    names = official_names(on).filter(organisation_id=OuterRef(organisation))
    return Subquery(names.order_by("-valid_from").values("name")[:1])


def names_of_organisations(ids: Iterable[int]) -> dict[int, str]:
    """Today's official names of some organisations, in one query."""
    rows = official_names().filter(organisation_id__in=set(ids)).order_by("valid_from")
    return dict(rows.values_list("organisation_id", "name"))


def region_kinds() -> dict[int, str]:
    """Kind of each region."""
    return dict(Region.objects.values_list("pk", "kind"))


def region_codes(on: date | None = None) -> dict[int, str]:
    """The code on a day (today by default) of each region that has one."""
    rows = RegionName.objects.filter(valid_from__lte=on or clock.today()).exclude(code="")
    rows = rows.order_by("valid_from", "pk")
    return dict(rows.values_list("region_id", "code"))


def person_ids() -> dict[tuple[str, int | None], int]:
    """Persons by name and unit (None: nobody says which). A name alone is nobody's identity."""
    rows = Person.objects.order_by("-pk").values_list("name", "organisation_id", "pk")
    return {(name, unit): pk for name, unit, pk in rows}


def person_named(name: str) -> tuple[int, str] | None:
    """The person of the city's own (no unit) that a typed name means, and how his name is kept:
    full-width and half-width signs are the same. None where nobody or more than one is meant."""
    rows = Person.objects.filter(organisation__isnull=True).order_by("pk")
    known = list(rows.values_list("pk", "name"))
    typed = match_form(name)
    found = [one for one in known if one[1] == name] or [
        one for one in known if match_form(one[1]) == typed
    ]
    return found[0] if len({one[1] for one in found}) == 1 else None


def own_persons() -> list[tuple[int, str]]:
    """Ids and names of the persons of the city's own (no unit), the first of a name first."""
    rows = Person.objects.filter(organisation__isnull=True).order_by("pk")
    return list(rows.values_list("pk", "name"))


def own_person_names() -> list[str]:
    """Names of the persons of the city's own, for a form to offer."""
    rows = Person.objects.filter(organisation__isnull=True)
    return sorted(set(rows.values_list("name", flat=True)))


def contacts_of(organisation_ids: Iterable[int]) -> dict[int, list[str]]:
    """Whom to call at some organisations: "name number" of those with a number, in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Person.objects.filter(organisation_id__in=set(organisation_ids), phone__isnull=False)
    for unit, name, phone in rows.order_by("pk").values_list("organisation_id", "name", "phone"):
        found[unit or 0].append(f"{name} {phone}")
    return dict(found)


def root_region() -> Region:
    """The installation's own territory."""
    return Region.objects.get(kind=RegionKind.ROOT)


def root_organisation() -> Organisation:
    """The government whose lists these are: the first organisation ever made."""
    return Organisation.objects.order_by("pk")[0]


def lock_root() -> None:
    """Let acts that read many tables before they write wait for each other (list, close).

    Inside the caller's transaction. On SQLite the transaction itself is the lock (IMMEDIATE).
    """
    Organisation.objects.select_for_update(no_key=True).order_by("pk").first()


def is_installed() -> bool:
    """Whether `guatu init` has run on this database."""
    return Region.objects.filter(kind=RegionKind.ROOT).exists()


def settings_in_force() -> dict[str, str]:
    """All city settings, defaults filled in."""
    values = {key: spec.default for key, spec in SETTINGS.items()}
    values.update(Setting.objects.order_by("pk").values_list("key", "value"))
    return values


def switch_state(name: SwitchName) -> Switch | None:
    """The switch's newest row where it is on and not past its end date, else None."""
    row = Switch.objects.filter(name=name).order_by("-pk").first()
    if row is None or not row.is_on or (row.until and row.until < clock.today()):
        return None
    return row


def work_calendar() -> WorkCalendar:
    """The package's holidays with the office's own lines over them."""
    return WorkCalendar(dict(own_workdays()))


def own_workdays() -> tuple[tuple[date, bool], ...]:
    """The office's own lines of the calendar: each day, and whether it is worked."""
    return tuple(Holiday.objects.order_by("day").values_list("day", "is_workday"))
