"""The columns of the workbook and what a cell says, the same for writing and for reading. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from guatu.engines.sheets import Cell, Kind

SHEET = "填报"
CHOICES = "选项"
TITLE_LINE, NOTE_LINE, HELP_LINE, HEAD_LINE, FIRST_LINE = range(5)
"""Rows from 0: title, unit and unit of money, how to fill it in, heads, first project."""
YES = "是"


class Shape(StrEnum):
    """How a column is written and checked in the workbook."""

    SERIAL = "serial"
    WORD = "word"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    YES = "yes"
    NODE = "node"
    REASON = "reason"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key among the values, its head, its width in characters; `field` is what
    the sheets engine reads it as, empty where it is taken as plain words."""

    key: str
    label: str
    shape: Shape
    width: int
    is_open: bool = False
    field: str = ""
    kind: Kind = Kind.TEXT


def _open(
    key: str, label: str, shape: Shape, width: int, field: str = "", kind: Kind = Kind.TEXT
) -> Column:
    return Column(key, label, shape, width, True, field, kind)


COLUMNS = (
    Column("serial", "序号", Shape.SERIAL, 5),
    Column("name", "项目名称", Shape.WORD, 24, field="项目名称"),
    Column("code", "项目代码", Shape.WORD, 14, field="项目代码", kind=Kind.CODE),
    Column("total", "总投资（万元）", Shape.MONEY, 11),
    Column("plan", "年度计划投资（万元）", Shape.MONEY, 11),
    Column("last", "上期本年累计（万元）", Shape.MONEY, 11),
    Column("last_life", "上期自开工累计（万元）", Shape.MONEY, 11),
    _open("unchanged", "本期无变化", Shape.YES, 7),
    _open("month", "本期完成投资（万元）", Shape.MONEY, 11, "本月完成投资", Kind.MONEY),
    _open("year", "本年累计完成投资（万元）", Shape.MONEY, 11, "本年累计完成投资", Kind.MONEY),
    _open("life", "自开工累计完成投资（万元）", Shape.MONEY, 11, "自开工累计完成投资", Kind.MONEY),
    _open("node", "形象节点", Shape.NODE, 11),
    _open("progress", "形象进度", Shape.LONG, 24, "形象进度"),
    _open("started_on", "实际开工时间", Shape.DAY, 11, "实际开工时间", Kind.DATE),
    _open("completed_on", "实际竣工时间", Shape.DAY, 11, "实际竣工时间", Kind.DATE),
    _open("reason", "滞后原因", Shape.REASON, 12),
    _open("problem_kind", "问题类别", Shape.PROBLEM, 12),
    _open("problem", "存在问题", Shape.LONG, 20, "存在问题"),
    _open("next_plan", "下期计划完成（万元）", Shape.MONEY, 11, "累计计划投资", Kind.MONEY),
    _open("explanation", "情况说明（核减等原因）", Shape.LONG, 18, "核减原因"),
)
AT = {one.key: at for at, one in enumerate(COLUMNS)}
"""Where each column stands, from 0."""
FIGURES = {"month": "本月完成投资", "year": "本年累计完成投资", "life": "自开工累计完成投资"}
LOCKED = tuple(one.key for one in COLUMNS if not one.is_open)
OPEN = tuple(one.key for one in COLUMNS if one.is_open)


def said(cell: Cell) -> str:
    """What a cell says whatever program saved it: 500, 500.0 and "500" are the same; days as
    2026-09-30; nothing is an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        text = cell.strip()
        return _number(text) if text[:1] in "-0123456789" and text else text
    return _number(repr(cell))


def _number(text: str) -> str:
    """A number to the yuan (four decimals of 万元) without trailing zeros; else the text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) >= 10**15:
        return text
    whole = f"{number:.4f}".rstrip("0").rstrip(".")
    return "0" if whole == "-0" else whole


def same(one: str, other: Cell) -> bool:
    """Whether a cell still says what was written into it; line breaks do not matter."""
    told = said(other)
    return "".join(said(one).split()) == "".join(told.split())
