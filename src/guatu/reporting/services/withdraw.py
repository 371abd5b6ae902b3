"""Taking an answer back: what it brought goes, what it taught is forgotten, its question is open.

What came since (a file sent again, a phone call) stands: it was not the answer's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from guatu.core.errors import Conflict, Fault, NotFound
from guatu.files import services as files
from guatu.files.models import Import
from guatu.files.senders import stem_of
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.services import withdraw_alias
from guatu.organisation import access
from guatu.organisation.services import withdraw_region_alias
from guatu.organisation.types import Right
from guatu.planning.models import DateFact
from guatu.reporting.due.scope import within
from guatu.reporting.intake.outcome import ChangedReport, Effects, put_back
from guatu.reporting.models import (
    AnswerOutcome,
    AnswerWithdrawal,
    Figure,
    IntakeAnswer,
    IntakeQuestion,
    Report,
    Round,
)
from guatu.reporting.services.intake import Places, take_in_again
from guatu.reporting.services.rounds import lock_rounds_holding, require_open
from guatu.reporting.types import QuestionState, RoundState

RESTORED = "撤回答复，恢复原数"
TAKEN_BACK = "撤回答复"


@dataclass(slots=True)
class Withdrawn:
    """What came of it: figures and dates taken back, questions open again or gone, and the
    projects whose newer figures stand."""

    taken_back: int = 0
    reopened: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


type _Key = tuple[int, int, date, str]
"""Project, indicator, day and source: of each there is one current figure."""


@dataclass(slots=True)
class _Gone:
    """What answers had brought that were taken back; of figures also when they were."""

    figures: dict[int, datetime] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)
    reports: list[ChangedReport] = field(default_factory=list)

    @classmethod
    def of(cls, the_round: Round) -> _Gone:
        """Those of the round's period, whatever the list: figures belong to no list."""
        found = cls()
        rows = AnswerOutcome.objects.filter(
            answer__round__period=the_round.period_id, answer__withdrawal__isnull=False
        )
        for text, at in rows.values_list("effects", "answer__withdrawal__at"):
            effects = Effects.from_json(text)
            found.figures |= dict.fromkeys(effects.figures, at)
            found.dates |= set(effects.dates)
            found.reports += effects.reports
        return found

    def is_told(self, figure: Figure) -> bool:
        """Whether a figure holds for what somebody told: not for an answer that was taken back,
        nor as the copy that a withdrawal made of an older one."""
        replaced = self.figures.get(figure.supersedes_id or 0)
        return figure.pk not in self.figures and replaced != figure.at


@dataclass(slots=True)
class _Case:
    """A withdrawal under way."""

    act: Act
    round: Round
    answer: IntakeAnswer
    effects: Effects
    figures: list[Figure]
    gone: _Gone
    done: Withdrawn = field(default_factory=Withdrawn)
    newer: dict[int, str] = field(default_factory=dict)
    """Projects of which something came since, by id: their names."""


def withdraw_answer(actor: Actor, the_round: Round, answer_id: int) -> Withdrawn:
    """Take an answer of an open round back.

    Raises NotFound for an answer of another round, Conflict where it was taken back already, where
    an answer that rests on it must go first, or where a locked round holds one of its figures;
    RoundClosed.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    with transaction.atomic():
        with journal.act(actor, "answer.withdrawn") as act:
            case = _taken_back(act, the_round, answer_id)
        # An act of its own, after the other: the journal tells changes of a row in their order.
        _ask_newer_files(case)
    return case.done


def _taken_back(act: Act, the_round: Round, answer_id: int) -> _Case:
    answer = _answer(the_round, answer_id)
    effects = Effects.from_json(answer.outcome.effects)
    brought = Figure.objects.filter(pk__in=effects.figures).select_related("project")
    _lock(the_round, brought.all())
    if AnswerWithdrawal.objects.filter(answer=answer).exists():
        raise Conflict(Fault("withdrawn", "这条答复已经撤回", "请刷新页面看现在的情况"))
    _require_last(effects)
    # First of all: reading what holds must not find the answer any more.
    act.write(AnswerWithdrawal(answer=answer, by=act.actor.text, at=act.at))
    # Figures are read under the lock: until then somebody may have replaced them.
    case = _Case(act, the_round, answer, effects, list(brought.all()), _Gone.of(the_round))
    _note_newer(case)
    _figures(case)
    _dates(case)
    _reports(case)
    _questions(case)
    _memory(case)
    case.done.kept = sorted(case.newer.values())
    return case


def _answer(the_round: Round, answer_id: int) -> IntakeAnswer:
    found = (
        IntakeAnswer.objects.select_related("outcome", "question")
        .filter(pk=answer_id, round=the_round, outcome__isnull=False)
        .first()
    )
    if found is None:
        raise NotFound(Fault("unknown-answer", "没有这条答复", "请从已答复里选"))
    return found


def _lock(the_round: Round, figures: Iterable[Figure]) -> None:
    """Lock every round that holds one of the figures; none of them may be locked for good."""
    projects = {one.project_id for one in figures}
    days = {one.as_of for one in figures} | {the_round.period.last_on}
    locked = lock_rounds_holding(projects, *days, also=[the_round.pk])
    require_open(one for one in locked if one.pk == the_round.pk)
    for one in locked:
        if one.state != RoundState.CLOSED:
            continue
        entries = within(one.list.entries.filter(project__in=projects), one)
        held = set(entries.values_list("project", flat=True))
        if any(f.as_of == one.period.last_on and f.project_id in held for f in figures):
            what = f"这条答复带来的数已随{one}锁定，不能撤回"
            raise Conflict(Fault("locked-elsewhere", what, "确需改数请办理更正"))


def _require_last(effects: Effects) -> None:
    """An answer to a question that this one raised, or opened again, rests on it."""
    resting = IntakeAnswer.objects.filter(
        question__in=effects.asked, withdrawal__isnull=True
    ).select_related("question")
    for one in resting[:1]:
        assert one.question is not None
        what = f"后来对“{one.question.question.split('。')[0]}”的答复以这条为前提"
        raise Conflict(Fault("answered-since", what, "请先撤回那一条"))


def _note_newer(case: _Case) -> None:
    """Projects whose figure or report somebody changed since the answer."""
    changed = {one.pk: one for one in case.effects.reports}
    for report in Report.objects.filter(pk__in=changed).select_related("project"):
        if not changed[report.pk].stands(report):
            case.newer[report.project_id] = report.project.name
    asked = IntakeQuestion.objects.filter(pk__in=case.effects.settled, project__isnull=False)
    since = Figure.objects.filter(
        project__in=asked.values("project"),
        as_of=case.round.period.last_on,
        at__gt=case.answer.at,
    ).select_related("project")
    case.newer |= {one.project_id: one.project.name for one in since if case.gone.is_told(one)}


def _figures(case: _Case) -> None:
    """What the answer brought and still stands goes; what stood before comes back as a new row."""
    own = {one.pk for one in case.figures}
    retired, restored = [], []
    for rows in _history(case).values():
        told = [one for one in rows if one.pk in own or case.gone.is_told(one)]
        if told[-1].pk not in own:
            case.newer[told[-1].project_id] = told[-1].project.name
            continue
        # The answer's own row, or the copy of it that the withdrawal of a later answer made.
        standing = [one for one in rows if one.is_current]
        before = [one for one in told if one.pk not in own]
        retired += standing
        restored += [_restored(case, one, before[-1]) for one in standing if before]
    for one in retired:
        one.is_current = False
    case.act.change_all(retired, ["is_current"])
    case.act.add_all(restored)
    case.done.taken_back += len(retired)


def _history(case: _Case) -> dict[_Key, list[Figure]]:
    """Every row of each figure that the answer brought, the oldest first."""
    found: dict[_Key, list[Figure]] = defaultdict(list)
    rows = Figure.objects.filter(
        project__in={one.project_id for one in case.figures},
        as_of__in={one.as_of for one in case.figures},
    ).select_related("project")
    for one in rows.order_by("pk"):
        found[_key(one)].append(one)
    brought = {_key(one) for one in case.figures}
    return {key: rows for key, rows in found.items() if key in brought}


def _key(figure: Figure) -> _Key:
    return figure.project_id, figure.indicator_id, figure.as_of, figure.source


def _restored(case: _Case, figure: Figure, before: Figure) -> Figure:
    return Figure(
        project_id=before.project_id,
        indicator_id=before.indicator_id,
        as_of=before.as_of,
        source=before.source,
        value=before.value,
        state=before.state,
        raw_text=before.raw_text,
        cell=before.cell,
        report_id=before.report_id,
        imported_id=before.imported_id,
        supersedes=figure,
        reason=before.reason or RESTORED,
        approved_by=before.approved_by,
        by=case.act.actor.text,
        at=case.act.at,
    )


def _dates(case: _Case) -> None:
    """A date that the answer brought and that is still the newest is taken back."""
    others = case.gone.dates - set(case.effects.dates)
    for given in DateFact.objects.filter(pk__in=case.effects.dates):
        rows = DateFact.objects.filter(
            project_id=given.project_id, milestone=given.milestone, kind=given.kind
        ).order_by("-seq")
        told = [one for one in rows if one.pk not in others and one.reason != TAKEN_BACK]
        if told[0].pk != given.pk:
            continue
        before = told[1] if len(told) > 1 else None
        case.act.write(
            DateFact(
                project_id=given.project_id,
                entry_id=given.entry_id,
                milestone=given.milestone,
                kind=given.kind,
                on=before.on if before else None,
                precision=before.precision if before else given.precision,
                raw_text=before.raw_text if before else "",
                seq=rows[0].seq + 1,
                reason=TAKEN_BACK,
                by=case.act.actor.text,
                at=case.act.at,
            )
        )
        case.done.taken_back += 1


def _reports(case: _Case) -> None:
    """Reports that nobody changed since are again what they were; one that the answer made goes."""
    rows = {one.pk: one for one in Report.objects.filter(pk__in=_ids(case))}
    for changed in case.effects.reports:
        report = rows.get(changed.pk)
        if report is None or not changed.stands(report):
            continue
        before = _before(case, changed)
        if before is not None:
            put_back(report, before)
            case.act.write(report)
        elif not _is_named(report):
            own = list(Figure.objects.filter(report=report))
            for figure in own:
                figure.report = None
            case.act.change_all(own, ["report"])
            case.act.remove(report)


def _ids(case: _Case) -> list[int]:
    return [one.pk for one in case.effects.reports]


def _before(case: _Case, changed: ChangedReport) -> dict[str, str] | None:
    """What a report was before the answer, but for what other withdrawn answers made of it."""
    before = changed.before
    while before is not None:
        made = [one for one in case.gone.reports if (one.pk, one.after) == (changed.pk, before)]
        if not made:
            break
        before = made[0].before
    return before


def _is_named(report: Report) -> bool:
    """Whether something else hangs on a report: a figure that stands, a note of who told it."""
    told = report.proxy_notes.exists() or report.proxy_confirmations.exists()
    return told or Figure.objects.filter(report=report, is_current=True).exists()


def _questions(case: _Case) -> None:
    """What the answer settled is open again where nothing newer came; what it raised goes."""
    effects = case.effects
    brought = {one.project_id for one in case.figures}
    for one in IntakeQuestion.objects.filter(pk__in=effects.questions):
        about = {one.project_id} if one.project_id else brought
        is_over = bool(about & case.newer.keys())
        if one.pk in effects.asked or is_over:
            state = QuestionState.SUPERSEDED
        else:
            state = QuestionState.OPEN
            case.done.reopened.append(one.pk)
        if one.state != state:
            if state == QuestionState.SUPERSEDED:
                case.done.gone.append(one.pk)
            one.state = state
            case.act.write(one)


def _memory(case: _Case) -> None:
    """Aliases and the unit of a column that the answer taught are forgotten."""
    effects, act = case.effects, case.act
    if effects.alias:
        withdraw_alias(act, effects.alias)
    if effects.region_alias:
        withdraw_region_alias(act.actor, effects.region_alias)
    if effects.mapping is not None:
        learned = effects.mapping
        files.unlearn_mapping(
            act, sender=learned.sender, learned=learned.after, before=learned.before
        )


def _ask_newer_files(case: _Case) -> None:
    """What is open again is asked about the newest version of its file, where there is one: while
    the answer held, that was silent about the row."""
    newest: dict[int, Import] = {}
    reopened = IntakeQuestion.objects.filter(pk__in=case.done.reopened)
    for one in Import.objects.filter(questions__in=reopened).distinct():
        later = Import.objects.filter(
            target=one.target, kind=one.kind, sender=one.sender, pk__gt=one.pk
        ).select_related("blob")
        same = [row for row in later.order_by("pk") if stem_of(row.name) == stem_of(one.name)]
        newest |= {row.pk: row for row in same[-1:]}
    for imported in newest.values():
        written = take_in_again(case.act.actor, case.round, imported, Places()).written
        gone = [one.pk for one in written.superseded]
        case.done.gone += gone
        case.done.reopened += [one.pk for one in written.asked]
        case.done.reopened = [pk for pk in case.done.reopened if pk not in gone]
