"""Amounts to whole yuan, exactly: no float takes part in a value that is kept."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from guatu.core.yuan import LIMIT, UNITS
from guatu.engines.sheets import flags
from guatu.engines.sheets.dates import STATUS_WORDS
from guatu.engines.sheets.grid import Cell
from guatu.engines.sheets.types import Flag

EMPTY = frozenset(
    {"", "-", "--", "---", "/", "//", "\\", "无", "暂无", "空", "n/a", "#n/a", "*", "."}
)


_USUAL_EMPTY = frozenset({"", "-", "—", "——", "－", "–", "/", "／", "无", "暂无", "\\", "--"})


def is_empty(text: str) -> bool:
    """Whether a stripped text says that there is nothing: —, /, 无 and their like."""
    if text in _USUAL_EMPTY:
        return True
    return len(text) <= 4 and not text.isalnum() and plain_text(text) in EMPTY


class Amount(NamedTuple):
    """Whole yuan, or None; the unit that was used; and what is odd about it."""

    yuan: int | None
    unit: str | None
    flags: tuple[Flag, ...] = ()


_NUMBER = re.compile(
    r"(?P<open>\()?[¥$]?(?P<sign>[-+])?[¥$]?(?P<number>\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?"
    r"|\d{1,4}(?:,\d{4})+(?:\.\d*)?)"
    r"(?P<unit>亿元|百万元|千元|万元|元|亿|百万|千万元?|万)?(?P<cny>人民币)?(?P<close>\))?"
)
_SHORT_UNITS = {"亿": "亿元", "万": "万元", "百万": "百万元"}
_ODD_NUMBER = re.compile(r"[+-]?(?:nan|inf|infinity)|#(?:ref!|div/0!|value!|name\?|num!|null!)")
_APPROXIMATE = re.compile(r"约|近|余|左右|上下|以上|以内|多|超|不足|成$|几|[-~至]\d")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－~～〜", "-"))


def plain_text(raw: str) -> str:
    """A cell's text for reading numbers: NFKC, no spaces, one kind of dash, lower case."""
    text = unicodedata.normalize("NFKC", raw).translate(_DASHES).lower()
    return "".join(text.split())


def whole_yuan(number: float, factor: int) -> Amount:
    """A number cell times its unit; beyond 15 digits a spreadsheet keeps only noise."""
    if number != number or number in (float("inf"), float("-inf")):
        return Amount(None, None, (flags.NOT_FINITE,))
    if abs(number) > 2 * LIMIT:
        return Amount(None, None, (flags.TOO_LARGE,))
    product = number * factor
    nearest = round(product)
    if abs(product - nearest) > 4e-15 * abs(product):
        return _of_decimal(Decimal(f"{number:.15g}"), factor)
    if abs(nearest) > LIMIT:
        return Amount(None, None, (flags.TOO_LARGE,))
    return Amount(nearest, None, (flags.NEGATIVE,) if nearest < 0 else ())


def _of_decimal(number: Decimal, factor: int) -> Amount:
    if number.adjusted() > 20:
        return Amount(None, None, (flags.TOO_LARGE,))
    exact = number * factor
    yuan = int(exact.to_integral_value(ROUND_HALF_UP))
    if abs(yuan) > LIMIT:
        return Amount(None, None, (flags.TOO_LARGE,))
    marks: tuple[Flag, ...] = (flags.NEGATIVE,) if yuan < 0 else ()
    if exact != yuan:
        marks = (*marks, flags.FRACTION_OF_YUAN)
    return Amount(yuan, None, marks)


def read_money(cell: Cell, unit: str | None) -> Amount:
    """Read one cell as money. `unit` is the column's (元 千元 万元 百万元 亿元) or None.

    A unit in the cell wins. Words (约5, 三成) keep their text and give no value; NaN and
    amounts above 10¹³ yuan are refused; fractions of a yuan are rounded half up and asked.
    """
    if isinstance(cell, bool):
        return Amount(None, None, (flags.NOT_A_NUMBER_TEXT,))
    if isinstance(cell, int | float):
        if unit is None:
            return Amount(None, None, (flags.UNIT_MISSING,))
        yuan, _, marks = whole_yuan(cell, UNITS[unit])
        return Amount(yuan, unit, marks)
    if not isinstance(cell, str):
        return Amount(None, None, (flags.NOT_A_NUMBER_TEXT,))
    return _from_text(plain_text(cell), unit)


def _from_text(text: str, unit: str | None) -> Amount:
    if text in EMPTY:
        return Amount(None, None)
    match = _NUMBER.fullmatch(text)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return Amount(None, None, (_why_not(text),))
    number = Decimal(match["number"].replace(",", ""))
    own = match["unit"]
    if own in ("千万", "千万元"):
        number, own = number * 1000, "万元"
    own = _SHORT_UNITS.get(own, own) if own else None
    used = own or unit
    if match["sign"] == "-":
        number = -number
    marks: tuple[Flag, ...] = ()
    if match["open"]:
        number = -abs(number)
        marks = (flags.BRACKETED,)
    if used is None:
        return Amount(None, None, (flags.UNIT_MISSING,))
    if own is not None and own != unit:
        marks = (*marks, flags.UNIT_IN_CELL)
    yuan, _, more = _of_decimal(number, UNITS[used])
    return Amount(yuan, used, (*marks, *more))


def _why_not(text: str) -> Flag:
    if _ODD_NUMBER.fullmatch(text):
        return flags.NOT_FINITE
    if STATUS_WORDS.match(text):
        return flags.STATUS_WORD
    if _APPROXIMATE.search(text):
        return flags.APPROXIMATE
    return flags.NOT_A_NUMBER_TEXT
