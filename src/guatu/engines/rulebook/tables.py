"""TOML texts of books and of their examples, within bounds: nobody's text stops the machine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guatu.core.names import has_hidden_signs

LONGEST = 200_000
"""Characters; the longest of the published books has a tenth of it."""

DEEPEST = 20
MOST_TABLES, MOST_VALUES = 1_500, 10_000
"""The largest of the published books has 138 tables and 498 values, its examples twice that."""

MOST_DIGITS = 40
LONGEST_TEXT = 1_000

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_NAME = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:\.[ \t]*+{_PART}){{{DEEPEST}}}")
"""`a.b.c…`: reading it costs the square of its length, so it is refused unread."""


class TooMuch(ValueError):
    """A text beyond the bounds: a stable code, a Chinese line, what to do."""

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.remedy = remedy


def tables_of(text: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """The tables of a text. Raises TooMuch beyond the bounds, else what `tomllib.loads` does."""
    if len(text) > LONGEST:
        remedy = f"最多{LONGEST // 10000}万字；一部办法写一本，附表放在text.md"
        raise TooMuch("too-long", f"文件有{len(text) // 10000}万字，太长", remedy)
    if match := _DEEP_NAME.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise _too_deep(f"第{line}行的名称")
    found = tomllib.loads(text, parse_float=parse_float)
    _require_bounds(found)
    return found


def _require_bounds(found: Mapping[str, Any]) -> None:
    """Raise TooMuch for a text that is too deep, too manifold, or has a number out of this world
    or words that nobody can read."""
    tables = values = 0
    level: list[object] = [found]
    for _ in range(DEEPEST):
        tables += sum(isinstance(one, dict) for one in level)
        values += sum(not isinstance(one, dict | list) for one in level)
        if tables > MOST_TABLES or values > MOST_VALUES:
            what = f"文件里超过{MOST_TABLES}个表或{MOST_VALUES}个值，太多"
            raise TooMuch("too-many", what, "一部办法写一本，附表放在text.md")
        for one in level:
            _require_plain(one)
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise _too_deep("表和数组")


def _require_plain(value: object) -> None:
    """Raise TooMuch for a number or a text (the names of a table too) that cannot be meant."""
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise TooMuch("too-large", f"有一个数超过{MOST_DIGITS}位", "请核对单位和位数")
    for text in value if isinstance(value, dict) else (value,):
        if not isinstance(text, str):
            continue
        told = f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"
        if len(text) > LONGEST_TEXT:
            what = f"{told}有{len(text)}个字，太长"
            raise TooMuch("too-long", what, f"一处最多{LONGEST_TEXT}个字")
        if has_hidden_signs(text.replace("\n", "").replace("\t", "")):
            raise TooMuch("hidden-signs", f"{told}里有看不见的字符", "请重新输入，不要粘贴")


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _too_deep(what: str) -> TooMuch:
    return TooMuch("too-deep", f"{what}嵌套超过{DEEPEST}层", "请拆开写，写法见docs/rulebooks")
