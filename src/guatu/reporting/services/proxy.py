"""Entering for a unit what it said by phone, in the chat or on paper (代报, M-C1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.models import Project
from guatu.ledger.types import ProjectKind, ResponsibilityRole
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.intake.background import Backgrounds
from guatu.reporting.intake.judge import Background, Judged, Question, judge
from guatu.reporting.intake.rows import LONGEST_REASON, LONGEST_TEXT, ReportRow, typed_row
from guatu.reporting.intake.write import ReportWriter
from guatu.reporting.models import IntakeQuestion, ProxyConfirmation, ProxyNote, Report, Round
from guatu.reporting.quantities.rules import takes_money
from guatu.reporting.queries import entry_versions
from guatu.reporting.rules import NEVER_EXPLAINED
from guatu.reporting.services.rounds import ensure_indicators, lock_rounds_holding, require_open
from guatu.reporting.types import INVESTMENT, QuestionState, ReportSource, ReportState

SOURCES = (ReportSource.PHONE, ReportSource.CHAT, ReportSource.PAPER)
_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Said:
    """Who told the office, by which way and when: once for everything that he told."""

    source: ReportSource
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class EnterFor:
    """What a unit said of one project. Money in yuan; `seen` is the state that the form showed.

    `is_unchanged` (本期无变化) takes the year's last figure, and where none are said the last
    words too.
    """

    project: Project
    seen: str
    year_yuan: int | None = None
    is_unchanged: bool = False
    month_yuan: int | None = None
    life_yuan: int | None = None
    progress: str = ""
    problem: str = ""
    started_on: date | None = None
    completed_on: date | None = None
    reason: str = ""


@dataclass(slots=True)
class Entered:
    """The reports; or, by project, what keeps them all out: what is wrong with a row, what must be
    answered with a reason first, what somebody else changed since the form was opened."""

    reports: list[Report] = field(default_factory=list)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    questions: dict[int, list[Question]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    @property
    def is_refused(self) -> bool:
        """Whether nothing was stored."""
        return bool(self.faults or self.questions or self.changed)


def enter_for_unit(
    actor: Actor, the_round: Round, said: Said, entries: Sequence[EnterFor]
) -> Entered:
    """Store what a unit said as reports that it has still to confirm (代报待确认): all or none.

    The questions are those of an import; with a reason they are accepted, but for a figure that
    is locked elsewhere and a date in the future. Settles what was asked about the projects in this
    round. Raises BadInput where nothing was said or the source is wrong.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    _check(said)
    if not entries:
        raise BadInput(
            Fault(
                "nothing-said",
                "没有填要代报的数，或与已存的一样",
                "请填本年累计，数没有变的勾“本期无变化”",
            )
        )
    ids = [one.project.pk for one in entries]
    with transaction.atomic(), journal.act(actor, "report.entered_for_unit") as act:
        period = the_round.period.parsed
        days = period.as_of, period.year_before.as_of
        locked = lock_rounds_holding(ids, *days, also=[the_round.pk])
        require_open(one for one in locked if one.pk == the_round.pk)
        versions = entry_versions(the_round, ids)
        indicators = ensure_indicators(act)
        background = Backgrounds(the_round, ids, indicators[INVESTMENT])
        words = _last_words(the_round, [one.project.pk for one in entries if one.is_unchanged])
        found, judged = Entered(), []
        for one in entries:
            pk, known = one.project.pk, background.of(one.project.pk)
            if versions[pk] != one.seen:
                found.changed.add(pk)
            elif faults := _faults(one, known):
                found.faults[pk] = faults
            else:
                judged.append(_judged(one, known, words, period.as_of))
                if judged[-1].questions:
                    found.questions[pk] = judged[-1].questions
        if found.is_refused:
            transaction.set_rollback(True)
            return found
        writer = ReportWriter(act, the_round.period, indicators, ids)
        duties = ledger.current_responsibilities()
        leads = {pk: duties.get((pk, ResponsibilityRole.LEAD)) for pk in ids}
        writer.set_leads({pk: duty.organisation_id if duty else None for pk, duty in leads.items()})
        found.reports = [writer.enter(one, said.source) for one in judged]
        writer.finish()
        act.add_all(
            [
                ProxyNote(
                    report=report,
                    source=said.source,
                    said_by=said.said_by.strip(),
                    said_at=said.said_at,
                    by=actor.text,
                    at=act.at,
                )
                for report in found.reports
            ]
        )
        open_questions = IntakeQuestion.objects.filter(
            period=the_round.period, project__in=ids, state=QuestionState.OPEN
        )
        for question in open_questions:
            question.state = QuestionState.ANSWERED
            act.write(question)
    return found


def confirm_for_unit(
    actor: Actor, the_round: Round, report_ids: Collection[int], said: Said, *, text: str
) -> list[Report]:
    """Note that the unit itself confirmed what was entered for it: who, by which way, when.

    A unit that sends its table confirms by that; this is for one that has no account and says so.
    Raises Conflict where one of the reports does not wait for a confirmation any more.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    _check(said)
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_REASON:
        what = f"核实情况超过{LONGEST_REASON}字" if text else "没有写核实情况"
        raise BadInput(Fault("no-note", what, "请写明怎样核实的，如：逐项念给对方听，均无误"))
    if not report_ids:
        raise BadInput(Fault("nothing-chosen", "没有选项目", "请勾选单位已确认的项目"))
    with journal.act(actor, "report.confirmed_for_unit") as act:
        projects = Report.objects.filter(pk__in=report_ids).values_list("project_id", flat=True)
        locked = lock_rounds_holding(projects, the_round.period.last_on, also=[the_round.pk])
        require_open(one for one in locked if one.pk == the_round.pk)
        reports = list(
            Report.objects.select_related("project").filter(
                pk__in=report_ids,
                period=the_round.period_id,
                state=ReportState.PROXY_UNCONFIRMED,
                project__entries__list_id=the_round.list_id,
            )
        )
        if len(reports) != len(set(report_ids)):
            raise Conflict(
                Fault(
                    "not-waiting",
                    "所选的项目里有的已不是代报待确认",
                    "可能单位刚报来表格，或别人刚记过；请刷新后再选",
                )
            )
        for report in reports:
            report.state = ReportState.ACCEPTED
            act.write(report)
        act.add_all(
            [
                ProxyConfirmation(
                    report=report,
                    source=said.source,
                    said_by=said.said_by.strip(),
                    said_at=said.said_at,
                    text=text,
                    by=actor.text,
                    at=act.at,
                )
                for report in reports
            ]
        )
    return reports


def _check(said: Said) -> None:
    if said.source not in SOURCES:
        raise BadInput(Fault("no-source", "没有写来源", "请选电话、群消息或纸质"))
    if not 0 < len(said.said_by.strip()) <= 100:
        raise BadInput(Fault("no-name", "没有写报送人", "请写姓名或职务，100字以内"))
    today = clock.today()
    first, end = clock.start_of(today - _LONG_AGO), clock.start_of(today + timedelta(days=1))
    if not first <= said.said_at < end:
        raise BadInput(
            Fault("no-such-moment", "报送时间不对", f"请写今天（{today}）以前一年内的时间")
        )


def _faults(one: EnterFor, known: Background) -> list[Fault]:
    """What is wrong with a row by itself."""
    found = []
    before = known.before_yuan
    is_programme = one.project.kind == ProjectKind.PROGRAMME
    if not takes_money(is_programme=is_programme, plan_yuan=known.plan_yuan):
        remedy = "指标和节点请单位在“填报”里报"
        return [Fault("no-money-here", "非建设项目不报投资，不能代报", remedy)]
    if not one.is_unchanged and one.year_yuan is None:
        found.append(Fault("no-figure", "没有本年累计", "请填本年累计，数没有变的勾“本期无变化”"))
    if one.is_unchanged and before is None:
        found.append(Fault("nothing-before", "今年还没有报过数", "请填本年累计"))
    elif one.is_unchanged and one.year_yuan not in (None, before):
        found.append(Fault("changed-after-all", "勾了本期无变化，又填了别的数", "请只留一样"))
    if len(one.reason) > LONGEST_REASON:
        found.append(Fault("text-too-long", f"核实情况超过{LONGEST_REASON}字", "请写短一些"))
    if max(len(one.progress), len(one.problem)) > LONGEST_TEXT:
        found.append(Fault("text-too-long", f"文字超过{LONGEST_TEXT}字", "请写短一些"))
    return found


def _last_words(the_round: Round, project_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The progress and problem last told of each project before the round's period."""
    rows = Report.objects.filter(
        project__in=project_ids, period__last_on__lt=the_round.period.last_on
    ).order_by("period__last_on")
    told = rows.values_list("project_id", "progress_text", "problem_text")
    return {pk: (progress, problem) for pk, progress, problem in told}


def _judged(
    one: EnterFor, known: Background, words: dict[int, tuple[str, str]], as_of: date
) -> Judged:
    accepted = _accepted if one.reason.strip() else _nothing
    row = _row(one, known, words.get(one.project.pk, ("", "")))
    return judge(row, one.project.pk, known, as_of, accepted)


def _accepted(question: Question) -> bool:
    return question.code not in NEVER_EXPLAINED


def _nothing(question: Question) -> bool:
    return False


def _row(one: EnterFor, known: Background, before: tuple[str, str]) -> ReportRow:
    row = typed_row(
        one.project.name,
        one.project.national_code,
        (one.progress.strip() or before[0], one.problem.strip() or before[1]),
        {
            "本年累计完成投资": known.before_yuan if one.is_unchanged else one.year_yuan,
            "本月完成投资": one.month_yuan,
            "自开工累计完成投资": one.life_yuan,
        },
        {"start": one.started_on, "completion": one.completed_on},
    )
    row.reason = one.reason.strip()
    return row
