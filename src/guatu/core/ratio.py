"""Ratios are pairs of integers; they are rounded once, at the edge, to the digits asked.

Source: figures.md 1, 2, 4, 10. Basis points or floats in between are wrong for one printed
figure in twenty, so no function here takes or gives a float.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Rounding(StrEnum):
    """How an office rounds: 四舍五入 on the magnitude, or 去尾 (cut off)."""

    HALF_UP = "half-up"
    TRUNCATE = "truncate"


class Ratio(NamedTuple):
    """`numerator / denominator`, kept unreduced so that both sides can be shown.

    The denominator is positive. Order and equality of the *values* come from `as_fraction()`
    or `compare`; tuple comparison is not value comparison.
    """

    numerator: int
    denominator: int

    def as_fraction(self) -> Fraction:
        """The exact value."""
        return Fraction(self.numerator, self.denominator)


def compare(left: Ratio, right: Ratio) -> int:
    """-1, 0 or 1 as left is smaller, equal or greater, by cross-multiplication."""
    a = left.numerator * right.denominator
    b = right.numerator * left.denominator
    return (a > b) - (a < b)


def round_scaled(
    numerator: int, denominator: int, *, scale: int, rounding: Rounding = Rounding.HALF_UP
) -> int:
    """`numerator / denominator × scale` as an integer, half up (or cut off) on the magnitude.

    Raises ZeroDivisionError for a denominator of 0: the caller decides what no data means.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = abs(numerator) * scale
    if rounding is Rounding.HALF_UP:
        whole = (2 * magnitude + denominator) // (2 * denominator)
    else:
        whole = magnitude // denominator
    return -whole if numerator < 0 else whole


def decimal_text(scaled: int, digits: int) -> str:
    """`13824, 3` → `"13.824"`; trailing zeros are kept, zero has no sign."""
    if not digits:
        return str(scaled)
    figures = str(abs(scaled)).zfill(digits + 1)
    return f"{'-' if scaled < 0 else ''}{figures[:-digits]}.{figures[-digits:]}"


def percent_text(
    numerator: int, denominator: int, digits: int, rounding: Rounding = Rounding.HALF_UP
) -> str:
    """A percentage as printed: `percent_text(6290, 6474, 1)` → `"97.2"`."""
    scaled = round_scaled(numerator, denominator, scale=100 * 10**digits, rounding=rounding)
    return decimal_text(scaled, digits)


def difference(left: Ratio, right: Ratio) -> Ratio:
    """left − right, exactly."""
    return Ratio(
        left.numerator * right.denominator - right.numerator * left.denominator,
        left.denominator * right.denominator,
    )


def gap_text(
    rate: Ratio, progress: Ratio, digits: int, rounding: Rounding = Rounding.HALF_UP
) -> str:
    """Percentage points between two rates: the exact difference, rounded once (figures.md 4)."""
    return percent_text(*difference(rate, progress), digits, rounding)


def printed_difference(left: str, right: str) -> str:
    """What a reader gets who subtracts two printed figures: `"97.16"`, `"83.3"` → `"13.86"`.

    Some offices print their gap so (figures.md 4). Nothing is rounded again: the difference has
    as many digits as the longer of the two.
    """
    digits = max(len(text.partition(".")[2]) for text in (left, right))
    return decimal_text(_scaled(left, digits) - _scaled(right, digits), digits)


def _scaled(printed: str, digits: int) -> int:
    whole, _, decimals = printed.partition(".")
    return int(whole + decimals.ljust(digits, "0"))
