"""Words in headers and titles brought to a form that can be compared.

Only comparisons use these forms (NFKC turns （） into ()); what is stored is the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

UNIT_WORDS = "亿元|百万元|千元|万元|元"
_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－~～〜至", "-"))
_NUMERALS = {char: index for index, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "两": 2,
    "元": 1,
}
_CN_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_CN_TRACE = re.compile(r"[一二三四五六七八九十元](?:[月日季]|[-–—－~～至].{1,3}[月季])")
_CN_FROM = re.compile(
    r"(?<![亿万千百十])(?:[一二三四五六七八九元]|十[一二]?)"
    r"(?=[-–—－~～至][一二三四五六七八九十\d]{1,2}[月季])"
)
_CN_NUMBER = re.compile(
    r"(?:二|三)?十[一二三四五六七八九]?(?=[月日季])|(?<![亿万千百])[一二三四五六七八九元](?=[月日季])"
)


def normal_form(text: str) -> str:
    """NFKC without any white space, in lower case: what headers are compared by."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()


def _cn_number(text: str) -> int:
    if "十" in text:
        tens, ones = text.split("十")
        return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)
    return _NUMERALS[text]


def arabic_dates(text: str) -> str:
    """`二〇二六年九月三十日` → `2026年9月30日`; other Chinese numerals are left alone."""
    text = _CN_YEAR.sub(lambda m: "".join(str(_NUMERALS[char]) for char in m[0]), text)
    if _CN_TRACE.search(text) is None:
        return text
    text = _CN_FROM.sub(lambda m: str(_cn_number(m[0])), text)
    return _CN_NUMBER.sub(lambda m: str(_cn_number(m[0])), text)


class Heading(NamedTuple):
    """One header cell taken apart: comparable key, unit, and the time it is about."""

    key: str
    full: str
    unit: str | None
    is_percent: bool
    year: int | None
    months: tuple[int, int] | None


_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕|<([^<>]*)>")
_UNIT = re.compile(rf"(?:单位:?)?({UNIT_WORDS})$")
_TRAILING_UNIT = re.compile(r"[/,、:·-]?(?:单位:?)?(亿元|百万元|千元|万元)$|[/,、:](元)$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年度?|(?<!\d)((?:19|20)\d{2})(?=计划|完成|投资)")
_THIS_YEAR = re.compile(r"本年度?|今年|当年度?|全年|年度")
_LAST_YEAR = re.compile(r"(?<!\{)(?:上一?年度?|去年)")
_UNTIL = re.compile(r"截[-止]?到?(?:目前|\d{4}年|{年})?(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?")
_RANGE = re.compile(r"(\d{1,2})月?-(\d{1,2})月份?")
_QUARTERS = (
    (re.compile(r"前三季度|1-3季度"), (1, 9)),
    (re.compile(r"上半年"), (1, 6)),
    (re.compile(r"第?[1一]季度"), (1, 3)),
)
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(?:份|底|末)?|本月|当月|本期|当期")


@lru_cache(maxsize=4096)
def heading(text: str) -> Heading:
    """Take a header cell apart; `{年}`, `{期}`, `{月}`, `{上年}`, `{截}` stand for its times.

    `key` is without brackets, `full` with what stood in them.
    """
    plain = normal_form(arabic_dates(text)).translate(_DASHES)
    inside = ["".join(found) for found in _BRACKETS.findall(plain)]
    units = [match[1] for part in inside if (match := _UNIT.search(part))]
    bare = _BRACKETS.sub("", plain)
    if match := _TRAILING_UNIT.search(bare):
        units.append(match[1] or match[2])
        bare = bare[: match.start()]
    bare = re.sub(r"^\d{1,2}[、.](?!\d)", "", bare)
    is_percent = "%" in plain or "‰" in plain
    bare = bare.rstrip("%:;,。、*").lstrip("*")
    key, year, months = _without_times(bare)
    full = _without_times(bare + "".join(inside))[0] if inside else key
    unit = units[0] if len(set(units)) == 1 else None
    return Heading(key, full, unit, is_percent, year, months)


def _without_times(text: str) -> tuple[str, int | None, tuple[int, int] | None]:
    year: int | None = None
    months: tuple[int, int] | None = None
    if match := _YEAR.search(text):
        year = int(match[1] or match[2])
        text = _YEAR.sub("{年}", text)
    text = _LAST_YEAR.sub("{上年}", text)
    text = _THIS_YEAR.sub("{年}", text)
    if text.startswith("截"):
        if (match := re.search(r"(\d{1,2})月", text)) and 1 <= int(match[1]) <= 12:
            months = (1, int(match[1]))
        text = _UNTIL.sub("{截}", text, count=1)
    if match := _RANGE.search(text):
        months = (int(match[1]), int(match[2]))
        text = _RANGE.sub("{期}", text)
    for pattern, span in _QUARTERS:
        if pattern.search(text):
            months = span
            text = pattern.sub("{期}", text)
    if match := _MONTH.search(text):
        if match[1]:
            months = (int(match[1]), int(match[1]))
        text = _MONTH.sub("{月}", text)
    return text.replace("{年}{年}", "{年}"), year, months
