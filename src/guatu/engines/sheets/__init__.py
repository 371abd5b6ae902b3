"""Read messy workbooks safely, understand them, write good ones. Pure: no Django.

What a project, a report or a person *is* does not live here: this engine gives typed cells
with their places and doubts. The importing rooms (ledger, reporting) and publishing use it.
"""

from guatu.engines.sheets.errors import SheetsError
from guatu.engines.sheets.grid import (
    ASIDE,
    DEFAULT,
    Cell,
    Limits,
    Merge,
    Sheet,
    Workbook,
    cell_name,
)
from guatu.engines.sheets.mapping import ColumnMapping, MappedColumn, load_mapping
from guatu.engines.sheets.read import read_workbook, read_workbooks
from guatu.engines.sheets.subtotals import check_subtotals
from guatu.engines.sheets.table import header_signature, recognise
from guatu.engines.sheets.typed import RowReader
from guatu.engines.sheets.types import (
    Column,
    DateValue,
    Flag,
    FlagKind,
    Kind,
    Parsed,
    Precision,
    Row,
    RowKind,
    RowPlace,
    Table,
    Value,
    shown,
)
from guatu.engines.sheets.vocabulary import Vocabulary, load_vocabulary
from guatu.engines.sheets.write import new_workbook, safe_csv_cell

__all__ = [
    "ASIDE",
    "DEFAULT",
    "Cell",
    "Column",
    "ColumnMapping",
    "DateValue",
    "Flag",
    "FlagKind",
    "Kind",
    "Limits",
    "MappedColumn",
    "Merge",
    "Parsed",
    "Precision",
    "Row",
    "RowKind",
    "RowPlace",
    "RowReader",
    "Sheet",
    "SheetsError",
    "Table",
    "Value",
    "Vocabulary",
    "Workbook",
    "cell_name",
    "check_subtotals",
    "header_signature",
    "load_mapping",
    "load_vocabulary",
    "new_workbook",
    "read_workbook",
    "read_workbooks",
    "recognise",
    "safe_csv_cell",
    "shown",
]
