"""What the engine understands: values, columns, rows and tables. Plain values, no behaviour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from guatu.core.errors import Fault
from guatu.core.ratio import Ratio
from guatu.engines.sheets.grid import Cell, cell_name


class Kind(StrEnum):
    """What a canonical field holds."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    INT = "int"
    PERCENT = "percent"
    CODE = "code"
    CHOICE = "choice"
    BOOL = "bool"


class FlagKind(StrEnum):
    """How serious a flag is: told, asked, without a value, or refused."""

    NOTE = "note"
    DOUBTFUL = "doubtful"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


class Flag(NamedTuple):
    """One remark about a cell. `code` is stable and English, `what` and `remedy` Chinese."""

    code: str
    kind: FlagKind
    what: str
    remedy: str = ""


class Precision(StrEnum):
    """How exact a date was written; `on` is always the last day it can mean."""

    DAY = "day"
    TEN_DAY = "ten-day"
    MONTH = "month"
    YEAR = "year"


class DateValue(NamedTuple):
    """A date as promised in a table: 2025年6月 is 30 June with precision month."""

    on: date
    precision: Precision
    raw: str


Parsed = int | str | bool | Ratio | DateValue | None
"""Money is whole yuan, percentages are ratios (0.28 is `Ratio(28, 100)`), counts are integers."""


class Value(NamedTuple):
    """One cell of a data row: what stood there, what it means, and what is odd about it."""

    field: str
    raw: Cell
    parsed: Parsed
    flags: tuple[Flag, ...]
    row: int
    column: int
    unit: str | None

    @property
    def cell(self) -> str:
        """The cell's name in the sheet, such as `C12`."""
        return cell_name(self.row, self.column)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person must confirm it, supply it or mend it before it may be used."""
        return any(flag.kind is not FlagKind.NOTE for flag in self.flags)


class RowKind(StrEnum):
    """What a row of the table is."""

    DATA = "data"
    SUB_ITEM = "sub_item"
    SUBTOTAL = "subtotal"
    SECTION = "section"
    NOTE = "note"
    BLANK = "blank"


@dataclass(slots=True)
class Column:
    """One column of the header: its words, the field they mean (None: left aside), its unit."""

    index: int
    label: str
    key: str
    field: str | None = None
    kind: Kind | None = None
    unit: str | None = None
    unit_from: str = ""
    unit_column: int | None = None
    is_guess: bool = False
    is_percent: bool = False
    year: int | None = None
    months: tuple[int, int] | None = None
    until: int | None = None
    """Of a cumulative plan: the month it runs to from January; a table may have several."""
    claims: str | None = None
    """The field its words mean although another column was taken for it."""

    @property
    def slot(self) -> str:
        """The key of its values in a row: the field, with the month where a table has several."""
        field = self.field or ""
        return field if self.until is None else f"{field}（至{self.until}月）"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands, for messages of the rooms that take it in."""

    file: str
    sheet: str
    row: int
    name_cell: str = ""

    def fault(self, code: str, what: str, remedy: str = "", cell: str = "") -> Fault:
        """A fault at a cell of this row; without one, at the cell of the project's name."""
        return Fault(code, what, remedy, self.file, self.sheet, cell or self.name_cell)


@dataclass(slots=True)
class Row:
    """One row below the header. `number` counts from 0; `line` is what the user sees.

    `parent` is the `number` of the package row above a sub-item. `count` is the number printed
    in a subtotal such as 合计（3个）. `section_path` are the heads that stand above the row.
    """

    kind: RowKind
    number: int
    label: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    section_path: tuple[str, ...] = ()
    parent: int | None = None
    count: int | None = None
    last_number: int = -1

    @property
    def line(self) -> int:
        """The row's number in the sheet, from 1."""
        return self.number + 1

    @property
    def is_doubtful(self) -> bool:
        """Whether any of its values waits for a person."""
        return any(value.is_doubtful for value in self.values.values())

    def parsed(self, field: str) -> Parsed:
        """The parsed value of a field; None where there is none."""
        value = self.values.get(field)
        return None if value is None else value.parsed

    def text(self, field: str) -> str:
        """A field as text; empty where there is none."""
        parsed = self.parsed(field)
        return "" if parsed is None else str(parsed).strip()

    def whole(self, field: str) -> int | None:
        """A field as a whole number (yuan or a count); None where it holds none."""
        parsed = self.parsed(field)
        return parsed if isinstance(parsed, int) else None


@dataclass(slots=True)
class Table:
    """A recognised table. `header` is its first and last row (from 0).

    `questions` concern the table as a whole and want an answer (no unit, two columns of one
    sum); `notices` only tell (a column left aside). `faults` are cells that are refused.
    Doubtful and unreadable cells carry their flags in the rows.
    """

    file: str
    sheet: str
    header: tuple[int, int]
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)
    title: str = ""
    year: int | None = None
    as_of: DateValue | None = None
    period_hint: str | None = None
    unit: str | None = None
    questions: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def fields(self) -> dict[str, Column]:
        """The columns that mean something, by the key of their values (`Column.slot`)."""
        return {column.slot: column for column in self.columns if column.field is not None}

    @property
    def data_rows(self) -> list[Row]:
        """Projects: data rows and sub-items, in the order of the sheet."""
        return [row for row in self.rows if row.kind in (RowKind.DATA, RowKind.SUB_ITEM)]

    def place_of(self, row: Row) -> RowPlace:
        """Where a row stands; its name's cell speaks for it."""
        named = row.values.get("项目名称") or row.values.get("项目代码")
        cell = named.cell if named else f"A{row.line}"
        return RowPlace(self.file, self.sheet, row.line, cell)

    def asked_about(self, question: Fault) -> str | None:
        """The field that one of `questions` is about; None where it is about no single column."""
        for column in self.columns:
            if cell_name(self.header[1], column.index) == question.cell:
                return column.field or column.claims
        return None

    def fault_of(self, value: Value, flag: Flag) -> Fault:
        """A flag of one cell as a fault with its place."""
        what = f"{value.field}“{shown(value.raw)}”{flag.what}"
        return Fault(flag.code, what, flag.remedy, self.file, self.sheet, value.cell)

    def flagged(self, *kinds: FlagKind) -> Iterator[tuple[Row, Value, Flag]]:
        """Every flag of the given kinds on data rows and sub-items."""
        for row in self.data_rows:
            for value in row.values.values():
                for flag in value.flags:
                    if flag.kind in kinds:
                        yield row, value, flag


def shown(raw: Cell) -> str:
    """A cell as it is quoted in a message; what is left out there is marked."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    text = "" if raw is None else str(raw)
    return text if len(text) <= 30 else f"{text[:29]}…"
