"""From a raw sheet to a table of typed rows: the one entry that the rooms use."""

from __future__ import annotations

import re
from hashlib import sha256

from guatu.core.errors import Fault
from guatu.core.periods import parse_period
from guatu.core.yuan import UNITS
from guatu.engines.sheets.columns import Settler
from guatu.engines.sheets.errors import refuse
from guatu.engines.sheets.grid import Sheet, place_of
from guatu.engines.sheets.header import HeaderFinder
from guatu.engines.sheets.mapping import ColumnMapping
from guatu.engines.sheets.rows import CODE
from guatu.engines.sheets.subtotals import find_unnamed_sums
from guatu.engines.sheets.titles import Titles, read_titles, unit_in
from guatu.engines.sheets.types import FlagKind, Row, Table, shown
from guatu.engines.sheets.values import flag_short_codes
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.walk import Walk


def recognise(
    sheet: Sheet,
    vocabulary: Vocabulary,
    *,
    file: str,
    mapping: ColumnMapping | None = None,
    default_year: int | None = None,
    default_unit: str | None = None,
) -> Table | None:
    """Find the table of a sheet, its columns, rows and typed values (documents.md §2.1).

    `mapping` wins over recognition. `default_year` completes dates where the title has no
    year, `default_unit` (元 千元 万元 百万元 亿元) amounts where neither cell, header nor title
    has one. None when the sheet holds no table of projects. Never raises for what stands in
    cells: refused cells are in `faults`, doubts are flags on the values, and what concerns the
    whole table is in `questions`. Raises SheetsError `unknown-unit` for a bad `default_unit`.
    """
    if default_unit is not None and default_unit not in UNITS:
        remedy = f"可用{'、'.join(UNITS)}"
        raise refuse("unknown-unit", f"单位“{default_unit}”不认识", remedy, file=file)
    if mapping is not None and mapping.sheet not in (None, sheet.name):
        return None
    header = HeaderFinder(sheet, vocabulary, mapping).find()
    if header is None:
        return None
    titles = _with_name(read_titles(sheet, header.top, default_year), sheet.name)
    settler = Settler(header, titles, file=file, sheet=sheet.name)
    settler.settle(mapping, default_unit)
    year = titles.year or settler.year or default_year
    subtotals = mapping.subtotals if mapping is not None else ()
    walk = Walk(sheet, header, vocabulary, year=year, subtotals=subtotals)
    table = Table(file, sheet.name, (header.top, header.bottom), header.columns, walk.run())
    table.title = titles.title
    table.year = year
    table.as_of = titles.as_of
    table.period_hint = _nearest_period(titles.period, settler.period)
    table.unit = titles.unit
    table.questions = tuple(q for q in settler.questions if _still_asked(q, table))
    told = [_head_notice(row, table) for row in walk.taken_as_heads]
    table.notices = (*settler.notices, *told)
    find_unnamed_sums(table)
    _flag_codes(table)
    table.faults = tuple(_refused(table))
    return table


def _still_asked(question: Fault, table: Table) -> bool:
    """A column without a unit is no question where every amount in it carries its own."""
    if question.code != "unit-missing":
        return True
    column = place_of(question.cell)[1]
    return any(
        flag.code == "unit-missing" and value.column == column
        for _, value, flag in table.flagged(FlagKind.UNREADABLE)
    )


def _head_notice(row: Row, table: Table) -> Fault:
    what = f"第{row.line}行“{shown(row.label)}”按分类标题理解，没有当作项目"
    remedy = "如是项目，请把序号和项目名称分列填写"
    return Fault("taken-as-head", what, remedy, table.file, table.sheet, f"A{row.line}")


def header_signature(table: Table) -> str:
    """A stable digest of the header's words, without units, months and years.

    Next month's table of the same sender has the same one, so a remembered mapping is found.
    """
    words = "|".join(re.sub(r"\{[^}]*\}", "~", column.key) for column in table.columns)
    return sha256(words.encode()).hexdigest()[:32]


def _with_name(titles: Titles, name: str) -> Titles:
    """The sheet's name may carry the unit when nothing else does: 汇总表（万元）."""
    if titles.unit is not None or not re.search(r"元", name):
        return titles
    return Titles(titles.title, unit_in(name), titles.year, titles.as_of, titles.period)


def _nearest_period(title: str | None, header: str | None) -> str | None:
    """The title's period, unless it is only a year and the header names months of it."""
    if title is None or header is None:
        return title or header
    if len(title) == 4 and parse_period(header).year == int(title):
        return header
    return title


def _flag_codes(table: Table) -> None:
    if CODE not in table.fields:
        return
    rows = {row.number: row for row in table.data_rows}
    codes = [row.values[CODE] for row in rows.values() if CODE in row.values]
    for number, value in flag_short_codes(codes).items():
        rows[number].values[CODE] = value


def _refused(table: Table) -> list[Fault]:
    return [table.fault_of(value, flag) for _, value, flag in table.flagged(FlagKind.REFUSED)]
