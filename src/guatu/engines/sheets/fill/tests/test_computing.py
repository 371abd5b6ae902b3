"""What simple formulas come to, and which are left to the office's own spreadsheet."""

from __future__ import annotations

import pytest

from guatu.engines.sheets.fill.computing import Computing, Value
from guatu.engines.sheets.grid import Sheet

ROWS: list[list[object]] = [
    ["合计", "", "", ""],
    ["一号", 100, 25, ""],
    ["二号", 300, "—", ""],
    ["三号", 0, 5, ""],
]


def value(formula: str, **more: str) -> Value | None:
    sheet = Sheet("汇总表", ROWS)  # type: ignore[arg-type]
    other = Sheet("9月", [[7]])
    places = {"B1": (0, 1), "C1": (0, 2), "D1": (0, 3), "D2": (1, 3)}
    formulas = {places[name]: text for name, text in more.items()}
    made = Computing({"汇总表": sheet, "9月": other}, {"汇总表": {(0, 0): formula, **formulas}})
    return made.value("汇总表", (0, 0))


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("=SUM(B2:B4)", 400.0),
        ("=SUM(B2,B3)+C2", 425.0),
        ("=SUBTOTAL(9,B2:B4)", 400.0),
        ("=SUM(C2:C4)", 30.0),
        ("=B2/B3", 100 / 300),
        ("=C2/B2*100%", 0.25),
        ("=ROUND(C2/B3,2)", 0.08),
        ("=-B2+(B3-B2)*2", 300.0),
        ("='9月'!A1+1", 8.0),
        ('=IF(ISNUMBER(C3),C3/B3,"")', ""),
        ('=IF(COUNT(B2,C2)=2,C2/B2,"")', 0.25),
        ('=IFERROR(C2/B4,"—")', "—"),
        ('=IF(B4=0,"",C4/B4)', ""),
        ("=C2/B4", ""),
        ('=IF(OR(B3=0,C3="—"),"",C3/B3)', ""),
        ('=IF(OR(B2=0,C2="—"),"",C2/B2)', 0.25),
        ("=IF(AND(B2>0,NOT(C2>30)),1,2)", 1.0),
        ("=SUM(B2:B999999)", 400.0),
    ],
)
def test_what_an_office_writes_is_computed(formula: str, told: Value) -> None:
    assert value(formula) == told


def test_formulas_of_formulas_are_computed() -> None:
    assert value("=B1-C1", B1="=SUM(B2:B4)", C1="=SUM(C2:C4)") == 370.0


@pytest.mark.parametrize(
    "formula",
    [
        "=VLOOKUP(A1,B:C,2)", "=TODAY()", "=没有的名称", "=[1]Sheet1!A1", "=SUM(", "=", "=别的!A1",
        "=SUM(B:B)", "=A1", "=B1", '=HYPERLINK("http://x")', f"={'(' * 200}1{')' * 200}",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_guessed(formula: str) -> None:
    assert value(formula, B1="=A1+1") is None


def test_a_long_chain_ends() -> None:
    rows: list[list[object]] = [[""] for _ in range(5_000)]
    formulas = {(at, 0): f"=A{at + 2}+1" for at in range(4_999)}
    made = Computing({"表": Sheet("表", rows)}, {"表": formulas})  # type: ignore[arg-type]
    assert made.value("表", (0, 0)) is None
