"""Each attack of documents.md §2.4 is refused before parsing, and passes with the limit raised."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

import pytest

from guatu.engines.sheets import DEFAULT, Limits, SheetsError
from guatu.engines.sheets.guard import guard
from guatu.engines.sheets.tests.build import MAIN, parts, rows_xml, zipped

PLAIN = rows_xml(("A1", "<v>1</v>"))
WIDE_OPEN = replace(DEFAULT, rows=2_000_000, columns=20_000, ratio=100_000, inflated_bytes=1 << 40)


def refusal(data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(SheetsError) as caught:
        guard(data, name="甲区.xlsx", limits=limits)
    fault = caught.value.faults[0]
    assert fault.file == "甲区.xlsx"
    assert fault.what
    assert fault.remedy
    return fault.code


def sheet(xml: str) -> bytes:
    return zipped(parts(xml))


def test_a_plain_workbook_passes() -> None:
    assert guard(sheet(PLAIN), name="x").format == "xlsx"


def sparse(column: str, row: int) -> bytes:
    return sheet(rows_xml(("A1", "<v>1</v>"), (f"{column}{row}", "<v>1</v>")))


BOMB = sheet(PLAIN + "<!--" + " " * 3_000_000 + "-->")
MANY_ROWS = sheet(rows_xml(*((f"A{n}", "<v>1</v>") for n in range(49_000, 50_010))))


@pytest.mark.parametrize(
    ("data", "code", "raised"),
    [
        (sparse("A", 1_048_576), "too-many-rows", replace(DEFAULT, rows=1_048_576)),
        (sparse("A", 50_001), "too-many-rows", replace(DEFAULT, rows=50_001)),
        (sparse("XFD", 1), "too-many-columns", replace(DEFAULT, columns=16_384)),
        (sparse("GS", 1), "too-many-columns", replace(DEFAULT, columns=201)),
        (sparse("XFD", 1_048_576), "too-many-columns", WIDE_OPEN),
        (MANY_ROWS, "too-many-rows", replace(DEFAULT, rows=60_000)),
        (BOMB, "zip-ratio", replace(DEFAULT, ratio=100_000)),
        (BOMB, "inflates-too-far", WIDE_OPEN),
    ],
)
def test_each_guard_refuses_and_its_twin_passes(data: bytes, code: str, raised: Limits) -> None:
    limits = replace(DEFAULT, inflated_bytes=2_000_000) if code == "inflates-too-far" else DEFAULT
    assert refusal(data, limits) == code
    assert guard(data, name="x", limits=raised).format == "xlsx"


@pytest.mark.parametrize(
    "xml",
    [
        '<sheetData><row r="1048576"><c><v>1</v></c></row></sheetData>',
        "<sheetData><row r='60000'><c r='A60000'><v>1</v></c></row></sheetData>",
        f'<x:sheetData xmlns:x="{MAIN}"><x:row r="1"><x:c '
        'r="XFD1"><x:v>1</x:v></x:c></x:row></x:sheetData>',
        '<sheetData><row r="1"><c\nr="XFD1"><v>1</v></c></row></sheetData>',
        '<sheetData><row r="1"><c s="1" r="XFD1"><v>1</v></c></row></sheetData>',
        "<sheetData>"
        + "".join(f"<row><c><v>{n * n % 99_991}</v></c></row>" for n in range(50_001))
        + "</sheetData>",
        "<sheetData><row>" + "<c><v>1</v></c>" * 201 + "</row></sheetData>",
    ],
)
def test_odd_spellings_of_far_cells_are_seen_too(xml: str) -> None:
    assert refusal(sheet(xml)) in ("too-many-rows", "too-many-columns")
    guard(sheet(xml), name="x", limits=WIDE_OPEN)


def test_a_lying_dimension_does_no_harm_and_a_border_to_the_last_row_passes() -> None:
    styled = '<row r="1048576"><c r="XFD1048576" s="3"/></row>'
    xml = f'<dimension ref="A1:XFD1048576"/>{PLAIN[:-12]}{styled}</sheetData>'
    assert guard(sheet(xml), name="x").format == "xlsx"


def test_a_cell_is_seen_where_two_chunks_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [(f"A{n}", "<v>123</v>") for n in range(1, 40)]
    data = sheet(rows_xml(*cells, ("A50001", "<v>1</v>"), ("A50", "<v>1</v>")))
    for size in range(20, 90, 7):
        monkeypatch.setattr("guatu.engines.sheets.guard.CHUNK", size)
        assert refusal(data) == "too-many-rows"


@pytest.mark.parametrize("declaration", ["<!DOCTYPE a>", '<!ENTITY x SYSTEM "file:///etc/passwd">'])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/s.xml"])
def test_entities_are_refused_in_every_part(declaration: str, part: str) -> None:
    content = parts(PLAIN)
    content[part] = declaration + content.get(part, "<a/>")
    assert refusal(zipped(content)) == "xml-doctype"
    content[part] = content[part].replace("<!", "<?")
    guard(zipped(content), name="x")


@pytest.mark.parametrize("path", ["../evil.xml", "/etc/x.xml", "a/../../b", "C:/x", "..\\x"])
def test_paths_that_leave_the_archive_are_refused(path: str) -> None:
    assert refusal(zipped(parts(PLAIN) | {path: "<a/>"})) == "unsafe-member"
    guard(
        zipped(parts(PLAIN) | {path.replace("..", "x").replace(":", "").lstrip("/"): ""}), name=""
    )


def test_a_declared_size_that_lies_is_counted_while_inflating() -> None:
    """The central directory claims 10 bytes; zlib gives three million."""
    data = bytearray(BOMB)
    with zipfile.ZipFile(BytesIO(BOMB)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = bytes(data).replace(struct.pack("<I", real), struct.pack("<I", 10))
    assert refusal(lie) in ("zip-ratio", "broken-zip")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"  \r\n", "empty-file"),
        (sheet(PLAIN)[:200], "broken-zip"),
        (b"PK\x03\x04 and nothing more", "broken-zip"),
        (zipped({"readme.txt": "hello"}), "not-a-sheet"),
        (zipped({"word/document.xml": "<a/>"}), "not-a-sheet"),
        (zipped({"xl/workbook.bin": "x"}), "unsupported-format"),
        (b"%PDF-1.7", "not-a-sheet"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "unsupported-format"),
        (b'<?xml version="1.0"?><Workbook/>', "unsupported-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "broken-content"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "EncryptionInfo".encode("utf-16-le") * 9
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "not-a-sheet",
        ),
    ],
)
def test_each_kind_of_wrong_file_has_its_own_code(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_size_and_number_of_parts_are_limited() -> None:
    data = sheet(PLAIN)
    assert refusal(data, replace(DEFAULT, upload_bytes=len(data) - 1)) == "upload-too-big"
    guard(data, name="x", limits=replace(DEFAULT, upload_bytes=len(data)))
    assert refusal(data, replace(DEFAULT, members=4)) == "too-many-members"
    guard(data, name="x", limits=replace(DEFAULT, members=5))


def test_wide_encodings_of_xml_are_refused() -> None:
    content: dict[str, bytes] = {k: v.encode() for k, v in parts(PLAIN).items()}
    guard(zipped(content), name="x")
    content["xl/worksheets/sheet1.xml"] = parts(PLAIN)["xl/worksheets/sheet1.xml"].encode("utf-16")
    assert refusal(zipped(content)) == "xml-encoding"


def ods(body: str, manifest: str = "<a/>") -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": f'<a><table:table table:name="甲">{body}</table:table></a>',
        }
    )


CELL = '<table:table-cell office:value-type="float" office:value="1"/>'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f'<table:table-row table:number-rows-repeated="1048576">{CELL}</table:table-row>', "rows"),
        (
            '<table:table-row table:number-rows-repeated="60000"/>'
            f"<table:table-row>{CELL}</table:table-row>",
            "rows",
        ),
        (
            '<table:table-row><table:table-cell table:number-columns-repeated="16384" '
            'office:value-type="string"/></table:table-row>',
            "columns",
        ),
        (
            '<table:table-row><table:table-cell table:number-columns-repeated="300"/>'
            f"{CELL}</table:table-row>",
            "columns",
        ),
    ],
)
def test_repeated_rows_and_columns_of_ods_are_multiplied_out(body: str, code: str) -> None:
    assert refusal(ods(body)) == f"too-many-{code}"
    assert guard(ods(body), name="x", limits=WIDE_OPEN).format == "ods"


def test_the_empty_tail_of_an_ods_sheet_passes_and_encryption_is_named() -> None:
    tail = (
        f"<table:table-row>{CELL}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert guard(ods(tail), name="x").format == "ods"
    assert refusal(ods(tail, "<manifest:encryption-data/>")) == "encrypted"


def test_zlib_errors_are_broken_files() -> None:
    data = bytearray(sheet(PLAIN * 50))
    start = data.index(b"xl/worksheets/sheet1.xml") + 30
    data[start : start + 20] = zlib.compress(b"x" * 40)[:20]
    assert refusal(bytes(data)) == "broken-zip"
