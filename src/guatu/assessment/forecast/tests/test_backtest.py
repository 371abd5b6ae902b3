"""What closed years say of the forecast, and that a test does not know what it may not."""

from __future__ import annotations

from random import Random

import pytest

from guatu.assessment.forecast.backtest import (
    EVERY_YEAR,
    MOST_TESTED,
    back_test,
    way_of,
)
from guatu.assessment.forecast.rules import evenly
from guatu.assessment.forecast.types import BackTested, Group, Record, Way

PLAN = 10_000_000


def year_of(year: int, count: int = 60, *, level: float = 0.95, seed: int = 1) -> list[Record]:
    """Projects whose year ends around a level of the plan."""
    rng = Random(f"{seed}-{year}")
    found = []
    for number in range(count):
        end = int(PLAN * rng.uniform(level - 0.1, level + 0.1))
        done = {month: end * month // 12 * rng.randint(95, 105) // 100 for month in (1, 3, 6, 9)}
        found.append(
            Record(number, year, {**done, 12: end}, dict.fromkeys((1, 3, 6, 9, 12), PLAN), end)
        )
    return found


def rows(records: list[Record], year: int = EVERY_YEAR) -> dict[int, BackTested]:
    return {one.month: one for one in back_test(records) if one.year == year and one.group is None}


def test_no_closed_year_no_test() -> None:
    assert back_test([]) == []
    still_open = year_of(2026)
    for one in still_open:
        one.end = None
    assert back_test(still_open) == []


@pytest.mark.parametrize(
    ("years", "way"), [(1, Way.OTHER_PROJECTS), (2, Way.OTHER_YEAR), (3, Way.EARLIER)]
)
def test_what_a_test_may_know_depends_on_the_closed_years(years: int, way: Way) -> None:
    assert way_of(years) is way
    every = [one for year in range(2026 - years, 2026) for one in year_of(year)]
    assert {one.way for one in back_test(every)} == {way}
    assert way.text


def test_error_and_coverage_of_a_steady_city() -> None:
    found = rows([*year_of(2024), *year_of(2025)])
    assert set(found) == {3, 6, 9}
    assert all(one.tested == 120 for one in found.values())
    assert all(0.7 <= one.covered / one.tested <= 0.95 for one in found.values())
    assert all(one.error < one.naive_error < 40_000 for one in found.values())


def test_the_year_tested_does_not_speak_for_itself() -> None:
    # The past ended at 60 %; the forecast of 2025 must believe it, and be far off.
    worse = rows([*year_of(2024, level=0.6), *year_of(2025)], 2025)
    fooled = rows([*year_of(2024), *year_of(2025)], 2025)
    assert worse[3].error > 2 * fooled[3].error
    assert worse[3].covered / worse[3].tested > fooled[3].covered / fooled[3].tested


def test_with_three_years_the_first_is_not_tested() -> None:
    every = [one for year in (2023, 2024, 2025) for one in year_of(year)]
    assert {one.year for one in back_test(every)} == {EVERY_YEAR, 2024, 2025}


def test_a_single_project_among_strangers_is_not_helped_by_itself() -> None:
    strangers = [
        Record(number, 2025, {3: 0, 6: 0, 9: 0, 12: PLAN // 2}, dict.fromkeys((3, 6, 9), PLAN),
               PLAN // 2)
        for number in range(40)
    ]  # fmt: skip
    odd = Record(99, 2025, {3: 0, 6: 0, 9: 0}, dict.fromkeys((3, 6, 9), PLAN), 9 * PLAN)
    hits = rows([*strangers, odd])[9]
    # Forty are foretold exactly; the odd one, left alone, cannot move their median or its own.
    assert (hits.tested, hits.error) == (41, 0)


def test_a_class_too_small_is_not_tested() -> None:
    assert back_test(year_of(2025, count=20)) == []
    assert back_test(year_of(2025, count=21)) != []


def test_of_many_projects_some_are_tested_and_always_the_same() -> None:
    many = [Record(number, 2025) for number in range(1_000)]
    chosen = evenly(many, MOST_TESTED)
    assert len(chosen) <= MOST_TESTED
    assert chosen == evenly(list(reversed(many)), MOST_TESTED)
    assert evenly([], MOST_TESTED) == []
    assert len(evenly(many[:400], MOST_TESTED)) == 400


def test_each_group_has_its_own_error() -> None:
    """Two kinds: those on pace end where they say, those behind anywhere."""
    rng, records = Random(3), []
    for number in range(120):
        is_behind = number % 2 == 0
        at = 6_000_000 if is_behind else 7_500_000
        end = at + (rng.randint(0, 4_000_000) if is_behind else 2_500_000 + number)
        done = {3: at // 3, 6: 2 * at // 3, 9: at}
        records.append(Record(number, 2025, done, dict.fromkeys(done, PLAN), end, started=0))
    found = {one.group: one for one in back_test(records) if one.month == 9 and one.year == 0}
    assert set(found) == {None, Group.BEHIND, Group.ON_PACE}
    assert found[Group.ON_PACE].error < 1_000
    assert found[Group.BEHIND].error > 80_000
    everybody = found[None]
    assert everybody.tested == sum(one.tested for group, one in found.items() if group)
    assert everybody.covered == sum(one.covered for group, one in found.items() if group)
    # One error for everybody misleads about both.
    assert found[Group.ON_PACE].error < everybody.error < found[Group.BEHIND].error


def test_who_has_no_near_class_is_counted_and_not_tested() -> None:
    alike = [
        Record(n, 2025, {6: 5_000_000, 9: 7_500_000}, dict.fromkeys((6, 9), PLAN), PLAN)
        for n in range(60)
    ]
    lagging = [
        Record(900 + n, 2025, {6: 0, 9: 0}, dict.fromkeys((6, 9), PLAN), PLAN) for n in range(5)
    ]
    found = [one for one in back_test([*alike, *lagging]) if one.month == 9]
    (everybody,) = (one for one in found if one.year == EVERY_YEAR and one.group is None)
    assert (everybody.tested, everybody.untold) == (60, 5)
