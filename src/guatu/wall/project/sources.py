"""Where each figure comes from: a unit's table, what the office answered, or a call (代报)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from guatu.core import clock
from guatu.organisation.types import Right
from guatu.reporting.access import rounds_seen
from guatu.reporting.intake.answers import cell_subject
from guatu.reporting.intake.asking import title_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.intake.outcome import Effects
from guatu.reporting.models import Figure, IntakeAnswer, ProxyNote
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    AnswerKind,
    FigureSource,
    ReportSource,
)
from guatu.wall.project.people import name_behind, shown_name
from guatu.wall.viewer import Viewer

_FIELDS = {
    INVESTMENT: ("本年累计完成投资", "上年同期累计完成投资"),
    INVESTMENT_MONTH: ("本月完成投资",),
    INVESTMENT_TOTAL: ("自开工累计完成投资",),
}
TABLE = ReportSource.WORKBOOK.label


@dataclass(frozen=True, slots=True)
class Source:
    """What is said of one figure: how it came, whether its answer was taken back, where its
    file can be had (empty for whoever may not)."""

    words: str
    withdrawn: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with what it was about and what it wrote."""

    row: IntakeAnswer
    facts: Facts
    effects: Effects

    def wrote(self, figure: Figure) -> bool:
        """Whether a figure came in because of it."""
        if self.row.at > figure.at:
            return False
        if figure.pk in self.effects.figures:
            return True
        return self.row.kind == AnswerKind.CELL and self.filled(figure)

    def filled(self, figure: Figure) -> bool:
        """Whether it told the value of the figure's cell: a file that says the same words again
        is filled in from memory."""
        question = self.row.question
        if self.row.kind != AnswerKind.CELL or question is None:
            return False
        if self.facts.field not in _FIELDS.get(figure.indicator.code, ()):
            return False
        period = question.period.parsed
        abouts = [
            cell_subject(pk, self.facts.name, self.facts.field, figure.raw_text)
            for pk in (figure.project_id, None)
        ]
        is_same = self.row.value == str(figure.value) and self.row.subject in abouts
        return is_same and figure.as_of in (period.as_of, period.year_before.as_of)

    def held(self, at: datetime) -> bool:
        """Whether it had not been taken back by then."""
        return self.withdrawn_at is None or self.withdrawn_at > at

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken back; None where it holds."""
        taken = getattr(self.row, "withdrawal", None)
        return taken.at if taken else None

    @property
    def who(self) -> str:
        """Who gave it and when."""
        return f"{_name(self.row)}，{_moment(self.row.at)}"

    @property
    def title(self) -> str:
        """What was asked."""
        code = self.row.question.code if self.row.question else ""
        return title_of(code, self.facts)


def sources(figures: Sequence[Figure], viewer: Viewer) -> dict[int, Source]:
    """The source of each of a project's figures, by id; superseded ones too."""
    answers, notes = _answers(figures), _notes(figures)
    originals = _originals(figures, viewer)
    follows = {one.supersedes_id: one for one in figures if one.supersedes_id}
    return {
        one.pk: Source(
            _words(one, answers, notes),
            _withdrawn(one, answers, follows.get(one.pk)),
            originals.get(one.imported_id or 0, ""),
        )
        for one in figures
    }


def _answers(figures: Sequence[Figure]) -> list[_Answer]:
    """The answers about the files of the figures, and about their projects' cells."""
    rows = (
        IntakeAnswer.objects.filter(
            Q(question__imported__in={one.imported_id for one in figures})
            | Q(kind=AnswerKind.CELL, question__project__in={one.project_id for one in figures}),
            question__isnull=False,
        )
        .select_related("question__period", "outcome", "withdrawal")
        .annotate(by_name=name_behind("by"), withdrawn_name=name_behind("withdrawal__by"))
        .order_by("-pk")
    )
    found = []
    for row in rows:
        outcome = getattr(row, "outcome", None)
        effects = Effects.from_json(outcome.effects) if outcome else Effects()
        facts = Facts.from_json(row.question.facts if row.question else "")
        found.append(_Answer(row, facts, effects))
    return found


def _notes(figures: Sequence[Figure]) -> dict[tuple[int, datetime], ProxyNote]:
    """Who told what the office entered, by report and moment of the act."""
    reports = {one.report_id for one in figures if one.imported_id is None}
    rows = ProxyNote.objects.filter(report__in=reports)
    return {(row.report_id, row.at): row for row in rows}


def _originals(figures: Sequence[Figure], viewer: Viewer) -> dict[int, str]:
    """Where the file of each import can be had, for those who may."""
    if Right.IMPORT_REPORTS not in viewer.rights:
        return {}
    imports = {one.imported_id: one.imported for one in figures if one.imported}
    keys = {row.target.partition(":")[2] for row in imports.values()}
    rounds = rounds_seen(viewer).filter(period__key__in=keys)
    targets = {f"{one.list_id}:{one.period.key}": one.pk for one in rounds}
    return {
        pk or 0: reverse("intake-original", args=[targets[row.target], row.blob_id])
        for pk, row in imports.items()
        if row.target in targets
    }


def _words(
    figure: Figure,
    answers: Iterable[_Answer],
    notes: Mapping[tuple[int, datetime], ProxyNote],
) -> str:
    note = notes.get((figure.report_id or 0, figure.at))
    if note is not None:
        via = ReportSource(note.source).label
        return f"代报：{via}，报送人{note.said_by}，{_moment(note.said_at)}"
    told = [one for one in answers if one.wrote(figure) and one.held(figure.at)]
    filled = next((one for one in told if one.filled(figure)), None)
    if filled is not None:
        why = filled.row.reason or f"对“{filled.title}”的答复"
        return f"项目办答复填入（{filled.who}），凭{why}"
    return "；".join([_plain(figure), *(_beside(one) for one in told)])


def _plain(figure: Figure) -> str:
    """Who said it and by which way, where nothing else is known."""
    label = FigureSource(figure.source).label
    if figure.imported_id is not None:
        return f"{label}，{TABLE}"
    return f"{label}，{ReportSource(figure.report.source).label}" if figure.report else label


def _beside(answer: _Answer) -> str:
    """An answer that let a figure of the table in."""
    what = "金额单位" if answer.row.kind == AnswerKind.UNIT else f"“{answer.title.rstrip('？')}”"
    said = f"为{answer.row.value}" if answer.row.kind == AnswerKind.UNIT else ""
    why = f"，凭{answer.row.reason}" if answer.row.reason else ""
    return f"{what}由项目办答复{said}（{answer.who}）{why}"


def _withdrawn(figure: Figure, answers: Iterable[_Answer], follows: Figure | None) -> str:
    """Who took back the answer that a figure rested on, where it went by that."""
    if figure.is_current:
        return ""
    for one in answers:
        at = one.withdrawn_at
        if at is None or not one.wrote(figure) or at < figure.at:
            continue
        if follows is None or follows.at >= at:
            taken = one.row.withdrawal
            name = shown_name(taken.by, one.row.__dict__.get("withdrawn_name"))
            return f"答复已撤回（{name}，{_moment(at)}）"
    return ""


def _name(row: IntakeAnswer) -> str:
    return shown_name(row.by, row.__dict__.get("by_name"))


def _moment(at: datetime) -> str:
    local = at.astimezone(clock.CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
