"""Mapping files: what they say, how they are remembered, how their mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.engines.sheets import (
    ColumnMapping,
    MappedColumn,
    SheetsError,
    load_mapping,
    load_vocabulary,
    read_workbook,
    recognise,
)

ENGLISH = """
[sheet]
header_rows = [1]
only = true
[columns]
project_id = "项目代码"
project_description = "项目名称"
borough = "所属地区"
managing_agency = "责任单位"
ten_year_plan_category = "行业领域"
combined_total = { field = "总投资", unit = "千元" }
combined2021 = { field = "年度计划投资", unit = "千元" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_foreign_list_is_read_through_a_mapping(tmp_path: Path) -> None:
    csv = tmp_path / "list.csv"
    csv.write_text(
        "project_id,project_description,managing_agency,ten_year_plan_category,borough,"
        "combined2021,combined_total\n"
        "LB20,ADAMS LIBRARY,LIBRARY,REPAIR,BROOKLYN,5000,-12\n",
        encoding="utf-8",
    )
    mapping = load_mapping(write(tmp_path, ENGLISH))
    [sheet] = read_workbook(csv).sheets
    for kept in (mapping, ColumnMapping.from_json(mapping.to_json())):
        table = recognise(sheet, load_vocabulary(), file="list.csv", mapping=kept)
        assert table is not None
        assert table.questions == table.notices == ()
        [row] = table.rows
        assert row.parsed("年度计划投资") == 5_000_000
        assert row.parsed("总投资") == -12_000
        assert row.parsed("所属地区") == "BROOKLYN"


def test_a_mapping_is_the_same_after_json() -> None:
    mapping = ColumnMapping(
        {"a/b": MappedColumn("总投资", "亿元"), "c": MappedColumn("")},
        sheet="表",
        header_rows=(3, 4),
        unit="万元",
        subtotals=("合",),
        only=True,
    )
    assert ColumnMapping.from_json(mapping.to_json()) == mapping


def test_the_month_in_a_remembered_head_does_not_matter() -> None:
    mapping = ColumnMapping({"1-9月完成投资（万元）": MappedColumn("本年累计完成投资")})
    assert mapping.find(("1—10月完成投资（万元）",)) is not None
    assert mapping.find(("年度计划",)) is None


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("[columns", "bad-mapping", "写法有误"),
        ("x = 1", "bad-mapping", "columns"),
        ('[columns]\na = "总投资额"', "unknown-field", "是否指“总投资”"),
        ('[columns]\na = "项目名"', "unknown-field", "是否指“项目名称”"),
        ('[columns]\na = "年度计划投次"', "unknown-field", "是否指“年度计划投资”"),
        ('[columns]\na = { field = "总投资", unit = "美元" }', "unknown-unit", "万元"),
        ('[columns]\na = { field = "备注", unit = "万元" }', "bad-mapping", "不是金额"),
        ("[columns]\na = 5", "bad-mapping", "a"),
        ('[columns]\na = { field = "备注", units = "万元" }', "bad-mapping", "units"),
        ('[sheet]\nheader = 1\n[columns]\na = "备注"', "bad-mapping", "header"),
        ('[sheet]\nheader_rows = [0]\n[columns]\na = "备注"', "bad-mapping", "header_rows"),
        ('[table]\n[columns]\na = "备注"', "bad-mapping", "table"),
    ],
)
def test_mistakes_in_a_mapping_file(tmp_path: Path, text: str, code: str, hint: str) -> None:
    with pytest.raises(SheetsError) as caught:
        load_mapping(write(tmp_path, text))
    assert caught.value.code == code
    assert hint in str(caught.value)
    assert "mapping.toml" in str(caught.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SheetsError) as caught:
        load_mapping(write(tmp_path, '[columns]\na = "甲乙丙丁"\nb = "戊己庚辛"'))
    assert len(caught.value.faults) == 2


def test_a_missing_file_and_bad_json(tmp_path: Path) -> None:
    with pytest.raises(SheetsError, match="打不开"):
        load_mapping(tmp_path / "none.toml")
    with pytest.raises(SheetsError):
        ColumnMapping.from_json("{")
