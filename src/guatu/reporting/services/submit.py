"""A unit sends in its own report, or keeps what it has typed for later (M-C1, M-C2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.yuan import LIMIT
from guatu.database.prepared import prepared
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import Term
from guatu.ledger.queries import ladder_of, reporting_unit_of
from guatu.ledger.types import Vocabulary
from guatu.reporting.access import get_entry_to_report, get_own_entry
from guatu.reporting.asking.single import Saying
from guatu.reporting.intake.held import SentIn
from guatu.reporting.intake.judge import Judged, Question, judge
from guatu.reporting.intake.one import OneProject
from guatu.reporting.intake.rows import LONGEST_REASON, LONGEST_TEXT, ReportRow, typed_row
from guatu.reporting.intake.write import ReportWriter
from guatu.reporting.models import Report, ReportDraft, Round
from guatu.reporting.quantities import stating
from guatu.reporting.quantities.promising import Told
from guatu.reporting.rules import NEVER_EXPLAINED, Amounts, in_step, may_send
from guatu.reporting.services.asked_at_once import AtOnce
from guatu.reporting.services.rounds import ensure_indicators, lock_rounds_of, require_open
from guatu.reporting.types import ReportSource, ReportState

LONGEST_DRAFT = 20_000
_NAMES = {
    "本年累计完成投资": "year_yuan",
    "本月完成投资": "month_yuan",
    "自开工累计完成投资": "life_yuan",
}
NOTHING_TYPED = Amounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReport:
    """What a unit says of one project for a round. Money in yuan; `seen` is the state that the
    form showed, `explanation` its one answer to what is asked about the figures.

    `is_unchanged` (本期无变化) takes the last figures and words; nothing else is then read.
    """

    round_id: int
    project_id: int
    seen: str
    amounts: Amounts = NOTHING_TYPED
    is_unchanged: bool = False
    node: str = ""
    progress: str = ""
    problem: str = ""
    reason_id: int | None = None
    problem_id: int | None = None
    started_on: date | None = None
    completed_on: date | None = None
    next_plan_yuan: int | None = None
    explanation: str = ""
    quantities: Mapping[int, int] = field(default_factory=dict)
    """What else the project reports (M-A9), by indicator, in its smallest steps."""
    reached: Mapping[int, date | None] = field(default_factory=dict)
    """The days on which its named milestones were reached, by their keys; None: not reached."""


@dataclass(slots=True)
class Submitted:
    """The report; or, where nothing was stored, the questions that an explanation must answer."""

    report: Report | None = None
    questions: list[Question] = field(default_factory=list)


def submit_report(actor: Actor, command: SubmitReport) -> Submitted:
    """Send in a unit's report of one project: 已报送, or 待核实 where its figures raise questions
    and the unit explains them. It counts at once; a reviewer accepts or returns it.

    Figures go the way of a workbook's row: the same judge, the same writer. Raises NotFound for a
    project that is not the unit's to report, RoundClosed, Conflict where somebody changed the
    report since the form was opened or a reviewer has accepted it, BadInput for what cannot stand.
    """
    entry = get_entry_to_report(actor, command.round_id, command.project_id)
    with journal.act(actor, "report.submitted") as act:
        rounds = lock_rounds_of(command.round_id, command.project_id)
        the_round = next(one for one in rounds if one.pk == command.round_id)
        require_open([the_round])
        indicators = ensure_indicators(act)
        known = OneProject.load(the_round, entry, rounds, indicators)
        _require_sendable(known, command)
        told = _unchanged(known, command) if command.is_unchanged else command
        _require_sound(told, known)
        judged, asked = _judged(known, told)
        book = AtOnce.of(known, _saying(known, told, judged.row.reason), asked)
        asked = [*asked, *book.questions]
        if asked and not told.explanation.strip():
            transaction.set_rollback(True)
            return Submitted(questions=asked)
        sent = SentIn(
            organisation_id=reporting_unit_of(entry),
            physical_node=told.node,
            is_unchanged=command.is_unchanged,
            next_plan_yuan=told.next_plan_yuan,
            reason_id=told.reason_id,
            problem_id=told.problem_id,
            asked="\n".join(one.text for one in asked),
            explanation=told.explanation.strip() if asked else "",
            # The first time decides whether it was late: what is returned was there in time.
            submitted_at=(known.report and known.report.submitted_at) or act.at,
        )
        writer = ReportWriter(
            act, the_round.period, indicators, [command.project_id], held=known.held()
        )
        amounts = stating.amounts_of(known, told.quantities)
        report = writer.enter(judged, ReportSource.UNIT, sent, amounts)
        writer.finish()
        _milestones(known, told).store(act)
        if book.settle(act, sent.explanation) and report.state == ReportState.SUBMITTED:
            report.state = ReportState.QUESTIONED
            act.write(report)
        ReportDraft.objects.filter(
            project_id=command.project_id, period_id=the_round.period_id
        ).delete()
        book.ask_the_rest(actor, states_start=bool(judged.takes_dates))
    return Submitted(report)


def save_draft(
    actor: Actor, round_id: int, project_id: int, content: Mapping[str, str], *, version: int
) -> int:
    """Keep what a unit has typed (暂存) and return the new version; 0 is what nobody has kept.

    Raises Conflict where somebody kept or sent in something else since, RoundClosed, NotFound.
    No record is made: what is not sent in is no data.
    """
    entry = get_own_entry(actor, round_id, project_id)
    text = json.dumps(dict(content), ensure_ascii=False, sort_keys=True)
    if len(text) > LONGEST_DRAFT:
        raise BadInput(Fault("draft-too-long", "填的内容太长，没有暂存", "请写短一些"))
    the_round = Round.objects.select_related("period", "list").get(pk=round_id)
    require_open([the_round])
    unit = reporting_unit_of(entry)
    key = {"project_id": project_id, "period_id": the_round.period_id, "organisation_id": unit}
    values = {"content": text, "by": actor.text, "at": clock.now()}
    if version == 0:
        try:
            with transaction.atomic():
                ReportDraft.objects.create(**key, **values)
        except IntegrityError as error:
            raise _kept_meanwhile() from error
        return 1
    kept = ReportDraft.objects.filter(**key, version=version)
    if kept.update(**values, version=version + 1) != 1:
        raise _kept_meanwhile()
    return version + 1


def _kept_meanwhile() -> Conflict:
    return Conflict(
        Fault(
            "changed-meanwhile",
            "本项目刚在别处暂存或报送过，这里没有暂存",
            "请核对后再报送，或刷新页面",
        )
    )


def _require_sendable(known: OneProject, command: SubmitReport) -> None:
    report = known.report
    if report is not None and not may_send(report.state, report.source):
        raise Conflict(
            Fault("accepted-already", "本期已审核通过", "确需修改，请审核单位先退回，再重新报送")
        )
    if known.seen != command.seen:
        raise Conflict(
            Fault(
                "changed-meanwhile",
                "本项目本期的数刚被改过（别人报送、表格入库或代报）",
                "您填的没有丢；请核对现存的数后再报送",
            )
        )


def _unchanged(known: OneProject, command: SubmitReport) -> SubmitReport:
    """本期无变化 as a whole report: last figures, node, words, reason and problem."""
    before = known.before
    if not known.has_last:
        raise BadInput(Fault("nothing-before", "今年还没有报过数", "请填本年累计"))
    return SubmitReport(
        round_id=command.round_id,
        project_id=command.project_id,
        seen=command.seen,
        is_unchanged=True,
        amounts=known.last.kept if known.takes_money else NOTHING_TYPED,
        quantities=stating.carried_on(known),
        node=before.physical_node if before else "",
        progress=before.progress_text if before else "",
        problem=before.problem_text if before else "",
        reason_id=before.reason_id if before else None,
        problem_id=before.problem_id if before else None,
        explanation=command.explanation,
    )


def _require_sound(told: SubmitReport, known: OneProject) -> None:
    """Raise BadInput for everything at once that no explanation can make right."""
    faults = list(_choice_faults(told, known))
    if told.next_plan_yuan is not None and not 0 <= told.next_plan_yuan <= LIMIT:
        faults.append(Fault("bad-next-plan", "下期计划不能是负数", "请填下期计划完成的投资"))
    if len(told.explanation) > LONGEST_REASON:
        faults.append(
            Fault("explanation-too-long", f"情况说明超过{LONGEST_REASON}字", "请写短一些")
        )
    if max(len(told.progress), len(told.problem)) > LONGEST_TEXT:
        faults.append(Fault("text-too-long", f"文字超过{LONGEST_TEXT}字", "请写短一些"))
    if told.completed_on and told.started_on and told.completed_on < told.started_on:
        faults.append(Fault("ends-before-start", "竣工日期早于开工日期", "请核对两个日期"))
    faults += stating.faults_of(known, told.quantities)
    if told.reached:
        faults += _milestones(known, told).faults(known.the_round.period.last_on)
    faults += _figure_faults(told, known) if known.takes_money else _words_faults(told)
    if faults:
        raise BadInput(*faults)


def _choice_faults(told: SubmitReport, known: OneProject) -> Iterable[Fault]:
    """Words that no vocabulary has. One statement where one is chosen that was not the last
    report's: what that names is kept."""
    before = known.before
    node = "" if before and told.node == before.physical_node else told.node
    reason_id = None if before and told.reason_id == before.reason_id else told.reason_id
    problem_id = None if before and told.problem_id == before.problem_id else told.problem_id
    if not node and reason_id is None and problem_id is None:
        return
    words = _words()
    of = {one.pk: one.vocabulary for one in words}
    if node and node not in {one.name for one in ladder_of(words, known.entry.project.sector_id)}:
        yield Fault("no-such-node", "没有这个形象节点", "请从列表里选")
    if reason_id is not None and of.get(reason_id) != Vocabulary.REASON:
        yield Fault("no-such-reason", "没有这个滞后原因", "请从列表里选")
    if problem_id is not None and of.get(problem_id) != Vocabulary.PROBLEM:
        yield Fault("no-such-problem", "没有这个问题类别", "请从列表里选")


@prepared
def _words() -> QuerySet[Term]:
    wanted = (Vocabulary.NODE, Vocabulary.REASON, Vocabulary.PROBLEM)
    return Term.objects.filter(vocabulary__in=wanted)


def _figure_faults(told: SubmitReport, known: OneProject) -> Iterable[Fault]:
    stated = [getattr(told.amounts, name) for name in _NAMES.values()]
    if any(abs(yuan) > LIMIT for yuan in stated if yuan is not None):
        yield Fault("too-large", "金额超过10万亿元", "请核对单位")
    if _stated(told, known) is None:
        if told.amounts.month_yuan is None:
            yield Fault("no-figure", "没有填本年累计", "请填本年累计，数没有变的点“本期无变化”")
        else:
            what = "上一期没有数，从本期完成算不出本年累计"
            yield Fault("no-figure", what, "请填本年累计")


def _words_faults(told: SubmitReport) -> Iterable[Fault]:
    """A report without money says at least something: a quantity, a date or how far it is."""
    if told.amounts != NOTHING_TYPED:
        yield Fault("no-money-here", "本项目不报投资", "请刷新页面后再填")
    reached = any(told.reached.values())
    said = (told.quantities, reached, told.started_on, told.completed_on, told.progress.strip())
    if not any(said) and not told.is_unchanged:
        yield Fault("nothing-said", "什么都没有填", "请填指标、进展或时间；没有变的点“本期无变化”")


def _milestones(known: OneProject, told: SubmitReport) -> Told:
    """What is said of the named milestones."""
    return Told({one.key: one for one in known.promised}, told.reached)


def _stated(told: SubmitReport, known: OneProject) -> Amounts | None:
    """The three figures in step: the server's own truth, whatever the page had computed."""
    if told.is_unchanged or not known.takes_money:
        return told.amounts
    return in_step(told.amounts, known.last, first_on=known.the_round.period.first_on)


def _judged(known: OneProject, told: SubmitReport) -> tuple[Judged, list[Question]]:
    """The row as the intake judges it, and everything that it is asked about.

    What would keep a workbook's row waiting is taken in with an explanation, as a question; what
    cannot be explained is refused.
    """
    row = _row(known, told)
    asked: list[Question] = []
    is_explained = bool(told.explanation.strip())

    def settled(question: Question) -> bool:
        asked.append(question)
        return is_explained and question.is_waiting

    as_of = known.the_round.period.parsed.as_of
    judged = judge(row, told.project_id, known.background, as_of, settled)
    asked += stating.questions_of(known, told.quantities)
    never = [one for one in asked if one.code in NEVER_EXPLAINED]
    if never:
        raise BadInput(*(Fault(one.code, one.what, one.remedy) for one in never))
    row.reason = told.explanation.strip() if asked else ""
    return judged, asked


def _saying(known: OneProject, told: SubmitReport, reason: str) -> Saying:
    """What the book of questions is asked about."""
    return Saying(
        amounts=_stated(told, known) or NOTHING_TYPED,
        node=told.node,
        text=told.progress,
        reason=reason,
        started_on=told.started_on,
    )


def _row(known: OneProject, told: SubmitReport) -> ReportRow:
    project = known.entry.project
    stated = _stated(told, known) or Amounts()
    return typed_row(
        project.name,
        project.national_code,
        (told.progress.strip(), told.problem.strip()),
        {name: getattr(stated, key) for name, key in _NAMES.items()},
        {"start": told.started_on, "completion": told.completed_on},
    )
