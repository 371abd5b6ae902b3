"""The lines above a header: title, unit, and the day or period the figures are about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from guatu.core.periods import month_end
from guatu.engines.sheets.grid import Sheet
from guatu.engines.sheets.types import DateValue, Precision
from guatu.engines.sheets.values import text_of
from guatu.engines.sheets.wording import UNIT_WORDS, arabic_dates

_UNIT_LINE = re.compile(
    rf"(?:^|[(\s,;，；]|金额|计量|投资|货币)单位[:：]?\s*(?:[^\s,;，；:：]{{0,6}}?[、/和])?({UNIT_WORDS})"
    r"(?=$|[\s,;，；、/和)）%])"
)
_UNIT_ALONE = re.compile(rf"(?:^|\()\s*({UNIT_WORDS})\s*(?:$|\))")
_DAY = re.compile(r"(\d{4})(?:年(\d{1,2})月|[.\-/](\d{1,2})[.\-/])(\d{1,2})(?![\d月])日?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|(?=\D|$))")
_RANGE = re.compile(r"(?<!\d)(\d{1,2})月?-(\d{1,2})月")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(?!\d)")
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日")
_DOTTED = re.compile(r"(?<!\d)((?:19|20)\d{2})\.(\d{1,2})(?!\d)")
_UNTIL = re.compile(r"截[至止]|数据时点")
_QUARTER = re.compile(r"(?:第?([1-4一二三四])|(前三))季度")
_HALF = re.compile(r"([上下])半年")
_PLAIN_DASH = str.maketrans(dict.fromkeys("‐‑‒–—―−～~〜至", "-"))


@dataclass(frozen=True, slots=True)
class Titles:
    """What stands above a table. `period` is a period key such as `2026-09` or `2026-01+02`."""

    title: str = ""
    unit: str | None = None
    year: int | None = None
    as_of: DateValue | None = None
    period: str | None = None


def read_titles(sheet: Sheet, above: int, default_year: int | None) -> Titles:
    """Read the rows above row `above` (from 0); the line nearest to the header names the unit."""
    lines = [
        text for row in sheet.rows[:above] for text in dict.fromkeys(map(text_of, row)) if text
    ]
    title = next((line for line in lines if _is_title(line)), "")
    unit = next((found for line in reversed(lines) if (found := unit_in(line))), None)
    year, as_of, period = None, None, None
    for line in lines:
        found_year, found_as_of, found_period = read_time(line, year or default_year)
        year = year or found_year
        if found_as_of is not None and (as_of is None or _UNTIL.search(line)):
            as_of = found_as_of
        # 2026年度…表 names a year; 截至10月25日 below it is nearer to the point.
        if found_period is not None and (period is None or len(found_period) > len(period)):
            period = found_period
    return Titles(title, unit, year or (as_of.on.year if as_of else None), as_of, period)


def _is_title(line: str) -> bool:
    return (
        len(line) >= 4
        and not re.match(r"附件|附表|单位|截[至止]|[(（]", line)
        and not re.match(r"(?:填报|报送|制表|填表)\S{0,4}[:：]", line)
    )


def unit_in(line: str) -> str | None:
    """The unit of money that a line states: 单位：万元, （万元）, 金额单位：亿元."""
    plain = unicodedata.normalize("NFKC", line)
    spaceless = re.sub(r"(?<=单)\s+(?=位)", "", plain)
    match = _UNIT_LINE.search(spaceless) or _UNIT_ALONE.search(spaceless)
    return match[1] if match else None


def read_time(
    line: str, default_year: int | None
) -> tuple[int | None, DateValue | None, str | None]:
    """Year, as-of date and period key of a line; each None when it says nothing about it.

    A year alone gives no as-of date: 2026年重点项目计划表 is not about 31 December.
    """
    text = arabic_dates(re.sub(r"\s+", "", unicodedata.normalize("NFKC", line)))
    text = text.translate(_PLAIN_DASH)
    years = [int(match) for match in _YEAR.findall(text)]
    year = years[0] if years else default_year
    try:
        as_of, period = _point(text, year, line)
    except ValueError:
        as_of, period = None, None
    if period is None and years:
        period = str(years[0])
    return (years[0] if years else None), as_of, period


def _point(text: str, year: int | None, line: str) -> tuple[DateValue | None, str | None]:
    if match := _DAY.search(text):
        on = date(int(match[1]), int(match[2] or match[3]), int(match[4]))
        named = _months_period(text, on.year) or f"{on.year}-{on.month:02d}"
        return DateValue(on, Precision.DAY, line), named
    if year is None:
        return None, None
    if match := _DAY_OF_MONTH.search(text):
        on = date(year, int(match[1]), int(match[2]))
        return DateValue(on, Precision.DAY, line), f"{year}-{on.month:02d}"
    period = _months_period(text, year)
    if period is not None:
        last = int(period[-2:]) if "+" in period else int(period[5:7])
        return _end(year, last, line), period
    if match := _QUARTER.search(text):
        number = (
            3 if match[2] else {"一": 1, "二": 2, "三": 3, "四": 4}.get(match[1]) or int(match[1])
        )
        return _end(year, number * 3, line), f"{year}-Q{number}"
    if match := _HALF.search(text):
        half = 1 if match[1] == "上" else 2
        return _end(year, half * 6, line), f"{year}-H{half}"
    if match := _DOTTED.search(text):
        return _end(int(match[1]), int(match[2]), line), f"{match[1]}-{int(match[2]):02d}"
    return None, None


def _end(year: int, month: int, line: str) -> DateValue:
    return DateValue(month_end(year, month), Precision.MONTH, line)


def _months_period(text: str, year: int) -> str | None:
    if match := _RANGE.search(text):
        first, last = int(match[1]), int(match[2])
    elif match := _MONTH.search(text):
        first = last = int(match[1])
    else:
        return None
    return period_of(year, first, last)


def period_of(year: int, first: int, last: int) -> str | None:
    """The period key of a span of months; the merged key for January and February."""
    if not 1 <= first <= last <= 12:
        return None
    return f"{year}-01+02" if (first, last) == (1, 2) else f"{year}-{last:02d}"
