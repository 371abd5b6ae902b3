"""The formulas of score cards: exact fractions in, exact fractions out (M-G1)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from guatu.engines.rulebook.derive import fraction
from guatu.engines.rulebook.types import (
    Beyond,
    Efficacy,
    Marginal,
    Pair,
    Partial,
    RankPoints,
    Series,
    Steps,
)


def steps_in(amount: Fraction, partial: Partial) -> Fraction:
    """How many steps count of an amount ≥ 0 measured in steps."""
    if partial is Partial.WHOLE:
        return Fraction(floor(amount))
    if partial is Partial.STARTED:
        return Fraction(ceil(amount))
    return amount


def clamped(value: Fraction, low: Pair | None, high: Pair | None) -> Fraction:
    """The value within bounds; None is no bound."""
    if low is not None:
        value = max(value, Fraction(*low))
    return value if high is None else min(value, Fraction(*high))


def of_steps(rule: Steps, full: Fraction, value: Fraction) -> Fraction:
    """`full` at the target, up and down by steps of their own size, the change clamped."""
    over = value - fraction(rule.target)
    over = -over if rule.less_is_better else over
    if over >= 0:
        change = steps_in(over / fraction(rule.step_up), rule.partial) * Fraction(*rule.up)
    else:
        count = steps_in(-over / fraction(rule.step_down), rule.partial)
        change = -count * Fraction(*rule.down)
    return full + clamped(change, rule.lowest, rule.highest)


def of_beyond(rule: Beyond, value: Fraction) -> Fraction:
    """Points for each step above the mark."""
    over = value - fraction(rule.above)
    if over <= 0:
        return Fraction(0)
    return steps_in(over / fraction(rule.step), rule.partial) * Fraction(*rule.points)


def of_marginal(rule: Marginal, value: Fraction) -> Fraction:
    """Brackets above the mark, each with its own points for a step."""
    total, edge = Fraction(0), fraction(rule.above)
    for one in rule.slices:
        top = value if one.to is None else min(value, fraction(one.to))
        if top <= edge:
            break
        total += steps_in((top - edge) / fraction(one.step), rule.partial) * Fraction(*one.points)
        edge = top
    return total


MOST_STEPS = 10_000
"""A series is added up step by step; so many say more about a slip than about a score."""


def of_series(rule: Series, value: Fraction) -> Fraction | None:
    """Steps above the mark, each worth less than the one before; None beyond MOST_STEPS."""
    over = value - fraction(rule.above)
    if over <= 0:
        return Fraction(0)
    count = steps_in(over / fraction(rule.step), rule.partial)
    if count > MOST_STEPS:
        return None
    total, worth, least = Fraction(0), Fraction(*rule.first), Fraction(*rule.least)
    while count > 0:
        total += max(worth, least) * min(count, Fraction(1))
        worth = (
            worth - Fraction(*rule.less) if rule.less else worth * Fraction(*rule.times or (1, 1))
        )
        count -= 1
    return total


def of_rank(rule: RankPoints, rank: int, size: int) -> Fraction | None:
    """Evenly spaced from rank 1 to the last; alone is first. None where rank > size."""
    if not 1 <= rank <= size:
        return None
    first, last = Fraction(*rule.first), Fraction(*rule.last)
    return first if size == 1 else first - Fraction(rank - 1, size - 1) * (first - last)


def of_efficacy(
    rule: Efficacy, full: Fraction, value: Fraction, best: Fraction, worst: Fraction
) -> Fraction:
    """功效系数 (efficacy coefficient); where best equals worst all have the full mark."""
    if best == worst:
        return full
    base = Fraction(*rule.base)
    points = full * (base + (1 - base) * (value - worst) / (best - worst))
    return min(max(points, Fraction(0)), full)
