"""Filling one sheet: every decision is made here, from values; the child only carries it out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.core.errors import Fault
from guatu.engines.sheets.fill.columns import THIS_YEAR, FillColumn, Role, column_faults
from guatu.engines.sheets.fill.dating import changed_margins, changed_texts, stale_remarks
from guatu.engines.sheets.fill.formulas import names_cells, references
from guatu.engines.sheets.fill.habits import EMPTY, Habit, Written, habit_of, text_cell, written
from guatu.engines.sheets.fill.labels import Labels
from guatu.engines.sheets.fill.lines import Line, Lines, lines_of
from guatu.engines.sheets.fill.matching import match_rows, name_of
from guatu.engines.sheets.fill.numbering import Numbered, counting_of, renumbered
from guatu.engines.sheets.fill.remark import has_whole_sum, note_cell, with_remark
from guatu.engines.sheets.fill.retime import Retimer
from guatu.engines.sheets.fill.sections import Placing, Section
from guatu.engines.sheets.fill.template import TemplateSheet
from guatu.engines.sheets.fill.types import (
    AddedRow,
    FieldValue,
    FillProject,
    Missing,
    SummaryFigures,
    WrittenCell,
    says_nothing,
)
from guatu.engines.sheets.grid import Cell, cell_name
from guatu.engines.sheets.money import is_empty
from guatu.engines.sheets.types import DateValue, Row, RowKind


@dataclass(slots=True)
class Orders:
    """What the child is to do with a sheet, and what there is to tell about it."""

    insertions: list[tuple[int, int, int]] = field(default_factory=list)
    growing: set[tuple[int, int]] = field(default_factory=set)
    cells: dict[tuple[int, int], Written] = field(default_factory=dict)
    margins: list[tuple[str, str, str]] = field(default_factory=list)
    fits: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    rename: str = ""
    written: list[WrittenCell] = field(default_factory=list)
    added: list[AddedRow] = field(default_factory=list)
    departed: list[AddedRow] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    unfilled: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    def as_request(self) -> dict[str, Any]:
        """The same in plain values, for the child."""
        return {
            "insert": self.insertions,
            "grow": [list(at) for at in sorted(self.growing)],
            "cells": [(row, column, *value) for (row, column), value in self.cells.items()],
            "margins": self.margins,
            "fit": [(row, columns) for row, columns in self.fits.items()],
            "rename": self.rename,
        }


class SheetFiller:
    """One pass over one sheet. `adds`: whether missing projects get rows here."""

    def __init__(
        self,
        template: TemplateSheet,
        figures: SummaryFigures,
        columns: list[FillColumn],
        retimer: Retimer | None,
        *,
        adds: bool,
    ) -> None:
        self.template = template
        self.figures = figures
        self.columns = columns
        self.retimer = retimer
        self.labels = Labels(figures)
        self.matched = match_rows(template, figures)
        self.placing = Placing(template, self.matched, self.labels)
        taken = {project.key for project in self.matched.projects.values()}
        newcomers = [p for p in figures.projects if adds and p.key not in taken]
        self.lines: Lines = lines_of(template, self.matched, self.placing, newcomers)
        self.habits = self._habits()
        self.orders = Orders(self.lines.insertions, self.lines.growing)

    def fill(self) -> Orders:
        """Write lines, numbers and dates; sums and formulas follow in `SumFiller`."""
        self.orders.notices += self.matched.notices
        for line in self.lines.lines:
            if line.project is not None:
                self._fill_line(line, line.project)
        self._empty_lines()
        self._tell_unplaced()
        self._number()
        self._date()
        self._remark()
        content = {c.index: self._has_content(c) for c in self.columns}
        unfilled, told = column_faults(
            self.columns, self.template.table, self.title, has_content=content
        )
        self.orders.unfilled += unfilled
        self.orders.notices += told
        return self.orders

    def fault(
        self, code: str, what: str, remedy: str, row: int, columns: list[int] | None = None
    ) -> Fault:
        """A fault at cells of the filled sheet (from 0)."""
        at = columns or [self.name_column]
        cells = "、".join(cell_name(row, column) for column in at)
        return Fault(code, what, remedy, "", self.title, cells)

    @property
    def title(self) -> str:
        """The sheet's name in the filled workbook."""
        return self.orders.rename or self.template.name

    @property
    def name_column(self) -> int:
        """Where the projects' names stand."""
        return self.template.table.fields["项目名称"].index

    def _has_content(self, column: FillColumn) -> bool:
        """Whether last month's content would be wrong or missed: any text in a kept column."""
        if column.role is Role.IDENTITY:
            return True
        cells = [self.template.raw(row.number, column.index) for row in self.template.data_rows()]
        if column.role is Role.KEPT:
            return any(not isinstance(cell, str) or not says_nothing(cell) for cell in cells)
        return any(isinstance(cell, int | float) for cell in cells)

    def _habits(self) -> dict[int, Habit]:
        rows = [row.number for row in self.template.data_rows()]
        found = {c.index: habit_of(self.template, c, rows) for c in self.columns}
        for column in self.columns:
            if column.role is Role.TEXT:
                found[column.index] = Habit(self._unreported_words(column))
        return found

    def _unreported_words(self, column: FillColumn) -> str:
        """What the office writes where a unit has not reported: 本月未报."""
        figure = next((c.index for c in self.columns if c.field == THIS_YEAR), None)
        if figure is None:
            return ""
        words: Counter[str] = Counter()
        for row in self.template.data_rows():
            raw, text = (self.template.raw(row.number, i) for i in (figure, column.index))
            if isinstance(raw, str) and is_empty(raw.strip()) and isinstance(text, str):
                words[text.strip()] += "未报" in text
        return words.most_common(1)[0][0] if words and max(words.values()) > 0 else ""

    def put(self, row: int, column: FillColumn, value: Written, before: Cell) -> None:
        """Write a cell of the filled sheet and remember whether it is another than before."""
        self.orders.cells[row, column.index] = value
        shown = date.fromordinal(int(value[1] or 0)).isoformat() if value[0] == "date" else value[1]
        is_changed = (shown if shown is not None else "") != before
        place = cell_name(row, column.index)
        name = column.field or column.label
        self.orders.written.append(WrittenCell(self.title, place, name, shown, is_changed))

    def _fill_line(self, line: Line, project: FillProject) -> None:
        missing: dict[str, list[FillColumn]] = defaultdict(list)
        for column in self.columns:
            value = self._value(column, project, line)
            if value is _LEAVE or not self._is_writable(line, column, project):
                continue
            if self.keeps_formula(line.model.number, column):
                continue
            if isinstance(value, Missing):
                missing[value.why].append(column)
            raw = "" if line.is_new else self.template.raw(line.model.number, column.index)
            look = self.template.look(line.model.number, column.index)
            cell = written(value, column, self.habits[column.index], raw, look)
            self.put(line.row, column, cell, raw)
            if cell[0] == "text":
                self.orders.fits[line.row].append(column.index)
        self._empty_below(line)
        for why, columns in missing.items():
            if columns:
                names = "、".join(column.label for column in columns)
                what = f"“{project.name}”的{names}没有数（{why}）"
                at = [column.index for column in columns]
                self.orders.unfilled.append(self.fault("no-data", what, "", line.row, at))
        if line.is_new:
            self._tell_added(line, project)

    def _tell_added(self, line: Line, project: FillProject) -> None:
        self.orders.added.append(AddedRow(self.title, line.row + 1, project.name))
        bare = [
            column
            for column in self.columns
            if column.role is Role.IDENTITY
            and self.orders.cells.get((line.row, column.index), EMPTY) == EMPTY
            and self._is_usual(column)
        ]
        if bare:
            names = "、".join(column.label for column in bare)
            what = f"新增的“{project.name}”没有填{names}（定版数据里没有）"
            at = [column.index for column in bare]
            self.orders.unfilled.append(
                self.fault("added-row-incomplete", what, "请补填", line.row, at)
            )

    def _is_usual(self, column: FillColumn) -> bool:
        """Whether most projects of the template have something in a column."""
        rows = self.template.data_rows()
        told = sum(self.template.raw(row.number, column.index) != "" for row in rows)
        return told * 2 >= len(rows)

    def _value(self, column: FillColumn, project: FillProject, line: Line) -> Any:
        """What a column wants to show of a project; `_LEAVE` when its cell stays."""
        match column.role:
            case Role.IDENTITY if line.is_new:
                return project.identity.get(column.field, _LEAVE)
            case Role.COUNT if line.is_new:
                return project.parts if project.parts > 1 else None
            case Role.STALE:
                return None
            case Role.DATE:
                value = project.values.get(column.field)
                return _LEAVE if value is None or self._says(line, column, value) else value
            case Role.MONEY | Role.SHARE | Role.TEXT:
                return project.values.get(column.field)
        return _LEAVE

    def _says(self, line: Line, column: FillColumn, value: FieldValue) -> bool:
        """Whether a date cell means the day already, perhaps less exactly (2026年6月)."""
        if line.is_new:
            return False
        parsed = line.model.parsed(column.field)
        return isinstance(parsed, DateValue) and parsed.on == getattr(value, "on", value)

    def keeps_formula(self, row: int, column: FillColumn) -> bool:
        """Whether a template cell computes its value from its own row, as it will go on to do."""
        look = self.template.look(row, column.index)
        if look.kind == "array":
            return True
        if look.kind != "formula" or not names_cells(look.formula):
            return False
        if column.role is not Role.MONEY:
            return True
        found = references(look.formula)
        own = {reference.first.row for reference in found} | {
            reference.last.row for reference in found if reference.last is not None
        }
        return own == {row + 1} and all(not reference.prefix for reference in found)

    def _is_writable(self, line: Line, column: FillColumn, project: FillProject) -> bool:
        """Whether the cell is the project's own, not part of one merged over several."""
        if line.is_new:
            return True
        row = line.model.number
        merge = self.template.merge_at(row, column.index)
        if merge is None:
            return True
        is_own = (merge.top, merge.left) == (row, column.index)
        if is_own and merge.bottom <= self.template.last_line(line.model):
            return True
        if column.role in (Role.IDENTITY, Role.SERIAL, Role.DATE):
            return False
        if is_own:
            self.put(line.row, column, EMPTY, self.template.raw(row, column.index))
        what = f"“{project.name}”的{column.label}在合并单元格里，没有填"
        self.orders.unfilled.append(
            self.fault("merged-cell", what, "请拆分合并单元格后补填", line.row, [column.index])
        )
        return False

    def _empty_below(self, line: Line) -> None:
        """Further lines of a project (one a problem): the first one says it all now."""
        if line.is_new:
            return
        for number in range(line.model.number + 1, self.template.last_line(line.model) + 1):
            for column in self.columns:
                is_free = self.template.merge_at(number, column.index) is None
                if is_free and (column.is_figure or column.role is Role.TEXT):
                    self._empty(number, column)

    def _empty(self, number: int, column: FillColumn) -> None:
        raw = self.template.raw(number, column.index)
        if raw != "" and self.template.look(number, column.index).kind == "value":
            self.put(self.lines.row(number), column, EMPTY, raw)

    def _empty_lines(self) -> None:
        """Rows without a project of the run: they stay, last month's figures go."""
        reasons = (
            (self.matched.departed, "project-left",
             "不在本期定版数据里，本行保留、数字已清空",
             "如已退出清单请删去本行，如改了名请改用清单里的名称"),
            (self.matched.doubled, "row-repeated",
             "在表样里重复，本行数字已清空", "请删去重复的行"),
            (self.matched.ambiguous, "name-ambiguous",
             "有几个同名项目，分不清是哪一个，数字已清空", "请在表样里加上项目代码或所属地区"),
        )  # fmt: skip
        for rows, code, what, remedy in reasons:
            for row in rows:
                self._empty_row(row)
                at = self.lines.row(row.number)
                text = f"“{name_of(row)}”{what}"
                self.orders.unfilled.append(self.fault(code, text, remedy, at))
                self.orders.departed.append(AddedRow(self.title, at + 1, name_of(row)))
        emptied = [row for row in self.matched.parts if self._empty_row(row)]
        if emptied:
            lines = "、".join(str(self.lines.row(row.number) + 1) for row in emptied)
            what = f"第{lines}行是打包项目的子项目，定版数据里没有单独的数，已清空"
            first = self.lines.row(emptied[0].number)
            self.orders.unfilled.append(self.fault("part-without-figures", what, "", first))

    def _empty_row(self, row: Row) -> bool:
        before = len(self.orders.written)
        for number in range(row.number, self.template.last_line(row) + 1):
            for column in self.columns:
                merge = self.template.merge_at(number, column.index)
                is_own = merge is None or (merge.top, merge.left) == (number, column.index)
                if is_own and (column.is_figure or column.role is Role.TEXT):
                    self._empty(number, column)
        return len(self.orders.written) > before

    def _tell_unplaced(self) -> None:
        for project, why in self.lines.unplaced:
            what = f"“{project.name}”没有加进表里（{why}）"
            remedy = "请在表样里加上这一组的标题行后重做，或手工补一行"
            self.orders.unfilled.append(Fault("not-placed", what, remedy, "", self.title))

    def _number(self) -> None:
        column = next((c for c in self.columns if c.role is Role.SERIAL), None)
        lines = [line for line in self.lines.lines if line.model.kind is RowKind.DATA]
        if column is None or not any(line.is_new for line in lines):
            return
        numbered = [self._numbered(line, column) for line in lines]
        old = [one for one, line in zip(numbered, lines, strict=True) if not line.is_new]
        way = counting_of(old)
        if way is None:
            for line in lines:
                if line.is_new:
                    what = "表样的序号没有规律，新增行没有编号"
                    at = [column.index]
                    self.orders.unfilled.append(
                        self.fault("serial-unclear", what, "请补填序号", line.row, at)
                    )
            return
        sample = next(one.raw for one in old)
        if any(self.template.formula(line.model.number, column.index) for line in lines):
            # =ROW()-5 and =A9+1 count wrongly once rows stand between: plain numbers do not.
            for one in numbered:
                one.raw = ""
        for position, value in renumbered(numbered, way, sample):
            self.put(lines[position].row, column, value, numbered[position].raw)

    def _numbered(self, line: Line, column: FillColumn) -> Numbered:
        section = line.place.section if line.place else self.placing.by_row[line.model.number]
        top: Section = next(
            (child for child in self.placing.root.children if child.holds(section)), section
        )
        raw: Cell = "" if line.is_new else self.template.raw(line.model.number, column.index)
        return Numbered(raw, section, top)

    def _date(self) -> None:
        if self.retimer is None:
            what = "表样里没有认出月份，标题和表头的日期没有改"
            remedy = "请手工改标题和表头"
            self.orders.unfilled.append(Fault("no-old-period", what, remedy, "", self.title))
            return
        for row, column, new in changed_texts(self.template, self.columns, self.retimer):
            at = (self.lines.row(row), column)
            if isinstance(new, date):
                self.orders.cells[at] = ("date", new.toordinal())
                continue
            self.orders.cells[at] = text_cell(new)
            self.orders.renamed.append((str(self.template.raw(row, column)), new))
        self.orders.margins = changed_margins(self.template, self.retimer)
        self.orders.notices += stale_remarks(self.template, self.title, self.lines.row)

    def _remark(self) -> None:
        """What the sum's rate is of, in the template's own note line, where it has one."""
        place = note_cell(self.template)
        if place is None:
            return
        at = (self.lines.row(place[0]), place[1])
        now = str(
            self.orders.cells[at][1] if at in self.orders.cells else self.template.raw(*place)
        )
        new = with_remark(now, self.figures.remark if has_whole_sum(self.template) else "")
        if new != now:
            self.orders.cells[at] = text_cell(new)
            self.orders.fits[at[0]].append(at[1])


class _Leave:
    """Says that a cell stays as it is."""


_LEAVE = _Leave()
