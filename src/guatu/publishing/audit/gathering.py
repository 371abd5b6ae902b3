"""What an audit export tells of some projects and a stretch of time: rows as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from guatu.assessment.models import RoundRequest, Snapshot
from guatu.core import clock
from guatu.files.models import Blob, Import
from guatu.journal.models import Change, Head
from guatu.ledger.models import Project
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import (
    Figure,
    IntakeAnswer,
    IntakeQuestion,
    ProxyConfirmation,
    ProxyNote,
    Report,
    Round,
)
from guatu.reporting.papers.models import ReportPaper
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.statistics.models import Material

type Ids = QuerySet[Project, Any]
"""The ids of projects, as a subquery."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which projects, for which days, for whom and on what ground; `title` says it in words."""

    title: str
    projects: QuerySet[Project]
    first_on: date
    last_on: date
    purpose: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One step of a report: sent in, told by somebody, confirmed, reviewed."""

    report: Report
    what: str
    by: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its answer."""

    project: str
    period: str
    kind: str
    question: str
    place: str
    state: str
    answer: str
    by: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """One step of a round: opened, asked for, locked, corrected; with its digest."""

    round: Round
    what: str
    revision: int | None
    digest: str
    seq: int | None
    by: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """One file or paper behind the figures: its name, digest, and where it is used."""

    name: str
    kind: str
    digest: str
    size: int | None
    used: str
    by: str
    at: datetime | None


@dataclass(slots=True)
class Gathered:
    """Everything of one export."""

    scope: Scope
    project_count: int
    figures: list[Figure]
    seqs: Mapping[int, int]
    sent: list[Sent]
    asked: list[Asked]
    locked: list[Locked]
    vouchers: list[Voucher]
    head: Head | None
    at: datetime = field(default_factory=clock.now)

    @property
    def rows(self) -> int:
        """The rows of all sheets together."""
        sheets = (self.figures, self.sent, self.asked, self.locked, self.vouchers)
        return sum(len(one) for one in sheets)


def gathered(scope: Scope) -> Gathered:
    """Read everything; a constant number of queries whatever the number of projects.

    The caller holds the journal's head, so that nothing is written between the reads.
    """
    ids = scope.projects.order_by().values("pk")
    figures = list(
        Figure.objects.filter(project__in=ids, as_of__gte=scope.first_on, as_of__lte=scope.last_on)
        .select_related("project", "indicator", "report__period", "imported__blob")
        .defer("project__content", "report__progress_text", "imported__faults")
        .order_by("project_id", "indicator_id", "as_of", "source", "at", "pk")
    )
    reports = list(
        Report.objects.filter(
            project__in=ids, period__last_on__gte=scope.first_on, period__last_on__lte=scope.last_on
        )
        .select_related("project", "period")
        .order_by("project_id", "period__last_on", "pk")
    )
    rounds = list(
        Round.objects.filter(
            list__entries__project__in=ids,
            period__last_on__gte=scope.first_on,
            period__last_on__lte=scope.last_on,
        )
        .select_related("list", "period")
        .distinct()
        .order_by("period__last_on", "list_id", "pk")
    )
    return Gathered(
        scope,
        scope.projects.count(),
        figures,
        _seqs(ids, scope),
        _sent(reports),
        _asked(ids, scope),
        _locked(rounds),
        [*_vouchers(ids, figures, rounds), *_papers(ids, scope)],
        Head.objects.first(),
    )


def _seqs(ids: Ids, scope: Scope) -> dict[int, int]:
    """The number in the journal under which each figure was entered."""
    wanted = Figure.objects.filter(
        project__in=ids, as_of__gte=scope.first_on, as_of__lte=scope.last_on
    )
    rows = Change.objects.filter(
        table=Figure._meta.db_table, op="insert", row_id__in=wanted.order_by().values("pk")
    )
    return dict(rows.values_list("row_id", "entry_id"))


def _sent(reports: Iterable[Report]) -> list[Sent]:
    held = {one.pk: one for one in reports}
    found = [Sent(one, f"报送（{one.get_source_display()}）", one.by, one.at,
                  _said(one)) for one in held.values()]  # fmt: skip
    for note in _of(ReviewNote.objects.all(), held):
        found.append(Sent(held[note.report_id], note.get_verdict_display(), note.by, note.at,
                          note.reason))  # fmt: skip
    for told in _of(ProxyNote.objects.all(), held):
        words = f"{told.get_source_display()}，报送人{told.said_by}"
        found.append(Sent(held[told.report_id], "代报", told.by, told.at, words))
    for one in _of(ProxyConfirmation.objects.all(), held):
        words = f"{one.get_source_display()}，{one.said_by}：{one.text}"
        found.append(Sent(held[one.report_id], "单位确认代报", one.by, one.at, words))
    return sorted(found, key=lambda s: (s.report.project_id, s.report.period.last_on, str(s.at)))


def _of[Row: (ReviewNote, ProxyNote, ProxyConfirmation)](
    rows: QuerySet[Row], held: Mapping[int, Report]
) -> list[Row]:
    """The notes of some reports; a year has more reports than a statement takes values."""
    reports = list(held.values())
    if not reports:
        return []
    first = min(one.period.last_on for one in reports)
    last = max(one.period.last_on for one in reports)
    within = rows.filter(report__period__last_on__gte=first, report__period__last_on__lte=last)
    return [one for one in within.order_by("pk") if one.report_id in held]


def _said(report: Report) -> str:
    parts = (
        "本期无变化" if report.is_unchanged else "",
        f"疑问：{report.asked}" if report.asked else "",
        f"说明：{report.explanation}" if report.explanation else "",
    )
    return "；".join(filter(None, parts))


def _asked(ids: Ids, scope: Scope) -> list[Asked]:
    within = Q(
        project__in=ids, period__last_on__gte=scope.first_on, period__last_on__lte=scope.last_on
    )
    return [*_intake_questions(within), *_figure_questions(within)]


def _intake_questions(within: Q) -> Iterator[Asked]:
    """What was asked of rows of workbooks, with the last answer."""
    intake = IntakeQuestion.objects.filter(within).select_related("project", "period", "imported")
    answers: dict[int, IntakeAnswer] = {}
    rows = IntakeAnswer.objects.filter(question__in=intake.order_by().values("pk"))
    for answer in rows.select_related("withdrawal").order_by("pk"):
        answers[answer.question_id or 0] = answer
    for one in intake.order_by("project_id", "period__last_on", "pk"):
        said = answers.get(one.pk)
        taken = getattr(said, "withdrawal", None)
        yield Asked(
            str(one.project),
            one.period.label,
            "收表",
            one.question,
            f"{one.imported.name} {one.sheet}{one.cell}",
            one.get_state_display(),
            f"{said.get_kind_display()}：{said.value}" if said else "",
            said.by if said else "",
            said.at if said else None,
            "；".join(filter(None, [said.reason if said else "", "已撤回" if taken else ""])),
        )


def _figure_questions(within: Q) -> Iterator[Asked]:
    """What the rule book asked of figures."""
    doubts = FigureQuestion.objects.filter(within).select_related("project", "period")
    for doubt in doubts.order_by("project_id", "period__last_on", "pk"):
        yield Asked(
            str(doubt.project),
            doubt.period.label,
            f"核对：{doubt.get_kind_display()}",
            doubt.text,
            f"核对规则第{doubt.book_version}版条款{doubt.clause}",
            doubt.get_state_display(),
            doubt.answer,
            doubt.answered_by,
            doubt.answered_at,
        )


def _locked(rounds: Iterable[Round]) -> list[Locked]:
    held = {one.pk: one for one in rounds}
    found = [
        Locked(one, f"收报，现为{one.get_state_display()}", one.revision or None, "", None,
               one.closed_by, one.opens_at, f"数据截至{one.cut_off_on}")
        for one in held.values()
    ]  # fmt: skip
    snapshots = Snapshot.objects.filter(round__in=held).order_by("round_id", "revision")
    for shot in snapshots:
        what = "更正定版" if shot.revision > 1 else "锁定定版"
        found.append(Locked(held[shot.round_id], what, shot.revision, shot.content_sm3,
                            shot.journal_seq, "", shot.at,
                            f"{shot.subject_count}个项目"))  # fmt: skip
    requests = RoundRequest.objects.filter(round__in=held).select_related("end").order_by("pk")
    for one in requests:
        end = getattr(one, "end", None)
        note = "；".join(
            filter(None, [one.reason, f"{end.get_how_display()}：{end.reason}" if end else ""])
        )
        found.append(Locked(held[one.round_id], f"申请{one.get_kind_display()}",
                            one.base_revision or None, one.content_sm3, None, one.by, one.at,
                            note))  # fmt: skip
    return sorted(found, key=lambda one: (one.round.period.last_on, one.round.pk, str(one.at)))


def _vouchers(ids: Ids, figures: Iterable[Figure], rounds: Iterable[Round]) -> list[Voucher]:
    used: dict[int, int] = {}
    imports: dict[int, Import] = {}
    for figure in figures:
        if figure.imported is not None:
            imports[figure.imported.pk] = figure.imported
            used[figure.imported.pk] = used.get(figure.imported.pk, 0) + 1
    found = [
        Voucher(one.name, "报送表格", one.blob.sm3, one.blob.size, f"数字来历{used[pk]}行",
                one.by, one.at)
        for pk, one in sorted(imports.items())
    ]  # fmt: skip
    for asked in RoundRequest.objects.filter(
        round__in=[one.pk for one in rounds], workbook__isnull=False
    ).select_related("workbook", "round__period", "round__list"):
        blob: Blob | None = asked.workbook
        if blob is not None:
            found.append(Voucher(asked.workbook_name, "更正依据表格", blob.sm3, blob.size,
                                 f"{asked.round}的更正", asked.by, asked.at))  # fmt: skip
    materials = Material.objects.filter(project__in=ids).exclude(reference="")
    for one in materials.select_related("project", "kind").order_by("project_id", "kind__place"):
        found.append(Voucher(one.reference, f"纳统材料：{one.kind}", "", None,
                             f"{one.project}（{one.get_state_display()}）", one.by,
                             one.at))  # fmt: skip
    return found


def _papers(ids: Ids, scope: Scope) -> list[Voucher]:
    """Photos and vouchers that units put beside their reports; what was taken away says so."""
    rows = ReportPaper.objects.filter(
        project__in=ids, period__last_on__gte=scope.first_on, period__last_on__lte=scope.last_on
    ).select_related("project", "period", "blob", "removal")
    found = []
    for one in rows.order_by("project_id", "period__last_on", "pk"):
        gone = getattr(one, "removal", None)
        taken = f"，{clock.minute(gone.at)}由{gone.by}移去" if gone else ""
        found.append(
            Voucher(one.name, "月报附件", one.blob.sm3, one.blob.size,
                    f"{one.project}{one.period.label}月报{taken}", one.by, one.at)
        )  # fmt: skip
    return found


def counted_by_source(figures: Iterable[Figure]) -> dict[str, int]:
    """How many figures each source told, for the first sheet."""
    found: dict[str, int] = {}
    for one in figures:
        label = one.get_source_display()
        found[label] = found.get(label, 0) + 1
    return found
