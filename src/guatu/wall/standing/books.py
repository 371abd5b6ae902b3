"""The rule book of a kept run, as it was when the run was made; why a project has its light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from guatu.assessment.books.queries import shelf_version
from guatu.assessment.conventions import Conventions
from guatu.assessment.details import past_of, subject_of
from guatu.assessment.judging import (
    NO_LIGHTS,
    NOT_APPRAISED,
    evaluator_of,
    facts_of,
    has_lights,
)
from guatu.assessment.models import Result
from guatu.assessment.queries import kept_book
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook import Book, Evaluator, Reason, installed_books
from guatu.engines.rulebook.conditions import Frame
from guatu.engines.rulebook.toward import Way, ways
from guatu.wall.standing.runs import Standing


def book_of(standing: Standing) -> Book:
    """The book that a run judged by: its frozen text, not what lies on the shelf today."""
    return kept_book(standing.run.rulebook_version.digest)


def reading_address(standing: Standing) -> str:
    """Where the book of a run is read, its rules as `#rule-…`; nothing where that version is no
    longer to be read."""
    row = standing.run.rulebook_version
    address = reverse("rulebook", args=[row.book])
    if row.is_own:
        return f"{address}?version={row.book_version}"
    kept = row.book in installed_books() and shelf_version(row.book).book.digest == row.digest
    return address if kept else ""


def labels_of(standing: Standing) -> dict[str, str]:
    """What the run's book calls each severity."""
    return {severity.value: give.label for severity, give in book_of(standing).labels.items()}


def reasons_of(result: Result, standing: Standing) -> tuple[Subject, tuple[Reason, ...]]:
    """The frozen project of a result, and why it has its light: rule, figures, limits (M-D3).

    Where rules look at other projects (ranks, means), it is explained among all that the run
    judged: one more query, once per process.
    """
    subject = subject_of(result)
    if not has_lights(book_of(standing)):
        return subject, (NO_LIGHTS,)
    if not subject.is_appraised:
        return subject, (NOT_APPRAISED,)
    judged = _Judged.of(standing)
    if not judged.evaluator.plan.spreads:
        return subject, judged.evaluator.explain(judged.facts(subject, result))
    facts, frame = _population(judged)[subject.id]
    return subject, judged.evaluator.explain_frame(facts, frame)


def stands_alone(standing: Standing) -> bool:
    """Whether each project's light rests on its own figures, not on its place among others."""
    is_lit = has_lights(book_of(standing))
    return is_lit and not _Judged.of(standing).evaluator.plan.spreads


def ways_of(result: Result, standing: Standing) -> tuple[Way, ...]:
    """What would give a project a better light by work, as the run's book says now."""
    subject = subject_of(result)
    if not subject.is_appraised or not stands_alone(standing):
        return ()
    judged = _Judged.of(standing)
    return ways(judged.evaluator, judged.facts(subject, result))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What tells one run from another, and what it judged by."""

    run: int
    results: str
    book: str
    period: PeriodKey
    conventions: Conventions

    @classmethod
    def of(cls, standing: Standing) -> _Judged:
        run, book = standing.run, standing.run.rulebook_version.digest
        return cls(run.pk, run.result_sm3, book, standing.period, standing.conventions)

    @property
    def evaluator(self) -> Evaluator:
        return _evaluator(self.book, self.conventions)

    def facts(self, subject: Subject, result: Result) -> Mapping[str, object]:
        """The facts of one project, earlier lights as the run read them."""
        catalogue, past = self.evaluator.catalogue, past_of(result)
        return facts_of(subject, self.period, self.conventions, catalogue=catalogue, past=past)


@lru_cache(maxsize=2)
def _population(judged: _Judged) -> dict[int, tuple[Mapping[str, object], Frame]]:
    """The facts and the frame of every project that a run judged, by its id."""
    rows = Result.objects.filter(run_id=judged.run, project__isnull=False).order_by("pk")
    told = {
        subject.id: judged.facts(subject, one)
        for one in rows.iterator(chunk_size=2_000)
        if (subject := subject_of(one)).is_appraised
    }
    frames = judged.evaluator.frames(list(told.values()))
    return {pk: (told[pk], frame) for pk, frame in zip(told, frames, strict=True)}


@lru_cache(maxsize=32)
def _evaluator(digest: str, conventions: Conventions) -> Evaluator:
    return evaluator_of(kept_book(digest), conventions)


JUDGED, OTHERS = WORST_FIRST[:4], WORST_FIRST[4:]
