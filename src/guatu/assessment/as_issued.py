"""Every rate as issued: against the plans of the list as it was issued (印发稿, M-A10). Pure.

The projects of the issued version with what it said of them, measured and added up as those of
today's list are. Who has left since counts with the newest figure of the year: what the list was
to bring is not brought by striking names off it. Books go on judging by the plans in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.types import FrozenFigure, Subject
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook import Severity, Verdict

type Scope = Callable[[Sequence[Subject]], Sequence[Verdict]]
"""What a book says of subjects: whether they are in its scope."""
type Names = Callable[[Subject], str]


_UNASKED = Verdict(False, (), Severity.UNDECIDED, "", "")


@dataclass(slots=True)
class Issued:
    """The projects of the issued version of the list; `exited` are those of them, as they were
    frozen, that stand on it no more."""

    issue: str
    measured: list[Measured]
    exited: list[Subject]
    period: PeriodKey
    conventions: Conventions

    @property
    def gone(self) -> list[Measured]:
        """Those that have left, measured as the others are."""
        return self.measured[len(self.measured) - len(self.exited) :]

    @property
    def total(self) -> Totals:
        """All of them together."""
        return total_of(self.measured, self.period, self.conventions)

    def by(self, name_of: Names) -> dict[str, Totals]:
        """The same by region, unit or sector, as the version named them."""
        members: dict[str, list[Measured]] = defaultdict(list)
        for one in self.measured:
            members[name_of(one.subject)].append(one)
        return {
            name: total_of(some, self.period, self.conventions) for name, some in members.items()
        }


def issued_of(
    issue: str | None,
    measured: Iterable[Measured],
    exited: Iterable[Subject],
    scope: Scope,
    period: PeriodKey,
    conventions: Conventions,
) -> Issued | None:
    """The projects of the issued version as it stated them; None where there is no such version,
    or where it says the same as today's list.

    The book's scope is asked again where the version said something else than the list now: its
    plan decides whether a project counts, as today's plan does for today's rates.
    """
    if issue is None:
        return None
    measured, gone = list(measured), list(exited)
    told, asked = _told(measured, gone, period)
    if not asked and len(told) == len(measured):
        return None
    for place, verdict in zip(asked, scope([told[at].subject for at in asked]), strict=True):
        told[place].verdict = verdict
    return Issued(issue, told, gone, period, conventions)


def _told(
    measured: Sequence[Measured], exited: Sequence[Subject], period: PeriodKey
) -> tuple[list[Measured], list[int]]:
    """The version's projects, and the places of those whose scope is to be asked."""
    told: list[Measured] = []
    asked: list[int] = []
    for one in measured:
        if one.subject.issued is None:
            continue
        subject = as_stated(one.subject)
        if subject != one.subject:
            asked.append(len(told))
        told.append(replace(one, subject=subject))
    # Before anybody has reported for the period, those who have left would be the whole rate.
    is_silent = all(one.completed_yuan is None for one in measured)
    for gone in exited:
        figure = None if is_silent else newest_figure(gone, period)
        asked.append(len(told))
        told.append(
            Measured(
                as_stated(gone),
                figure.value if figure else None,
                figure.mark if figure else "",
                None,
                _UNASKED,
            )
        )
    return told, asked


def as_stated(subject: Subject) -> Subject:
    """A project as the issued version states it; its slices are of another plan."""
    said = subject.issued
    if said is None:
        return subject
    slice_yuan = subject.slice_yuan if said.plan_yuan == subject.plan_yuan else None
    return replace(subject, **said._asdict(), slice_yuan=slice_yuan)


def newest_figure(subject: Subject, period: PeriodKey) -> FrozenFigure | None:
    """The newest figure of the period's year by its last day: of a project that has left nothing
    is reported for that very day."""
    new_year = date(period.year, 1, 1)
    known = [one for one in subject.investment if new_year <= one.as_of <= period.last_on]
    return max(known, default=None)
