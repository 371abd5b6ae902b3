"""What the rounding library makes of the printed inputs, and where that differs from print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cmp_to_key
from itertools import product

from guatu.core.ratio import (
    Ratio,
    Rounding,
    compare,
    decimal_text,
    gap_text,
    percent_text,
    printed_difference,
    round_scaled,
)
from tests.published.amounts import evaluate, half_step, names_in
from tests.published.table import Figure, bulletin_of

SETTINGS: tuple[dict[str, str], ...] = (
    {},
    {"rounding": "truncate"},
    {"gap": "rounded"},
    {"gap": "rounded", "rounding": "truncate"},
)


def printed(figure: Figure, setting: Mapping[str, str]) -> str:
    """A percentage or gap as the library prints it under a setting."""
    rounding = Rounding(setting.get("rounding", Rounding.HALF_UP))
    rate = bulletin_of(figure).ratio(figure)
    if figure.kind == "percent":
        return percent_text(*rate, figure.digits, rounding)
    rates = (rate, Ratio(figure.months, 12))
    if setting.get("gap") == "rounded":
        return printed_difference(*(percent_text(*one, figure.digits, rounding) for one in rates))
    return gap_text(*rates, figure.digits, rounding)


def order(values: Mapping[str, str]) -> list[frozenset[str]]:
    """Names from the highest value down; those of one value stand together."""
    ratios = {name: Ratio(*Fraction(value).as_integer_ratio()) for name, value in values.items()}

    def above(left: str, right: str) -> int:
        return compare(ratios[right], ratios[left])

    ordered = sorted(sorted(ratios), key=cmp_to_key(above))
    groups: list[frozenset[str]] = []
    for name in ordered:
        if groups and compare(ratios[name], ratios[next(iter(groups[-1]))]) == 0:
            groups[-1] |= {name}
        else:
            groups.append(frozenset({name}))
    return groups


def printed_order(figure: Figure) -> list[frozenset[str]]:
    """The same as it was printed: names of one rank together."""
    return [
        frozenset(n for n, other in zip(figure.names, figure.ranks, strict=True) if other == rank)
        for rank in dict.fromkeys(figure.ranks)
    ]


def misses(figures: Iterable[Figure], setting: Mapping[str, str] | None = None) -> list[str]:
    """Each figure that the library does not reproduce, in words."""
    found = []
    for figure in figures:
        if figure.kind == "ranking":
            if order(dict(zip(figure.names, figure.values, strict=True))) != printed_order(figure):
                found.append(f"{figure.name}: another order")
        elif (made := printed(figure, setting or {})) != figure.published:
            found.append(f"{figure.name}: printed {figure.published}, made {made}")
    return found


def range_of(figure: Figure) -> tuple[Fraction, Fraction]:
    """Between which values the figure lies (in percent) when its inputs are taken for rounded."""
    bulletin = bulletin_of(figure)
    names = sorted({*names_in(figure.numerator), *names_in(figure.denominator)})
    spans = [
        (bulletin.inputs[n] - half_step(bulletin.printed[n]),
         bulletin.inputs[n] + half_step(bulletin.printed[n]))
        for n in names
    ]  # fmt: skip
    progress = Fraction(figure.months, 12)
    corners = []
    for corner in product(*spans):
        values = dict(zip(names, corner, strict=True))
        rate = evaluate(figure.numerator, values) / evaluate(figure.denominator, values)
        corners.append((rate - progress) * 100)
    return min(corners), max(corners)


def can_come_from_unrounded_inputs(figure: Figure) -> bool:
    """Whether inputs before their rounding can give the printed figure, half up."""
    low, high = range_of(figure)
    value, half = Fraction(figure.published), Fraction(1, 2 * 10**figure.digits)
    return low < value + half and high >= value - half


def rounded_twice(figure: Figure) -> str:
    """First to one digit more, then to the printed digits."""
    rate = bulletin_of(figure).ratio(figure)
    once = round_scaled(*rate, scale=100 * 10 ** (figure.digits + 1))
    return decimal_text(round_scaled(once, 10, scale=1), figure.digits)
