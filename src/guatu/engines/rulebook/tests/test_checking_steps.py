"""Scores by steps that can never cost a point are found before the book is used."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook.checking.steps import faults_of_steps
from guatu.engines.rulebook.tests.books_read import book_of, given

PART = """
[[part]]
name = "及时"
clause = "一"
full = 10
missing = "无数据"
steps = {{of = "{of}", target = {target}, step = {step}, up = 0, down = {down}, partial = "只计整步"{better}}}
"""


@pytest.mark.parametrize(
    ("of", "kind", "more", "target", "down", "better", "told"),
    [
        ("逾期天数", "天数", (), '"0天"', 2, "", "永远扣不到分"),
        ("投诉件数", "个数", (), "0", 2, "", "永远扣不到分"),
        ("逾期天数", "天数", ('by_work = "less"',), '"10天"', 2, "", "越多分越高"),
        ("逾期天数", "天数", ('by_work = "less"',), '"0天"', 2, ', better = "少"', ""),
        ("逾期天数", "天数", (), '"0天"', 2, ', better = "少"', ""),
        ("开工个数", "个数", (), "10", 2, "", ""),
        ("加分个数", "个数", (), "0", 0, "", ""),
    ],
)
def test_steps_that_never_cost_a_point_are_told(
    of: str, kind: str, more: tuple[str, ...], target: str, down: int, better: str, told: str
) -> None:
    step = '"5天"' if kind == "天数" else "1"
    part = PART.format(of=of, target=target, step=step, down=down, better=better)
    faults = faults_of_steps(book_of(given(of, kind, *more), part), source="b")
    assert told in "".join(one.what for one in faults)
    assert bool(faults) is bool(told)
