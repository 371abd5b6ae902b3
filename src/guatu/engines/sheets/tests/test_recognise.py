"""Header layouts met in the wild, the lines above them, and what each row is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.sheets import (
    Cell,
    ColumnMapping,
    MappedColumn,
    Merge,
    Row,
    RowKind,
    Sheet,
    SheetsError,
    Table,
    check_subtotals,
    header_signature,
    load_vocabulary,
    recognise,
)
from guatu.engines.sheets.tests.build import sheet_of

VOCABULARY = load_vocabulary()


def table_of(sheet: Sheet, **options: object) -> Table:
    table = recognise(sheet, VOCABULARY, file="甲区.xlsx", **options)  # type: ignore[arg-type]
    assert table is not None
    return table


def fields(table: Table) -> dict[str, str | None]:
    return {name: column.unit for name, column in table.fields.items() if name != "序号"}


LAYOUTS: list[tuple[str, Sheet, dict[str, str | None]]] = [
    (
        "one row with units in the heads",
        sheet_of(["项目名称", "总投资（亿元）", "年度投资计划(万元)"], ["甲路", 1.0, 2.0]),
        {"项目名称": None, "总投资": "亿元", "年度计划投资": "万元"},
    ),
    (
        "unit in the title",
        sheet_of(["某市2026年重点项目表（万元）"], ["项目名称", "总投资"], ["甲路", 1.0]),
        {"项目名称": None, "总投资": "万元"},
    ),
    (
        "unit in a line above, table not at A1",
        sheet_of(
            [""],
            ["", "进度表"],
            ["", "", "", "金额单位：亿元"],
            ["", "序号", "项目名称", "概算总投资"],
            ["", 1.0, "甲路", 1.0],
        ),
        {"项目名称": None, "总投资": "亿元"},
    ),
    (
        "two rows, merged parents",
        sheet_of(
            ["序号", "项目名称", "投资（万元）", "", "", "备注"],
            ["", "", "总投资", "年度计划", "1-9月完成投资", ""],
            [1.0, "甲路", 1.0, 2.0, 3.0, ""],
            merges=("A1:A2", "B1:B2", "C1:E1", "F1:F2"),
        ),
        {
            "项目名称": None,
            "总投资": "万元",
            "年度计划投资": "万元",
            "本年累计完成投资": "万元",
            "备注": None,
        },
    ),
    (
        "two rows, parents not merged",
        sheet_of(
            ["序号", "项目名称", "年度", "", "开工时间", ""],
            ["", "", "计划（万元）", "完成（万元）", "计划", "实际"],
            [1.0, "甲路", 1.0, 2.0, "2026.3", "2026.4"],
        ),
        {
            "项目名称": None,
            "年度计划投资": "万元",
            "本年累计完成投资": "万元",
            "计划开工时间": None,
            "实际开工时间": None,
        },
    ),
    (
        "three rows",
        sheet_of(
            ["序号", "项目\n名称", "投资情况（万元）", "", "", ""],
            ["", "", "总投资", "2026年", "", ""],
            ["", "", "", "计划投资", "本月完成", "累计完成"],
            [1.0, "甲路", 9.0, 8.0, 7.0, 6.0],
            merges=("A1:A3", "B1:B3", "C1:F1", "C2:C3", "D2:F2"),
        ),
        {
            "项目名称": None,
            "总投资": "万元",
            "年度计划投资": "万元",
            "本月完成投资": "万元",
            "本年累计完成投资": "万元",
        },
    ),
    (
        "a row of units under the heads",
        sheet_of(["项目名称", "总投资", "完成投资"], ["", "(万元)", "(亿元)"], ["甲路", 1.0, 2.0]),
        {"项目名称": None, "总投资": "万元", "本年累计完成投资": "亿元"},
    ),
    (
        "dates and months in the words",
        sheet_of(
            [
                "工程名称",
                "2023年计划投资(万元)",
                "2023年1-12月累计完成投资(万元)",
                "至上年底累计完成(万元)",
            ],
            ["甲路", 1.0, 2.0, 3.0],
        ),
        {
            "项目名称": None,
            "年度计划投资": "万元",
            "本年累计完成投资": "万元",
            "自开工累计完成投资": "万元",
        },
    ),
    (
        "last year's months beside this year's",
        sheet_of(
            ["项目名称", "2023年1—9月完成投资（万元）", "2022年1—9月完成投资（万元）"],
            ["甲路", 1.0, 2.0],
        ),
        {"项目名称": None, "本年累计完成投资": "万元", "上年同期累计完成投资": "万元"},
    ),
    (
        "spaces, line breaks and full width",
        sheet_of(
            ["项 目 名 称", "隶　属", "总投资\n（万 元）", "投资完成率％"],
            ["甲路", "乙", 1.0, 50.0],
        ),
        {"项目名称": None, "所属地区": None, "总投资": "万元", "年度计划完成率": None},
    ),
    (
        "months under a parent",
        sheet_of(
            ["项目名称", "完成投资（万元）", "", "上年同期"],
            ["", "本月", "累计", "（万元）"],
            ["甲路", 1.0, 2.0, 3.0],
            merges=("A1:A2", "B1:C1"),
        ),
        {
            "项目名称": None,
            "本月完成投资": "万元",
            "本年累计完成投资": "万元",
            "上年同期累计完成投资": "万元",
        },
    ),
    (
        "numbered columns under the head",
        sheet_of(["序号", "项目名称", "总投资（万元）"], [1.0, 2.0, 3.0], [1.0, "甲路", 9.0]),
        {"项目名称": None, "总投资": "万元"},
    ),
    (
        "unit in the name of the sheet",
        sheet_of(["项目名称", "总投资"], ["甲路", 1.0], name="汇总（万元）"),
        {"项目名称": None, "总投资": "万元"},
    ),
    (
        "parts of a sum are not the sum",
        sheet_of(
            ["项目名称", "总投资（万元）", "", ""],
            ["", "", "其中：中央", "地方"],
            ["甲路", 3.0, 1.0, 2.0],
            merges=("A1:A2",),
        ),
        {"项目名称": None, "总投资": "万元"},
    ),
]


@pytest.mark.parametrize(
    ("sheet", "expected"), [entry[1:] for entry in LAYOUTS], ids=[entry[0] for entry in LAYOUTS]
)
def test_layout(sheet: Sheet, expected: dict[str, str | None]) -> None:
    table = table_of(sheet)
    assert fields(table) == expected
    assert [row.label for row in table.data_rows] == ["甲路"]
    assert table.questions == ()


@pytest.mark.parametrize(
    "sheet",
    [
        sheet_of(["姓名", "电话"], ["张三", "123"]),
        sheet_of(["说明"], ["本表由各单位填报"]),
        sheet_of(["联系人", "联系电话", "备注"], ["张三", "123", ""]),
        sheet_of(),
        sheet_of(["", ""]),
    ],
)
def test_a_sheet_without_projects_is_no_table(sheet: Sheet) -> None:
    assert recognise(sheet, VOCABULARY, file="x") is None


def test_money_without_any_unit_is_one_question_and_no_value() -> None:
    sheet = sheet_of(["项目名称", "总投资"], ["甲", 5.0], ["乙", "6亿元"])
    table = table_of(sheet)
    [question] = table.questions
    assert (question.code, question.cell) == ("unit-missing", "B1")
    assert [row.parsed("总投资") for row in table.rows] == [None, 600_000_000]
    assert table_of(sheet, default_unit="万元").rows[0].parsed("总投资") == 50_000
    with pytest.raises(SheetsError, match="不认识"):
        table_of(sheet, default_unit="美元")


@pytest.mark.parametrize(
    ("lines", "as_of", "period", "year"),
    [
        (["重点项目进展（截至2026年10月25日）"], date(2026, 10, 25), "2026-10", 2026),
        (["重点项目汇总表", "二〇二六年九月"], date(2026, 9, 30), "2026-09", 2026),
        (["2026年1—10月重点项目表"], date(2026, 10, 31), "2026-10", 2026),
        (["2026年1-2月重点项目表"], date(2026, 2, 28), "2026-01+02", 2026),
        (["二〇二六年一至九月情况"], date(2026, 9, 30), "2026-09", 2026),
        (["2026年三季度重点项目表"], date(2026, 9, 30), "2026-Q3", 2026),
        (["2026年上半年重点项目表"], date(2026, 6, 30), "2026-H1", 2026),
        (["2026年度重点项目计划表"], None, "2026", 2026),
        (["2026年度重点项目表", "截至10月25日"], date(2026, 10, 25), "2026-10", 2026),
        (["重点项目表"], None, None, None),
    ],
)
def test_the_title_tells_the_time(
    lines: list[str], as_of: date | None, period: str | None, year: int | None
) -> None:
    rows: list[list[Cell]] = [[line] for line in lines]
    table = table_of(sheet_of(*rows, ["项目名称", "形象进度"], ["甲", "好"]))
    assert (table.as_of.on if table.as_of else None) == as_of
    assert (table.period_hint, table.year, table.title) == (period, year, lines[0])


def test_the_header_tells_the_period_when_the_title_does_not() -> None:
    table = table_of(sheet_of(["项目名称", "2026年1-9月完成投资（万元）"], ["甲", 1.0]))
    assert (table.period_hint, table.year) == ("2026-09", 2026)


def test_a_date_without_year_takes_the_titles() -> None:
    table = table_of(sheet_of(["2026年项目表"], ["项目名称", "计划开工时间"], ["甲", "3月底"]))
    value = table.rows[0].values["计划开工时间"]
    assert str(value.parsed).count("2026") == 1
    assert [flag.code for flag in value.flags] == ["year-assumed"]
    assert value.cell == "B3"


HEAD: list[Cell] = ["序号", "项目名称", "责任单位", "总投资（万元）", "存在问题"]


def kinds(table: Table) -> list[tuple[str, str]]:
    return [(row.kind.value, row.label) for row in table.rows]


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


def test_refused_cells_are_faults_with_their_place() -> None:
    table = table_of(
        sheet_of(
            ["项目名称", "项目代码", "总投资（亿元）"],
            ["甲", 240344120004011234.0, 1.0],
            ["乙", "2403", 999999.0],
        )
    )
    assert [(f.code, f.cell, f.file) for f in table.faults] == [
        ("code-ruined", "B2", "甲区.xlsx"),
        ("too-large", "C3", "甲区.xlsx"),
    ]


def test_a_formula_without_value_is_refused_where_it_counts() -> None:
    sheet = sheet_of(["项目名称", "总投资（万元）"], ["甲", ""])
    lost = Sheet(sheet.name, sheet.rows, uncached=frozenset({(1, 1)}))
    [fault] = table_of(lost).faults
    assert (fault.code, fault.cell) == ("formula-without-value", "B2")
    assert table_of(sheet).faults == ()


def test_two_columns_of_one_sum_are_a_question() -> None:
    table = table_of(
        sheet_of(["项目名称", "总投资（万元）", "概算总投资（万元）"], ["甲路", 1.0, 2.0])
    )
    assert [q.code for q in table.questions] == ["duplicate-field"]
    assert table.rows[0].parsed("总投资") == 10_000


def test_a_mapping_wins_and_the_rest_is_still_recognised() -> None:
    sheet = sheet_of(
        ["name", "total", "unit", "总投资（万元）", "备注"],
        ["甲", 1.5, "亿元", 7.0, "x"],
        ["乙", 20.0, "万元", 7.0, ""],
        ["丙", 20.0, "", 7.0, ""],
    )
    mapping = ColumnMapping(
        {
            "NAME": MappedColumn("项目名称"),
            "total": MappedColumn("总投资", unit_column="unit"),
            "unit": MappedColumn(""),
        }
    )
    table = table_of(sheet, mapping=mapping)
    assert [row.parsed("总投资") for row in table.rows] == [150_000_000, 200_000, None]
    assert table.rows[0].parsed("备注") == "x"
    only = ColumnMapping(mapping.columns, only=True)
    assert "备注" not in table_of(sheet, mapping=only).fields


def test_a_mapping_names_sheet_header_sums_and_what_it_did_not_find() -> None:
    sheet = sheet_of(["类型", "数"], ["中央", 3.0], ["甲", 1.0], ["乙", 2.0])
    mapping = ColumnMapping(
        {
            "类型": MappedColumn("项目名称"),
            "数": MappedColumn("总投资", "千元"),
            "没有": MappedColumn("备注"),
        },
        sheet="表一",
        header_rows=(1, 1),
        subtotals=("中央",),
    )
    table = table_of(sheet, mapping=mapping)
    assert kinds(table) == [("subtotal", "中央"), ("data", "甲"), ("data", "乙")]
    assert table.rows[1].parsed("总投资") == 1_000
    assert [notice.code for notice in table.notices] == ["mapping-header-missing"]
    other = Sheet("别的", sheet.rows)
    assert recognise(other, VOCABULARY, file="x", mapping=mapping) is None


def test_next_months_header_has_the_same_signature() -> None:
    def head(words: str) -> str:
        return header_signature(table_of(sheet_of(["项目名称", words], ["甲", 1.0])))

    assert head("2026年1-9月完成投资（万元）") == head("2026年1-10月完成投资（万元）")
    assert head("2026年1-9月完成投资（万元）") != head("2026年计划投资（万元）")


TEXTS = [
    "",
    "",
    "项目名称",
    "序号",
    "总投资（万元）",
    "存在问题",
    "其中：",
    "其中：甲",
    "合计（2个）",
    "小计",
    "一、甲",
    "（一）",
    "1.1",
    "①",
    "注：甲",
    "（万元）",
    "单位：万元",
    "2026年1-9月",
    "约5",
    "停工",
    "3月底",
    "2024.1",
    "#REF!",
    "1e999",
    "٣",
    "²",
    "½",
    "〇〇〇〇年十三月四十日",
    "十季度",
    "第一部分",
    "截至2026年2月30日",
    "99月",
    "0-0月",
    "合计合计合计合计合计合计合计合计合计",
    "99999999999999999999999999999999",
]
NUMBERS: list[Cell] = [None, True, 1, -1, 0.1, 2024.1, 1e308, 10**30, 10**400]
OTHERS: list[Cell] = [
    float("nan"),
    float("-inf"),
    datetime(2026, 1, 1, 5),
    date(9999, 12, 31),
    time(1),
    timedelta(5),
]
WORDS: st.SearchStrategy[Cell] = st.sampled_from([*TEXTS, *NUMBERS, *OTHERS])
RANGES = st.tuples(*[st.integers(0, 8)] * 4).map(
    lambda n: Merge(min(n[0], n[1]), min(n[2], n[3]), max(n[0], n[1]), max(n[2], n[3]))
)


@given(st.lists(st.lists(WORDS, max_size=7), max_size=12), st.lists(RANGES, max_size=4))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_in_a_sheet_it_is_read_or_flagged_never_an_error(
    rows: list[list[Cell]], merges: list[Merge]
) -> None:
    head: list[Cell] = [
        "序号",
        "项目名称",
        "总投资（万元）",
        "计划开工时间",
        "项目代码",
        "完成率",
        "子项目数",
    ]
    for grid in (rows, [head, *rows]):
        table = recognise(Sheet("表", grid, tuple(merges)), VOCABULARY, file="x")
        if table is not None:
            check_subtotals(table)
            header_signature(table)
            numbers = [row.number for row in table.rows]
            assert numbers == sorted(set(numbers))


def test_text_rows_without_header_words_after_the_header_stay_data() -> None:
    table = table_of(sheet_of(["项目名称", "责任单位"], ["甲路工程", "甲局"], ["乙路工程", "乙局"]))
    rows: list[Row] = table.data_rows
    assert [row.label for row in rows] == ["甲路工程", "乙路工程"]


def kinds_of(*lines: list[Cell]) -> list[tuple[str, str]]:
    table = recognise(Sheet("表", [SERIAL_HEAD, *lines]), VOCABULARY, file="f.xlsx")
    assert table is not None
    return [(row.kind.value, row.label) for row in table.rows]


SERIAL_HEAD: list[Cell] = ["序号", "项目名称", "所属地区", "总投资（万元）"]


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
