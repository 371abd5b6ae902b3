"""Units that get their workbooks, fill them in and send them back, for the tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from guatu.reporting.models import Delivery, Round
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.tests.desk import IntakeDesk
from guatu.reporting.workbook.issuing import Made, workbooks_of
from guatu.reporting.workbook.layout import AT, COLUMNS, FIRST_LINE, SHEET
from tests.factories import UNIT


def made_for(the_round: Round, desk: IntakeDesk, unit: str = UNIT) -> Made:
    """The workbook of one unit."""
    [found] = workbooks_of(the_round, [desk.people.organisations[unit]])
    return found


def mended(content: bytes, mend: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook after somebody had it open in another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    mend(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def line_of(sheet: Worksheet, name: str) -> int:
    """The line of a project, as the user counts."""
    for line in range(FIRST_LINE + 1, sheet.max_row + 1):
        if sheet.cell(line, AT["name"] + 1).value == name:
            return line
    raise LookupError(name)


def put(sheet: Worksheet, name: str, **values: Any) -> None:
    """Type into cells of a project, by the keys of the columns."""
    line = line_of(sheet, name)
    for key, value in values.items():
        sheet.cell(line, AT[key] + 1).value = value


def filled(made: Made, **projects: dict[str, Any]) -> Upload:
    """The workbook filled in: the values by project and column."""

    def mend(book: openpyxl.Workbook) -> None:
        for name, values in projects.items():
            put(book[SHEET], name, **values)

    return Upload(made.name, mended(made.content, mend))


def told(delivery: Delivery) -> str:
    """What the desk says of the one file of a delivery."""
    return delivery.files.get().faults


def labels() -> list[str]:
    """The heads of the columns."""
    return [one.label for one in COLUMNS]
