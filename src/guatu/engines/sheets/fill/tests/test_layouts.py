"""Other layouts: plain lists, serials, typed sums, sections, wider cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from guatu.engines.sheets.fill.tests.samples import (
    NAMES,
    NEW,
    PROJECTS,
    P,
    column_of,
    figures,
    filled,
    flat,
    needs_office,
    page_of,
    recalculated,
    rows_of,
    simple,
    with_regions,
)


def test_a_plain_list_gets_new_rows_at_its_end_before_the_total(tmp_path: Path) -> None:
    total = ["合计", None, 40_000, 20_000, 10_000, 0.5]
    template = flat(tmp_path / "last.xlsx", total, ["注：数据由各单位报送。"])
    made = filled(template, figures([*PROJECTS, *NEW[:2]]), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "A", 4) == [
        1, 2, 3, 4, 5, 6, "合计", "注：数据由各单位报送。",
    ]  # fmt: skip
    assert [page.cell(10, c).value for c in range(3, 6)] == [60_000, 24_000, 17_135.0678]
    assert page["F10"].value == pytest.approx(17_135.0678 / 24_000, abs=1e-15)
    assert made.unfilled == ()


def test_rows_match_by_code_then_by_former_name(tmp_path: Path) -> None:
    code = "2601-990100-04-01-000001"
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目代码", "项目名称", "1-9月完成投资"]]
    template = simple(
        tmp_path / "last.xlsx",
        [*head, [1, code, "老名字", 1], [2, None, "旧码头", 2], [3, None, "临江水厂", 3]],
    )
    known = [
        replace(PROJECTS[0], code=code),
        replace(PROJECTS[3], other_names=("旧码头",)),
        PROJECTS[2],
    ]
    made = filled(template, figures(known), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [4_500.5, 500, 6_000]
    assert [f.code for f in made.notices] == ["name-differs", "name-differs"]
    assert made.unfilled == ()


def test_two_projects_of_one_name_are_told_apart_by_place(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "所属地区", "1-9月完成投资"]]
    body = [[1, "一号路", "江北区", 1], [2, "一号路", "临江区", 2], [3, "码头", "临江区", 3]]
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    twins = [P("一号路", "临江区", 10, 7), P("一号路", "江北区", 10, 5), P("码头", "临江区", 9, 4)]
    filled(template, figures(twins), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [5, 7, 4]


def test_a_repeated_row_is_filled_once(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx", [5, NAMES[0], 10_000, 5_000, 2_500, 0.5])
    made = filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "E", 4)[-1] is None
    assert [f.code for f in made.unfilled] == ["row-repeated"]


def test_a_plain_list_by_region_keeps_its_blocks_and_merged_names(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "所属地区", "项目名称", "1-9月完成投资"]]
    body = [[1, "江北区", NAMES[0], 1], [2, None, NAMES[1], 1],
            [3, "临江区", NAMES[2], 1], [4, None, NAMES[3], 1]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body], merges=["B4:B5", "B6:B7"])
    filled(template, figures([*PROJECTS, *NEW[:2]]), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "C", 4) == [
        *NAMES[:2],
        "江北三号路",
        *NAMES[2:],
        "临江新桥",
    ]
    assert {str(m) for m in page.merged_cells.ranges} == {"B4:B6", "B7:B9"}
    assert column_of(tmp_path / "out.xlsx", "A", 4) == [1, 2, 3, 4, 5, 6]


def test_serials_as_text_and_through_the_sections(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [["一、", "江北区"], ["01", NAMES[0], "甲", 1], ["02", NAMES[1], "甲", 1],
            ["二、", "临江区"], ["03", NAMES[2], "甲", 1], ["04", NAMES[3], "甲", 1]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    filled(template, figures([*PROJECTS, NEW[0]]), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "A", 4) == [
        "一、",
        "01",
        "02",
        "03",
        "二、",
        "04",
        "05",
    ]


def test_serials_by_formula_become_numbers_when_rows_come_between(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx")
    book = load_workbook(template)
    for row in range(4, 8):
        book.worksheets[0][f"A{row}"] = "=ROW()-3"
    book.save(template)
    made = filled(template, figures([*PROJECTS, NEW[0]]), tmp_path / "out.xlsx")
    codes = {f.code for f in made.unfilled}
    assert codes == {"serial-unclear"}  # nobody ever computed these: there is no order to see


def test_enumerated_sums_name_the_new_row_too(tmp_path: Path) -> None:
    template = flat(
        tmp_path / "last.xlsx", ["合计", None, None, "=D4+D5+D6+D7", "=SUM(E4,E5,E6,E7)"]
    )
    filled(template, figures([*PROJECTS, NEW[0]]), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page["D9"].value == "=D4+D5+D6+D7+D8"
    assert page["E9"].value == "=SUM(E4,E5,E6,E7)+E8"


def test_a_sum_that_cannot_grow_is_named(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx", ["合计", None, None, "=SUM(D4:D5)+SUM(D6:D6)+D7*1"])
    made = filled(template, figures([*PROJECTS, NEW[0]]), tmp_path / "out.xlsx")
    assert [(f.code, f.cell) for f in made.unfilled] == [("sum-not-whole", "D9")]


def test_subtotals_below_and_breakdowns_above(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [[None, "合计（4个）", None, 100], [None, "其中：水利类", None, 30],
            [1, NAMES[0], "甲", 10], [2, NAMES[1], "甲", 20], [None, "小计", None, 30],
            [3, NAMES[2], "甲", 30], [4, NAMES[3], "甲", 40], [None, "小计", None, 70]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    made = filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [
        15_000.5, 6_000, 4_500.5, 4_000, 8_500.5, 6_000, 500, 6_500,
    ]  # fmt: skip
    assert made.unfilled == ()


def test_a_breakdown_of_something_unknown_is_emptied_and_named(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [[None, "合计", None, 100], [None, "其中：省级重点", None, 30],
            *[[i + 1, n, "甲", 25] for i, n in enumerate(NAMES)]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    made = filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 5)[0] is None
    assert [f.code for f in made.unfilled] == ["sum-unclear"]


def test_sections_by_region_and_nature(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [["一", "江北区", None, None], ["（一）", "续建项目", None, None],
            [1, NAMES[0], "甲", 1], ["（二）", "新建项目", None, None], [1, NAMES[1], "甲", 1],
            ["二", "临江区", None, None], ["（一）", "续建项目", None, None],
            [1, NAMES[2], "甲", 1], ["（二）", "新建项目", None, None],
            [1, NAMES[3], "甲", 1]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    known = [replace(p, nature="新建" if i % 2 else "续建") for i, p in enumerate(PROJECTS)]
    more = [*NEW[:2], P("江北老路", "江北区", 10, 5)]
    made = filled(template, figures([*known, *more]), tmp_path / "out.xlsx")
    assert sorted((row.row, row.name) for row in made.added) == [
        (7, "江北老路"),
        (10, "江北三号路"),
        (16, "临江新桥"),
    ]


def test_the_first_project_of_a_region_stands_below_its_head(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [["一、", "江北区（2个）", None, 2], [1, NAMES[0], "甲", 1], [2, NAMES[1], "甲", 1],
            ["二、", "高新区（0个）", None, 0],
            ["三、", "临江区（2个）", None, 2], [1, NAMES[2], "甲", 1],
            [2, NAMES[3], "甲", 1]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    first = P("高新厂房", "高新区", 100, 25)
    made = filled(template, figures([*PROJECTS, first]), tmp_path / "out.xlsx")
    assert [(row.row, row.name) for row in made.added] == [(8, "高新厂房")]
    assert column_of(tmp_path / "out.xlsx", "A", 7) == ["二、", 1, "三、", 1, 2]
    assert column_of(tmp_path / "out.xlsx", "B", 7)[0] == "高新区（1个）"
    assert column_of(tmp_path / "out.xlsx", "D", 7)[:3] == [25, 25, 6_500]


def test_a_wider_problem_cell_over_two_projects_is_named(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "1-9月完成投资", "存在问题"]]
    template = simple(
        tmp_path / "last.xlsx", [*head, *rows_of(1, ["用地", None, None, None])], merges=["D4:D5"]
    )
    made = filled(template, figures(), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["D4"].value is None
    assert [(f.code, f.cell) for f in made.unfilled] == [
        ("merged-cell", "D4"),
        ("merged-cell", "D5"),
    ]


def test_a_project_with_several_problem_rows_says_all_in_the_first(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "1-9月完成投资", "存在问题"]]
    body = [[1, NAMES[0], 1, "用地"], [None, None, None, "资金"], [2, NAMES[1], 1, None]]
    template = simple(tmp_path / "last.xlsx", [*head, *body], merges=["B4:B5", "C4:C5"])
    known = [replace(PROJECTS[0], problem="1.征拆；2.资金"), PROJECTS[1], NEW[0]]
    filled(template, figures(known), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == ["1.征拆；2.资金", None, None, None]
    assert column_of(tmp_path / "out.xlsx", "B", 4) == [NAMES[0], None, NAMES[1], "江北三号路"]


def test_a_protected_sheet_stays_protected(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx")
    book = load_workbook(template)
    book.worksheets[0].protection.set_password("1234")
    book.worksheets[0].protection.enable()
    book.save(template)
    filled(template, figures(), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page.protection.sheet
    assert page.protection.password == load_workbook(template).worksheets[0].protection.password


def test_january_and_february_are_one_month(tmp_path: Path) -> None:
    head = [["2026年重点项目（1-12月）"], ["单位：万元"],
            ["序号", "项目名称", "12月完成", "1-12月累计完成", "2025年1-12月完成投资"]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *rows_of(1, 2, 3)])
    filled(template, figures(PROJECTS, "2027-01+02"), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert page["A1"].value == "2027年重点项目（1-2月）"
    assert [page.cell(3, c).value for c in (3, 4, 5)] == [
        "1—2月完成", "1-2月累计完成", "2026年1-2月完成投资",
    ]  # fmt: skip


def test_other_sheets_are_filled_but_get_no_rows(tmp_path: Path) -> None:
    template = flat(tmp_path / "last.xlsx")
    book = load_workbook(template)
    copy = book.copy_worksheet(book.worksheets[0])
    copy.title = "新开工"
    copy.delete_rows(6, 2)
    notes = book.create_sheet("分县")
    notes.append(["江北区", 12_345])
    book.save(template)
    made = filled(template, figures([*PROJECTS, NEW[0]]), tmp_path / "out.xlsx")
    assert [row.sheet for row in made.added] == ["汇总表"]
    page = page_of(tmp_path / "out.xlsx", 1)
    assert [page[f"E{row}"].value for row in (4, 5)] == [4_500.5, 4_000]
    assert [(f.code, f.sheet) for f in made.unfilled] == [("sheet-unfilled", "分县")]


def test_sections_known_only_by_their_projects(tmp_path: Path) -> None:
    head = [["2026年1-9月"], ["单位：万元"], ["序号", "项目名称", "责任单位", "1-9月完成投资"]]
    body = [["一、", "主城片"], [1, NAMES[0], "甲", 1], [2, NAMES[1], "甲", 1],
            ["二、", "滨江片"], [1, NAMES[2], "甲", 1], [2, NAMES[3], "甲", 1]]  # fmt: skip
    template = simple(tmp_path / "last.xlsx", [*head, *body])
    made = filled(template, figures([*PROJECTS, NEW[1]]), tmp_path / "out.xlsx")
    assert [(row.row, row.name) for row in made.added] == [(10, "临江新桥")]
    mixed = with_regions("江北区", "临江区", "江北区", "临江区")
    lost = filled(
        template, figures([*mixed, replace(NEW[1], sector="电力")]), tmp_path / "out.xlsx"
    )
    assert lost.added == ()
    assert lost.unfilled[0].what == "“临江新桥”没有加进表里（看不出表样按什么分组）"


@needs_office
def test_recalculated_totals_of_a_plain_list(tmp_path: Path) -> None:
    total = ["合计", None, "=SUM(C4:C7)", "=SUBTOTAL(9,D4:D7)", "=SUM(E4:E7)", "=E8/D8"]
    template = flat(tmp_path / "last.xlsx", total)
    wanted = figures([*PROJECTS, *NEW])
    filled(template, wanted, tmp_path / "out.xlsx")
    (page,) = recalculated(tmp_path / "out.xlsx", tmp_path)
    totals = wanted.total_of(range(7))
    for column, name in ((2, "总投资"), (3, "年度计划投资"), (4, "本年累计完成投资")):
        shown, yuan = page.cell(10, column), totals[name]
        assert isinstance(shown, float)
        assert isinstance(yuan, int)
        assert round(shown * 10_000) == yuan
