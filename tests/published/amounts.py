"""Printed inputs as exact numbers, and the expressions over them: `done/plan`, `1500 亿元`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from guatu.core.yuan import UNITS

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) (亿元|万元|元)")
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def quantity(text: str) -> Fraction:
    """`"647.4 亿元"` in yuan; `"444 项"`, `"85.1 %"` and `"1700 公里"` as the bare number."""
    number, unit = text.split(" ")
    return Fraction(number) * UNITS.get(unit, 1)


def half_step(text: str) -> Fraction:
    """Half a unit of the last printed digit: how far the number before rounding may lie away.

    A count is exact.
    """
    number, unit = text.split(" ")
    if unit not in UNITS:
        return Fraction(0)
    digits = len(number.partition(".")[2])
    return Fraction(UNITS[unit], 2 * 10**digits)


def evaluate(expression: str, values: Mapping[str, Fraction]) -> Fraction:
    """The exact value of an expression of names, numbers, amounts, + - * / and brackets."""
    plain = _AMOUNT.sub(lambda found: f"({found[1]}*{UNITS[found[2]]})", expression)

    def value_of(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value_of(node.left), value_of(node.right))
        if isinstance(node, ast.Name):
            return values[node.id]
        assert isinstance(node, ast.Constant), f"not in the language: {expression}"
        return Fraction(ast.get_source_segment(plain, node) or "")

    return value_of(ast.parse(plain, mode="eval").body)


def names_in(expression: str) -> list[str]:
    """The inputs that an expression speaks of."""
    tree = ast.parse(_AMOUNT.sub("1", expression), mode="eval")
    return sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
