"""A cumulative sum that falls says by how much and whose doing it is."""

from __future__ import annotations

import pytest

from guatu.assessment.falls import Fall, Silence, fall_of, silence_of

YI = 100_000_000


def test_a_fall_is_told_with_its_operands() -> None:
    before = {1: 5 * YI, 2: 3 * YI, 3: 4 * YI, 4: YI, 5: None}
    now = {1: 6 * YI, 2: 2 * YI, 3: None, 5: None}
    fall = fall_of(before, now)
    assert fall == Fall(13 * YI, 8 * YI, 1, 4 * YI, 1, YI, 1, YI)
    assert fall.words == (
        "累计比上期少5.00亿元（13.00→8.00）：1个无数据，上期计4.00亿元；"
        "1个核减，减少1.00亿元；1个调出或不再计入，上期计1.00亿元"
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({}, {}),
        ({1: None}, {1: None}),
        ({1: 1}, {1: 1}),
        ({1: 2, 2: 2}, {1: 4, 2: None}),
        ({1: None}, {1: -5}),
    ],
    ids=["nothing", "no-data", "same", "made-up-by-another", "first-figure"],
)
def test_what_did_not_fall_is_no_fall(
    before: dict[int, int | None], now: dict[int, int | None]
) -> None:
    assert fall_of(before, now) is None


def test_a_project_without_data_before_takes_nothing_away() -> None:
    fall = fall_of({1: 5, 2: None}, {1: 3, 2: None})
    assert fall is not None
    assert (fall.silent, fall.reduced, fall.left) == (0, 1, 0)


def test_what_nobody_reported_is_told_though_the_sum_rose() -> None:
    before: dict[int, int | None] = {1: 100, 2: 50, 3: 0, 4: None}
    now: dict[int, int | None] = {1: 400, 2: None, 3: None, 4: None}
    assert fall_of(before, now) is None
    assert silence_of(before, now) == Silence(2, 50)
    assert silence_of(before, {1: 100, 2: 50}) is None
    assert silence_of(before, {1: 100}) is None
