"""Which projects a sum of the template is about."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.core.yuan import UNITS
from guatu.engines.sheets.fill.columns import MONEY
from guatu.engines.sheets.fill.labels import Labels, is_everything
from guatu.engines.sheets.fill.matching import Matched
from guatu.engines.sheets.fill.sections import Section, is_head
from guatu.engines.sheets.rows import AMONG
from guatu.engines.sheets.types import Row, RowKind, Table


class Scopes:
    """The project rows that each sum adds up, as far as they can be told."""

    def __init__(
        self, table: Table, sections: dict[int, Section], matched: Matched, labels: Labels
    ) -> None:
        self._table = table
        self._sections = sections
        self._matched = matched
        self._labels = labels

    def of(self, row: Row) -> list[Row] | None:
        """The rows of a sum; None when it cannot be told (其中 of something unknown).

        A head sums what stands below it. Another sum is tried with what precedes it, what
        follows and everything, in the order its words suggest; last month's figures decide.
        """
        if is_head(row):
            return self._sections[row.number].everything()
        index = self._table.rows.index(row)
        if AMONG.match(row.label.strip()):
            return self._among(row, index)
        found = [rows for rows in self._candidates(row, index) if rows]
        if not found:
            return None
        return next((rows for rows in found if self._agrees(row, rows)), found[0])

    def _among(self, row: Row, index: int) -> list[Row] | None:
        """其中：新建项目 — the part of the sum above it that has the trait."""
        parent = next(
            (
                other
                for other in reversed(self._table.rows[:index])
                if other.kind in (RowKind.SUBTOTAL, RowKind.SECTION)
                and not AMONG.match(other.label.strip())
            ),
            None,
        )
        named = self._labels.any_value(row.label)
        if parent is None or named is None:
            return None
        trait, value = named
        return [
            one
            for one in self.of(parent) or []
            if one.number in self._matched.projects
            and self._matched.projects[one.number].traits.get(trait) == value
        ]

    def _candidates(self, row: Row, index: int) -> Iterator[list[Row]]:
        rows = self._table.rows
        everything = [other for other in rows if other.kind is RowKind.DATA]
        before = _until_sum(reversed(rows[:index]))
        after = _until_sum(iter(rows[index + 1 :]))
        if is_everything(row.label):
            yield everything
        named = self._labels.any_value(row.label)
        if named is not None:
            yield from (
                section.everything()
                for section in self._sections.values()
                if section.head is not None and self._labels.any_value(section.head.label) == named
            )
        yield before
        section = self._section_at(row)
        if section is not None:
            yield section.everything()
        yield after
        yield everything

    def _section_at(self, row: Row) -> Section | None:
        found = [s for s in self._sections.values() if s.path == row.section_path and s.path]
        above = [s for s in found if s.head is not None and s.head.number < row.number]
        return above[-1] if above else None

    def _agrees(self, row: Row, rows: list[Row]) -> bool:
        """Whether last month's amounts of the sum are those of the rows, as far as rounded."""
        compared = False
        for name in MONEY:
            printed = row.parsed(name)
            column = self._table.fields.get(name)
            if column is None or not isinstance(printed, int) or isinstance(printed, bool):
                continue
            total = sum(n for one in rows if isinstance(n := one.parsed(name), int))
            slack = UNITS.get(column.unit or "元", 1) * max(1, len(rows)) // 2
            if abs(printed - total) > slack:
                return False
            compared = compared or printed != 0
        return compared


def _until_sum(rows: Iterator[Row]) -> list[Row]:
    found = []
    for row in rows:
        if row.kind is RowKind.SECTION or (
            row.kind is RowKind.SUBTOTAL and not AMONG.match(row.label.strip())
        ):
            break
        if row.kind is RowKind.DATA:
            found.append(row)
    return found
