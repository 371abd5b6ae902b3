"""How a table fills the text width and how high its rows are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from guatu.engines.gongwen.breaking import break_lines
from guatu.engines.gongwen.grid import CELL_MARGIN, SIZE_TABLE, TABLE_LINE, TABLE_ROW, TEXT_WIDTH
from guatu.engines.gongwen.types import HeadCell, Table


def column_widths(table: Table) -> tuple[int, ...]:
    """Widths in twips; together exactly the text width."""
    total = sum(column.share for column in table.columns)
    edges = [0]
    for column in table.columns:
        edges.append(edges[-1] + column.share)
    at = [edge * TEXT_WIDTH // total for edge in edges]
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
    taken: set[tuple[int, int]] = set()
    found: list[tuple[int, int, HeadCell]] = []
    for y, cells in enumerate(table.head):
        x = 0
        for cell in cells:
            while (y, x) in taken:
                x += 1
            found.append((y, x, cell))
            taken |= {(y + b, x + a) for a in range(cell.columns) for b in range(cell.rows)}
    return found
