"""Header layouts met in the wild, the lines above them, mappings, what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.engines.sheets import (
    Cell,
    ColumnMapping,
    MappedColumn,
    Sheet,
    SheetsError,
    header_signature,
    recognise,
)
from guatu.engines.sheets.tests.build import VOCABULARY, fields, kinds, sheet_of, table_of

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
