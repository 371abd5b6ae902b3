"""One reader per column: text cells of a kind into typed values, fast for the usual cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from guatu.core.ratio import Ratio
from guatu.core.yuan import UNITS
from guatu.engines.sheets import flags
from guatu.engines.sheets.dates import date_value, read_date
from guatu.engines.sheets.grid import Cell
from guatu.engines.sheets.money import EMPTY, is_empty, plain_text, read_money, whole_yuan
from guatu.engines.sheets.types import Column, Flag, Kind, Parsed, Value
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.wording import normal_form

Reading = tuple[Parsed, tuple[Flag, ...], str | None]
CellReader = Callable[[Cell], Reading]
ValueReader = Callable[[Cell, int], Value]

_YES = frozenset({"是", "√", "y", "yes", "true", "1", "有", "✓", "✔", "☑", "对", "打包", "已打包"})
_NO = frozenset(
    {"否", "×", "n", "no", "false", "0", "x", "✗", "✘", "不是", "非", "未打包", "不打包"}
)
_COUNT = re.compile(r"(-?\d+)(?:\.0*)?(?:个|项|宗|座|条|处)?")
_PERCENT = re.compile(r"(-?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+))(%|‰)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2,}")
PERCENT_TOP = 3
# Numbers are not remembered: 1, 1.0 and True are one key and three cells.
_REMEMBERED = frozenset({str, date, datetime})


def value_reader(column: Column, vocabulary: Vocabulary, *, year: int | None) -> ValueReader:
    """The reader of a column: `(cell, row)` to a `Value`. Built once, called for every cell."""
    assert column.field is not None
    assert column.kind is not None
    choices = vocabulary.fields[column.field].choices
    if column.kind is Kind.MONEY:
        return _money_column(column)
    if column.kind is Kind.TEXT:
        return _text_column(column)
    return _wrap(column, _cell_reader(column, choices, year))


def _cell_reader(column: Column, choices: Mapping[str, str], year: int | None) -> CellReader:
    match column.kind:
        case Kind.DATE:
            return lambda cell: _date(cell, year)
        case Kind.INT:
            return _count
        case Kind.PERCENT:
            return lambda cell: _percent(cell, in_points=column.is_percent)
        case Kind.CODE:
            return _code
        case Kind.CHOICE:
            return lambda cell: _choice(cell, choices)
        case _:
            return _yes_no


def _wrap(column: Column, read: CellReader) -> ValueReader:
    field, index = column.slot, column.index
    new = tuple.__new__
    known: dict[Cell, Reading] = {}

    def value(cell: Cell, row: int) -> Value:
        if type(cell) in _REMEMBERED:
            reading = known.get(cell)
            if reading is None:
                reading = known[cell] = read(cell)
        else:
            reading = read(cell)
        parsed, marks, unit = reading
        return new(Value, (field, cell, parsed, marks, row, index, unit))

    return value


def _money_column(column: Column) -> ValueReader:
    field, index, unit = column.slot, column.index, column.unit
    factor = UNITS[unit] if unit else 0
    new = tuple.__new__

    def value(cell: Cell, row: int) -> Value:
        if type(cell) is float and factor:
            # An exact product needs no Decimal: most cells of most tables end here.
            product = cell * factor
            if 0 <= product < 1e13 and product == (whole := int(product)):
                return new(Value, (field, cell, whole, (), row, index, unit))
            yuan, _, marks = whole_yuan(cell, factor)
            return new(Value, (field, cell, yuan, marks, row, index, unit))
        amount = read_money(cell, unit)
        return new(Value, (field, cell, amount.yuan, amount.flags, row, index, amount.unit))

    return value


def _text_column(column: Column) -> ValueReader:
    field, index = column.slot, column.index
    new = tuple.__new__

    def value(cell: Cell, row: int) -> Value:
        text = cell.strip() if type(cell) is str else text_of(cell)
        parsed = None if is_empty(text) else text
        return new(Value, (field, cell, parsed, (), row, index, None))

    return value


def text_of(cell: Cell) -> str:
    """Any cell as the text a person would have typed: 5.0 is 5, a day is 2026-09-30."""
    if type(cell) is float and cell.is_integer() and -1e15 < cell < 1e15:
        return str(int(cell))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _date(cell: Cell, year: int | None) -> Reading:
    if isinstance(cell, str) and is_empty(cell.strip()):
        return None, (), None
    reading = read_date(cell, year)
    return date_value(cell, reading), reading.flags, None


def _count(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return None, (flags.NOT_A_COUNT,), None
    if isinstance(cell, int | float):
        if cell != cell or abs(cell) > 1e9 or cell != int(cell):
            return None, (flags.NOT_A_COUNT,), None
        return int(cell), (), None
    text = plain_text(text_of(cell))
    if text in EMPTY:
        return None, (), None
    if match := _COUNT.fullmatch(text):
        return int(match[1]), (), None
    return None, (flags.NOT_A_COUNT,), None


def _ratio(number: Decimal, per: int) -> Ratio:
    exponent = number.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return Ratio(int(number.scaleb(digits)), per * 10**digits)


def _percent(cell: Cell, *, in_points: bool) -> Reading:
    """A number above 3 can only be percentage points; below, the column's head decides."""
    if isinstance(cell, bool):
        return None, (flags.NOT_A_PERCENT,), None
    if isinstance(cell, int | float):
        if cell != cell or abs(cell) > 1e6:
            return None, (flags.NOT_FINITE,), None
        return _bare_percent(Decimal(f"{cell:.12g}"), in_points=in_points)
    text = plain_text(text_of(cell))
    if text in EMPTY:
        return None, (), None
    match = _PERCENT.fullmatch(text)
    if match is None:
        return None, (flags.NOT_A_PERCENT,), None
    number = Decimal(match[1].replace(",", ""))
    if match[2]:
        return _ratio(number, 100 if match[2] == "%" else 1000), (), None
    return _bare_percent(number, in_points=in_points)


def _bare_percent(number: Decimal, *, in_points: bool) -> Reading:
    if abs(number) > PERCENT_TOP:
        marks = () if in_points else (flags.PERCENT_POINTS,)
        return _ratio(number, 100), marks, None
    if number == 0 or not in_points:
        return _ratio(number, 1), (), None
    # 0.3 below a head with %: a cell in percent format (30 %) far more often than 0.3 %.
    return _ratio(number, 1), (flags.PERCENT_SCALE,), None


def _code(cell: Cell) -> Reading:
    """Codes are text. 16 digits and more in a number cell have lost their end (§2.1)."""
    if isinstance(cell, str):
        text = cell.strip()
        if is_empty(text):
            return None, (), None
        if _SCIENTIFIC.fullmatch(text):
            return None, (flags.CODE_RUINED,), None
        return text, (), None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != cell or abs(cell) >= 1e15 or cell != int(cell):
            return None, (flags.CODE_RUINED,), None
        return str(int(cell)), (), None
    return text_of(cell), (flags.CODE_RUINED,), None


def _choice(cell: Cell, choices: Mapping[str, str]) -> Reading:
    text = text_of(cell)
    plain = normal_form(text)
    if plain in choices:
        return choices[plain], (), None
    if plain_text(text) in EMPTY:
        return None, (), None
    return text, (flags.CHOICE_UNKNOWN,), None


def _yes_no(cell: Cell) -> Reading:
    if isinstance(cell, bool):
        return cell, (), None
    text = plain_text(text_of(cell))
    if text in _YES:
        return True, (), None
    if text in _NO or text == "无":
        return False, (), None
    if text in EMPTY:
        return None, (), None
    return None, (flags.NOT_YES_NO,), None


def flag_short_codes(codes: Sequence[Value]) -> dict[int, Value]:
    """Codes shorter than their column, by row: 0012 typed as a number is 12.

    A number cell is asked when most codes are longer; text only where nine of ten have one
    length and it is nothing but digits, for codes of other systems differ in length.
    """
    lengths = Counter(len(str(value.parsed)) for value in codes if value.parsed is not None)
    if not lengths:
        return {}
    usual, count = lengths.most_common(1)[0]
    most = count * 2 > sum(lengths.values())
    nearly_all = count * 10 >= sum(lengths.values()) * 9
    return {
        value.row: value._replace(flags=(*value.flags, flags.CODE_SHORT))
        for value in codes
        if isinstance(value.parsed, str)
        and len(value.parsed) < usual
        and (most if not isinstance(value.raw, str) else nearly_all and value.parsed.isdigit())
    }
