"""How a table fills the text width and how high its rows are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from guatu.engines.gongwen.breaking import break_lines
from guatu.engines.gongwen.grid import (
    CELL_MARGIN,
    SIZE_TABLE,
    TABLE_LINE,
    TABLE_ROW,
    TEXT_WIDTH,
    cells,
)
from guatu.engines.gongwen.types import HeadCell, Table

_CAP = 24.0
"""Characters from which a longer text asks for no wider column: it is broken anyway."""


def fitted_shares(
    rows: Sequence[Sequence[str]], heads: Sequence[str], most: float = _CAP
) -> tuple[int, ...]:
    """Column shares from content: figures stay on one line, words get what is left.

    First every column of figures gets its longest cell and heads of at least two characters; what
    is left goes to the columns of words, as their longest texts ask. In hundredths of a character.
    """
    margin = 2 * CELL_MARGIN / (20 * SIZE_TABLE)
    columns = list(zip(*rows, strict=True)) or [()] * len(heads)
    longest = [max((cells(one) for one in column), default=0.0) for column in columns]
    has_words = [any(map(_is_words, column)) for column in columns]
    widths = [
        0.0 if words else max(width, 2.0) + 0.3 + margin
        for width, words in zip(longest, has_words, strict=True)
    ]
    free = TEXT_WIDTH / (20 * SIZE_TABLE) - sum(widths)
    asked = [
        min(width, most) if words else 0.0 for width, words in zip(longest, has_words, strict=True)
    ]
    # Two lines of a name are enough; the rest keeps heads of three characters whole.
    spare = max(0.0, free - sum(asked) / 2 - 1)
    for at, head in enumerate(heads):
        more = min(spare, max(0.0, min(cells(head), 3.0) + margin + 0.1 - widths[at]))
        if not has_words[at]:
            widths[at] += more
            spare, free = spare - more, free - more
    if sum(asked):
        widths = [
            width + max(free, 1) * part / sum(asked)
            for width, part in zip(widths, asked, strict=True)
        ]
    return tuple(max(1, round(100 * width)) for width in widths)


def _is_words(text: str) -> bool:
    """Whether a cell may be broken: longer than what stands in a column of figures."""
    return cells(text) > 4.5 and not any(sign.isdigit() for sign in text[-2:])


def lowest_heads(head: Sequence[Sequence[HeadCell]]) -> tuple[str, ...]:
    """The lowest head over each column."""
    found: dict[int, str] = {}
    for _, x, cell in _positions(head):
        if cell.columns == 1:
            found[x] = cell.text
    return tuple(found[at] for at in sorted(found))


def column_widths(table: Table, width: int = TEXT_WIDTH) -> tuple[int, ...]:
    """Widths in twips; together exactly `width`."""
    total = sum(column.share for column in table.columns)
    edges = [0]
    for column in table.columns:
        edges.append(edges[-1] + column.share)
    at = [edge * width // total for edge in edges]
    return tuple(b - a for a, b in pairwise(at))


def _cell_height(text: str, cell_width: int) -> int:
    lines = break_lines(text, available=cell_width - 2 * CELL_MARGIN, size=SIZE_TABLE, spacing=0)
    return max(TABLE_ROW, len(lines) * TABLE_LINE)


@lru_cache(maxsize=16)
def table_heights(table: Table) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Heights of the head rows and of the body rows, in twips."""
    widths = column_widths(table)
    rows = tuple(
        max(_cell_height(text, width) for text, width in zip(row.cells, widths, strict=True))
        for row in table.rows
    )
    return _head_heights(table, widths), rows


def _head_heights(table: Table, widths: Sequence[int]) -> tuple[int, ...]:
    heights = [TABLE_ROW] * len(table.head)
    for y, x, cell in head_positions(table):
        wanted = _cell_height(cell.text, sum(widths[x : x + cell.columns]))
        # What a merged cell lacks is given to its last row, as word processors do.
        missing = wanted - sum(heights[y : y + cell.rows])
        if missing > 0:
            heights[y + cell.rows - 1] += missing
    return tuple(heights)


def head_positions(table: Table) -> list[tuple[int, int, HeadCell]]:
    """Row, column and cell of each head cell, spans taken into account."""
    return _positions(table.head)


def _positions(head: Sequence[Sequence[HeadCell]]) -> list[tuple[int, int, HeadCell]]:
    taken: set[tuple[int, int]] = set()
    found: list[tuple[int, int, HeadCell]] = []
    for y, row in enumerate(head):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            found.append((y, x, cell))
            taken |= {(y + b, x + a) for a in range(cell.columns) for b in range(cell.rows)}
    return found
