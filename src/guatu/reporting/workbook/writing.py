"""One workbook as bytes: locked cells, drop-downs, checks with Chinese words, A4 landscape."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from guatu.engines.sheets import ASIDE
from guatu.engines.sheets.grid import column_letters
from guatu.reporting.intake.rows import LONGEST_REASON, LONGEST_TEXT
from guatu.reporting.workbook.layout import (
    CHOICES,
    COLUMNS,
    FIRST_LINE,
    HEAD_LINE,
    SHEET,
    TITLE_LINE,
    YES,
    Column,
    Shape,
)
from guatu.reporting.workbook.token import Issued, IssuedRow, signed

_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_MOST_WAN = 10**9
"""10万亿元 in 万元, as everywhere."""
_ALLOWED = {"format_rows": True, "format_columns": True, "select_locked_cells": True}


@dataclass(frozen=True, slots=True)
class Words:
    """What the drop-downs offer: nodes by row (the ladder of its type), reasons, problems."""

    nodes: Sequence[Sequence[str]]
    reasons: Sequence[str]
    problems: Sequence[str]


def workbook(issued: Issued, words: Words) -> bytes:
    """The workbook of one unit and round, as it goes out."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet(SHEET)
    lists = _Lists(book.add_worksheet(CHOICES))
    forms = _Forms(book)
    _heads(sheet, issued, forms)
    for at, (row, nodes) in enumerate(zip(issued.rows, words.nodes, strict=True)):
        line = FIRST_LINE + at
        _row(sheet, line, row, forms)
        for column, one in enumerate(COLUMNS):
            if one.is_open:
                sheet.data_validation(line, column, line, column, _check(one, lists, words, nodes))
    _token(book.add_worksheet(ASIDE), issued)
    _lay_out(sheet, len(issued.rows))
    book.close()
    return buffer.getvalue()


class _Forms:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.note = book.add_format({**_FONT, "font_color": "#57606A"})
        centred = {**_FONT, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
        self.locked_head = book.add_format({**centred, "bg_color": "#DDE1E6"})
        self.open_head = book.add_format({**centred, "bg_color": "#FFF4CE"})
        self._made: dict[tuple[Shape, bool], Any] = {}

    def of(self, one: Column) -> Any:
        """The format of a column's cells."""
        key = one.shape, one.is_open
        if key not in self._made:
            look: dict[str, Any] = {**_FONT, "border": 1, "locked": not one.is_open}
            if not one.is_open:
                look["bg_color"] = "#F3F4F6"
            if one.shape is Shape.MONEY:
                look |= {"num_format": "#,##0.00##", "align": "right"}
            elif one.shape is Shape.DAY:
                look |= {"num_format": "yyyy-mm-dd", "align": "center"}
            elif one.shape is Shape.SERIAL:
                look |= {"num_format": "0", "align": "center"}
            else:
                look |= {"num_format": "@", "text_wrap": True}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


class _Lists:
    """The sheet of choices: one column a list, each list once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._at: dict[tuple[str, ...], str] = {}
        sheet.hide()

    def source(self, words: Sequence[str]) -> str:
        """Where a list stands, as a check refers to it."""
        key = tuple(words)
        if key not in self._at:
            column = len(self._at)
            for line, word in enumerate(key):
                self._sheet.write_string(line, column, word)
            letters = column_letters(column)
            self._at[key] = f"='{CHOICES}'!${letters}$1:${letters}${max(1, len(key))}"
        return self._at[key]


def _heads(sheet: Any, issued: Issued, forms: _Forms) -> None:
    for line, text in enumerate(issued.heads):
        sheet.write_string(line, 0, text, forms.note if line else forms.title)
    sheet.set_row(TITLE_LINE, 24)
    for at, one in enumerate(COLUMNS):
        form = forms.open_head if one.is_open else forms.locked_head
        sheet.write_string(HEAD_LINE, at, one.label, form)
        sheet.set_column(at, at, one.width)
    sheet.set_row(HEAD_LINE, 44)


def _row(sheet: Any, line: int, row: IssuedRow, forms: _Forms) -> None:
    values = [*row.locked, *row.opened]
    for at, (one, text) in enumerate(zip(COLUMNS, values, strict=True)):
        form = forms.of(one)
        if not text:
            sheet.write_blank(line, at, None, form)
        elif one.shape in (Shape.MONEY, Shape.SERIAL):
            sheet.write_number(line, at, float(text), form)
        elif one.shape is Shape.DAY:
            sheet.write_datetime(line, at, date.fromisoformat(text), form)
        else:
            sheet.write_string(line, at, text, form)
    longest = max(
        _shown_width(text) / one.width
        for one, text in zip(COLUMNS, values, strict=True)
        if one.shape not in (Shape.MONEY, Shape.DAY, Shape.SERIAL)
    )
    sheet.set_row(line, 15 * max(2, min(12, int(longest) + 1)))


def _shown_width(text: str) -> int:
    """Half-width characters: a Chinese one counts two."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def _check(one: Column, lists: _Lists, words: Words, nodes: Sequence[str]) -> dict[str, Any]:
    """What Excel and WPS accept in an open cell, and what they say else."""
    match one.shape:
        case Shape.MONEY:
            what = {"validate": "decimal", "minimum": -_MOST_WAN, "maximum": _MOST_WAN}
            told = "请按万元填数字，不要写单位和文字。"
        case Shape.DAY:
            what = {"validate": "date", "minimum": date(1990, 1, 1), "maximum": date(2100, 1, 1)}
            told = "请填日期，如2026-3-15；还没有的留空。"
        case Shape.YES:
            what = {"validate": "list", "source": [YES]}
            told = "投资、形象、问题都没有变的选“是”，其余留空。"
        case Shape.LONG:
            most = LONGEST_REASON if one.key == "explanation" else LONGEST_TEXT
            what = {"validate": "length", "criteria": "<=", "value": most}
            told = f"不能超过{most}字，请写短一些。"
        case _:
            choices = {Shape.NODE: nodes, Shape.REASON: words.reasons}.get(one.shape)
            offered = words.problems if choices is None else choices
            what = {"validate": "list", "source": lists.source(offered)}
            told = "请从列表里选。"
    between = {"criteria": "between"} if "minimum" in what else {}
    return {
        **what,
        **between,
        "ignore_blank": True,
        "error_title": one.label[:32],
        "error_message": told,
    }


def _token(sheet: Any, issued: Issued) -> None:
    for line, piece in enumerate(signed(issued)):
        sheet.write_string(line, 0, piece)
    sheet.very_hidden()


def _lay_out(sheet: Any, count: int) -> None:
    sheet.protect("", _ALLOWED)
    sheet.freeze_panes(FIRST_LINE, 2)
    sheet.repeat_rows(HEAD_LINE)
    sheet.print_area(0, 0, FIRST_LINE + max(count, 1) - 1, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.6)
    sheet.set_footer("&L&F&C第&P页　共&N页&R填报人：　　　　审核人：　　　　　　")
