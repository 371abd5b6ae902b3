"""Lay lines out on a sheet and remember in which cell each value stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from guatu.demo.layouts import spelling
from guatu.demo.layouts.sheet import Formula, Sheet, Value, a1
from guatu.demo.layouts.spec import MONEY_FIELDS, Column, Layout

_DIGITS = "一二三四五六七八九十"


@dataclass(slots=True)
class Line:
    """A project's line, already spelled. `amounts` are the yuan that the money cells say.

    `group` is the section it stands in; `depth` 1 is a sub-project of the line before it.
    `problems` are (kind, text); an `is_new` line counts in the row 其中：新建.
    """

    key: str
    values: dict[str, Value]
    amounts: dict[str, int]
    group: str = ""
    depth: int = 0
    is_new: bool = False
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Placed:
    """Where things came to stand: cells by (line index, field), and the rows of sums."""

    cells: dict[tuple[int, str], str] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    first: str = "A1"


class Table:
    """Renders one layout. Use `render`."""

    def __init__(self, layout: Layout, lines: Sequence[Line], words: dict[str, str]) -> None:
        self.layout = layout
        self.lines = lines
        self.words = words
        self.sheet = Sheet(layout.sheet)
        self.placed = Placed()
        self.row = layout.top
        self.last_column = layout.left + len(layout.columns) - 1
        self.counter = 0
        self.part = 0
        self.rows_of: dict[int, int] = {}

    def draw(self) -> tuple[Sheet, Placed]:
        """The whole sheet: title, unit, head, rows, notes."""
        for column, spec in enumerate(self.layout.columns, self.layout.left):
            self.sheet.widths[column] = spec.width
        self._title()
        self._head()
        if self.layout.total == "top":
            self._total()
        self._body()
        if self.layout.total == "bottom":
            self._total()
        for note in self.layout.notes:
            self._line(note.format(**self.words), "line")
        return self.sheet, self.placed

    def _line(self, text: str, style: str) -> None:
        self.sheet.put(self.row, self.layout.left, text, style)
        if self.layout.merged:
            self.sheet.merge(self.row, self.layout.left, self.row, self.last_column)
        self.row += 1

    def _title(self) -> None:
        if self.layout.title:
            self.placed.first = a1(self.row, self.layout.left)
            self._line(self.layout.title.format(**self.words), "title")
        if self.layout.unit_place == "line":
            sender = self.words["organisation"]
            self._line(f"填报单位：{sender}      金额单位：{self.layout.unit}", "right")

    def _leaf(self, column: Column) -> str:
        if self.layout.unit_place == "header" and column.field in MONEY_FIELDS:
            return f"{column.head[-1]}（{self.layout.unit}）"
        return column.head[-1]

    def _head(self) -> None:
        columns = self.layout.columns
        depth = max(len(column.head) for column in columns)
        top = self.row
        for offset, column in enumerate(columns):
            at = self.layout.left + offset
            words = (*column.head[:-1], self._leaf(column))
            for level in range(depth):
                self.sheet.put(top + level, at, None, "head")
            for level, word in enumerate(words):
                repeated = (
                    offset > 0 and words[: level + 1] == columns[offset - 1].head[: level + 1]
                )
                if not repeated:
                    self.sheet.put(top + level, at, word, "head")
            if self.layout.merged:
                self.sheet.merge(top + len(words) - 1, at, top + depth - 1, at)
        if self.layout.merged:
            self._merge_parents(top, depth)
        self.row = top + depth

    def _merge_parents(self, top: int, depth: int) -> None:
        for level in range(depth - 1):
            begin = 0
            heads = [c.head[: level + 1] if len(c.head) > level + 1 else () for c in
                     self.layout.columns]  # fmt: skip
            for n, (left, right) in enumerate(pairwise([*heads, ("end",)])):
                if left != right:
                    if left:
                        left_at = self.layout.left
                        self.sheet.merge(top + level, left_at + begin, top + level, left_at + n)
                    begin = n + 1

    def _body(self) -> None:
        if not self.layout.sections:
            self._rows(range(len(self.lines)))
            return
        groups = list(dict.fromkeys(line.group for line in self.lines))
        for n, group in enumerate(groups):
            members = [i for i, line in enumerate(self.lines) if line.group == group]
            digit = _DIGITS[n] if n < 10 else f"十{_DIGITS[n - 10]}"
            mark = self.layout.section_mark.replace("一", digit)
            count = sum(self.lines[i].depth == 0 for i in members)
            if self.layout.subtotals == "heading":
                self._sums(f"{mark}{group}（{count}个）", members)
            else:
                self._line(mark + group, "section")
            if self.layout.numbering == "restart":
                self.counter = 0
            self._rows(members)
            if self.layout.subtotals == "row":
                self._sums("小计", members)

    def _rows(self, members: Iterable[int]) -> None:
        for index in members:
            line = self.lines[index]
            self._number(line)
            problems = line.problems if self.layout.spread_problems else ()
            height = max(1, len(problems))
            self.rows_of[index] = self.row
            for offset, column in enumerate(self.layout.columns):
                at = self.layout.left + offset
                value = line.values.get(column.field)
                if column.field == "rate" and self.layout.formulas and "plan" in line.amounts:
                    value = self._rate_formula(line)
                if value is None and column.field not in {"problems", "remark"}:
                    value = self.layout.blank
                style = self._style(column.field, value)
                if column.field in _SPREAD and self.layout.spread_problems:
                    self._spread(at, column.field, problems, height)
                else:
                    for lower in range(1, height):
                        self.sheet.put(self.row + lower, at, None)
                    self.sheet.put(self.row, at, value, style)
                    self.sheet.merge(self.row, at, self.row + height - 1, at)
                self.placed.cells[index, column.field] = a1(self.row, at)
            self.row += height

    def _style(self, name: str, value: Value) -> str:
        if name == "rate" and self.layout.percent == "fraction":
            return "percent"
        if isinstance(value, int | float) and name != "number":
            return "number"
        return _STYLE.get(name, "text")

    def _spread(
        self, at: int, name: str, problems: tuple[tuple[str, str], ...], height: int
    ) -> None:
        for n in range(height):
            value: Value
            if n < len(problems):
                kind, text = problems[n]
                value = text if name == "problems" else kind
                value = n + 1 if name == "problem_number" else value
            else:
                value = "无" if name == "problems" else None
            self.sheet.put(self.row + n, at, value)

    def _number(self, line: Line) -> None:
        if self.layout.numbering == "none":
            return
        if line.depth:
            self.part += 1
            dotted = self.layout.numbering == "dotted"
            line.values["number"] = f"{self.counter}.{self.part}" if dotted else f"（{self.part}）"
        else:
            self.part = 0
            self.counter += 1
            line.values["number"] = self.counter

    def _at(self, name: str) -> int:
        fields = [column.field for column in self.layout.columns]
        return self.layout.left + fields.index(name)

    def _rate_formula(self, line: Line) -> Value:
        done, plan = line.amounts.get("cumulative"), line.amounts["plan"]
        if done is None or not plan:
            return None
        cells = a1(self.row, self._at("cumulative")), a1(self.row, self._at("plan"))
        return Formula("={}/{}".format(*cells), done / plan)

    def _total(self) -> None:
        everything = range(len(self.lines))
        count = sum(line.depth == 0 for line in self.lines)
        self._sums(
            f"合计（{count}个）" if self.layout.sections else "合  计", everything, is_total=True
        )
        if self.layout.of_which:
            self._sums("其中：新建项目", [i for i in everything if self.lines[i].is_new])

    def _sums(self, label: str, members: Iterable[int], *, is_total: bool = False) -> None:
        chosen = [self.lines[i] for i in members]
        for offset, column in enumerate(self.layout.columns):
            at = self.layout.left + offset
            value: Value = label if column.field == "name" else None
            if column.field in MONEY_FIELDS and column.field != "last_year":
                total = sum(line.amounts.get(column.field, 0) for line in chosen)
                value = spelling.money(total, self.layout.unit, self.layout.money)
                whole = is_total and not self.layout.sections and self.layout.total == "bottom"
                if whole and self.layout.formulas and isinstance(value, int | float):
                    last = max(self.rows_of.values())
                    cells = a1(min(self.rows_of.values()), at), a1(last, at)
                    value = Formula("=SUM({}:{})".format(*cells), value)
                if is_total:
                    self.placed.totals[column.field] = a1(self.row, at)
            self.sheet.put(self.row, at, value, "section" if column.field == "name" else "sum")
        self.row += 1


_SPREAD = ("problem_number", "problems", "problem_kind")
_STYLE = {"number": "centre", "start": "date", "finish": "date", "planned_start": "date",
          "rate": "plain", "nature": "centre", "region": "centre", "lead": "centre"}  # fmt: skip


def render(layout: Layout, lines: Sequence[Line], words: dict[str, str]) -> tuple[Sheet, Placed]:
    """Draw `lines` in a layout. `words` fill {organisation}, {contact}, {phone} in its texts."""
    return Table(layout, lines, words).draw()
