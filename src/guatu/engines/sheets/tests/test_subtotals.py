"""Printed sums against the rows they claim to add up."""

from __future__ import annotations

import pytest

from guatu.engines.sheets import Cell, check_subtotals, load_vocabulary, recognise
from guatu.engines.sheets.tests.build import sheet_of

HEAD: list[Cell] = ["序号", "项目名称", "责任单位", "总投资（万元）"]


def faults(*rows: list[Cell]) -> list[tuple[str, str]]:
    table = recognise(sheet_of(HEAD, *rows), load_vocabulary(), file="x")
    assert table is not None
    return [(fault.code, fault.cell) for fault in check_subtotals(table)]


A: list[Cell] = [1.0, "甲", "局", 100.0]
B: list[Cell] = [2.0, "乙", "局", 200.5]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([A, B, ["", "合计", "", 300.5]], []),
        ([["", "合计（2个）", "", 300.5], A, B], []),
        ([A, B, ["", "合计", "", 301.5]], [("subtotal-mismatch", "D4")]),
        ([["", "合计（3个）", "", 300.5], A, B], [("count-mismatch", "A2")]),
        ([A, ["", "小计", "", 100.0], B, ["", "小计", "", 200.5], ["", "总计", "", 300.5]], []),
        ([A, ["", "小计", "", 90.0], B, ["", "小计", "", 200.5]], [("subtotal-mismatch", "D3")]),
        ([["一", "交通", "", 100.0], A, ["二", "水利", "", 200.5], B], []),
        (
            [["一", "交通", "", 150.0], A, ["二", "水利", "", 200.5], B],
            [("subtotal-mismatch", "D2")],
        ),
        ([["", "合计", "", 300.5], ["", "其中：新建", "", 7.0], A, B], []),
        ([A, B, ["", "合计", "", "约300"]], []),
        ([A, [2.0, "乙", "局", "约200"], ["", "合计", "", 300.5]], []),
    ],
)
def test_sums(rows: list[list[Cell]], expected: list[tuple[str, str]]) -> None:
    assert faults(*rows) == expected


def test_rounding_of_each_row_is_allowed_and_no_more() -> None:
    """Two rows printed to one decimal: 2 × 0.05 万元 either way."""
    assert faults([1.0, "甲", "局", 1.1], [2.0, "乙", "局", 1.1], ["", "合计", "", 2.3]) == []
    wrong = faults([1.0, "甲", "局", 1.1], [2.0, "乙", "局", 1.1], ["", "合计", "", 2.4])
    assert wrong == [("subtotal-mismatch", "D4")]


def test_children_of_a_package_are_not_added_twice_and_may_be_counted() -> None:
    rows: list[list[Cell]] = [
        ["", "合计（3个）", "", 10.0],
        [1.0, "打包", "局", 10.0, 3.0],
        ["", "其中：甲", "", 4.0],
        ["", "乙", "", 6.0],
    ]
    sheet = sheet_of([*HEAD, "子项目数"], *rows)
    table = recognise(sheet, load_vocabulary(), file="x")
    assert table is not None
    assert check_subtotals(table) == ()
