"""A table with regions and sums: new rows in place, everything else follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.engines.sheets.fill.insert import Insertion, change_workbook
from guatu.engines.sheets.fill.tests.samples import (
    NEW,
    PROJECTS,
    P,
    column_of,
    figures,
    filled,
    needs_office,
    page_of,
    recalculated,
    sectioned,
)
from guatu.engines.sheets.fill.types import Filled


@pytest.fixture
def made(tmp_path: Path) -> Filled:
    template = sectioned(tmp_path / "last.xlsx")
    return filled(template, figures([*PROJECTS, *NEW]), tmp_path / "out.xlsx")


def test_new_projects_stand_at_the_end_of_their_region(made: Filled, tmp_path: Path) -> None:
    assert [(row.row, row.name) for row in made.added] == [
        (10, "江北三号路"),
        (14, "临江新桥"),
        (15, "临江泵站"),
    ]
    assert column_of(tmp_path / "out.xlsx", "B", 6) == [
        "全市合计（7个）", "江北区（3个）", "江北一号路", "江北二号路", "江北三号路",
        "临江区（4个）", "临江水厂", "临江码头", "临江新桥", "临江泵站", None,
    ]  # fmt: skip
    assert column_of(tmp_path / "out.xlsx", "A", 7)[:-1] == [
        "一、", 1, 2, 3, "二、", 1, 2, 3, 4,
    ]  # fmt: skip


def test_figures_are_exact_and_in_the_unit_of_the_column(made: Filled, tmp_path: Path) -> None:
    page = page_of(tmp_path / "out.xlsx")
    assert [page.cell(8, c).value for c in (4, 5, 6, 7)] == [10_000, 6_000, 500.5, 4_500.5]
    assert page["G14"].value == 1_234.5678
    assert page["G14"].number_format == "#,##0.00"
    assert page["J8"].value == "主体施工"


def test_sums_take_in_the_new_rows_and_follow_the_old(made: Filled, tmp_path: Path) -> None:
    page = page_of(tmp_path / "out.xlsx")
    assert page["G6"].value == "=SUM(G7,G11)"
    assert page["G7"].value == "=SUM(G8:G10)"
    assert page["G11"].value == "=SUM(G12:G15)"
    assert page["H10"].value == "=G10/E10"
    book = load_workbook(tmp_path / "out.xlsx")
    assert book["首页"]["A1"].value == "='10月'!G6"
    assert book["首页"]["A2"].value == "=SUM('10月'!G12:G15)"
    assert book.defined_names["临江合计"].attr_text == "'10月'!$G$11"
    assert book.calculation.fullCalcOnLoad


def test_the_share_of_the_year_in_a_formula_is_this_month_s(made: Filled, tmp_path: Path) -> None:
    page = page_of(tmp_path / "out.xlsx")
    assert page["I8"].value == "=(H8-10/12)*100"
    assert page["I10"].value == "=(H10-10/12)*100"
    assert page["I11"].value == "=(H11-10/12)*100"


def test_dates_move_in_title_heads_notes_footer_and_sheet_name(
    made: Filled, tmp_path: Path
) -> None:
    page = page_of(tmp_path / "out.xlsx")
    assert page.title == "10月"
    assert page["A1"].value == "示例市2026年重点项目推进情况表"
    assert page["A2"].value == "截至2026年10月31日"
    assert (page["F5"].value, page["G5"].value) == ("10月完成", "1—10月累计完成")
    assert page["A16"].value == "注：1.数据由各单位报送；2.截至10月31日。"
    assert page.oddFooter.center.text == "2026年10月 第&P页"
    assert ("9月完成", "10月完成") in made.renamed


def test_looks_merges_and_rules_follow(made: Filled, tmp_path: Path) -> None:
    page = page_of(tmp_path / "out.xlsx")
    merges = {str(found) for found in page.merged_cells.ranges}
    assert {"A1:J1", "A3:A5", "F3:G4", "A16:J16"} <= merges
    assert "A13:J13" not in merges
    assert page["D10"]._style == page["D9"]._style
    assert page.row_dimensions[10].height == page.row_dimensions[9].height == 18
    assert [str(found.sqref) for found in page.conditional_formatting] == ["I6:I15"]
    assert [str(v.sqref) for v in page.data_validations.dataValidation] == ["C8:C15"]
    assert page.print_area == "'10月'!$A$1:$J$16"
    assert page.print_title_rows == "$3:$5"
    assert page.freeze_panes == "C6"


def test_nothing_reported_is_empty_named_and_never_zero(made: Filled, tmp_path: Path) -> None:
    page = page_of(tmp_path / "out.xlsx")
    assert (page["F15"].value, page["G15"].value, page["J15"].value) == (None, None, None)
    assert page["H15"].value == '=IF(ISNUMBER(G15),G15/E15,"")'
    assert page["I15"].value == '=IF(ISNUMBER(H15),(H15-10/12)*100,"")'
    (fault,) = [f for f in made.unfilled if f.code == "no-data"]
    assert str(fault) == (
        "工作表“10月” 单元格F15、G15、J15：“临江泵站”的10月完成、1—10月累计完成、形象进度"
        "没有数（本期未报）。"
    )


def test_a_formula_that_asks_itself_is_left_alone(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx", guarded=True)
    filled(template, figures([*PROJECTS, *NEW]), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page["H15"].value == '=IF(G15="","",G15/E15)'


@needs_office
def test_recalculated_sums_are_the_assessment_s(made: Filled, tmp_path: Path) -> None:
    wanted = figures([*PROJECTS, *NEW])
    page, other = recalculated(tmp_path / "out.xlsx", tmp_path)
    for row, keys in ((5, range(7)), (6, (0, 1, 4)), (10, (2, 3, 5, 6))):
        totals = wanted.total_of(list(keys))
        for column, name in (
            (3, "总投资"), (4, "年度计划投资"), (5, "本月完成投资"), (6, "本年累计完成投资"),
        ):  # fmt: skip
            yuan = totals[name]
            assert isinstance(yuan, int)
            shown = page.cell(row, column)
            assert isinstance(shown, float)
            assert round(shown * 10_000) == yuan, (row, name)
    assert page.cell(14, 7) in ("", None)
    assert other.cell(2, 0) == page.cell(10, 6)


@needs_office
def test_without_the_shifter_the_sum_is_wrong(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx")
    for name, shifts in (("with", True), ("without", False)):
        book = load_workbook(template)
        page = book.worksheets[0]
        if shifts:
            change_workbook(book, {page.title: [Insertion(9, 1, 9)]}, {}, {})
        else:
            page.insert_rows(10)
        for row, value in zip((8, 9, 10, 12, 13), (1, 2, 4, 8, 16), strict=True):
            page[f"G{row}"] = value
        book.save(tmp_path / f"{name}.xlsx")
    right = recalculated(tmp_path / "with.xlsx", tmp_path)[0]
    wrong = recalculated(tmp_path / "without.xlsx", tmp_path)[0]
    assert (right.cell(5, 6), right.cell(6, 6), right.cell(10, 6)) == (31, 7, 24)
    assert wrong.cell(5, 6) != 31


def test_the_filled_table_is_next_month_s_template(made: Filled, tmp_path: Path) -> None:
    # Nobody opened it in between: its formulas have no stored values.
    november = [replace(p, before=p.done, done=(p.done or 0) + 10) for p in (*PROJECTS, *NEW)]
    later = (*november, P("江北四号路", "江北区", 100, 50))
    again = filled(tmp_path / "out.xlsx", figures(later, "2026-11"), tmp_path / "nov.xlsx")
    page = page_of(tmp_path / "nov.xlsx")
    assert page.title == "11月"
    assert [(row.row, row.name) for row in again.added] == [(11, "江北四号路")]
    assert page["B7"].value == "江北区（4个）"
    assert page["G7"].value == "=SUM(G8:G11)"
    assert page["G12"].value == "=SUM(G13:G16)"
    assert page["G6"].value == "=SUM(G7,G12)"
    assert page["I8"].value == "=(H8-11/12)*100"
    assert page["G5"].value == "1—11月累计完成"


def test_a_region_that_the_template_lacks_is_named_and_not_guessed(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx")
    stranger = P("高新区厂房", "高新区", 100, 50)
    made = filled(template, figures([*PROJECTS, stranger]), tmp_path / "out.xlsx")
    assert made.added == ()
    assert [(f.code, f.what) for f in made.unfilled] == [
        ("not-placed", "“高新区厂房”没有加进表里（表样里没有“高新区”这一组）")
    ]


def test_a_head_may_use_another_name_of_the_region(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx")
    renamed = [replace(p, region=p.region.replace("江北区", "江北新区")) for p in PROJECTS]
    new = P("江北三号路", "江北新区", 100, 50)
    names = {"region": {"江北新区": ("江北区",)}}
    made = filled(template, figures([*renamed, new], other_names=names), tmp_path / "out.xlsx")
    assert [row.row for row in made.added] == [10]


def test_a_project_that_left_keeps_its_row_without_figures(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx")
    made = filled(template, figures(PROJECTS[:3]), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page["B12"].value == "临江码头"
    assert [page.cell(12, c).value for c in (4, 5, 6, 7, 10)] == [None] * 5
    assert page["H12"].value == '=IF(COUNT(G12,E12)=2,G12/E12,"")'
    assert page["B10"].value == "临江区（1个）"
    assert [(row.row, row.name) for row in made.departed] == [(12, "临江码头")]
    assert made.unfilled[0].code == "project-left"


def test_a_negative_month_is_written_as_it_is(tmp_path: Path) -> None:
    less = [replace(PROJECTS[0], done=3_900.0), *PROJECTS[1:]]
    filled(sectioned(tmp_path / "last.xlsx"), figures(less), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["F8"].value == -100


@pytest.mark.parametrize("words", ["=1+1", "+SUM(A1)", "-2+3", "@cmd", '=HYPERLINK("x")'])
def test_what_units_write_is_never_a_formula(tmp_path: Path, words: str) -> None:
    evil = [replace(PROJECTS[0], progress=words), *PROJECTS[1:]]
    filled(sectioned(tmp_path / "last.xlsx"), figures(evil), tmp_path / "out.xlsx")
    cell = page_of(tmp_path / "out.xlsx")["J8"]
    assert (cell.value, cell.data_type) == (words, "s")


def test_signs_that_no_sheet_can_hold_are_left_out(tmp_path: Path) -> None:
    odd = [replace(PROJECTS[0], progress="主体\x00施工\x1b"), *PROJECTS[1:]]
    filled(sectioned(tmp_path / "last.xlsx"), figures(odd), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["J8"].value == "主体施工"


def test_a_row_grows_with_a_long_text(tmp_path: Path) -> None:
    wordy = [replace(PROJECTS[0], progress="主体结构施工，" * 12), *PROJECTS[1:]]
    filled(sectioned(tmp_path / "last.xlsx"), figures(wordy), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page.row_dimensions[8].height > 100
    assert page.row_dimensions[9].height < 60


def test_last_month_s_words_are_gone(made: Filled, tmp_path: Path) -> None:
    assert "上月的进度" not in column_of(tmp_path / "out.xlsx", "J")


def test_the_cut_off_of_the_round_is_not_the_month_s_end(tmp_path: Path) -> None:
    template = sectioned(tmp_path / "last.xlsx")
    book = load_workbook(template)
    book.worksheets[0]["A2"] = "截至2026年9月25日"
    book.save(template)
    filled(template, figures(cut_off_on=date(2026, 10, 26)), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["A2"].value == "截至2026年10月26日"
