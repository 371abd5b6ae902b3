"""Sums, counts and rates of a set of subjects (figures.md 1-11, architecture §7, M-D1). Pure.

Sums are integers, rates pairs of integers; nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from guatu.assessment.conventions import Conventions
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import Severity, Verdict
from guatu.ledger.types import Nature


@dataclass(slots=True)
class Measured:
    """One subject with its figures at the as-of day and its verdict."""

    subject: Subject
    completed_yuan: int | None
    mark: str
    last_year_yuan: int | None
    verdict: Verdict

    @property
    def is_in_scope(self) -> bool:
        """Whether it counts in rates: appraised, with a plan, and not shut out by the book."""
        return self.verdict.overall is not Severity.NOT_IN_SCOPE


@dataclass(slots=True)
class Totals:
    """Figures of one project, of a group or of all.

    `annual_plan_yuan`, `completed_yuan`, `last_year_yuan` and the rate cover subjects in scope;
    `outside_scope_yuan` is what the others did. `completed_yuan` is None while nothing is known.
    `compared_yuan` and `last_year_yuan` are this and last year of the `compared` subjects.
    `starts_of_unknown_nature` are to start this year, but nobody said whether they are new: they
    are in no other count of starts. `slice_yuan` is what the plans of the `sliced` subjects
    expect by the last day, `sliced_plan_yuan` what the same plans expect of the whole year.
    """

    period: PeriodKey
    projects: int = 0
    projects_unpacked: int = 0
    in_scope: int = 0
    without_data: int = 0
    marked: int = 0
    annual_plan_yuan: int = 0
    completed_yuan: int | None = None
    outside_scope_yuan: int = 0
    last_year_yuan: int | None = None
    compared: int = 0
    compared_yuan: int = 0
    sliced: int = 0
    slice_yuan: int = 0
    sliced_plan_yuan: int = 0
    planned_starts: int = 0
    due_starts: int = 0
    started: int = 0
    early_starts: int = 0
    overdue_starts: int = 0
    starts_of_unknown_nature: int = 0
    counted: int = 0
    with_start: int = 0
    under_way: int = 0
    resumed: int = 0
    lights: dict[str, int] = field(default_factory=lambda: {s.value: 0 for s in Severity})

    @property
    def completion_rate(self) -> Ratio | None:
        """Σ known completed ÷ Σ plan; None without a plan or without any figure."""
        if self.completed_yuan is None or self.annual_plan_yuan <= 0:
            return None
        return Ratio(self.completed_yuan, self.annual_plan_yuan)

    @property
    def year_on_year(self) -> Ratio | None:
        """Growth over the same period of last year: delta ÷ last year (figures.md 7).

        Of the `compared` projects that have both figures: a list that changes every year would
        else grow by its new projects and shrink by those that left.
        """
        if not self.last_year_yuan or self.last_year_yuan < 0:
            return None
        return Ratio(self.compared_yuan - self.last_year_yuan, self.last_year_yuan)

    def time_progress(self, conventions: Conventions) -> Ratio | None:
        """Elapsed or decreed share, or the planned share of the projects that have slices.

        Both sides of the planned share are of the same projects: the plan of one without slices
        says nothing about its pace.
        """
        elapsed = conventions.decreed_or_elapsed(self.period)
        if elapsed is not None:
            return elapsed
        return Ratio(self.slice_yuan, self.sliced_plan_yuan) if self.sliced else None

    def start_rate(self, conventions: Conventions) -> Ratio | None:
        """The start rate by the chosen denominator; None where there is nothing to divide by."""
        pair = {
            "planned": (self.started, self.planned_starts),
            "due": (self.started, self.due_starts),
            "all": (self.with_start, self.counted),
            "underway": (self.under_way, self.counted),
            "resumed": (self.resumed, self.counted),
        }[conventions.start_rate]
        return Ratio(*pair) if pair[1] > 0 else None


def total_of(measured: Iterable[Measured], period: PeriodKey, conventions: Conventions) -> Totals:
    """Add up subjects. Money of a package stands on its own row, so nothing is counted twice."""
    totals = Totals(period)
    unpacked = conventions.package_count == "unpacked"
    for one in measured:
        _add_counts(totals, one, unpacked=unpacked)
        _add_money(totals, one)
        _add_starts(totals, one.subject, one.subject.parts if unpacked else 1)
    return totals


def _add_counts(totals: Totals, one: Measured, *, unpacked: bool) -> None:
    subject, as_of = one.subject, totals.period.last_on
    weight = subject.parts if unpacked else 1
    totals.projects += 1
    totals.projects_unpacked += subject.parts
    totals.lights[one.verdict.overall] += 1
    totals.counted += weight
    has_start = subject.actual_start is not None and subject.actual_start <= as_of
    is_continuing = subject.nature == Nature.CONTINUING
    if has_start:
        totals.with_start += weight
    # A continuing project is under construction by nature, its old date known or not.
    if has_start or is_continuing:
        totals.under_way += weight
    invests = (one.completed_yuan or 0) > 0
    if (is_continuing and invests) or (has_start and not is_continuing):
        totals.resumed += weight


def _add_money(totals: Totals, one: Measured) -> None:
    subject = one.subject
    if not one.is_in_scope:
        totals.outside_scope_yuan += one.completed_yuan or 0
        return
    totals.in_scope += 1
    totals.annual_plan_yuan += subject.plan_yuan or 0
    add_slice(totals, subject)
    if one.completed_yuan is None:
        totals.without_data += 1
        return
    totals.completed_yuan = (totals.completed_yuan or 0) + one.completed_yuan
    totals.marked += bool(one.mark)
    if one.last_year_yuan is not None:
        totals.compared += 1
        totals.compared_yuan += one.completed_yuan
        totals.last_year_yuan = (totals.last_year_yuan or 0) + one.last_year_yuan


def add_slice(totals: Totals, subject: Subject) -> None:
    """What the subject's own plan expects by the last day, and of the year."""
    if subject.plan_yuan and subject.slice_yuan is not None:
        totals.sliced += 1
        totals.slice_yuan += subject.slice_yuan
        totals.sliced_plan_yuan += subject.plan_yuan


def _add_starts(totals: Totals, subject: Subject, weight: int) -> None:
    """started = due − overdue + early (figures.md 5). `weight` is 1, or the parts of a package
    where the office counts them unpacked: they share its dates."""
    planned = subject.planned_start
    if planned is None or planned.year != totals.period.year:
        return
    as_of = totals.period.last_on
    totals.starts_of_unknown_nature += weight * (subject.nature == Nature.UNKNOWN)
    if subject.nature != Nature.NEW:
        return
    started = subject.actual_start is not None and subject.actual_start <= as_of
    is_due = planned <= as_of
    totals.planned_starts += weight
    totals.due_starts += weight * is_due
    totals.started += weight * started
    totals.early_starts += weight * (started and not is_due)
    totals.overdue_starts += weight * (is_due and not started)
