"""Measures and their recorded values in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from guatu.assessment.recordable import Recordable
from guatu.engines.rulebook.reading.context import KIND_WORDS
from guatu.engines.rulebook.types import Kind, Measure, Record
from guatu.engines.rulebook.wording import UNIT_OF, value_text
from guatu.ledger.models import RecordedValue
from guatu.ledger.values import form_of, restored, value_kind

_WORD_OF = {kind: word for word, kind in KIND_WORDS.items()}
_EXAMPLES = {
    Kind.YUAN: "如1000万元",
    Kind.RATIO: "如77.5%或9/12",
    Kind.POINTS: "如86.5",
    Kind.COUNT: "如3",
    Kind.MONTHS: "如3",
    Kind.DAYS: "如15",
    Kind.DAY: "如2025-06-30",
    Kind.TEXT: "",
    Kind.BOOL: "是或否",
}


def kind_text(measure: Measure) -> str:
    """`比率（%）`, `记录，值是分数`."""
    word = _WORD_OF[measure.kind]
    if measure.kind is Kind.RECORDS:
        inner = measure.record_kind
        return f"{word}，一次一条" + (f"，值是{_WORD_OF[inner]}" if inner else "，只记日期")
    is_plain = measure.unit == word or measure.kind in (Kind.BOOL, Kind.DAY, Kind.TEXT)
    return word if is_plain else f"{word}（{measure.unit}）"


def example(measure: Measure) -> str:
    """How a value is typed."""
    kind = value_kind(measure)
    if kind is Kind.QUANTITY:
        return f"如50.5{measure.unit}"
    if kind is Kind.RATIO and measure.unit == "百分点":
        return "如30百分点"
    return "" if kind is None else _EXAMPLES.get(kind, "")


def choices(measure: Measure) -> list[tuple[str, str]]:
    """The values to choose from, where there are only some."""
    kind = value_kind(measure)
    if kind is Kind.BOOL:
        return [("是", "是"), ("否", "否")]
    return [(one, one) for one in measure.values]


def strangers(asked: Recordable, texts: Iterable[str]) -> list[str]:
    """What was typed that no rule of the book compares with, each once."""
    known = asked.compared
    return list(dict.fromkeys(t for text in texts if (t := text.strip()) and t not in known)
                if known else ())  # fmt: skip


def stranger_words(asked: Recordable, found: Sequence[str]) -> str:
    """`“丙”不是办法里写的值（“甲”、“乙”），没有一条规则专门说它，请核对`."""
    told = "、".join(f"“{one}”" for one in found[:5]) + ("等" if len(found) > 5 else "")
    known = "、".join(f"“{one}”" for one in asked.compared)
    return f"{told}不是办法里“{asked.measure.name}”写的值（{known}），已照写登记，写错的请更正"


def told_by(measure: Measure) -> str:
    """Who gives the value."""
    return f"{measure.judged_by}认定" if measure.judged_by else measure.data


def shown(value: RecordedValue, measure: Measure | None) -> str:
    """A recorded value as it reads; a withdrawal has none."""
    if value.is_withdrawal:
        return "撤回"
    if measure is None or form_of(measure) != value.form:
        return f"{value.value}（现行办法不用这样的值）"
    fact = restored(value.value, value.form)
    if measure.kind is not Kind.RECORDS:
        return _plain(value_text(fact, measure), measure.kind)
    kind = measure.record_kind
    record = fact[0] if isinstance(fact, tuple) and fact else None
    if not isinstance(record, Record) or kind is None or record.value is None:
        return "有一次"
    inner = replace(measure, kind=kind, unit=UNIT_OF[kind], record_kind=None)
    text = _plain(value_text(record.value, inner), kind)
    return f"{text}（{record.who}）" if record.who else text


def _plain(text: str, kind: Kind) -> str:
    return text[1:-1] if kind is Kind.TEXT and text.startswith("“") else text
