"""The new period in a sheet's title, head, notes, margins and name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from guatu.core.errors import BadInput, Fault
from guatu.core.periods import parse_period
from guatu.engines.sheets.fill.columns import LAST_YEAR, MONTH, THIS_YEAR, FillColumn
from guatu.engines.sheets.fill.remark import without_remark
from guatu.engines.sheets.fill.retime import Retimer, Shape
from guatu.engines.sheets.fill.template import TemplateSheet
from guatu.engines.sheets.fill.types import SummaryFigures
from guatu.engines.sheets.grid import Cell, cell_name
from guatu.engines.sheets.types import RowKind, Table

_FIGURE = re.compile(r"\d[\d,.]*\s*(?:个(?:重点)?项目|亿元|万元|%|％|个百分点)")
_SHAPES = {MONTH: Shape.OWN, THIS_YEAR: Shape.CUMULATIVE, LAST_YEAR: Shape.CUMULATIVE}
Change = tuple[int, int, str | date]


def month_of(table: Table) -> tuple[int, int] | None:
    """The year and month that a template is about: by its heads, else by its title."""
    for name in (THIS_YEAR, MONTH):
        column = table.fields.get(name)
        if column is not None and column.months is not None:
            year = column.year or table.year
            if year is not None:
                return year, column.months[1]
    if table.as_of is not None:
        return table.as_of.on.year, table.as_of.on.month
    if table.period_hint is None or len(table.period_hint) == 4:
        return None
    try:
        last = parse_period(table.period_hint).last_on
    except BadInput:
        return None
    return last.year, last.month


def retimer_of(table: Table, figures: SummaryFigures) -> Retimer | None:
    """The way from the template's month to the new period; None when it names no month."""
    old = month_of(table)
    if old is None:
        return None
    return Retimer(*old, figures.period, figures.cut_off_on)


def dated_columns(columns: list[FillColumn], retimer: Retimer) -> list[FillColumn]:
    """The columns under the heads that they will have, which is how faults name them."""
    return [
        replace(c, label=retimer.text(c.label, shape=_SHAPES.get(c.field, Shape.AS_FOUND)))
        if c.is_dated
        else c
        for c in columns
    ]


def changed_texts(
    template: TemplateSheet, columns: list[FillColumn], retimer: Retimer
) -> Iterator[Change]:
    """Cells (as before, from 0) whose text or date names the old period, with the new one."""
    _, bottom = template.table.header
    known: dict[str, str] = {}
    for row in range(bottom + 1):
        for column, raw in _own_cells(template, row):
            new = _moved(template, row, column, raw, columns, retimer)
            if new is None or new == raw:
                continue
            if isinstance(raw, str) and isinstance(new, str):
                known[raw] = new
            yield row, column, new
    taken = {row.number for row in template.table.rows if row.kind is not RowKind.NOTE}
    for row in range(bottom + 1, len(template.sheet.rows)):
        if row in taken:
            continue
        for column, raw in _own_cells(template, row):
            if isinstance(raw, str):
                # A page break repeats the head word for word; the rest are notes.
                new = known.get(raw) or retimer.text(raw, is_strict=True)
                if new != raw:
                    yield row, column, new


def _own_cells(template: TemplateSheet, row: int) -> Iterator[tuple[int, Cell]]:
    line = template.sheet.rows[row] if row < len(template.sheet.rows) else []
    for column, raw in enumerate(line):
        if raw in ("", None) or template.look(row, column).kind in ("formula", "array"):
            continue
        merge = template.merge_at(row, column)
        if merge is None or (merge.top, merge.left) == (row, column):
            yield column, raw


def _moved(
    template: TemplateSheet,
    row: int,
    column: int,
    raw: Cell,
    columns: list[FillColumn],
    retimer: Retimer,
) -> str | date | None:
    if isinstance(raw, datetime | date):
        on = raw.date() if isinstance(raw, datetime) else raw
        is_old = (on.year, on.month) == (retimer.old_year, retimer.old_month)
        return retimer.period.last_on if is_old and row < template.table.header[0] else None
    if not isinstance(raw, str):
        return None
    if row < template.table.header[0]:
        return retimer.text(raw)
    merge = template.merge_at(row, column)
    own = next((c for c in columns if c.index == column), None)
    if own is None or (merge is not None and merge.right > merge.left):
        return retimer.text(raw)
    if not own.is_dated:
        return None
    return retimer.text(raw, shape=_SHAPES.get(own.field, Shape.AS_FOUND))


def changed_margins(template: TemplateSheet, retimer: Retimer) -> list[tuple[str, str, str]]:
    """Page headers and footers that name the old period, with their new text."""
    return [
        (part, place, new)
        for part, place, text in template.margins
        if (new := retimer.text(text, is_strict=True)) != text
    ]


def stale_remarks(
    template: TemplateSheet, sheet: str, row_now: Callable[[int], int]
) -> list[Fault]:
    """Titles and notes that print figures: they are nobody's cells and stay as they are."""
    top, _ = template.table.header
    notes = {row.number for row in template.table.rows if row.kind is RowKind.NOTE}
    faults = []
    for row in (*range(top), *sorted(notes)):
        for column, raw in _own_cells(template, row):
            found = _FIGURE.search(without_remark(raw)) if isinstance(raw, str) else None
            if found is not None:
                what = f"文字里的“{found[0]}”没有改"
                place = ("", sheet, cell_name(row_now(row), column))
                faults.append(Fault("remark-figure", what, "请核对是否需要更新", *place))
    return faults
