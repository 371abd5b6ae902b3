"""Organisations and regions in the order of the tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from guatu.core import clock
from guatu.organisation import queries
from guatu.organisation.models import Organisation, OrganisationName, Region, RegionName
from guatu.organisation.types import NameKind, OrganisationKind, RegionKind


@dataclass(slots=True)
class UnitRow:
    """An organisation or region as the lists show it; `depth` is its place in the tree."""

    pk: int
    name: str
    kind: str
    parent: str = ""
    region: str = ""
    code: str = ""
    depth: int = 0
    since: date | None = None
    ended_on: date | None = None
    aliases: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)


def organisations() -> list[UnitRow]:
    """All organisations in the order of the tree."""
    today = clock.today()
    regions = queries.region_names().official
    rows = {
        unit.pk: UnitRow(
            unit.pk,
            "",
            OrganisationKind(unit.kind).label,
            region=regions.get(unit.region_id or 0, ""),
            ended_on=unit.ended_on,
        )
        for unit in Organisation.objects.order_by("pk")
    }
    parents: dict[int, int | None] = {}
    names = OrganisationName.objects.order_by("valid_from", "pk")
    for name in names:
        _take_name(rows[name.organisation_id], name, today)
        if name.kind == NameKind.OFFICIAL and name.valid_from <= today:
            parents[name.organisation_id] = name.parent_id
    return _as_tree(rows, parents)


def regions() -> list[UnitRow]:
    """All regions in the order of the tree."""
    today = clock.today()
    rows = {
        one.pk: UnitRow(one.pk, "", RegionKind(one.kind).label, ended_on=one.ended_on)
        for one in Region.objects.order_by("pk")
    }
    parents: dict[int, int | None] = {}
    held = RegionName.objects.filter(withdrawal__isnull=True)
    for name in held.order_by("valid_from", "pk"):
        row = rows[name.region_id]
        _take_name(row, name, today)
        if name.kind == NameKind.OFFICIAL and name.valid_from <= today:
            parents[name.region_id] = name.parent_id
            row.code = name.code
    return _as_tree(rows, parents)


def _take_name(row: UnitRow, name: OrganisationName | RegionName, today: date) -> None:
    if name.kind == NameKind.ALIAS:
        row.aliases.append(name.name)
    elif name.valid_from <= today:
        if row.name and row.name != name.name:
            row.former.append(row.name)
        row.name, row.since = name.name, name.valid_from
    elif not row.name:
        row.name, row.since = name.name, name.valid_from


def _as_tree(rows: dict[int, UnitRow], parents: dict[int, int | None]) -> list[UnitRow]:
    below: dict[int | None, list[int]] = {}
    for pk in rows:
        parent = parents.get(pk)
        below.setdefault(parent if parent in rows and parent != pk else None, []).append(pk)
    ordered: list[UnitRow] = []
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    seen: set[int] = set()
    while waiting:
        pk, depth = waiting.pop()
        if pk in seen:
            continue
        seen.add(pk)
        row = rows[pk]
        row.depth = depth
        parent = parents.get(pk)
        row.parent = rows[parent].name if parent in rows else ""
        ordered.append(row)
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    return ordered + [row for pk, row in rows.items() if pk not in seen]


def unit_choices(units: Iterable[UnitRow] | None = None) -> list[tuple[int, str]]:
    """Organisations to choose from that have not ended, indented as the tree is."""
    return [
        (row.pk, f"{'　' * row.depth}{row.name}")
        for row in (organisations() if units is None else units)
        if row.ended_on is None
    ]
