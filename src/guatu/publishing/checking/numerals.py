"""Figures written in Chinese characters: 二十六个, 百分之八十点五, 三百六十七亿元. Pure.

Only what counts something is read: a numeral before a unit, or 百分之. Ordinals (第一), lists
(一是), years (二〇二六年), plans (十四五) and rough words (几十个, 三四个) are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_SIGNS = "".join((*_DIGITS, *_SMALL, *_LARGE))
_UNITS = r"个百分点|亿元|万元|个|倍"
# 第, 几, 数, 近 and the like before it, or another figure, make it no exact count of its own.
_BEFORE = rf"(?<![第几数上近约余多\d.{_SIGNS}点])"
_SHARE = rf"百分之(?P<share>[{_SIGNS}]+(?:点[{_SIGNS}]+)?)"
_COUNT = rf"(?P<number>[{_SIGNS}]+?(?:点[{_SIGNS}]+?)?)(?P<unit>{_UNITS})"
_WRITTEN = re.compile(rf"{_BEFORE}(?:{_SHARE}|{_COUNT})")


@dataclass(frozen=True, slots=True)
class Written:
    """A figure in characters: where it stands, what it is worth, its unit."""

    start: int
    end: int
    value: Fraction
    unit: str


def written_figures(text: str) -> Iterator[Written]:
    """Every figure that a text writes in characters."""
    for match in _WRITTEN.finditer(text):
        told = match["share"] or match["number"]
        value = value_of(told)
        if value is not None:
            yield Written(
                match.start(), match.end(), value, "%" if match["share"] else match["unit"]
            )


def value_of(numeral: str) -> Fraction | None:
    """What a numeral is worth, `三百二十点五` → 320.5; None for what is no exact number."""
    whole, point, decimals = numeral.partition("点")
    value = 100 if whole == "百" else _whole(whole)
    if value is None or (point and not (decimals and set(decimals) <= _DIGITS.keys())):
        return None
    digits = "".join(str(_DIGITS[sign]) for sign in decimals)
    return Fraction(f"{value}.{digits}") if digits else Fraction(value)


def _whole(text: str) -> int | None:
    """A whole number by its places; a run of digits (三四, 二〇二六) is none."""
    # 一千二 may be meant for 1200 as well as for 1002.
    if not text or (text[-1] in _DIGITS and text[-2:-1] in (*_LARGE, "百", "千")):
        return None
    total = section = 0
    digit: int | None = None
    last_small, last_large = 10_000, 10**12
    for sign in text:
        if sign in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[sign]
        elif sign in _SMALL:
            size = _SMALL[sign]
            # 十二 begins without 一; 百 and 千 do not.
            first = 1 if sign == "十" and section == 0 and digit is None else None
            count = digit if digit else first
            if count is None or size >= last_small:
                return None
            section, digit, last_small = section + count * size, None, size
        else:
            size = _LARGE[sign]
            section += digit or 0
            if not section or size >= last_large:
                return None
            total, section, digit = total + section * size, 0, None
            last_small, last_large = 10_000, size
    return total + section + (digit or 0)
