"""Finding the header: which rows it has, and what each column means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guatu.engines.sheets.grid import Cell, Merge, Sheet
from guatu.engines.sheets.mapping import PERCENT, ColumnMapping
from guatu.engines.sheets.types import Column
from guatu.engines.sheets.values import text_of
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.wording import heading, normal_form

SEARCHED_ROWS = 15
DEEPEST = 3
NAME = "项目名称"
CODE = "项目代码"
META = re.compile(
    r"(?:填报|报送|制表|填表|上报|编制|金额|计量)?(?:单位|日期|时间|人|部门)\s*(?:[(（][^)）]*[)）])?\s*[:：]"
    r"|截[至止]|单位\s*[:：]|联系(?:人|电话)\s*[:：]"
)
NUMERIC = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of a header (from 0, inclusive) and its columns."""

    top: int
    bottom: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Score:
    fields: int
    paths: int
    has_name: bool


class HeaderFinder:
    """Looks for the block of one to three rows that explains most columns."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, mapping: ColumnMapping | None) -> None:
        self._sheet = sheet
        self._vocabulary = vocabulary
        self._mapping = mapping
        self._rows = min(len(sheet.rows), SEARCHED_ROWS + DEEPEST)
        if mapping is not None and mapping.header_rows is not None:
            self._rows = min(len(sheet.rows), max(self._rows, mapping.header_rows[1] + DEEPEST))
        self._width = max((len(row) for row in sheet.rows[: self._rows]), default=0)
        self._merged = self._merged_cells()
        self._text = [
            [self._text_at(row, column) for column in range(self._width)]
            for row in range(self._rows)
        ]

    def _merged_cells(self) -> dict[tuple[int, int], Merge]:
        return {
            (row, column): merge
            for merge in self._sheet.merges
            if merge.top < self._rows
            for row in range(merge.top, min(merge.bottom, self._rows - 1) + 1)
            for column in range(merge.left, min(merge.right, self._width - 1) + 1)
        }

    def _text_at(self, row: int, column: int) -> str:
        merge = self._merged.get((row, column))
        if merge is not None:
            row, column = merge.top, merge.left
        return text_of(self._sheet.cell(row, column))

    def find(self) -> Header | None:
        """The header, or None when no block names the projects and one thing about them."""
        if self._mapping is not None and self._mapping.header_rows is not None:
            first, last = self._mapping.header_rows
            if last > len(self._sheet.rows):
                return None
            return Header(first - 1, last - 1, self._columns(first - 1, last - 1))
        best: tuple[tuple[int, int, int], int, int] | None = None
        for top in range(min(self._rows, SEARCHED_ROWS)):
            for bottom in range(top, min(top + DEEPEST, self._rows)):
                if not self._looks_like_header(bottom):
                    break
                score = self._score(top, bottom)
                if not score.has_name or score.fields < 2:
                    continue
                if bottom > top and not self._adds(top, bottom, score):
                    continue
                rank = (score.fields, score.paths, bottom - top)
                if best is None or rank > best[0]:
                    best = (rank, top, bottom)
        if best is None:
            return None
        _, top, bottom = best
        bottom = self._extended(top, bottom)
        return Header(top, bottom, self._columns(top, bottom))

    def _looks_like_header(self, row: int) -> bool:
        """At least two different words, no figures, no 单位：… or 截至… line."""
        texts = {text for text in self._text[row] if text}
        # 截至10月底累计完成投资 may head a column; alone or in a pair it is a line of the title.
        if len(texts) < 2 or (len(texts) < 4 and any(META.search(text) for text in texts)):
            return False
        return not any(self._is_figure(row, column) for column in range(self._width))

    def _is_figure(self, row: int, column: int) -> bool:
        cell = self._sheet.cell(row, column)
        if isinstance(cell, str):
            return NUMERIC.fullmatch(cell.strip()) is not None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return not 1990 <= cell <= 2100
        return not isinstance(cell, str | bool | None)

    def _adds(self, top: int, bottom: int, score: _Score) -> bool:
        """Whether the top row belongs to the header and is not a line of the title."""
        if any(self._match((text,)) for text in set(self._text[top]) if text):
            return True
        if score.paths > self._score(top + 1, bottom).paths:
            return True
        return any(heading(text).unit for text in self._text[top] if text)

    def _match(self, path: tuple[str, ...]) -> str | None:
        if self._mapping is not None and (mapped := self._mapping.find(path)):
            return mapped.field or None
        match = self._vocabulary.match(path)
        return match.field if match else None

    def _score(self, top: int, bottom: int) -> _Score:
        found = set()
        paths = 0
        for column in range(self._width):
            path = self.path(top, bottom, column)
            if name := self._match(path):
                paths += name not in found and len(path) > 1 and self._match(path[-1:]) != name
                found.add(name)
        mapped = self._mapping is not None and len(found) > 1
        return _Score(len(found), paths, NAME in found or (mapped and CODE in found))

    def path(self, top: int, bottom: int, column: int) -> tuple[str, ...]:
        """The words of a column from top to leaf; parents without merges reach to the right."""
        parts: list[str] = []
        for row in range(top, bottom + 1):
            text = self._text[row][column]
            if not text and row < bottom:
                text = self._carried(row, bottom, column)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        return tuple(parts)

    def _carried(self, row: int, bottom: int, column: int) -> str:
        below = any(self._text[deeper][column] for deeper in range(row + 1, bottom + 1))
        if not below or (row, column) in self._merged:
            return ""
        for left in range(column - 1, -1, -1):
            if text := self._text[row][left]:
                merge = self._merged.get((row, left))
                if merge is not None and (merge.right > merge.left or merge.bottom > row):
                    return ""
                # A parent has words below it; 项目名称 with nothing below is no parent.
                parent = any(self._text[deeper][left] for deeper in range(row + 1, bottom + 1))
                return text if parent else ""
        return ""

    def _extended(self, top: int, bottom: int) -> int:
        for row in range(top, bottom + 1):
            for column in range(self._width):
                merge = self._merged.get((row, column))
                if merge is not None and merge.top >= top and merge.bottom - top < 6:
                    bottom = max(bottom, min(merge.bottom, self._rows - 1))
        return bottom

    def _columns(self, top: int, bottom: int) -> tuple[Column, ...]:
        columns = []
        for index in range(self._width):
            path = self.path(top, bottom, index)
            if path:
                columns.append(self._column(index, path))
        return tuple(columns)

    def _column(self, index: int, path: tuple[str, ...]) -> Column:
        words = [heading(text) for text in path]
        column = Column(index, "/".join(path), "/".join(part.key for part in words if part.key))
        for part in words:
            column.unit = part.unit or column.unit
            column.year = part.year or column.year
            column.months = part.months or column.months
            column.is_percent = part.is_percent or column.is_percent
        column.unit_from = "header" if column.unit else ""
        self._assign(column, path)
        if column.field is not None:
            column.kind = self._vocabulary.kind(column.field)
        return column

    def _assign(self, column: Column, path: tuple[str, ...]) -> None:
        mapped = self._mapping.find(path) if self._mapping is not None else None
        if mapped is not None:
            column.field = mapped.field or None
            if mapped.unit == PERCENT:
                column.is_percent = True
            elif mapped.unit:
                column.unit, column.unit_from = mapped.unit, "mapping"
            if mapped.unit_column:
                column.unit_column = self._column_of(mapped.unit_column)
            return
        if self._mapping is not None and self._mapping.only:
            return
        if match := self._vocabulary.match(path):
            column.field, column.is_guess = match.field, match.is_guess

    def _column_of(self, label: str) -> int | None:
        wanted = normal_form(label)
        for row in self._text:
            for index, text in enumerate(row):
                if normal_form(text) == wanted:
                    return index
        return None


def header_cells(sheet: Sheet, header: Header) -> list[tuple[str, ...]]:
    """The header's rows as they stand, to know them again where a page break repeats them."""
    last = max((column.index for column in header.columns), default=0)
    return [
        tuple(_plain(sheet.cell(row, column)) for column in range(last + 1))
        for row in range(header.top, header.bottom + 1)
    ]


def _plain(cell: Cell) -> str:
    return normal_form(text_of(cell))
