from __future__ import annotations

import pytest

from guatu.reporting.quantities.rules import gap, takes_money, target_fault, value_of, value_text


@pytest.mark.parametrize(
    ("typed", "decimals", "steps"),
    [
        ("12", 0, 12), ("１２．５", 1, 125), ("1,200", 0, 1200), ("0", 0, 0), ("-3", 0, -3),
        ("12.5", 0, None), ("12.55", 1, None), ("NaN", 0, None), ("1e18", 0, None),
        ("1" + "0" * 18, 0, None), ("=1+1", 0, None), ("", 0, None), ("十", 0, None),
        ("1" + "0" * 15, 0, 10**15), ("9" * 16, 0, None),
    ],
)  # fmt: skip
def test_a_value_is_whole_smallest_steps(typed: str, decimals: int, steps: int | None) -> None:
    assert value_of(typed, decimals) == steps
    if steps is not None:
        assert value_of(value_text(steps, decimals), decimals) == steps


@pytest.mark.parametrize("name", ["罚款金额", "罚没收入", "查处案件数", "行政处罚件数", "立案数"])
def test_fines_and_case_counts_are_no_targets(name: str) -> None:
    assert target_fault(name) is not None
    assert target_fault("新建充电桩") is None


def test_the_gap_is_what_is_missing() -> None:
    assert gap(30, 100) == 70
    assert gap(120, 100) == -20
    assert gap(None, 100) is None
    assert gap(30, None) is None


def test_a_programme_reports_money_where_money_is_planned_for_it() -> None:
    assert takes_money(is_programme=False, plan_yuan=None)
    assert takes_money(is_programme=True, plan_yuan=100)
    assert not takes_money(is_programme=True, plan_yuan=None)
    assert not takes_money(is_programme=True, plan_yuan=0)
