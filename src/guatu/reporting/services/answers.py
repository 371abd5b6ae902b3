"""Answering what the intake asked: the answer is remembered, and the row that waited enters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.core.yuan import UNITS
from guatu.engines.sheets import ColumnMapping, MappedColumn
from guatu.files import services as files
from guatu.files.models import Import
from guatu.files.queries import remembered_mapping
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.access import visible_to
from guatu.ledger.models import ProjectAlias
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.services import add_region_alias
from guatu.organisation.types import Right
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.intake.answers import (
    FOR_GOOD,
    NOT_TAKEN,
    SEPARATOR,
    TAKEN,
    Answers,
    cell_subject,
    subject,
)
from guatu.reporting.intake.asking import is_cell_value, kinds_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.intake.outcome import Effects, LearnedMapping
from guatu.reporting.intake.write import report_columns
from guatu.reporting.models import AnswerOutcome, IntakeAnswer, IntakeQuestion, Report, Round
from guatu.reporting.review.queries import asked_by_reviewers
from guatu.reporting.review.rules import settled_state
from guatu.reporting.services.intake import Places, ReportsTaken, take_in_again
from guatu.reporting.services.rounds import lock_rounds, require_open
from guatu.reporting.types import (
    AnswerKind,
    FigureQuestionState,
    QuestionState,
    ReportState,
)

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """An answer as it is given: its kind, the value chosen, and why."""

    kind: AnswerKind
    value: str = ""
    reason: str = ""


@dataclass(slots=True)
class Answered:
    """What an answer led to: rows that entered, and what still waits."""

    entered: int = 0
    waiting: list[str] = field(default_factory=list)
    answer_id: int = 0
    effects: Effects = field(default_factory=Effects)


@dataclass(slots=True)
class _Case:
    """A question being answered: what it is about, and which rows may enter afterwards."""

    act: Act
    round: Round
    question: IntakeQuestion
    facts: Facts
    command: GiveAnswer
    subject: str = ""
    value: str = ""
    settled: list[IntakeQuestion] = field(default_factory=list)
    again: dict[int, tuple[Import, Places]] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)

    def retake(self, questions: Iterable[IntakeQuestion]) -> None:
        """Let the rows of these questions enter."""
        for one in questions:
            imported, places = self.again.get(one.imported_id, (one.imported, Places()))
            rows = places.rows | {(one.sheet, one.row_no)}
            self.again[one.imported_id] = (imported, Places(rows, places.sheets))


def answer_question(
    actor: Actor, the_round: Round, question_id: int, command: GiveAnswer
) -> Answered:
    """Settle one open question of a round and take the rows in that waited for it.

    Raises NotFound for a question of another round, Conflict where it is settled already,
    RoundClosed, and BadInput for an answer that the question does not take.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    with transaction.atomic(), journal.act(actor, "question.answered") as act:
        require_open(lock_rounds([the_round.pk]))
        question = _open_question(the_round, question_id)
        facts = Facts.from_json(question.facts)
        kinds = kinds_of(question.code, facts, is_waiting=question.is_waiting)
        if command.kind not in kinds:
            raise BadInput(Fault("wrong-answer", "这个疑问不能这样答复", "请刷新页面后再答复"))
        if len(command.reason) > LONGEST_REASON or len(command.value) > 500:
            raise BadInput(Fault("text-too-long", f"说明超过{LONGEST_REASON}字", "请写短一些"))
        case = _Case(act, the_round, question, facts, command, value=command.value)
        _ANSWERS[command.kind](case)
        answer = IntakeAnswer(
            round=the_round,
            question=question,
            kind=command.kind,
            subject=case.subject,
            value=case.value,
            reason=command.reason,
            by=actor.text,
            at=act.at,
        )
        act.write(answer)
        settled = list({q.pk: q for q in [question, *case.settled]}.values())
        for one in settled:
            one.state = QuestionState.ANSWERED
            act.write(one)
        case.effects.settle(settled)
        _clear_report(case)
        answered = _taken_again(actor, case)
        answered.answer_id = answer.pk
        effects = answered.effects.to_json()
        act.write(AnswerOutcome(answer=answer, entered=answered.entered, effects=effects))
        return answered


def _taken_again(actor: Actor, case: _Case) -> Answered:
    answered = Answered(effects=case.effects)
    for imported, places in case.again.values():
        taken: ReportsTaken = take_in_again(actor, case.round, imported, places)
        answered.entered += taken.stored
        answered.effects.add(taken.written)
        cells = {case.question.cell}
        answered.waiting += [
            fault.what for fault in taken.waiting if fault.cell in cells or not fault.cell
        ]
    return answered


def _open_question(the_round: Round, question_id: int) -> IntakeQuestion:
    found = (
        IntakeQuestion.objects.select_related("imported__blob")
        .filter(
            pk=question_id,
            period=the_round.period,
            imported__target=f"{the_round.list_id}:{the_round.period.key}",
        )
        .first()
    )
    if found is None:
        raise NotFound(Fault("unknown-question", "没有这个疑问", "请从收表台进入"))
    if found.state != QuestionState.OPEN:
        told = IntakeAnswer.objects.filter(question=found).order_by("-pk").first()
        who = f"“{told.by}”已答复" if told else "已由新的表或别的答复了结"
        raise Conflict(Fault("answered", f"这个疑问{who}", "请刷新页面看现在的情况"))
    return found


def _open_like(case: _Case, **where: object) -> list[IntakeQuestion]:
    """Open questions of the same round."""
    rows = IntakeQuestion.objects.select_related("imported__blob").filter(
        period=case.round.period,
        imported__target=f"{case.round.list_id}:{case.round.period.key}",
        state=QuestionState.OPEN,
        **where,
    )
    return list(rows.exclude(pk=case.question.pk))


def _project(case: _Case) -> None:
    """The row means this project; the name is kept as an alias where nothing went by it."""
    if not case.value.isdecimal() or len(case.value) > 15:
        raise BadInput(Fault("no-project", "没有选项目", "请先选一个项目"))
    project = (
        visible_to(case.act.actor)
        .filter(
            pk=int(case.value),
            entries__list_id=case.round.list_id,
            entries__left_on__isnull=True,
        )
        .first()
    )
    if project is None:
        raise BadInput(Fault("no-project", "这份清单里没有这个项目", "请从查到的项目里选"))
    name = case.facts.name
    if case.question.code == "unknown-project" and 0 < len(name) <= 300:
        alias = ProjectAlias(project=project, name=name, valid_from=clock.today())
        case.act.write(alias)
        case.effects.alias = alias.pk
    case.subject = case.facts.subject
    case.settled = _open_like(
        case,
        imported=case.question.imported,
        sheet=case.question.sheet,
        row_no=case.question.row_no,
        project__isnull=True,
    )
    case.retake([case.question])


def _region(case: _Case) -> None:
    """The text names this region: an alias, and every row that waited for it enters."""
    names = organisation.region_names().official
    text = case.facts.region
    if not case.value.isdecimal() or int(case.value[:15]) not in names:
        raise BadInput(Fault("no-region", "没有选地区", "请先选一个地区"))
    if not 0 < len(text) <= 100:
        raise BadInput(Fault("text-too-long", "地区名过长", "请让单位改正后重报"))
    case.effects.region_alias = add_region_alias(case.act.actor, int(case.value), text).pk
    case.subject = text
    like = [q for q in _open_like(case) if Facts.from_json(q.facts).region == text]
    case.retake([case.question, *(q for q in like if q.code != "duplicate-row")])


def _cell(case: _Case) -> None:
    """The cell means this; kept for the project and the words that stand there."""
    if not is_cell_value(case.facts, case.value):
        raise BadInput(Fault("bad-value", "填的值不对", "金额填数，日期填年月日"))
    case.subject = cell_subject(
        case.question.project_id, case.facts.name, case.facts.field, case.facts.raw
    )
    case.retake([case.question])


def _unit(case: _Case) -> None:
    """The column is in this unit; kept with the sender's layout (files.Mapping)."""
    if case.value not in UNITS:
        raise BadInput(Fault("unknown-unit", "不认识这个单位", f"可用{'、'.join(UNITS)}"))
    sender = case.question.imported.sender
    index = organisation.organisation_names()
    told = Answers.of(case.round.list, case.round.period.parsed)
    found = told.sender_of_import(case.question.imported) or index.find(sender)
    known = index.official.get(found, sender) if found is not None else sender
    before = remembered_mapping(known) or remembered_mapping(sender) or ColumnMapping({})
    columns = {**before.columns, case.facts.label: MappedColumn(case.facts.field, case.value)}
    mapping = ColumnMapping(
        columns, before.sheet, before.header_rows, before.unit, before.subtotals, before.only
    )
    held = remembered_mapping(known)
    files.remember_mapping(case.act, sender=known[:200], columns=mapping.to_json())
    case.effects.mapping = LearnedMapping(
        known[:200], held.to_json() if held else "", mapping.to_json()
    )
    case.subject = subject(sender, case.facts.label)
    like = _open_like(case, code="unit-missing", imported__sender=sender)
    case.settled = [q for q in like if Facts.from_json(q.facts).label == case.facts.label]
    case.retake([case.question, *case.settled])


def _accept(case: _Case) -> None:
    """The figure is right as it is, for a reason that is kept."""
    if len(case.command.reason.strip()) < 2:
        raise BadInput(
            Fault("no-reason", "没有写核实情况", "请写明怎样核实的，如“电话核实，系核减”")
        )
    case.value = TAKEN
    case.subject = subject(case.question.project_id, case.question.code, case.question.question)
    if case.question.is_waiting:
        case.retake([case.question])


def _row(case: _Case) -> None:
    """This row holds; the project's other rows are settled with it."""
    if case.value not in {value for value, _ in case.facts.choices}:
        raise BadInput(Fault("wrong-answer", "没有选哪一行", "请选一行"))
    digest, sheet, number = case.value.split(SEPARATOR)
    case.subject = str(case.question.project_id)
    case.settled = _open_like(case, code="duplicate-row", project_id=case.question.project_id)
    imports = Import.objects.select_related("blob").filter(
        target=case.question.imported.target, blob__sm3=digest
    )
    for imported in imports[:1]:
        case.again[imported.pk] = (imported, Places(frozenset({(sheet, int(number))})))


def _sender(case: _Case) -> None:
    """This sender's figure holds in this round."""
    if case.value not in {value for value, _ in case.facts.choices}:
        raise BadInput(Fault("wrong-answer", "没有选以谁为准", "请选一个单位"))
    case.subject = str(case.question.project_id)
    if case.value == case.facts.choices[-1][0]:
        case.retake([case.question])


def _table(case: _Case) -> None:
    """The whole table is taken as of this round, or left out."""
    if case.value not in (TAKEN, NOT_TAKEN):
        raise BadInput(Fault("wrong-answer", "没有选是否采用", "请选采用或不采用"))
    case.subject = subject(case.facts.digest, case.question.sheet, case.question.code)
    if case.value == TAKEN:
        sheets = Places(sheets=frozenset({case.question.sheet}))
        case.again[case.question.imported_id] = (case.question.imported, sheets)


def _dismiss(case: _Case) -> None:
    """The row is not taken: in this round, or never where it is no project of ours."""
    if len(case.command.reason.strip()) < 2:
        raise BadInput(Fault("no-reason", "没有写不采用的原因", "请写明，如“不是本清单项目”"))
    is_for_good = case.value == FOR_GOOD and case.question.project_id is None
    case.value = FOR_GOOD if is_for_good else NOT_TAKEN
    case.subject = case.facts.subject
    case.settled = _open_like(
        case,
        imported=case.question.imported,
        sheet=case.question.sheet,
        row_no=case.question.row_no,
        is_waiting=True,
    )


_ANSWERS: dict[AnswerKind, Callable[[_Case], None]] = {
    AnswerKind.PROJECT: _project,
    AnswerKind.REGION: _region,
    AnswerKind.CELL: _cell,
    AnswerKind.UNIT: _unit,
    AnswerKind.ACCEPT: _accept,
    AnswerKind.ROW: _row,
    AnswerKind.SENDER: _sender,
    AnswerKind.TABLE: _table,
    AnswerKind.DISMISS: _dismiss,
}


def _clear_report(case: _Case) -> None:
    """A report is sure again once nothing that entered is asked about any more; what its unit
    sent in, or a reviewer asked about, goes to its reviewer."""
    project_id = case.question.project_id
    if case.question.is_waiting or project_id is None:
        return
    settled = {case.question.pk, *(one.pk for one in case.settled)}
    left = IntakeQuestion.objects.filter(
        period=case.round.period,
        project_id=project_id,
        is_waiting=False,
        state=QuestionState.OPEN,
    ).exclude(pk__in=settled)
    report = Report.objects.filter(
        project_id=project_id, period=case.round.period, state=ReportState.QUESTIONED
    ).first()
    asked = FigureQuestion.objects.filter(
        project_id=project_id, period=case.round.period, state=FigureQuestionState.OPEN
    )
    if report is not None and not left.exists() and not asked.exists():
        before = report_columns(report)
        by_reviewers = asked_by_reviewers(report.period_id, [project_id])
        report.state = settled_state(report.source, by_reviewer=project_id in by_reviewers)
        case.act.write(report)
        case.effects.note_report(report, before)
