from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.errors import BadInput
from guatu.core.ratio import Ratio
from guatu.core.yuan import UNITS
from guatu.planning import slices
from guatu.planning.halves import Half, Item, together
from guatu.planning.pace import pace
from guatu.planning.pasting import curve_of, rows_of, share_of, yuan_of
from guatu.planning.slices import Cut

YEAR = 2026
WAN = 10_000
cuts = st.sampled_from(list(Cut))
yuan = st.integers(0, 10**13)
days = st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31))


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, dict[date, int]]:
    """A year's amount with a cut that never falls and sums to it, or with none."""
    ends = slices.ends(YEAR, draw(cuts))
    amounts = draw(st.lists(st.integers(0, 10**11), min_size=len(ends), max_size=len(ends)))
    cut = slices.cumulative(ends, amounts)
    return sum(amounts), cut if draw(st.booleans()) else {}


@pytest.mark.parametrize(("cut", "count"), [("quarter", 4), ("month", 12), ("ten-day", 36)])
def test_each_cut_ends_with_the_year(cut: str, count: int) -> None:
    found = slices.ends(2024, Cut(cut))
    assert (len(found), found[-1]) == (count, date(2024, 12, 31))
    assert list(found) == sorted(set(found))
    assert slices.cut_of(found) == Cut(cut)


def test_months_of_quarter_ends_are_quarters() -> None:
    assert slices.cut_of([date(YEAR, 3, 31), date(YEAR, 9, 30)]) is Cut.QUARTER
    assert slices.cut_of([date(YEAR, 3, 5)]) is None
    assert slices.cut_of([]) is None


@given(yuan, cuts)
def test_an_even_split_sums_exactly(amount: int, cut: Cut) -> None:
    ends = slices.ends(YEAR, cut)
    parts = slices.even(amount, len(ends))
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= 1
    assert not slices.slice_faults(amount, slices.cumulative(ends, parts))


@given(plans())
def test_amounts_and_cumulatives_are_two_ways_to_say_it(plan: tuple[int, dict[date, int]]) -> None:
    amount, cut = plan
    assert slices.cumulative(sorted(cut), slices.amounts_of(cut)) == cut
    assert not slices.slice_faults(amount, cut)


@given(yuan, cuts, st.dictionaries(days, st.integers(0, 10_000), max_size=6))
def test_a_decreed_curve_splits_without_loss(
    amount: int, cut: Cut, shares: dict[date, int]
) -> None:
    told = dict(zip(sorted(shares), sorted(shares.values()), strict=True))
    curve = {day: Ratio(share, 10_000) for day, share in told.items()}
    curve[date(YEAR, 12, 31)] = Ratio(1, 1)
    assert not slices.curve_faults(curve, YEAR)
    found = slices.by_curve(amount, curve, slices.ends(YEAR, cut))
    assert not slices.slice_faults(amount, found)


def test_a_curve_goes_straight_between_its_points() -> None:
    curve = {date(YEAR, 6, 30): Ratio(1, 2), date(YEAR, 10, 31): Ratio(1, 1)}
    assert slices.share_at(curve, date(YEAR, 6, 30)).as_fraction() * 2 == 1
    assert slices.share_at(curve, date(YEAR, 12, 1)).as_fraction() == 1
    assert slices.share_at(curve, date(YEAR, 1, 1)) == Ratio(1, 362)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ({}, "no-points"),
        ({date(YEAR + 1, 1, 1): Ratio(1, 1)}, "other-year"),
        ({date(YEAR, 1, 1): Ratio(1, 1), date(YEAR, 2, 1): Ratio(1, 2)}, "curve-falls"),
        ({date(YEAR, 1, 1): Ratio(1, 2)}, "curve-not-whole"),
    ],
)
def test_a_curve_that_cannot_be(points: dict[date, Ratio], code: str) -> None:
    assert code in {one.code for one in slices.curve_faults(points, YEAR)}


def test_a_sum_that_is_not_the_plan_tells_the_difference() -> None:
    cut = slices.cumulative(slices.ends(YEAR, Cut.QUARTER), [100 * WAN] * 4)
    (fault,) = slices.slice_faults(500 * WAN, cut)
    assert fault.what == "各期合计400万元，比年度计划500万元少100万元"


def test_a_cut_that_falls_is_told_by_its_day() -> None:
    cut = slices.cumulative(slices.ends(YEAR, Cut.QUARTER), [200 * WAN, -100 * WAN, 0, 0])
    (fault,) = slices.slice_faults(100 * WAN, cut)
    assert (fault.code, "6月30日" in fault.what) == ("slices-fall", True)


@given(plans(), yuan, days)
def test_the_pace_makes_up_what_is_missing_exactly(
    plan: tuple[int, dict[date, int]], done: int, as_of: date
) -> None:
    amount, cut = plan
    told = pace(amount, cut, done=done, as_of=as_of)
    is_over = as_of == date(YEAR, 12, 31)
    assert sum(one.needed_yuan for one in told.months) == (0 if is_over else told.left_yuan)
    assert all(one.needed_yuan >= 0 for one in (*told.months, *told.ten_days))
    if told.months:
        assert sum(one.needed_yuan for one in told.ten_days) == told.months[0].needed_yuan


@given(plans(), yuan, days)
def test_each_quarter_still_to_come_is_secured(
    plan: tuple[int, dict[date, int]], done: int, as_of: date
) -> None:
    amount, cut = plan
    planned = slices.by_month(amount, cut, YEAR)
    reached = done
    for step in pace(amount, cut, done=done, as_of=as_of).months:
        reached += step.needed_yuan
        if step.ends_on.month % 3 == 0:
            assert reached == max(done, planned[step.ends_on])


@given(plans(), st.integers(0, 10**12), st.integers(0, 10**12), days)
def test_who_did_more_needs_no_more(
    plan: tuple[int, dict[date, int]], done: int, more: int, as_of: date
) -> None:
    amount, cut = plan
    less, ahead = (pace(amount, cut, done=d, as_of=as_of) for d in (done, done + more))
    assert ahead.behind_yuan <= less.behind_yuan
    assert sum(s.needed_yuan for s in ahead.months) <= sum(s.needed_yuan for s in less.months)


def test_what_august_missed_falls_to_september() -> None:
    told = pace(1_200 * WAN, {}, done=700 * WAN, as_of=date(YEAR, 8, 31))
    assert told.behind_yuan == 100 * WAN
    assert [one.needed_yuan // WAN for one in told.months] == [200, 100, 100, 100]
    assert [one.ends_on.day for one in told.ten_days] == [10, 20, 30]
    assert told.next_month is not None
    assert told.next_month.more_yuan == 100 * WAN


@given(plans())
def test_months_never_fall_and_end_with_the_plan(plan: tuple[int, dict[date, int]]) -> None:
    amount, cut = plan
    months = slices.by_month(amount, cut, YEAR)
    told = [months[day] for day in sorted(months)]
    assert told == sorted(told)
    assert (len(told), told[-1]) == (12, amount)


@pytest.mark.parametrize(
    ("done", "task", "half"),
    [
        (5, 10, Half.PASSED),
        (5, 11, Half.SHORT),
        (0, 1, Half.SHORT),
        (None, 10, Half.NO_DATA),
        (3, 0, Half.NO_TASK),
    ],
)
def test_half_is_half(done: int | None, task: int, half: Half) -> None:
    assert Item("投资", done, task).half is half


def test_all_items_together() -> None:
    passed, short, unknown, none = (
        Item("a", 5, 10), Item("b", 4, 10), Item("c", None, 1), Item("d", None, 0),
    )  # fmt: skip
    assert together([passed, none]) is Half.PASSED
    assert together([passed, short, unknown]) is Half.SHORT
    assert together([passed, unknown]) is Half.NO_DATA
    assert together([none]) is Half.NO_TASK


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("１，２００．５", "万元", 12_005_000),
        ("1,234,567", "元", 1_234_567),
        ("1.5", "亿元", 150_000_000),
        ("1.5亿元", "万元", 150_000_000),
        ("", "万元", 0),
        ("—", "万元", 0),
        ("0.00001", "万元", None),
        ("NaN", "万元", None),
        ("=1+1", "万元", None),
        ("1e5", "万元", None),
        ("10" * 12, "亿元", None),
        ("约5", "万元", None),
        ("<script>", "万元", None),
    ],
)
def test_amounts_as_they_are_pasted(text: str, unit: str, found: int | None) -> None:
    assert yuan_of(text, unit) == found


@given(plans(), st.sampled_from(["元", "万元", "亿元"]))
def test_a_paste_round_trip_keeps_every_yuan(plan: tuple[int, dict[date, int]], unit: str) -> None:
    amounts = slices.amounts_of(plan[1])
    digits = len(str(UNITS[unit])) - 1
    cells = [f"{a // UNITS[unit]:,}.{a % UNITS[unit]:0{max(digits, 1)}d}" for a in amounts]
    read = [row.cells for row in rows_of("\r\n".join(["\t".join(cells)]))]
    assert [yuan_of(cell, unit) for cells in read for cell in cells] == amounts


def test_curves_are_read_as_they_are_written() -> None:
    read = curve_of("６月３０日 ５０%\n10月31日\t１００\n", YEAR)
    assert read == {date(YEAR, 6, 30): Ratio(1, 2), date(YEAR, 10, 31): Ratio(1, 1)}
    assert share_of("101%") is None
    for text in ("6月31日 50%", "上半年 一半", "6月30日 50%\n6月底 60%"):
        with pytest.raises(BadInput):
            curve_of(text, YEAR)
