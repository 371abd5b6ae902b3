"""Inserting rows into an openpyxl worksheet so that everything that points at rows moves along.

openpyxl's own `insert_rows` moves cells and nothing else: formulas, merges, heights, formats by
condition, validations, print areas, names, links and drawings would keep their old rows.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from openpyxl.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from guatu.engines.sheets.fill.formulas import Changes, Shift, shifted, translated

# Half of what moves lies behind names with an underscore, which the stubs leave out.
Workbook = Any
Worksheet = Any


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` rows behind row `after`, looking like row `model` (both from 1, as before)."""

    after: int
    count: int
    model: int


def change_workbook(
    book: Workbook,
    insertions: dict[str, list[Insertion]],
    names: dict[str, str],
    growing: dict[str, set[tuple[int, int]]],
) -> None:
    """Insert rows and rename sheets everywhere at once.

    `growing` are merged cells, by top row and left column (from 1), that take in the rows
    inserted behind their last row: a region's name that stands beside all its projects.
    """
    shifts = {
        name: Shift(tuple(sorted((i.after, i.count) for i in wanted)))
        for name, wanted in insertions.items()
    }
    changes = Changes(shifts, names)
    for sheet in book.worksheets:
        _change_formulas(sheet, changes)
    _change_names(book.defined_names, changes, "")
    for sheet in book.worksheets:
        _change_names(sheet.defined_names, changes, sheet.title)
        shift = shifts.get(sheet.title)
        if shift is not None:
            _move_rows(sheet, shift, growing.get(sheet.title, set()))
            _fill_in(sheet, shift, insertions[sheet.title])
    for old, new in names.items():
        book[old].title = new


def _change_formulas(sheet: Worksheet, changes: Changes) -> None:
    title = sheet.title
    for (row, _), cell in sheet._cells.items():
        value = cell.value
        if isinstance(value, ArrayFormula):
            if value.text and value.text.startswith("="):
                value.text = shifted(value.text, changes, sheet=title, row=row)
            value.ref = _range(value.ref, changes.shifts.get(title, Shift()))
        elif isinstance(value, DataTableFormula):
            continue
        elif cell.data_type == "f" and isinstance(value, str):
            cell.value = shifted(value, changes, sheet=title, row=row)
    for rules in sheet.conditional_formatting._cf_rules.values():
        for rule in rules:
            rule.formula = [_bare(text, changes, title) for text in rule.formula]
    for validation in sheet.data_validations.dataValidation:
        for part in ("formula1", "formula2"):
            text = getattr(validation, part)
            if text:
                setattr(validation, part, _bare(text, changes, title))
    for chart in sheet._charts:
        _change_chart(chart, changes, title)


def _bare(text: str, changes: Changes, title: str) -> str:
    """A formula that is stored without its `=`. Literal lists stay as they are."""
    if text.startswith('"'):
        return text
    return shifted(f"={text}", changes, sheet=title, row=0)[1:]


def _change_names(names: Any, changes: Changes, title: str) -> None:
    for entry in names.values():
        if entry.attr_text and entry.type in ("RANGE", "FUNC"):
            entry.attr_text = _bare(entry.attr_text, changes, title)


def _change_chart(chart: Any, changes: Changes, title: str) -> None:
    for part in getattr(chart, "_charts", None) or [chart]:
        for series in getattr(part, "series", ()):
            for name in ("val", "cat", "xVal", "yVal", "bubbleSize", "tx"):
                source = getattr(series, name, None)
                for kind in ("numRef", "strRef", "multiLvlStrRef"):
                    found = getattr(source, kind, None)
                    if found is not None and found.f:
                        found.f = _bare(found.f, changes, title)


def _range(text: str, shift: Shift, *, widens: bool = True) -> str:
    """`A6:J45` afterwards; several ranges are separated by spaces."""
    return " ".join(_one_range(part, shift, widens=widens) for part in str(text).split())


def _one_range(text: str, shift: Shift, *, widens: bool) -> str:
    left, top, right, bottom = range_boundaries(text)
    if left is None or top is None or right is None or bottom is None:
        return text
    new_top, new_bottom = shift.span(top, bottom, widens=widens)
    moved = CellRange(min_col=left, min_row=new_top, max_col=right, max_row=new_bottom)
    return str(moved.coord)


def _move_rows(sheet: Worksheet, shift: Shift, growing: set[tuple[int, int]]) -> None:
    cells = {}
    for (row, column), cell in sheet._cells.items():
        cell.row = shift.row(row)
        cells[cell.row, column] = cell
        if isinstance(cell, Cell) and cell.hyperlink is not None:
            cell.hyperlink.ref = cell.coordinate
    sheet._cells = cells
    _move_heights(sheet, shift)
    for merged in sheet.merged_cells.ranges:
        grows = (merged.min_row, merged.min_col) in growing
        top, bottom = shift.span(merged.min_row, merged.max_row, widens=grows)
        merged.max_row, merged.min_row = bottom, top
    _move_rules(sheet, shift)
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange(_range(validation.sqref, shift))
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _range(sheet.auto_filter.ref, shift)
    for table in sheet.tables.values():
        table.ref = _range(table.ref, shift)
        if table.autoFilter is not None and table.autoFilter.ref:
            table.autoFilter.ref = _range(table.autoFilter.ref, shift)
    _move_page(sheet, shift)
    for drawing in (*sheet._charts, *sheet._images):
        for corner in ("_from", "to"):
            marker = getattr(drawing.anchor, corner, None)
            if marker is not None:
                marker.row = shift.row(marker.row + 1) - 1


def _move_heights(sheet: Worksheet, shift: Shift) -> None:
    moved = {}
    for row, dimension in sorted(sheet.row_dimensions.items()):
        dimension.index = shift.row(row)
        moved[dimension.index] = dimension
    sheet.row_dimensions.clear()
    sheet.row_dimensions.update(moved)


def _move_rules(sheet: Worksheet, shift: Shift) -> None:
    rules: OrderedDict[ConditionalFormatting, list[Any]] = OrderedDict()
    for formatting, found in sheet.conditional_formatting._cf_rules.items():
        where = _range(str(formatting.sqref), shift)
        moved = ConditionalFormatting(where, pivot=formatting.pivot, cfRule=formatting.cfRule)
        rules.setdefault(moved, []).extend(found)
    sheet.conditional_formatting._cf_rules = rules


def _move_page(sheet: Worksheet, shift: Shift) -> None:
    if sheet.print_area:
        areas = re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", sheet.print_area)
        bare = [area.rpartition("!")[2].replace("$", "") for area in areas]
        sheet.print_area = [_range(area, shift) for area in bare]
    for brk in sheet.row_breaks.brk:
        brk.id = shift.row(brk.id)
    for view in sheet.views.sheetView:
        if view.topLeftCell:
            view.topLeftCell = _range(view.topLeftCell, shift, widens=False)
        for selection in view.selection:
            selection.activeCell = "A1" if view.pane is None else selection.activeCell
            selection.sqref = selection.activeCell


def _fill_in(sheet: Worksheet, shift: Shift, insertions: list[Insertion]) -> None:
    """Give every new row the looks, height, formulas and merges of its model."""
    for insertion in insertions:
        model = shift.row(insertion.model)
        first = shift.row(insertion.after) + 1
        pattern = {column: cell for (row, column), cell in sheet._cells.items() if row == model}
        across = [
            (m.min_col, m.max_col)
            for m in sheet.merged_cells.ranges
            if m.min_row == m.max_row == model and m.max_col > m.min_col
        ]
        for row in range(first, first + insertion.count):
            _copy_height(sheet, model, row)
            for column, cell in pattern.items():
                _copy_cell(sheet, cell, row, column)
            for left, right in across:
                sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)


def _copy_cell(sheet: Worksheet, model: Any, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    cell._style = copy(model._style)
    if isinstance(model, Cell) and model.data_type == "f" and isinstance(model.value, str):
        origin, target = (model.row, column - 1), (row, column - 1)
        cell.value = translated(model.value, origin=origin, target=target)


def _copy_height(sheet: Worksheet, model: int, row: int) -> None:
    if model not in sheet.row_dimensions:
        return
    pattern = sheet.row_dimensions[model]
    made = RowDimension(sheet, index=row, ht=pattern.ht, outlineLevel=pattern.outlineLevel)
    cast(Any, made)._style = copy(pattern._style)
    sheet.row_dimensions[row] = made
