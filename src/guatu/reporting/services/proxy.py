"""Entering for a unit what it said by phone, in the chat or on paper (代报, M-C1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.engines.sheets import RowPlace
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.models import Project
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.intake.background import Backgrounds
from guatu.reporting.intake.judge import Question, judge
from guatu.reporting.intake.rows import LONGEST_REASON, ActualDate, Amount, ReportRow
from guatu.reporting.intake.write import ReportWriter
from guatu.reporting.models import IntakeQuestion, ProxyNote, Report, Round
from guatu.reporting.queries import entry_version
from guatu.reporting.services.rounds import ensure_indicators, lock_rounds_holding, require_open
from guatu.reporting.types import INVESTMENT, QuestionState, ReportSource

SOURCES = (ReportSource.PHONE, ReportSource.CHAT, ReportSource.PAPER)
NEVER_ACCEPTED = frozenset({"locked-elsewhere", "date-in-the-future"})
LONGEST_TEXT = 5_000
_LONG_AGO = timedelta(days=366)
COLUMNS = frozenset({"形象进度", "存在问题"})


@dataclass(frozen=True, slots=True)
class EnterFor:
    """What a unit said of one project. Money in yuan; `seen` is the state that the form showed."""

    source: ReportSource
    said_by: str
    said_at: datetime
    year_yuan: int
    seen: str
    month_yuan: int | None = None
    life_yuan: int | None = None
    progress: str = ""
    problem: str = ""
    started_on: date | None = None
    completed_on: date | None = None
    reason: str = ""


@dataclass(slots=True)
class Entered:
    """The report, or the questions that must be answered with a reason first."""

    report: Report | None = None
    questions: list[Question] = field(default_factory=list)


def enter_for_unit(actor: Actor, the_round: Round, project: Project, command: EnterFor) -> Entered:
    """Store what a unit said as a report that it has still to confirm (代报待确认).

    The questions are those of an import; with a reason they are accepted, but for a figure that
    is locked elsewhere and a date in the future. Settles what was asked about the project in this
    round. Raises Conflict where somebody changed the report since the form was opened.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    _check(command)
    with transaction.atomic(), journal.act(actor, "report.entered_for_unit") as act:
        period = the_round.period.parsed
        days = period.as_of, period.year_before.as_of
        locked = lock_rounds_holding([project.pk], *days, also=[the_round.pk])
        require_open(one for one in locked if one.pk == the_round.pk)
        if entry_version(the_round, project.pk) != command.seen:
            raise Conflict(
                Fault("changed-meanwhile", f"“{project}”的本期数刚被别人改过", "请核对后再保存")
            )
        indicators = ensure_indicators(act)
        background = Backgrounds(the_round, [project.pk], indicators[INVESTMENT])
        row = _row(project, command)
        accepted = _accepted if command.reason.strip() else _nothing
        judged = judge(row, project.pk, background.of(project.pk), period.as_of, accepted)
        if judged.questions:
            transaction.set_rollback(True)
            return Entered(questions=judged.questions)
        writer = ReportWriter(act, the_round.period, indicators, [project.pk])
        duty = ledger.current_responsibilities().get((project.pk, ResponsibilityRole.LEAD))
        writer.set_leads({project.pk: duty.organisation_id if duty else None})
        report = writer.enter(judged, command.source)
        writer.finish()
        act.write(
            ProxyNote(
                report=report,
                source=command.source,
                said_by=command.said_by.strip(),
                said_at=command.said_at,
                by=actor.text,
                at=act.at,
            )
        )
        open_questions = IntakeQuestion.objects.filter(
            period=the_round.period, project=project, state=QuestionState.OPEN
        )
        for question in open_questions:
            question.state = QuestionState.ANSWERED
            act.write(question)
    return Entered(report)


def _check(command: EnterFor) -> None:
    if command.source not in SOURCES:
        raise BadInput(Fault("no-source", "没有写来源", "请选电话、群消息或纸质"))
    if not 0 < len(command.said_by.strip()) <= 100:
        raise BadInput(Fault("no-name", "没有写报送人", "请写姓名或职务，100字以内"))
    today = clock.today()
    first, end = clock.start_of(today - _LONG_AGO), clock.start_of(today + timedelta(days=1))
    if not first <= command.said_at < end:
        raise BadInput(
            Fault("no-such-moment", "报送时间不对", f"请写今天（{today}）以前一年内的时间")
        )
    if len(command.reason) > LONGEST_REASON:
        raise BadInput(Fault("text-too-long", f"核实情况超过{LONGEST_REASON}字", "请写短一些"))
    if max(len(command.progress), len(command.problem)) > LONGEST_TEXT:
        raise BadInput(Fault("text-too-long", f"文字超过{LONGEST_TEXT}字", "请写短一些"))


def _accepted(question: Question) -> bool:
    return question.code not in NEVER_ACCEPTED


def _nothing(question: Question) -> bool:
    return False


def _row(project: Project, command: EnterFor) -> ReportRow:
    row = ReportRow(
        place=RowPlace("", "", 0),
        name=project.name,
        code=project.national_code,
        region="",
        progress=command.progress.strip(),
        problem=command.problem.strip(),
        reason=command.reason.strip(),
        columns=COLUMNS,
    )
    for name, yuan in (
        ("本年累计完成投资", command.year_yuan),
        ("本月完成投资", command.month_yuan),
        ("自开工累计完成投资", command.life_yuan),
    ):
        if yuan is not None:
            row.amounts[name] = Amount(yuan, "", "")
    for milestone, on in (("start", command.started_on), ("completion", command.completed_on)):
        if on is not None:
            row.dates[milestone] = ActualDate(on, "day", on.isoformat(), "")
    return row
