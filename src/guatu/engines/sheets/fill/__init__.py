"""Fill the office's own summary table: last month's workbook is the template (M-I2, office.md 3).

Not here: what the figures are (publishing) and reading what units send (the rest of `sheets`).
openpyxl opens and writes the file in a process of its own, behind the same guard and limits.
"""

from guatu.engines.sheets.fill.computing import Computing
from guatu.engines.sheets.fill.fill import (
    cells_of,
    fill_template,
    fill_workbook,
    letters,
    read_bytes,
    template_columns,
)
from guatu.engines.sheets.fill.types import (
    AddedRow,
    FieldValue,
    Filled,
    FillProject,
    Missing,
    RoughDay,
    Share,
    SummaryFigures,
    TemplateColumn,
    TemplateColumns,
    WrittenCell,
)

__all__ = [
    "AddedRow",
    "Computing",
    "FieldValue",
    "FillProject",
    "Filled",
    "Missing",
    "RoughDay",
    "Share",
    "SummaryFigures",
    "TemplateColumn",
    "TemplateColumns",
    "WrittenCell",
    "cells_of",
    "fill_template",
    "fill_workbook",
    "letters",
    "read_bytes",
    "template_columns",
]
