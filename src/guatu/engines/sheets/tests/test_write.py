"""Nothing that we write runs in a spreadsheet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from guatu.engines.sheets import new_workbook, safe_csv_cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("＝cmd", "'＝cmd"),
        ("+86 138", "'+86 138"),
        ("-甲", "'-甲"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("-3.5", "-3.5"),
        ("-1,200", "-1,200"),
        (-7, "-7"),
        ("—", "—"),
        ("甲", "甲"),
        (None, ""),
    ],
)
def test_csv_cells(value: object, text: str) -> None:
    assert safe_csv_cell(value) == text


def test_a_new_workbook_keeps_formulas_and_links_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = new_workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "=1+1")
    sheet.write(1, 0, "http://example.org")
    book.close()
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in xml
        assert b"hyperlink" not in xml
