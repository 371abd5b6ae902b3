"""What is known of each project before its row is judged, loaded once for a call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from guatu.ledger import queries as ledger
from guatu.ledger.matching import stem_form
from guatu.ledger.models import Project
from guatu.planning import queries as planning
from guatu.planning.types import DateKind, Milestone
from guatu.reporting import queries
from guatu.reporting.due.scope import projects_held
from guatu.reporting.intake.judge import Background
from guatu.reporting.models import Figure, Indicator, Report, Round
from guatu.reporting.types import FigureSource, RoundState


class Backgrounds:
    """Backgrounds of the projects of one call, for one round."""

    def __init__(
        self,
        the_round: Round,
        project_ids: Sequence[int],
        investment: Indicator,
        *,
        is_correction: bool = False,
    ) -> None:
        period = the_round.period.parsed
        as_of, year_ago = period.as_of, period.year_before.as_of
        self._projects = {
            pk: (name, total)
            for pk, name, total in Project.objects.filter(removed_on__isnull=True).values_list(
                "pk", "name", "total_yuan"
            )
        }
        plans = planning.plans_in_force(the_round.list_id)
        self._plans = {
            entry.project_id: plans[entry.pk].amount_yuan
            for entry in ledger.entries_of(the_round.list_id).values()
            if entry.pk in plans
        }
        self._before = queries.latest_before(period, investment)
        self._last_year = dict(
            Figure.objects.filter(
                indicator=investment,
                as_of=year_ago,
                is_current=True,
                source=FigureSource.UNIT,
                value__isnull=False,
            ).values_list("project_id", "value")
        )
        closed = Round.objects.filter(state=RoundState.CLOSED)
        self._closed_last_year = projects_held(closed.filter(period__last_on=year_ago))
        self._now = {
            pk: figure.value
            for (pk, _), figure in queries.figures_at(project_ids, as_of).items()
            if figure.indicator_id == investment.pk
        }
        self._locked_elsewhere: set[int] = set()
        if not is_correction:
            self._locked_elsewhere = projects_held(
                closed.filter(period__last_on=as_of).exclude(pk=the_round.pk)
            )
        self._as_of = as_of
        self._reported: dict[int, list[date]] = defaultdict(list)
        self._dates = planning.dates_in_force()
        self._stems = self._started_stems(as_of)

    def of(self, project_id: int) -> Background:
        """The background of one project."""
        before_on, before = self._before.get(project_id, (None, None))
        name, total = self._projects[project_id]
        started = self._actual(project_id, Milestone.START)
        return Background(
            plan_yuan=self._plans.get(project_id),
            total_yuan=total,
            before_yuan=before,
            before_on=before_on,
            last_year_yuan=self._last_year.get(project_id),
            is_last_year_closed=project_id in self._closed_last_year,
            started_on=started,
            completed_on=self._actual(project_id, Milestone.COMPLETION),
            started_look_alike="" if started else self._look_alike(project_id, name),
            started_precision=self._precision(project_id, Milestone.START),
            is_locked_elsewhere=project_id in self._locked_elsewhere,
            now_yuan=self._now.get(project_id),
            completed_precision=self._precision(project_id, Milestone.COMPLETION),
            planned_start_on=self._planned(project_id, Milestone.START),
            planned_completion_on=self._planned(project_id, Milestone.COMPLETION),
            reported_on=tuple(self._reported.get(project_id, ())),
        )

    def load_reports(self, project_ids: Collection[int]) -> None:
        """Load which earlier periods of the years some projects were reported for: context for a
        doubtful date, which few rows have."""
        if not project_ids:
            return
        rows = Report.objects.filter(
            project__in=project_ids, period__last_on__lt=self._as_of
        ).order_by("period__last_on")
        for project_id, day in rows.values_list("project_id", "period__last_on"):
            self._reported[project_id].append(day)

    def _planned(self, project_id: int, milestone: Milestone) -> date | None:
        fact = self._dates.get((project_id, milestone.value, DateKind.PLANNED.value))
        return fact.on if fact else None

    def _actual(self, project_id: int, milestone: Milestone) -> date | None:
        fact = self._dates.get((project_id, milestone.value, DateKind.ACTUAL.value))
        return fact.on if fact else None

    def _precision(self, project_id: int, milestone: Milestone) -> str:
        fact = self._dates.get((project_id, milestone.value, DateKind.ACTUAL.value))
        return fact.precision if fact else "day"

    def _started_stems(self, as_of: date) -> dict[str, list[int]]:
        stems: dict[str, list[int]] = {}
        for (project_id, milestone, kind), fact in self._dates.items():
            actual_start = milestone == Milestone.START and kind == DateKind.ACTUAL
            if actual_start and fact.on and fact.on <= as_of and project_id in self._projects:
                stems.setdefault(stem_form(self._projects[project_id][0]), []).append(project_id)
        return stems

    def _look_alike(self, project_id: int, name: str) -> str:
        """The name of another project that has started and is called nearly the same."""
        others = [pk for pk in self._stems.get(stem_form(name), ()) if pk != project_id]
        return self._projects[others[0]][0] if others else ""
