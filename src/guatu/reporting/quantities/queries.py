"""Reads of quantities: what projects report, the newest value of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from guatu.ledger.models import Project
from guatu.reporting.models import Figure, Indicator
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.rules import gap, value_text
from guatu.reporting.queries import that_count
from guatu.reporting.types import BUILT_IN, FigureSource, ReportState


def tracked_of(project_ids: Collection[int]) -> QuerySet[Tracked]:
    """What some projects report now, in the order it was set up. One statement."""
    rows = Tracked.objects.filter(project__in=project_ids, ended_on__isnull=True)
    return rows.select_related("indicator").order_by("pk")


def with_targets(figures: QuerySet[Figure]) -> QuerySet[Figure]:
    """Figures with what their project is to reach of the indicator now (`target_value`)."""
    aims = Tracked.objects.filter(
        project_id=OuterRef("project_id"),
        indicator_id=OuterRef("indicator_id"),
        ended_on__isnull=True,
    )
    return figures.annotate(target_value=Subquery(aims.values("target_value")[:1]))


def own_indicators() -> QuerySet[Indicator]:
    """The indicators that the office made, newest last."""
    return Indicator.objects.exclude(code__in=BUILT_IN).order_by("pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator of a project with the newest value that counts."""

    tracked: Tracked
    value: int | None
    as_of: date | None
    mark: str

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.tracked.indicator

    def text(self, value: int | None) -> str:
        """A value with its decimals; empty for none."""
        return "" if value is None else value_text(value, self.indicator.decimals)

    @property
    def value_text(self) -> str:
        """The newest value."""
        return self.text(self.value)

    @property
    def target_text(self) -> str:
        """What is to be reached."""
        return self.text(self.tracked.target_value)

    @property
    def gap(self) -> int | None:
        """What is missing to the target, in smallest steps."""
        return gap(self.value, self.tracked.target_value)

    @property
    def gap_text(self) -> str:
        """The same as it is shown."""
        left = self.gap
        if left is None:
            return ""
        if left <= 0:
            return "已达到" if left == 0 else f"已达到，超{self.text(-left)}"
        return f"差{self.text(left)}"


def standings(seen: QuerySet[Project] | Iterable[int] | None) -> list[Standing]:
    """What projects report (None: all of them), each with its newest value; what a reviewer
    returned does not count. One statement."""
    figures = Figure.objects.filter(
        that_count(),
        project_id=OuterRef("project_id"),
        indicator_id=OuterRef("indicator_id"),
        is_current=True,
        source=FigureSource.UNIT,
        value__isnull=False,
    )
    newest = figures.order_by("-as_of", "-pk")
    rows = Tracked.objects.filter(ended_on__isnull=True, project__removed_on__isnull=True)
    if seen is not None:
        rows = rows.filter(project__in=seen)
    rows = rows.select_related("indicator", "project").annotate(
        newest_value=Subquery(newest.values("value")[:1]),
        newest_on=Subquery(newest.values("as_of")[:1]),
        newest_state=Subquery(newest.values("report__state")[:1]),
    )
    return [
        Standing(
            one,
            one.__dict__["newest_value"],
            one.__dict__["newest_on"],
            _mark(one.__dict__["newest_state"]),
        )
        for one in rows.order_by("project__name", "pk")
    ]


def _mark(state: str | None) -> str:
    """How sure a value is, as beside every figure that counts."""
    marks = {ReportState.SUBMITTED: "未审核", ReportState.QUESTIONED: "待核实"}
    return marks.get(ReportState(state), "") if state else ""
