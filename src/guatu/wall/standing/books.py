"""The rule book of a kept run, as it was when the run was made; why a project has its light."""

from __future__ import annotations

from functools import lru_cache

from guatu.assessment.conventions import Conventions
from guatu.assessment.details import subject_of
from guatu.assessment.judging import evaluator_of, facts_of
from guatu.assessment.models import Result
from guatu.assessment.queries import kept_book, past_lights
from guatu.assessment.recorded import PAST_LIGHTS
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Book, Evaluator, Reason
from guatu.wall.standing.runs import Standing


def book_of(standing: Standing) -> Book:
    """The book that a run judged by: its frozen text, not what lies on the shelf today."""
    return kept_book(standing.run.rulebook_version.digest)


def labels_of(standing: Standing) -> dict[str, str]:
    """What the run's book calls each severity."""
    return {severity.value: give.label for severity, give in book_of(standing).labels.items()}


def reasons_of(result: Result, standing: Standing) -> tuple[Subject, tuple[Reason, ...]]:
    """The frozen project of a result, and why it has its light: rule, figures, limits (M-D3).

    A project that is not appraised has no reasons: no rule was asked.
    """
    subject = subject_of(result)
    if not subject.is_appraised:
        return subject, ()
    evaluator = _evaluator(standing.run.rulebook_version.digest, standing.conventions)
    past = None
    if PAST_LIGHTS in evaluator.measures:
        past = past_lights(standing.round.list_id, standing.period, subject.id).get(subject.id)
    facts = facts_of(
        subject,
        standing.period,
        standing.conventions,
        catalogue=evaluator.catalogue,
        past=past,
    )
    return subject, evaluator.explain(facts)


@lru_cache(maxsize=32)
def _evaluator(digest: str, conventions: Conventions) -> Evaluator:
    return evaluator_of(kept_book(digest), conventions)


JUDGED, OTHERS = WORST_FIRST[:4], WORST_FIRST[4:]
