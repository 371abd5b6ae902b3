"""Small files made for the tests: workbooks part by part, so that each can lie; sheets as read."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from guatu.engines.sheets import Cell, Merge, Sheet, Table, load_vocabulary, recognise

VOCABULARY = load_vocabulary()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def parts(sheet: str, *, book: str = "", state: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet of the given XML."""
    hidden = f' state="{state}"' if state else ""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{CONTENT_TYPES}">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="表一" sheetId="1"{hidden} r:id="rId1"/></sheets>{book}</workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }


def rows_xml(*cells: tuple[str, str]) -> str:
    """Sheet data of one row a cell: `("A1", "<v>1</v>")`."""
    inner = "".join(
        f'<row r="{"".join(filter(str.isdigit, place))}"><c r="{place}">{body}</c></row>'
        for place, body in cells
    )
    return f"<sheetData>{inner}</sheetData>"


def zipped(content: dict[str, str] | dict[str, bytes]) -> bytes:
    """The parts as a zip archive."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    """The bytes as a file."""
    path = folder / name
    path.write_bytes(data)
    return path


def sheet_of(*rows: list[Cell], merges: tuple[str, ...] = (), name: str = "表一") -> Sheet:
    """A sheet from rows of cells; merges written `A1:C1`."""
    from guatu.engines.sheets.grid import place_of

    ranges = []
    for text in merges:
        first, last = (place_of(part) for part in text.split(":"))
        ranges.append(Merge(*first, *last))
    return Sheet(name, [list(row) for row in rows], tuple(ranges))


def table_of(sheet: Sheet, **options: object) -> Table:
    table = recognise(sheet, VOCABULARY, file="甲区.xlsx", **options)  # type: ignore[arg-type]
    assert table is not None
    return table


def fields(table: Table) -> dict[str, str | None]:
    return {name: column.unit for name, column in table.fields.items() if name != "序号"}


def kinds(table: Table) -> list[tuple[str, str]]:
    return [(row.kind.value, row.label) for row in table.rows]
