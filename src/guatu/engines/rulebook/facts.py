"""Facts as written in JSON and in examples, made into the values the evaluator compares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import Catalogue, Measure, standard_catalogue
from guatu.engines.rulebook.types import FactValue, Kind, RulebookError

_NUMBER = r"-?\d{1,30}(?:\.\d{1,18})?"
_MONEY = re.compile(rf"({_NUMBER})\s*(元|万元|亿元)")
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:%|百分点|个百分点)")
_SHARE = re.compile(r"(-?\d{1,30})/(\d{1,30})")
_SIZES = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


def read_facts(
    raw: Mapping[str, object], *, place: str = "", catalogue: Catalogue | None = None
) -> dict[str, FactValue]:
    """Typed facts by their names in the catalogue; None stays None (missing).

    Money: whole yuan or `"1000万元"`; ratios: `"9/12"`, `"77.5%"` or `[9, 12]`; days: a date or
    `"2025-06-30"`; counts and months: integers; yes/no: true or false.
    Raises RulebookError with all faults; `place` is named in them.
    """
    catalogue = catalogue or standard_catalogue()
    facts: dict[str, FactValue] = {}
    faults = []
    for word, value in raw.items():
        measure = catalogue.find(word)
        what = remedy = ""
        if measure is None:
            what, remedy = f"不认识的量“{word}”", catalogue.suggestion(word)
        elif measure.name in facts:
            what = f"“{measure.name}”给了两次"
        else:
            try:
                facts[measure.name] = fact_of(value, measure)
            except ValueError as error:
                what = str(error)
        if what:
            line = f"{place}：{what}" if place else what
            faults.append(Fault(code="bad-fact", what=line, remedy=remedy))
    if faults:
        raise RulebookError(*faults)
    return facts


def fact_of(value: object, measure: Measure) -> FactValue:
    """One value in the terms of its measure. Raises ValueError with a Chinese line."""
    if value is None:
        return None
    read = _READERS[measure.kind](value)
    if read is None:
        example = _EXAMPLES[measure.kind]
        raise ValueError(f"“{measure.name}”不能是“{value}”，例如{example}")
    return read


def _yuan(value: object) -> int | None:
    if isinstance(value, str) and (match := _MONEY.fullmatch(value.strip())):
        amount = Fraction(match[1]) * _SIZES[match[2]]
        return amount.numerator if amount.denominator == 1 else None
    return _whole(value)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _ratio(value: object) -> tuple[int, int] | None:
    if isinstance(value, str):
        if match := _PERCENT.fullmatch(value.strip()):
            return (Fraction(match[1]) / 100).as_integer_ratio()
        if match := _SHARE.fullmatch(value.strip()):
            return (int(match[1]), int(match[2])) if int(match[2]) > 0 else None
    if isinstance(value, list | tuple) and len(value) == 2:
        top, bottom = _whole(value[0]), _whole(value[1])
        if top is not None and bottom is not None and bottom > 0:
            return (top, bottom)
    return (0, 1) if _whole(value) == 0 else None


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


_READERS = {
    Kind.YUAN: _yuan,
    Kind.RATIO: _ratio,
    Kind.COUNT: _whole,
    Kind.MONTHS: _whole,
    Kind.DAY: _day,
    Kind.BOOL: _bool,
    Kind.TEXT: _text,
}
_EXAMPLES = {
    Kind.YUAN: "10000000或“1000万元”",
    Kind.RATIO: "“9/12”或“77.5%”",
    Kind.COUNT: "3",
    Kind.MONTHS: "3",
    Kind.DAY: "“2025-06-30”",
    Kind.BOOL: "true或false",
    Kind.TEXT: "“新建”",
}
