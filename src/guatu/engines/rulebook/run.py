"""A book run over a population: everything it says about every subject (`guatu rulebook run`).

Kinds of subject whose figures others take (`members`) come first. Source: architecture §7.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.core.errors import Fault
from guatu.engines.rulebook.conditions import Frame, Test
from guatu.engines.rulebook.dependencies import JUDGED_NAME, LISTED, kinds_known, kinds_taken
from guatu.engines.rulebook.evaluate import Evaluator, compile_whole, fill
from guatu.engines.rulebook.money import yuan_of
from guatu.engines.rulebook.population import Kindred
from guatu.engines.rulebook.procedures.acts import Act
from guatu.engines.rulebook.proceeding import NOTHING, Proceedings, proceed
from guatu.engines.rulebook.types import (
    ActRule,
    Book,
    Exemption,
    GradeCase,
    ListRule,
    Members,
    Pair,
    RulebookError,
    Settings,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject as facts tell of it: typed values by name (see `read_facts`)."""

    id: str
    kind: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Listing:
    """Whether a subject is on a list; `may_skip`: it meets the terms but may be left out."""

    name: str
    is_on: bool | None
    may_skip: bool
    rule: str
    clause: str


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a part or a score, exact; None without data."""

    name: str
    points: Pair | None
    digits: int
    clause: str


@dataclass(frozen=True, slots=True)
class Graded:
    """The label a grade gives; None where the book is silent."""

    name: str
    label: str | None
    rule: str
    clause: str


@dataclass(frozen=True, slots=True)
class Called:
    """An act that a rule asks for now, and the day it is due where there is one."""

    act: Act
    rule: str
    clause: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that a rule gives or takes; None without data."""

    name: str
    way: str
    yuan: int | None
    rule: str
    clause: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a book says about one subject."""

    subject: Subject
    verdict: Verdict | None
    parts: tuple[Points, ...]
    scores: tuple[Points, ...]
    grades: tuple[Graded, ...]
    lists: tuple[Listing, ...]
    acts: tuple[Called, ...]
    money: tuple[Amount, ...]
    ranks: Mapping[str, int | None]
    frame: Frame
    proceedings: Proceedings
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """A book's answers for all subjects, in the order they were given."""

    book: Book
    as_of: date
    outcomes: tuple[Outcome, ...]
    evaluators: Mapping[str, Evaluator]


def run_book(
    book: Book,
    subjects: Sequence[Subject],
    *,
    as_of: date,
    settings: Settings | None = None,
    of: Collection[str] | None = None,
) -> Run:
    """Judge all subjects together; `of` are the kinds whose outcomes are wanted (None: all).

    Raises RulebookError where a subject's kind is unknown.
    """
    kinds = _in_order(book, tuple(dict.fromkeys(one.kind for one in subjects)))
    _refuse_strange(book, kinds)
    evaluators: dict[str, Evaluator] = {}
    kindred: dict[str, Kindred] = {}
    for kind in kinds:
        evaluators[kind] = compile_whole(book, settings, subject=kind)
        mine = [one for one in subjects if one.kind == kind]
        kindred[kind] = _kindred(evaluators[kind], mine, kindred)
    frames = {kind: iter(kin.frames) for kind, kin in kindred.items()}
    outcomes = tuple(
        outcome_of(evaluators[one.kind], one, next(frames[one.kind]))
        for one in subjects
        if of is None or one.kind in of
    )
    return Run(book, as_of, outcomes, evaluators)


def _refuse_strange(book: Book, kinds: Sequence[str]) -> None:
    known = kinds_known(book)
    strange = [kind for kind in kinds if kind not in known]
    if strange:
        raise RulebookError(
            Fault(
                code="no-such-subject",
                what=f"办法“{book.id}”不管“{strange[0]}”",
                remedy=f"它管的对象：{'、'.join(book.judged)}",
            )
        )


def _kindred(
    evaluator: Evaluator, subjects: Sequence[Subject], kindred: Mapping[str, Kindred]
) -> Kindred:
    """All subjects of one kind with their frames, those of other kinds at hand."""
    ids = [one.id for one in subjects]
    frames = fill(evaluator.plan, ids, [one.facts for one in subjects], kindred)
    return Kindred(tuple(ids), frames, evaluator.plan.exact, _member_tests(evaluator))


def _in_order(book: Book, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Members before those who take their sums."""
    takes = kinds_taken(book)
    done: list[str] = []

    def place(kind: str) -> None:
        for other in takes.get(kind, ()):
            if other in kinds:
                place(other)
        if kind not in done:
            done.append(kind)

    for kind in kinds:
        place(kind)
    return tuple(done)


def _member_tests(evaluator: Evaluator) -> dict[str, Test]:
    tests = {}
    for measure in evaluator.book.measures:
        detail = measure.detail
        if not isinstance(detail, Members) or detail.over != evaluator.subject:
            continue
        if detail.among is not None:
            tests[detail.among.text] = evaluator.test(detail.among.when)
    return tests


def outcome_of(evaluator: Evaluator, subject: Subject, frame: Frame) -> Outcome:
    """What the book says on a frame that is filled."""
    exact = evaluator.plan.exact
    verdict = evaluator.verdict_of(frame) if evaluator.lights else None
    is_judged = JUDGED_NAME not in exact or frame[exact[JUDGED_NAME]] is True
    parts, scores = _points(evaluator, frame)
    grades, grade_acts = _grades(evaluator, frame, is_judged=is_judged)
    lists = tuple(
        _listing(evaluator, one, frame)
        for one in evaluator.book.lists
        if one.subject == evaluator.subject
    )
    proceedings = proceed(evaluator, subject.facts, frame) if is_judged else NOTHING
    acts = (
        *_light_acts(evaluator, verdict, frame),
        *grade_acts,
        *_list_acts(evaluator, lists, frame),
        *(_rule_acts(evaluator, frame) if is_judged else ()),
        *(Called(one.due.act, one.rule, one.clause, one.due.due_on) for one in proceedings.acts),
    )
    return Outcome(
        subject=subject,
        verdict=verdict,
        parts=parts,
        scores=scores,
        grades=grades,
        lists=lists,
        acts=acts,
        money=_amounts(evaluator, frame) if is_judged else (),
        ranks=_ranks(evaluator, frame),
        frame=frame,
        proceedings=proceedings,
        is_judged=is_judged,
    )


def _points(evaluator: Evaluator, frame: Frame) -> tuple[tuple[Points, ...], tuple[Points, ...]]:
    """The parts and the scores about this kind of subject."""
    book, kind, exact = evaluator.book, evaluator.subject, evaluator.plan.exact
    parts = tuple(
        Points(one.name, frame[exact[one.name]], 2, one.clause)
        for one in book.parts
        if one.subject == kind
    )
    scores = tuple(
        Points(one.name, frame[exact[one.name]], one.digits, one.clause)
        for one in book.scores
        if one.subject == kind
    )
    return parts, scores


def _amounts(evaluator: Evaluator, frame: Frame) -> tuple[Amount, ...]:
    """Money whose condition holds or cannot be told, unless an exemption takes it away."""
    return tuple(
        Amount(one.name, one.way, yuan_of(one, evaluator, frame), one.id, one.clause)
        for one in evaluator.book.money
        if one.subject == evaluator.subject
        and evaluator.holds(one.stated.when, frame) is not False
        and not evaluator.is_waived(one.id, frame)
    )


def _ranks(evaluator: Evaluator, frame: Frame) -> dict[str, Any]:
    exact = evaluator.plan.exact
    return {
        one.name: frame[exact[one.name]]
        for one in evaluator.book.measures
        if one.operator == "rank" and evaluator.subject in one.subjects
    }


def _grades(
    evaluator: Evaluator, frame: Frame, *, is_judged: bool
) -> tuple[tuple[Graded, ...], list[Called]]:
    grades, acts = [], []
    for grade in evaluator.book.grades:
        if grade.subject != evaluator.subject:
            continue
        label = frame[evaluator.plan.exact[grade.name]]
        case = _grade_case(evaluator, grade.cases, frame) if is_judged else None
        without = "不评" if not is_judged else "缺数据" if label else "未规定"
        rule = case.id if case else f"{grade.id}.{without}"
        grades.append(Graded(grade.name, label, rule, case.clause if case else grade.clause))
        acts += _called(evaluator, case.acts, case.id, case.clause, frame) if case else []
    return tuple(grades), acts


def _grade_case(
    evaluator: Evaluator, cases: tuple[GradeCase, ...], frame: Frame
) -> GradeCase | None:
    for case in cases:
        holds = evaluator.holds(case.when, frame)
        if holds is None:
            return None
        if holds:
            return case
    return None


def _listing(evaluator: Evaluator, rule: ListRule, frame: Frame) -> Listing:
    is_on = frame[evaluator.plan.exact[LISTED.format(rule.name)]]
    may_skip = rule.may_skip is not None and evaluator.holds(rule.may_skip.when, frame) is True
    return Listing(rule.name, is_on, bool(is_on) and may_skip, rule.id, rule.clause)


def _light_acts(evaluator: Evaluator, verdict: Verdict | None, frame: Frame) -> list[Called]:
    spoken = {one.rule for one in verdict.lights} if verdict else set()
    return [
        called
        for light in evaluator.lights
        for case in light.cases
        if case.id in spoken
        for called in _called(evaluator, case.acts, case.id, case.clause, frame)
    ]


def _list_acts(evaluator: Evaluator, lists: tuple[Listing, ...], frame: Frame) -> list[Called]:
    on = {one.rule for one in lists if one.is_on}
    return [
        called
        for rule in evaluator.book.lists
        if rule.id in on
        for called in _called(evaluator, rule.acts, rule.id, rule.clause, frame)
    ]


def _rule_acts(evaluator: Evaluator, frame: Frame) -> list[Called]:
    book, kind = evaluator.book, evaluator.subject
    rules: list[ActRule | Exemption] = [*book.acts, *book.exemptions]
    return [
        called
        for rule in rules
        if rule.subject == kind
        and evaluator.holds(rule.stated.when, frame)
        and not evaluator.is_waived(rule.id, frame)
        and not _is_excepted(rule, evaluator, frame)
        for called in _called(evaluator, rule.acts, rule.id, rule.clause, frame)
    ]


def _called(
    evaluator: Evaluator, acts: Sequence[Act], rule: str, clause: str, frame: Frame
) -> list[Called]:
    """The acts whose own condition holds."""
    return [
        Called(act, rule, clause)
        for act in acts
        if act.when is None or evaluator.holds(act.when.condition, frame)
    ]


def _is_excepted(rule: ActRule | Exemption, evaluator: Evaluator, frame: Frame) -> bool:
    """Whether the exception holds, or cannot be told: missing data punishes nobody."""
    if isinstance(rule, Exemption) or rule.unless is None:
        return False
    return evaluator.holds(rule.unless.when, frame) is not False
