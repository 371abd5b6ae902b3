"""Dates as offices write them: days, ten-day spans, months and years, each with its precision."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from guatu.core.periods import month_end
from guatu.engines.sheets import flags
from guatu.engines.sheets.grid import Cell
from guatu.engines.sheets.types import DateValue, Flag, Precision
from guatu.engines.sheets.wording import arabic_dates

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = (20_000, 80_000)
YEARS = (1980, 2080)
STATUS_WORDS = re.compile(
    r"^(?:已|未|正|正在|在|拟|待|尚未|暂未|全面|全部|部分|计划)*"
    r"(?:开工|竣工|完工|投产|建成|停工|复工|续建|建设|实施|推进|施工|前期|定|完成|启动|动工|交付|投用|运营)"
    r"(?:中|建设|状态|项目|阶段|投产|投用|验收)*$"
)


class ReadDate(NamedTuple):
    """A date and what is odd about it; `on` is None for what is no date."""

    on: date | None
    precision: Precision = Precision.DAY
    flags: tuple[Flag, ...] = ()


_FULL = re.compile(
    r"(?P<y>\d{4}|\d{2})(?:年|[-/.\\])(?P<m>\d{1,2})(?:月|[-/.\\])(?P<d>\d{1,2})[日号]?"
    r"(?:\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?)?(?P<w>前)?"
)
_MONTH = re.compile(
    r"(?P<y>\d{4}|\d{2}(?=年))(?:年|[-/.\\])(?P<m>\d{1,2})月?份?"
    r"(?P<t>上旬|中旬|下旬|初|中|底|末|内)?(?P<w>底前|末前|之?前)?"
)
_NO_YEAR_DAY = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?(?P<w>前)?")
_NO_YEAR_MONTH = re.compile(
    r"(?P<m>\d{1,2})月份?(?P<t>上旬|中旬|下旬|初|中|底|末|内)?(?P<w>底前|末前|之?前)?"
)
_SPAN = re.compile(
    r"(?:(?P<y>\d{4})年?)?(?:第?(?P<q>[1-4一二三四])季度|(?P<h>[上下])半年|(?P<q3>前[三3]季度))(?:末|底|内)?前?"
)
_YEAR = re.compile(r"(?P<y>\d{4})(?:年|年度)?(?P<t>底|末|初|中|内|全年)?(?P<w>之?前)?")
_ROUGH_MONTHS = {"初": 1, "中": 6}
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])?")
_ISO_TIME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})t[\d:.]+z?")
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "一": 1, "二": 2, "三": 3, "四": 4}


def read_date(cell: Cell, default_year: int | None = None) -> ReadDate:
    """Read one cell as a date.

    A month alone means its last day, 上旬 and 初 the 10th, 中旬 and 中 the 20th. 年底 is December;
    a quarter or half a year (its last day), 年初 (January) and 年中 (June) are flagged. Excel
    serial numbers of the 1900 system are converted. A number 2024.1 could be January or October
    and is flagged; the text 2024.1 is January. Without a year `default_year` is taken and flagged
    (documents.md §2.1).
    """
    if isinstance(cell, datetime):
        return _sane(cell.date(), Precision.DAY)
    if isinstance(cell, date):
        return _sane(cell, Precision.DAY)
    if isinstance(cell, bool | time | timedelta) or cell is None:
        return ReadDate(None, flags=(flags.NOT_A_DATE,))
    if isinstance(cell, int | float):
        return _from_number(cell)
    return _from_text(cell, default_year)


def _sane(on: date, precision: Precision, *marks: Flag) -> ReadDate:
    if not YEARS[0] <= on.year <= YEARS[1]:
        marks = (*marks, flags.ODD_YEAR)
    return ReadDate(on, precision, marks)


def _from_number(number: float) -> ReadDate:
    if number != number or abs(number) > 1e9:
        return ReadDate(None, flags=(flags.NOT_A_DATE,))
    if YEARS[0] <= number <= YEARS[1] + 1:
        if number == int(number):
            return _sane(date(int(number), 12, 31), Precision.YEAR)
        text = repr(float(number))
        year, month = text.split(".")
        if len(month) <= 2 and 1 <= int(month) <= 12:
            marks = (flags.MONTH_AMBIGUOUS,) if month == "1" else ()
            return _sane(month_end(int(year), int(month)), Precision.MONTH, *marks)
        return ReadDate(None, flags=(flags.NOT_A_DATE,))
    if SERIALS[0] <= number < SERIALS[1]:
        return _sane(EXCEL_EPOCH + timedelta(days=int(number)), Precision.DAY, flags.SERIAL_DATE)
    if number == int(number):
        return _from_text(str(int(number)), None)
    return ReadDate(None, flags=(flags.NOT_A_DATE,))


def _from_text(raw: str, default_year: int | None) -> ReadDate:
    text = unicodedata.normalize("NFKC", raw)
    if match := _ISO_TIME.fullmatch(text.strip().lower()):
        text = match[1]
    text = arabic_dates(re.sub(r"\s+", "", text)).strip("()。;,")
    text = text.replace("—", "-").replace("–", "-")
    try:
        return _match(text, default_year)
    except ValueError:
        return ReadDate(None, flags=(flags.NOT_A_DATE,))


def _match(text: str, default_year: int | None) -> ReadDate:
    if match := _FULL.fullmatch(text):
        year, marks = _year_of(match["y"])
        return _sane(date(year, int(match["m"]), int(match["d"])), Precision.DAY, *marks)
    if match := _COMPACT.fullmatch(text):
        if match["d"]:
            return _sane(date(int(match["y"]), int(match["m"]), int(match["d"])), Precision.DAY)
        return _sane(month_end(int(match["y"]), int(match["m"])), Precision.MONTH)
    if match := _MONTH.fullmatch(text):
        year, marks = _year_of(match["y"])
        return _month(year, match, marks)
    if match := _YEAR.fullmatch(text):
        return _year(int(match["y"]), match["t"] or "", is_before=bool(match["w"]))
    if re.fullmatch(r"\d{5}", text) and SERIALS[0] <= int(text) < SERIALS[1]:
        on = EXCEL_EPOCH + timedelta(days=int(text))
        return _sane(on, Precision.DAY, flags.SERIAL_DATE)
    return _without_year(text, default_year)


def _without_year(text: str, default_year: int | None) -> ReadDate:
    day, month = _NO_YEAR_DAY.fullmatch(text), _NO_YEAR_MONTH.fullmatch(text)
    span = _SPAN.fullmatch(text)
    year = int(span["y"]) if span and span["y"] else default_year
    if not (day or month or span):
        status = STATUS_WORDS.match(text)
        return ReadDate(None, flags=(flags.STATUS_WORD if status else flags.NOT_A_DATE,))
    if year is None:
        return ReadDate(None, flags=(flags.YEAR_MISSING,))
    marks = () if span and span["y"] else (flags.YEAR_ASSUMED,)
    if day:
        return _sane(date(year, int(day["m"]), int(day["d"])), Precision.DAY, *marks)
    if month:
        return _month(year, month, marks)
    assert span is not None
    last = 9
    if span["q"]:
        last = _QUARTERS[span["q"]] * 3
    elif span["h"]:
        last = 6 if span["h"] == "上" else 12
    return _sane(month_end(year, last), Precision.MONTH, *marks, flags.COARSE_DATE)


def _year(year: int, tail: str, *, is_before: bool) -> ReadDate:
    """年底 and 年末 are December. 年初 and 年中 name no month: January and June, and asked.

    年内 and a bare year may be any day of it.
    """
    if tail in _ROUGH_MONTHS:
        on = month_end(year, _ROUGH_MONTHS[tail])
        return _sane(on, Precision.MONTH, flags.ROUGH_DATE)
    if tail in ("底", "末"):
        return _sane(date(year, 12, 31), Precision.MONTH)
    marks = (flags.BEFORE_DATE,) if is_before and not tail else ()
    return _sane(date(year, 12, 31), Precision.YEAR, *marks)


def _year_of(text: str) -> tuple[int, tuple[Flag, ...]]:
    if len(text) == 2:
        return 2000 + int(text), (flags.SHORT_YEAR,)
    return int(text), ()


def _month(year: int, match: re.Match[str], marks: tuple[Flag, ...]) -> ReadDate:
    month, tail, before = int(match["m"]), match["t"] or "", match["w"] or ""
    last = month_end(year, month)
    if before in ("前", "之前") and tail not in ("底", "末"):
        marks = (*marks, flags.BEFORE_DATE)
    if tail in ("上旬", "初"):
        return _sane(last.replace(day=10), Precision.TEN_DAY, *marks)
    if tail in ("中旬", "中"):
        return _sane(last.replace(day=20), Precision.TEN_DAY, *marks)
    if tail == "下旬":
        return _sane(last, Precision.TEN_DAY, *marks)
    return _sane(last, Precision.MONTH, *marks)


def date_value(cell: Cell, read: ReadDate) -> DateValue | None:
    """The date of a reading together with its raw words."""
    if read.on is None:
        return None
    raw = cell.isoformat() if isinstance(cell, date | datetime) else str(cell).strip()
    return DateValue(read.on, read.precision, raw)
