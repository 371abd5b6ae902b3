"""A list as a workbook: text stays text whatever it begins with (trust C-8)."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils.html import strip_tags

from guatu.core import clock
from guatu.ui.tables import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST_CELL = 32_000
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_NARROWEST, _WIDEST, _WIDEST_HEAD = 8, 48, 10
_LINE, _MOST_LINES = 14.5, 25
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.(\d+))?(%?)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A further sheet of a workbook: its name, its columns, its rows."""

    name: str
    columns: Sequence[Column[Any]]
    rows: Iterable[Any]


@dataclass(frozen=True, slots=True)
class _Cell:
    """What is written, in which format, and how many half-width characters it shows."""

    value: object
    form: str
    width: int


def workbook[Row](
    title: str,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    notes: Sequence[str] = (),
    more: Sequence[Sheet] = (),
    first: str = "清单",
) -> bytes:
    """The rows as an .xlsx with a title line, a frozen head, typed cells and a sheet that prints.

    `notes` (filters in force, day of the figures) stand under the title, one line each. Numbers
    have the decimals that the page shows; columns of acts are left out. Sheets of `more` follow
    under the same title and notes; `first` is the name of the first sheet.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "remove_timezone": True}
    )
    formats = _Formats(book)
    for one in (Sheet(first, columns, rows), *more):
        _fill(book.add_worksheet(one.name), formats, one, [title, *notes])
    book.close()
    return buffer.getvalue()


def _fill(sheet: Any, formats: _Formats, told: Sheet, lines: Sequence[str]) -> None:
    """One sheet under its title (the first of the lines) and notes."""
    columns = [column for column in told.columns if not column.is_act]
    cells = [[_cell(column, row) for column in columns] for row in told.rows]
    widths = [_column_width(at, column, cells) for at, column in enumerate(columns)]
    sheet.set_row(0, 22)
    for line, text in enumerate(lines):
        sheet.write_string(line, 0, text, formats.note if line else formats.title)
    top = len(lines)
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.write_string(top, at, column.label, formats.head)
        sheet.set_column(at, at, width)
    heads = [_lines(_shown_width(c.label), w) for c, w in zip(columns, widths, strict=True)]
    sheet.set_row(top, _LINE * max(heads, default=1) + 4)
    for line, row in enumerate(cells, start=top + 1):
        count = max(map(_lines, (cell.width for cell in row), widths), default=1)
        if count > 1:
            sheet.set_row(line, _LINE * min(count, _MOST_LINES))
        for at, cell in enumerate(row):
            _write(sheet, line, at, cell, formats)
    _lay_out(sheet, top, len(cells), widths)


def download(content: bytes, name: str, mime: str = XLSX) -> HttpResponse:
    """A file to save, never to be shown in the page (trust C-12)."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class _Formats:
    """The formats of one workbook; those of cells by name, made when they are first used."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.note = book.add_format({**_FONT, "font_color": "#57606A"})
        self.head = book.add_format(
            {**_FONT, "bold": True, "border": 1, "bg_color": "#EEF1F4", "text_wrap": True}
            | {"align": "center"}
        )

    def __getitem__(self, form: str) -> Any:
        if form not in self._made:
            special = (
                {"num_format": form, "align": "right"}
                if form
                else {"quote_prefix": True, "text_wrap": True}
            )
            self._made[form] = self._book.add_format({**_FONT, "border": 1, **special})
        return self._made[form]


def _write(sheet: Any, line: int, at: int, cell: _Cell, formats: _Formats) -> None:
    if isinstance(cell.value, str):
        sheet.write_string(line, at, cell.value, formats[cell.form])
    elif isinstance(cell.value, date):
        sheet.write_datetime(line, at, cell.value, formats[cell.form])
    else:
        sheet.write_number(line, at, cell.value, formats[cell.form])


def _cell[Row](column: Column[Row], row: Row) -> _Cell:
    value = column.exported(row)
    kinds = column.kind.split()
    if isinstance(value, datetime):
        value = value.astimezone(clock.CHINA) if value.tzinfo else value
        return _Cell(value, "yyyy-mm-dd hh:mm", 16)
    if isinstance(value, date):
        return _Cell(value, "yyyy-mm-dd", 10)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number or ("num" in kinds and value not in (None, "")):
        # The page shows the number rounded as its papers do; the sheet shows it likewise.
        shown = value if column.value is None else column.shown(row)
        if (cell := _number(value, strip_tags(str(shown)))) is not None:
            return cell
    # A bare carriage return would be written as an escape that not all readers know.
    text = "" if value is None else str(value).replace("\r", " ")[:_LONGEST_CELL]
    if "date" in kinds and _DAY.fullmatch(text):
        return _Cell(date.fromisoformat(text), "yyyy-mm-dd", 10)
    return _Cell(text, "", max(map(_shown_width, text.split("\n"))))


def _number(value: object, shown: str) -> _Cell | None:
    """A number with the decimals of what is shown; what is shown in percent is a share of one."""
    found = list(_NUMBER.finditer(shown))
    decimals, sign = (found[-1][1] or "", found[-1][2]) if found else ("", "")
    # A serial number or a count is written as it is; money has its thousands marked.
    form = "0" if sign or str(value) == shown else "#,##0"
    form += ("." + "0" * len(decimals) if decimals else "") + sign
    width = max(len(shown), len(shown) + 2 if len(shown) > 4 else 0)
    if sign:
        return _Cell(float(found[-1][0].rstrip("%").replace(",", "")) / 100, form, width)
    if isinstance(value, (int, float)):
        if not found and isinstance(value, float):
            form = "#,##0.00"
        return _Cell(value, form, width)
    whole = _NUMBER.fullmatch(str(value))
    return _Cell(float(whole[0].replace(",", "")), form, width) if whole else None


def _shown_width(text: str) -> int:
    """Half-width characters: a Chinese one counts two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _column_width[Row](at: int, column: Column[Row], cells: Sequence[Sequence[_Cell]]) -> int:
    content = max((row[at].width for row in cells), default=0)
    head = min(_shown_width(column.label), _WIDEST_HEAD)
    return max(_NARROWEST, min(max(content, head) + 2, _WIDEST))


def _lines(width: int, column: int) -> int:
    return max(1, -(-width // max(column - 1, 1)))


def _lay_out(sheet: Any, top: int, count: int, widths: Sequence[int]) -> None:
    last = max(len(widths) - 1, 0)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + count, last)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, top + count, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L{clock.today():%Y-%m-%d}导出&C第&P页　共&N页")
