"""Facts as written in JSON and in examples, made into the values the evaluator compares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.types import FactValue, Kind, Measure, Record, RulebookError

_NUMBER = r"-?\d{1,30}(?:\.\d{1,18})?"
_MONEY = re.compile(rf"({_NUMBER})\s*(元|万元|亿元)")
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:%|百分点|个百分点)")
_SHARE = re.compile(r"(-?\d{1,30})/(\d{1,30})")
_MONTHS = re.compile(r"(\d{1,6})\s*(个月|年)")
_DAYS = re.compile(r"(\d{1,6})\s*(?:天|日|工作日)")
_COUNT = re.compile(r"(-?\d{1,18})\s*(?:个|次|名|项|家|份|人|件)")
_QUANTITY = re.compile(rf"({_NUMBER})\s*(\D*)")
_POINTS = re.compile(rf"({_NUMBER})\s*分?")
_SIZES = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


def read_facts(
    raw: Mapping[str, object],
    *,
    place: str = "",
    catalogue: Catalogue | None = None,
    as_of: date | None = None,
    subject: str = "",
) -> dict[str, FactValue]:
    """Typed facts by their names in the catalogue; None stays None (missing).

    Money: whole yuan or `"1000万元"`; ratios: `"9/12"`, `"77.5%"` or `[9, 12]`; days: a date or
    `"2025-06-30"`; counts, months, days: integers; points: 86.5; yes/no: true or false; records
    and earlier values of any measure: `[{on = 2025-08-31, value = …}]` (the value of `as_of`
    itself is then this period's). Raises RulebookError with all faults; `place` is named in them.
    """
    catalogue = catalogue or standard_catalogue()
    facts: dict[str, FactValue] = {} if as_of is None else {AS_OF: as_of}
    faults = []
    seen: set[str] = set()
    for word, value in raw.items():
        measure = catalogue.find(word)
        what = remedy = ""
        if measure is None:
            what, remedy = f"不认识的量“{word[:40]}”", catalogue.suggestion(word[:40])
        elif subject and subject not in measure.subjects:
            what = f"“{measure.name}”是{'、'.join(measure.subjects)}的量，不是{subject}的"
        elif measure.operator == "output":
            what, remedy = f"“{measure.name}”由规则得出，不能给", "写在expect里核对"
        elif measure.name in seen:
            what = f"“{measure.name}”给了两次"
        else:
            seen.add(measure.name)
            try:
                facts.update(_known(value, measure, as_of))
            except ValueError as error:
                what = str(error)
        if what:
            line = f"{place}：{what}" if place else what
            faults.append(Fault(code="bad-fact", what=line, remedy=remedy))
    if faults:
        raise RulebookError(*faults)
    return facts


def _known(value: object, measure: Measure, as_of: date | None) -> dict[str, FactValue]:
    """A value, or its history with the value of the day itself."""
    is_history = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    if measure.kind in (Kind.RECORDS, Kind.PAPERS) or not is_history:
        return {measure.name: fact_of(value, measure)}
    records = records_of(value, measure) or ()
    now = [one.value for one in records if one.on == as_of]
    return {measure.name: now[-1] if now else None, measure.name + HISTORY: records}


AS_OF = "期末"
"""The measure that holds the day facts are of."""

PAST_LIGHTS = "往期总灯"
"""The measure that holds the labels of the earlier locked rounds."""

HISTORY = "·历史"
"""Facts hold the earlier values of a measure under its name with this behind it."""


def fact_of(value: object, measure: Measure) -> FactValue:
    """One value in the terms of its measure. Raises ValueError with a Chinese line."""
    if value is None:
        return None
    if measure.kind is Kind.QUANTITY and isinstance(value, str):
        match = _QUANTITY.fullmatch(value.strip())
        if match is None or match[2] not in ("", measure.unit):
            raise ValueError(f"“{measure.name}”的单位是{measure.unit}，不能是“{value[:40]}”")
    read: FactValue = None
    if measure.kind is Kind.PAPERS:
        return papers_of(value, measure)  # type: ignore[return-value]
    if measure.kind is Kind.RECORDS:
        read = records_of(value, measure)
    else:
        read = _READERS[measure.kind](value)
    if read is None:
        example = _EXAMPLES[measure.kind]
        raise ValueError(f"“{measure.name}”不能是“{str(value)[:40]}”，例如{example}")
    if isinstance(read, str) and measure.values and read not in measure.values:
        near = "、".join(measure.values)
        raise ValueError(f"“{measure.name}”没有“{read[:40]}”这一项，可写：{near}")
    return read


def papers_of(value: object, measure: Measure) -> tuple[Mapping[str, object], ...]:
    """The papers of a checklist as handed in: names, or `{name, fields, copies, reason}`.

    Raises ValueError with a Chinese line.
    """
    if not isinstance(value, list):
        raise ValueError(f'“{measure.name}”应是一组材料，例如["立项文件", {{name = "照片"}}]')
    found = []
    for one in value:
        entry = {"name": one} if isinstance(one, str) else one
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise ValueError(f"“{measure.name}”的每份材料要写name")
        if entry.keys() - {"name", "fields", "copies", "reason"}:
            raise ValueError(f"“{measure.name}”的材料只写name、fields、copies、reason")
        if not isinstance(entry.get("fields", {}), dict):
            raise ValueError(f"“{measure.name}”的fields应是一张表")
        found.append(entry)
    return tuple(found)


def records_of(value: object, measure: Measure) -> tuple[Record, ...] | None:
    """Entries `{on, value, who}`, oldest first. Raises ValueError with a Chinese line."""
    if isinstance(value, str | date):
        value = [value]
    if not isinstance(value, list):
        return None
    value = [{"on": one} if isinstance(one, str | date) else one for one in value]
    kind = measure.record_kind if measure.kind is Kind.RECORDS else measure.kind
    found = []
    for entry in value:
        if not isinstance(entry, dict) or entry.keys() - {"on", "value", "who"}:
            raise ValueError(f"“{measure.name}”的每条记录只写on、value、who")
        on = _day(entry.get("on"))
        if on is None:
            raise ValueError(f"“{measure.name}”的记录要写日期，例如on = 2025-03-31")
        inner = entry.get("value")
        if inner is not None and kind is None:
            raise ValueError(f"“{measure.name}”只记发生的日期，没有值")
        if inner is not None and kind is not None:
            inner = _READERS[kind](inner)
            if inner is None:
                raise ValueError(f"“{measure.name}”{on}的值写法不对，例如{_EXAMPLES[kind]}")
            if measure.values and inner not in measure.values:
                near = "、".join(measure.values)
                raise ValueError(f"“{measure.name}”没有“{str(inner)[:40]}”这一项，可写：{near}")
        found.append(Record(on, inner, str(entry.get("who") or "")))
    return tuple(sorted(found, key=lambda one: one.on))


def _yuan(value: object) -> int | None:
    if isinstance(value, str) and (match := _MONEY.fullmatch(value.strip())):
        amount = Fraction(match[1]) * _SIZES[match[2]]
        return amount.numerator if amount.denominator == 1 else None
    return _whole(value)


def _whole(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_FAR:
        return value
    return None


_FAR = 40
"""Digits beyond which a number is no figure of this world."""


def fraction_of(value: object) -> Fraction:
    """A literal of any number kind as an exact fraction; anything else is nothing."""
    if isinstance(value, tuple):
        return Fraction(*value)
    return Fraction(value) if isinstance(value, int) else Fraction(0)


def _quantity(value: object) -> tuple[int, int] | None:
    """A quantity in the measure's own unit; the unit written is checked by `fact_of`."""
    if isinstance(value, str) and (match := _QUANTITY.fullmatch(value.strip())):
        return Fraction(match[1]).as_integer_ratio()
    return points_of(value)


def _count(value: object) -> int | None:
    if isinstance(value, str) and (match := _COUNT.fullmatch(value.strip())):
        return int(match[1])
    return _whole(value)


def _months(value: object) -> int | None:
    if isinstance(value, str) and (match := _MONTHS.fullmatch(value.strip())):
        return int(match[1]) * (12 if match[2] == "年" else 1)
    return _whole(value)


def _days(value: object) -> int | None:
    if isinstance(value, str) and (match := _DAYS.fullmatch(value.strip())):
        return int(match[1])
    return _whole(value)


def points_of(value: object) -> tuple[int, int] | None:
    """Points as a reduced pair: 3, 86.5 (a Decimal, never a float), "86.5分", [3, 2]."""
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) < _FAR):
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value).as_integer_ratio()
    if isinstance(value, str) and (match := _POINTS.fullmatch(value.strip())):
        return Fraction(match[1]).as_integer_ratio()
    if isinstance(value, list | tuple) and len(value) == 2:
        top, bottom = _whole(value[0]), _whole(value[1])
        if top is not None and bottom is not None and bottom > 0:
            return (top, bottom)
    return None


def percent_of(value: object) -> tuple[int, int] | None:
    """A share as written in a rule: a bare number is per cent, "60%", "2百分点", "1/3"."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        pair = points_of(value)
        return None if pair is None else (Fraction(*pair) / 100).as_integer_ratio()
    return _ratio(value) if isinstance(value, str) else None


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
    Kind.COUNT: _count,
    Kind.MONTHS: _months,
    Kind.DAYS: _days,
    Kind.POINTS: points_of,
    Kind.QUANTITY: _quantity,
    Kind.DAY: _day,
    Kind.BOOL: _bool,
    Kind.TEXT: _text,
}
_EXAMPLES = {
    Kind.YUAN: "10000000或“1000万元”",
    Kind.RATIO: "“9/12”或“77.5%”",
    Kind.COUNT: "3",
    Kind.MONTHS: "3",
    Kind.DAYS: "30",
    Kind.POINTS: "86.5",
    Kind.QUANTITY: "50.5或“50.5亩”",
    Kind.RECORDS: "[{on = 2025-03-31}]",
    Kind.DAY: "“2025-06-30”",
    Kind.BOOL: "true或false",
    Kind.TEXT: "“新建”",
}
