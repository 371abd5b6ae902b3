"""Ratios: published figures, laws, and a million random cases against exact fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.ratio import (
    Ratio,
    Rounding,
    compare,
    decimal_text,
    difference,
    gap_text,
    percent_text,
    printed_difference,
    round_scaled,
)

# Published by governments (figures.md); amounts in the unit of print, scaled to integers.
PUBLISHED = [
    # numerator, denominator, digits, rounding, printed
    (6290, 6474, 1, Rounding.HALF_UP, "97.2"),  # Jiangmen 2019-10, rate
    (206, 255, 1, Rounding.HALF_UP, "80.8"),  # the same, starts
    (31364, 101500, 2, Rounding.HALF_UP, "30.90"),  # Jiangmen 2021-03: the zero is printed
    (15334, 31364 - 15334, 2, Rounding.HALF_UP, "95.66"),  # the same, year on year
    (129, 270, 0, Rounding.TRUNCATE, "47"),  # the same, starts: cut off
    (129, 270, 0, Rounding.HALF_UP, "48"),  # what half up would give
]


@pytest.mark.parametrize(("numerator", "denominator", "digits", "rounding", "printed"), PUBLISHED)
def test_published_percentages_are_reproduced(
    numerator: int, denominator: int, digits: int, rounding: Rounding, printed: str
) -> None:
    assert percent_text(numerator, denominator, digits, rounding) == printed


def test_published_gap_is_rounded_after_the_subtraction() -> None:
    rate, progress = Ratio(6290, 6474), Ratio(10, 12)
    assert gap_text(rate, progress, 1) == "13.8"


@pytest.mark.parametrize(
    ("left", "right", "difference"),
    [
        ("97.2", "83.3", "13.9"),
        ("97.16", "83.3", "13.86"),
        ("97", "83.33", "13.67"),
        ("83", "83", "0"),
        ("82.9", "83", "-0.1"),
        ("-0.5", "0.25", "-0.75"),
        ("-0.05", "-0.05", "0.00"),
    ],
)
def test_printed_figures_are_subtracted_as_a_reader_would(
    left: str, right: str, difference: str
) -> None:
    assert printed_difference(left, right) == difference


def test_a_figure_is_rounded_once_and_not_by_way_of_basis_points() -> None:
    # figures.md 10: 80.24745 % is 80.2; by way of 80.25 it would become 80.3.
    assert percent_text(8_024_745, 10_000_000, 1) == "80.2"
    assert percent_text(8_024_745, 10_000_000, 2) == "80.25"


@pytest.mark.parametrize(
    ("numerator", "printed"), [(1, "0.5"), (-1, "-0.5"), (3, "1.5"), (-3, "-1.5"), (0, "0.0")]
)
def test_the_sign_is_kept_and_zero_has_none(numerator: int, printed: str) -> None:
    assert percent_text(numerator, 200, 1) == printed


def test_half_is_rounded_away_from_zero_on_both_sides() -> None:
    assert percent_text(1, 200, 0) == "1"
    assert percent_text(-1, 200, 0) == "-1"
    assert percent_text(-1, 200, 0, Rounding.TRUNCATE) == "0"


def test_a_small_negative_gap_prints_as_zero_without_a_sign() -> None:
    assert gap_text(Ratio(83_329, 100_000), Ratio(10, 12), 1) == "0.0"


def test_a_denominator_of_zero_is_left_to_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        percent_text(1, 0, 1)


def test_a_negative_denominator_turns_the_sign() -> None:
    assert round_scaled(1, -2, scale=10) == -5


@given(
    st.integers(-(10**16), 10**16),
    st.integers(1, 10**16),
    st.integers(-(10**16), 10**16),
    st.integers(1, 10**16),
)
def test_comparison_and_difference_agree_with_fractions(a: int, b: int, c: int, d: int) -> None:
    left, right = Ratio(a, b), Ratio(c, d)
    exact = Fraction(a, b) - Fraction(c, d)
    assert compare(left, right) == (exact > 0) - (exact < 0)
    assert difference(left, right).as_fraction() == exact


@given(st.integers(-(10**15), 10**15), st.integers(0, 4))
def test_decimal_text_reads_back_as_the_same_number(scaled: int, digits: int) -> None:
    text = decimal_text(scaled, digits)
    assert Fraction(text) == Fraction(scaled, 10**digits)
    assert len(text.partition(".")[2]) == digits


# --- the harness -----------------------------------------------------------------------------

type Case = tuple[int, int, int, int, int, Rounding]
type Printer = Callable[[int, int, int, int, int, Rounding], str]
ROUNDINGS = (Rounding.HALF_UP, Rounding.TRUNCATE)


def random_cases(count: int, seed: int) -> Iterator[Case]:
    """`done / plan − month / parts` (parts 0: the rate alone), digits, rounding.

    Amounts of one yuan to ten thousand billion in all magnitudes; a third of the denominators
    are round, so that exact halves occur; a quarter of the cases are gaps, about half of them
    negative; one rate in sixteen is negative (a refund).
    """
    bits = random.Random(seed).getrandbits
    for n in range(count):
        plan = (bits(44) >> bits(5) % 41) + 1
        if not n % 3:
            plan = 200 * 5 ** (bits(2)) * 2 ** (bits(3))
        done = bits(45) % (2 * plan)
        if not bits(4):
            done = -done
        months, parts = (bits(4) % 12 + 1, 12) if bits(2) == 0 else (0, 0)
        yield done, plan, months, parts, n % 3, ROUNDINGS[bits(1)]


def printed(done: int, plan: int, months: int, parts: int, digits: int, way: Rounding) -> str:
    """What the platform prints."""
    if parts:
        return gap_text(Ratio(done, plan), Ratio(months, parts), digits, way)
    return percent_text(done, plan, digits, way)


def printed_through_floats(
    done: int, plan: int, months: int, parts: int, digits: int, way: Rounding
) -> str:
    """What a program with floats prints: the harness must find it wrong."""
    value = (done / plan - (months / parts if parts else 0)) * 100
    if way is Rounding.TRUNCATE:
        value = int(value * 10**digits) / 10**digits
    return f"{round(value, digits) + 0.0:.{digits}f}"


def count_wrong(printer: Printer, cases: Iterator[Case]) -> int:
    """How often the printed text is not the exact value, rounded as asked, by `Fraction`."""
    wrong = 0
    for done, plan, months, parts, digits, way in cases:
        exact = Fraction(done, plan)
        if parts:
            exact -= Fraction(months, parts)
        top, bottom = exact.as_integer_ratio()
        # |value| in units of the last digit, and what is left over of the next one.
        units, rest = divmod(abs(top) * 100 * 10**digits, bottom)
        if way is Rounding.HALF_UP and 2 * rest >= bottom:
            units += 1
        text = str(units).zfill(digits + 1)
        expected = f"{text[:-digits]}.{text[-digits:]}" if digits else text
        if units and top < 0:
            expected = f"-{expected}"
        wrong += expected != printer(done, plan, months, parts, digits, way)
    return wrong


def test_a_million_random_ratios_are_printed_exactly(say: Callable[[str], None]) -> None:
    count = 1_000_000
    wrong = count_wrong(printed, random_cases(count, seed=20261031))
    say(f"exactness: {count - wrong:,} of {count:,} random ratios and gaps right")
    assert wrong == 0


def test_the_harness_finds_rounding_of_floats_wrong() -> None:
    assert count_wrong(printed_through_floats, random_cases(100_000, seed=1)) > 100


def test_the_harness_covers_what_it_claims() -> None:
    cases = list(random_cases(12_000, seed=2))
    assert {case[4] for case in cases} == {0, 1, 2}
    assert {case[5] for case in cases} == set(ROUNDINGS)
    gaps = [Fraction(c[0], c[1]) - Fraction(c[2], c[3]) for c in cases if c[3]]
    assert sum(gap < 0 for gap in gaps) > 500
    halves = [c for c in cases if not c[3] and (2 * c[0] * 100 * 10 ** c[4]) % (2 * c[1]) == c[1]]
    assert len(halves) > 50
