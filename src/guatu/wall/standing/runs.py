"""The runs that pages show, and what each found: read from stored results, nothing judged again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet, Sum

from guatu.assessment.conventions import Conventions
from guatu.assessment.details import figures_of, subject_of
from guatu.assessment.falls import Fall, fall_of
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.models import Result, Run
from guatu.assessment.presenters import figures
from guatu.assessment.queries import book_name, completed_of
from guatu.core.periods import PeriodKey, title_of
from guatu.engines.rulebook import Severity, Verdict
from guatu.ledger.models import Project, ProjectList
from guatu.reporting.basis.queries import AcrossYears, across_years, basis_changed
from guatu.reporting.models import Round

TOTAL = "total"
OUT = Severity.NOT_IN_SCOPE.value


@dataclass
class Standing:
    """One run of record with what its figures mean."""

    run: Run

    @property
    def round(self) -> Round:
        """The locked round."""
        return self.run.snapshot.round

    @property
    def listing(self) -> ProjectList:
        """The list of the round."""
        return self.round.list

    @cached_property
    def period(self) -> PeriodKey:
        """The round's period."""
        return self.round.period.parsed

    @cached_property
    def conventions(self) -> Conventions:
        """The conventions of the run: those of its day, not of today."""
        kept: dict[str, Any] = json.loads(self.run.settings)
        names = Conventions.__dataclass_fields__
        return Conventions(**{name: kept[name] for name in names if name in kept})

    @cached_property
    def across(self) -> AcrossYears:
        """What is to be said of the comparison with the year before; one query at most."""
        is_told = self.run.__dict__.get("basis_changed", True)
        return across_years(self.period) if is_told else AcrossYears()

    @property
    def title(self) -> str:
        """How papers name the round's figures: 2026年1—9月."""
        return f"{self.period.year}年{title_of(self.period)}"

    @property
    def basis(self) -> str:
        """Day, revision and rule book that stand behind every figure of a page."""
        day = self.round.cut_off_on
        revision = self.run.snapshot.revision
        version = f"第{revision}版" if revision > 1 else ""
        book = self.run.rulebook_version
        return (
            f"截至{day.year}年{day.month}月{day.day}日，{self.round.period.label}定版数据{version}"
            f"{'（只含该期收报的项目）' if self.round.is_limited else ''}，"
            f"办法{book_name(book)}"
        )


def standings(*lists: ProjectList, with_limited: bool = False) -> list[Standing]:
    """The newest revision of each locked round of some lists, oldest round first; one query.

    Limited rounds speak of a part of their list: they are left out unless asked for.
    """
    runs = (
        Run.objects.filter(is_of_record=True, snapshot__round__list__in=lists)
        .select_related("snapshot__round__period", "snapshot__round__list", "rulebook_version")
        .defer("rulebook_version__toml")
        .annotate(basis_changed=basis_changed())
        .order_by("snapshot__round__period__last_on", "snapshot__revision", "at")
    )
    if not with_limited:
        runs = runs.filter(snapshot__round__is_limited=False)
    newest = {run.snapshot.round_id: run for run in runs}
    return [Standing(run) for run in newest.values()]


def of_grain(every: Sequence[Standing], one: Standing) -> list[Standing]:
    """The rounds that stand in one row with a round: its list's of the same grain, up to it.
    Limited rounds are of other projects each time, so that one stands alone."""
    if one.round.is_limited:
        return [one]
    grain, last = one.round.period.grain, one.round.period.last_on
    return [
        s
        for s in every
        if s.round.list_id == one.round.list_id
        and not s.round.is_limited
        and s.round.period.grain == grain
        and s.round.period.last_on <= last
    ]


def before(every: Sequence[Standing], one: Standing) -> Standing | None:
    """The round before of the same list, year and grain; None where there is none."""
    row = of_grain(every, one)
    return row[-2] if len(row) > 1 else None


def project_results(run: Run, seen: QuerySet[Project] | None) -> QuerySet[Result]:
    """A run's results of projects that a user sees, in the ledger's order."""
    found = Result.objects.filter(run=run, project__isnull=False).order_by("pk")
    return found if seen is None else found.filter(project__in=seen)


def measured_of(results: Iterable[Result], standing: Standing) -> list[Measured]:
    """Frozen subjects with their stored verdicts, ready to be added up."""
    as_of, ago = standing.period.as_of, standing.period.year_before.as_of
    measured = []
    for result in results:
        subject = subject_of(result)
        figure, last = subject.figure_at(as_of), subject.figure_at(ago)
        severity = Severity(result.verdict)
        measured.append(
            Measured(
                subject,
                result.numerator,
                figure.mark if figure else "",
                last.value if last else None,
                Verdict(True, (), severity, result.label, ""),
            )
        )
    return measured


@dataclass(slots=True)
class Found:
    """The figures of a round as one user sees them.

    `measured` are his projects; it is None where he sees all and the stored total was read.
    """

    standing: Standing
    figures: dict[str, Any]
    measured: list[Measured] | None = None

    @property
    def point(self) -> Point:
        """The round in a curve."""
        told = self.figures
        return Point(
            self.standing,
            told["annual_plan_yuan"],
            told["completed_yuan"],
            told["compared_yuan"],
            told["last_year_yuan"],
            told["without_data"],
            told["lights"],
        )


def found(standing: Standing, seen: QuerySet[Project] | None) -> Found:
    """The totals of a round: the stored ones, or those of the user's projects alone; one query."""
    if seen is None:
        total = Result.objects.get(run=standing.run, subject_kind=TOTAL)
        return Found(standing, figures_of(total))
    measured = measured_of(project_results(standing.run, seen), standing)
    return Found(standing, totals_text(measured, standing), measured)


def totals_text(measured: Iterable[Measured], standing: Standing) -> dict[str, Any]:
    """The printed figures of a set of projects, as those of the stored groups are."""
    totals = total_of(measured, standing.period, standing.conventions)
    return figures(totals, standing.conventions)


@dataclass(slots=True)
class Point:
    """One round in a curve. Money in yuan; `lights` are numbers of projects by severity.

    `compared_yuan` and `last_year_yuan` are this and last year of the same, comparable projects;
    both are None where only sums of a user's own projects were read.
    """

    standing: Standing
    plan_yuan: int
    completed_yuan: int | None
    compared_yuan: int | None
    last_year_yuan: int | None
    without_data: int = 0
    lights: dict[str, int] = field(default_factory=dict)

    @property
    def due_yuan(self) -> float | None:
        """What the time gone by asks of the plan; None where projects' own plans set the pace."""
        progress = self.standing.conventions.decreed_or_elapsed(self.standing.period)
        return None if progress is None else float(self.plan_yuan * progress.as_fraction())


def found_and_points(
    row: Sequence[Standing], seen: QuerySet[Project] | None
) -> tuple[Found, list[Point]]:
    """The totals of the last round of a row and the curve of them all: one query, or two."""
    if seen is not None:
        return found(row[-1], seen), points(row, seen)
    totals = _totals(row)
    return totals[-1], [one.point for one in totals]


def _totals(row: Sequence[Standing]) -> list[Found]:
    """The stored totals of some rounds; one query."""
    runs = [standing.run.pk for standing in row]
    totals = Result.objects.filter(run__in=runs, subject_kind=TOTAL)
    told = {result.run_id: figures_of(result) for result in totals}
    return [Found(one, told[one.run.pk]) for one in row if one.run.pk in told]


def points(row: Sequence[Standing], seen: QuerySet[Project] | None) -> list[Point]:
    """The curve of a year's rounds, of all or of the projects that a user sees; one query."""
    by_run = {standing.run.pk: standing for standing in row}
    if seen is None:
        return [one.point for one in _totals(row)]
    made = {pk: Point(standing, 0, None, None, None) for pk, standing in by_run.items()}
    sums = (
        Result.objects.filter(run__in=by_run, project__in=seen)
        .values("run_id", "verdict")
        .annotate(
            n=Count("pk"),
            told=Count("numerator"),
            done=Sum("numerator"),
            plan=Sum("denominator"),
        )
        .order_by()
    )
    for line in sums:
        point = made[line["run_id"]]
        point.lights[line["verdict"]] = line["n"]
        if line["verdict"] != OUT:
            point.plan_yuan += line["plan"] or 0
            point.without_data += line["n"] - line["told"]
            if line["done"] is not None:
                point.completed_yuan = (point.completed_yuan or 0) + line["done"]
    return [point for point in made.values() if point.lights]


def has_fallen(before: Point, now: Point) -> bool:
    """Whether the year's cumulative sum is less than in the round before."""
    old, new = before.completed_yuan, now.completed_yuan
    return old is not None and (new is None or new < old)


def last_fall(row: Sequence[Point], seen: QuerySet[Project] | None) -> Fall | None:
    """Why the newest round of a row has less than the one before; None where it has not.

    No query where it has not, else one.
    """
    if len(row) < 2 or not has_fallen(row[-2], row[-1]):
        return None
    return fall_of(*completed_of(row[-2].standing.run, row[-1].standing.run, seen=seen))


def totals_of_text(told: dict[str, Any], period: PeriodKey) -> Totals:
    """Sums as a value again, of the stored figures of a group: enough to rank by."""
    return Totals(
        period,
        projects=told["projects"],
        annual_plan_yuan=told["annual_plan_yuan"],
        completed_yuan=told["completed_yuan"],
        planned_starts=told["planned_starts"],
        due_starts=told["due_starts"],
        started=told["started"],
    )
