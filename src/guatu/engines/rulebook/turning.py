"""Where a comparison of a book turns as one figure moves, all others as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from guatu.engines.rulebook.conditions import Test, compile_condition
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.types import PAIRED, Comparison, Kind, Measure

FAR = 10**14
"""Beyond ten times the largest amount a cell may hold nothing is searched."""


def turning_tests(evaluator: Evaluator) -> list[Test]:
    """Every comparison of the book that the evaluator's frames can tell."""
    slots = evaluator.plan.slots
    return [
        compile_condition(turn, slots)
        for one in leaves_in(evaluator.book, Comparison)
        if set(measures_of(one)) <= slots.keys()
        for turn in _turning(one)
    ]


def turn_of(
    evaluator: Evaluator, facts: Mapping[str, object], axis: Axis, test: Test
) -> int | None:
    """How many steps away a comparison turns; None where it does not."""
    name = axis.measure.name

    def holds(steps: int) -> bool | None:
        return test(evaluator.frame({**facts, name: axis.value(steps)}))

    now = holds(0)
    if axis.most < 1 or holds(axis.most) == now:
        return None
    low, high = 0, axis.most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) == now else (low, middle)
    return high


def leaves_in[Leaf](value: object, kind: type[Leaf]) -> Iterable[Leaf]:
    """Every comparison, or whatever is asked for, anywhere in a book; bands are two of them."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from leaves_in(one, kind)
    elif is_dataclass(value):
        for one in fields(value):
            yield from leaves_in(getattr(value, one.name), kind)


def _turning(one: Comparison) -> tuple[Comparison, ...]:
    """Comparisons that turn once as a figure grows: an equality is where two of them meet."""
    if one.operator in ("==", "!=") and one.kind not in (Kind.TEXT, Kind.BOOL):
        return replace(one, operator=">="), replace(one, operator=">")
    return (one,)


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of a figure in one direction, in its smallest sensible steps."""

    measure: Measure
    start: Any
    direction: int

    @property
    def most(self) -> int:
        """How many steps there are before the values make no sense."""
        if self.measure.kind is Kind.DAY:
            return 3660
        if self.measure.kind in (Kind.COUNT, Kind.MONTHS, Kind.DAYS):
            return 3660 if self.direction > 0 else max(0, int(self.start))
        if self.measure.kind in PAIRED:
            steps = Fraction(*self.start) * self._scale
            return 10**6 if self.direction > 0 else max(0, int(steps))
        return FAR if self.direction > 0 else max(0, int(self.start))

    @property
    def _scale(self) -> int:
        """Ratios move by a ten-thousandth, points by a hundredth."""
        return 10_000 if self.measure.kind is Kind.RATIO else 100

    def value(self, steps: int) -> Any:
        """The value so many steps away."""
        if isinstance(self.start, date):
            return self.start + timedelta(days=self.direction * steps)
        if isinstance(self.start, tuple):
            moved = Fraction(*self.start) + Fraction(self.direction * steps, self._scale)
            return moved.as_integer_ratio()
        return self.start + self.direction * steps
