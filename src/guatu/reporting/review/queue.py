"""The queue of reports that units sent in: what is new beside what stood, and what they explain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import wan_text
from guatu.organisation import queries as organisation
from guatu.reporting.access import review_entries
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Report, ReviewNote, Round
from guatu.reporting.rules import REVIEWABLE
from guatu.reporting.types import INVESTMENT, ReportSource, ReportState, RoundState
from guatu.reporting.unit.queries import known_of
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money

TITLE = "审核"
TO_REVIEW = "to-review"


@dataclass(frozen=True, slots=True)
class Row:
    """One report that a unit sent in."""

    known: OneProject
    report: Report
    unit: str
    notes: tuple[ReviewNote, ...]

    @property
    def key(self) -> str:
        """What a form says of it: its id and the version that was shown."""
        return f"{self.report.pk}.{self.report.version}"

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a reviewer."""
        return self.report.state in REVIEWABLE

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
    """What units sent in for open rounds and the user reviews; what waits and was explained comes
    first. Eight statements at most."""
    rounds = list(
        Round.objects.filter(state=RoundState.OPEN)
        .select_related("list", "period")
        .order_by("due_at", "pk")
    )
    sent = Report.objects.filter(
        source=ReportSource.UNIT,
        project_id=OuterRef("project_id"),
        period__in={one.period_id for one in rounds},
    )
    entries = list(
        review_entries(rounds, scopes)
        .filter(Exists(sent))
        .select_related("project")
        .order_by("serial_no", "pk")
    )
    if not entries:
        return []
    found = [
        one
        for one in known_of(rounds, entries, to_fill_in=False)
        if one.report is not None and one.report.source == ReportSource.UNIT
    ]
    units = organisation.names_of_organisations(
        one.report.organisation_id
        for one in found
        if one.report is not None and one.report.organisation_id
    )
    notes: dict[int, list[ReviewNote]] = defaultdict(list)
    reports = [one.report.pk for one in found if one.report is not None]
    for note in ReviewNote.objects.filter(report__in=reports).order_by("-pk"):
        notes[note.report_id].append(note)
    made = [
        Row(one, one.report, units.get(one.report.organisation_id or 0, ""),
            tuple(notes[one.report.pk]))
        for one in found
        if one.report is not None
    ]  # fmt: skip
    return sorted(made, key=_urgency)


_ORDER = (ReportState.QUESTIONED, ReportState.SUBMITTED, ReportState.RETURNED)


def _urgency(row: Row) -> tuple[int, str]:
    place = _ORDER.index(row.report.state) if row.report.state in _ORDER else len(_ORDER)
    return place, row.unit


def roster(scopes: list[int] | None, query: QueryDict) -> Roster[Row]:
    """The queue with search, filters and export; without a state asked for, what waits."""
    found = rows(scopes)
    units = sorted({one.unit for one in found if one.unit})
    rounds = {one.known.the_round.pk: str(one.known.the_round) for one in found}
    asked = query.get("state", TO_REVIEW)
    return Roster(
        TITLE,
        _columns(),
        [one for one in found if asked != TO_REVIEW or one.is_waiting],
        lambda one: f"{one.report.project.name} {one.report.project.national_code or ''}",
        [
            Choice(
                "state",
                "状态",
                [
                    (TO_REVIEW, "待审核"),
                    *((one.value, one.label) for one in (*_ORDER, ReportState.ACCEPTED)),
                ],
                lambda one: TO_REVIEW if asked == TO_REVIEW else one.report.state,
            ),
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


def _columns() -> list[Column[Row]]:
    return [
        Column("name", "项目名称", _name, "wide", is_sortable=True, value=_plain_name),
        Column("unit", "填报单位", lambda one: one.unit, is_sortable=True),
        Column("state", "状态", _state, "tight", is_sortable=True, value=_state_words),
        Column("before", "上期累计（万元）", lambda one: money(one.before, "万元"), "num",
               value=lambda one: _wan(one.before)),
        Column("now", "报送累计（万元）", _now, "num", is_sortable=True,
               value=lambda one: _wan(one.now)),
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
    return str(one.report.get_state_display())


def _state(one: Row) -> SafeString:
    told = format_html('<span class="badge-plain">{}</span>', _state_words(one))
    if one.report.is_unchanged:
        told = format_html("{}<div>本期无变化</div>", told)
    if not one.notes:
        return told
    last = one.notes[0]
    why = f"：{last.reason}" if last.reason else ""
    return format_html(
        '{}<div class="faint">{} {}{}</div>', told, last.by, last.get_verdict_display(), why
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
    return format_html("{}{}", node, report.progress_text)


def _problem(one: Row) -> str:
    report = one.report
    told = [str(word) for word in (report.reason, report.problem) if word]
    return "；".join([*told, *([report.problem_text] if report.problem_text else [])])


def _asked_words(one: Row) -> str:
    if not one.report.asked:
        return ""
    asked = one.report.asked.replace("\n", "；")
    return f"{asked} 单位说明：{one.report.explanation}"


def _asked(one: Row) -> SafeString | str:
    if not one.report.asked:
        return ""
    lines = format_html_join(
        "", "<div>{}</div>", ((line,) for line in one.report.asked.split("\n"))
    )
    return format_html("{}<div><strong>单位说明：</strong>{}</div>", lines, one.report.explanation)


def _sent(one: Row) -> str:
    return f"{clock.minute(one.report.at)} {one.report.by}"


def page(
    scopes: list[int] | None, query: QueryDict, picked: Collection[str] = ()
) -> dict[str, object]:
    """The context of the page; `picked` stay ticked when a verdict is refused."""
    found = roster(scopes, query)
    context = found.page()
    grid = context["grid"]
    grid.select, grid.picked = (lambda row: row.key), picked
    return {**context, "state": query.get("state", TO_REVIEW)}
