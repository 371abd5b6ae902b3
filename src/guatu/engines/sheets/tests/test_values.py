"""Cells as people write them, and what they mean."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.ratio import Ratio
from guatu.core.yuan import LIMIT, UNITS
from guatu.engines.sheets import Cell, Column, Kind, Value, load_vocabulary
from guatu.engines.sheets.dates import read_date
from guatu.engines.sheets.money import read_money
from guatu.engines.sheets.types import Precision
from guatu.engines.sheets.values import flag_short_codes, value_reader

VOCABULARY = load_vocabulary()


def read(field: str, cell: Cell, *, percent: bool = False) -> Value:
    column = Column(0, field, field, field, VOCABULARY.kind(field), is_percent=percent)
    return value_reader(column, VOCABULARY, year=2025)(cell, 0)


def codes(value: Value) -> list[str]:
    return [flag.code for flag in value.flags]


@pytest.mark.parametrize(
    ("cell", "unit", "yuan", "marks"),
    [
        (1200.0, "万元", 12_000_000, []),
        (6212.3456, "万元", 62_123_456, []),
        (0.1 + 0.2, "万元", 3_000, []),
        (1234.5600000000001, "万元", 12_345_600, []),
        (5, "千元", 5_000, []),
        ("2,000", "万元", 20_000_000, []),
        ("２０００．５", "万元", 20_005_000, []),
        ("6.6亿元", "万元", 660_000_000, ["unit-in-cell"]),
        ("6.6亿", "万元", 660_000_000, ["unit-in-cell"]),
        ("1,200万元", "亿元", 12_000_000, ["unit-in-cell"]),
        ("6.6亿元", "亿元", 660_000_000, []),
        ("6.6亿元", None, 660_000_000, ["unit-in-cell"]),
        ("3百万元", "元", 3_000_000, ["unit-in-cell"]),
        ("¥12", "元", 12, []),
        ("-35.5", "万元", -355_000, ["negative"]),
        ("－35.5", "万元", -355_000, ["negative"]),
        (-1.0, "亿元", -100_000_000, ["negative"]),
        ("(35)", "万元", -350_000, ["bracketed-number", "negative"]),
        (0.00001, "万元", 0, ["fraction-of-yuan"]),
        ("1.23456", "万元", 12_346, ["fraction-of-yuan"]),
        (12.5, "元", 13, ["fraction-of-yuan"]),
        ("—", "万元", None, []),
        ("/", "万元", None, []),
        ("无", "万元", None, []),
        ("约5", "万元", None, ["approximate"]),
        ("近3000", "万元", None, ["approximate"]),
        ("5-6", "万元", None, ["approximate"]),
        ("三成", "万元", None, ["approximate"]),
        ("停工", "万元", None, ["status-word"]),
        ("待定", "万元", None, ["status-word"]),
        ("见附件", "万元", None, ["not-a-number-text"]),
        ("1.2.3", "万元", None, ["not-a-number-text"]),
        ("1,20", "万元", None, ["not-a-number-text"]),
        ("1_000", "万元", None, ["not-a-number-text"]),
        ("NaN", "万元", None, ["not-a-number"]),
        ("Infinity", "万元", None, ["not-a-number"]),
        ("#REF!", "万元", None, ["not-a-number"]),
        (float("nan"), "万元", None, ["not-a-number"]),
        (float("-inf"), "万元", None, ["not-a-number"]),
        (1e9, "万元", LIMIT, []),
        (1000000000.0001, "万元", None, ["too-large"]),
        ("99999999999999999999999", "元", None, ["too-large"]),
        (1e300, "元", None, ["too-large"]),
        (7.0, None, None, ["unit-missing"]),
        (True, "万元", None, ["not-a-number-text"]),
        (datetime(2024, 1, 1), "万元", None, ["not-a-number-text"]),
    ],
)
def test_money(cell: Cell, unit: str | None, yuan: int | None, marks: list[str]) -> None:
    amount = read_money(cell, unit)
    assert (amount.yuan, [flag.code for flag in amount.flags]) == (yuan, marks)
    column = Column(0, "总投资", "总投资", "总投资", Kind.MONEY, unit)
    value = value_reader(column, VOCABULARY, year=None)(cell, 0)
    assert (value.parsed, codes(value)) == (yuan, marks)


@given(st.integers(-LIMIT, LIMIT), st.sampled_from(sorted(UNITS)), st.booleans())
def test_text_of_an_amount_reads_back_as_the_same_yuan(yuan: int, unit: str, grouped: bool) -> None:
    number = Decimal(yuan) / UNITS[unit]
    text = f"{number:,f}" if grouped else f"{number:f}"
    assert read_money(text, unit).yuan == yuan
    assert read_money(f"{text}{unit}", "元").yuan == yuan


@given(st.integers(-LIMIT, LIMIT), st.sampled_from(sorted(UNITS)))
def test_a_number_cell_that_a_spreadsheet_can_hold_reads_back_exactly(yuan: int, unit: str) -> None:
    value = read_money(yuan / UNITS[unit], unit)
    assert value.yuan == yuan
    assert "fraction-of-yuan" not in [flag.code for flag in value.flags]


@pytest.mark.parametrize(
    ("cell", "on", "precision", "marks"),
    [
        (date(2024, 3, 5), "2024-03-05", "day", []),
        (datetime(2024, 3, 5, 12), "2024-03-05", "day", []),
        ("2024-03-05", "2024-03-05", "day", []),
        ("2024/3/5", "2024-03-05", "day", []),
        ("2024.3.5", "2024-03-05", "day", []),
        ("2024年3月5日", "2024-03-05", "day", []),
        ("2024-03-05 00:00:00", "2024-03-05", "day", []),
        ("２０２４年３月５日", "2024-03-05", "day", []),
        ("20240305", "2024-03-05", "day", []),
        (20240305.0, "2024-03-05", "day", []),
        ("二〇二四年三月三十一日", "2024-03-31", "day", []),
        ("二○二四年十二月", "2024-12-31", "month", []),
        ("2024-03", "2024-03-31", "month", []),
        ("2024.1", "2024-01-31", "month", []),
        ("2024.10", "2024-10-31", "month", []),
        ("2024 年 2 月", "2024-02-29", "month", []),
        ("202402", "2024-02-29", "month", []),
        ("2025年6月底", "2025-06-30", "month", []),
        ("2025年6月底前", "2025-06-30", "month", []),
        ("2025年6月前", "2025-06-30", "month", ["before-date"]),
        ("2025年5月上旬", "2025-05-10", "ten-day", []),
        ("2025年5月中旬", "2025-05-20", "ten-day", []),
        ("2025年5月下旬", "2025-05-31", "ten-day", []),
        ("5月上旬", "2025-05-10", "ten-day", ["year-assumed"]),
        ("3月底", "2025-03-31", "month", ["year-assumed"]),
        ("10月1日", "2025-10-01", "day", ["year-assumed"]),
        ("三月", "2025-03-31", "month", ["year-assumed"]),
        ("2025年", "2025-12-31", "year", []),
        ("2025年底", "2025-12-31", "month", []),
        ("2025年末前", "2025-12-31", "month", []),
        ("2025年初", "2025-01-31", "month", ["coarse-date"]),
        ("2025年中", "2025-06-30", "month", ["coarse-date"]),
        ("2025年内", "2025-12-31", "year", []),
        ("2025年前", "2025-12-31", "year", ["before-date"]),
        ("2025年下半年", "2025-12-31", "month", ["coarse-date"]),
        ("前三季度", "2025-09-30", "month", ["year-assumed", "coarse-date"]),
        (2025.0, "2025-12-31", "year", []),
        ("2025年二季度", "2025-06-30", "month", ["coarse-date"]),
        ("2025年上半年", "2025-06-30", "month", ["coarse-date"]),
        (2024.1, "2024-01-31", "month", ["month-ambiguous"]),
        (2024.01, "2024-01-31", "month", []),
        (2024.11, "2024-11-30", "month", []),
        (2024.3, "2024-03-31", "month", []),
        (45323.0, "2024-02-01", "day", ["serial-date"]),
        (45323, "2024-02-01", "day", ["serial-date"]),
        ("45323", "2024-02-01", "day", ["serial-date"]),
        ("24年3月", "2024-03-31", "month", ["short-year"]),
        (date(1900, 1, 1), "1900-01-01", "day", ["odd-year"]),
    ],
)
def test_dates(cell: Cell, on: str, precision: str, marks: list[str]) -> None:
    found = read_date(cell, 2025)
    assert found.on == date.fromisoformat(on)
    assert found.precision is Precision(precision)
    assert [flag.code for flag in found.flags] == marks


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("已开工", "status-word"),
        ("未开工", "status-word"),
        ("停工", "status-word"),
        ("立行立改，长期坚持", "not-a-date"),
        ("2024年13月", "not-a-date"),
        ("2024-02-30", "not-a-date"),
        ("2024.3-2025.12", "not-a-date"),
        (2024.13, "not-a-date"),
        (float("nan"), "not-a-date"),
        (7.0, "not-a-date"),
        (True, "not-a-date"),
    ],
)
def test_what_is_no_date_keeps_its_words(cell: Cell, mark: str) -> None:
    value = read("计划开工时间", cell)
    assert value.parsed is None
    assert codes(value) == [mark]
    assert value.raw is cell


def test_a_month_without_any_year_is_asked() -> None:
    found = read_date("3月底", None)
    assert (found.on, [flag.code for flag in found.flags]) == (None, ["year-missing"])


@pytest.mark.parametrize(
    ("cell", "head", "ratio", "marks"),
    [
        ("28.0%", False, Ratio(280, 1000), []),
        ("２８％", False, Ratio(28, 100), []),
        (0.3, False, Ratio(3, 10), []),
        (30.0, False, Ratio(30, 100), ["percent-points"]),
        (30.0, True, Ratio(30, 100), []),
        ("65.3", True, Ratio(653, 1000), []),
        (0.3, True, Ratio(3, 10), ["percent-scale"]),
        (1.155, False, Ratio(1155, 1000), []),
        ("-5%", False, Ratio(-5, 100), []),
        ("三成", False, None, ["not-a-percent"]),
        ("—", False, None, []),
    ],
)
def test_percentages(cell: Cell, head: bool, ratio: Ratio | None, marks: list[str]) -> None:
    value = read("年度计划完成率", cell, percent=head)
    assert (value.parsed, codes(value)) == (ratio, marks)


@pytest.mark.parametrize(
    ("cell", "parsed", "marks"),
    [
        ("2101-330000-04-01-000012", "2101-330000-04-01-000012", []),
        ("0012", "0012", []),
        (12.0, "12", []),
        (2.40344120004011234e17, None, ["code-ruined"]),
        (240344120004011234, None, ["code-ruined"]),
        ("2.40344E+17", None, ["code-ruined"]),
        ("/", None, []),
    ],
)
def test_codes(cell: Cell, parsed: str | None, marks: list[str]) -> None:
    value = read("项目代码", cell)
    assert (value.parsed, codes(value)) == (parsed, marks)


def short_codes(*cells: Cell) -> list[int]:
    values = [read("项目代码", cell)._replace(row=n) for n, cell in enumerate(cells)]
    return list(flag_short_codes(values))


def test_a_code_shorter_than_its_siblings_is_asked() -> None:
    assert short_codes("0011", 12.0, "0013") == [1]
    assert short_codes(*(f"00{n}" for n in range(10, 20)), "12") == [10]
    assert short_codes(12.0, "0013") == []


def test_codes_of_many_lengths_are_left_alone() -> None:
    assert short_codes("LB20A", "LB20B", "LB20C", "LBX", "1234") == []


@pytest.mark.parametrize(
    ("field", "cell", "parsed", "marks"),
    [
        ("建设性质", "新开工", "新建", []),
        ("建设性质", "结 转", "续建", []),
        ("建设性质", "扩建", "扩建", ["choice-unknown"]),
        ("项目类型", "工程类", "建设", []),
        ("入库状态", "√", "已入库", []),
        ("是否打包", "是", True, []),
        ("是否打包", "×", False, []),
        ("是否打包", True, True, []),
        ("是否打包", "也许", None, ["not-yes-no"]),
        ("子项目数", "3个", 3, []),
        ("子项目数", 3.0, 3, []),
        ("子项目数", 3.5, None, ["not-a-count"]),
        ("子项目数", "若干", None, ["not-a-count"]),
        ("联系电话", 13800000000.0, "13800000000", []),
        ("形象进度", "  主体\n施工 ", "主体\n施工", []),
        ("存在问题", "无", None, []),
        ("备注", datetime(2024, 1, 2), "2024-01-02", []),
    ],
)
def test_other_kinds(field: str, cell: Cell, parsed: object, marks: list[str]) -> None:
    value = read(field, cell)
    assert (value.parsed, codes(value)) == (parsed, marks)
    assert value.raw is cell


def test_a_number_is_not_mistaken_for_an_equal_truth_value() -> None:
    column = Column(0, "子项目数", "子项目数", "子项目数", Kind.INT)
    reader = value_reader(column, VOCABULARY, year=None)
    assert reader(1.0, 0).parsed == 1
    assert codes(reader(True, 1)) == ["not-a-count"]
