"""The writer that may die: opens a template with openpyxl, under limits, in its own process.

Run by path (`python -I -S child.py MEMORY_BYTES CPU_SECONDS FILE_BYTES PATH…`). One request on
standard input, one answer on standard output, both marshalled:
`("look", data, sheets)` → `("ok", sheets, losses)`, `("write", data, orders)` → `("ok", bytes)`,
or `("error", code, text)`.
"""

from __future__ import annotations

import marshal
import math
import sys
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
PLACES = ("left", "center", "right")


def limit_process(memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Memory, processor time and the size of temporary files; no core."""
    try:
        import resource
    except ImportError:  # not a POSIX system: the wall clock of the parent remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


def opened(data: bytes) -> Any:
    """The workbook with formulas and rich text as they stand."""
    from openpyxl import load_workbook

    return load_workbook(BytesIO(data), rich_text=True)


def look(data: bytes, sheets: list[str]) -> tuple[Any, ...]:
    """What the reading engine cannot tell: formulas, number formats, headers and footers."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        book = opened(data)
    found = {name: (list(_cells(book[name])), _margins(book[name])) for name in sheets}
    return ("ok", found, sorted({*losses(data), *(str(w.message) for w in caught)}))


def _cells(sheet: Any) -> Iterator[tuple[int, int, str, str, str]]:
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    for (row, column), cell in sheet._cells.items():
        value = cell.value
        if isinstance(value, ArrayFormula | DataTableFormula):
            yield row - 1, column - 1, "array", "", cell.number_format
        elif cell.data_type == "f":
            yield row - 1, column - 1, "formula", str(value), cell.number_format
        else:
            yield row - 1, column - 1, "" if value is None else "value", "", cell.number_format


def _margins(sheet: Any) -> list[tuple[str, str, str]]:
    return [
        (name, place, text)
        for name in HEADERS
        for place in PLACES
        if (text := getattr(getattr(sheet, name), place).text)
    ]


def losses(data: bytes) -> set[str]:
    """Drawings other than charts: openpyxl reads a workbook without them."""
    found = set()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/drawings/drawing") and name.endswith(".xml"):
                text = archive.read(name)
                if b":sp>" in text or b":sp " in text or b":grpSp" in text or b":cxnSp" in text:
                    found.add("shapes")
                if b":pic>" in text or b":pic " in text:
                    found.add("images")
            if name.startswith("xl/worksheets/sheet") and name.endswith(".xml"):
                text = archive.read(name)
                if b"x14:conditionalFormatting " in text or b"x14:dataValidation " in text:
                    found.add("extensions")
                if b"sparklineGroup" in text:
                    found.add("sparklines")
    return found


def write(data: bytes, orders: dict[str, Any]) -> tuple[Any, ...]:
    """Insert, fill, rename, and save so that every spreadsheet recalculates when it opens."""
    from guatu.engines.sheets.fill.insert import Insertion, change_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = opened(data)
        insertions = {
            name: [Insertion(*one) for one in order["insert"]]
            for name, order in orders.items()
            if order["insert"]
        }
        growing = {name: {tuple(at) for at in order["grow"]} for name, order in orders.items()}
        names = {name: order["rename"] for name, order in orders.items() if order["rename"]}
        change_workbook(book, insertions, names, growing)
        for name, order in orders.items():
            sheet = book[names.get(name, name)]
            for row, column, kind, value in order["cells"]:
                _put(sheet, row + 1, column + 1, kind, value)
            for part, place, text in order["margins"]:
                getattr(getattr(sheet, part), place).text = text
            for row, columns in order["fit"]:
                _fit(sheet, row + 1, [column + 1 for column in columns])
        book.calculation.fullCalcOnLoad = True
        book.template = False
        made = BytesIO()
        book.save(made)
    return ("ok", made.getvalue())


def _put(sheet: Any, row: int, column: int, kind: str, value: Any) -> None:
    cell = sheet.cell(row, column)
    if kind == "empty":
        cell.value = None
    elif kind == "date":
        shown = cell.number_format
        cell.value = date.fromordinal(value)
        cell.number_format = shown
    elif kind == "formula":
        cell.value = value
    else:
        cell.value = value
        if kind == "text":
            # Whatever a unit wrote, =1+1 included, is text.
            cell.data_type = "s"


def _fit(sheet: Any, row: int, columns: list[int]) -> None:
    """Raise a row of fixed height until its wrapped texts show; never lower one."""
    from openpyxl.utils import get_column_letter

    dimension = sheet.row_dimensions[row]
    if dimension.ht is None:
        return
    merged = {
        cell: sum(_width(sheet, get_column_letter(c)) for c in range(m.min_col, m.max_col + 1))
        for m in sheet.merged_cells.ranges
        if m.min_row == row == m.max_row
        for cell in [m.min_col]
    }
    for column in columns:
        cell = sheet.cell(row, column)
        if not isinstance(cell.value, str) or not cell.alignment.wrap_text:
            continue
        size = cell.font.sz or 11
        width = merged.get(column) or _width(sheet, get_column_letter(column))
        room = max(1.0, (width - 0.6) * 11 / size)
        lines = sum(max(1, math.ceil(text_width(part) / room)) for part in cell.value.split("\n"))
        dimension.ht = max(dimension.ht, min(409.0, lines * size * 1.36 + 2))


def _width(sheet: Any, letters: str) -> float:
    from openpyxl.utils import column_index_from_string

    number = column_index_from_string(letters)
    for found in sheet.column_dimensions.values():
        if found.min and found.min <= number <= found.max and found.width:
            return float(found.width)
    return float(sheet.sheet_format.defaultColWidth or 8.43)


def text_width(text: str) -> int:
    """A text's width in digits of the usual font: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def answer(request: tuple[Any, ...]) -> tuple[Any, ...]:
    """Do what is asked; whatever breaks becomes an answer."""
    kind, data, rest = request
    try:
        return look(data, rest) if kind == "look" else write(data, rest)
    except (MemoryError, SystemError):  # the latter when memory ends within the interpreter
        return ("error", "parser-memory", "")
    except Exception as error:
        # What could be looked at is no broken file: then the fault is ours.
        code = "broken-content" if kind == "look" else "internal"
        return ("error", code, f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    limit_process(*map(int, sys.argv[1:4]))
    sys.path.extend(sys.argv[4:])
    reply = answer(marshal.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(marshal.dumps(reply))
