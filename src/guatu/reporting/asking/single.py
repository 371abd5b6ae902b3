"""The course of one project as its unit sends it in: asked about before it counts (M-C2).

What a report alone can be held against is read with the entry; a statement more is made only
where something more was recorded. The others of its class, its unit's other projects and the
projects that started come after (`later`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Exists, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from guatu.ledger import queries as ledger
from guatu.ledger.making.models import Application
from guatu.ledger.making.types import ApplicationState
from guatu.ledger.models import ListEntry
from guatu.ledger.types import SubjectKind
from guatu.planning import queries as planning
from guatu.planning.models import AnnualPlan, PlanSlice
from guatu.planning.types import Milestone, PlanKind
from guatu.reporting.asking.gathering import (
    CONTRACT,
    PAID,
    READINESS,
    RECORDED_DATES,
    before_years,
    conditions_of,
    group_of,
    lacking_of,
    recorded_of,
    whole,
)
from guatu.reporting.asking.limits import Limits, limits_told
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.asking.queries import limits_column
from guatu.reporting.asking.types import Course, Identity, Told
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Round
from guatu.reporting.rules import Amounts
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a unit is about to say of a project: figures in step, node, words, its reason."""

    amounts: Amounts
    node: str = ""
    text: str = ""
    reason: str = ""
    started_on: date | None = None


def with_grounds(entries: QuerySet[ListEntry], round_id: int) -> QuerySet[ListEntry]:
    """Entries with what their figures are held against: `sliced_yuan` of the plan for the round's
    day, `readiness` as the application told it, the city's own limits, and whether anything was
    recorded or asked."""
    day = Round.objects.filter(pk=round_id).values("period__last_on")[:1]
    recorded = ledger.values_in_force().filter(
        subject=SubjectKind.PROJECT,
        project_id=OuterRef("project_id"),
        measure__in=(CONTRACT, PAID, *RECORDED_DATES),
    )
    slices = PlanSlice.objects.filter(
        plan__entry_id=OuterRef("pk"),
        plan__kind=PlanKind.ASSIGNED,
        indicator=planning.SLICED,
        as_of=Subquery(day),
    )
    applied = Application.objects.filter(
        call__list_id=OuterRef("list_id"),
        project_id=OuterRef("project_id"),
        state=ApplicationState.SUBMITTED,
    )
    asked = FigureQuestion.objects.filter(project_id=OuterRef("project_id"))
    return entries.annotate(
        has_recorded=Exists(recorded),
        has_figure_questions=Exists(asked),
        question_limits=limits_column(),
        sliced_yuan=Subquery(
            slices.order_by("-plan__plan_version").values("cumulative")[:1],
            output_field=BigIntegerField(),
        ),
        readiness=Subquery(
            applied.order_by("-pk").values(told=JSONObject(**{name: name for name in READINESS}))[
                :1
            ],
            output_field=JSONField(),
        ),
    )


def course_of(known: OneProject, saying: Saying) -> Course:
    """The project's year with what is being sent in as its last report. No statement, one where
    contract, payment or conditions are recorded, one where the figure is exactly the plan's."""
    entry, project = known.entry, known.entry.project
    as_of, year = known.the_round.period.last_on, known.the_round.period.parsed.year
    own = recorded_of({project.pk}, as_of).get(project.pk, {}) if _held(entry, "recorded") else {}
    figures = _figures(known)
    start = known.date_of(Milestone.START)
    started_on = saying.started_on or (start.on if start else None)
    begun = started_on is not None and started_on <= as_of
    mine = Identity(
        project_id=project.pk,
        name=project.name,
        code=project.national_code or "",
        region=str(project.region_id),
        site=project.site,
        started_on=started_on,
        phase_of=project.phase_of_id,
        package=project.package_id,
    )
    return Course(
        identity=mine,
        unit_id=ledger.reporting_unit_of(entry),
        group=group_of(entry),
        told=(*_told(figures, year, as_of), _now(as_of, saying)),
        plan_yuan=known.plan_yuan,
        total_yuan=project.total_yuan,
        before_years_yuan=before_years(figures, started_on, year),
        contract_yuan=whole(own.get(CONTRACT)),
        paid_yuan=whole(own.get(PAID)),
        started_on=started_on if begun else None,
        conditions=conditions_of(own, _lacking(entry)),
        paces=_paces(entry, as_of, saying.amounts.year_yuan),
    )


def limits_of_entry(entry: ListEntry) -> Limits:
    """The limits in force that were read with an entry (`with_grounds`)."""
    return limits_told(getattr(entry, "question_limits", None) or "")


def _held(entry: ListEntry, what: str) -> bool:
    return bool(getattr(entry, f"has_{what}", False))


def _figures(known: OneProject) -> dict[tuple[str, date], tuple[int, str]]:
    code = {
        row.pk: name
        for name, row in known.indicators.items()
        if name in (INVESTMENT, INVESTMENT_TOTAL)
    }
    return {
        (code[one.indicator_id], one.as_of): (one.value, one.reason)
        for one in known.figures
        if one.indicator_id in code and one.value is not None
    }


def _told(figures: dict[tuple[str, date], Any], year: int, before: date) -> list[Told]:
    days = sorted(
        day for code, day in figures if code == INVESTMENT and day.year == year and day < before
    )
    return [
        Told(
            as_of=day,
            year_yuan=figures[INVESTMENT, day][0],
            life_yuan=figures.get((INVESTMENT_TOTAL, day), (None, ""))[0],
            reason=figures[INVESTMENT, day][1],
        )
        for day in days
    ]


def _now(as_of: date, saying: Saying) -> Told:
    return Told(
        as_of=as_of,
        year_yuan=saying.amounts.year_yuan,
        life_yuan=saying.amounts.life_yuan,
        node=saying.node,
        text=saying.text,
        reason=saying.reason,
    )


def _lacking(entry: ListEntry) -> tuple[str, ...]:
    told = getattr(entry, "readiness", None) or {}
    return lacking_of([told.get(name) for name in READINESS])


def _paces(entry: ListEntry, as_of: date, year_yuan: int | None) -> dict[date, int]:
    """The plan's slices, where the figure is exactly that of the day: else they say nothing."""
    planned = getattr(entry, "sliced_yuan", None)
    if not planned or planned != year_yuan:
        return {}
    newest = AnnualPlan.objects.filter(entry_id=entry.pk, kind=PlanKind.ASSIGNED)
    rows = PlanSlice.objects.filter(
        plan_id=Subquery(newest.order_by("-plan_version").values("pk")[:1]),
        indicator=planning.SLICED,
    )
    return {**dict(rows.values_list("as_of", "cumulative")), as_of: planned}
