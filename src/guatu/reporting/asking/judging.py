"""The book's questions about some reports and units. Pure: courses in, hits out (M-C2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from guatu.engines.chain import canonical
from guatu.engines.rulebook import AS_OF, Book, find_book
from guatu.engines.rulebook.evaluate import Evaluator, compile_whole, fill
from guatu.engines.rulebook.run import Listing, Subject, outcome_of
from guatu.reporting.asking.measures import (
    Heap,
    Values,
    heap_measures,
    heaps_of,
    measures_of,
    paces_of,
)
from guatu.reporting.asking.types import Course, Hit
from guatu.reporting.asking.wording import heap_question, report_question
from guatu.reporting.types import FigureQuestionKind

BOOK_ID = "questions"
REPORT, UNIT = "填报数", "填报单位"


@lru_cache(maxsize=1)
def question_book() -> Book:
    """The book of questions that comes with the program."""
    return find_book(BOOK_ID)


@lru_cache(maxsize=2)
def _evaluator(kind: str) -> Evaluator:
    return compile_whole(question_book(), None, subject=kind)


def listed(kind: str, subjects: Mapping[int, Values], as_of: date) -> dict[int, list[Listing]]:
    """Which questions the book raises about each subject of a kind, from the book's measures."""
    evaluator = _evaluator(kind)
    keys = list(subjects)
    facts = [{AS_OF: as_of, **subjects[key]} for key in keys]
    frames = fill(evaluator.plan, [str(key) for key in keys], facts, {})
    found = {}
    for key, told, frame in zip(keys, facts, frames, strict=True):
        outcome = outcome_of(evaluator, Subject(str(key), kind, told), frame)
        found[key] = [one for one in outcome.lists if one.is_on]
    return found


def ask_reports(courses: Sequence[Course], rivals: Sequence[Course] | None = None) -> list[Hit]:
    """Questions about the reports of one period; all of `courses` end on the same day.

    `rivals` are the courses whose pace counts (None: these themselves).
    """
    if not courses:
        return []
    paces = paces_of(courses if rivals is None else rivals)
    as_of = courses[0].now.as_of
    values = {
        one.identity.project_id: measures_of(one, paces.get(one.identity.project_id))
        for one in courses
    }
    raised = listed(REPORT, values, as_of)
    return [
        _about_report(one, listing, values[one.identity.project_id])
        for one in courses
        for listing in raised[one.identity.project_id]
    ]


def _about_report(course: Course, listing: Listing, values: Values) -> Hit:
    kind = kind_of(listing.name)
    said = report_question(kind, course, values)
    return Hit(
        kind,
        listing.clause,
        said.text,
        said.facts,
        key_of(said.key),
        project_id=course.identity.project_id,
        unit_id=course.unit_id,
    )


def ask_units(courses: Sequence[Course]) -> list[Hit]:
    """Questions about whole units, from the last reports of all their projects."""
    if not courses:
        return []
    heaps = heaps_of(courses)
    as_of = courses[0].now.as_of
    raised = listed(UNIT, {unit: heap_measures(heap) for unit, heap in heaps.items()}, as_of)
    return [
        _about_unit(unit, heaps[unit], listing, as_of)
        for unit, listings in raised.items()
        for listing in listings
    ]


def _about_unit(unit: int, heap: Heap, listing: Listing, as_of: date) -> Hit:
    said = heap_question(heap, as_of)
    return Hit(
        kind_of(listing.name),
        listing.clause,
        said.text,
        said.facts,
        key_of(said.key),
        unit_id=unit,
    )


def key_of(facts: Mapping[str, object]) -> str:
    """The digest of what makes a question the same one."""
    return hashlib.new("sm3", canonical(dict(facts)).encode()).hexdigest()


def kind_of(name: str) -> FigureQuestionKind:
    """The kind of question that a list of the book is; the book names them by their labels."""
    return next(kind for kind in FigureQuestionKind if kind.label == name)
