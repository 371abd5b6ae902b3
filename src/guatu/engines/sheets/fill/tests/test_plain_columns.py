"""What columns of a plain list hold: other units, shares as text, months, dates, gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.engines.sheets.fill.tests.samples import (
    NAMES,
    PROJECTS,
    column_of,
    figures,
    filled,
    flat,
    page_of,
    rows_of,
    simple,
)


def test_units_of_yi_are_written_in_yi(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx", unit="单位：亿元")
    book = load_workbook(template)
    for row in range(4, 8):
        for column, value in (("C", 1), ("D", 0.5), ("E", 0.25)):
            book.worksheets[0][f"{column}{row}"] = value
    book.save(template)
    filled(template, figures(), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert [page.cell(4, c).value for c in (3, 4, 5)] == [1, 0.6, 0.45005]


def test_shares_stay_text_where_they_are_text(tmp_path: Path) -> None:
    filled(flat(tmp_path / "last.xlsx", rate="50.0%"), figures(), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["F4"].value == "75.0%"


def test_shares_stay_points_where_they_are_points(tmp_path: Path) -> None:
    filled(flat(tmp_path / "last.xlsx", rate=63.7), figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "F", 4)[:4] == [75.0, 100.0, 75.0, 25.0]


def test_the_office_s_sign_for_nothing_is_used(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx")
    book = load_workbook(template)
    book.worksheets[0]["E5"] = "—"
    book.save(template)
    silent = [replace(PROJECTS[0], done=None), *PROJECTS[1:]]
    made = filled(template, figures(silent), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert (page["E4"].value, page["F4"].value) == ("—", None)
    assert [f.cell for f in made.unfilled] == ["E4、F4"]


def test_a_typed_calculation_is_last_month_s_number(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx")
    book = load_workbook(template)
    book.worksheets[0]["E4"] = "=2000+500"
    book.worksheets[0]["E5"] = "=[1]Sheet1!A1+'汇总表'!C99"
    book.save(template)
    filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "E", 4)[:2] == [4_500.5, 4_000]


def test_columns_that_are_not_understood_are_told_or_emptied(tmp_path: Path) -> None:
    words = ["用地面积（亩）", "9月到位资金", "资金支付率"]
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "1-9月完成投资", *words]]
    body = rows_of(1, 20, 300, 0.4)
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    made = filled(template, figures(), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert [page.cell(4, c).value for c in (4, 5, 6)] == [20, None, None]
    assert [(f.code, f.cell) for f in made.unfilled] == [
        ("column-unfilled", "E3"),
        ("column-unfilled", "F3"),
    ]
    assert [f.cell for f in made.notices if f.code == "column-kept"] == ["D3"]


def test_months_side_by_side_fill_only_their_own(tmp_path: Path) -> None:
    head = [["2026年重点项目分月完成情况"], ["单位：万元"],
            ["序号", "项目名称", "8月完成", "9月完成", "10月完成", "1-9月累计完成"]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *rows_of(8, 9, None, 17)])
    filled(template, figures(), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert [page.cell(3, c).value for c in range(3, 7)] == [
        "8月完成", "9月完成", "10月完成", "1-10月累计完成",
    ]  # fmt: skip
    assert [page.cell(4, c).value for c in range(3, 7)] == [8, 9, 500.5, 4_500.5]


def test_dates_of_starts_are_written_the_office_s_way(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"],
            ["序号", "项目名称", "1-9月完成投资", "实际开工时间"]]  # fmt: skip
    template = simple(
        tmp_path / "last.xlsx", [*head, *rows_of(1, ["2025年6月", None, "2024年3月", None])]
    )
    started = [
        replace(PROJECTS[0], start=date(2025, 6, 30)),
        replace(PROJECTS[1], start=date(2026, 10, 12)),
        *PROJECTS[2:],
    ]
    filled(template, figures(started), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [
        "2025年6月",
        "2026年10月",
        "2024年3月",
        None,
    ]


def test_gap_and_its_share_typed_above_the_table(tmp_path: Path) -> None:
    words = ["序号", "项目名称", "年度计划投资", "1-9月完成投资", "完成率", "与时间进度差"]
    head = [["2026年1-9月"], ["单位：万元", None, "时间进度", 0.75], words]
    body = [
        [i + 1, n, 5_000, 2_500, f"=D{i + 4}/C{i + 4}", f"=E{i + 4}-$D$2"]
        for i, n in enumerate(NAMES)
    ]
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    filled(template, figures(), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page["D2"].value == pytest.approx(10 / 12)
    assert page["F4"].value == "=E4-$D$2"


def test_typed_gaps_in_points_have_their_sign(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"],
            ["序号", "项目名称", "1-9月完成投资", "与时间进度相比（百分点）"]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *rows_of(1, -12.5)])
    filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [-8.3, 16.7, -8.3, -58.3]
