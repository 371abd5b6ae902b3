"""The history of a project's figures: every one with its source, superseded ones too (audit)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.ledger.models import Project
from guatu.reporting.models import Figure
from guatu.reporting.papers.queries import papers_of_project
from guatu.reporting.types import IndicatorUnit, ReportState
from guatu.ui.export import download, workbook
from guatu.ui.tables import Column, Grid, Page
from guatu.ui.templatetags.guatu import money
from guatu.wall.project import queries
from guatu.wall.project.people import shown_name
from guatu.wall.project.sources import Source, sources
from guatu.wall.viewer import Viewer


def columns(told: Mapping[int, Source]) -> list[Column[Figure]]:
    """The columns of the history; money in 万元 as it was typed. `told` are the figures'
    sources."""
    return [
        Column("as_of", "截至", lambda f: f.as_of, "date"),
        Column("indicator", "指标", lambda f: f.indicator.name),
        Column("value", "数值（万元）", _value, "num", value=_exported),
        Column("state", "状态", lambda f: _state(f, told[f.pk])),
        Column("source", "来源", lambda f: told[f.pk].words, "wide"),
        Column("file", "文件", lambda f: _file(f, told[f.pk]), "wide", value=_file_name),
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


def _state(figure: Figure, source: Source) -> str:
    if not figure.is_current:
        return source.withdrawn or "已被更正"
    if figure.report is not None and figure.report.state != ReportState.ACCEPTED:
        return ReportState(figure.report.state).label
    return "有效"


def _file_name(figure: Figure) -> str | None:
    return figure.imported.name if figure.imported else None


def _file(figure: Figure, source: Source) -> SafeString | str | None:
    name = _file_name(figure)
    if name is None or not source.original:
        return name
    return format_html(
        '<a download href="{}" aria-label="下载原件{}">{}</a>', source.original, name, name
    )


def history(project_id: int, query: QueryDict, viewer: Viewer) -> dict[str, Any]:
    """One page of the history, newest day first, or of one day; superseded figures are marked."""
    day = asked_day(query)
    every = queries.figures(project_id, day)
    place = Page.of(query, len(every))
    grid = Grid(
        columns(sources(every, viewer)),
        every[place.start : place.start + place.size],
        caption="每个数据的来源；被更正的保留，加灰显示",
        row_class=lambda f: "" if f.is_current else "superseded",
    )
    papers = papers_of_project(project_id, day)
    return {"grid": grid, "page": place, "day": day, "papers": papers}


def exported(project: Project, query: QueryDict, viewer: Viewer) -> HttpResponse:
    """The same figures as a workbook."""
    title = f"{project.name[:60]}数据来源"
    rows = queries.figures(project.pk, asked_day(query))
    book = workbook(title, columns(sources(rows, viewer)), rows)
    return download(book, f"{title}.xlsx")


def asked_day(query: QueryDict) -> date | None:
    """The day whose figures an address asks for; None where it asks for all."""
    try:
        return date.fromisoformat(query.get("as_of", ""))
    except ValueError:
        return None


def address(project_id: int, on: date) -> str:
    """Where the figures of one day stand with their file, sheet and cell."""
    return f"{reverse('project-figures', args=[project_id])}?as_of={on.isoformat()}"
