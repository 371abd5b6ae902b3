"""The time that a clock counts on: (working) days, or minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures.durations import (
    Span,
    Unit,
    add_span,
    days_between,
    within_years,
)
from guatu.engines.rulebook.procedures.events import Event


@dataclass(frozen=True, slots=True)
class Axis:
    """Points in time and what is counted between them: (working) days, or minutes."""

    by_hour: bool
    unit: Unit
    days: WorkCalendar

    def point(self, event: Event) -> date:
        """Where an event stands."""
        return event.moment if self.by_hour else event.on

    @within_years()
    def after(self, point: date, span: Span) -> date:
        """The point a span later. Raises BeyondYears."""
        if isinstance(point, datetime) and span.unit is Unit.HOUR:
            return point + timedelta(hours=span.count)
        if isinstance(point, datetime):
            return datetime.combine(add_span(point.date(), span, self.days), point.time())
        return add_span(point, span, self.days)

    @within_years()
    def moved(self, point: date, count: int) -> date:
        """The point so many of what is counted later. Raises BeyondYears."""
        if isinstance(point, datetime):
            return point + timedelta(minutes=count)
        return add_span(point, Span(count, self.unit), self.days)

    def between(self, after: date, until: date) -> int:
        """How many of what is counted lie after one point, up to and with another."""
        if isinstance(after, datetime) and isinstance(until, datetime):
            return max(0, int((until - after).total_seconds()) // 60)
        return days_between(after, until, self.unit, self.days)
