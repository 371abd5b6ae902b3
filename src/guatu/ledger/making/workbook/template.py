"""The template of a call: a locked head, open lines with drop-downs, A4 landscape."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from guatu.engines.sheets.grid import column_letters
from guatu.ledger.making.models import ListCall
from guatu.ledger.making.workbook.layout import (
    CHOICES,
    COLUMNS,
    FIRST_LINE,
    HEAD_LINE,
    MOST_ROWS,
    SHEET,
    Column,
    Shape,
    title_of,
)

_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}


def template(call: ListCall, choices: Mapping[str, Sequence[str]]) -> bytes:
    """The empty workbook of a call; `choices` are the words of its drop-downs by field."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet, words = book.add_worksheet(SHEET), book.add_worksheet(CHOICES)
    words.hide()
    title = book.add_format({**_FONT, "bold": True, "font_size": 14})
    note = book.add_format({**_FONT, "font_color": "#57606A"})
    head = book.add_format(
        {**_FONT, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
        | {"bg_color": "#FFF4CE"}
    )
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, title_of(call), title)
    sheet.write_string(1, 0, _note(call), note)
    sheet.set_row(HEAD_LINE, 30)
    last = FIRST_LINE + MOST_ROWS - 1
    for at, one in enumerate(COLUMNS):
        cells = book.add_format(_look(one))
        sheet.set_column(at, at, one.width)
        sheet.write_string(HEAD_LINE, at, one.head, head)
        for line in range(FIRST_LINE, last + 1):
            sheet.write_blank(line, at, None, cells)
        if check := _check(one, at, words, choices.get(one.field, ())):
            sheet.data_validation(FIRST_LINE, at, last, at, check)
    sheet.protect("", {"format_rows": True, "format_columns": True, "sort": True})
    sheet.freeze_panes(FIRST_LINE, 2)
    sheet.repeat_rows(HEAD_LINE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第&P页　共&N页")
    book.close()
    return buffer.getvalue()


def _note(call: ListCall) -> str:
    return (
        f"{call.closes_on:%Y-%m-%d}截止。带*的必填；金额单位万元；月份写成{call.year}-03；"
        "已在台账里的项目写“台账中的项目”，新项目留空；表头不要改动"
    )


def _look(one: Column) -> dict[str, Any]:
    look: dict[str, Any] = {**_FONT, "border": 1, "locked": False}
    if one.shape is Shape.MONEY:
        return look | {"num_format": "#,##0.00##", "align": "right"}
    # Text, so that a spreadsheet leaves 2027-03 and long codes as they are typed.
    return look | {"num_format": "@", "text_wrap": True}


def _check(one: Column, at: int, words: Any, offered: Sequence[str]) -> dict[str, Any] | None:
    if one.shape is Shape.MONEY:
        return {
            "validate": "decimal", "criteria": ">=", "value": 0, "error_title": "金额",
            "error_message": "请写数字，单位万元", "error_type": "warning",
        }  # fmt: skip
    if one.shape is not Shape.CHOICE or not offered:
        return None
    letters = column_letters(at)
    for line, word in enumerate(offered):
        words.write_string(line, at, word)
    return {
        "validate": "list", "source": f"='{CHOICES}'!${letters}$1:${letters}${len(offered)}",
        "error_title": one.label, "error_message": f"{one.label}请从下拉框里选",
    }  # fmt: skip
