from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.ratio import Rounding
from guatu.core.yuan import LIMIT, UNITS, WAN, YI, in_unit, wan_text, wan_words


@pytest.mark.parametrize(
    ("yuan", "unit", "digits", "printed"),
    [
        (62_900_000_000, "亿元", 1, "629.0"),
        (62_900_000_000, "万元", 0, "6290000"),
        (12_345, "万元", 4, "1.2345"),
        (-50_000_000, "亿元", 0, "-1"),
        (0, "亿元", 2, "0.00"),
        (7, "元", 0, "7"),
    ],
)
def test_money_is_printed_in_the_unit_asked(
    yuan: int, unit: str, digits: int, printed: str
) -> None:
    assert in_unit(yuan, unit, digits) == printed


def test_four_decimals_of_wan_yuan_are_exact() -> None:
    assert Fraction(in_unit(LIMIT - 1, "万元", 4)) * WAN == LIMIT - 1


@pytest.mark.parametrize(
    ("yuan", "printed"),
    [(1_234_500, "123.45"), (1_000_000, "100"), (1, "0.0001"), (0, "0"), (-15_000, "-1.5")],
)
def test_wan_yuan_are_exact_without_trailing_zeros(yuan: int, printed: str) -> None:
    assert wan_text(yuan) == printed


def test_money_can_be_cut_off_instead_of_rounded() -> None:
    assert in_unit(199_999_999, "亿元", 0) == "2"
    assert in_unit(199_999_999, "亿元", 0, Rounding.TRUNCATE) == "1"


def test_an_unknown_unit_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        in_unit(1, "美元", 0)


@given(st.integers(-LIMIT, LIMIT), st.sampled_from(sorted(UNITS)), st.integers(0, 4))
def test_printed_money_is_never_off_by_more_than_half_of_its_last_digit(
    yuan: int, unit: str, digits: int
) -> None:
    error = Fraction(in_unit(yuan, unit, digits)) - Fraction(yuan, UNITS[unit])
    assert abs(error) <= Fraction(1, 2 * 10**digits)


def test_units_are_what_their_names_say() -> None:
    assert UNITS["亿元"] == YI == WAN * WAN


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (50_250_000, "5,025万元"),
        (1_234, "0.1234万元"),
        (-50_000, "-5万元"),
        (664_000_000, "66,400万元（6.64亿元）"),
        (648_300_000_000, "64,830,000万元（6,483.00亿元）"),
        (-664_000_000, "-66,400万元（-6.64亿元）"),
    ],
)
def test_an_amount_in_a_sentence_has_separators_and_a_sane_unit(yuan: int, words: str) -> None:
    assert wan_words(yuan) == words
