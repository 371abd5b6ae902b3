"""Formulas after rows were inserted: examples, and laws over random sheets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.ratio import Ratio
from guatu.engines.sheets.fill.formulas import (
    Changes,
    Shift,
    guarded,
    guards,
    names_cells,
    references,
    shifted,
    translated,
    with_constant,
    with_time_progress,
)

SHIFT = Shift(((9, 2), (12, 1)))
CHANGES = Changes({"9月": SHIFT}, {"9月": "10月"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=SUM(E8:E9)", "=SUM(E8:E11)"),
        ("=SUM(E8:E8)", "=SUM(E8:E8)"),
        ("=SUM(E9:E9)", "=SUM(E9:E11)"),
        ("=SUM(D9:H9)", "=SUM(D9:H9)"),
        ("=SUM($E$8:$E$12)", "=SUM($E$8:$E$15)"),
        ("=SUM(E7,E10)", "=SUM(E7,E12)"),
        ("=E10+E13", "=E12+E16"),
        ("=SUM(E:E)", "=SUM(E:E)"),
        ("=SUM(8:9)", "=SUM(8:9)"),
        ("=SUM(10:12)", "=SUM(12:14)"),
        ('=IF(OR(F9=0,H12="—"),"",H12/F12)', '=IF(OR(F9=0,H14="—"),"",H14/F14)'),
        ("='9月'!E10+'8月'!E10", "='10月'!E12+'8月'!E10"),
        ("=SUM('9月'!E8:E9)", "=SUM('10月'!E8:E11)"),
        ("=[1]Sheet1!A10", "=[1]Sheet1!A10"),
        ('="E10"&E10', '="E10"&E12'),
        ("=LOG10(E10)", "=LOG10(E12)"),
        ("=SUMIF(B8:B9,B10,E8:E9)", "=SUMIF(B8:B11,B12,E8:E11)"),
    ],
)
def test_references_follow_the_rows(before: str, after: str) -> None:
    assert shifted(before, CHANGES, sheet="9月", row=6) == after


def test_a_running_total_does_not_take_in_the_row_below() -> None:
    assert shifted("=SUM(E$8:E9)", CHANGES, sheet="9月", row=9) == "=SUM(E$8:E9)"


def test_another_sheet_keeps_its_own_rows() -> None:
    assert shifted("=A10", CHANGES, sheet="首页", row=1) == "=A10"


rows = st.integers(1, 30)
points = st.dictionaries(rows, st.integers(1, 4), max_size=4).map(
    lambda found: Shift(tuple(sorted(found.items())))
)


def _sum(formula: str, values: dict[int, int]) -> int:
    match = re.fullmatch(r"=SUM\(E(\d+):E(\d+)\)", formula)
    assert match is not None
    first, last = sorted((int(match[1]), int(match[2])))
    return sum(values.get(row, 0) for row in range(first, last + 1))


@given(points, rows, rows, st.dictionaries(rows, st.integers(-99, 99)))
def test_a_sum_grows_by_what_is_inserted_within_or_at_its_end(
    shift: Shift, one: int, two: int, values: dict[int, int]
) -> None:
    top, bottom = sorted((one, two))
    formula = f"=SUM(E{top}:E{bottom})"
    moved = {shift.row(row): value for row, value in values.items()}
    new: dict[int, int] = {}
    for after, count in shift.points:
        new |= {shift.row(after) + step: 1000 for step in range(1, count + 1)}
    after_all = shifted(formula, Changes({"表": shift}), sheet="表", row=99)
    inside = sum(count for after, count in shift.points if top <= after <= bottom)
    assert _sum(after_all, moved | new) == _sum(formula, values) + 1000 * inside


@given(points, rows)
def test_a_single_cell_is_followed(shift: Shift, row: int) -> None:
    after = shifted(f"=E{row}*2", Changes({"表": shift}), sheet="表", row=99)
    assert after == f"=E{shift.row(row)}*2"


@given(rows, rows)
def test_without_insertions_nothing_changes(one: int, two: int) -> None:
    formula = f"=SUM(E{one}:$F${two})-'别的 表'!A{one}/3%"
    assert shifted(formula, Changes({"表": Shift()}), sheet="表", row=5) == formula


@given(st.integers(1, 20), st.integers(21, 30), st.integers(1, 3), st.integers(1, 3), rows, rows)
def test_two_insertions_at_once_are_one_after_the_other(
    high: int, low: int, first: int, second: int, one: int, two: int
) -> None:
    formula = f"=SUM(E{min(one, two)}:E{max(one, two)})"
    both = Changes({"表": Shift(((high, first), (low, second)))})
    lower = Changes({"表": Shift(((low, second),))})
    upper = Changes({"表": Shift(((high, first),))})
    step = shifted(formula, lower, sheet="表", row=99)
    assert shifted(step, upper, sheet="表", row=99) == shifted(formula, both, sheet="表", row=99)


def test_a_typed_calculation_names_no_cell() -> None:
    assert not names_cells("=8000+214.5")
    assert names_cells("=8000+G9")
    assert [str(found) for found in references("='9月'!$A$1:B2+C3")] == ["'9月'!$A$1:B2", "C3"]


def test_a_copied_formula_keeps_its_distance() -> None:
    assert translated("=G9/$E$3", origin=(9, 7), target=(12, 7)) == "=G12/$E$3"


@pytest.mark.parametrize(
    ("formula", "shown", "knows"),
    [
        ('=IF(H9="—","",H9/F9)', "—", True),
        ('=IF(H9="—","",H9/F9)', "", False),
        ('=IF($H9="","",H9/F9)', "", True),
        ("=IF(ISNUMBER(H9),H9/F9,0)", "—", True),
        ('=IFERROR(H9/F9,"")', "—", True),
        ('=IFERROR(H9/F9,"")', "", False),
        ("=H9/F9", "", False),
        ('=IF(AH9="","",H9/F9)', "", False),
    ],
)
def test_a_formula_that_asks_first_needs_no_guard(formula: str, shown: str, knows: bool) -> None:
    assert guards(formula, "H9", shown) is knows


def test_a_guarded_formula_keeps_the_office_s_own() -> None:
    assert guarded("=H9/F9", ["H9"]) == '=IF(ISNUMBER(H9),H9/F9,"")'
    assert guarded("=H9/F9", ["H9", "F9"]) == '=IF(COUNT(H9,F9)=2,H9/F9,"")'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=(I7-9/12)*100", "=(I7-10/12)*100"),
        ("=I7-9 / 12", "=I7-10/12"),
        ("=I7-A1/9/12", None),
        ("=I7-19/12", None),
        ("=I7-H9/12", None),
        ("=I7-9/120", None),
    ],
)
def test_last_month_s_share_of_the_year_moves_on(before: str, after: str | None) -> None:
    assert with_time_progress(before, 9, Ratio(10, 12)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=I7-75%", "=I7-(10/12)"),
        ("=I7-0.75", "=I7-(10/12)"),
        ("=I7*100-75", "=I7*100-(10/12*100)"),
        ("=I7*100-50", None),
    ],
)
def test_a_typed_share_moves_on(before: str, after: str | None) -> None:
    assert with_constant(before, 9, Ratio(10, 12)) == after


@given(st.text(alphabet="=(){}\"'!:$,;+-*/%^&<>#[]ABE19 .月", max_size=30))
def test_no_formula_breaks_the_shifter(text: str) -> None:
    once = shifted(f"={text}", Changes({"表": SHIFT}), sheet="表", row=5)
    assert once.startswith("=")
    references(once)
    translated(once, origin=(5, 1), target=(9, 1))
