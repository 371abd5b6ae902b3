from __future__ import annotations

from datetime import date

import pytest

from guatu.engines.sheets import Cell, Sheet, load_vocabulary, recognise
from guatu.planning.intake.rows import GivenDate, LedgerRow, ledger_rows
from tests.tables import codes

VOCABULARY = load_vocabulary()


def rows_of(*lines: list[Cell]) -> list[LedgerRow]:
    table = recognise(Sheet("清单", list(lines)), VOCABULARY, file="f.xlsx", default_year=2026)
    assert table is not None
    return list(ledger_rows(table))


def row_of(**cells: Cell) -> LedgerRow:
    given = {"项目名称": "甲", "所属地区": "江北区", **cells}
    [row] = rows_of(list(given), list(given.values()))
    return row


@pytest.mark.parametrize(
    ("column", "cell", "attribute", "value"),
    [
        ("项目名称", " 江北水厂 ", "name", "江北水厂"),
        ("项目代码", "2401－A", "code", "2401-A"),
        ("项目代码", "—", "code", None),
        ("总投资（万元）", 1.5, "total_yuan", 15_000),
        ("总投资（亿元）", "2.5", "total_yuan", 250_000_000),
        ("总投资（万元）", "—", "total_yuan", None),
        ("年度计划投资（万元）", 0, "plan_yuan", 0),
        ("建设性质", "计划新开工", "nature", "new"),
        ("建设性质", "结转", "nature", "continuing"),
        ("建设性质", "", "nature", ""),
        ("是否打包", "是", "is_package", True),
        ("是否打包", "否", "is_package", False),
        ("是否打包", "", "is_package", None),
        ("子项目数", "3个", "parts", 3),
        ("项目类型", "非建设", "kind", "programme"),
        ("项目类型", "建设", "kind", ""),
        ("业主", "甲公司", "owner", "甲公司"),
        ("挂点领导", "王一", "leader", "王一"),
        ("联系人", "李二", "liaison", "李二"),
        ("所属项目包", "道路打包", "parent", "道路打包"),
    ],
)
def test_a_cell_becomes_a_plain_value(
    column: str, cell: Cell, attribute: str, value: object
) -> None:
    row = row_of(**{column: cell})
    assert getattr(row, attribute) == value
    assert row.faults == []


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("计划开工时间", ("start", "planned")),
        ("实际开工时间", ("start", "actual")),
        ("计划竣工时间", ("completion", "planned")),
        ("实际竣工时间", ("completion", "actual")),
    ],
)
def test_each_date_column_has_its_milestone_and_kind(column: str, key: tuple[str, str]) -> None:
    row = row_of(**{column: "2026年5月中旬"})
    assert row.dates == {key: GivenDate(date(2026, 5, 20), "ten-day", "2026年5月中旬")}


@pytest.mark.parametrize(
    ("column", "cell", "fault", "place"),
    [
        ("总投资（万元）", "约500", "approximate", "C2"),
        ("总投资（万元）", "-5", "negative-amount", "C2"),
        ("总投资", "500", "unit-missing", "C2"),
        ("项目代码", 123456789012345678.0, "code-ruined", "C2"),
        ("子项目数", "-1", "bad-parts", "C2"),
        ("子项目数", "若干", "not-a-count", "C2"),
        ("子项目数", -1, "bad-parts", "C2"),
        ("子项目数", 10_001, "bad-parts", "C2"),
        ("行业领域", "业" * 101, "text-too-long", "C2"),
        ("联络员", "名" * 101, "text-too-long", "C2"),
    ],
)
def test_a_bad_cell_is_named_with_file_sheet_cell_and_remedy(
    column: str, cell: Cell, fault: str, place: str
) -> None:
    [told] = [one for one in row_of(**{column: cell}).faults if one.code == fault]
    assert (told.file, told.sheet, told.cell) == ("f.xlsx", "清单", place)
    assert told.what
    assert told.remedy


def test_a_row_without_a_name_is_a_fault_at_a_cell_of_that_row() -> None:
    head: list[Cell] = ["项目名称", "项目代码", "总投资（万元）"]
    _, nameless = rows_of(head, ["甲", "P-1", 5], ["", "P-2", 7])
    assert codes(nameless.faults) == ["no-name"]
    assert nameless.faults[0].cell.endswith("3")


def test_figure_columns_raise_no_fault_in_a_list() -> None:
    assert row_of(**{"本年累计完成投资（万元）": "约50", "形象进度": "主体"}).faults == []


def test_totals_sections_and_notes_are_no_projects() -> None:
    rows = rows_of(
        ["序号", "项目名称", "所属地区", "总投资（万元）"],
        ["", "合计", "", 30],
        ["一", "工业类", "", 30],
        [1, "甲厂", "江北区", 10],
        [2, "乙厂", "江北区", 20],
        ["注：以上为计划数。", "", "", ""],
    )
    assert [row.name for row in rows] == ["甲厂", "乙厂"]


def test_a_repeated_row_differs_from_a_contradicting_one_by_its_values_only() -> None:
    head: list[Cell] = ["项目名称", "总投资（万元）"]
    one, same, other = rows_of(head, ["甲", 1], ["甲", 1], ["甲", 2])
    assert one.values() == same.values()
    assert one.values() != other.values()
    assert one.place != same.place
