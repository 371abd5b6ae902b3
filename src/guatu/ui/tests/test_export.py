"""Exports: text is text, numbers are numbers, whatever a cell begins with (trust C-8)."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.ui.export import download, workbook
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money, points

NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "=cmd|'/c'!A1",
    ',"=1+1"', "<script>", "{=1}",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_a_text_never_becomes_a_formula(text: str) -> None:
    columns: list[Column[str]] = [Column("name", "名称", lambda row: row)]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook("清单", columns, [text]))).active
    assert sheet is not None
    cell = sheet["A3"]
    assert cell.data_type == "s"
    assert str(cell.value).strip() == text.strip()
    assert cell.quotePrefix


def test_numbers_and_days_keep_their_types() -> None:
    columns: list[Column[tuple[object, ...]]] = [
        Column("a", "数", lambda row: row[0]),
        Column("b", "日", lambda row: row[1]),
        Column("c", "空", lambda row: row[2]),
    ]
    rows: list[tuple[object, ...]] = [(12.5, date(2026, 10, 31), None)]
    content = workbook("清单", columns, rows, notes=["截至"])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet["A4"].value == 12.5
    assert sheet["B4"].is_date
    assert sheet["C4"].value in (None, "")


def test_a_download_is_saved_and_never_shown() -> None:
    response = download(b"x", "清单;\r\nX: y.xlsx")
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]


def _sheet(content: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_number_has_the_decimals_of_the_page() -> None:
    columns: list[Column[int]] = [
        Column("serial", "序号", lambda yuan: 1234, "num"),
        Column("yi", "总投资（亿元）", money, "num", value=lambda yuan: yuan / 10**8),
        Column("wan", "总投资（万元）", lambda yuan: money(yuan, "万元"), "num",
               value=lambda yuan: yuan / 10**4),
        Column("rate", "完成率", lambda yuan: "83.3%", "num"),
        Column("gap", "比时间进度", lambda yuan: points("-2.8"), "num", value=lambda yuan: -2.8),
        Column("growth", "同比", lambda yuan: "-9.4%", "num", value=lambda yuan: -9.4),
        Column("day", "开工", lambda yuan: "2026-10-31", "date"),
        Column("acts", "办理", lambda yuan: "改", "tight no-print"),
    ]  # fmt: skip
    sheet = _sheet(workbook("清单", columns, [600_000_000]))
    cells = [(cell.value, cell.number_format) for cell in sheet[3]]
    assert cells == [
        (1234, "0"), (6, "#,##0.00"), (60000, "#,##0"), (0.833, "0.0%"), (-2.8, "#,##0.0"),
        (-0.094, "0.0%"), (datetime(2026, 10, 31), "yyyy-mm-dd"),
    ]  # fmt: skip
    assert {cell.alignment.horizontal for cell in sheet[3]} == {"right"}


def test_columns_are_as_wide_as_what_they_hold() -> None:
    columns: list[Column[str]] = [
        Column("name", "名称", lambda row: row, "wide"),
        Column("code", "项目代码", lambda row: "2406-990101-04-02-457664", "tight"),
        Column("plan", "年度计划（亿元）", lambda row: 1.5, "num"),
    ]
    name = "临江区金沙标准厂房建设项目"
    sheet = _sheet(workbook("清单", columns, [name, name * 4]))
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert 48 <= widths[0] < 50  # the longest is bounded and set on several lines
    assert 26 <= widths[1] < 28
    assert 12 <= widths[2] < 14  # the head stands on two lines, its unit on the second
    assert (sheet.row_dimensions[2].height or 0) > 2 * 14
    assert (sheet.row_dimensions[4].height or 0) > 2 * 14
    assert sheet.auto_filter.ref == "A2:C4"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.freeze_panes == "A3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
