"""What projects report besides money, as a list: newest value, target, gap."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.ledger.request import Viewer
from guatu.ledger.types import ProjectKind
from guatu.reporting.quantities.queries import Standing, standings
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import day

TITLE = "报送指标"
REACHED, SHORT, NOTHING, NO_TARGET = "已达到", "未达到", "还没有报过", "没有目标"


def standing_words(one: Standing) -> str:
    """Whether the target is reached."""
    if one.tracked.target_value is None:
        return NO_TARGET
    if one.gap is None:
        return NOTHING
    return REACHED if one.gap <= 0 else SHORT


def roster(viewer: Viewer, query: QueryDict) -> Roster[Standing]:
    """The indicators of all projects that exist for the viewer."""
    rows = standings(viewer.seen)
    names = {one.indicator.pk: one.indicator.name for one in rows}
    return Roster(
        TITLE,
        columns(),
        rows,
        lambda one: f"{one.tracked.project.name} {one.indicator.name}",
        [
            Choice(
                "indicator",
                "指标",
                [(str(pk), name) for pk, name in names.items()],
                lambda one: str(one.indicator.pk),
            ),
            Choice("kind", "项目类别", ProjectKind.choices, lambda one: one.tracked.project.kind),
            Choice(
                "state",
                "情况",
                [(word, word) for word in (SHORT, REACHED, NOTHING, NO_TARGET)],
                standing_words,
            ),
        ],
        search_label="项目或指标",
        empty="还没有项目报送投资以外的指标",
        empty_next="项目办在项目页的“报送指标”里为项目选指标、定目标，月报表单里就会出现",
        query=query,
    )


def columns() -> list[Column[Standing]]:
    """Of the list and its export."""
    return [
        Column("project", "项目", _project, "wide", is_sortable=True,
               value=lambda one: one.tracked.project.name),
        *columns_of_project()[:-1],
        Column("due", "期限", lambda one: _day(one.tracked.due_on), "tight",
               is_sortable=True, value=lambda one: one.tracked.due_on),
    ]  # fmt: skip


def columns_of_project() -> list[Column[Standing]]:
    """Of one project's own table."""
    return [
        Column("indicator", "指标", lambda one: one.indicator.name, is_sortable=True),
        Column("unit", "计量单位", lambda one: one.indicator.unit_text, "tight"),
        Column("value", "最新报送", _value, "num", value=lambda one: one.value_text),
        Column("as_of", "截至", lambda one: _day(one.as_of), "tight", value=lambda one: one.as_of),
        Column("target", "目标", lambda one: one.target_text, "num"),
        Column("gap", "差距", lambda one: one.gap_text, "tight"),
        Column("due", "期限", lambda one: _day(one.tracked.due_on), "tight",
               value=lambda one: one.tracked.due_on),
    ]  # fmt: skip


def columns_to_change() -> list[Column[Standing]]:
    """The same with note and the way to change it."""
    return [
        *columns_of_project(),
        Column("note", "依据或说明", lambda one: one.tracked.note, "minor"),
        Column("act", "办理", _act, "tight no-print"),
    ]


def _project(one: Standing) -> SafeString:
    page = reverse("project-quantities", args=[one.tracked.project_id])
    return format_html('<a href="{}">{}</a>', page, one.tracked.project.name)


def _value(one: Standing) -> SafeString | str:
    if not one.mark:
        return one.value_text
    return format_html('{} <span class="badge-plain">{}</span>', one.value_text, one.mark)


def _act(one: Standing) -> SafeString:
    return format_html('<a href="{}">修改</a>', reverse("quantity", args=[one.tracked.pk]))


def _day(on: date | None) -> str:
    return str(day(on)) if on else ""
