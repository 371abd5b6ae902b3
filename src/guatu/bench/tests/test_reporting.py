"""The shape of `guatu bench reporting` on small years; how well it does is the bench's to say."""

from __future__ import annotations

from guatu.bench.measure import missed_bar
from guatu.bench.reporting import table, tally
from guatu.demo.asked import MONTHS, honest_years
from guatu.demo.asked_faults import planted_years
from guatu.reporting.asking.judging import BOOK_KINDS

COUNT = 160


def test_every_kind_is_planted_told_and_counted() -> None:
    years = planted_years(7, COUNT, each=3)
    done = tally(years)
    assert {one.kind for one in years.answers} == set(BOOK_KINDS)
    assert done.planted.total() == len(years.answers)
    assert done.found.total() <= done.planted.total()
    assert 0 < done.honest <= done.reports == COUNT * len(MONTHS)
    told = table(7, done)
    assert all(f"{kind.value} " in told for kind in BOOK_KINDS)
    assert "false per 100" in told


def test_a_seed_gives_the_same_years_and_another_seed_others() -> None:
    one, again, other = (honest_years(seed, 20) for seed in (1, 1, 2))
    assert one == again != other


def test_honest_years_fall_only_with_a_reason() -> None:
    for life in honest_years(5, 200):
        for before, after in zip(life.lines, life.lines[1:], strict=False):
            assert after.year_yuan >= before.year_yuan or after.reason


def test_a_bench_says_which_of_its_bars_it_missed() -> None:
    figures = {"bench": "reporting", "planted_found": 95.0, "floor": 90,
               "false_per_100": 0.1, "bar_false_per_100": 5}  # fmt: skip
    assert missed_bar(figures, "planted_found") == ""
    assert "低于下限" in missed_bar({**figures, "planted_found": 89.9}, "planted_found")
    assert "false_per_100" in missed_bar({**figures, "false_per_100": 5.1}, "planted_found")
