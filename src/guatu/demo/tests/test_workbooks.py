from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.demo.summary_table import last_month_table
from guatu.demo.tests.reading import grids, yuan
from guatu.demo.types import City
from guatu.demo.workbooks import history, ledger_workbook, report_workbook

HEADS = (
    "项目名称 项目代码 所属地区 责任单位 行业领域 建设性质 是否打包 所属打包项目 子项目数 总投资 "
    "年度计划投资 计划开工时间 实际开工时间 计划竣工时间 实际竣工时间 形象进度 存在问题 包联领导"
)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_ledger_has_every_entry_once(city: City, folder: Path, year: int) -> None:
    ledger_workbook(city, year, folder / "ledger.xlsx")
    rows = grids(folder / "ledger.xlsx")["清单"]
    heads = rows[2]
    assert set(HEADS.split()) <= set(heads)
    body = rows[3:-1]
    entries = city.entries_of(year)
    assert [row[1] for row in body] == [city.project[e.project].name for e in entries]
    plan = heads.index("年度计划投资")
    assert [yuan(row[plan], "万元") or 0 for row in body] == [e.plan_yuan for e in entries]


def test_the_ledger_holds_no_start_of_the_open_month(city: City, folder: Path) -> None:
    ledger_workbook(city, 2026, folder / "ledger.xlsx")
    rows = grids(folder / "ledger.xlsx")["清单"]
    starts = [str(row[rows[2].index("实际开工时间")]) for row in rows[3:]]
    assert any(start.startswith("2026-09") for start in starts)
    assert not any(start.startswith("2026-10") for start in starts)


def test_the_history_is_closed_months_in_order(city: City) -> None:
    periods = [period for period, _ in history(city)]
    assert periods[0] == "2025-01+02"
    assert periods[-1] == "2026-09"
    assert len(periods) == 19
    assert [period for period, _ in history(city, include_open=True)][-1] == "2026-10"


def test_a_month_as_a_workbook(city: City, folder: Path) -> None:
    report_workbook(city, "2026-09", folder / "september.xlsx")
    rows = grids(folder / "september.xlsx")["清单"]
    column = rows[2].index("本年累计完成投资")
    figures = {row[1]: yuan(row[column], "万元") for row in rows[3:-1]}
    reports = city.reports_of("2026-09")
    assert figures == {city.project[r.project].name: r.completed_yuan for r in reports}


def test_workbooks_are_the_same_bytes_every_time(city: City, folder: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        last_month_table(city, folder / name)
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()


@pytest.fixture
def table(city: City, folder: Path) -> tuple[Worksheet, Worksheet]:
    last_month_table(city, folder / "table.xlsx")
    formulas = openpyxl.load_workbook(folder / "table.xlsx")["汇总表"]
    values = openpyxl.load_workbook(folder / "table.xlsx", data_only=True)["汇总表"]
    return formulas, values


def test_the_summary_table_has_the_mayors_layout(
    city: City, table: tuple[Worksheet, Worksheet]
) -> None:
    page, _ = table
    assert "虚构" in page["A1"].value
    assert page["A2"].value == "截至2026年9月30日"
    assert page.freeze_panes == "C6"
    assert page.print_title_rows == "$3:$5"
    assert len(page.conditional_formatting) == 1
    assert "A3:A5" in {str(merged) for merged in page.merged_cells.ranges}
    regions = [
        str(row[1].value) for row in page.iter_rows(min_row=7) if str(row[0].value).endswith("、")
    ]
    assert [name.split("（")[0] for name in regions] == [r.name for r in city.regions if r.parent]


def test_stored_values_of_the_summary_table_are_the_sums(
    city: City, table: tuple[Worksheet, Worksheet]
) -> None:
    page, values = table
    for column in "EFGH":
        assert str(page[f"{column}6"].value).startswith("=SUM(")
        whole, sections = 0.0, 0.0
        for row in range(7, page.max_row):
            value = values[f"{column}{row}"].value
            if str(page[f"{column}{row}"].value).startswith("="):
                sections += value
            elif isinstance(value, int | float):
                whole += value
        assert values[f"{column}6"].value == pytest.approx(whole)
        assert values[f"{column}6"].value == pytest.approx(sections)
    done = sum(r.completed_yuan or 0 for r in city.reports_of("2026-09"))
    assert values["H6"].value == pytest.approx(done / 10_000)
    assert values["I6"].value == pytest.approx(values["H6"].value / values["F6"].value)
