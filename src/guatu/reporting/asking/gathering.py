"""Courses of a round's projects from the tables, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from guatu.core import clock
from guatu.ledger import queries as ledger
from guatu.ledger.making.models import Application
from guatu.ledger.making.types import ApplicationState, Readiness
from guatu.ledger.models import ListEntry, Project, RecordedValue, Responsibility
from guatu.ledger.types import ResponsibilityRole, SubjectKind
from guatu.ledger.values import restored
from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.asking.looks import Started
from guatu.reporting.asking.types import Conditions, Course, Identity, Told
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.queries import expected_of
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL, FigureSource

CONTRACT, PAID = "合同金额", "累计支付"
RECORDED_DATES = {
    "用地落实时间": "land_on",
    "资金落实时间": "money_on",
    "审批完成时间": "approval_on",
}
FEW = 500
"""So many projects a database is asked about by name; of more everything is read."""
READINESS = {"land": "用地", "money": "资金", "approvals": "审批"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Courses of all projects of a list that have a report in a round."""

    courses: tuple[Course, ...]

    def of(self, project_ids: Collection[int] | None) -> list[Course]:
        """Those of some projects; None: all."""
        return [
            one
            for one in self.courses
            if project_ids is None or one.identity.project_id in project_ids
        ]


def gather(the_round: Round) -> Gathered:
    """What the measures need of every project with a figure in the round."""
    as_of, year = the_round.period.last_on, the_round.period.parsed.year
    entries = list(
        ledger.with_reporting_units(expected_of(the_round), as_of)
        .select_related("project")
        .order_by("pk")
    )
    ids = {one.project_id for one in entries}
    figures = _figures(ids, as_of)
    told = _told(ids, figures, year, as_of)
    started = started_days()
    identities = identities_of(ids | set(started), started)
    others = Started([one for one in identities.values() if _has_started(one, as_of)])
    recorded = recorded_of(ids, as_of)
    lacking = _lacking(the_round.list_id)
    plans = planning.plans_in_force(the_round.list_id)
    slices = planning.slices_of(the_round.list_id)
    courses = []
    for entry in entries:
        pk = entry.project_id
        if not told[pk] or told[pk][-1].as_of != as_of:
            continue
        plan = plans.get(entry.pk)
        mine, own = identities[pk], recorded.get(pk, {})
        begun = _has_started(mine, as_of)
        courses.append(
            Course(
                identity=mine,
                unit_id=ledger.reporting_unit_of(entry),
                group=group_of(entry),
                told=tuple(told[pk]),
                plan_yuan=plan.amount_yuan if plan else None,
                total_yuan=entry.project.total_yuan,
                before_years_yuan=before_years(figures.get(pk, {}), mine.started_on, year),
                contract_yuan=whole(own.get(CONTRACT)),
                paid_yuan=whole(own.get(PAID)),
                started_on=mine.started_on if begun else None,
                conditions=conditions_of(own, lacking.get(pk, ())),
                paces=slices.get(plan.pk, {}) if plan else {},
                look_alike=others.nearest(mine) if begun and _is_of(mine, year) else None,
            )
        )
    return Gathered(tuple(courses))


def group_of(entry: ListEntry) -> str:
    """The class whose pace counts: nature and sector of the list; empty where neither is known."""
    sector = entry.project.sector_id
    return f"{entry.nature}:{sector}" if sector else ""


type _Values = Mapping[tuple[str, date], tuple[int, str]]
"""By indicator and day: yuan and the reason told with it."""


def _figures(ids: Collection[int], as_of: date) -> dict[int, dict[tuple[str, date], Any]]:
    found: dict[int, dict[tuple[str, date], Any]] = defaultdict(dict)
    rows = Figure.objects.filter(
        indicator__code__in=(INVESTMENT, INVESTMENT_TOTAL),
        source=FigureSource.UNIT,
        is_current=True,
        value__isnull=False,
        as_of__lte=as_of,
    ).order_by("as_of")
    for pk, code, day, value, reason in rows.values_list(
        "project_id", "indicator__code", "as_of", "value", "reason"
    ):
        if pk in ids:
            found[pk][code, day] = value, reason
    return found


def _told(
    ids: Collection[int], figures: Mapping[int, _Values], year: int, as_of: date
) -> dict[int, list[Told]]:
    """Each project's reports of the year, oldest first."""
    words = {
        (pk, day): (node, text)
        for pk, day, node, text in Report.objects.filter(
            period__last_on__gte=date(year, 1, 1), period__last_on__lte=as_of
        ).values_list("project_id", "period__last_on", "physical_node", "progress_text")
    }
    found: dict[int, list[Told]] = defaultdict(list)
    for pk in ids:
        own = figures.get(pk, {})
        days = sorted({day for code, day in own if code == INVESTMENT and day.year == year})
        for day in days:
            yuan, reason = own[INVESTMENT, day]
            life = own.get((INVESTMENT_TOTAL, day))
            node, text = words.get((pk, day), ("", ""))
            found[pk].append(
                Told(
                    as_of=day,
                    year_yuan=yuan,
                    life_yuan=life[0] if life else None,
                    node=node,
                    text=text,
                    reason=reason,
                )
            )
    return found


def before_years(own: _Values, started_on: date | None, year: int) -> int | None:
    """What was done before the year, where every year since the start has its last figure."""
    if started_on is None or started_on.year >= year:
        return 0
    ends = [own.get((INVESTMENT, date(one, 12, 31))) for one in range(started_on.year, year)]
    return sum(one[0] for one in ends if one) if all(ends) else None


def started_days() -> dict[int, date]:
    """The actual start of every project that has one."""
    rows = DateFact.objects.filter(milestone=Milestone.START, kind=DateKind.ACTUAL)
    newest = dict(rows.order_by("seq").values_list("project_id", "on"))
    return {pk: on for pk, on in newest.items() if on is not None}


def _has_started(one: Identity, as_of: date) -> bool:
    return one.started_on is not None and one.started_on <= as_of


def _is_of(one: Identity, year: int) -> bool:
    return one.started_on is not None and one.started_on.year == year


def identities_of(ids: Collection[int], started: Mapping[int, date]) -> dict[int, Identity]:
    """What tells projects from each other, of those not removed. Two statements."""
    owners = dict(
        Responsibility.objects.filter(
            ledger.in_force(clock.today()),
            role=ResponsibilityRole.OWNER,
            organisation__isnull=False,
        )
        .order_by("valid_from", "pk")
        .values_list("project_id", "organisation_id")
    )
    rows = Project.objects.filter(removed_on__isnull=True).values_list(
        "pk", "name", "national_code", "region_id", "site", "phase_of_id", "package_id"
    )
    return {
        pk: Identity(
            project_id=pk,
            name=name,
            code=code or "",
            region=str(region),
            site=site,
            owner=str(owners.get(pk) or ""),
            started_on=started.get(pk),
            phase_of=phase,
            package=package,
        )
        for pk, name, code, region, site, phase, package in rows
        if pk in ids
    }


def recorded_of(ids: Collection[int], as_of: date) -> dict[int, dict[str, object]]:
    """Values of contract, payment and conditions recorded for projects, by measure."""
    held: dict[tuple[int, str], list[RecordedValue]] = defaultdict(list)
    rows = ledger.values_in_force().filter(
        subject=SubjectKind.PROJECT, measure__in=(CONTRACT, PAID, *RECORDED_DATES)
    )
    if len(ids) < FEW:
        rows = rows.filter(project__in=ids)
    for row in rows:
        if row.project_id is not None and row.project_id in ids:
            held[row.project_id, row.measure].append(row)
    found: dict[int, dict[str, object]] = defaultdict(dict)
    # A condition of a start may be recorded for a day to come: it is what the start is held to.
    ahead = as_of + timedelta(days=3660)
    for (pk, measure), values in held.items():
        row_held = ledger.holding(values, ahead if measure in RECORDED_DATES else as_of)
        if row_held is not None:
            found[pk][measure] = restored(row_held.value, row_held.form)
    return found


def whole(value: object) -> int | None:
    """An amount as recorded; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def conditions_of(own: Mapping[str, object], lacking: tuple[str, ...]) -> Conditions:
    """The recorded days on which a start became possible, and what was not there."""
    found = Conditions(lacking=lacking)
    for measure, name in RECORDED_DATES.items():
        if isinstance(day := own.get(measure), date):
            found = replace(found, **{name: day})  # type: ignore[arg-type]
    return found


def _lacking(list_id: int) -> dict[int, tuple[str, ...]]:
    """What the applications of a list said was not there, by project."""
    rows = Application.objects.filter(
        call__list_id=list_id, project__isnull=False, state=ApplicationState.SUBMITTED
    )
    found = {}
    for pk, *stated in rows.order_by("pk").values_list("project_id", *READINESS):
        if pk is not None:
            found[pk] = lacking_of(stated)
    return found


def lacking_of(stated: Sequence[object]) -> tuple[str, ...]:
    """Which of 用地, 资金, 审批, told in this order, are not there."""
    words = READINESS.values()
    return tuple(word for word, one in zip(words, stated, strict=True) if one == Readiness.LACKING)
