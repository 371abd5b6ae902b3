"""Reads of the reporting room: periods, rounds and the figures in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.core.errors import Fault, NotFound
from guatu.core.periods import Grain, PeriodKey
from guatu.ledger.models import ProjectList
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.models import Figure, Indicator, IntakeQuestion, Period, Report, Round
from guatu.reporting.types import FigureSource, QuestionState


def find_round(listing: ProjectList, period: PeriodKey) -> Round:
    """The round of a list for a period, or NotFound."""
    found = (
        Round.objects.select_related("list", "period")
        .filter(list=listing, period__key=period.key)
        .first()
    )
    if found is None:
        raise NotFound(
            Fault(
                code="unknown-round",
                what=f"{listing}没有{period.key}这一期",
                remedy="请先用guatu import reports导入该期月报",
            )
        )
    return found


def rounds(*, closed_only: bool = False) -> list[Round]:
    """All rounds in order of time, then list."""
    rows = Round.objects.select_related("list", "period").order_by("period__last_on", "list_id")
    return [row for row in rows if not closed_only or row.revision > 0]


def indicators() -> dict[str, Indicator]:
    """Indicators by code."""
    return {row.code: row for row in Indicator.objects.all()}


def figures_at(
    project_ids: Iterable[int], as_of: date, source: FigureSource = FigureSource.UNIT
) -> dict[tuple[int, int], Figure]:
    """Current figures at a day by project and indicator."""
    wanted = set(project_ids)
    rows = Figure.objects.filter(as_of=as_of, source=source, is_current=True)
    return {(f.project_id, f.indicator_id): f for f in rows if f.project_id in wanted}


def latest_before(period: PeriodKey, indicator: Indicator) -> dict[int, tuple[date, int]]:
    """Each project's last known value of the period's own year before its last day: day and value.

    After a week that ends in the January after its year, figures of the new year's first days
    are not of that year; and what was reported for such a week is not of the new one.
    """
    rows = Figure.objects.filter(
        indicator=indicator,
        is_current=True,
        source=FigureSource.UNIT,
        value__isnull=False,
        as_of__lt=min(period.as_of, date(period.year + 1, 1, 1)),
        as_of__gte=date(period.year, 1, 1),
    )
    weeks = [pk for pk, year in weeks_across_new_year().items() if year == period.year - 1]
    if weeks:
        rows = rows.exclude(report__period_id__in=weeks)
    found = rows.order_by("as_of").values_list("project_id", "as_of", "value")
    return {project: (day, value) for project, day, value in found if value is not None}


def weeks_across_new_year() -> dict[int, int]:
    """Weeks that end in the January after their year, by id of the period: that year.

    The only figures whose year is not that of their day are those reported for such weeks.
    """
    rows = Period.objects.filter(grain=Grain.WEEK, last_on__month=1, last_on__day__lte=3)
    return {row.pk: row.parsed.year for row in rows}


def open_questions(the_round: Round) -> int:
    """How many questions of waiting rows are open in a round's period."""
    return IntakeQuestion.objects.filter(
        period=the_round.period,
        imported__target=f"{the_round.list_id}:{the_round.period.key}",
        is_waiting=True,
        state=QuestionState.OPEN,
    ).count()


def reports_of(period: Period) -> dict[int, Report]:
    """Reports of a period by project."""
    return {row.project_id: row for row in Report.objects.filter(period=period)}


def entry_version(the_round: Round, project_id: int) -> str:
    """The state of a project's report in a round, to tell whether somebody changed it meanwhile:
    the report's version, its figures in force and the newest dates."""
    report = Report.objects.filter(project_id=project_id, period=the_round.period).first()
    figures = Figure.objects.filter(
        project_id=project_id,
        as_of=the_round.period.last_on,
        source=FigureSource.UNIT,
        is_current=True,
    )
    ids = "-".join(str(pk) for pk in figures.order_by("pk").values_list("pk", flat=True))
    dates = DateFact.objects.filter(project_id=project_id, kind=DateKind.ACTUAL).count()
    return f"{report.version if report else 0}.{ids or 0}.{dates}"
