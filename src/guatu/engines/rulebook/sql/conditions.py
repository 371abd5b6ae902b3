"""Conditions as SQL booleans. SQL's NULL logic is Kleene's, as the scalar evaluator's is."""

from __future__ import annotations

from guatu.engines.rulebook.sql.dialects import not_in_sql
from guatu.engines.rulebook.sql.frame import Expression, Frame, Plain, single
from guatu.engines.rulebook.sql.integers import Int, Pair
from guatu.engines.rulebook.types import (
    All,
    AnyOf,
    Chain,
    Comparison,
    Condition,
    Flag,
    Limit,
    Member,
    Named,
    Not,
    Operand,
)

_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}


def condition_sql(frame: Frame, condition: Condition) -> str:
    """TRUE, FALSE or NULL (unknown). Every literal is a number we wrote or a quoted text."""
    match condition:
        case Flag(name):
            return _plain(frame.compared(name)).sql
        case Not(part):
            return f"(NOT {condition_sql(frame, part)})"
        case All(parts) | Chain(parts):
            return "(" + " AND ".join(condition_sql(frame, part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " OR ".join(condition_sql(frame, part) for part in parts) + ")"
        case Member(name, values, negated):
            found = frame.compared(name)
            if isinstance(found, Pair):
                raise not_in_sql(f"“{name}”是比率，不能用in")
            listed = ", ".join(single(frame.literal(value)) for value in dict.fromkeys(values))
            return f"({found.sql} {'NOT IN' if negated else 'IN'} ({listed}))"
        case Comparison(left, sign, right):
            return _compared(frame, left, _SIGNS[sign], right)
    raise TypeError(condition)


def _compared(frame: Frame, left: Operand, sign: str, right: Operand) -> str:
    a, b = _operand(frame, left), _operand(frame, right)
    if isinstance(a, Pair) and isinstance(b, Pair):
        # Denominators are positive, so cross-multiplying keeps the order. Against zero the
        # numerator alone tells: the parts of a missing pair are NULL together.
        if b.top.sql == "0":
            return f"({a.top.sql} {sign} 0)"
        if a.top.sql == "0":
            return f"(0 {sign} {b.top.sql})"
        one = frame.arithmetic.times(a.top, b.bottom)
        other = frame.arithmetic.times(b.top, a.bottom)
        return f"({one.sql} {sign} {other.sql})"
    return f"({single(a)} {sign} {single(b)})"


def _operand(frame: Frame, operand: Operand) -> Expression:
    match operand:
        case Named(name):
            return frame.compared(name)
        case Limit(value):
            return frame.literal(value)


def _plain(value: Expression) -> Plain:
    if isinstance(value, Int | Pair):
        raise not_in_sql("这里要“是/否”的量")
    return value
