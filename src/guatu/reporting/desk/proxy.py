"""The context of entering for a unit: what is known, what is prefilled, what changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guatu.core.yuan import wan_text
from guatu.ledger.models import Project
from guatu.planning import queries as planning
from guatu.planning.types import DateKind, Milestone
from guatu.reporting import queries
from guatu.reporting.desk.presenters import head
from guatu.reporting.forms import now_text
from guatu.reporting.models import Figure, ProxyNote, Report, Round
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    FigureSource,
    ReportSource,
    ReportState,
)

_FIELDS = {"year": INVESTMENT, "month": INVESTMENT_MONTH, "life": INVESTMENT_TOTAL}


@dataclass(slots=True)
class Held:
    """What is in force for a project in a round, and what was before it."""

    report: Report | None
    now: dict[str, Figure]
    before: dict[str, Figure]


def held(the_round: Round, project: Project) -> Held:
    """The project's report and figures: of this round, and the newest before it this year."""
    rows = (
        Figure.objects.filter(
            project=project,
            is_current=True,
            source=FigureSource.UNIT,
            as_of__lte=the_round.period.last_on,
            as_of__year=the_round.period.parsed.year,
        )
        .select_related("indicator")
        .order_by("as_of")
    )
    now: dict[str, Figure] = {}
    before: dict[str, Figure] = {}
    for figure in rows:
        is_now = figure.as_of == the_round.period.last_on
        (now if is_now else before)[figure.indicator.code] = figure
    report = Report.objects.filter(project=project, period=the_round.period).first()
    return Held(report, now, before)


def initial(the_round: Round, project: Project) -> dict[str, Any]:
    """What the form begins with: this round's values, else the last ones known."""
    known = held(the_round, project)
    report = known.report or (
        Report.objects.filter(project=project, period__last_on__lt=the_round.period.last_on)
        .order_by("-period__last_on")
        .first()
    )
    dates = planning.dates_in_force([project.pk])
    values: dict[str, Any] = {
        "seen": queries.entry_version(the_round, project.pk),
        "source": ReportSource.PHONE,
        "said_at": now_text(),
        "progress": report.progress_text if report else "",
        "problem": report.problem_text if report else "",
    }
    for name, code in _FIELDS.items():
        # A month's own figure is never last month's.
        earlier = known.before.get(code) if code != INVESTMENT_MONTH else None
        figure = known.now.get(code) or earlier
        if figure is not None and figure.value is not None:
            values[name] = wan_text(figure.value)
    for name, milestone in (
        ("started_on", Milestone.START),
        ("completed_on", Milestone.COMPLETION),
    ):
        fact = dates.get((project.pk, milestone.value, DateKind.ACTUAL.value))
        if fact is not None and fact.on is not None and fact.precision == "day":
            values[name] = fact.on.isoformat()
    return values


def page(the_round: Round, project: Project) -> dict[str, Any]:
    """What stands beside the form."""
    known = held(the_round, project)
    note = (
        ProxyNote.objects.filter(report=known.report).order_by("-pk").first()
        if known.report
        else None
    )
    figure = known.before.get(INVESTMENT)
    return {
        **head(the_round),
        "project": project,
        "report": known.report,
        "is_unconfirmed": bool(
            known.report and known.report.state == ReportState.PROXY_UNCONFIRMED
        ),
        "note": note,
        "before": figure,
        "before_wan": wan_text(figure.value) if figure and figure.value is not None else "",
    }


def both(the_round: Round, project: Project) -> dict[str, Any]:
    """What somebody else stored meanwhile, beside what was typed; saving again goes on from it."""
    known = held(the_round, project)
    stored = []
    for name, label in (
        ("year", "本年累计完成投资（万元）"),
        ("month", "本月完成投资（万元）"),
        ("life", "自开工累计完成投资（万元）"),
    ):
        figure = known.now.get(_FIELDS[name])
        text = wan_text(figure.value) if figure and figure.value is not None else ""
        stored.append((label, text, figure.by if figure else ""))
    if known.report:
        stored.append(("形象进度", known.report.progress_text, known.report.by))
        stored.append(("存在问题", known.report.problem_text, known.report.by))
    return {"stored": stored, "seen": queries.entry_version(the_round, project.pk)}
