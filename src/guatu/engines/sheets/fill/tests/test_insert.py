"""What points at rows besides formulas: comments, links, filters, tables, charts, breaks."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart import Reference as ChartReference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table

from guatu.engines.sheets.fill.insert import Insertion, change_workbook


@pytest.fixture
def book() -> Any:
    """Ten rows of two columns; two rows will be inserted behind row 5."""
    made = Workbook()
    page: Any = made.active
    page.title = "表"
    page.append(["名", "数"])
    for row in range(2, 11):
        page.append([f"项目{row}", row])
    return made


def insert(book: Any, *, model: int = 5, growing: set[tuple[int, int]] | None = None) -> Any:
    change_workbook(book, {"表": [Insertion(5, 2, model)]}, {}, {"表": growing or set()})
    return book["表"]


def test_comments_and_links_go_with_their_cells(book: Any) -> None:
    page = book["表"]
    page["A7"].comment = Comment("核对过", "办公室")
    page["A8"].hyperlink = "http://example.invalid/"
    moved = insert(book)
    assert moved["A9"].comment.text == "核对过"
    assert moved["A10"].hyperlink.ref == "A10"
    assert (moved["A7"].value, moved["A7"].comment) == (None, None)


def test_filters_tables_and_breaks(book: Any) -> None:
    page = book["表"]
    page.auto_filter.ref = "A1:B10"
    page.add_table(Table(displayName="清单", ref="A1:B5"))
    page.row_breaks.append(Break(id=6))
    moved = insert(book)
    assert moved.auto_filter.ref == "A1:B12"
    assert moved.tables["清单"].ref == "A1:B7"
    assert [brk.id for brk in moved.row_breaks.brk] == [8]


def test_charts_point_at_the_same_figures(book: Any) -> None:
    page = book["表"]
    chart = BarChart()
    chart.add_data(ChartReference(page, min_col=2, min_row=2, max_row=10))
    page.add_chart(chart, "D8")
    moved = insert(book)
    (series,) = moved._charts[0].series
    assert series.val.numRef.f == "'表'!$B$2:$B$12"


def test_array_formulas_and_names(book: Any) -> None:
    page = book["表"]
    page["D9"] = ArrayFormula("D9:D10", "=B9:B10*2")
    book.defined_names["数"] = DefinedName("数", attr_text="表!$B$2:$B$5")
    moved = insert(book)
    assert (moved["D11"].value.ref, moved["D11"].value.text) == ("D11:D12", "=B11:B12*2")
    assert book.defined_names["数"].attr_text == "表!$B$2:$B$7"


def test_a_new_row_looks_like_its_model(book: Any) -> None:
    page = book["表"]
    page["A4"].font = Font(bold=True)
    page.merge_cells("C4:D4")
    page.row_dimensions[4].height = 40
    page.row_dimensions[6].height = 12
    page["E4"] = "=B4*2+$B$1"
    moved = insert(book, model=4)
    assert [moved[f"A{row}"].font.b for row in (5, 6, 7)] == [False, True, True]
    assert [moved.row_dimensions[row].height for row in (6, 7, 8)] == [40, 40, 12]
    assert [moved[f"E{row}"].value for row in (6, 7)] == ["=B6*2+$B$1", "=B7*2+$B$1"]
    assert {"C4:D4", "C6:D6", "C7:D7"} == {str(m) for m in moved.merged_cells.ranges}


def test_a_merged_cell_grows_only_when_told(book: Any) -> None:
    book["表"].merge_cells("C4:C5")
    assert [str(m) for m in insert(book, growing={(4, 3)}).merged_cells.ranges] == ["C4:C7"]
    again = book["表"]
    again.merge_cells("D4:D5")
    assert "D4:D5" in {str(m) for m in insert(book).merged_cells.ranges}


def test_the_sheet_opens_where_it_did(book: Any) -> None:
    page = book["表"]
    page.freeze_panes = "B2"
    moved = insert(book)
    assert moved.freeze_panes == "B2"
