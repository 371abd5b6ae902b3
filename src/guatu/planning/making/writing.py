"""Plans and planned dates that a list's paper gives, as new versions of what is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from guatu.journal.services import Act
from guatu.ledger.making.models import Application
from guatu.ledger.making.types import ListedRow
from guatu.ledger.models import ListEntry, ProjectList
from guatu.planning import queries as planning
from guatu.planning.models import DateFact, PlanSlice
from guatu.planning.services.plans import next_plan
from guatu.planning.types import DateKind, Milestone, PlanKind, Precision


def write_plans(
    act: Act, listing: ProjectList, amounts: Mapping[ListEntry, int], *, basis: str
) -> list[str]:
    """Assign plans in yuan; a plan that does not change gets no new version.

    Slices are carried while the new plan still holds them all; else the plan stands without
    slices, and the names of such projects are returned: they are to be sliced anew (M-B1).
    """
    held, slices = planning.plans_in_force(listing.pk), planning.slices_of(listing.pk)
    unsliced = []
    for entry, amount in amounts.items():
        old = held.get(entry.pk)
        if old is not None and old.amount_yuan == amount:
            continue
        plan = next_plan(act, entry, PlanKind.ASSIGNED, old, amount, basis[:300])
        act.write(plan)
        kept = slices.get(old.pk, {}) if old else {}
        if any(yuan > amount for yuan in kept.values()):
            unsliced.append(entry.project.name)
            continue
        act.add_all(
            [
                PlanSlice(plan=plan, indicator=planning.SLICED, as_of=day, cumulative=yuan)
                for day, yuan in sorted(kept.items())
            ]
        )
    return unsliced


def write_dates(
    act: Act, listing: ProjectList, applied: Iterable[tuple[ListEntry, Application]]
) -> None:
    """Promise the months of start and completion that were applied with (M-A5).

    A month is kept as its last day. What this list promises already is not said twice.
    """
    applied = list(applied)
    newest = planning.dates_in_force(entry.project_id for entry, _ in applied)
    promised = planning.planned_by_list(listing.pk)
    rows = []
    for entry, one in applied:
        for milestone, on in _months(one):
            key = (entry.project_id, milestone.value, DateKind.PLANNED.value)
            own, last = promised.get(key), newest.get(key)
            if on is None or (own is not None and own.on == on):
                continue
            rows.append(
                DateFact(
                    project_id=entry.project_id,
                    entry=entry,
                    milestone=milestone,
                    kind=DateKind.PLANNED,
                    on=on,
                    precision=Precision.MONTH,
                    raw_text=f"{on:%Y-%m}",
                    seq=last.seq + 1 if last else 1,
                    by=act.actor.text,
                    at=act.at,
                )
            )
    act.add_all(rows)


def with_months(
    rows: Iterable[ListedRow], planned: Mapping[planning.DateKey, DateFact]
) -> list[ListedRow]:
    """Lines with the months that their list promises, as the paper has them."""

    def month(row: ListedRow, milestone: Milestone) -> str:
        fact = planned.get((row.project_id or 0, milestone.value, DateKind.PLANNED.value))
        return f"{fact.on:%Y-%m}" if fact and fact.on else ""

    return [
        replace(
            row,
            starts_by=month(row, Milestone.START),
            completes_by=month(row, Milestone.COMPLETION),
        )
        for row in rows
    ]


def _months(one: Application) -> list[tuple[Milestone, date | None]]:
    return [(Milestone.START, one.starts_by), (Milestone.COMPLETION, one.completes_by)]
