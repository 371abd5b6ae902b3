"""Asking about reported figures, and taking the units' answers (M-C2, peers 4).

A question is asked once and answered once; it never keeps a figure out. While one is open the
report is 待核实.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.core.names import has_hidden_signs
from guatu.engines.chain import canonical
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import access as organisation
from guatu.organisation.types import Right
from guatu.reporting.asking.access import UNKNOWN, require_answer
from guatu.reporting.asking.gathering import gather
from guatu.reporting.asking.judging import ask_reports, ask_units
from guatu.reporting.asking.limits import question_book
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.asking.queries import limits_in_force
from guatu.reporting.asking.types import Course, Hit
from guatu.reporting.models import IntakeQuestion, Period, Report, Round
from guatu.reporting.review.queries import asked_by_reviewers
from guatu.reporting.review.rules import settled_state
from guatu.reporting.services.rounds import lock_rounds_holding, require_open
from guatu.reporting.types import (
    FigureQuestionKind,
    FigureQuestionState,
    QuestionState,
    ReportState,
)

LONGEST_ANSWER = 500
AT_ONCE = 200
"""Projects whose questions are written in one act of a whole round."""
ASKED_BY_INTAKE: dict[FigureQuestionKind, frozenset[str]] = {
    FigureQuestionKind.FALLS: frozenset({"below-last-month", "negative-figure"}),
    FigureQuestionKind.ABOVE_TOTAL: frozenset({"above-total-investment"}),
    FigureQuestionKind.REPEATED: frozenset({"repeated-start"}),
}
"""What reading a workbook has asked already is not asked a second time."""


@dataclass(slots=True)
class AskedNow:
    """How many questions were raised, and how many open ones no longer stand."""

    raised: int = 0
    withdrawn: int = 0
    looked_at: int = 0

    def add(self, other: AskedNow) -> None:
        """Count another part of the round in."""
        self.raised += other.raised
        self.withdrawn += other.withdrawn
        self.looked_at += other.looked_at


def ask_round(
    actor: Actor, the_round: Round, progress: Callable[[int, int], None] | None = None
) -> AskedNow:
    """Ask about every report of an open round, and about whole units; safe to repeat.

    `progress` is told how many of how many projects are done. Raises RoundClosed.
    """
    organisation.require(actor, Right.IMPORT_REPORTS)
    courses = list(gather(the_round).courses)
    total, done, limits = len(courses), AskedNow(), limits_in_force()
    hits = ask_reports(courses, limits=limits)
    for start in range(0, total, AT_ONCE):
        part = courses[start : start + AT_ONCE]
        done.add(ask_among(actor, the_round, part, hits))
        if progress is not None:
            progress(min(start + AT_ONCE, total), total)
    done.add(ask_units_among(actor, the_round, ask_units(courses, limits)))
    return done


def ask_about(actor: Actor, the_round: Round, project_ids: Collection[int]) -> AskedNow:
    """Ask about the reports of some projects of an open round, just come in.

    Whoever brought them in may have them asked about: no further right is needed.
    """
    gathered = gather(the_round)
    courses = gathered.of(set(project_ids))
    hits = ask_reports(courses, gathered.courses, limits_in_force())
    return ask_among(actor, the_round, courses, hits)


def ask_when_stored(actor: Actor, the_round: Round, project_ids: Collection[int]) -> None:
    """Ask about reports that the caller's transaction stores, after it: what is stored stays and
    is acknowledged, whatever becomes of asking."""
    if project_ids:
        transaction.on_commit(partial(ask_about, actor, the_round, project_ids), robust=True)


def ask_among(
    actor: Actor,
    the_round: Round,
    courses: Sequence[Course],
    hits: Sequence[Hit],
    kinds: Collection[FigureQuestionKind] = tuple(FigureQuestionKind),
) -> AskedNow:
    """Keep the hits that are about some reports, and take back what was asked about them and no
    longer holds; `kinds` are those that were looked for. No further right is needed."""
    ids = [one.identity.project_id for one in courses]
    if not ids:
        return AskedNow()
    here = set(ids)
    mine = [one for one in hits if one.project_id in here]
    with transaction.atomic(), journal.act(actor, "figures.asked") as act:
        locked = lock_rounds_holding(ids, the_round.period.last_on, also=[the_round.pk])
        require_open(one for one in locked if one.pk == the_round.pk)
        known = {
            (one.project_id, one.kind, one.facts_key): one
            for one in FigureQuestion.objects.filter(project__in=ids)
        }
        fresh = _fresh(mine, _asked_by_intake(the_round, ids))
        raised = [hit for hit in fresh if _raise(act, the_round, hit, known)]
        looked_for = [one for one in known.values() if one.kind in kinds]
        gone = _withdraw(act, the_round, looked_for, mine)
        _mark(act, the_round, {hit.project_id for hit in raised}, gone)
    return AskedNow(len(raised), len(gone), len(ids))


def ask_units_among(actor: Actor, the_round: Round, hits: Sequence[Hit]) -> AskedNow:
    """Keep what is asked about whole units, unless it was asked before."""
    if not hits:
        return AskedNow()
    with transaction.atomic(), journal.act(actor, "figures.asked") as act:
        require_open(lock_rounds_holding([], the_round.period.last_on, also=[the_round.pk]))
        known: dict[tuple[int | None, str, str], FigureQuestion] = {
            (one.organisation_id, one.kind, one.facts_key): one
            for one in FigureQuestion.objects.filter(
                project__isnull=True, organisation__in={hit.unit_id for hit in hits}
            )
        }
        raised = [hit for hit in hits if _raise(act, the_round, hit, known)]
    return AskedNow(len(raised))


def _fresh(hits: Iterable[Hit], by_intake: dict[int, set[str]]) -> list[Hit]:
    return [
        one
        for one in hits
        if not by_intake.get(one.project_id or 0, set()) & ASKED_BY_INTAKE.get(one.kind, set())
    ]


def _asked_by_intake(the_round: Round, ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = IntakeQuestion.objects.filter(period=the_round.period_id, project__in=ids).exclude(
        state=QuestionState.SUPERSEDED
    )
    for project_id, code in rows.values_list("project_id", "code"):
        found[project_id or 0].add(code)
    return found


def _raise(
    act: Act,
    the_round: Round,
    hit: Hit,
    known: dict[tuple[int | None, str, str], FigureQuestion],
) -> bool:
    """Write a question unless it was asked before; one that had gone is open again."""
    key = (hit.project_id if hit.project_id is not None else hit.unit_id, hit.kind.value, hit.key)
    held = known.get(key)
    if held is not None:
        if held.state != FigureQuestionState.WITHDRAWN:
            return False
        held.state = FigureQuestionState.OPEN
        held.period = the_round.period
        act.write(asked_anew(held, hit))
        return True
    row = row_of(hit, the_round.period, act)
    act.write(row)
    known[key] = row
    return True


def row_of(hit: Hit, period: Period, act: Act) -> FigureQuestion:
    """A question as it is kept, not yet written."""
    return FigureQuestion(
        project_id=hit.project_id,
        organisation_id=hit.unit_id,
        other_id=hit.other_id,
        period=period,
        kind=hit.kind,
        clause=hit.clause,
        **_asked_with(hit),
        text=hit.text,
        facts=canonical(dict(hit.facts)),
        facts_key=hit.key,
        raised_at=act.at,
    )


def asked_anew(row: FigureQuestion, hit: Hit) -> FigureQuestion:
    """A question that was asked before, with the words, facts and limits of now; not written."""
    row.text, row.facts = hit.text, canonical(dict(hit.facts))
    for name, value in _asked_with(hit).items():
        setattr(row, name, value)
    return row


def _asked_with(hit: Hit) -> dict[str, Any]:
    """Which book asked, with which limits of the city."""
    return {
        "book_version": question_book().version,
        "book_digest": hit.limits.digest,
        "limits": hit.limits.text,
    }


def _withdraw(
    act: Act, the_round: Round, known: Iterable[FigureQuestion], hits: Sequence[Hit]
) -> set[int]:
    """Open questions of this period that no longer hold, since the report was changed."""
    standing = {(hit.project_id, hit.kind.value, hit.key) for hit in hits}
    gone = set()
    for one in known:
        is_ours = one.period_id == the_round.period_id and one.state == FigureQuestionState.OPEN
        if one.kind == FigureQuestionKind.REVIEWER:
            continue  # a person's words: only a person's verdict closes them
        if is_ours and (one.project_id, one.kind, one.facts_key) not in standing:
            one.state = FigureQuestionState.WITHDRAWN
            act.write(one)
            gone.add(one.project_id or 0)
    return gone


def _mark(act: Act, the_round: Round, raised: set[int | None], gone: set[int]) -> None:
    """Reports with a new question are 待核实; those whose last one went are as before."""
    touched = {pk for pk in (*raised, *gone) if pk}
    reports = Report.objects.filter(period=the_round.period_id, project__in=touched)
    open_now = _projects_asked(the_round, touched)
    done = []
    for report in reports:
        if report.project_id in raised and report.state in (
            ReportState.SUBMITTED,
            ReportState.ACCEPTED,
        ):
            report.state = ReportState.QUESTIONED
            act.write(report)
        elif report.project_id not in open_now:
            done.append(report)
    _settle(act, done)


def _projects_asked(the_round: Round, project_ids: Collection[int]) -> set[int]:
    """Of some projects those with anything open in the round, asked by intake or by the book."""
    own = FigureQuestion.objects.filter(
        period=the_round.period_id, project__in=project_ids, state=FigureQuestionState.OPEN
    ).values_list("project_id", flat=True)
    intake = IntakeQuestion.objects.filter(
        period=the_round.period_id, project__in=project_ids, state=QuestionState.OPEN
    ).values_list("project_id", flat=True)
    return {pk for pk in (*own, *intake) if pk is not None}


def _settle(act: Act, reports: Iterable[Report]) -> None:
    """Nothing is open any more about these reports of one period (`review.rules.settled_state`)."""
    found = [one for one in reports if one.state == ReportState.QUESTIONED and not one.asked]
    if not found:
        return
    by_reviewers = asked_by_reviewers(found[0].period_id, {one.project_id for one in found})
    for report in found:
        report.state = settled_state(report.source, by_reviewer=report.project_id in by_reviewers)
        act.write(report)


def answer_question(
    actor: Actor, the_round: Round, question_id: int, *, answer: str, seen: int
) -> FigureQuestion:
    """Keep the unit's one answer to a question of the round.

    Raises NotFound, NotAllowed for whoever is neither the unit asked nor the office, BadInput
    without words, Conflict where it was answered meanwhile or no longer stands, RoundClosed.
    """
    question = FigureQuestion.objects.filter(pk=question_id, period=the_round.period_id).first()
    if question is None:
        raise NotFound(UNKNOWN)
    require_answer(actor, question)
    words = told_answer(answer)
    with journal.act(actor, "figure_question.answered") as act:
        ids = [question.project_id] if question.project_id is not None else []
        locked = lock_rounds_holding(ids, the_round.period.last_on, also=[the_round.pk])
        require_open(one for one in locked if one.pk == the_round.pk)
        question = FigureQuestion.objects.get(pk=question_id)
        if question.state != FigureQuestionState.OPEN or question.version != seen:
            state = FigureQuestionState(question.state).label
            remedy = "一个疑问只答复一次，需要补充请联系审核单位"
            raise Conflict(Fault("answered-meanwhile", f"这个疑问{state}", remedy))
        question.state = FigureQuestionState.ANSWERED
        question.answer, question.answered_by = words, actor.text
        question.answered_at = act.at
        act.write(question)
        if ids and not _projects_asked(the_round, ids):
            _settle(act, Report.objects.filter(period=the_round.period_id, project__in=ids))
    return question


def told_answer(text: str) -> str:
    """An answer as it is kept. Raises BadInput for none, one too long, or hidden signs."""
    words = " ".join(text.split())
    if not words:
        raise BadInput(Fault("no-answer", "没有写答复", "请写明原因，或改正数字后重新报送"))
    if len(words) > LONGEST_ANSWER:
        raise BadInput(Fault("answer-too-long", f"答复超过{LONGEST_ANSWER}字", "请写短一些"))
    if has_hidden_signs(words):
        raise BadInput(Fault("not-plain", "里面有看不见的字符", "请重新输入，不要粘贴"))
    return words
