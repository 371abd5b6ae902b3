"""Recorded values (登记) as text: what is typed, how it is kept, how it is read back. Pure.

Values are kept as canonical JSON in the terms of the rule language: whole yuan, pairs for ratios
and points, ISO days, true or false, text; a record is `{on, value, who}`.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.core.errors import BadInput, Fault
from guatu.core.names import has_hidden_signs
from guatu.engines.chain import canonical
from guatu.engines.rulebook.facts import fact_of
from guatu.engines.rulebook.types import FactValue, Kind, Measure, Record
from guatu.engines.rulebook.wording import money_text, number_text

LONGEST_TEXT = 200
LONGEST_WHO = 60
_LARGEST = 10**18
_ANSWERS = {"是": True, "否": False, "true": True, "false": False}
_WHOLE = (Kind.YUAN, Kind.COUNT, Kind.MONTHS, Kind.DAYS)


def form_of(measure: Measure) -> str:
    """What a stored value is, so that a later book does not read it as something else:
    `ratio`, `quantity:亩`, `records:points`."""
    if measure.kind is Kind.RECORDS and measure.record_kind is not None:
        return f"{measure.kind.value}:{measure.record_kind.value}"
    if measure.kind is Kind.QUANTITY or (measure.kind is Kind.DAYS and measure.unit == "工作日"):
        return f"{measure.kind.value}:{measure.unit}"
    return measure.kind.value


def value_kind(measure: Measure) -> Kind | None:
    """The kind of what is typed: of one entry where the measure is a record, None for a record of
    mere events."""
    return measure.record_kind if measure.kind is Kind.RECORDS else measure.kind


def read_value(text: str, measure: Measure, *, on: date, who: str = "") -> FactValue:
    """What somebody typed, in the terms of its measure. BadInput with one Chinese line.

    A record measure takes one entry: its day, its value and who gave it.
    """
    text, who = text.strip(), who.strip()
    if len(text) > LONGEST_TEXT:
        raise _refused("value-too-long", f"“{measure.name}”超过{LONGEST_TEXT}字")
    if len(who) > LONGEST_WHO:
        raise _refused("who-too-long", f"给出者超过{LONGEST_WHO}字")
    if has_hidden_signs(text) or has_hidden_signs(who):
        raise _refused("not-plain", "里面有看不见的字符或换行", "请重新输入，不要粘贴")
    kind = value_kind(measure)
    is_record = measure.kind is Kind.RECORDS
    if not text and not (is_record and kind is None):
        raise _refused("no-value", f"没有写“{measure.name}”的值", "要撤销已登记的请用撤回")
    given: object = _typed(text, kind) if text else None
    if is_record:
        given = [{"on": on, "who": who} | ({"value": given} if text else {})]
    try:
        fact = fact_of(given, measure)
    except ValueError as error:
        raise _refused("bad-value", str(error)) from error
    if any(abs(number) >= _LARGEST for number in _numbers(fact)):
        raise _refused("value-too-large", f"“{measure.name}”的数太大", "请核对单位")
    return fact


def _typed(text: str, kind: Kind | None) -> object:
    """Typed text as the language takes it: digits as a number, 是 and 否 as yes and no."""
    if kind is None or kind is Kind.TEXT:
        return text
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if kind is Kind.BOOL:
        return _ANSWERS.get(plain.casefold(), text)
    if kind in _WHOLE and plain.removeprefix("-").isdecimal() and plain.isascii():
        return int(plain)
    if kind is Kind.RATIO and plain in ("0", "-0"):
        return 0
    return plain


def _numbers(value: Any) -> Iterator[int]:
    """Every number inside a value."""
    if isinstance(value, bool | date | str) or value is None:
        return
    if isinstance(value, int):
        yield value
    else:
        for part in value:
            yield from _numbers(part)


def stored(fact: FactValue) -> str:
    """The value as canonical JSON."""
    match fact:
        case (Record() as record,):
            who = {"who": record.who} if record.who else {}
            value = {} if record.value is None else {"value": _json(record.value)}
            return canonical({"on": record.on.isoformat(), **value, **who})
        case _:
            return canonical(_json(fact))


def _json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def restored(text: str, form: str) -> FactValue:
    """The value of stored JSON; a record is the tuple of its one entry."""
    kind, _, inner = form.partition(":")
    told = json.loads(text)
    if kind == Kind.RECORDS:
        value = told.get("value")
        return (
            Record(
                date.fromisoformat(told["on"]),
                None if value is None else plain_value(value, inner),
                told.get("who", ""),
            ),
        )
    plain: FactValue = plain_value(told, kind)
    return plain


def plain_value(told: Any, kind: str) -> Any:
    """One value of JSON in its kind: pairs and days are none in JSON."""
    if kind == Kind.DAY:
        return date.fromisoformat(told)
    return tuple(told) if isinstance(told, list) else told


def read_aloud(text: str, form: str) -> str:
    """Stored JSON in plain words, where the measure itself is not at hand: 1000万元, 77.5%."""
    if not text:
        return ""
    kind, _, inner = form.partition(":")
    fact = restored(text, form)
    if isinstance(fact, tuple) and fact and isinstance(fact[0], Record):
        record = fact[0]
        said = "有一次" if record.value is None else _aloud(record.value, inner)
        return f"{said}（{record.who}）" if record.who else said
    return _aloud(fact, kind) + (inner if kind == Kind.QUANTITY else "")


def _aloud(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind == Kind.YUAN:
        return money_text(value)
    if kind == Kind.RATIO:
        return f"{number_text(Fraction(*value) * 100)}%"
    return number_text(Fraction(*value)) if isinstance(value, tuple) else str(value)


def _refused(code: str, what: str, remedy: str = "") -> BadInput:
    return BadInput(Fault(code, what, remedy))
