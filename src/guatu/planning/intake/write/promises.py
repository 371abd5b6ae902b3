"""What a row promises: the year's plan with its slices, and dates. Versions are added."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.core.yuan import wan_words
from guatu.journal.services import Act
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.planning import queries as planning
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.rules import Plan, plan_after
from guatu.planning.types import DateKind, Difference, Milestone, PlanKind


class Plans:
    """Annual plans. A changed slice is a new version too, which carries all its slices."""

    def __init__(self, act: Act, listing: ProjectList, known: Known) -> None:
        self._act = act
        self._known = known
        self._held = planning.plans_in_force(listing.pk)
        self._new: list[AnnualPlan] = []
        self._slices: list[PlanSlice] = []

    def take(self, row: LedgerRow, entry: ListEntry) -> list[Difference]:
        """Plan a new version where the row changes what is in force."""
        old = self._held.get(entry.pk) if entry.pk else None
        held = self._known.plans.get(entry.project_id) if old is not None else None
        after = plan_after(held, amount_yuan=row.plan_yuan, slices=self._known.slices(row))
        if after is None or after == held:
            return []
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
        return list(_plan_differences(entry.project.name, held, after))

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

    def take(self, row: LedgerRow, project: Project, entry: ListEntry) -> list[Difference]:
        """Plan a fact for each date that differs from the one in force."""
        told = []
        for (milestone, kind), given in row.dates.items():
            key = (project.pk, milestone, kind)
            old, newest = self._held.get(key), self._newest.get(key)
            if old is not None and (old.on, old.precision) == (given.on, given.precision):
                continue
            label = f"{DateKind(kind).label}{Milestone(milestone).label}"
            told.append(Difference(project.name, label, _date_text(old), given.raw))
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
        return told

    def write(self) -> None:
        """Insert the new facts; the entries stand by now."""
        for fact in self._new:
            fact.entry_id = fact.entry.pk if fact.entry else None
        self._act.add_all(self._new)


def _date_text(fact: DateFact | None) -> str:
    if fact is None or fact.on is None:
        return ""
    return fact.raw_text or fact.on.isoformat()


def _plan_differences(name: str, old: Plan | None, new: Plan) -> Iterator[Difference]:
    amount, held = (old.amount_yuan, old.slices) if old else (None, {})
    if amount != new.amount_yuan:
        label = "年度计划投资"
        yield Difference(name, label, _wan(amount), _wan(new.amount_yuan))
    for day, yuan in sorted(new.slices.items()):
        if held.get(day) != yuan:
            label = f"截至{day.month}月底计划"
            yield Difference(name, label, _wan(held.get(day)), _wan(yuan))


def _wan(yuan: int | None) -> str:
    return "" if yuan is None else wan_words(yuan)
