from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from guatu.core.ratio import Ratio
from guatu.reporting.basis.rules import Labelled, Refused, Same, comparable, words_of
from guatu.reporting.basis.types import Basis, Coverage
from guatu.reporting.statistics.rules import Pair, Standing, is_counted, standing_of

OURS = Basis("unit", "yuan", "year", "county", "清单项目", "按形象进度")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Same()),
        ({"unit": "count"}, Refused("计量单位不同，不作比较")),
        ({"accumulates": "life"}, Refused("累计方式不同，不作比较")),
        ({"coverage": "society"}, Refused("口径不同（全社会口径、县级口径），不作比较")),
        ({"source": "statistics"}, Labelled("口径不同：上报数与统计数")),
        ({"scope": "全部项目"}, Labelled("口径不同：统计范围有变")),
        ({"method": "按财务支出"}, Labelled("口径不同：计算方法有变")),
        ({"coverage": ""}, Same()),
        ({"scope": "", "method": ""}, Same()),
    ],
)
def test_what_may_be_compared(change: dict[str, str], expected: object) -> None:
    assert comparable(OURS, replace(OURS, **change)) == expected


BASES = some.builds(
    Basis,
    some.sampled_from(["unit", "statistics", "audit"]),
    some.sampled_from(["yuan", "count"]),
    some.sampled_from(["year", "life"]),
    some.sampled_from(Coverage.values),
    some.sampled_from(["", "甲", "乙"]),
    some.sampled_from(["", "甲", "乙"]),
)


@given(BASES, BASES)
def test_the_rule_is_symmetric_and_everything_is_like_itself(one: Basis, other: Basis) -> None:
    assert comparable(one, other) == comparable(other, one)
    assert comparable(one, one) == Same()


def test_a_basis_that_nobody_wrote_down_says_so() -> None:
    assert words_of(Basis("statistics", "yuan", "year")).endswith("范围和方法未注明")
    assert "口径：县级口径" in words_of(OURS)


@pytest.mark.parametrize(
    ("ours", "theirs", "gap", "rate", "is_large"),
    [
        (120, 100, 20, Ratio(20, 100), True),
        (119, 100, 19, Ratio(19, 100), False),
        (80, 100, -20, Ratio(-20, 100), True),
        (5, 0, 5, None, True),
        (0, 0, 0, None, False),
        (None, 100, None, None, False),
        (100, None, None, None, False),
    ],
)
def test_the_gap(
    ours: int | None, theirs: int | None, gap: int | None, rate: Ratio | None, is_large: bool
) -> None:
    pair = Pair(ours, theirs, Same())
    assert (pair.gap, pair.rate, pair.is_large) == (gap, rate, is_large)


def test_refused_figures_have_no_gap() -> None:
    pair = Pair(120, 100, Refused("口径不同"))
    assert pair.gap is None
    assert not pair.is_large
    assert standing_of(pair, is_counted=True, is_begun=True) == Standing.APART


def test_begun_and_reporting_without_being_counted_comes_first() -> None:
    assert standing_of(Pair(5, None, Same()), is_counted=False, is_begun=True) == "uncounted"
    assert standing_of(Pair(0, None, Same()), is_counted=False, is_begun=True) == "unstarted"
    assert standing_of(Pair(5, None, Same()), is_counted=True, is_begun=True) == "no-figure"
    assert standing_of(Pair(5, 5, Same()), is_counted=True, is_begun=True) == "near"


def test_counted_from_a_day_on() -> None:
    since = date(2026, 5, 1)
    assert not is_counted(date(2026, 4, 30), is_registered=True, since=since)
    assert is_counted(since, is_registered=True, since=since)
    assert is_counted(since, is_registered=True, since=None)
    assert not is_counted(since, is_registered=False, since=None)
