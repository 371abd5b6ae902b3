"""A list as a workbook: text stays text whatever it begins with (trust C-8)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

from guatu.ui.tables import Column

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST_CELL = 32_000


def workbook[Row](
    title: str, columns: Sequence[Column[Row]], rows: Iterable[Row], *, notes: Sequence[str] = ()
) -> bytes:
    """The rows as an .xlsx with a title line, a frozen head and typed cells.

    `notes` (filters in force, day of the figures) stand under the title, one line each.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("清单")
    title_format = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F4", "text_wrap": True})
    text = book.add_format({"border": 1, "quote_prefix": True, "text_wrap": True, "valign": "top"})
    number = book.add_format({"border": 1, "num_format": "#,##0.####"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title, title_format)
    for line, note in enumerate(notes, start=1):
        sheet.write_string(line, 0, note)
    top = 1 + len(notes)
    for at, column in enumerate(columns):
        sheet.write_string(top, at, column.label, head)
        sheet.set_column(at, at, 12 if column.kind else 24)
    for line, row in enumerate(rows, start=top + 1):
        for at, column in enumerate(columns):
            value = column.exported(row)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(line, at, value, number)
            elif isinstance(value, (date, datetime)):
                sheet.write_datetime(line, at, value, day)
            else:
                # A bare carriage return would be written as an escape that not all readers know.
                shown = "" if value is None else str(value).replace("\r", " ")[:_LONGEST_CELL]
                sheet.write_string(line, at, shown, text)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def download(content: bytes, name: str, mime: str = XLSX) -> HttpResponse:
    """A file to save, never to be shown in the page (trust C-12)."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
