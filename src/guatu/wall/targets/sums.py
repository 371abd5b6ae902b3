"""Sums of a set of projects that the tests and targets ask for, from one locked round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.planning.halves import Item
from guatu.planning.services.targets import WHOLE
from guatu.planning.types import TargetIndicator


@dataclass(frozen=True, slots=True)
class Sums:
    """A body's figures of one round: money in yuan, starts and completions in projects.

    `stretch_yuan` is what was put on top for the year, `stretched_yuan` what the same projects
    have done; None where none of them was reported.
    """

    totals: Totals
    planned_completions: int
    completions: int
    stretch_yuan: int
    stretched_yuan: int | None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the half-year test (M-B2)."""
        told = self.totals
        return (
            Item("投资", told.completed_yuan, told.annual_plan_yuan),
            Item("开工", told.started, told.planned_starts),
            Item("竣工", self.completions, self.planned_completions),
            Item("加码", self.stretched_yuan, self.stretch_yuan),
        )

    def value(self, indicator: TargetIndicator) -> int | None:
        """What was reached of a target's indicator, in the unit that targets are kept in; a rate
        is rounded down: what is not reached is not reached."""
        match indicator:
            case TargetIndicator.INVESTMENT:
                return self.totals.completed_yuan
            case TargetIndicator.RATE:
                rate = self.totals.completion_rate
                return None if rate is None else WHOLE * rate.numerator // rate.denominator
            case TargetIndicator.STARTS:
                return self.totals.started
            case TargetIndicator.COMPLETIONS:
                return self.completions


def sums_of(
    measured: Sequence[Measured],
    period: PeriodKey,
    conventions: Conventions,
    stretch: Mapping[int, int],
) -> Sums:
    """Add up a body's projects; `stretch` gives the yuan put on top by project id."""
    unpacked = conventions.package_count == "unpacked"
    due = [one.subject for one in measured if is_due(one.subject, period)]
    on_top = [one for one in measured if stretch.get(one.subject.id)]
    done = [one.completed_yuan for one in on_top if one.completed_yuan is not None]
    return Sums(
        total_of(measured, period, conventions),
        _count(due, unpacked=unpacked),
        _count((one for one in due if _is_complete(one, period)), unpacked=unpacked),
        sum(stretch[one.subject.id] for one in on_top),
        sum(done) if done else None,
    )


def is_due(subject: Subject, period: PeriodKey) -> bool:
    """Whether a project is promised to be complete in the period's year."""
    planned = subject.planned_completion
    return planned is not None and planned.year == period.year


def _is_complete(subject: Subject, period: PeriodKey) -> bool:
    actual = subject.actual_completion
    return actual is not None and actual <= period.last_on


def _count(subjects: Iterable[Subject], *, unpacked: bool) -> int:
    return sum(one.parts if unpacked else 1 for one in subjects)
