"""What came back: the filled lines of a workbook as texts by field, each cell with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.engines.sheets.errors import SheetsError
from guatu.engines.sheets.grid import Cell, Sheet, cell_name
from guatu.files.intake import ReadFile
from guatu.ledger.making.models import ListCall
from guatu.ledger.making.workbook.layout import BY_LABEL, COLUMNS, MOST_ROWS, title_of

_HEAD_WITHIN = 20
_LONGEST = 6_000
_EXACT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; a longer code must be text."""


@dataclass(frozen=True, slots=True)
class SentRow:
    """One filled line: texts by field, and where each stands."""

    file: str
    sheet: str
    line: int
    texts: dict[str, str]
    columns: dict[str, int]

    def fault(self, code: str, what: str, remedy: str, field: str = "name") -> Fault:
        """A fault at the cell of a field."""
        at = self.columns.get(field, self.columns["name"])
        return Fault(code, what, remedy, self.file, self.sheet, cell_name(self.line, at))


def read_rows(read: ReadFile, call: ListCall) -> tuple[list[SentRow], list[Fault]]:
    """The filled lines of a workbook for a call, and what cannot be read, by cell.

    BadInput where it is no workbook of this call: another call's, or its head is not there.
    """
    if isinstance(read.content, SheetsError):
        raise BadInput(*read.content.faults)
    for sheet in read.content.sheets:
        head = _head(sheet)
        if head is None:
            continue
        line, columns = head
        _require_call(read.name, sheet, line, call)
        _require_columns(read.name, sheet, line, columns)
        rows, faults = _rows(read.name, sheet, line, columns)
        if not rows and not faults:
            raise BadInput(Fault("no-rows", "表里没有填项目", "请填好再上传", read.name))
        return rows, faults
    what = "没有找到“项目名称”一列的表头"
    raise BadInput(Fault("no-head", what, "请用申报通知里下载的申报表", read.name))


def _label(cell: Cell) -> str:
    return re.sub(r"[*＊\s]", "", str(cell or ""))


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    known = {_label(label): one.field for label, one in BY_LABEL.items()}
    for line, cells in enumerate(sheet.rows[:_HEAD_WITHIN]):
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            if field := known.get(_label(cell)):
                found.setdefault(field, at)
        if "name" in found and len(found) > 1:
            return line, found
    return None


def _require_call(file: str, sheet: Sheet, head: int, call: ListCall) -> None:
    """A title that names a call must name this one; a table without a title is taken as it is."""
    titles = [str(cell) for row in sheet.rows[:head] for cell in row if "申报表" in str(cell)]
    if titles and not any(match_form(title_of(call)) == match_form(one) for one in titles):
        what = f"这份表是“{titles[0][:60]}”，不是{title_of(call)}"
        raise BadInput(Fault("other-call", what, "请下载本次的申报表填写", file, sheet.name))


def _require_columns(file: str, sheet: Sheet, line: int, columns: dict[str, int]) -> None:
    missing = [one.label for one in COLUMNS if one.is_needed and one.field not in columns]
    if missing:
        what = f"表头缺{'、'.join(missing)}"
        place = cell_name(line, columns["name"])
        remedy = "表头不要改动，请用下载的申报表"
        raise BadInput(Fault("head-broken", what, remedy, file, sheet.name, place))


def _rows(
    file: str, sheet: Sheet, head: int, columns: dict[str, int]
) -> tuple[list[SentRow], list[Fault]]:
    rows: list[SentRow] = []
    faults: list[Fault] = []
    for line in range(head + 1, len(sheet.rows)):
        cells = {name: sheet.cell(line, at) for name, at in columns.items()}
        texts = {name: _text(cell) for name, cell in cells.items()}
        row = SentRow(file, sheet.name, line, texts, columns)
        unread = list(_unread(row, sheet, cells))
        if any(texts.values()) or unread:
            rows.append(row)
            faults += unread
    if len(rows) > MOST_ROWS:
        what = f"表里有{len(rows)}行"
        raise BadInput(Fault("too-many-rows", what, f"请分几份，每份不超过{MOST_ROWS}行", file))
    return rows, faults


def _unread(row: SentRow, sheet: Sheet, cells: dict[str, Cell]) -> Iterator[Fault]:
    for name, cell in cells.items():
        place = (row.line, row.columns[name])
        if place in sheet.uncached or place in sheet.broken:
            remedy = "请写数，或用Excel、WPS打开保存后再上传"
            yield row.fault("no-value", "公式没有算出的值", remedy, name)
        is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        if name == "national_code" and is_number and len(_text(cell)) > _EXACT_DIGITS:
            yield row.fault("code-as-number", "项目代码按数字存，后几位已丢失",
                            "请把单元格设为文本后重新填写", name)  # fmt: skip
        if len(str(cell or "")) > _LONGEST:
            yield row.fault("too-long", "文字太长", "请改短", name)


def _text(cell: Cell) -> str:
    """A cell as it would be typed on the page: months as 2027-03, numbers without exponent."""
    if cell is None:
        return ""
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float):
        told = format(Decimal(repr(cell)), "f")
        return told.rstrip("0").rstrip(".") if "." in told else told
    return str(cell).strip()[: _LONGEST + 1]
