"""What a row promises: the year's plan with its slices, and dates. Versions are added."""

from __future__ import annotations

from guatu.journal.services import Act
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.planning import queries as planning
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.rules import plan_after
from guatu.planning.types import DateKind, PlanKind


class Plans:
    """Annual plans. A changed slice is a new version too, which carries all its slices."""

    def __init__(self, act: Act, listing: ProjectList, known: Known) -> None:
        self._act = act
        self._known = known
        self._held = planning.plans_in_force(listing.pk)
        self._new: list[AnnualPlan] = []
        self._slices: list[PlanSlice] = []

    def take(self, row: LedgerRow, entry: ListEntry) -> bool:
        """Plan a new version where the row changes what is in force."""
        old = self._held.get(entry.pk) if entry.pk else None
        held = self._known.plans.get(entry.project_id) if old is not None else None
        after = plan_after(held, amount_yuan=row.plan_yuan, slices=self._known.slices(row))
        if after is None or after == held:
            return False
        plan = AnnualPlan(
            entry=entry,
            kind=PlanKind.ASSIGNED,
            plan_version=old.plan_version + 1 if old else 1,
            amount_yuan=after.amount_yuan,
            by=self._act.actor.text,
            at=self._act.at,
        )
        self._new.append(plan)
        self._slices += [
            PlanSlice(plan=plan, indicator=planning.SLICED, as_of=day, cumulative=yuan)
            for day, yuan in sorted(after.slices.items())
        ]
        return True

    def write(self) -> None:
        """Insert the new plans and their slices; the entries stand by now."""
        for plan in self._new:
            plan.entry_id = plan.entry.pk
        self._act.add_all(self._new)
        for one in self._slices:
            one.plan_id = one.plan.pk
        self._act.add_all(self._slices)


class Dates:
    """Planned dates as this list promises them, actual ones as they are known."""

    def __init__(self, act: Act, listing: ProjectList, *, is_first: bool) -> None:
        self._act = act
        # Where every project is new, nobody promised anything yet.
        self._newest = {} if is_first else planning.dates_in_force()
        actual = {key: fact for key, fact in self._newest.items() if key[2] == DateKind.ACTUAL}
        self._held = {} if is_first else {**actual, **planning.planned_by_list(listing.pk)}
        self._new: list[DateFact] = []

    def take(self, row: LedgerRow, project: Project, entry: ListEntry) -> bool:
        """Plan a fact for each date that differs from the one in force."""
        before = len(self._new)
        for (milestone, kind), given in row.dates.items():
            key = (project.pk, milestone, kind)
            old, newest = self._held.get(key), self._newest.get(key)
            if old is not None and (old.on, old.precision) == (given.on, given.precision):
                continue
            self._new.append(
                DateFact(
                    project=project,
                    entry=entry if kind == DateKind.PLANNED else None,
                    milestone=milestone,
                    kind=kind,
                    on=given.on,
                    precision=given.precision,
                    raw_text=given.raw,
                    seq=newest.seq + 1 if newest else 1,
                    by=self._act.actor.text,
                    at=self._act.at,
                )
            )
        return len(self._new) > before

    def write(self) -> None:
        """Insert the new facts; the entries stand by now."""
        for fact in self._new:
            fact.entry_id = fact.entry.pk if fact.entry else None
        self._act.add_all(self._new)
