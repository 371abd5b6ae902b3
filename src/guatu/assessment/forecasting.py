"""Reading locked rounds into the records that a forecast rests on (M-D7): past years as each
round told them at its first locking, their ends as they stand now, and the present year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from guatu.assessment.details import subject_in
from guatu.assessment.forecast.types import LAST_MONTH, Record
from guatu.assessment.measures import Measured
from guatu.assessment.models import Result
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey, month_end
from guatu.engines.rulebook import Severity
from guatu.ledger.models import ProjectList
from guatu.ledger.types import Nature

YEARS = 3
"""How many years back a class reaches: before that rules, prices and offices were others."""


@dataclass(slots=True)
class History:
    """The closed years of a list: its records, and which years they are of, oldest first."""

    years: list[int]
    records: list[Record]

    def left_out(self, month: int) -> int:
        """How many told that month and no year's end: what became of them no class knows."""
        return sum(1 for one in self.records if one.is_told(month) and one.end is None)


def month_of(period: PeriodKey) -> int | None:
    """The month whose end a period's last day is; None where it ends within a month or year's
    week."""
    return period.as_of.month if _is_month_end(period.as_of, period.year) else None


def history(listing: ProjectList) -> History:
    """The years before a list's own, of the lists of the same name and owner; two queries.

    A month is taken from the first revision of its round, as it was known then; the year's end
    from the newest. A year without a locked December is not closed and tells nothing.
    """
    records: dict[tuple[int, int], Record] = {}
    closed: set[int] = set()
    columns = (
        "run__snapshot__round__list__year",
        "run__snapshot__round__period__last_on",
        "project_id",
        "numerator",
        "denominator",
    )
    rows = _results(listing).order_by("run__snapshot__revision", "pk").values_list(*columns)
    for year, on, project, done, plan in rows.iterator(chunk_size=10_000):
        if project is None or not _is_month_end(on, year):
            continue
        record = records.setdefault((year, project), Record(project, year))
        if on.month == LAST_MONTH:
            closed.add(year)
            record.end = done
        if done is not None and plan is not None and on.month not in record.done:
            record.done[on.month], record.plans[on.month] = done, plan
    _add_details(records, listing)
    found = [one for key, one in sorted(records.items()) if key[0] in closed]
    return History(sorted(closed), found)


def _results(listing: ProjectList) -> QuerySet[Result]:
    """Projects in scope of the runs of record of the years before."""
    return Result.objects.filter(
        run__is_of_record=True,
        run__snapshot__round__is_limited=False,
        run__snapshot__round__list__owner_organisation=listing.owner_organisation_id,
        run__snapshot__round__list__name=listing.name,
        run__snapshot__round__list__year__lt=listing.year,
        run__snapshot__round__list__year__gte=listing.year - YEARS,
        project__isnull=False,
    ).exclude(verdict=Severity.NOT_IN_SCOPE.value)


def _add_details(records: dict[tuple[int, int], Record], listing: ProjectList) -> None:
    """What the newest December tells of start, completion and total investment."""
    rows = (
        _results(listing)
        .filter(
            run__snapshot__round__period__last_on__month=LAST_MONTH,
            run__snapshot__round__period__last_on__day=31,
        )
        .order_by("run__snapshot__revision", "pk")
        .values_list("run__snapshot__round__list__year", "project_id", "detail")
    )
    for year, project, detail in rows.iterator(chunk_size=2_000):
        record = records.get((year, project or 0))
        if record is not None and detail:
            subject = subject_in(detail)
            record.ceiling = ceiling_of(subject, year)
            record.finished = month_within(subject.actual_completion, year)
            record.started = started_of(subject, year)


def own_record(one: Measured, period: PeriodKey) -> Record:
    """The present year of one project as its round froze it; without a plan where it does not
    count in rates."""
    subject, year = one.subject, period.year
    done = {
        figure.as_of.month: figure.value
        for figure in subject.investment
        if figure.as_of <= period.as_of and _is_month_end(figure.as_of, year)
    }
    plan = subject.plan_yuan if one.is_in_scope else None
    return Record(
        subject.id,
        year,
        done,
        {period.as_of.month: plan} if plan is not None else {},
        ceiling=ceiling_of(subject, year),
        finished=month_within(subject.actual_completion, year),
        started=started_of(subject, year),
    )


def _is_month_end(on: date, year: int) -> bool:
    return on.year == year and on == month_end(on.year, on.month)


def month_within(on: date | None, year: int) -> int | None:
    """The month of the year in which a day falls; 0 where before, None where later or unknown."""
    if on is None or on.year > year:
        return None
    return on.month if on.year == year else 0


def started_of(subject: Subject, year: int) -> int | None:
    """The month in which works began; what continues from earlier years needs no day of it."""
    if subject.actual_start is None and subject.nature == Nature.CONTINUING:
        return 0
    return month_within(subject.actual_start, year)


def ceiling_of(subject: Subject, year: int) -> int | None:
    """What the total investment leaves for the year, in yuan; None where no total is known.

    What was invested in years before is the difference of the two cumulative figures of a day
    that has both; without one the whole total is left.
    """
    if subject.total_yuan is None or subject.total_yuan <= 0:
        return None
    since_start = {one.as_of: one.value for one in subject.investment_total}
    for figure in reversed(subject.investment):
        if figure.as_of.year == year and figure.as_of in since_start:
            return max(0, subject.total_yuan - (since_start[figure.as_of] - figure.value))
    return subject.total_yuan
