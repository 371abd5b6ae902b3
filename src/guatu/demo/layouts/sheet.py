"""A workbook in memory: what stands in which cell, before a file format is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value a spreadsheet program would have stored; None leaves it out."""

    text: str
    cached: int | float | None


Value = str | int | float | date | Formula | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the name of its style (see `writers.STYLES`)."""

    value: Value
    style: str = "text"


@dataclass(slots=True)
class Sheet:
    """Cells by zero-based (row, column); merges as (row, column, last row, last column)."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Value, style: str = "text") -> None:
        """Write one cell; None leaves a styled empty cell."""
        self.cells[row, column] = Cell(value, style)

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Merge a range of more than one cell around its top-left one."""
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns in use."""
        if not self.cells:
            return 0, 0
        corners = [(r, c) for r, c in self.cells] + [(r, c) for *_, r, c in self.merges]
        return max(r for r, _ in corners) + 1, max(c for _, c in corners) + 1


@dataclass(slots=True)
class Book:
    """Sheets in order."""

    sheets: list[Sheet]


def a1(row: int, column: int) -> str:
    """`a1(3, 4)` → `"E4"`."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
