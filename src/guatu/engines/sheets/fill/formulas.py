"""Formulas as text: which cells they name, and the same formula after rows were inserted. Pure.

openpyxl's tokenizer takes a formula apart; what is no plain reference (names, tables, other
workbooks, 3-D ranges) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from guatu.core.ratio import Ratio
from guatu.engines.sheets.grid import column_letters

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_ROWS = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows inserted into one sheet: `(after, count)` pairs, rows from 1 as formulas name them."""

    points: tuple[tuple[int, int], ...] = ()

    def row(self, number: int) -> int:
        """Where a row stands after the insertions."""
        return number + sum(count for after, count in self.points if after < number)

    def behind(self, number: int) -> int:
        """How many rows were inserted directly behind a row."""
        return sum(count for after, count in self.points if after == number)

    def span(self, top: int, bottom: int, *, widens: bool) -> tuple[int, int]:
        """A range of rows afterwards; `widens`: rows inserted behind its last row join it."""
        return self.row(top), self.row(bottom) + (self.behind(bottom) if widens else 0)


@dataclass(frozen=True, slots=True)
class Changes:
    """What happens to a workbook's sheets: inserted rows and new names, by old sheet name."""

    shifts: Mapping[str, Shift] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corner:
    """One cell of a reference with its `$` signs; rows from 1. `column` empty: whole rows."""

    column: str
    row: int
    column_fixed: str = ""
    row_fixed: str = ""

    def __str__(self) -> str:
        return f"{self.column_fixed}{self.column}{self.row_fixed}{self.row}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, a range or whole rows; `prefix` is the sheet as written, with its `!`."""

    prefix: str
    first: Corner
    last: Corner | None = None

    @property
    def sheet(self) -> str | None:
        """The sheet that is named; None for the formula's own."""
        if not self.prefix:
            return None
        name = self.prefix[:-1]
        return name[1:-1].replace("''", "'") if name.startswith("'") else name

    def holds(self, column: str, row: int) -> bool:
        """Whether a cell of the same sheet lies within."""
        last = self.last or self.first
        if not min(self.first.row, last.row) <= row <= max(self.first.row, last.row):
            return False
        ends = sorted((_number(self.first.column), _number(last.column)))
        return not self.first.column or ends[0] <= _number(column) <= ends[1]

    def __str__(self) -> str:
        tail = "" if self.last is None else f":{self.last}"
        return f"{self.prefix}{self.first}{tail}"


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def reference_of(text: str) -> Reference | None:
    """`'9月'!E8:E45` taken apart; None for names, whole columns, other workbooks."""
    prefix, mark, body = text.rpartition("!")
    if "[" in text or (":" in prefix and not prefix.startswith("'")):
        return None
    prefix += mark
    if match := _ROWS.fullmatch(body):
        return Reference(
            prefix, Corner("", int(match[2]), "", match[1]), Corner("", int(match[4]), "", match[3])
        )
    corners = [_CELL.fullmatch(part) for part in body.split(":")]
    if len(corners) > 2 or not all(corners):
        return None
    made = [Corner(m[2], int(m[4]), m[1], m[3]) for m in corners if m is not None]
    return Reference(prefix, made[0], made[1] if len(made) == 2 else None)


def references(formula: str) -> list[Reference]:
    """Every cell and range that a formula names, in order."""
    return [
        found
        for token in _tokens(formula)
        if token.type == Token.OPERAND and token.subtype == Token.RANGE
        if (found := reference_of(token.value)) is not None
    ]


def names_cells(formula: str) -> bool:
    """Whether a formula depends on anything; `=8000+214` is a typed number."""
    return any(t.type == Token.OPERAND and t.subtype == Token.RANGE for t in _tokens(formula))


@lru_cache(maxsize=8192)
def _tokens(formula: str) -> tuple[Token, ...]:
    """The parts of a formula; one that no spreadsheet could read is one part nobody touches.

    Each formula of a table is asked about several times, and taking it apart is what costs.
    """
    try:
        return tuple(Tokenizer(formula).items)
    except (TokenizerError, IndexError, AttributeError):
        return (Token(formula[1:], Token.OPERAND, Token.RANGE),)


def rewritten(formula: str, change: Callable[[Reference], Reference]) -> str:
    """The formula with every plain reference replaced."""
    tokens = _tokens(formula)
    parts = []
    for token in tokens:
        text = token.value
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found = reference_of(text)
            text = text if found is None else str(change(found))
        parts.append(text)
    return "=" + "".join(parts)


def shifted(formula: str, changes: Changes, *, sheet: str, row: int) -> str:
    """A formula of cell row `row` (before, from 1) on `sheet` after the changes of the workbook.

    A range that ends on the row behind which rows are inserted takes them in: that is how a sum
    stays whole. A range within one row (SUM(F9:H9)) and a running total, which ends on the
    formula's own row, do not grow.
    """

    def change(reference: Reference) -> Reference:
        target = reference.sheet or sheet
        shift = changes.shifts.get(target)
        if shift is not None:
            own = row if target == sheet else None
            reference = _moved(reference, shift, own)
        new = changes.names.get(target)
        if reference.prefix and new is not None:
            reference = replace(reference, prefix=quoted(new) + "!")
        return reference

    return rewritten(formula, change)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    escaped = sheet.replace("'", "''")
    return f"'{escaped}'"


def _moved(reference: Reference, shift: Shift, own_row: int | None) -> Reference:
    first, last = reference.first, reference.last
    if last is None:
        return replace(reference, first=replace(first, row=shift.row(first.row)))
    top, bottom = sorted((first.row, last.row))
    within_one_row = top == bottom and first.column != last.column
    widens = not within_one_row and bottom != own_row and bool(first.column)
    new_top, new_bottom = shift.span(top, bottom, widens=widens)
    rows = (new_top, new_bottom) if first.row <= last.row else (new_bottom, new_top)
    return replace(reference, first=replace(first, row=rows[0]), last=replace(last, row=rows[1]))


def translated(formula: str, *, origin: tuple[int, int], target: tuple[int, int]) -> str:
    """A formula copied from one cell to another (rows from 1, columns from 0), as Excel copies."""
    try:
        moved: str = Translator(formula, origin=_name(origin)).translate_formula(_name(target))
    except (TranslatorError, TokenizerError, IndexError, AttributeError):
        return formula
    return moved


def _name(place: tuple[int, int]) -> str:
    return f"{column_letters(place[1])}{place[0]}"


def single_references(formula: str, row: int) -> Iterator[str]:
    """Columns (letters) of the formula's own sheet and row that it names one by one."""
    for found in references(formula):
        if found.last is None and not found.prefix and found.first.row == row:
            yield found.first.column.upper()


def guards(formula: str, cell: str, shown: str) -> bool:
    """Whether a formula already asks what its operand `cell` holds when that is no number.

    `shown` is what stands in the cell instead: empty, or the office's sign such as —.
    """
    plain = formula.replace("$", "").replace(" ", "").upper()
    tests = [f'{cell}="{shown}"'.upper(), f'{cell}<>"{shown}"'.upper(), f"ISNUMBER({cell})"]
    if shown:
        tests += [f"ISTEXT({cell})", "IFERROR(", "ISERROR("]
    else:
        tests += [f"ISBLANK({cell})", f"{cell}=0", f"{cell}<>0", f"{cell}>0", f"LEN({cell})"]
    return any(re.search(rf"(?<![A-Z]){re.escape(test)}", plain) for test in tests)


def guarded(formula: str, cells: list[str]) -> str:
    """The formula, empty while one of the cells holds no number."""
    test = f"ISNUMBER({cells[0]})" if len(cells) == 1 else f"COUNT({','.join(cells)})={len(cells)}"
    return f'=IF({test},{formula[1:]},"")'


def divisors(formula: str, row: int) -> Iterator[str]:
    """Columns (letters) of the formula's own sheet and row that something is divided by."""
    depth = 0
    inside: list[int] = []
    is_next = False
    for token in _tokens(formula):
        if token.type == Token.WSPACE:
            continue
        if token.subtype == Token.OPEN:
            depth += 1
            if is_next:
                inside.append(depth)
        elif token.subtype == Token.CLOSE:
            if inside and inside[-1] == depth:
                inside.pop()
            depth -= 1
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE and (is_next or inside):
            found = reference_of(token.value)
            if found is not None and not found.prefix and found.first.row == row:
                yield found.first.column.upper()
        is_next = token.type == Token.OP_IN and token.value == "/"


def minds_zero(formula: str, cell: str) -> bool:
    """Whether a formula already asks whether its divisor `cell` is 0, or shows no errors at all."""
    plain = formula.replace("$", "").replace(" ", "").upper()
    tests = (f"{cell}=0", f"{cell}<>0", f"{cell}>0", f"{cell}<=0", "IFERROR(", "ISERROR(")
    return any(re.search(rf"(?<![A-Z]){re.escape(test)}", plain) for test in tests)


def without_error(formula: str) -> str:
    """The formula, empty where it cannot be computed."""
    return f'=IFERROR({formula[1:]},"")'


def with_time_progress(formula: str, old_month: int, progress: Ratio) -> str | None:
    """The formula with last month's `9/12` replaced by this month's share; None without one."""
    tokens = [token for token in _tokens(formula) if token.type != Token.WSPACE]
    texts = [token.value for token in tokens]
    found = False
    for index in range(len(texts) - 2):
        if texts[index : index + 3] == [str(old_month), "/", "12"] and _is_free(texts, index):
            texts[index], texts[index + 2] = str(progress.numerator), str(progress.denominator)
            found = True
    return "=" + "".join(texts) if found else None


def _is_free(texts: list[str], index: int) -> bool:
    """`A1/9/12` is no share of the year, and `9/12%` neither."""
    before = texts[index - 1] if index else ""
    after = texts[index + 3] if index + 3 < len(texts) else ""
    return before != "/" and after not in ("%", "^")


def with_constant(formula: str, old_month: int, progress: Ratio) -> str | None:
    """The same where last month's share was typed as a number: `75%`, `0.75` or `75`."""
    tokens = _tokens(formula)
    share = f"{progress.numerator}/{progress.denominator}"
    for index, token in enumerate(tokens):
        if token.type != Token.OPERAND or token.subtype != Token.NUMBER:
            continue
        in_percent = index + 1 < len(tokens) and tokens[index + 1].value == "%"
        number = float(token.value) / (100 if in_percent else 1)
        if abs(number - old_month / 12) <= 0.0051:
            new = f"({share})"
        elif abs(number - old_month / 12 * 100) <= 0.51 and number != 100:
            new = f"({share}*100)"
        else:
            continue
        texts = [t.value for t in tokens]
        texts[index : index + 1 + in_percent] = [new]
        return "=" + "".join(texts)
    return None
