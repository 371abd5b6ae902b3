"""One list in many layouts, as offices really send them: heads, units, sections, sums, formats."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from guatu.core.yuan import UNITS
from guatu.engines.sheets import new_workbook
from tests.lists.sample import Item

Cell = str | int | float
Merge = tuple[int, int, int, int]
"""Top, left, bottom, right, counted from 0."""

NUMERALS = "一二三四五六七八九十"
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Layout:
    """How a list is written. `unit_in`: header, above, title, cell or sheet."""

    name: str
    suffix: str = ".xlsx"
    head_rows: int = 1
    unit: str = "万元"
    unit_in: str = "header"
    numbers: str = "number"
    labels: tuple[str, str, str, str] = (
        "项目名称",
        "年度计划投资",
        "本年累计完成投资",
        "年度计划完成率",
    )
    is_spaced: bool = False
    has_sections: bool = False
    total_at: str = ""
    encoding: str = "gb18030"


LAYOUTS = (
    Layout("一行表头，表头写万元"),
    Layout("两行合并表头，单位在表上方一行", head_rows=2, unit_in="above", total_at="top"),
    Layout(
        "三行合并表头，标题写亿元", head_rows=3, unit="亿元", unit_in="title", total_at="bottom"
    ),
    Layout("单位写在每个单元格里", unit_in="cell", numbers="text"),
    Layout(
        "分节、小计和合计",
        has_sections=True,
        total_at="bottom",
        labels=("工程名称", "年度投资计划", "1-9月完成投资", "投资完成率"),
    ),
    Layout(
        "数字是带千分位的文本，gb18030的csv",
        ".csv",
        unit="元",
        numbers="thousands",
        total_at="top",
    ),
    Layout("utf-8的csv，亿元", ".csv", unit="亿元", unit_in="above", encoding="utf-8-sig"),
    Layout("ods，两行合并表头", ".ods", head_rows=2, unit_in="above", total_at="bottom"),
    Layout("xls，数字是文本", ".xls", head_rows=2, unit_in="title", numbers="text"),
    Layout("xls，三行合并表头，分节", ".xls", head_rows=3, unit_in="above", has_sections=True),
    Layout(
        "字间有空格，数字是全角文本",
        is_spaced=True,
        numbers="full-width",
        unit_in="above",
        labels=("项目名称", "年度目标", "完成投资额", "完成率"),
    ),
    Layout("单位在工作表名里，百万元", unit="百万元", unit_in="sheet", total_at="bottom"),
)


@dataclass
class Grid:
    """Cells with merges; `sheet` is the name of the sheet."""

    sheet: str = "Sheet1"
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def write(folder: Path, layout: Layout, title: str, items: Sequence[Item]) -> Path:
    """The list in a layout as a file."""
    grid = lay_out(layout, title, items)
    path = folder / f"{title}{layout.suffix}"
    writer = {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods}.get(layout.suffix)
    if writer is not None:
        writer(path, grid)
    else:
        with path.open("w", encoding=layout.encoding, newline="") as stream:
            csv.writer(stream).writerows(grid.rows)
    return path


def lay_out(layout: Layout, title: str, items: Sequence[Item]) -> Grid:
    """Title, head and rows of a list in a layout."""
    grid = Grid()
    note = f"（单位：{layout.unit}）"
    grid.rows.append([f"{title}{note}" if layout.unit_in == "title" else title])
    if layout.unit_in == "above":
        grid.rows.append(["", "", "", "", "", f"单位：{layout.unit}"])
    if layout.unit_in == "sheet":
        grid.sheet = f"汇总表{note}"
    _head(grid, layout)
    grid.merges.append((0, 0, 0, len(_leaves(layout)) - 1))
    body = list(items)
    if any(item.is_sum for item in body):
        _classed_rows(grid, layout, body)
    else:
        _plain_rows(grid, layout, body)
    return grid


def _leaves(layout: Layout) -> list[str]:
    name, plan, done, rate = layout.labels
    unit = f"（{layout.unit}）" if layout.unit_in == "header" else ""
    return ["序号", name, "建设地点", "行业领域", f"{plan}{unit}", f"{done}{unit}", f"{rate}(%)"]


def _head(grid: Grid, layout: Layout) -> None:
    """One row of labels; or groups above them, merged across and down."""
    labels = [_spaced(label) if layout.is_spaced else label for label in _leaves(layout)]
    top, last = len(grid.rows), len(labels) - 1
    if layout.head_rows == 1:
        grid.rows.append([*labels])
        return
    empty = [""] * len(labels)
    heads: list[list[Cell]] = [[*empty] for _ in range(layout.head_rows)]
    for column in range(4):
        heads[0][column] = labels[column]
        grid.merges.append((top, column, top + layout.head_rows - 1, column))
    heads[0][4] = "投资情况"
    grid.merges.append((top, 4, top, last))
    if layout.head_rows == 3:
        heads[1][4] = "其中"
        grid.merges.append((top + 1, 4, top + 1, 5))
        heads[1][6] = labels[6]
        grid.merges.append((top + 1, 6, top + 2, 6))
        heads[2][4:6] = labels[4:6]
    else:
        heads[1][4:] = labels[4:]
    grid.rows += heads


def _spaced(label: str) -> str:
    return " ".join(label) if len(label) < 5 else f"{label[:2]} {label[2:]}"


def _plain_rows(grid: Grid, layout: Layout, items: list[Item]) -> None:
    """Numbered rows, by sections where the layout has them, with sums where it prints them."""
    total = Item("合计", _sum(items, "plan"), _sum(items, "done"), None, is_sum=True)
    if layout.total_at == "top":
        grid.rows.append(_row(layout, "", total))
    if layout.has_sections:
        for n, (sector, members) in enumerate(groupby(items, key=lambda item: item.sector)):
            rows = list(members)
            grid.rows.append([f"{NUMERALS[n]}、{sector}类"])
            grid.merges.append((len(grid.rows) - 1, 0, len(grid.rows) - 1, 6))
            grid.rows += [_row(layout, m, item) for m, item in enumerate(rows, start=1)]
            small = Item("小计", _sum(rows, "plan"), _sum(rows, "done"), None, is_sum=True)
            grid.rows.append(_row(layout, "", small))
    else:
        grid.rows += [_row(layout, m, item) for m, item in enumerate(items, start=1)]
    if layout.total_at == "bottom":
        grid.rows.append(_row(layout, "", total))


def _classed_rows(grid: Grid, layout: Layout, items: list[Item]) -> None:
    """A list with its own sums: classes numbered 一 二, projects from 1 in each class."""
    grand = next(item for item in items if item.is_grand)
    rows: list[list[Cell]] = []
    classes = number = 0
    for item in items:
        if item.is_grand:
            continue
        if item.is_sum:
            head = f"{NUMERALS[classes]}、" if layout.has_sections else ""
            serial = "" if layout.has_sections else NUMERALS[classes]
            rows.append(_row(layout, serial, item, head))
            classes, number = classes + 1, 0
        else:
            number += 1
            rows.append(_row(layout, number, item))
    total = _row(layout, "", grand)
    grid.rows += [*rows, total] if layout.total_at == "bottom" else [total, *rows]


def _sum(items: Sequence[Item], name: str) -> int:
    return sum(getattr(item, name) or 0 for item in items)


def _row(layout: Layout, serial: Cell, item: Item, head: str = "") -> list[Cell]:
    return [
        serial,
        f"{head}{item.name}",
        item.place,
        item.sector,
        _money(layout, item.plan),
        _money(layout, item.done),
        "" if item.rate is None else str(Decimal(item.rate.numerator) / item.rate.denominator),
    ]


def _money(layout: Layout, yuan: int | None) -> Cell:
    if yuan is None:
        return ""
    exact = Decimal(yuan) / UNITS[layout.unit]
    plain = f"{exact.normalize():f}"
    if layout.unit_in == "cell":
        return f"{plain}{layout.unit}"
    if layout.numbers == "number":
        return float(exact) if "." in plain else int(plain)
    if layout.numbers == "thousands":
        return f"{exact:,f}"
    return plain.translate(FULL_WIDTH) if layout.numbers == "full-width" else plain


def _xlsx(path: Path, grid: Grid) -> None:
    book = new_workbook(path)
    sheet = book.add_worksheet(grid.sheet)
    merged = {(top, left) for top, left, _, _ in grid.merges}
    for top, left, bottom, right in grid.merges:
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, _at(grid, top, left))
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            if cell != "" and (number, column) not in merged:
                sheet.write(number, column, cell)
    book.close()


def _xls(path: Path, grid: Grid) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet(grid.sheet)
    merged = {(top, left) for top, left, _, _ in grid.merges}
    for top, left, bottom, right in grid.merges:
        sheet.write_merge(top, bottom, left, right, _at(grid, top, left))
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            if cell != "" and (number, column) not in merged:
                sheet.write(number, column, cell)
    book.save(str(path))


def _ods(path: Path, grid: Grid) -> None:
    spans = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in grid.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    width = max(map(len, grid.rows))
    table = Table(name=grid.sheet)
    for number in range(len(grid.rows)):
        line = TableRow()
        for column in range(width):
            if (number, column) in covered:
                line.addElement(CoveredTableCell())
                continue
            bottom, right = spans.get((number, column), (number, column))
            line.addElement(_ods_cell(_at(grid, number, column), bottom - number, right - column))
        table.addElement(line)
    book = OpenDocumentSpreadsheet()
    book.spreadsheet.addElement(table)
    book.save(str(path))


def _ods_cell(value: Cell, down: int, across: int) -> TableCell:
    spans = {"numberrowsspanned": down + 1, "numbercolumnsspanned": across + 1}
    if isinstance(value, str):
        cell = TableCell(valuetype="string", **spans)
        cell.addElement(P(text=value))
        return cell
    cell = TableCell(valuetype="float", value=str(value), **spans)
    cell.addElement(P(text=str(value)))
    return cell


def _at(grid: Grid, row: int, column: int) -> Cell:
    cells = grid.rows[row]
    return cells[column] if column < len(cells) else ""
