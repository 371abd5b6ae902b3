"""What changed between two locked rounds, project by project; new starts as both froze them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import (
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from guatu.assessment.content import subject_of_line
from guatu.assessment.falls import Fall, fall_of
from guatu.assessment.models import Result
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity
from guatu.ledger.models import Project
from guatu.planning.days import GivenDays, day_text
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone, Precision
from guatu.wall.standing.runs import OUT, Standing

_ORDER = {
    severity.value: place
    for place, severity in enumerate(
        (Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS)
    )
}


@dataclass(frozen=True, slots=True)
class Turned:
    """A project whose light is another than in the round before."""

    project_id: int
    name: str
    severity: str
    label: str
    severity_before: str
    label_before: str


@dataclass(frozen=True, slots=True)
class Started:
    """A project that the round before did not know to be started; `on` as exactly as given."""

    project_id: int
    name: str
    on: str


@dataclass(slots=True)
class Changes:
    """Lights that got worse or better, those that turned without either, and new starts."""

    since: Standing
    worse: list[Turned] = field(default_factory=list)
    better: list[Turned] = field(default_factory=list)
    other: list[Turned] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    fall: Fall | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.worse or self.better or self.other or self.started)


def changes(now: Standing, then: Standing, seen: QuerySet[Project] | None) -> Changes:
    """The changes of the projects that a user sees, and why their sum fell; one query.

    A light that went out because nothing was reported is neither better nor worse.
    """
    before, after = _lines(now, then, seen)
    found = Changes(then, fall=fall_of(_completed(before), _completed(after)))
    for pk, line in after.items():
        was = before.get(pk)
        if was is None or was.verdict == line.verdict:
            continue
        one = Turned(pk, line.name, line.verdict, line.label, was.verdict, was.label)
        old, new = _ORDER.get(was.verdict), _ORDER.get(line.verdict)
        if old is None or new is None:
            found.other.append(one)
        else:
            (found.worse if new > old else found.better).append(one)
    found.worse.sort(key=lambda one: -_ORDER[one.severity])
    found.started = list(_newly(before, after, now, then))
    return found


class _Line(NamedTuple):
    """One project in one of the two rounds; where it may have started: `detail`, and how exactly
    the newest fact gives its start."""

    name: str
    verdict: str
    label: str
    completed_yuan: int | None
    detail: str
    started_on: date | None
    precision: str | None


def _lines(
    now: Standing, then: Standing, seen: QuerySet[Project] | None
) -> tuple[dict[int, _Line], dict[int, _Line]]:
    """The lines of both rounds by project, in ledger order."""
    runs: dict[int, dict[int, _Line]] = {then.run.pk: {}, now.run.pk: {}}
    rows = Result.objects.filter(run__in=runs, project__isnull=False)
    if seen is not None:
        rows = rows.filter(project__in=seen)
    candidates = _candidates(now, then)
    may_have_started = When(project__in=candidates, then=F("detail"))
    starts = DateFact.objects.filter(
        project=OuterRef("project"),
        project__in=candidates,
        milestone=Milestone.START,
        kind=DateKind.ACTUAL,
        on__isnull=False,
    ).order_by("-seq")
    rows = rows.annotate(
        told=Case(may_have_started, default=Value(""), output_field=TextField()),
        started_on=Subquery(starts.values("on")[:1]),
        precision=Subquery(starts.values("precision")[:1]),
    ).order_by("pk")
    names = ("project__name", "verdict", "label", "numerator", "told", "started_on", "precision")
    for run_id, project_id, *line in rows.values_list("run_id", "project_id", *names):
        runs[run_id][project_id or 0] = _Line(*line)
    return runs[then.run.pk], runs[now.run.pk]


def _completed(lines: dict[int, _Line]) -> dict[int, int | None]:
    return {pk: line.completed_yuan for pk, line in lines.items() if line.verdict != OUT}


def _candidates(now: Standing, then: Standing) -> QuerySet[DateFact, int]:
    """Starts told between the two closings, or dated between the two days."""
    told = DateFact.objects.filter(
        milestone=Milestone.START, kind=DateKind.ACTUAL, on__lte=now.period.as_of
    ).filter(
        Q(on__gt=then.period.as_of) | Q(at__gt=then.run.snapshot.at, at__lte=now.run.snapshot.at)
    )
    return told.values_list("project_id", flat=True)


def _newly(
    before: dict[int, _Line], after: dict[int, _Line], now: Standing, then: Standing
) -> Iterable[Started]:
    """The new starts as both rounds froze them; one query more where a start was told again
    since, with another day."""
    found: list[tuple[Subject, _Line]] = []
    for pk, line in after.items():
        if not line.detail:
            continue
        subject, was = subject_of_line(line.detail), before.get(pk)
        was_started = was is not None and _has_started(subject_of_line(was.detail), then)
        if subject.actual_start and _has_started(subject, now) and not was_started:
            found.append((subject, line))
    moved = [one.id for one, line in found if one.actual_start != line.started_on]
    given = GivenDays().read(moved) if moved else GivenDays()
    for one, line in found:
        on = (
            day_text(one.actual_start, line.precision or Precision.DAY)
            if one.actual_start == line.started_on
            else given.text(one.id, Milestone.START, DateKind.ACTUAL, one.actual_start)
        )
        yield Started(one.id, one.name, on)


def _has_started(subject: Subject, standing: Standing) -> bool:
    """Whether a round knew the project to be started by its last day."""
    return subject.actual_start is not None and subject.actual_start <= standing.period.as_of
