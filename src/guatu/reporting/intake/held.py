"""What the writer of reports is given besides judged rows: what stands, what a unit's page says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.reporting import queries
from guatu.reporting.models import Figure, IntakeQuestion, Period, Report
from guatu.reporting.types import QuestionState, ReportState


@dataclass(frozen=True, slots=True)
class Held:
    """What stands of the projects of one call before it writes: current figures at the period's
    last day and a year before, by project and indicator; reports, dates, open questions."""

    figures: dict[tuple[int, int], Figure]
    figures_ago: dict[tuple[int, int], Figure]
    reports: dict[int, Report]
    dates: dict[planning.DateKey, DateFact]
    questions: Sequence[IntakeQuestion]

    @classmethod
    def of(cls, period: Period, project_ids: Sequence[int]) -> Held:
        """Load it for a whole list."""
        return cls(
            queries.figures_at(project_ids, period.last_on),
            queries.figures_at(project_ids, period.parsed.year_before.as_of),
            queries.reports_of(period),
            planning.dates_in_force(project_ids),
            list(
                IntakeQuestion.objects.filter(
                    Q(project_id__in=list(project_ids)) | Q(project__isnull=True),
                    period=period,
                    state=QuestionState.OPEN,
                ).select_related("imported")
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentIn:
    """What a unit's own page says besides figures, dates and words: columns of its report."""

    organisation_id: int | None
    physical_node: str
    is_unchanged: bool
    next_plan_yuan: int | None
    reason_id: int | None
    problem_id: int | None
    asked: str
    explanation: str
    submitted_at: datetime
    review_level: int = 0
    """What is sent in again is reviewed again from the first level on."""

    @property
    def columns(self) -> dict[str, Any]:
        """By the names of the table."""
        return asdict(self)

    @property
    def state(self) -> ReportState:
        """待核实 where something was asked about it, until a reviewer accepts it."""
        return ReportState.QUESTIONED if self.asked else ReportState.SUBMITTED
