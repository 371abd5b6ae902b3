"""Amounts of money by rule, whole yuan, half up once at the end (M-G4)."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from guatu.engines.rulebook.derive import fraction
from guatu.engines.rulebook.types import Line, Money

if TYPE_CHECKING:
    from guatu.engines.rulebook.conditions import Frame
    from guatu.engines.rulebook.evaluate import Evaluator


def yuan_of(rule: Money, evaluator: Evaluator, frame: Frame) -> int | None:
    """The amount on a frame; None where its condition or a figure is not known."""
    if evaluator.holds(rule.stated.when, frame) is None:
        return None
    exact = evaluator.plan.exact
    amount = _base(rule, {name: frame[slot] for name, slot in exact.items()})
    if amount is None:
        return None
    if rule.per:
        count = frame[exact[rule.per]]
        if count is None:
            return None
        amount *= count
    if rule.late is not None:
        late = frame[exact[rule.late.of]]
        if late is None:
            return None
        amount *= max(Fraction(0), 1 - Fraction(*rule.late.share) * late)
    most = rule.most if not rule.most_named else frame[exact[rule.most_named]]
    if rule.most_named and most is None:
        return None
    if most is not None:
        amount = min(amount, Fraction(most))
    return floor(amount + Fraction(1, 2))


def _base(rule: Money, values: dict[str, object]) -> Fraction | None:
    if rule.amount is not None:
        return Fraction(rule.amount)
    if rule.line is not None:
        return _on_line(rule.line, values[rule.line.of])
    value = values[rule.of]
    if value is None:
        return None
    if rule.share is not None:
        return fraction(value) * Fraction(*rule.share)
    found = dict(rule.rows).get(value)  # type: ignore[call-overload]
    return Fraction(found or 0)


def _on_line(line: Line, value: object) -> Fraction | None:
    if value is None:
        return None
    at, low, high = fraction(value), fraction(line.low), fraction(line.high)
    if at <= low:
        return Fraction(line.low_yuan)
    if at >= high:
        return Fraction(line.high_yuan)
    return line.low_yuan + (at - low) / (high - low) * (line.high_yuan - line.low_yuan)
