"""Invented facts that lie where rules decide: on edges, one yuan beside them, missing, zero."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from guatu.engines.rulebook.sql import Column
from guatu.engines.rulebook.sql.tests.databases import Schema
from guatu.engines.rulebook.types import Book, Comparison, Condition, Limit, Member

NULLS = 8
"""Per cent of values that are missing."""
LARGEST = 4 * 10**18
"""Yuan up to here: well over 2^53, where a float would already have lost the last digits."""
_PLANS = (0, -5, 1, 3, 9_999_999, 10_000_000, 10**13, 2**53 + 1, LARGEST - 7)
_WORDS = (
    "社会民生",
    "基础设施",
    "先进制造业",
    "商贸物流",
    "两重",
    "两新",
    "市本级政府投资",
    "别的",
    "",
)
_EDGES = tuple(Fraction(n, 100) for n in (0, 10, 30, 50, 60, 80, 100))


def facts_of(seed: int, columns: Sequence[Column]) -> dict[str, Any]:
    """One subject's facts by measure name; None and absence are both missing."""
    chance = random.Random(seed)
    facts: dict[str, Any] = {}
    for column in columns:
        if column.measure not in facts:
            facts[column.measure] = _value(chance, column)
    if chance.random() < 0.8:
        _on_an_edge(chance, facts)
    for name in facts:
        if chance.randrange(100) < NULLS:
            facts[name] = None
    return facts


def _value(chance: random.Random, column: Column) -> Any:
    match column.kind.value:
        case "yuan":
            return chance.choice((chance.choice(_PLANS), chance.randrange(0, 10**10)))
        case "ratio" | "points":
            bottom = chance.choice((12, 100, 365, 1, 0, -3, chance.randrange(1, 10_000)))
            return (chance.randrange(-5, 2 * abs(bottom) + 5), bottom)
        case "count" | "months" | "days":
            return chance.randrange(-1, 5)
        case "day":
            return date(2025, 1, 1) + timedelta(days=chance.randrange(400))
        case "bool":
            return chance.random() < 0.5
    return chance.choice(_WORDS)


def _on_an_edge(chance: random.Random, facts: dict[str, Any]) -> None:
    """Completed investment that puts the gap or the quotient on a band's edge, ± 1 yuan."""
    if "本年累计完成投资" not in facts:
        return
    plan, pace = facts.get("年度计划投资"), facts.get("时间进度")
    if not plan or not pace or pace[1] <= 0:
        return
    edge, pace = chance.choice(_EDGES), Fraction(*pace)
    rate = chance.choice((pace - edge, pace * edge, pace * (1 - edge)))
    completed = round(plan * rate) + chance.choice((-1, 0, 0, 1))
    facts["本年累计完成投资"] = max(-LARGEST, min(LARGEST, completed))


_TYPES = {"bool": "boolean", "text": "text", "day": "date"}


def schema_of(columns: Sequence[Column]) -> Schema:
    """The input relation of a plan, with a key."""
    typed = [(column.name, _TYPES.get(column.kind.value, "bigint")) for column in columns]
    return [("id", "bigint"), *typed]


def row_of(key: int, facts: dict[str, Any], columns: Sequence[Column]) -> tuple[Any, ...]:
    """The wide row of one subject."""
    row: list[Any] = [key]
    for column in columns:
        value = facts.get(column.measure)
        if column.part and value is not None:
            value = value[0 if column.part == "n" else 1]
        row.append(value)
    return tuple(row)


def words_of(book: Book) -> set[str]:
    """The texts that a book's conditions list."""
    found: set[str] = set()
    pending: list[Condition] = [gate.when for gate in book.gates]
    pending += [case.when for light in book.lights for case in light.cases]
    while pending:
        one = pending.pop()
        match one:
            case Member(_, values):
                found |= {value for value in values if isinstance(value, str)}
            case Comparison(_, _, Limit(str() as value)):
                found.add(value)
        pending += getattr(one, "parts", ())
        if part := getattr(one, "part", None):
            pending.append(part)
    return found
