"""The summary table's page: the template's columns, and the filled sheets with changed cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from guatu.core.errors import GuatuError
from guatu.engines.sheets import SheetsError
from guatu.engines.sheets.fill import (
    Computing,
    cells_of,
    letters,
    read_bytes,
    template_columns,
)
from guatu.engines.sheets.fill.template import Looked
from guatu.engines.sheets.grid import Cell, Place, Sheet, cell_name
from guatu.files.services import read_blob
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer
from guatu.publishing.models import TableTemplate
from guatu.publishing.pages.circular import head
from guatu.publishing.services.table import FilledTable, HandedInTemplate

MOST_ROWS = 30
MOST_COLUMNS = 40
MOST_FAULTS = 200
ROLES = {
    "money": "填本期数",
    "share": "填本期数",
    "date": "填日期",
    "text": "填文字",
    "count": "填个数",
    "serial": "重排序号",
    "identity": "用来认项目，不改",
    "stale": "清空，须补填",
    "kept": "不认识，原样保留",
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the preview, with the columns and rows it spans."""

    text: str
    is_changed: bool
    is_number: bool
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """One sheet of the filled workbook, as far as a page shows it."""

    name: str
    columns: list[str]
    rows: list[tuple[int, list[ShownCell]]]
    more_rows: int


def handed_in(template: TableTemplate) -> HandedInTemplate:
    """The stored template's bytes."""
    return HandedInTemplate(template.name, read_blob(template.blob.sm3))


def page(viewer: PaperViewer) -> dict[str, Any]:
    """The template in use and how its columns are read."""
    context = head(viewer)
    if context["is_open"]:
        return context
    template = queries.template_in_use()
    if template is None:
        return context
    context["template"] = template
    try:
        context["sheets"] = [
            (one, [(column, ROLES[column.role]) for column in one.columns])
            for one in template_columns(
                handed_in(template).content, viewer.round.period.parsed, name=template.name
            )
        ]
    except (GuatuError, SheetsError, OSError) as error:
        context["faults"] = getattr(error, "faults", ())
    return context


def preview(made: FilledTable, name: str) -> dict[str, Any]:
    """The filled workbook as tables, with what changed and what wants a person's eye.

    The first rows of each sheet; formulas with what they come to, as far as that can be told.
    """
    book = read_bytes(made.content, name=name)
    looked = cells_of(made.content, [one.name for one in book.sheets], name=name)
    computing = Computing(
        {one.name: one for one in book.sheets},
        {
            title: {place: one.formula for place, one in cells.items() if one.kind == "formula"}
            for title, cells in looked.items()
        },
    )
    sheets = [_Shown(one, made.changed_cells, looked[one.name], computing) for one in book.sheets]
    return {
        "made": made,
        "filled_sheets": [one.made() for one in sheets],
        "unfilled": made.unfilled[:MOST_FAULTS],
        "more_unfilled": max(0, len(made.unfilled) - MOST_FAULTS),
        "table_notices": made.notices[:MOST_FAULTS],
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """One sheet on its way to the page."""

    sheet: Sheet
    changed: frozenset[tuple[str, str]]
    looked: Mapping[Place, Looked]
    computing: Computing

    def made(self) -> ShownSheet:
        """Its first rows; cells that a merged one covers are left out."""
        sheet = self.sheet
        width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
        height = min(len(sheet.rows), MOST_ROWS)
        spans = self._spans(width, height)
        covered = {place for place, span in spans.items() if span is None}
        rows = [
            (
                number + 1,
                [
                    self._cell(number, column, spans.get((number, column)) or (1, 1))
                    for column in range(width)
                    if (number, column) not in covered
                ],
            )
            for number in range(height)
        ]
        more = max(0, len(sheet.rows) - MOST_ROWS)
        return ShownSheet(sheet.name, [letters(at) for at in range(width)], rows, more)

    def _spans(self, width: int, height: int) -> dict[Place, tuple[int, int] | None]:
        """Columns and rows of the first cell of each merged range; None for those it covers."""
        found: dict[Place, tuple[int, int] | None] = {}
        for one in self.sheet.merges:
            bottom, right = min(one.bottom, height - 1), min(one.right, width - 1)
            for row in range(one.top, bottom + 1):
                for column in range(one.left, right + 1):
                    found[row, column] = None
            if one.top <= bottom and one.left <= right:
                found[one.top, one.left] = (right - one.left + 1, bottom - one.top + 1)
        return found

    def _cell(self, row: int, column: int, span: tuple[int, int]) -> ShownCell:
        value: Cell = self.sheet.cell(row, column)
        looked = self.looked.get((row, column))
        if (row, column) in self.sheet.uncached:
            told = self.computing.value(self.sheet.name, (row, column))
            value = NOT_TOLD if told is None else told
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        text = _text(value)
        if looked is not None and is_number and isinstance(value, int | float):
            text = _formatted(value, looked.number_format)
        is_changed = (self.sheet.name, cell_name(row, column)) in self.changed
        return ShownCell(text, is_changed, is_number, *span)


NOT_TOLD = "打开后计算"
"""Stands for a formula whose value only the office's own spreadsheet can tell."""
_DECIMALS = re.compile(r"0\.(0+)")


def _formatted(value: float, number_format: str) -> str:
    """A number with the decimals and the percent sign of its cell's format."""
    decimals = _DECIMALS.search(number_format)
    digits = len(decimals[1]) if decimals else 0
    if "%" in number_format:
        return f"{value * 100:.{digits}f}%"
    if "#,##0" in number_format:
        return f"{value:,.{digits}f}"
    return f"{value:.{digits}f}" if decimals else _text(value)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, date | time | timedelta | bool | int):
        return str(value)
    return value
