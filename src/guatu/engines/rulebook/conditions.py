"""Conditions as closures over a frame: True, False, or None for unknown (Kleene's logic)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from guatu.engines.rulebook.types import (
    PAIRED,
    All,
    AnyOf,
    Chain,
    Comparison,
    Condition,
    Flag,
    Kind,
    Limit,
    Member,
    Named,
    Not,
    Value,
)

type Frame = list[Any]
"""One slot per name of a book; None is missing."""

type Test = Callable[[Frame], bool | None]

_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compile_condition(condition: Condition, slots: Mapping[str, int]) -> Test:
    """A closure that decides the condition on a frame. Built once, called per subject."""
    match condition:
        case Flag(name):
            return operator.itemgetter(slots[name])
        case Not(part):
            return _not(compile_condition(part, slots))
        case All(parts):
            return _every([compile_condition(part, slots) for part in parts])
        case AnyOf(parts):
            return _some([compile_condition(part, slots) for part in parts])
        case Chain(comparisons):
            return _every([compile_condition(part, slots) for part in comparisons])
        case Member(name, values, negated):
            return _member(slots[name], frozenset(values), negated=negated)
        case Comparison(Named(left), sign, Limit(value), kind):
            return _against_limit(slots[left], sign, value, kind)
        case Comparison(Limit(value), sign, Named(right), kind):
            return _against_limit(slots[right], MIRRORED[sign], value, kind)
        case Comparison(Named(left), sign, Named(right), kind):
            return _against_measure(slots[left], sign, slots[right], kind)
    raise TypeError(condition)


def _against_limit(slot: int, sign: str, limit: Value, kind: Kind) -> Test:
    holds = _HOLDS[sign]
    if kind in PAIRED and isinstance(limit, tuple):
        # Denominators are positive, so cross-multiplying keeps the order.
        top, bottom = limit

        def of_ratio(frame: Frame) -> bool | None:
            value = frame[slot]
            return None if value is None else holds(value[0] * bottom, top * value[1])

        return of_ratio

    def of_value(frame: Frame) -> bool | None:
        value = frame[slot]
        return None if value is None else holds(value, limit)

    return of_value


def _against_measure(left: int, sign: str, right: int, kind: Kind) -> Test:
    holds = _HOLDS[sign]

    def compared(frame: Frame) -> bool | None:
        a, b = frame[left], frame[right]
        if a is None or b is None:
            return None
        return holds(a[0] * b[1], b[0] * a[1]) if kind in PAIRED else holds(a, b)

    return compared


def _member(slot: int, values: frozenset[Value], *, negated: bool) -> Test:
    def listed(frame: Frame) -> bool | None:
        value = frame[slot]
        return None if value is None else (value in values) is not negated

    return listed


def _not(part: Test) -> Test:
    def negated(frame: Frame) -> bool | None:
        value = part(frame)
        return None if value is None else not value

    return negated


def _every(parts: list[Test]) -> Test:
    def every(frame: Frame) -> bool | None:
        answer: bool | None = True
        for part in parts:
            value = part(frame)
            if value is False:
                return False
            if value is None:
                answer = None
        return answer

    return every


def _some(parts: list[Test]) -> Test:
    def some(frame: Frame) -> bool | None:
        answer: bool | None = False
        for part in parts:
            value = part(frame)
            if value is True:
                return True
            if value is None:
                answer = None
        return answer

    return some
