"""How an office writes values in a column, learned from last month's cells: as numbers or text,
in which unit, with which sign for nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from guatu.core.yuan import UNITS
from guatu.engines.sheets.fill.columns import FillColumn, Role
from guatu.engines.sheets.fill.template import Looked, TemplateSheet
from guatu.engines.sheets.fill.types import (
    AWAITED,
    FieldValue,
    Missing,
    RoughDay,
    Share,
    says_nothing,
)
from guatu.engines.sheets.grid import Cell
from guatu.engines.sheets.money import is_empty
from guatu.engines.sheets.types import Kind

Written = tuple[str, str | int | float | None]
"""`number`, `text`, `date` (its ordinal) or `empty`, with the value: what the child writes."""

EMPTY: Written = ("empty", None)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_767
_DATE_STYLES = (
    (re.compile(r"\d{4}年\d{1,2}月\d{1,2}日"), "{y}年{m}月{d}日"),
    (re.compile(r"\d{4}年0\d月"), "{y}年{m:02d}月"),
    (re.compile(r"\d{4}年\d{1,2}月"), "{y}年{m}月"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "{y}-{m:02d}-{d:02d}"),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "{y}/{m}/{d}"),
    (re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"), "{y}.{m}.{d}"),
    (re.compile(r"\d{4}\.\d{1,2}"), "{y}.{m:02d}"),
    (re.compile(r"\d{4}-\d{1,2}"), "{y}-{m:02d}"),
)


class Habit(NamedTuple):
    """A column's ways. `mark`: what stands where nothing is known. `style`: `ratio`, `points` or
    `text` for shares, a pattern for dates written as text. `sample`: such a text."""

    mark: str = ""
    style: str = ""
    sample: str = ""


@dataclass(slots=True)
class _Seen:
    numbers: list[tuple[float, str]]
    texts: list[str]
    marks: Counter[str]
    dates: int = 0


def habit_of(template: TemplateSheet, column: FillColumn, rows: Iterable[int]) -> Habit:
    """Learn a column's habit from the cells of some rows."""
    seen = _Seen([], [], Counter())
    for row in rows:
        _see(seen, template.raw(row, column.index), template.look(row, column.index))
    mark = seen.marks.most_common(1)[0][0] if seen.marks else ""
    if column.role is Role.SHARE:
        return Habit(mark, _share_style(seen, column), seen.texts[0] if seen.texts else "")
    if column.source is not None and column.source.kind is Kind.DATE:
        return Habit(mark, _date_style(seen), "")
    return Habit(mark)


def _see(seen: _Seen, raw: Cell, looked: Looked) -> None:
    if isinstance(raw, bool):
        return
    if isinstance(raw, int | float):
        seen.numbers.append((float(raw), looked.number_format))
    elif isinstance(raw, datetime | date):
        seen.dates += 1
    elif isinstance(raw, str) and raw.strip():
        # 待核实 was written by this engine for one project; it is no habit of the office.
        if is_empty(raw.strip()):
            seen.marks[raw.strip()] += 1
        elif says_nothing(raw):
            return
        else:
            seen.texts.append(raw.strip())


def _share_style(seen: _Seen, column: FillColumn) -> str:
    if len(seen.texts) > len(seen.numbers):
        return "text"
    if any("%" in number_format for _, number_format in seen.numbers):
        return "ratio"
    is_headed = (column.source is not None and column.source.is_percent) or "百分" in column.label
    if is_headed or any(abs(number) > 3 for number, _ in seen.numbers):
        return "points"
    return "ratio"


def _date_style(seen: _Seen) -> str:
    if seen.dates >= len(seen.texts) and seen.dates:
        return "date"
    for text in seen.texts:
        for pattern, style in _DATE_STYLES:
            if pattern.match(text):
                return style
    return "{y}年{m}月"


def text_cell(text: str) -> Written:
    """Text as text, whatever it begins with; signs that no sheet can hold are left out."""
    clean = _CONTROL.sub("", text)[:_LONGEST]
    return ("text", clean) if clean else EMPTY


def written(
    value: FieldValue, column: FillColumn, habit: Habit, raw: Cell, looked: Looked
) -> Written:
    """What goes into a cell for a value: exact, in the column's unit, in the office's way."""
    if value is None:
        return EMPTY
    if isinstance(value, Missing):
        sign = AWAITED if value.is_awaited else habit.mark
        return ("text", sign) if sign else EMPTY
    if isinstance(value, Share):
        return _share(value, habit, raw, looked)
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, RoughDay):
        return _rough_day(value, habit, raw)
    if isinstance(value, date):
        return _date(value, habit, raw)
    return ("number", in_unit(value, column.unit) if column.role is Role.MONEY else value)


def in_unit(yuan: int, unit: str | None) -> int | float:
    """An amount in the column's unit; exact to the digits that a spreadsheet holds."""
    factor = UNITS[unit or "元"]
    return yuan // factor if yuan % factor == 0 else yuan / factor


def _share(value: Share, habit: Habit, raw: Cell, looked: Looked) -> Written:
    style = habit.style
    if isinstance(raw, str) and not says_nothing(raw):
        style = "text"
    elif "%" in looked.number_format:
        style = "ratio"
    if style == "ratio":
        return ("number", value.exact.numerator / value.exact.denominator)
    if style == "points":
        return ("number", float(value.printed))
    sample = raw.strip() if isinstance(raw, str) and not says_nothing(raw) else habit.sample
    return ("text", _share_text(value.printed, sample))


def _share_text(printed: str, sample: str) -> str:
    suffix = next((s for s in ("个百分点", "百分点", "％", "%") if sample.endswith(s)), "")
    negative = printed.startswith("-")
    magnitude = printed.lstrip("-")
    if re.match(r"高于|低于|持平|高|低|增长|下降", sample):
        is_growth = sample.startswith(("增长", "下降"))
        if not magnitude.strip("0."):
            return "持平"
        up, down = ("增长", "下降") if is_growth else ("高于", "低于")
        return f"{down if negative else up}{magnitude}{suffix}"
    plus = "+" if sample.startswith("+") and not negative and magnitude.strip("0.") else ""
    return f"{plus}{printed}{suffix}"


def _rough_day(value: RoughDay, habit: Habit, raw: Cell) -> Written:
    """In the column's way where that says no more than is known; else as text, never as a day."""
    style = _day_style(habit, raw)
    if style == "date" or "{d" in style or not value.has_month:
        return text_cell(value.text)
    return ("text", style.format(y=value.on.year, m=value.on.month))


def _date(value: date, habit: Habit, raw: Cell) -> Written:
    style = _day_style(habit, raw)
    if style == "date":
        return ("date", value.toordinal())
    return ("text", style.format(y=value.year, m=value.month, d=value.day))


def _day_style(habit: Habit, raw: Cell) -> str:
    if isinstance(raw, datetime | date):
        return "date"
    if isinstance(raw, str):
        return next((s for p, s in _DATE_STYLES if p.match(raw.strip())), habit.style)
    return habit.style
