"""Dates in titles, heads, notes and sheet names moved from one period to another. Pure.

Only what names the old period is touched: its months, its last day, its cut-off after 截至.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from guatu.core.periods import PeriodKey, month_end

_ONES = "〇一二三四五六七八九"
_DASH = r"[-‐‑‒–—―−－~～〜至到]"
_CN = r"十[一二]?|[一二三四五六七八九]"
_NUMBER = rf"(?:\d{{1,2}}|{_CN})"
_YEAR = r"(?:(?:19|20)\d{2}|[〇零○一二三四五六七八九]{4})"
_DAY = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_PATTERN = re.compile(
    rf"""
    (?P<until>截\s*[至止]\s*到?\s*)?
    (?:(?P<year>{_YEAR})(?P<y>\s*年\s*度?\s*|[.\-/](?=\d)))?
    (?:
      (?P<quarter>前三季度|第?一季度|上半年)
    | (?P<first>元|{_NUMBER})(?P<fm>\s*月)?(?P<dash>\s*{_DASH}\s*)(?P<last>{_NUMBER})(?P<lm>\s*月)
    | (?P<month>{_NUMBER})(?P<mm>\s*月\s*|[.\-/](?=\d)|(?<=[.\-/]\d)(?!\d)|(?<=[.\-/]\d\d)(?!\d))
      (?:(?P<day>{_DAY})(?P<d>\s*[日号])?)?
    )
    | (?P<lone>{_YEAR})(?=\s*年)
    """,
    re.VERBOSE,
)


class Shape(Enum):
    """How a single month or a span is written afterwards."""

    AS_FOUND = "as found"
    CUMULATIVE = "1—9月"
    OWN = "9月"


@dataclass(frozen=True, slots=True)
class Retimer:
    """From the template's month to the new period. `cut_off_on` follows 截至 where the template
    names a day that is not the last of its month."""

    old_year: int
    old_month: int
    period: PeriodKey
    cut_off_on: date

    @property
    def _new(self) -> tuple[int, int]:
        return self.period.last_on.year, self.period.last_on.month

    def text(self, text: str, *, shape: Shape = Shape.AS_FOUND, is_strict: bool = False) -> str:
        """The text with its dates moved. `is_strict` (notes): a bare 9月 or year is left alone."""

        def change(match: re.Match[str]) -> str:
            if match["lone"]:
                return match[0] if is_strict else self._lone(match)
            return self._changed(match, shape, is_strict=is_strict)

        return _PATTERN.sub(change, text)

    def sheet_name(self, name: str) -> str:
        """The same for a sheet's name, where 202609 and 2026.9 are usual too."""
        old = f"{self.old_year}{self.old_month:02d}"
        if re.search(rf"(?<!\d){old}(?!\d)", name):
            year, month = self._new
            return name.replace(old, f"{year}{month:02d}")
        return self.text(name)

    def _lone(self, match: re.Match[str]) -> str:
        """2026年市级重点项目: the year of the list moves when the year changes."""
        year = _value(match["lone"]) + self._new[0] - self.old_year
        return _year_like(year, match["lone"])

    def _changed(self, match: re.Match[str], shape: Shape, *, is_strict: bool) -> str:
        same = match[0]
        year = _value(match["year"]) if match["year"] else None
        if self._is_part_of_more(match) or year not in (None, self.old_year, self.old_year - 1):
            return same
        new_year = None if year is None else year + self._new[0] - self.old_year
        if match["quarter"]:
            return self._of_quarter(match, new_year, same)
        if match["first"]:
            return self._of_span(match, new_year, shape, same)
        if is_strict and year is None and not match["until"]:
            return same
        if _value(match["month"]) != self.old_month or self._is_number(match):
            return same
        if match["day"] and not (match["until"] or self._is_month_end(match)):
            return same
        return self._of_month(match, new_year, shape)

    def _is_month_end(self, match: re.Match[str]) -> bool:
        return _value(match["day"]) == month_end(self.old_year, self.old_month).day

    @staticmethod
    def _is_part_of_more(match: re.Match[str]) -> bool:
        text, start, end = match.string, match.start(), match.end()
        before = text[start - 1] if start else ""
        after = text[end] if end < len(text) else ""
        is_cut = match[0][0].isdigit() and (before.isdigit() or before in (".", "-", "/"))
        return is_cut or (after.isdigit() and match[0][-1:].isdigit())

    @staticmethod
    def _is_number(match: re.Match[str]) -> bool:
        """`9.30` without a year is a number; `2026.9.30` is a day, `2026-09` a month."""
        return "月" not in match["mm"] and not match["year"]

    def _of_quarter(self, match: re.Match[str], new_year: int | None, same: str) -> str:
        last = {"前": 9, "上": 6}.get(match["quarter"][0], 3)
        if last != self.old_month:
            return same
        return self._head(match, new_year) + self._cumulative("—")

    def _of_span(self, match: re.Match[str], new_year: int | None, shape: Shape, same: str) -> str:
        first = 1 if match["first"] == "元" else _value(match["first"])
        if first != 1 or _value(match["last"]) != self.old_month:
            return same
        head = self._head(match, new_year)
        if shape is Shape.OWN:
            return head + self._own(match["dash"])
        like = match["last"]
        month = self._new[1]
        if month == 1:
            return f"{head}{_like(1, like)}{match['lm']}"
        start = match["first"]
        return f"{head}{start}{match['fm'] or ''}{match['dash']}{_like(month, like)}{match['lm']}"

    def _of_month(self, match: re.Match[str], new_year: int | None, shape: Shape) -> str:
        head = self._head(match, new_year)
        like, sign = match["month"], match["mm"]
        if match["day"]:
            day = self._day(match)
            written = _like(day.day, match["day"]) + (match["d"] or "")
            return f"{head}{_like(day.month, like)}{sign}{written}"
        merged = self.period.first_on.month != self._new[1] and "月" in sign
        tail = sign[sign.index("月") :] if "月" in sign else sign
        if shape is Shape.CUMULATIVE and not match["until"] and self._new[1] > 1 and "月" in sign:
            return head + self._cumulative("—").removesuffix("月") + tail
        if shape is not Shape.CUMULATIVE and merged and not match["until"]:
            return head + self._own("—").removesuffix("月") + tail
        return f"{head}{_like(self._new[1], like)}{sign}"

    def _day(self, match: re.Match[str]) -> date:
        """The last day of the month stays one; another day after 截至 is the round's cut-off."""
        return self.period.last_on if self._is_month_end(match) else self.cut_off_on

    def _head(self, match: re.Match[str], new_year: int | None) -> str:
        until = match["until"] or ""
        if new_year is None:
            return until
        return f"{until}{_year_like(new_year, match['year'])}{match['y']}"

    def _cumulative(self, dash: str) -> str:
        month = self._new[1]
        return "1月" if month == 1 else f"1{dash}{month}月"

    def _own(self, dash: str) -> str:
        first, last = self.period.first_on.month, self._new[1]
        return f"{last}月" if first == last else f"{first}{dash}{last}月"


def _value(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_ONES.index("〇" if s in "零○" else s)) for s in text))
    if "十" in text:
        tens, ones = text.split("十")
        return (_ONES.index(tens) if tens else 1) * 10 + (_ONES.index(ones) if ones else 0)
    return _ONES.index(text)


def _like(number: int, sample: str) -> str:
    """A number written the way of the sample: 10, 09, 十."""
    if sample.isdigit() and sample.isascii():
        return f"{number:02d}" if sample.startswith("0") else str(number)
    if number < 10:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_ONES[tens] if tens > 1 else ''}十{_ONES[ones] if ones else ''}"


def _year_like(year: int, sample: str) -> str:
    if sample.isdigit() and sample.isascii():
        return str(year)
    zero = next((sign for sign in sample if sign in "〇零○"), "〇")
    return "".join(zero if digit == "0" else _ONES[int(digit)] for digit in str(year))
