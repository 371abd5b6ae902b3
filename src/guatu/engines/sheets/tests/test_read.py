"""Files of every accepted kind are read the same; what breaks the child costs one file only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from guatu.engines.sheets import DEFAULT, Merge, SheetsError, read_workbook, read_workbooks
from guatu.engines.sheets.grid import Sheet
from guatu.engines.sheets.tests.build import parts, put, rows_xml, zipped


def code_of(path: Path) -> str:
    with pytest.raises(SheetsError) as caught:
        read_workbook(path)
    return caught.value.code


def test_xlsx_gives_values_dates_merges_and_skips_hidden_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("汇总")
    sheet.merge_range("A1:C1", "标题")
    sheet.write_row("A2", [1, 2.5, "字"])
    sheet.write_datetime("B3", datetime(2026, 3, 5), book.add_format({"num_format": "yyyy-m-d"}))
    hidden = book.add_worksheet("字典")
    hidden.write(0, 0, "x")
    hidden.hide()
    book.close()
    result = read_workbook(path, name="九月进度(最终版2).et")
    assert result.name == "九月进度(最终版2).et"
    assert result.format == "xlsx"
    assert result.hidden == ("字典",)
    [only] = result.sheets
    assert only.name == "汇总"
    assert only.rows[1] == [1.0, 2.5, "字"]
    assert only.rows[2][1] == date(2026, 3, 5)
    assert only.merges == (Merge(0, 0, 0, 2),)


def test_rows_keep_their_place_when_the_table_starts_below_and_to_the_right(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", zipped(parts(rows_xml(("C4", "<v>7</v>")))))
    sheet = read_workbook(path).sheets[0]
    assert sheet.cell(3, 2) == 7.0
    assert sheet.cell(0, 0) == ""
    assert sheet.cell(99, 99) == ""


def test_xls_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    sheet.write_merge(0, 0, 0, 3, "标题")
    sheet.write(1, 0, 5)
    book.add_sheet("藏").visibility = 1
    path = tmp_path / "a.et"
    book.save(str(path))
    result = read_workbook(path)
    assert result.format == "xls"
    assert [s.name for s in result.sheets] == ["一"]
    assert result.sheets[0].cell(1, 0) == 5
    assert result.sheets[0].merges == (Merge(0, 0, 0, 3),)


def test_ods_is_read_with_its_merges(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="表")
    row = TableRow()
    head = TableCell(valuetype="string", numbercolumnsspanned=2)
    head.addElement(P(text="投资"))
    row.addElement(head)
    row.addElement(CoveredTableCell())
    table.addElement(row)
    row = TableRow()
    row.addElement(TableCell(valuetype="float", value="5.5"))
    row.addElement(TableCell(valuetype="date", datevalue="2024-03-01"))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    path = tmp_path / "a.ods"
    document.save(str(path))
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows[1] == [5.5, date(2024, 3, 1)]
    assert sheet.merges == (Merge(0, 0, 0, 1),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_in_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [["项目名称", "总投资（万元）"], ["垚珺路工程", "1200"], ["“二”期", "3"]]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    path = put(tmp_path, "a.txt", text.encode(encoding))
    result = read_workbook(path)
    assert result.format == "csv"
    assert result.sheets[0].rows == lines


def test_csv_limits_and_broken_text(tmp_path: Path) -> None:
    rows = put(tmp_path, "a.csv", b"x,y\n" * 50_001)
    assert code_of(rows) == "too-many-rows"
    assert read_workbook(rows, limits=replace(DEFAULT, rows=50_001)).format == "csv"
    assert code_of(put(tmp_path, "b.csv", b"x," * 201)) == "too-many-columns"
    assert code_of(put(tmp_path, "c.csv", b"a\xff\xff\xff,1\n\x81")) == "unreadable-encoding"
    assert code_of(put(tmp_path, "d.csv", b"a,b\0c\n")) == "unreadable-encoding"
    assert code_of(put(tmp_path, "e.csv", b'a,"' + b"x" * 200_000)) == "broken-content"


def test_quoted_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", '名称,问题\n甲,"一\n二"\n'.encode())
    assert read_workbook(path).sheets[0].rows[1] == ["甲", "一\n二"]


def test_formulas_without_values_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "合计"
    sheet["B1"] = "=1+1"
    book.save(path)
    result = read_workbook(path)
    assert result.sheets[0].uncached == frozenset({(0, 1)})
    [fault] = result.faults
    assert (fault.code, fault.cell) == ("formula-without-value", "B1")
    assert fault.remedy == "请用Excel或WPS打开并保存后再导入"


def test_formulas_of_a_program_that_show_zero_are_named_and_saved_ones_are_not(
    tmp_path: Path,
) -> None:
    cells = rows_xml(("A1", "<f>1+1</f><v>0</v>"), ("A2", "<f>1+1</f><v>2</v>"))
    saved = put(tmp_path, "a.xlsx", zipped(parts(cells)))
    assert read_workbook(saved).faults == ()
    never = put(tmp_path, "b.xlsx", zipped(parts(cells, book='<calcPr fullCalcOnLoad="1"/>')))
    assert [fault.cell for fault in read_workbook(never).faults] == ["A1"]


def test_cells_that_show_an_error_are_named(tmp_path: Path) -> None:
    cells = '<c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c>'
    xml = f'<sheetData><row r="1">{cells}</row></sheetData>'
    [fault] = read_workbook(put(tmp_path, "a.xlsx", zipped(parts(xml)))).faults
    assert (fault.code, fault.cell, fault.sheet) == ("cell-error", "B1", "表一")


@pytest.mark.parametrize("xml", ["<sheetData/>", ""])
def test_a_workbook_without_content_is_refused(tmp_path: Path, xml: str) -> None:
    assert code_of(put(tmp_path, "a.xlsx", zipped(parts(xml)))) == "nothing-in-it"
    hidden = parts(rows_xml(("A1", "<v>1</v>")), state="hidden")
    assert code_of(put(tmp_path, "b.xlsx", zipped(hidden))) == "nothing-in-it"


def test_a_missing_file_and_broken_xml_are_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.xlsx") == "not-found"
    content = parts(rows_xml(("A1", "<v>1</v>")))
    content["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData><row><c r='A1'><v>1</row>"
    assert code_of(put(tmp_path, "a.xlsx", zipped(content))) == "broken-content"


def test_the_child_refuses_what_the_guard_let_through(tmp_path: Path) -> None:
    """The old format has no cheap scan, so its extent is judged where it is parsed."""
    book = xlwt.Workbook()
    book.add_sheet("一").write(60_000, 0, 1)
    path = tmp_path / "a.xls"
    book.save(str(path))
    assert code_of(path) == "too-many-rows"
    assert read_workbook(path, limits=replace(DEFAULT, rows=65_536)).format == "xls"


def test_a_file_that_kills_the_child_costs_only_itself(tmp_path: Path) -> None:
    good = put(tmp_path, "good.xlsx", zipped(parts(rows_xml(("A1", "<v>1</v>")))))
    far = rows_xml(("A1", "<v>1</v>"), ("XFD1048576", "<v>1</v>"))
    deadly = put(tmp_path, "deadly.xlsx", zipped(parts(far)))
    limits = replace(DEFAULT, rows=2_000_000, columns=20_000)
    results = read_workbooks([good, deadly, tmp_path / "none", good], limits=limits)
    codes = [r.code if isinstance(r, SheetsError) else r.format for r in results]
    assert codes == ["xlsx", "parser-died", "not-found", "xlsx"]


def test_a_slow_parse_is_stopped(tmp_path: Path) -> None:
    good = put(tmp_path, "good.xlsx", zipped(parts(rows_xml(("A1", "<v>1</v>")))))
    [result] = read_workbooks([good], limits=replace(DEFAULT, wall_seconds=0.0))
    assert isinstance(result, SheetsError)
    assert result.code == "parser-timeout"
    assert read_workbook(good).format == "xlsx"


def test_memory_of_the_child_is_limited(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    for row in range(3000):
        sheet.write_row(row, 0, [row * 1000 + column for column in range(100)])
    book.close()
    [small] = read_workbooks(
        [tmp_path / "a.xlsx"], limits=replace(DEFAULT, memory_bytes=40_000_000)
    )
    assert isinstance(small, SheetsError)
    assert small.code in ("parser-died", "parser-memory")
    assert read_workbook(tmp_path / "a.xlsx").format == "xlsx"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_workbook_carries_the_bytes_that_were_read(tmp_path: Path, name: str) -> None:
    data = b"x,y\n1,2\n" if name == "a.csv" else zipped(parts(rows_xml(("A1", "<v>7</v>"))))
    assert read_workbook(put(tmp_path, name, data)).data == data


def test_signs_that_no_database_holds_are_left_out() -> None:
    sheet = Sheet("", [["甲\x00乙", "一行\n二行\t三", "\x1b[31m红", 3, None]])
    assert sheet.rows == [["甲乙", "一行\n二行\t三", "[31m红", 3, None]]
