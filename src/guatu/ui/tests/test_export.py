"""Exports: text is text, numbers are numbers, whatever a cell begins with (trust C-8)."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from guatu.ui.export import download, workbook
from guatu.ui.tables import Column

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
