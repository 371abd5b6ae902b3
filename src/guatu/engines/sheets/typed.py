"""The cells of one row as typed values: units from a column beside, cells whose value is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from guatu.engines.sheets import flags
from guatu.engines.sheets.grid import Cell, Sheet
from guatu.engines.sheets.types import Column, Value
from guatu.engines.sheets.values import ValueReader, text_of, value_reader
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.wording import UNIT_WORDS

Reader = tuple[int, str, ValueReader]


class RowReader:
    """Reads the understood columns of any row. `lost` are the rows with cells without a value."""

    def __init__(
        self, sheet: Sheet, columns: Sequence[Column], vocabulary: Vocabulary, *, year: int | None
    ) -> None:
        self._sheet = sheet
        self._readers: list[Reader] = []
        self._by_unit: dict[int, dict[str, ValueReader]] = {}
        self._unit_columns: dict[int, int] = {}
        for column in columns:
            reader = value_reader(column, vocabulary, year=year)
            self._readers.append((column.index, column.slot, reader))
            if column.unit_column is not None:
                self._by_unit[column.index] = _readers_by_unit(column, vocabulary)
                self._unit_columns[column.index] = column.unit_column
        self.lost = {place[0] for place in sheet.uncached | sheet.broken}

    def values(self, number: int, cells: list[Cell]) -> dict[str, Value]:
        """The values of a row by field; empty cells have none."""
        width = len(cells)
        values = {
            field: read(cell, number)
            for index, field, read in self._readers
            if index < width and (cell := cells[index]) != "" and cell is not None
        }
        if self._unit_columns:
            self._apply_units(number, cells, values)
        if number in self.lost:
            self._mark_lost(number, values)
        return values

    def _apply_units(self, number: int, cells: list[Cell], values: dict[str, Value]) -> None:
        for index, field, _ in self._readers:
            unit_column = self._unit_columns.get(index)
            if unit_column is not None and field in values:
                reader = self._by_unit[index].get(word_at(cells, unit_column))
                if reader is not None:
                    values[field] = reader(cells[index], number)

    def _mark_lost(self, number: int, values: dict[str, Value]) -> None:
        for index, field, _ in self._readers:
            if (number, index) in self._sheet.uncached:
                mark = flags.NO_CACHED_VALUE
            elif (number, index) in self._sheet.broken:
                mark = flags.CELL_ERROR
            else:
                continue
            values[field] = Value(field, "", None, (mark,), number, index, None)


def _readers_by_unit(column: Column, vocabulary: Vocabulary) -> dict[str, ValueReader]:
    return {
        unit: value_reader(replace(column, unit=unit), vocabulary, year=None)
        for unit in UNIT_WORDS.split("|")
    }


def word_at(cells: list[Cell], index: int | None) -> str:
    """The words in a column of a row; empty where there is no such column."""
    if index is None or index >= len(cells):
        return ""
    cell = cells[index]
    return cell.strip() if type(cell) is str else text_of(cell)
