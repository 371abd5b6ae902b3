"""The history of a project's figures: every one with its source, superseded ones too (audit)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.core import clock
from guatu.reporting.models import Figure
from guatu.reporting.types import FigureSource, IndicatorUnit, ReportSource, ReportState
from guatu.ui.tables import Column, Grid, Page
from guatu.ui.templatetags.guatu import money
from guatu.wall.project import queries
from guatu.wall.project.people import shown_name


def columns() -> list[Column[Figure]]:
    """The columns of the history; money in 万元 as it was typed."""
    return [
        Column("as_of", "截至", lambda f: f.as_of, "date"),
        Column("indicator", "指标", lambda f: f.indicator.name),
        Column("value", "数值（万元）", _value, "num", value=_exported),
        Column("state", "状态", _state, "tight"),
        Column("source", "来源", _source, "tight"),
        Column("file", "文件", lambda f: f.imported.name if f.imported else None, "wide"),
        Column("cell", "单元格", lambda f: f.cell, "tight"),
        Column("raw", "原文", lambda f: f.raw_text),
        Column("reason", "更正理由", lambda f: f.reason),
        Column("approved", "批准", lambda f: shown_name(f.approved_by, "")),
        Column("by", "办理人", queries.by_of, "tight"),
        Column("at", "办理时间", lambda f: clock.minute(f.at), "date"),
    ]


def _value(figure: Figure) -> str | None:
    if figure.value is None:
        return None
    if figure.indicator.unit == IndicatorUnit.YUAN:
        return money(figure.value, "万元")
    return str(figure.value)


def _exported(figure: Figure) -> object:
    if figure.value is None or figure.indicator.unit != IndicatorUnit.YUAN:
        return figure.value
    return figure.value / 10_000


def _state(figure: Figure) -> str:
    if not figure.is_current:
        return "已被更正"
    if figure.report is not None and figure.report.state != ReportState.ACCEPTED:
        return ReportState(figure.report.state).label
    return "有效"


def _source(figure: Figure) -> str:
    source = FigureSource(figure.source).label
    if figure.report is None:
        return source
    return f"{source}，{ReportSource(figure.report.source).label}"


def history(project_id: int, query: QueryDict) -> dict[str, Any]:
    """One page of the history, newest day first, or of one day; superseded figures are marked."""
    day, told = asked_day(query), columns()
    every = queries.figures(project_id, day)
    place = Page.of(query, len(every))
    grid = Grid(
        told,
        every[place.start : place.start + place.size],
        caption="每个数据的来源；被更正的保留，加灰显示",
        row_class=lambda f: "" if f.is_current else "superseded",
    )
    return {"grid": grid, "page": place, "day": day}


def asked_day(query: QueryDict) -> date | None:
    """The day whose figures an address asks for; None where it asks for all."""
    try:
        return date.fromisoformat(query.get("as_of", ""))
    except ValueError:
        return None


def address(project_id: int, on: date) -> str:
    """Where the figures of one day stand with their file, sheet and cell."""
    return f"{reverse('project-figures', args=[project_id])}?as_of={on.isoformat()}"
