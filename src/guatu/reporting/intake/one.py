"""What is known of one project when its unit sends in a report: a few statements, no list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from guatu.core.periods import Grain, PeriodKey, parse_period
from guatu.database.prepared import prepared
from guatu.ledger.models import ListEntry
from guatu.ledger.types import ProjectKind
from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.intake.held import Held
from guatu.reporting.intake.judge import Background
from guatu.reporting.models import Figure, Indicator, IntakeQuestion, Report, Round
from guatu.reporting.quantities.milestones import Promised, promised_of
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.queries import tracked_of
from guatu.reporting.quantities.rules import takes_money
from guatu.reporting.queries import version_text
from guatu.reporting.rules import Last, follows
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_TOTAL,
    Accumulates,
    FigureSource,
    QuestionState,
    RoundState,
)


@dataclass(slots=True)
class OneProject:
    """One project of a round: what stands, what was last, what its report is judged by.

    `rounds` are all rounds that hold it on the period's last day. `entry` carries `plan_yuan` and
    `has_questions`.
    """

    the_round: Round
    entry: ListEntry
    rounds: list[Round]
    indicators: dict[str, Indicator]
    figures: list[Figure] = field(default_factory=list)
    report: Report | None = None
    before: Report | None = None
    dates: dict[planning.DateKey, DateFact] = field(default_factory=dict)
    dates_told: int = 0
    facts: list[DateFact] = field(default_factory=list)
    """Every date that was told, by `seq`."""
    tracked: list[Tracked] = field(default_factory=list)
    """The quantities that it reports (M-A9)."""

    @classmethod
    def load(
        cls,
        the_round: Round,
        entry: ListEntry,
        rounds: list[Round],
        indicators: dict[str, Indicator],
    ) -> OneProject:
        """Three statements: figures of the two years and the ends of earlier ones, the last two
        reports, dates; one more where it reports quantities."""
        found = cls(the_round, entry, rounds, indicators)
        period = the_round.period.parsed
        project_id, as_of = entry.project_id, period.as_of
        found.figures = _figures_of(project_id, date(period.year - 1, 12, 1), as_of)
        for one in _reports_of(project_id, as_of):
            if one.period_id == the_round.period_id:
                found.report = one
            elif found.before is None and one.period.last_on < as_of:
                found.before = one
        for fact in _dates_of(project_id):
            found.dates[project_id, fact.milestone, fact.kind] = fact
            found.dates_told += fact.kind == DateKind.ACTUAL
            found.facts.append(fact)
        if getattr(entry, "has_tracked", False):
            found.tracked = list(tracked_of([project_id]))
        return found

    @property
    def plan_yuan(self) -> int | None:
        """What the list plans for the year, in yuan."""
        found: int | None = getattr(self.entry, "plan_yuan", None)
        return found

    @property
    def takes_money(self) -> bool:
        """Whether its report states investment."""
        is_programme = self.entry.project.kind == ProjectKind.PROGRAMME
        return takes_money(is_programme=is_programme, plan_yuan=self.plan_yuan)

    @property
    def has_last(self) -> bool:
        """Whether there is something that 本期无变化 can keep."""
        if self.takes_money:
            return self.last.year_yuan is not None
        day = self.the_round.period.first_on
        return self.before is not None or any(one.as_of < day for one in self.figures)

    @property
    def promised(self) -> list[Promised]:
        """The named milestones that stand (M-A9)."""
        return promised_of(self.facts)

    @property
    def is_locked_elsewhere(self) -> bool:
        """Whether a locked round of another list or grain holds it on the same day."""
        return any(
            one.state == RoundState.CLOSED and one.pk != self.the_round.pk for one in self.rounds
        )

    def value_of(self, indicator: Indicator) -> int | None:
        """An indicator's value in force on the period's last day."""
        held = self.now.get((self.entry.project_id, indicator.pk))
        return held.value if held else None

    def last_of(self, indicator: Indicator) -> int | None:
        """Its newest value before this period; what accumulates by year, of its own year."""
        own_year = indicator.accumulates != Accumulates.LIFE
        found = self._newest(indicator.code, self.the_round.period.parsed, own_year=own_year)
        return found.value if found else None

    @property
    def now(self) -> dict[tuple[int, int], Figure]:
        """The figures in force on the period's last day."""
        day = self.the_round.period.last_on
        return {(one.project_id, one.indicator_id): one for one in self.figures if one.as_of == day}

    def yuan_of(self, code: str) -> int | None:
        """An indicator's figure in force on the period's last day."""
        indicator = self.indicators.get(code)
        return self.value_of(indicator) if indicator else None

    @property
    def seen(self) -> str:
        """The state that a form shows, to tell whether somebody changed it meanwhile."""
        return version_text(
            self.report.version if self.report else 0,
            [one.pk for one in self.now.values()],
            self.dates_told,
        )

    @property
    def last(self) -> Last:
        """The newest figures before this period: the year's of its own year, the life's of any."""
        period = self.the_round.period.parsed
        year = self._newest(INVESTMENT, period, own_year=True)
        life = self._newest(INVESTMENT_TOTAL, period, own_year=False)
        return Last(
            year_yuan=year.value if year else None,
            on=year.as_of if year else None,
            life_yuan=life.value if life else None,
            life_on=life.as_of if life else None,
            is_next=follows(year.as_of if year else None, period.first_on),
        )

    def _newest(self, code: str, period: PeriodKey, *, own_year: bool) -> Figure | None:
        indicator = self.indicators.get(code)
        found = None
        for one in self.figures:
            if indicator is None or one.indicator_id != indicator.pk or one.value is None:
                continue
            if one.as_of < min(period.as_of, date(period.year + 1, 1, 1)) and (
                not own_year or _year_of(one) == period.year
            ):
                found = one
        return found

    def date_of(self, milestone: Milestone, kind: DateKind = DateKind.ACTUAL) -> DateFact | None:
        """The newest date that was told."""
        return self.dates.get((self.entry.project_id, milestone.value, kind.value))

    @property
    def background(self) -> Background:
        """What the row is judged by. Whether it starts what has started already is asked by the
        book of questions, which names nobody else's project."""
        project, last = self.entry.project, self.last
        start, end = self.date_of(Milestone.START), self.date_of(Milestone.COMPLETION)
        started_on = start.on if start else None
        return Background(
            plan_yuan=self.plan_yuan,
            total_yuan=project.total_yuan,
            before_yuan=last.year_yuan,
            before_on=last.on,
            last_year_yuan=None,
            is_last_year_closed=False,
            started_on=started_on,
            completed_on=end.on if end else None,
            started_precision=start.precision if start else "day",
            completed_precision=end.precision if end else "day",
            is_locked_elsewhere=self.is_locked_elsewhere,
            now_yuan=self.yuan_of(INVESTMENT),
        )

    @property
    def _as_of(self) -> date:
        return self.the_round.period.parsed.as_of

    def held(self) -> Held:
        """What the writer needs; open questions are read only where there are some."""
        questions = (
            IntakeQuestion.objects.filter(
                project_id=self.entry.project_id,
                period_id=self.the_round.period_id,
                state=QuestionState.OPEN,
            ).select_related("imported")
            if getattr(self.entry, "has_questions", False)
            else ()
        )
        reports = {self.entry.project_id: self.report} if self.report else {}
        return Held(self.now, {}, reports, self.dates, list(questions))


@prepared
def _figures_of(project_id: int, since: date, until: date) -> QuerySet[Figure]:
    is_end = Q(indicator__code=INVESTMENT, as_of__month=12, as_of__day=31)
    rows = Figure.objects.filter(
        Q(as_of__gte=since) | is_end,
        project_id=project_id,
        is_current=True,
        source=FigureSource.UNIT,
        as_of__lte=until,
    )
    return rows.select_related("report__period").order_by("as_of")


@prepared
def _reports_of(project_id: int, until: date) -> QuerySet[Report]:
    rows = Report.objects.filter(project_id=project_id, period__last_on__lte=until)
    return rows.select_related("period").order_by("-period__last_on", "-pk")[:3]


@prepared
def _dates_of(project_id: int) -> QuerySet[DateFact]:
    return DateFact.objects.filter(project_id=project_id).order_by("seq")


def _year_of(one: Figure) -> int:
    """The year that a figure counts for: a week's that ends in January is of the year before."""
    told = one.report.period if one.report else None
    if told is not None and told.grain == Grain.WEEK:
        return parse_period(told.key).year
    return one.as_of.year
