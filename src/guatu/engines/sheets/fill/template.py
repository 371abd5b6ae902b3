"""A sheet of the template from both sides: as the reading engine understands it, and its cells
as openpyxl sees them (formulas, number formats)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from guatu.engines.sheets.grid import Cell, Merge, Place, Sheet
from guatu.engines.sheets.types import Row, RowKind, Table

NAME = "项目名称"


class Looked(NamedTuple):
    """What the cell is made of: `formula`, `array`, `value` or nothing, and its number format."""

    kind: str
    formula: str
    number_format: str


NOTHING = Looked("", "", "General")


@dataclass(slots=True)
class TemplateSheet:
    """One sheet with a recognised table. Places are counted from 0."""

    sheet: Sheet
    table: Table
    looked: dict[Place, Looked]
    margins: list[tuple[str, str, str]] = field(default_factory=list)
    _anchors: dict[Place, Merge] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for merge in self.sheet.merges:
            for row in range(merge.top, merge.bottom + 1):
                for column in range(merge.left, merge.right + 1):
                    self._anchors[row, column] = merge

    @property
    def name(self) -> str:
        """The sheet's name before anything changes."""
        return self.sheet.name

    def raw(self, row: int, column: int) -> Cell:
        """What stood in a cell; empty for None."""
        value = self.sheet.cell(row, column)
        return "" if value is None else value

    def look(self, row: int, column: int) -> Looked:
        """How the cell is made."""
        return self.looked.get((row, column), NOTHING)

    def formula(self, row: int, column: int) -> str | None:
        """The cell's formula, with its `=`."""
        found = self.look(row, column)
        return found.formula if found.kind == "formula" else None

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range that a cell lies in."""
        return self._anchors.get((row, column))

    def last_line(self, row: Row) -> int:
        """The last line of a project that takes several: merged names, joined problems."""
        bottom = max(row.number, row.last_number)
        column = self.table.fields.get(NAME)
        if column is not None and (merge := self.merge_at(row.number, column.index)):
            bottom = max(bottom, merge.bottom)
        return bottom

    def data_rows(self) -> list[Row]:
        """Rows of projects, without the sub-items of packages."""
        return [row for row in self.table.rows if row.kind is RowKind.DATA]

    def last_column(self) -> int:
        """The table's last column."""
        return max((column.index for column in self.table.columns), default=0)

    def formulas_of(self, row: int) -> Iterable[tuple[int, str]]:
        """Columns and formulas of one row, within the table."""
        for column in range(self.last_column() + 1):
            text = self.formula(row, column)
            if text is not None:
                yield column, text
