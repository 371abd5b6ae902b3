"""From last month's workbook and this month's figures to the office's summary table."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.engines.sheets import load_vocabulary, read_workbook, recognise
from guatu.engines.sheets.errors import refuse
from guatu.engines.sheets.fill.columns import Role, fill_columns
from guatu.engines.sheets.fill.dating import dated_columns, month_of, retimer_of
from guatu.engines.sheets.fill.process import ask
from guatu.engines.sheets.fill.sheet import Orders, SheetFiller
from guatu.engines.sheets.fill.template import NAME, Looked, TemplateSheet
from guatu.engines.sheets.fill.totals import SumFiller
from guatu.engines.sheets.fill.types import (
    Filled,
    SummaryFigures,
    TemplateColumn,
    TemplateColumns,
)
from guatu.engines.sheets.grid import DEFAULT, Limits, Sheet, Workbook, cell_name
from guatu.engines.sheets.guard import guard
from guatu.engines.sheets.types import Table

_SAVE_AS = "请用Excel或WPS打开，另存为.xlsx后再用"
_LOSSES = {
    "shapes": "图形或文本框",
    "images": "图片",
    "extensions": "新版Excel的条件格式或数据验证",
    "sparklines": "迷你图",
}
LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet with a table of projects."""

    sheet: Sheet
    table: Table


def fill_template(
    path: Path, figures: SummaryFigures, *, name: str | None = None, limits: Limits = DEFAULT
) -> Filled:
    """Fill a template that lies in a file, see `fill_workbook`.

    Raises SheetsError `not-found` beside what that raises.
    """
    name = name or path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.upload_bytes + 1)
    except OSError as error:
        raise refuse("not-found", "表样打不开", "请检查文件是否存在", file=name) from error
    return fill_workbook(data, figures, name=name, limits=limits)


def fill_workbook(
    data: bytes, figures: SummaryFigures, *, name: str, limits: Limits = DEFAULT
) -> Filled:
    """Fill the office's own table (M-I2, office.md 3): its columns, order, formats and formulas.

    Every figure cell of a recognised column gets this month's value, exact and in the column's
    unit, or nothing, and is named; formulas stay, their ranges take in new rows. Missing projects
    are added at the end of their section in the sheet that lists most projects. Excel, WPS and
    LibreOffice recalculate when they open the file; formulas carry no stored values until then.

    Raises SheetsError: the guard's codes, those of `read_workbook`, `template-not-xlsx` (csv,
    xls, ods), `template-macros`, `no-table` and those of the child (`process.ask`).
    """
    book, found = _opened(data, name, figures.period, limits)
    shown = [sheet.name for sheet in book.sheets]
    looked, losses = ask(("look", data, shown), file=name, limits=limits)
    main = max(found, key=lambda one: len(one.table.data_rows))
    taken = {*shown, *book.hidden}
    all_orders: dict[str, Orders] = {}
    for one in found:
        cells, margins = looked[one.sheet.name]
        template = TemplateSheet(one.sheet, one.table, _looked(cells), margins)
        orders = _fill_sheet(template, figures, adds=one is main, taken=taken)
        all_orders[one.sheet.name] = orders
    request = {title: orders.as_request() for title, orders in all_orders.items()}
    (content,) = ask(("write", data, request), file=name, limits=limits)
    others = [s for s in book.sheets if s.name not in all_orders]
    left = [_left_alone(s, _looked(looked[s.name][0]), name) for s in others]
    filled = _result(content, list(all_orders.values()), _lost(losses, name), left)
    titles = {title: orders.rename for title, orders in all_orders.items() if orders.rename}
    return replace(filled, retitled=titles)


def template_columns(
    data: bytes, period: PeriodKey, *, name: str, limits: Limits = DEFAULT
) -> list[TemplateColumns]:
    """How a template's tables are understood, before anything is filled: what is read as what.

    Raises SheetsError as `fill_workbook` does.
    """
    _, found = _opened(data, name, period, limits)
    vocabulary = load_vocabulary()
    return [
        TemplateColumns(
            one.sheet.name,
            len(one.table.data_rows),
            tuple(
                TemplateColumn(
                    letters(column.index), column.label, column.field, column.role.value,
                    column.unit or "", column.why,
                )
                for column in fill_columns(one.table, vocabulary, period, same_year=True)
                if column.label.strip()
            ),
        )
        for one in found
    ]  # fmt: skip


def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    return cell_name(0, column).rstrip("0123456789")


def _opened(
    data: bytes, name: str, period: PeriodKey, limits: Limits
) -> tuple[Workbook, list[_Found]]:
    """The template as the reading engine sees it, and its tables of projects."""
    passed = guard(data, name=name, limits=limits)
    if passed.format != "xlsx":
        raise refuse("template-not-xlsx", f"表样是{passed.format}文件", _SAVE_AS, file=name)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if any(member.endswith("vbaProject.bin") for member in archive.namelist()):
            raise refuse("template-macros", "表样含有宏", _SAVE_AS, file=name)
    book = read_bytes(data, name=name, limits=limits)
    return book, _tables(list(book.sheets), name, period)


def read_bytes(data: bytes, *, name: str, limits: Limits = DEFAULT) -> Workbook:
    """A workbook that is at hand as bytes. Raises SheetsError as `read_workbook` does."""
    with tempfile.TemporaryDirectory(prefix="guatu-template-") as folder:
        path = Path(folder) / "template"
        path.write_bytes(data)
        return read_workbook(path, name=name, limits=limits)


def cells_of(
    data: bytes, sheets: list[str], *, name: str, limits: Limits = DEFAULT
) -> dict[str, dict[tuple[int, int], Looked]]:
    """What the cells of some sheets are made of: formulas and number formats, by sheet and place.

    Raises SheetsError as `process.ask` does.
    """
    looked, _ = ask(("look", data, sheets), file=name, limits=limits)
    return {title: _looked(cells) for title, (cells, _) in looked.items()}


def _tables(sheets: list[Sheet], name: str, period: PeriodKey) -> list[_Found]:
    vocabulary = load_vocabulary()
    found = []
    for sheet in sheets:
        table = recognise(sheet, vocabulary, file=name, default_year=period.last_on.year)
        if table is None or NAME not in table.fields or not table.data_rows:
            continue
        columns = fill_columns(table, vocabulary, period, same_year=True)
        if any(column.role in (Role.MONEY, Role.SHARE) for column in columns):
            found.append(_Found(sheet, table))
    if not found:
        raise refuse(
            "no-table",
            "表样里没有认出项目汇总表",
            "表头要有“项目名称”和投资、完成情况等列，下面要有项目行",
            file=name,
        )
    return found


def _looked(cells: list[tuple[int, int, str, str, str]]) -> dict[tuple[int, int], Looked]:
    return {(row, column): Looked(*rest) for row, column, *rest in cells}


def _fill_sheet(
    template: TemplateSheet, figures: SummaryFigures, *, adds: bool, taken: set[str]
) -> Orders:
    old = month_of(template.table)
    same_year = old is None or old[0] == figures.period.last_on.year
    columns = fill_columns(template.table, load_vocabulary(), figures.period, same_year=same_year)
    retimer = retimer_of(template.table, figures)
    if retimer is not None:
        columns = dated_columns(columns, retimer)
    filler = SheetFiller(template, figures, columns, retimer, adds=adds)
    if retimer is not None:
        title = retimer.sheet_name(template.name)
        if title != template.name and title not in taken and len(title) <= LONGEST_NAME:
            filler.orders.rename = title
            taken.add(title)
    orders = filler.fill()
    SumFiller(filler).fill()
    return orders


def _left_alone(sheet: Sheet, looked: dict[tuple[int, int], Looked], name: str) -> Fault | None:
    """A sheet without a table of projects whose typed numbers may be last month's."""
    has_numbers = any(
        isinstance(cell, int | float) and not isinstance(cell, bool)
        for (row, column), look in looked.items()
        if look.kind == "value"
        for cell in [sheet.cell(row, column)]
    )
    if not has_numbers:
        return None
    what = "没有认出项目表，原样保留，里面的数还是上期的"
    return Fault("sheet-unfilled", what, "请手工更新这张表", name, sheet.name)


def _lost(losses: list[str], name: str) -> list[Fault]:
    words = "、".join(_LOSSES[kind] for kind in losses if kind in _LOSSES)
    if not words:
        return []
    return [Fault("template-loses", f"表样里的{words}没有带过来", "请在填好的表里补上", name)]


def _result(
    content: bytes, orders: list[Orders], lost: list[Fault], left: list[Fault | None]
) -> Filled:
    return Filled(
        content,
        written=tuple(cell for one in orders for cell in one.written),
        added=tuple(row for one in orders for row in one.added),
        departed=tuple(row for one in orders for row in one.departed),
        renamed=tuple(dict.fromkeys(pair for one in orders for pair in one.renamed)),
        unfilled=(
            *lost,
            *(fault for one in orders for fault in one.unfilled),
            *(fault for fault in left if fault is not None),
        ),
        notices=tuple(fault for one in orders for fault in one.notices),
    )
