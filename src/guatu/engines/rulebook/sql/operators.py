"""How a measure follows from others, in SQL: one entry an operator, twin of `frame._DERIVED`."""

from __future__ import annotations

from collections.abc import Callable

from guatu.engines.rulebook.catalogue import Measure
from guatu.engines.rulebook.sql.dialects import not_in_sql
from guatu.engines.rulebook.sql.frame import Expression, Frame, Plain
from guatu.engines.rulebook.sql.integers import Arithmetic, Int, Pair


def subtract(arithmetic: Arithmetic, left: Expression, right: Expression) -> Expression:
    """left − right; of pairs over the product of their denominators, as the scalar one does."""
    if isinstance(left, Int) and isinstance(right, Int):
        return arithmetic.minus(left, right)
    a, b = _pair(left), _pair(right)
    top = arithmetic.minus(arithmetic.times(a.top, b.bottom), arithmetic.times(b.top, a.bottom))
    return Pair(top, arithmetic.times(a.bottom, b.bottom))


def _ratio(frame: Frame, measure: Measure) -> Expression:
    top, bottom = (_whole(frame.exact(name)) for name in measure.of)
    positive = f"{bottom.sql} > 0"
    return Pair(
        _when(positive, top),
        _when(f"{positive} AND {top.sql} IS NOT NULL", bottom),
    )


def _difference(frame: Frame, measure: Measure) -> Expression:
    left, right = (frame.exact(name) for name in measure.of)
    return subtract(frame.arithmetic, left, right)


def _quotient_of(frame: Frame, measure: Measure) -> tuple[str, Int, Int]:
    a, b = (_pair(frame.exact(name)) for name in measure.of)
    arithmetic = frame.arithmetic
    top, bottom = arithmetic.times(a.top, b.bottom), arithmetic.times(a.bottom, b.top)
    return f"{b.top.sql} > 0", top, bottom


def _quotient(frame: Frame, measure: Measure) -> Expression:
    positive, top, bottom = _quotient_of(frame, measure)
    return Pair(_when(positive, top), _when(positive, bottom))


def _shortfall(frame: Frame, measure: Measure) -> Expression:
    positive, top, bottom = _quotient_of(frame, measure)
    less = frame.arithmetic.minus(bottom, top)
    return Pair(_when(positive, less), _when(positive, bottom))


def _opposite(frame: Frame, measure: Measure) -> Expression:
    value = frame.exact(measure.of[0])
    if not isinstance(value, Plain):
        raise not_in_sql(f"“{measure.of[0]}”不是“是/否”的量")
    return Plain(f"(NOT {value.sql})")


OPERATORS: dict[str, Callable[[Frame, Measure], Expression]] = {
    "ratio": _ratio,
    "difference": _difference,
    "quotient": _quotient,
    "shortfall": _shortfall,
    "opposite": _opposite,
}
"""The operators that SQL can say."""


def _when(condition: str, value: Int) -> Int:
    return Int(f"CASE WHEN {condition} THEN {value.sql} END", value.bound, value.wide)


def _whole(value: Expression) -> Int:
    if not isinstance(value, Int):
        raise not_in_sql("这里要整数的量")
    return value


def _pair(value: Expression) -> Pair:
    if not isinstance(value, Pair):
        raise not_in_sql("这里要比率的量")
    return value
