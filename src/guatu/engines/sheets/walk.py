"""Going down a table row by row: kinds, sections, packages, joined rows."""

from __future__ import annotations

import re
from collections import Counter

from guatu.engines.sheets import flags
from guatu.engines.sheets.grid import Cell, Sheet
from guatu.engines.sheets.header import Header, header_cells
from guatu.engines.sheets.rows import (
    AMONG,
    LEVELS,
    NAME,
    NUMBERED_WORDS,
    PAREN_SERIAL,
    PLAIN_SERIAL,
    Line,
    Shape,
    among_of,
    count_in,
    head_of,
    is_note,
    is_numbering_row,
    is_ordinary,
    running_numbers,
    total_of,
)
from guatu.engines.sheets.rows import DOTTED_SERIAL as DOTTED
from guatu.engines.sheets.typed import RowReader, word_at
from guatu.engines.sheets.types import Kind, Row, RowKind, Value
from guatu.engines.sheets.values import text_of
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.wording import UNIT_WORDS, normal_form

FILLED_KINDS = (Kind.TEXT, Kind.CHOICE, Kind.BOOL, Kind.DATE)


class Walk:
    """One pass over the rows of a table. `run` gives every row that is not blank or repeated."""

    def __init__(
        self,
        sheet: Sheet,
        header: Header,
        vocabulary: Vocabulary,
        *,
        year: int | None,
        subtotals: tuple[str, ...] = (),
    ) -> None:
        self._sheet = sheet
        self._header = header
        self._columns = [column for column in header.columns if column.field is not None]
        self._shape = Shape.of(header.columns, subtotals)
        reader = RowReader(sheet, self._columns, vocabulary, year=year)
        self._values, self._lost = reader.values, reader.lost
        self._repeated = header_cells(sheet, header)
        self._sections: list[tuple[int, str]] = []
        self._rows: list[Row] = []
        self._owner: Row | None = None
        self._package: Row | None = None
        self._in_children = False
        self._continued, self._fills, self._wide = self._merges()
        self._numbered = self._has_plain_serials()
        # Tables without 1 2 3 may number their projects as others number heads: 一 二 三.
        self._project_style = None if self._numbered else self._style_of_projects()
        self._running = running_numbers(self._lines()) if self._numbered else {}
        self.taken_as_heads: list[Row] = []

    def _merges(self) -> tuple[set[int], dict[int, list[tuple[int, Cell]]], set[int]]:
        """Rows that continue the one above, cells to fill down, and rows merged across."""
        continued: set[int] = set()
        fills: dict[int, list[tuple[int, Cell]]] = {}
        wide: set[int] = set()
        kinds = {column.index: column.kind for column in self._columns}
        name = self._shape.name
        last_row = len(self._sheet.rows) - 1
        for merge in self._sheet.merges:
            if merge.top <= self._header.bottom:
                continue
            if merge.right > merge.left:
                wide.add(merge.top)
            if merge.bottom == merge.top:
                continue
            below = range(merge.top + 1, min(merge.bottom, last_row) + 1)
            if name is not None and merge.left <= name <= merge.right:
                continued.update(below)
            elif kinds.get(merge.left) in FILLED_KINDS and merge.left != self._shape.serial:
                cell = self._sheet.cell(merge.top, merge.left)
                for row in below:
                    fills.setdefault(row, []).append((merge.left, cell))
        return continued, fills, wide

    def _has_plain_serials(self) -> bool:
        if self._shape.serial is None:
            return False
        seen = plain = 0
        for row in self._sheet.rows[self._header.bottom + 1 :][:400]:
            text = word_at(row, self._shape.serial)
            seen += bool(text)
            plain += bool(text) and PLAIN_SERIAL.match(text) is not None
        return plain > 0 and plain * 3 >= seen

    def _lines(self) -> list[Line]:
        """Every row below the header; what else a plainly numbered one holds is not needed."""
        lines = []
        first = self._header.bottom + 1
        for number, cells in enumerate(self._sheet.rows[first:], first):
            line = Line(
                number, word_at(cells, self._shape.serial), word_at(cells, self._shape.name), []
            )
            if PLAIN_SERIAL.match(line.serial) is None:
                line.texts = [(i, text) for i, cell in enumerate(cells) if (text := text_of(cell))]
            lines.append(line)
        return lines

    def _style_of_projects(self) -> str | None:
        """The style of heads that more than half of the rows with a description bear."""
        described = [line for line in self._lines() if line.name and not self._is_bare(line)]
        styles = Counter(found[0] for line in described if (found := head_of(line)))
        most = styles.most_common(1)
        return most[0][0] if most and most[0][1] * 2 > len(described) else None

    def run(self) -> list[Row]:
        """Read every row below the header."""
        serial, name = self._shape.serial, self._shape.name
        for number in range(self._header.bottom + 1, len(self._sheet.rows)):
            cells = self._sheet.rows[number]
            if fill := self._fills.get(number):
                cells = _filled(cells, fill)
            serial_text = word_at(cells, serial)
            name_text = word_at(cells, name)
            first = number == self._header.bottom + 1
            usual = not first and number not in self._continued
            if usual and is_ordinary(serial_text, name_text):
                self._add_project(number, cells, name_text)
            else:
                self._take(number, cells, Line(number, serial_text, name_text, []))
        return self._rows

    def _take(self, number: int, cells: list[Cell], line: Line) -> None:
        line.texts = [(i, text) for i, cell in enumerate(cells) if (text := text_of(cell))]
        if not line.texts:
            if number in self._lost:
                self._add_project(number, cells, line.name)
            return
        if self._is_repeated_header(line) or self._is_unit_row(line):
            return
        if number == self._header.bottom + 1 and is_numbering_row(line.texts):
            return
        if number in self._continued and self._owner is not None:
            self._join(number, cells)
            return
        self._place(number, cells, line)

    def _place(self, number: int, cells: list[Cell], line: Line) -> None:
        among = among_of(line)
        total = total_of(line) if among is None else None
        if total is not None or normal_form(line.name) in self._shape.subtotal_names:
            row = self._add(RowKind.SUBTOTAL, number, cells, line.name or line.texts[0][1])
            row.count = int(total["n"]) if total is not None and total["n"] else row.count
            return
        if is_note(line):
            self._add(RowKind.NOTE, number, [], line.texts[0][1])
            return
        if among is not None:
            self._place_among(number, cells, line, among)
            return
        if self._continues_breakdown(line):
            self._add(RowKind.SUBTOTAL, number, cells, f"其中：{line.name}")
            return
        if self._place_head(number, cells, line):
            return
        if not line.name:
            self._place_nameless(number, cells, line)
            return
        if self._is_child(line):
            self._add_child(number, cells, line.name)
            return
        self._add_project(number, cells, line.name, numbered=bool(line.serial))

    def _is_repeated_header(self, line: Line) -> bool:
        """A page break repeats the header, or the title line above it."""
        width = len(self._repeated[0])
        words = [""] * width
        for index, text in line.texts:
            if index >= width:
                return False
            words[index] = normal_form(text)
        if tuple(words) in self._repeated:
            return True
        label = self._header_word(self._shape.name)
        return bool(label) and normal_form(line.name) == label and len(line.texts) > 1

    def _header_word(self, index: int | None) -> str:
        for column in self._header.columns:
            if column.index == index:
                return normal_form(column.label.split("/")[-1])
        return ""

    def _is_unit_row(self, line: Line) -> bool:
        return line.number == self._header.bottom + 1 and all(
            re.fullmatch(rf"[(（]?(?:{UNIT_WORDS}|%|％|个|年|月)[)）]?", text)
            for _, text in line.texts
        )

    def _place_among(self, number: int, cells: list[Cell], line: Line, among: str) -> None:
        """其中： below a sum breaks the sum down; below a project it names a part of it."""
        above = next((row for row in reversed(self._rows) if row.kind is not RowKind.NOTE), None)
        of_a_sum = above is None or above.kind in (RowKind.SUBTOTAL, RowKind.SECTION)
        if of_a_sum or count_in(among) is not None or self._owner is None:
            row = self._add(RowKind.SUBTOTAL, number, cells, line.name or line.serial)
            row.count = count_in(among)
            return
        self._in_children = True
        self._add_child(number, cells, among)

    def _continues_breakdown(self, line: Line) -> bool:
        """续建 below 其中：新建, both parts of one sum."""
        if not self._numbered or line.serial or not line.name or not self._rows:
            return False
        above = self._rows[-1]
        breakdown = above.kind is RowKind.SUBTOTAL and AMONG.match(above.label) is not None
        return breakdown and self._is_bare(line) and self._has_sums(line)

    def _place_head(self, number: int, cells: list[Cell], line: Line) -> bool:
        """Heads of sections, with or without sums; False for a row that is a project."""
        found = head_of(line)
        if found is not None and found[0] == self._project_style:
            return False
        bare = self._is_bare(line)
        if found is not None and (self._numbered or self._shape.serial is None or bare):
            style, words = found
            if bare or (self._numbered and self._is_bare(line, spare=1)):
                self._open_section(LEVELS[style], words or line.name)
                kind = RowKind.SUBTOTAL if self._has_sums(line) else RowKind.SECTION
                row = self._add(kind, number, cells, words or line.texts[0][1])
                row.count = count_in(words)
                return True
        if len(line.texts) == 1 and found is None:
            return self._place_single(number, line)
        return False

    def _place_single(self, number: int, line: Line) -> bool:
        """One text alone in its row: a head where projects have numbers or cells are merged."""
        index, text = line.texts[0]
        if words := self._running.get(number):
            self._add_project(number, [], words)
            value = Value(NAME, text, words, (), number, index, None)
            self._rows[-1].values[NAME] = value
            return True
        merged = number in self._wide
        if index == self._shape.name and not merged and not self._numbered:
            return False
        if index not in (self._shape.name, self._shape.serial, 0) and not merged:
            return False
        if PLAIN_SERIAL.match(text) or self._in_children:
            return False
        self._open_section(LEVELS["name"], text)
        row = self._add(RowKind.SECTION, number, [], text)
        if NUMBERED_WORDS.match(text):
            self.taken_as_heads.append(row)
        return True

    def _open_section(self, level: int, words: str) -> None:
        self._sections = [entry for entry in self._sections if entry[0] < level]
        self._sections.append((level, words))
        self._owner = self._package = None
        self._in_children = False

    def _is_bare(self, line: Line, spare: int = 0) -> bool:
        """Whether nothing describes a project here: no unit, code, nature, dates."""
        described = sum(index in self._shape.attributes for index, _ in line.texts)
        return described <= spare

    def _has_sums(self, line: Line) -> bool:
        return any(index in self._shape.sums for index, _ in line.texts)

    def _is_child(self, line: Line) -> bool:
        if self._owner is None:
            return False
        if DOTTED.match(line.serial):
            return True
        if PAREN_SERIAL.match(line.serial):
            return self._numbered
        if line.serial or not self._numbered:
            return False
        return self._in_children or self._package is not None

    def _place_nameless(self, number: int, cells: list[Cell], line: Line) -> None:
        """Text below a project without a name of its own continues it; figures need a name."""
        has_sums = self._has_sums(line)
        if self._owner is not None and not line.serial and not has_sums:
            self._join(number, cells)
        elif line.serial and not has_sums and len(line.texts) == 1:
            return
        elif has_sums or line.serial:
            self._add_project(number, cells, "")
        else:
            self._add(RowKind.NOTE, number, [], line.texts[0][1])

    def _add(self, kind: RowKind, number: int, cells: list[Cell], label: str) -> Row:
        path = tuple(words for _, words in self._sections)
        row = Row(kind, number, label, self._values(number, cells), path, last_number=number)
        self._rows.append(row)
        return row

    def _add_project(
        self, number: int, cells: list[Cell], label: str, *, numbered: bool = True
    ) -> None:
        row = self._add(RowKind.DATA, number, cells, label)
        self._owner = row
        if numbered:
            self._in_children = False
            children = row.parsed("子项目数")
            packed = row.parsed("是否打包") is True or (isinstance(children, int) and children > 0)
            self._package = row if packed else None

    def _add_child(self, number: int, cells: list[Cell], label: str) -> None:
        parent = self._owner
        row = self._add(RowKind.SUB_ITEM, number, cells, label)
        if parent is not None:
            row.parent = parent.number if parent.kind is RowKind.DATA else parent.parent
        name = row.values.get(NAME)
        if name is not None and AMONG.match(str(name.raw)):
            row.values[NAME] = name._replace(parsed=label)
        elif name is None and label:
            index = self._shape.name if self._shape.name is not None else 0
            row.values[NAME] = Value(NAME, label, label, (), number, index, None)
        self._owner = row

    def _join(self, number: int, cells: list[Cell]) -> None:
        """Several problem rows of one project: their texts are joined by ；."""
        owner = self._owner
        if owner is None:
            return
        owner.last_number = number
        for field, value in self._values(number, cells).items():
            known = owner.values.get(field)
            if known is None or known.parsed is None:
                owner.values[field] = value
            elif isinstance(value.parsed, str) and isinstance(known.parsed, str):
                if value.parsed not in known.parsed.split("；"):
                    joined = f"{known.parsed}；{value.parsed}"
                    owner.values[field] = known._replace(parsed=joined)
            elif value.parsed is not None and value.parsed != known.parsed:
                marks = tuple(dict.fromkeys((*known.flags, flags.SEVERAL_VALUES)))
                owner.values[field] = known._replace(flags=marks)


def _filled(cells: list[Cell], fill: list[tuple[int, Cell]]) -> list[Cell]:
    if not any(cell not in ("", None) for cell in cells):
        return cells
    filled = list(cells)
    for index, cell in fill:
        if index < len(filled) and filled[index] in ("", None):
            filled[index] = cell
    return filled
