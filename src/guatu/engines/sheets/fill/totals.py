"""Sums and formulas of a sheet after its lines: typed sums anew, formulas kept whole and true."""

from __future__ import annotations

import re
from collections.abc import Mapping

from guatu.core.periods import months_progress
from guatu.engines.sheets.fill.columns import FillColumn, Role
from guatu.engines.sheets.fill.formulas import (
    Changes,
    divisors,
    guarded,
    guards,
    minds_zero,
    names_cells,
    references,
    shifted,
    single_references,
    translated,
    with_constant,
    with_time_progress,
    without_error,
)
from guatu.engines.sheets.fill.habits import EMPTY, habit_of, text_cell, written
from guatu.engines.sheets.fill.lines import Line
from guatu.engines.sheets.fill.sections import is_head
from guatu.engines.sheets.fill.sheet import SheetFiller
from guatu.engines.sheets.fill.sums import Scopes
from guatu.engines.sheets.fill.types import (
    COUNT,
    COUNT_UNPACKED,
    GAP,
    PROGRESS,
    FieldValue,
    Missing,
    says_nothing,
)
from guatu.engines.sheets.grid import column_letters
from guatu.engines.sheets.types import Row, RowKind

_COUNTED = re.compile(r"(?<=[(（\[共])(\s*共?\s*)(\d+)(?=\s*(?:个|项|宗))")


class SumFiller:
    """The second pass over a sheet whose lines are filled."""

    def __init__(self, filler: SheetFiller) -> None:
        self.filler = filler
        self.template = filler.template
        self.lines = filler.lines
        self.orders = filler.orders
        self.changes = Changes({self.template.name: self.lines.shift})
        self.scopes = Scopes(
            self.template.table, filler.placing.by_row, filler.matched, filler.labels
        )
        self.nothing: dict[int, set[int]] = {}
        """Columns of a row of sums, by row of the template, whose sum is 0."""
        self.sum_rows = [
            row
            for row in self.template.table.rows
            if row.kind in (RowKind.SUBTOTAL, RowKind.SECTION)
        ]

    def fill(self) -> None:
        """Sums, then the share of the year in formulas, then guards against empty cells."""
        for row in self.sum_rows:
            self._fill_sum(row)
        self._move_time_progress()
        for line in self.lines.lines:
            if line.is_new:
                for column, text in self._formulas(line):
                    self.orders.cells[line.row, column] = ("formula", text)
        for line in self.lines.lines:
            self._guard(line)
        for row in self.sum_rows:
            self._guard(Line(self.lines.row(row.number), row))

    def formula_at(self, row: int, column: int) -> str | None:
        """The formula that an old row's cell has by now."""
        known = self.orders.cells.get((self.lines.row(row), column))
        if known is not None:
            return str(known[1]) if known[0] == "formula" else None
        text = self.template.formula(row, column)
        if text is None:
            return None
        return shifted(text, self.changes, sheet=self.template.name, row=row + 1)

    def _fill_sum(self, row: Row) -> None:
        rows = self.scopes.of(row)
        if rows is None:
            self._empty_sum(row)
            return
        section = self.filler.placing.by_row.get(row.number) if is_head(row) else None
        lines = self.lines.of_rows(rows, section)
        keys = [
            line.project.key
            for line in lines
            if line.project is not None and line.model.kind is RowKind.DATA
        ]
        totals = self.filler.figures.total_of(keys)
        self.nothing[row.number] = {
            column.index
            for column in self.filler.columns
            if column.role is Role.MONEY
            and (isinstance(value := totals.get(column.field), Missing) or not value)
        }
        self._fill_counts(row, rows, totals)
        for column in self.filler.columns:
            self._fill_cell(row, rows, column, totals, lines)

    def _empty_sum(self, row: Row) -> None:
        emptied = []
        for column in self.filler.columns:
            look = self.template.look(row.number, column.index)
            if column.is_figure and look.kind == "value":
                raw = self.template.raw(row.number, column.index)
                self.filler.put(self.lines.row(row.number), column, EMPTY, raw)
                emptied.append(column.index)
        if emptied:
            what = f"看不出“{row.label}”是哪些项目的合计，数字已清空"
            at = self.lines.row(row.number)
            self.orders.unfilled.append(
                self.filler.fault("sum-unclear", what, "请补填", at, emptied)
            )

    def _fill_counts(self, row: Row, rows: list[Row], totals: Mapping[str, FieldValue]) -> None:
        """临江区（38个）→（39个）, in whichever cell of the row it is printed."""
        for column in range(self.template.last_column() + 1):
            raw = self.template.raw(row.number, column)
            if not isinstance(raw, str) or not (match := _COUNTED.search(raw)):
                continue
            if self.template.look(row.number, column).kind != "value":
                continue
            new = self._count(int(match[2]), rows, totals)
            if new is None:
                what = f"“{raw.strip()}”里的个数和行数对不上，没有改"
                at = self.lines.row(row.number)
                self.orders.unfilled.append(
                    self.filler.fault("count-unclear", what, "请核对项目个数", at, [column])
                )
            elif str(new) != match[2]:
                text = f"{raw[: match.start(2)]}{new}{raw[match.end(2) :]}"
                self.orders.cells[self.lines.row(row.number), column] = text_cell(text)

    def _count(self, old: int, rows: list[Row], totals: Mapping[str, FieldValue]) -> int | None:
        """The new count by the way the old one was counted: as listed, or unpacked."""
        listed, unpacked = totals.get(COUNT), totals.get(COUNT_UNPACKED)
        if old == len(rows):
            return listed if isinstance(listed, int) else None
        if old in (self._unpacked(rows), self._unpacked_now(rows)):
            return unpacked if isinstance(unpacked, int) else None
        return None

    def _unpacked(self, rows: list[Row]) -> int:
        """As the template's own 子项目数 column counts."""
        return sum(max(1, n) if isinstance(n := row.parsed("子项目数"), int) else 1 for row in rows)

    def _unpacked_now(self, rows: list[Row]) -> int:
        projects = self.filler.matched.projects
        return sum(projects[r.number].parts if r.number in projects else 1 for r in rows)

    def _fill_cell(
        self,
        row: Row,
        rows: list[Row],
        column: FillColumn,
        totals: Mapping[str, FieldValue],
        lines: list[Line],
    ) -> None:
        look = self.template.look(row.number, column.index)
        at = self.lines.row(row.number)
        if look.kind in ("", "array"):
            return
        if look.kind == "formula" and names_cells(look.formula):
            if column.role is Role.MONEY:
                self._cover(row, column, lines)
                self._tell_nothing_known(row, column, totals)
            return
        raw = self.template.raw(row.number, column.index)
        value = self._total(column, rows, raw, totals)
        if column.role in (Role.MONEY, Role.SHARE, Role.COUNT, Role.STALE):
            if isinstance(value, Missing):
                what = f"“{row.label}”的{column.label}没有数（{value.why}）"
                self.orders.unfilled.append(
                    self.filler.fault("no-data", what, "", at, [column.index])
                )
            habit = habit_of(self.template, column, [r.number for r in self.sum_rows])
            mark = self.filler.habits[column.index].mark
            cell = written(value, column, habit._replace(mark=mark), raw, look)
            self.filler.put(at, column, cell, raw)

    def _total(
        self, column: FillColumn, rows: list[Row], raw: object, totals: Mapping[str, FieldValue]
    ) -> FieldValue:
        if column.role is Role.COUNT:
            old = int(raw) if isinstance(raw, int | float) else -1
            return self._count(old, rows, totals) or totals.get(COUNT)
        return totals.get(column.field)

    def _tell_nothing_known(
        self, row: Row, column: FillColumn, totals: Mapping[str, FieldValue]
    ) -> None:
        """A formula shows 0 where nothing at all was reported."""
        value = totals.get(column.field)
        if isinstance(value, Missing):
            what = f"“{row.label}”的{column.label}没有数（{value.why}），公式会显示0"
            at = self.lines.row(row.number)
            self.orders.unfilled.append(
                self.filler.fault("sum-of-nothing", what, "请核对", at, [column.index])
            )

    def _cover(self, row: Row, column: FillColumn, lines: list[Line]) -> None:
        """A sum that names the rows themselves must name the new ones too."""
        text = self.formula_at(row.number, column.index)
        new = [line.row + 1 for line in lines if line.is_new]
        if text is None or not new:
            return
        letters = column_letters(column.index)
        found = [r for r in references(text) if not r.prefix]
        named = [
            line.row + 1
            for line in lines
            if not line.is_new and any(r.holds(letters, line.row + 1) for r in found)
        ]
        open_rows = [n for n in new if not any(r.holds(letters, n) for r in found)]
        if not named or not open_rows:
            return
        singles = {r.first.row for r in found if r.last is None}
        at = self.lines.row(row.number)
        if singles.issuperset(named):
            more = "".join(f"+{letters}{n}" for n in open_rows)
            self.orders.cells[at, column.index] = ("formula", text + more)
            return
        what = (
            f"“{row.label}”的{column.label}公式没有包括新增的第{'、'.join(map(str, open_rows))}行"
        )
        self.orders.unfilled.append(
            self.filler.fault("sum-not-whole", what, "请改公式", at, [column.index])
        )

    def _move_time_progress(self) -> None:
        retimer = self.filler.retimer
        if retimer is None:
            return
        by_index = {column.index: column for column in self.filler.columns}
        for (row, column), look in self.template.looked.items():
            if look.kind != "formula":
                continue
            text = self.formula_at(row, column)
            if text is None:
                continue
            field = by_index[column].field if column in by_index else ""
            in_table = row > self.template.table.header[1] and field in (GAP, PROGRESS)
            if in_table:
                self._move_typed_share(text, retimer.old_month)
            new = self._with_share(text, retimer.old_month, in_table=in_table)
            if new is None or new == text:
                continue
            if new == "":
                what = "公式里的时间进度是固定数，本期的时间进度按各项目计划算，没有改"
                at = [column]
                self.orders.unfilled.append(
                    self.filler.fault("time-progress", what, "请改公式", self.lines.row(row), at)
                )
                continue
            self.orders.cells[self.lines.row(row), column] = ("formula", new)

    def _with_share(self, text: str, old_month: int, *, in_table: bool) -> str | None:
        """The formula with this month's share of the year; "" where there is no single one."""
        progress = self.filler.figures.time_progress
        probe = progress or months_progress(self.filler.figures.period)
        new = with_time_progress(text, old_month, probe)
        if new is None and in_table:
            new = with_constant(text, old_month, probe)
        return "" if new is not None and progress is None else new

    def _move_typed_share(self, text: str, old_month: int) -> None:
        """A gap may be taken from one cell above the table that holds 75 %."""
        progress = self.filler.figures.time_progress
        if progress is None:
            return
        for found in references(text):
            place = (found.first.row - 1, _index(found.first.column))
            if found.last is not None or found.prefix or place[0] >= self.template.table.header[0]:
                continue
            raw = self.template.raw(*place)
            if isinstance(raw, bool) or not isinstance(raw, int | float):
                continue
            for scale in (1, 100):
                if abs(raw - scale * old_month / 12) <= 0.0051 * scale:
                    value = scale * progress.numerator / progress.denominator
                    self.orders.cells[place] = ("number", value)

    def _guard(self, line: Line) -> None:
        """Formulas that would take an empty cell for 0, or divide by 0, show nothing instead."""
        blank = self._blank(line)
        for column, text in self._formulas(line):
            self._guard_division(line, column, text, blank)
        for _ in range(4):
            before = len(blank)
            if not blank:
                return
            for column, text in self._formulas(line):
                self._guard_cell(line, column, text, blank)
            if len(blank) == before:
                return

    def _guard_division(self, line: Line, column: int, text: str, blank: dict[str, str]) -> None:
        """A plan of 0 has no rate: the formula shows nothing, and what rests on it neither."""
        row = line.row + 1
        zero = [c for c in divisors(text, row) if c not in blank and self._is_nothing(line, c)]
        if not zero:
            return
        if not all(minds_zero(text, f"{c}{row}") for c in zero):
            self.orders.cells[line.row, column] = ("formula", without_error(text))
        blank[column_letters(column)] = ""

    def _is_nothing(self, line: Line, letters: str) -> bool:
        """Whether a cell of a line will be taken for 0."""
        index = _index(letters)
        if not line.is_new and index in self.nothing.get(line.model.number, ()):
            return True
        cell = self.orders.cells.get((line.row, index))
        if cell is not None:
            return cell[0] == "empty" or (cell[0] == "number" and not cell[1])
        if self.template.formula(line.model.number, index) is not None:
            return self._is_nothing_of_project(line, index)
        return line.is_new or self.template.raw(line.model.number, index) in ("", 0)

    def _is_nothing_of_project(self, line: Line, index: int) -> bool:
        """Whether the office's own formula for a figure of the project comes to 0."""
        column = next((c for c in self.filler.columns if c.index == index), None)
        if column is None or column.role is not Role.MONEY or line.project is None:
            return False
        value = line.project.values.get(column.field)
        return isinstance(value, Missing) or not value

    def _guard_cell(self, line: Line, column: int, text: str, blank: dict[str, str]) -> None:
        row = line.row + 1
        touched = [c for c in dict.fromkeys(single_references(text, row)) if c in blank]
        if not touched or column_letters(column) in blank:
            return
        blank[column_letters(column)] = ""
        bare = [f"{c}{row}" for c in touched if not guards(text, f"{c}{row}", blank[c])]
        if bare:
            self.orders.cells[line.row, column] = ("formula", guarded(text, bare))

    def _blank(self, line: Line) -> dict[str, str]:
        """Columns of a line that hold no number although they are about one, with their sign."""
        found: dict[str, str] = {}
        for column in self.filler.columns:
            if column.role not in (Role.MONEY, Role.SHARE, Role.STALE):
                continue
            cell = self.orders.cells.get((line.row, column.index))
            if cell is None or cell[0] not in ("empty", "text"):
                continue
            shown = str(cell[1] or "")
            if says_nothing(shown):
                found[column_letters(column.index)] = shown
        return found

    def _formulas(self, line: Line) -> list[tuple[int, str]]:
        found = []
        for column, _ in self.template.formulas_of(line.model.number):
            written_now = self.orders.cells.get((line.row, column))
            if written_now is not None:
                if written_now[0] == "formula":
                    found.append((column, str(written_now[1])))
                continue
            text = self.formula_at(line.model.number, column)
            if text is None:
                continue
            if line.is_new:
                origin = (self.lines.row(line.model.number) + 1, column)
                text = translated(text, origin=origin, target=(line.row + 1, column))
            found.append((column, text))
        return found


def _index(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
