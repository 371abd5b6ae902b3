"""Questions of the book about a report that its unit is sending in (M-C2, peers 4).

What the report alone raises is asked before it counts and answered by its explanation, in the
same act. What needs the others (class, unit, projects that started) is asked once it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import transaction

from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.reporting.asking.judging import ask_heap, ask_one
from guatu.reporting.asking.later import heap_of_unit, look_alike, pace_of_class
from guatu.reporting.asking.limits import Limits
from guatu.reporting.asking.measures import is_round
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.asking.single import Saying, course_of, limits_of_entry
from guatu.reporting.asking.types import Course, Hit
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Round
from guatu.reporting.services.figure_questions import (
    ASKED_BY_INTAKE,
    ask_among,
    ask_units_among,
    asked_anew,
    row_of,
)
from guatu.reporting.types import FigureQuestionKind, FigureQuestionState

NEEDS_OTHERS = frozenset(
    {FigureQuestionKind.OFF_PACE, FigureQuestionKind.REPEATED, FigureQuestionKind.HEAPS}
)


@dataclass(slots=True)
class AtOnce:
    """What the book asks about a report as it is sent in: `fresh` are shown and want an
    explanation, `hits` are all that hold, what was answered before with them."""

    known: OneProject
    course: Course
    hits: list[Hit]
    fresh: list[Hit]
    held: dict[tuple[str, str], FigureQuestion] = field(default_factory=dict)

    @classmethod
    def of(cls, known: OneProject, saying: Saying, judged: Sequence[Question]) -> AtOnce:
        """Ask the book. One statement more where the project was asked anything before; what the
        judge of rows asks in this very moment is not shown a second time."""
        course, limits = course_of(known, saying), limits_of_entry(known.entry)
        hits = [one for one in ask_one(course, None, limits) if one.kind not in NEEDS_OTHERS]
        held = (
            {(one.kind, one.facts_key): one for one in _asked_of(known)}
            if getattr(known.entry, "has_figure_questions", False)
            else {}
        )
        codes = {one.code for one in judged}
        fresh = [
            one
            for one in hits
            if not codes & ASKED_BY_INTAKE.get(one.kind, frozenset())
            and not _is_answered(held.get((one.kind.value, one.key)))
        ]
        return cls(known, course, hits, fresh, held)

    @property
    def questions(self) -> list[Question]:
        """As the form shows them, beside those of the judge."""
        return [_question(one) for one in self.fresh]

    def settle(self, act: Act, explanation: str) -> bool:
        """Keep the questions with the unit's answer and take back what no longer holds; returns
        whether the unit has still to answer something about this report."""
        period, fresh = self.known.the_round.period, []
        for hit in self.hits:
            row = self.held.get((hit.kind.value, hit.key))
            if _is_answered(row):
                continue
            if row is None:
                fresh.append(_answered(row_of(hit, period, act), act, explanation))
            else:
                row.period = period
                act.write(_answered(asked_anew(row, hit), act, explanation))
        if fresh:
            act.add_all(fresh)
        return self._take_back(act)

    def _take_back(self, act: Act) -> bool:
        holds = {(one.kind.value, one.key) for one in self.hits}
        is_left = False
        for key, row in self.held.items():
            if row.state != FigureQuestionState.OPEN:
                continue
            if row.period_id != self.known.the_round.period_id:
                continue
            # What a reviewer asked is answered, not outdated by sending in again.
            if key in holds or row.kind in NEEDS_OTHERS or row.kind == FigureQuestionKind.REVIEWER:
                is_left = True
                continue
            row.state = FigureQuestionState.WITHDRAWN
            act.write(row)
        return is_left

    def ask_the_rest(self, actor: Actor, *, states_start: bool) -> None:
        """Ask what needs the others, once the report is stored; it stays whatever becomes of it."""
        rest = partial(_ask_the_rest, actor, self.known, self.course, states_start=states_start)
        transaction.on_commit(rest, robust=True)


def _asked_of(known: OneProject) -> Iterable[FigureQuestion]:
    return FigureQuestion.objects.filter(project_id=known.entry.project_id).order_by("pk")


def _is_answered(row: FigureQuestion | None) -> bool:
    return row is not None and row.state == FigureQuestionState.ANSWERED


def _answered(row: FigureQuestion, act: Act, explanation: str) -> FigureQuestion:
    row.state = FigureQuestionState.ANSWERED
    row.answer, row.answered_by, row.answered_at = explanation, act.actor.text, act.at
    return row


def _question(hit: Hit) -> Question:
    what, _, remedy = hit.text.partition("。")
    return Question(hit.kind.value, what, remedy)


def _ask_the_rest(actor: Actor, known: OneProject, course: Course, *, states_start: bool) -> None:
    the_round, entry = known.the_round, known.entry
    whole = replace(course, look_alike=look_alike(course) if states_start else None)
    pace, limits = pace_of_class(the_round, entry), limits_of_entry(entry)
    hits = [one for one in ask_one(whole, pace, limits) if one.kind in NEEDS_OTHERS]
    if hits or getattr(entry, "has_figure_questions", False):
        kinds = {FigureQuestionKind.OFF_PACE}
        if states_start:
            kinds.add(FigureQuestionKind.REPEATED)
        ask_among(actor, the_round, [whole], hits, kinds)
    _ask_unit(actor, the_round, whole, limits)


def _ask_unit(actor: Actor, the_round: Round, course: Course, limits: Limits) -> None:
    """A heap of round numbers grows by round numbers alone."""
    if course.unit_id is None or not is_round(course.step_yuan or 0):
        return
    heap = heap_of_unit(the_round, course.unit_id)
    hits = ask_heap(course.unit_id, heap, course.now.as_of, limits)
    ask_units_among(actor, the_round, hits)
