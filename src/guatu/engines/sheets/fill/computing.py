"""What simple formulas of a filled workbook come to, for a preview: the file itself holds none.

Sums, the four operations, comparisons and the guards that offices write (IF, IFERROR, ISNUMBER).
Whatever else a formula does is not guessed: it has no value here and is computed by the office's
own spreadsheet when the file is opened.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from guatu.engines.sheets.fill.formulas import Reference, reference_of
from guatu.engines.sheets.grid import Cell, Place, Sheet, place_of

type Value = float | str | bool

_MOST_CELLS = 1_000_000
"""Cells that all formulas of a preview may read together."""
_DEEPEST = 60


class _Unknown(Exception):
    """This formula's value cannot be told here."""


class _Failed(Exception):
    """The formula shows an error, such as a division by zero."""


@dataclass(slots=True)
class Computing:
    """The formulas of a workbook, by sheet and place, computed where they are asked for."""

    sheets: Mapping[str, Sheet]
    formulas: Mapping[str, Mapping[Place, str]]
    _known: dict[tuple[str, Place], Value | None] = field(default_factory=dict)
    _read: int = 0
    _depth: int = 0

    def value(self, sheet: str, place: Place) -> Value | None:
        """The value of a formula's cell; None where it cannot be told, empty text for an error."""
        try:
            return self._of_cell(sheet, place)
        except (_Unknown, RecursionError):
            return None
        except _Failed:
            return ""

    def _of_cell(self, sheet: str, place: Place) -> Value:
        formula = self.formulas.get(sheet, {}).get(place)
        if formula is None:
            if sheet in self.sheets and place in self.sheets[sheet].uncached:
                raise _Unknown
            return _plain(self.sheets[sheet].cell(*place)) if sheet in self.sheets else _unknown()
        key = sheet, place
        if key in self._known:
            known = self._known[key]
            return _unknown() if known is None else known
        if self._depth >= _DEEPEST:
            raise _Unknown
        # While it is being computed, and after an unknown part, it has no value.
        self._known[key] = None
        self._depth += 1
        try:
            value = _Formula(formula, sheet, self).value()
        finally:
            self._depth -= 1
        self._known[key] = value
        return value

    def of_reference(self, reference: Reference, sheet: str) -> Iterator[Value]:
        """The values of a cell, a range or whole rows."""
        name = reference.sheet or sheet
        if name not in self.sheets or not reference.first.column:
            raise _Unknown
        top, left = place_of(f"{reference.first.column}{reference.first.row}")
        last = reference.last or reference.first
        bottom, right = place_of(f"{last.column}{last.row}")
        rows = self.sheets[name].rows
        for row in range(min(top, bottom), min(max(top, bottom), len(rows) - 1) + 1):
            for column in range(min(left, right), min(max(left, right), len(rows[row]) - 1) + 1):
                self._read += 1
                if self._read > _MOST_CELLS:
                    raise _Unknown
                yield self._of_cell(name, (row, column))


def _unknown() -> Value:
    raise _Unknown


def _plain(cell: Cell) -> Value:
    if isinstance(cell, datetime | date | time | timedelta):
        raise _Unknown
    return "" if cell is None else cell


def _number(value: Value) -> float:
    if value == "" and isinstance(value, str):
        return 0.0
    if isinstance(value, str):
        raise _Failed
    return float(value)


_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARED: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_BINDING = ({*_COMPARED}, {"+", "-"}, {"*", "/"})


class _Formula:
    """One formula, read from the left."""

    def __init__(self, formula: str, sheet: str, computing: Computing) -> None:
        try:
            items = Tokenizer(formula).items
        except (TokenizerError, IndexError, AttributeError) as error:
            raise _Unknown from error
        self._tokens: Sequence[Token] = [one for one in items if one.type != Token.WSPACE]
        self._at = 0
        self._sheet = sheet
        self._computing = computing
        self._nested = 0

    def value(self) -> Value:
        """What the whole formula comes to."""
        told = self._expression(0)
        if self._at != len(self._tokens):
            raise _Unknown
        return told

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise _Unknown
        self._at += 1
        return token

    def _expression(self, level: int) -> Value:
        if level == len(_BINDING):
            return self._operand()
        left = self._expression(level + 1)
        while (token := self._peek()) is not None and token.type == Token.OP_IN:
            if token.value not in _BINDING[level]:
                break
            self._next()
            left = _joined(token.value, left, self._expression(level + 1))
        return left

    def _operand(self) -> Value:
        self._nested += 1
        if self._nested > _DEEPEST:
            raise _Unknown
        token = self._next()
        if token.type == Token.OP_PRE:
            number = _number(self._operand())
            told: Value = -number if token.value == "-" else number
        elif token.type == Token.PAREN and token.subtype == Token.OPEN:
            told = self._expression(0)
            self._close()
        elif token.type == Token.FUNC and token.subtype == Token.OPEN:
            told = self._function(token.value.rstrip("(").upper())
        elif token.type == Token.OPERAND:
            told = self._single(token)
        else:
            raise _Unknown
        while (after := self._peek()) is not None and after.type == Token.OP_POST:
            self._next()
            told = _number(told) / 100
        self._nested -= 1
        return told

    def _close(self) -> None:
        if self._next().subtype != Token.CLOSE:
            raise _Unknown

    def _single(self, token: Token) -> Value:
        if token.subtype == Token.NUMBER:
            return float(token.value)
        if token.subtype == Token.TEXT:
            return str(token.value[1:-1].replace('""', '"'))
        if token.subtype == Token.LOGICAL:
            return bool(token.value.upper() == "TRUE")
        found = reference_of(token.value) if token.subtype == Token.RANGE else None
        if found is None or found.last is not None:
            raise _Unknown
        return next(self._computing.of_reference(found, self._sheet), "")

    def _function(self, name: str) -> Value:
        if name in ("IF", "IFERROR"):
            return self._choice(name)
        values = list(self._arguments())
        numbers = [float(one) for one in values if _is_number(one)]
        match name:
            case "SUM":
                return sum(numbers)
            case "SUBTOTAL" if numbers and numbers[0] in (9, 109):
                return sum(numbers[1:])
            case "COUNT":
                return float(len(numbers))
            case "MAX" | "MIN":
                return (max if name == "MAX" else min)(numbers, default=0.0)
            case "ROUND" if len(values) == 2:
                return round(_number(values[0]) + 1e-12, int(_number(values[1])))
            case "ABS" if len(values) == 1:
                return abs(_number(values[0]))
            case "AVERAGE" if numbers:
                return sum(numbers) / len(numbers)
            case "AND" | "OR" if values and not any(isinstance(one, str) for one in values):
                return (all if name == "AND" else any)(values)
            case "NOT" | "ISNUMBER" | "ISTEXT" if len(values) == 1:
                return _tested(name, values[0])
        raise _Unknown

    def _choice(self, name: str) -> Value:
        """IF and IFERROR: only the part that counts may fail."""
        parts: list[Value | Exception] = []
        while True:
            start, nested = self._at, self._nested
            try:
                parts.append(self._expression(0))
            except (_Unknown, _Failed) as error:
                parts.append(error)
                self._at, self._nested = start, nested
                self._skip()
            token = self._next()
            if token.type == Token.FUNC and token.subtype == Token.CLOSE:
                break
        if name == "IFERROR":
            is_failed = isinstance(parts[0], _Failed)
            return _told(parts[1] if is_failed and len(parts) > 1 else parts[0])
        yes = bool(_told(parts[0]))
        chosen = parts[1:] if yes else parts[2:]
        return _told(chosen[0]) if chosen else yes

    def _skip(self) -> None:
        """Pass over one argument."""
        depth = 0
        while (token := self._peek()) is not None:
            if depth == 0 and (token.type == Token.SEP or token.subtype == Token.CLOSE):
                return
            depth += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
            self._at += 1
        raise _Unknown

    def _arguments(self) -> Iterator[Value]:
        """The values of a function's arguments, ranges cell by cell, up to its end."""
        token = self._peek()
        if token is not None and token.subtype == Token.CLOSE:
            self._next()
            return
        while True:
            yield from self._argument()
            token = self._next()
            if token.subtype == Token.CLOSE:
                return
            if token.type != Token.SEP:
                raise _Unknown

    def _argument(self) -> Iterator[Value]:
        token = self._peek()
        if token is not None and token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found = reference_of(token.value)
            after = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
            is_whole = after is not None and (
                after.type == Token.SEP or after.subtype == Token.CLOSE
            )
            if found is not None and is_whole:
                self._next()
                yield from self._computing.of_reference(found, self._sheet)
                return
        yield self._expression(0)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tested(name: str, value: Value) -> bool:
    if name == "NOT":
        return not _number(value)
    return _is_number(value) if name == "ISNUMBER" else isinstance(value, str) and value != ""


def _joined(sign: str, left: Value, right: Value) -> Value:
    if sign in _OPERATIONS:
        try:
            return _OPERATIONS[sign](_number(left), _number(right))
        except (ZeroDivisionError, OverflowError) as error:
            raise _Failed from error
    if isinstance(left, str) != isinstance(right, str):
        # An empty cell counts as zero beside a number and as no text beside a text.
        left, right = (0.0 if one == "" else one for one in (left, right))
        if isinstance(left, str) != isinstance(right, str):
            if sign in ("=", "<>"):
                return sign == "<>"
            raise _Unknown
    return _COMPARED[sign](left, right)


def _told(part: Value | Exception) -> Value:
    if isinstance(part, Exception):
        raise part
    return part
