"""What changed between two locked rounds, project by project; new starts as both froze them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, FilteredRelation, Q, QuerySet

from guatu.assessment.details import subject_of
from guatu.assessment.models import Result
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity
from guatu.ledger.models import Project
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.wall.standing.runs import Standing, project_results

_ORDER = {
    severity.value: place
    for place, severity in enumerate(
        (Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS)
    )
}
_CANDIDATES = 500
"""New starts of one month on a list of 10,000 projects are some hundred."""


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
    """A project that the round before did not know to be started."""

    project_id: int
    name: str
    on: date


@dataclass(slots=True)
class Changes:
    """Lights that got worse or better, those that turned without either, and new starts."""

    since: Standing
    worse: list[Turned] = field(default_factory=list)
    better: list[Turned] = field(default_factory=list)
    other: list[Turned] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.worse or self.better or self.other or self.started)


def changes(now: Standing, then: Standing, seen: QuerySet[Project] | None) -> Changes:
    """The changes of the projects that a user sees; three queries.

    A light that went out because nothing was reported is neither better nor worse.
    """
    found = Changes(then)
    turned = (
        project_results(now.run, seen)
        .annotate(
            was=FilteredRelation(
                "project__results", condition=Q(project__results__run_id=then.run.pk)
            )
        )
        .filter(was__isnull=False)
        .exclude(verdict=F("was__verdict"))
        .values_list(
            "project_id", "project__name", "verdict", "label", "was__verdict", "was__label"
        )
    )
    for line in turned:
        one = Turned(*line)
        old, new = _ORDER.get(one.severity_before), _ORDER.get(one.severity)
        if old is None or new is None:
            found.other.append(one)
        else:
            (found.worse if new > old else found.better).append(one)
    found.worse.sort(key=lambda one: -_ORDER[one.severity])
    found.started = _started(now, then, seen)
    return found


def _started(now: Standing, then: Standing, seen: QuerySet[Project] | None) -> list[Started]:
    """Told between the two closings, or dated between the two days; as the rounds froze it."""
    told = DateFact.objects.filter(
        milestone=Milestone.START, kind=DateKind.ACTUAL, on__lte=now.period.as_of
    ).filter(
        Q(on__gt=then.period.as_of) | Q(at__gt=then.run.snapshot.at, at__lte=now.run.snapshot.at)
    )
    if seen is not None:
        told = told.filter(project__in=seen)
    candidates = list(told.order_by("-pk").values_list("project_id", flat=True)[:_CANDIDATES])
    frozen: dict[int, dict[int, Result]] = defaultdict(dict)
    results = Result.objects.filter(
        run__in=(now.run.pk, then.run.pk), project_id__in=set(candidates)
    )
    for result in results.order_by("pk"):
        frozen[result.run_id][result.project_id or 0] = result
    return list(_newly(frozen[now.run.pk].values(), frozen[then.run.pk], now, then))


def _newly(
    results: Iterable[Result], before: dict[int, Result], now: Standing, then: Standing
) -> Iterable[Started]:
    for result in results:
        subject = subject_of(result)
        old = before.get(subject.id)
        was_started = old is not None and _has_started(subject_of(old), then)
        if subject.actual_start and _has_started(subject, now) and not was_started:
            yield Started(subject.id, subject.name, subject.actual_start)


def _has_started(subject: Subject, standing: Standing) -> bool:
    """Whether a round knew the project to be started by its last day."""
    return subject.actual_start is not None and subject.actual_start <= standing.period.as_of
