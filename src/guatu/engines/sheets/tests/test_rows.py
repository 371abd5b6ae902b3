"""What each row below the header is: heads, sums, notes, parts, projects."""

from __future__ import annotations

import pytest

from guatu.engines.sheets import (
    Cell,
    Row,
    RowKind,
    Sheet,
    recognise,
)
from guatu.engines.sheets.tests.build import VOCABULARY, kinds, sheet_of, table_of

HEAD: list[Cell] = ["序号", "项目名称", "责任单位", "总投资（万元）", "存在问题"]


def project(number: Cell, name: str, amount: Cell = 1.0, unit: str = "甲局") -> list[Cell]:
    return [number, name, unit, amount, ""]


def test_sections_sums_notes_and_blank_rows() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            ["", "总计（3个）", "", 6.0, ""],
            ["一", "交通类（2个）", "", 3.0, ""],
            ["（一）", "公路", "", "", ""],
            project(1.0, "甲路"),
            project(2.0, "乙路", 2.0),
            ["", "小 计", "", 3.0, ""],
            [],
            ["二、水利类", "", "", "", ""],
            project(1.0, "丙坝", 3.0),
            ["合计", "", "", 6.0, ""],
            ["注：本表数据截至月底。", "", "", "", ""],
            ["填报人：张三", "", "", "审核人：李四", ""],
        )
    )
    assert kinds(table) == [
        ("subtotal", "总计（3个）"),
        ("subtotal", "交通类（2个）"),
        ("section", "公路"),
        ("data", "甲路"),
        ("data", "乙路"),
        ("subtotal", "小 计"),
        ("section", "水利类"),
        ("data", "丙坝"),
        ("subtotal", "合计"),
        ("note", "注：本表数据截至月底。"),
        ("note", "填报人：张三"),
    ]
    paths = [row.section_path for row in table.data_rows]
    assert paths == [("交通类（2个）", "公路"), ("交通类（2个）", "公路"), ("水利类",)]
    assert table.rows[0].count == 3
    assert table.rows[1].count == 2


def test_unnumbered_regions_are_heads() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            ["江北区", "", "", "", ""],
            project(1.0, "甲"),
            project(2.0, "乙"),
            ["江南区", "", "", "", ""],
            project(1.0, "丙"),
            merges=("A2:E2", "A5:E5"),
        )
    )
    assert [row.section_path for row in table.data_rows] == [("江北区",), ("江北区",), ("江南区",)]


def test_unnumbered_heads_with_sums_are_known_by_their_sums() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            ["", "江北区", "", 300.0, ""],
            project(1.0, "甲", 100.0),
            project(2.0, "乙", 200.0),
            ["", "江南区", "", 50.0, ""],
            project(1.0, "丙", 50.0),
        )
    )
    assert [row.kind for row in table.rows] == [
        RowKind.SUBTOTAL,
        RowKind.DATA,
        RowKind.DATA,
        RowKind.SUBTOTAL,
        RowKind.DATA,
    ]
    assert table.rows[4].section_path == ("江南区",)


def test_children_of_a_package_know_their_parent() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            project(1.0, "学校打包项目", 10.0),
            ["", "其中：一中", "", 4.0, ""],
            ["", "二中", "", 6.0, ""],
            project(2.0, "医院", 5.0),
            project("2.1", "门诊楼", 2.0),
            project("（2）", "住院楼", 3.0),
            project(3.0, "公园", 5.0),
        )
    )
    got = [(row.kind.value, row.parsed("项目名称"), row.parent) for row in table.rows]
    assert got == [
        ("data", "学校打包项目", None),
        ("sub_item", "一中", 1),
        ("sub_item", "二中", 1),
        ("data", "医院", None),
        ("sub_item", "门诊楼", 4),
        ("sub_item", "住院楼", 4),
        ("data", "公园", None),
    ]


def test_among_below_a_sum_breaks_the_sum_down() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            ["", "合计", "", 3.0, ""],
            ["", "其中：新建", "", 1.0, ""],
            ["", "续建", "", 2.0, ""],
            project(1.0, "甲", 1.0),
            project(2.0, "乙", 2.0),
        )
    )
    assert [row.label for row in table.data_rows] == ["甲", "乙"]


def test_several_problem_rows_of_one_project_are_joined() -> None:
    table = table_of(
        sheet_of(
            HEAD,
            [1.0, "甲", "甲局", 5.0, "征地"],
            ["", "", "", "", "资金"],
            ["", "", "", "", "资金"],
            [2.0, "乙", "乙局", 6.0, "管线"],
            ["", "", "", "", "用电"],
            merges=("A2:A4", "B2:B4", "C2:C4", "D2:D4"),
        )
    )
    assert [row.parsed("存在问题") for row in table.rows] == ["征地；资金", "管线；用电"]
    assert [row.parsed("总投资") for row in table.rows] == [50_000, 60_000]
    assert table.rows[0].last_number == 3


def test_a_unit_merged_over_several_projects_counts_for_each() -> None:
    table = table_of(
        sheet_of(HEAD, project(1.0, "甲"), project(2.0, "乙", unit=""), merges=("C2:C3",))
    )
    assert [row.parsed("责任单位") for row in table.rows] == ["甲局", "甲局"]


def test_a_sum_merged_over_several_projects_is_not_repeated() -> None:
    table = table_of(
        sheet_of(HEAD, project(1.0, "甲", 9.0), project(2.0, "乙", ""), merges=("D2:D3",))
    )
    assert [row.parsed("总投资") for row in table.rows] == [90_000, None]


def test_headers_repeated_at_page_breaks_are_skipped() -> None:
    first: list[Cell] = ["序号", "项目名称", "投资（万元）", "", "问题"]
    second: list[Cell] = ["", "", "总投资", "年度计划", ""]
    merges = ("A2:A3", "B2:B3", "C2:D2", "E2:E3", "A5:A6", "B5:B6", "C5:D5", "E5:E6")
    table = table_of(
        sheet_of(
            ["项目表"],
            first,
            second,
            [1.0, "甲", 1.0, 2.0, ""],
            first,
            second,
            [2.0, "乙", 3.0, 4.0, ""],
            merges=merges,
        )
    )
    assert kinds(table) == [("data", "甲"), ("data", "乙")]


def test_text_rows_without_header_words_after_the_header_stay_data() -> None:
    table = table_of(sheet_of(["项目名称", "责任单位"], ["甲路工程", "甲局"], ["乙路工程", "乙局"]))
    rows: list[Row] = table.data_rows
    assert [row.label for row in rows] == ["甲路工程", "乙路工程"]


SERIAL_HEAD: list[Cell] = ["序号", "项目名称", "所属地区", "总投资（万元）"]


def kinds_of(*lines: list[Cell]) -> list[tuple[str, str]]:
    table = recognise(Sheet("表", [SERIAL_HEAD, *lines]), VOCABULARY, file="f.xlsx")
    assert table is not None
    return [(row.kind.value, row.label) for row in table.rows]


@pytest.mark.parametrize(
    "serials",
    [("一", "二", "三"), ("一、", "二、", "三、"), ("（一）", "（二）", "（三）"), ("1", "2", "3")],
)
def test_a_project_numbered_as_the_others_is_one_though_nothing_else_is_told(
    serials: tuple[str, str, str],
) -> None:
    first, second, third = serials
    found = kinds_of(
        [first, "甲路", "江北区", 5.0], [second, "乙路", "", ""], [third, "丙路", "江北区", 7.0]
    )
    assert found == [("data", "甲路"), ("data", "乙路"), ("data", "丙路")]


@pytest.mark.parametrize("cells", [["2、乙路", "", "", ""], ["", "2、乙路", "", ""]])
def test_a_number_and_a_name_in_one_cell_are_a_project_where_the_numbers_run_on(
    cells: list[Cell],
) -> None:
    lines: list[list[Cell]] = [
        [1.0, "甲路", "江北区", 5.0],
        cells,
        [3.0, "丙路", "江北区", 7.0],
    ]
    assert kinds_of(*lines) == [("data", "甲路"), ("data", "乙路"), ("data", "丙路")]
    table = recognise(Sheet("表", [SERIAL_HEAD, *lines]), VOCABULARY, file="f.xlsx")
    assert table is not None
    assert table.rows[1].text("项目名称") == "乙路"


def test_numbered_heads_and_remarks_stay_what_they_are_and_are_named() -> None:
    lines: list[list[Cell]] = [
        ["1、市政类", "", "", ""],
        [1.0, "甲路", "江北区", 5.0],
        [2.0, "乙路", "江北区", 5.0],
        ["2、交通类", "", "", ""],
        [3.0, "丙路", "江北区", 7.0],
        ["4、联系电话见附件", "", "", ""],
    ]
    table = recognise(Sheet("表", [SERIAL_HEAD, *lines]), VOCABULARY, file="f.xlsx")
    assert table is not None
    assert [row.kind.value for row in table.rows] == [
        "section", "data", "data", "section", "data", "section",
    ]  # fmt: skip
    told = [(fault.code, fault.cell) for fault in table.notices]
    assert told == [("taken-as-head", cell) for cell in ("A2", "A5", "A7")]


def test_section_numerals_above_numbered_projects_stay_sections() -> None:
    found = kinds_of(
        ["一", "工业", "", ""],
        [1.0, "甲路", "江北区", 5.0],
        ["（一）", "园区", "", ""],
        [2.0, "乙路", "江北区", 5.0],
        ["二", "交通", "", ""],
        [3.0, "丙路", "江北区", 5.0],
    )
    assert [kind for kind, _ in found] == ["section", "data", "section", "data", "section", "data"]
