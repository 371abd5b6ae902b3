"""The book's questions about some reports and units. Pure: courses in, hits out (M-C2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from guatu.engines.chain import canonical
from guatu.engines.rulebook import AS_OF
from guatu.engines.rulebook.evaluate import Evaluator, compile_whole, fill
from guatu.engines.rulebook.run import Listing, Subject, outcome_of
from guatu.reporting.asking.limits import BOOKS_OWN, Limits, question_book
from guatu.reporting.asking.measures import (
    Heap,
    Pace,
    Values,
    heap_measures,
    heaps_of,
    measures_of,
    paces_of,
)
from guatu.reporting.asking.types import Course, Hit
from guatu.reporting.asking.wording import heap_question, report_question
from guatu.reporting.types import FigureQuestionKind

REPORT, UNIT = "填报数", "填报单位"
BOOK_KINDS = tuple(one for one in FigureQuestionKind if one != FigureQuestionKind.REVIEWER)
"""What the book asks; the rest a person does."""


@lru_cache(maxsize=2)
def _evaluator(kind: str) -> Evaluator:
    return compile_whole(question_book(), None, subject=kind)


def listed(
    kind: str, subjects: Mapping[int, Values], as_of: date, limits: Limits = BOOKS_OWN
) -> dict[int, list[Listing]]:
    """Which questions the book raises about each subject of a kind, from the book's measures."""
    evaluator = _evaluator(kind)
    keys = list(subjects)
    held = {AS_OF: as_of, **limits.of(kind)}
    facts = [{**held, **subjects[key]} for key in keys]
    frames = fill(evaluator.plan, [str(key) for key in keys], facts, {})
    found = {}
    for key, told, frame in zip(keys, facts, frames, strict=True):
        outcome = outcome_of(evaluator, Subject(str(key), kind, told), frame)
        found[key] = [one for one in outcome.lists if one.is_on]
    return found


def ask_reports(
    courses: Sequence[Course],
    rivals: Sequence[Course] | None = None,
    limits: Limits = BOOKS_OWN,
) -> list[Hit]:
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
    raised = listed(REPORT, values, as_of, limits)
    return [
        _about_report(one, listing, values[one.identity.project_id], limits)
        for one in courses
        for listing in raised[one.identity.project_id]
    ]


def ask_one(course: Course, pace: Pace | None, limits: Limits = BOOKS_OWN) -> list[Hit]:
    """Questions about one report, its class's pace known already (None: not held against it)."""
    project_id, values = course.identity.project_id, measures_of(course, pace)
    raised = listed(REPORT, {project_id: values}, course.now.as_of, limits)
    return [_about_report(course, one, values, limits) for one in raised[project_id]]


def _about_report(course: Course, listing: Listing, values: Values, limits: Limits) -> Hit:
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
        other_id=_other(kind, course),
        limits=limits,
    )


def _other(kind: FigureQuestionKind, course: Course) -> int | None:
    is_beside = kind is FigureQuestionKind.REPEATED and course.look_alike
    return course.look_alike.project_id if is_beside and course.look_alike else None


def ask_units(courses: Sequence[Course], limits: Limits = BOOKS_OWN) -> list[Hit]:
    """Questions about whole units, from the last reports of all their projects."""
    if not courses:
        return []
    return _about_units(heaps_of(courses), courses[0].now.as_of, limits)


def ask_heap(unit_id: int, heap: Heap, as_of: date, limits: Limits = BOOKS_OWN) -> list[Hit]:
    """Questions about one unit whose steps are counted already."""
    return _about_units({unit_id: heap}, as_of, limits)


def _about_units(heaps: Mapping[int, Heap], as_of: date, limits: Limits) -> list[Hit]:
    values = {unit: heap_measures(heap) for unit, heap in heaps.items()}
    raised = listed(UNIT, values, as_of, limits)
    return [
        _about_unit(unit, heaps[unit], listing, as_of, limits)
        for unit, listings in raised.items()
        for listing in listings
    ]


def _about_unit(unit: int, heap: Heap, listing: Listing, as_of: date, limits: Limits) -> Hit:
    said = heap_question(heap, as_of)
    return Hit(
        kind_of(listing.name),
        listing.clause,
        said.text,
        said.facts,
        key_of(said.key),
        unit_id=unit,
        limits=limits,
    )


def key_of(facts: Mapping[str, object]) -> str:
    """The digest of what makes a question the same one."""
    return hashlib.new("sm3", canonical(dict(facts)).encode()).hexdigest()


def kind_of(name: str) -> FigureQuestionKind:
    """The kind of question that a list of the book is; the book names them by their labels."""
    return next(kind for kind in FigureQuestionKind if kind.label == name)
