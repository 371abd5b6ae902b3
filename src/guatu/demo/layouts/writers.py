"""Files from a `Book`: xlsx, ods and csv in GB18030, byte for byte the same every time."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from guatu.demo.layouts.sheet import Book, Cell, Formula, Sheet, Value

CREATED = datetime(2026, 10, 30, 9, 0)
_BASE: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_GRID: dict[str, Any] = _BASE | {"border": 1, "text_wrap": True}
STYLES: dict[str, dict[str, Any]] = {
    "title": _BASE | {"font_name": "黑体", "font_size": 16, "align": "center"},
    "line": _BASE,
    "right": _BASE | {"align": "right"},
    "head": _GRID | {"bold": True, "align": "center", "bg_color": "#D9E1F2"},
    "text": _GRID,
    "centre": _GRID | {"align": "center"},
    "number": _GRID | {"align": "right", "num_format": "#,##0.######"},
    "plain": _GRID | {"align": "right"},
    "percent": _GRID | {"align": "right", "num_format": "0.0%"},
    "date": _GRID | {"align": "center", "num_format": "yyyy/m/d"},
    "section": _GRID | {"bold": True, "bg_color": "#F2F2F2"},
    "sum": _GRID | {"bold": True, "align": "right", "bg_color": "#F2F2F2",
                    "num_format": "#,##0.######"},
}  # fmt: skip


def write(book: Book, path: Path) -> None:
    """Write by the suffix of `path`: .xlsx, .ods or .csv."""
    {".xlsx": write_xlsx, ".ods": write_ods, ".csv": write_csv}[path.suffix](book, path)


def new_workbook(path: Path) -> xlsxwriter.Workbook:
    """An xlsx file with fixed properties, where no text becomes a formula or link by itself."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"author": "江源市（虚构）", "created": CREATED})
    return workbook


def write_xlsx(book: Book, path: Path) -> None:
    """An ordinary workbook; formulas keep their stored value or have none."""
    with new_workbook(path) as workbook:
        formats = {name: workbook.add_format(style) for name, style in STYLES.items()}
        for sheet in book.sheets:
            page = workbook.add_worksheet(sheet.name)
            if sheet.hidden:
                page.hide()
            page.set_default_row(26)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            for column, width in sheet.widths.items():
                page.set_column(column, column, width)
            for row, column, last_row, last_column in sheet.merges:
                style = sheet.cells.get((row, column), Cell(None)).style
                page.merge_range(row, column, last_row, last_column, "", formats[style])
            for (row, column), cell in sorted(sheet.cells.items()):
                _xlsx_cell(page, row, column, cell.value, formats[cell.style])


def _xlsx_cell(page: Any, row: int, column: int, value: Value, style: Any) -> None:
    match value:
        case None:
            page.write_blank(row, column, None, style)
        case Formula(text, cached):
            page.write_formula(row, column, text, style, "" if cached is None else cached)
        case date():
            page.write_datetime(row, column, value, style)
        case str():
            page.write_string(row, column, value, style)
        case _:
            page.write_number(row, column, value, style)


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case Formula(_, cached):
            return "" if cached is None else str(cached)
        case date():
            return f"{value.year}/{value.month}/{value.day}"
        case _:
            return str(value)


def write_csv(book: Book, path: Path) -> None:
    """The first sheet as Excel's “CSV (逗号分隔)” on a Chinese machine: GB18030, CRLF."""
    sheet = book.sheets[0]
    rows, columns = sheet.size
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in range(rows):
        empty = Cell(None)
        writer.writerow(_text(sheet.cells.get((row, c), empty).value) for c in range(columns))
    path.write_bytes(buffer.getvalue().encode("gb18030"))


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>"
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2"'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write_ods(book: Book, path: Path) -> None:
    """An OpenDocument spreadsheet: values and merges, no styles."""
    body = "".join(_ods_sheet(sheet) for sheet in book.sheets)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, method in (
            ("mimetype", _ODS_MIME, zipfile.ZIP_STORED),
            ("content.xml", _ODS_HEAD + body + _ODS_TAIL, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", _ODS_MANIFEST, zipfile.ZIP_DEFLATED),
        ):
            member = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
            member.compress_type = method
            archive.writestr(member, content)


def _ods_sheet(sheet: Sheet) -> str:
    spans = {(r, c): (r2 - r + 1, c2 - c + 1) for r, c, r2, c2 in sheet.merges}
    covered = {
        (row, column)
        for r, c, r2, c2 in sheet.merges
        for row in range(r, r2 + 1)
        for column in range(c, c2 + 1)
    } - set(spans)
    rows, columns = sheet.size
    lines = []
    for row in range(rows):
        cells = "".join(
            "<table:covered-table-cell/>"
            if (row, column) in covered
            else _ods_cell(sheet.cells.get((row, column), Cell(None)), spans.get((row, column)))
            for column in range(columns)
        )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    return f"<table:table table:name={quoteattr(sheet.name)}>{''.join(lines)}</table:table>"


def _ods_cell(cell: Cell, span: tuple[int, int] | None) -> str:
    value = cell.value.cached if isinstance(cell.value, Formula) else cell.value
    attributes = ""
    if span:
        attributes = (
            f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
        )
    if value is None:
        return f"<table:table-cell{attributes}/>"
    if isinstance(value, date):
        kind = f' office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = ' office:value-type="string"'
    else:
        kind = f' office:value-type="float" office:value="{value}"'
    text = f"<text:p>{escape(_text(value))}</text:p>"
    return f"<table:table-cell{attributes}{kind}>{text}</table:table-cell>"
