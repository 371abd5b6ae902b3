"""The raw grid: a workbook as rows of plain cells, before anything is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from guatu.core.errors import Fault

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What one cell holds. `""` and `None` are both an empty cell."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

ASIDE = "_guatu"
"""The one hidden sheet that is read: what a program of ours left for itself in a workbook."""

Place = tuple[int, int]
"""Row and column, both counted from 0."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, corners inclusive, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet. `rows[r][c]` is the cell in row r+1, column c+1 of the paper.

    Rows may differ in length. `uncached` are formula cells whose value was never computed,
    `broken` are cells that show an Excel error such as #REF!; both read as empty.
    """

    name: str
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    uncached: frozenset[Place] = frozenset()
    broken: frozenset[Place] = frozenset()

    def __post_init__(self) -> None:
        """Leave out the signs that no database text and no XML holds, NUL above all."""
        for line in self.rows:
            for column, cell in enumerate(line):
                if type(cell) is str and not cell.isprintable() and _CONTROL.search(cell):
                    line[column] = _CONTROL.sub("", cell)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place; an empty text outside the grid."""
        if 0 <= row < len(self.rows):
            line = self.rows[row]
            if 0 <= column < len(line):
                return line[column]
        return ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that passed the guard and was read: its visible sheets and what to tell about it.

    `format` is `xlsx`, `xls`, `ods` or `csv`. `faults` are warnings (formulas without values,
    cells with errors); they do not stop the reading.
    """

    name: str
    format: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    aside: Sheet | None = None
    """The sheet named `ASIDE`, hidden or not; it is never among `sheets`."""
    data: bytes = field(default=b"", repr=False, compare=False)
    """What was read: the very bytes, for whoever keeps them."""

    def renamed(self, name: str) -> Workbook:
        """The same workbook under the name that users know it by."""
        return replace(
            self, name=name, faults=tuple(replace(fault, file=name) for fault in self.faults)
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of us (trust.md C-15). Sizes in bytes, times in seconds."""

    upload_bytes: int = 20 * 1024 * 1024
    inflated_bytes: int = 200 * 1024 * 1024
    ratio: int = 100
    ratio_from_bytes: int = 1024 * 1024
    members: int = 2_000
    rows: int = 50_000
    columns: int = 200
    cpu_seconds: int = 60
    wall_seconds: float = 60.0
    memory_bytes: int = 1_500_000_000


DEFAULT = Limits()


@dataclass(slots=True)
class SheetFacts:
    """What the guard saw in one sheet while it counted: things the reader cannot tell."""

    name: str = ""
    uncached: list[Place] = field(default_factory=list)
    zeroed: list[Place] = field(default_factory=list)
    broken: list[Place] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def column_letters(column: int) -> str:
    """`0` → `A`, `26` → `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """`(2, 1)` → `B3`, as the spreadsheet shows it."""
    return f"{column_letters(column)}{row + 1}"


def place_of(reference: str) -> Place:
    """`B3` → `(2, 1)`. Raises ValueError for anything else."""
    letters = reference.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or letters == reference:
        raise ValueError(reference)
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1
