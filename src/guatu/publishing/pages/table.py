"""The summary table's page: the template's columns, and the filled sheets with changed cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from guatu.core.errors import GuatuError
from guatu.engines.sheets import SheetsError
from guatu.engines.sheets.fill import letters, read_bytes, template_columns
from guatu.engines.sheets.grid import Cell, Sheet, cell_name
from guatu.files.services import read_blob
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer
from guatu.publishing.models import TableTemplate
from guatu.publishing.pages.circular import head
from guatu.publishing.services.table import FilledTable, HandedInTemplate

MOST_ROWS = 400
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
    """One cell of the preview."""

    text: str
    is_changed: bool
    is_number: bool


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
    """The filled workbook as tables, with what changed and what wants a person's eye."""
    book = read_bytes(made.content, name=name)
    return {
        "made": made,
        "filled_sheets": [_sheet(one, made.changed_cells) for one in book.sheets],
        "unfilled": made.unfilled[:MOST_FAULTS],
        "more_unfilled": max(0, len(made.unfilled) - MOST_FAULTS),
        "table_notices": made.notices[:MOST_FAULTS],
    }


def _sheet(sheet: Sheet, changed: frozenset[tuple[str, str]]) -> ShownSheet:
    width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
    rows = [
        (
            number + 1,
            [_cell(sheet, number, column, changed) for column in range(width)],
        )
        for number in range(min(len(sheet.rows), MOST_ROWS))
    ]
    more = max(0, len(sheet.rows) - MOST_ROWS)
    return ShownSheet(sheet.name, [letters(at) for at in range(width)], rows, more)


def _cell(sheet: Sheet, row: int, column: int, changed: frozenset[tuple[str, str]]) -> ShownCell:
    value = sheet.cell(row, column)
    is_formula = (row, column) in sheet.uncached
    text = "公式" if is_formula else _text(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ShownCell(text, (sheet.name, cell_name(row, column)) in changed, is_number)


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
