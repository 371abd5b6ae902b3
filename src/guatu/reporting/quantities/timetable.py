"""Milestones of programmes as lists: of one project, of all with export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.ledger.models import Project
from guatu.ledger.request import Viewer
from guatu.ledger.types import ProjectKind
from guatu.reporting.quantities.milestones import Promised, promised_in
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

TITLE = "非建设项目节点"
REACHED, LATE, AHEAD = "已完成", "逾期未完成", "未到期"


@dataclass(frozen=True, slots=True)
class Row:
    """A milestone with its project."""

    project: Project
    one: Promised
    today: date

    @property
    def state(self) -> str:
        """What filters ask for."""
        if self.one.reached_on is not None:
            return REACHED
        return LATE if self.one.late_days(self.today) else AHEAD


def rows_of(projects: Sequence[Project]) -> list[Row]:
    """The milestones of some projects, by project and day. One statement."""
    found, today = promised_in([one.pk for one in projects]), clock.today()
    return [Row(one, each, today) for one in projects for each in found.get(one.pk, [])]


def roster(viewer: Viewer, query: QueryDict) -> Roster[Row]:
    """The milestones of all programmes that exist for the viewer."""
    programmes = viewer.projects.filter(
        kind=ProjectKind.PROGRAMME, removed_on__isnull=True
    ).order_by("name", "pk")
    return Roster(
        TITLE,
        [Column("project", "项目", _project, "wide", is_sortable=True,
                value=lambda row: row.project.name), *columns()],
        rows_of(list(programmes)),
        lambda row: f"{row.project.name} {row.one.name}",
        [
            Choice("state", "情况", [(word, word) for word in (LATE, AHEAD, REACHED)],
                   lambda row: row.state),
            Choice("slip", "改期", [("slipped", "推后过的")],
                   lambda row: "slipped" if row.one.slip_days > 0 else ""),
        ],
        search_label="项目或节点",
        row_class=lambda row: "refused" if row.state == LATE else "",
        empty="还没有非建设项目设节点",
        empty_next="项目办在非建设项目的“报送指标”里点“节点”，写名称和计划时间，填报表里就会出现",
        query=query,
    )  # fmt: skip


def columns() -> list[Column[Row]]:
    """Of the list, its export and one project's table."""
    return [
        Column("name", "节点", lambda row: row.one.name, is_sortable=True),
        Column("first", "首次计划", lambda row: _day(row.one.first.on), "tight",
               value=lambda row: row.one.first.on),
        Column("due", "现计划", lambda row: _day(row.one.due_on), "tight", is_sortable=True,
               value=lambda row: row.one.due_on),
        Column("slip", "推后（天）", lambda row: row.one.slip_days or "", "num"),
        Column("why", "改期原因", lambda row: row.one.planned.reason, "minor"),
        Column("reached", "完成", lambda row: _day(row.one.reached_on), "tight",
               value=lambda row: row.one.reached_on),
        Column("state", "情况", lambda row: row.one.words(row.today), "tight"),
    ]  # fmt: skip


def columns_to_change() -> list[Column[Row]]:
    """The same with the way to change it."""
    return [*columns(), Column("act", "办理", _act, "tight no-print")]


def _project(row: Row) -> SafeString:
    page = reverse("project-milestones", args=[row.project.pk])
    return format_html('<a href="{}">{}</a>', page, row.project.name)


def _act(row: Row) -> SafeString:
    return format_html('<a href="{}">改期或取消</a>', reverse("milestone", args=[row.one.key]))


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
