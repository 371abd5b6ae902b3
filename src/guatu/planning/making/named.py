"""An adjustment told by names, as the command line takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core.errors import BadInput, Fault
from guatu.journal.types import Actor
from guatu.ledger import access as ledger_access
from guatu.ledger import queries as ledger
from guatu.ledger.forms import exact_yuan
from guatu.ledger.making import queries
from guatu.ledger.models import Project, ProjectList
from guatu.planning.making.services import AdjustList


@dataclass(frozen=True, slots=True)
class NamedAdjustment:
    """What an adjustment changes, by codes or names; `plans` and `joins` as `name=万元`."""

    exits: Sequence[str] = ()
    plans: Sequence[str] = ()
    joins: Sequence[str] = ()
    admits: Sequence[str] = ()


def adjustment_of(
    actor: Actor,
    listing: ProjectList,
    told: NamedAdjustment,
    *,
    outside_number: str,
    on: date,
    reason: str,
) -> AdjustList:
    """Find the projects that an adjustment names. BadInput with every name that is none, or two."""
    faults: list[Fault] = []
    seen = ledger_access.visible_to(actor)
    entries = {one.project_id: one.pk for one in queries.standing_on(listing.pk)}
    applied = {one.name: one.pk for one in queries.admissible(listing.year, listing.pk)}

    def project(name: str) -> Project | None:
        found = ledger.named_projects(seen, name)
        if len(found) != 1:
            what = f"{'不止一个' if found else '没有'}名称或代码为“{name}”的项目"
            faults.append(Fault("unknown-project", what, "请写项目代码或台账里的名称"))
        return found[0] if len(found) == 1 else None

    def entry(name: str) -> int | None:
        one = project(name)
        if one is not None and one.pk not in entries:
            faults.append(Fault("not-on-list", f"“{one.name}”不在{listing}上", "请核对"))
        return entries.get(one.pk) if one else None

    def amount(text: str) -> tuple[str, int]:
        name, sign, digits = text.rpartition("=")
        yuan = exact_yuan(digits) if sign else None
        if yuan is None:
            what = f"“{text}”没有写明计划"
            faults.append(Fault("bad-plan", what, "请写成名称=12000，单位万元"))
        return name.strip(), yuan or 0

    exits = [pk for name in told.exits if (pk := entry(name.strip())) is not None]
    pairs = [amount(text) for text in told.plans]
    plans = {pk: yuan for name, yuan in pairs if name and (pk := entry(name)) is not None}
    pairs = [amount(text) for text in told.joins]
    joins = {one.pk: yuan for name, yuan in pairs if name and (one := project(name)) is not None}
    for name in told.admits:
        if name.strip() not in applied:
            what = f"没有已审定为列入或储备的申报“{name.strip()}”"
            faults.append(Fault("not-admissible", what, "请核对名称；已在清单上的不必再增列"))
    if faults:
        raise BadInput(*faults)
    admits = tuple(applied[name.strip()] for name in told.admits)
    return AdjustList(outside_number, on, reason, admits, joins, tuple(exits), plans)
