"""The queue of reports that units sent in: what is new beside what stood, and what they explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import wan_text
from guatu.ledger.queries import reporting_unit_of
from guatu.ledger.types import ProjectKind
from guatu.organisation import queries as organisation
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Report, Round
from guatu.reporting.quantities.milestones import promised_in
from guatu.reporting.review.access import review_entries, under_review
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.review.quantities import Said, said_of, shown
from guatu.reporting.review.queries import OFFICE, levels_in_force
from guatu.reporting.review.rules import (
    FIRST_PASSED,
    NOBODY,
    OFFICE_LEVEL,
    UNIT_LEVEL,
    Before,
    waits_for,
)
from guatu.reporting.types import (
    INVESTMENT,
    FigureQuestionKind,
    FigureQuestionState,
    ReportSource,
    ReportState,
    RoundState,
)
from guatu.reporting.unit.queries import known_of
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money

TITLE = "审核"
TO_REVIEW, MINE = "to-review", "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report before reviewers. `reviewer` is the unit that looks first, `turn` whose turn it
    is (`rules.waits_for`), `asked` what reviewers and the book of questions asked, newest first."""

    known: OneProject
    report: Report
    unit: str
    reviewer: str
    turn: int
    is_mine: bool
    is_two_levels: bool
    notes: tuple[ReviewNote, ...]
    asked: tuple[FigureQuestion, ...]
    said: tuple[Said, ...]
    """Quantities and milestones."""

    @property
    def key(self) -> str:
        """What a form says of it: its id and the version that was shown."""
        return f"{self.report.pk}.{self.report.version}"

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a reviewer."""
        return self.turn != NOBODY

    @property
    def words(self) -> str:
        """How it stands, with the first level where it has passed it."""
        passed = self.turn == OFFICE_LEVEL and self.report.review_level == UNIT_LEVEL
        told = str(self.report.get_state_display())
        return f"{told}，{FIRST_PASSED}" if passed else told

    @property
    def before(self) -> int | None:
        """The year's figure of the period before, in yuan."""
        return self.known.last.year_yuan

    @property
    def now(self) -> int | None:
        """The year's figure that was sent in, in yuan."""
        return self.known.yuan_of(INVESTMENT)

    @property
    def step(self) -> int | None:
        """What was done since the figure before."""
        return None if self.now is None else self.now - (self.before or 0)


def rows(scopes: list[int] | None) -> list[Row]:
    """What comes before reviewers in open rounds and the user reviews; what waits for himself and
    was asked about comes first. Nine statements at most, ten with programmes."""
    rounds = list(
        Round.objects.filter(state=RoundState.OPEN)
        .select_related("list", "period")
        .order_by("due_at", "pk")
    )
    if not rounds:
        return []
    levels = levels_in_force()
    here = Report.objects.filter(under_review(), period__in={one.period_id for one in rounds})
    sent = here.filter(project_id=OuterRef("project_id"))
    entries = review_entries(rounds, scopes, levels, Exists(sent))
    if not entries:
        return []
    found = [
        (one, one.report)
        for one in known_of(rounds, list(entries), to_fill_in=False)
        if one.report is not None
    ]
    notes: dict[int, list[ReviewNote]] = defaultdict(list)
    for note in ReviewNote.objects.filter(report__in=[one.pk for _, one in found]).order_by("-pk"):
        notes[note.report_id].append(note)
    asked: dict[tuple[int | None, int], list[FigureQuestion]] = defaultdict(list)
    for question in _asked_about([one for _, one in found]):
        asked[question.project_id, question.period_id].append(question)
    names = organisation.names_of_organisations(
        pk for one in found for pk in (_unit_of(*one), entries[one[0].entry]) if pk
    )
    programmes = [one for _, one in found if one.project.kind == ProjectKind.PROGRAMME]
    promised = promised_in({one.project_id for one in programmes}) if programmes else {}
    made, today = [], clock.today()
    for known, report in found:
        if not _is_under_review(report, notes[report.pk]):
            continue
        unit = entries[known.entry]
        stands = Before(state=report.state, level=report.review_level, has_unit=unit is not None)
        turn = waits_for(stands, levels)
        made.append(
            Row(
                known=known,
                report=report,
                unit=names.get(_unit_of(known, report) or 0, ""),
                reviewer=names.get(unit or 0, OFFICE),
                turn=turn,
                is_mine=turn == (OFFICE_LEVEL if scopes is None else UNIT_LEVEL),
                is_two_levels=levels == 2,
                notes=tuple(notes[report.pk]),
                asked=tuple(asked[report.project_id, report.period_id]),
                said=said_of(known, promised.get(report.project_id, ()), today),
            )
        )
    return sorted(made, key=_urgency)


def _unit_of(known: OneProject, report: Report) -> int | None:
    return report.organisation_id or reporting_unit_of(known.entry)


def _is_under_review(report: Report, notes: list[ReviewNote]) -> bool:
    """As `access.under_review`, for what is at hand: a project's reports of two rounds differ."""
    is_own = report.source == ReportSource.UNIT
    return is_own or report.state == ReportState.QUESTIONED or bool(notes)


def _asked_about(reports: list[Report]) -> QuerySet[FigureQuestion]:
    rows = FigureQuestion.objects.filter(
        project__in={one.project_id for one in reports},
        period__in={one.period_id for one in reports},
    )
    return rows.exclude(state=FigureQuestionState.WITHDRAWN).order_by("-pk")


_ORDER = (ReportState.QUESTIONED, ReportState.SUBMITTED, ReportState.RETURNED)


def _urgency(row: Row) -> tuple[bool, int, str]:
    place = _ORDER.index(row.report.state) if row.report.state in _ORDER else len(_ORDER)
    return not row.is_mine, place, row.unit


def roster(scopes: list[int] | None, query: QueryDict) -> Roster[Row]:
    """The queue with search, filters and export; without a state asked for, what waits."""
    found = rows(scopes)
    units = sorted({one.unit for one in found if one.unit})
    rounds = {one.known.the_round.pk: str(one.known.the_round) for one in found}
    asked = query.get("state", TO_REVIEW)
    return Roster(
        TITLE,
        _columns(has_more=any(one.said for one in found)),
        [one for one in found if _is_asked_for(one, asked)],
        lambda one: f"{one.report.project.name} {one.report.project.national_code or ''}",
        [
            Choice(
                "state",
                "状态",
                [
                    (TO_REVIEW, "待审核"),
                    (MINE, "待我审核"),
                    *((one.value, one.label) for one in (*_ORDER, ReportState.ACCEPTED)),
                ],
                lambda one: asked if asked in (TO_REVIEW, MINE) else one.report.state,
            ),
            Choice(
                "turn",
                "待谁审核",
                [(str(UNIT_LEVEL), "审核单位（一审）"), (str(OFFICE_LEVEL), OFFICE)],
                lambda one: str(one.turn),
            ),
            Choice("source", "来源", ReportSource.choices, lambda one: one.report.source),
            Choice("unit", "填报单位", [(one, one) for one in units], lambda one: one.unit),
            Choice(
                "round",
                "期别",
                [(str(pk), name) for pk, name in rounds.items()],
                lambda one: str(one.known.the_round.pk),
            ),
        ],
        search_label="项目名称或代码",
        row_class=lambda one: "refused" if one.report.state == ReportState.QUESTIONED else "",
        query=query,
    )


def _is_asked_for(one: Row, asked: str) -> bool:
    return one.is_mine if asked == MINE else one.is_waiting or asked != TO_REVIEW


def _columns(*, has_more: bool) -> list[Column[Row]]:
    more = Column[Row](
        "quantities",
        "指标和节点",
        lambda one: shown(one.said),
        value=lambda one: "；".join(line.text for line in one.said),
    )
    return [
        Column("name", "项目名称", _name, "wide", is_sortable=True, value=_plain_name),
        Column("unit", "填报单位", lambda one: one.unit, is_sortable=True),
        Column("state", "状态", _state, "tight", is_sortable=True, value=_state_words),
        Column("reviewer", "待谁审核", _turn),
        Column("before", "上期累计（万元）", lambda one: money(one.before, "万元"), "num",
               value=lambda one: _wan(one.before)),
        Column("now", "报送累计（万元）", _now, "num", is_sortable=True,
               value=lambda one: _wan(one.now)),
        *([more] if has_more else []),
        Column("progress", "形象进度", _progress, value=lambda one: one.report.progress_text),
        Column("problem", "滞后原因、问题", _problem),
        Column("asked", "疑问和单位说明", _asked, value=_asked_words),
        Column("sent", "报送", _sent, "minor"),
    ]  # fmt: skip


def _wan(yuan: int | None) -> float | None:
    return None if yuan is None else float(wan_text(yuan))


def _plain_name(one: Row) -> str:
    return one.report.project.name


def _name(one: Row) -> SafeString:
    page = reverse("project", args=[one.report.project_id])
    return format_html('<a href="{}">{}</a>', page, _plain_name(one))


def _state_words(one: Row) -> str:
    return one.words


def _turn(one: Row) -> str:
    if one.turn == NOBODY:
        return ""
    return OFFICE if one.turn == OFFICE_LEVEL else one.reviewer


def _state(one: Row) -> SafeString:
    told = format_html('<span class="badge-plain">{}</span>', _state_words(one))
    if one.report.is_unchanged:
        told = format_html("{}<div>本期无变化</div>", told)
    if not one.notes:
        return told
    last = one.notes[0]
    why = f"：{last.reason}" if last.reason else ""
    return format_html(
        '{}<div class="faint why">{} {}{}</div>', told, last.by, last.get_verdict_display(), why
    )


def _now(one: Row) -> SafeString:
    """The figure that was sent in, and the step to it."""
    step = one.step
    if step is None:
        return format_html("{}", money(one.now, "万元"))
    sign = "+" if step > 0 else ""
    return format_html(
        '{}<div class="faint">{}{}</div>', money(one.now, "万元"), sign, money(step, "万元")
    )


def _progress(one: Row) -> SafeString:
    report = one.report
    node = format_html("<strong>{}</strong> ", report.physical_node) if report.physical_node else ""
    return format_html("{}{}{}", node, report.progress_text, _papers(report))


def _papers(report: Report) -> SafeString | str:
    """The way to the photos and vouchers beside the report, where there are some."""
    count = getattr(report, "papers", None)
    if not count:
        return ""
    address = f"{reverse('project-figures', args=[report.project_id])}#papers"
    return format_html(' <a class="no-print" href="{}">附件{}个</a>', address, count)


def _problem(one: Row) -> str:
    report = one.report
    told = [str(word) for word in (report.reason, report.problem) if word]
    return "；".join([*told, *([report.problem_text] if report.problem_text else [])])


def _asked_text(row: FigureQuestion) -> str:
    """A rule's question begins with its kind itself; one asked in review is told as such."""
    return row.text if row.book_version else f"{FigureQuestionKind(row.kind).label}：{row.text}"


def _asked_lines(one: Row) -> list[tuple[str, str]]:
    """Each question with who asks, and its answer; what the unit was asked as it sent it in came
    with one explanation for all."""
    lines = [
        (
            _asked_text(row),
            f"单位答复：{row.answer}"
            if row.state == FigureQuestionState.ANSWERED
            else "单位还没有答复",
        )
        for row in one.asked
        if row.text not in one.report.asked
    ]
    if one.report.asked:
        lines.append((one.report.asked.replace("\n", "；"), f"单位说明：{one.report.explanation}"))
    return lines


def _asked_words(one: Row) -> str:
    return " ".join(f"{asked} {told}" for asked, told in _asked_lines(one))


def _asked(one: Row) -> SafeString:
    return format_html_join("", "<div>{}</div><div><strong>{}</strong></div>", _asked_lines(one))


def _sent(one: Row) -> str:
    via = "" if one.report.source == ReportSource.UNIT else f"（{one.report.get_source_display()}）"
    return f"{clock.minute(one.report.at)} {one.report.by}{via}"


def page(
    scopes: list[int] | None, query: QueryDict, picked: Collection[str] = ()
) -> dict[str, object]:
    """The context of the page; `picked` stay ticked when a verdict is refused."""
    found = roster(scopes, query)
    context = found.page()
    grid = context["grid"]
    grid.select, grid.picked = (lambda row: row.key), picked
    is_two = any(one.is_two_levels for one in found.rows)
    return {**context, "state": query.get("state", TO_REVIEW), "is_two_levels": is_two}
