"""Reading the written files back, with a reader that shares nothing with the writer."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

from guatu.demo.faults import Planted, PlantedFault, PlantedFile
from guatu.demo.layouts.catalogue import LAYOUTS

UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
UNIT_OF = {layout.id: layout.unit for layout in LAYOUTS}


def grids(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet of a file as rows from A1; a csv has one sheet with an empty name."""
    if path.suffix == ".csv":
        text = path.read_bytes().decode("gb18030")
        return {"": list(csv.reader(io.StringIO(text)))}
    book = CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


class Forty:
    """The folder, what is planted in it, and the files' contents."""

    def __init__(self, folder: Path, planted: Planted) -> None:
        self.folder = folder
        self.planted = planted

    @cached_property
    def contents(self) -> dict[str, dict[str, list[list[Any]]]]:
        return {file.file: grids(self.folder / file.file) for file in self.planted.files}

    def value(self, file: str, sheet: str, cell: str) -> Any:
        row, column = coordinate_to_tuple(cell)
        lines = self.contents[file][sheet]
        return lines[row - 1][column - 1] if row <= len(lines) else ""

    def fault(self, code: str) -> PlantedFault:
        return self.faults(code)[0]

    def faults(self, code: str) -> list[PlantedFault]:
        return [fault for fault in self.planted.faults if fault.code == code]

    def at(self, fault: PlantedFault) -> Any:
        return self.value(fault.file, fault.sheet, fault.cell)

    def file(self, name: str) -> PlantedFile:
        return next(file for file in self.planted.files if file.file == name)


def yuan(value: object, unit: str) -> Decimal | None:
    """A money cell in yuan; None where it is no number."""
    if isinstance(value, int | float):
        return Decimal(repr(value)) * UNITS[unit]
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(亿元|万元|元)?", text)
    return Decimal(match[1]) * UNITS[match[2] or unit] if match else None


def squeezed(name: object) -> str:
    """A name without spaces and with narrow brackets, as any matcher compares it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(name)))
