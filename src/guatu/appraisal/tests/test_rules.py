from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.appraisal.rules import (
    Totals,
    expected_points,
    gap,
    milli_of,
    milli_text,
    state_by_numbers,
)
from guatu.appraisal.types import CriterionState

MET, MISSED = CriterionState.MET, CriterionState.MISSED
NO_DATA, NOT = CriterionState.NO_DATA, CriterionState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "milli"),
    [
        ("95.5", 95_500),
        ("１，２００", 1_200_000),
        ("-0.125", -125),
        ("0", 0),
        ("1.2345", None),
        ("95%", None),
        ("", None),
        ("一百", None),
        ("=1+1", None),
    ],
)
def test_a_number_is_read_exactly_or_not_at_all(text: str, milli: int | None) -> None:
    assert milli_of(text) == milli


@given(st.integers(-(10**14), 10**14))
def test_what_is_shown_reads_as_what_it_was(milli: int) -> None:
    assert milli_of(milli_text(milli)) == milli


@pytest.mark.parametrize(
    ("value", "target", "lower", "difference", "state"),
    [
        (95, 90, False, 5, MET),
        (90, 90, False, 0, MET),
        (89, 90, False, -1, MISSED),
        (3, 5, True, 2, MET),
        (6, 5, True, -1, MISSED),
        (None, 5, False, None, None),
        (5, None, False, None, None),
    ],
)
def test_numbers_say_whether_a_target_is_met(
    value: int | None, target: int | None, lower: bool, difference: int | None, state: object
) -> None:
    assert gap(value, target, is_lower_better=lower) == difference
    assert state_by_numbers(value, target, is_lower_better=lower) == state


def test_points_are_those_told_else_full_where_met() -> None:
    assert expected_points(MET, 10, None) == 10
    assert expected_points(MET, 10, 8) == 8
    assert expected_points(MISSED, 10, None) is None
    assert expected_points(MISSED, 10, 0) == 0
    assert expected_points(NOT, 10, 5) is None


ROWS = st.tuples(st.sampled_from(CriterionState), st.integers(0, 100)).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.none() | st.integers(0, pair[1]))
)


@given(st.lists(ROWS))
def test_full_points_are_expected_lost_or_unknown(
    rows: list[tuple[CriterionState, int, int | None]],
) -> None:
    totals = Totals.of(rows)
    assert totals.full == totals.expected + totals.lost + totals.unknown
    assert totals.full == sum(full for state, full, _ in rows if state is not NOT)
    assert sum(totals.states.values()) == len(rows)
