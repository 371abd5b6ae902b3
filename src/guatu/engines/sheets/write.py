"""What everybody who writes a table needs: no cell of ours may become a formula or a link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import xlsxwriter

_RISKY = "=+-@\t\r＝＋－＠"
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?%?")


def safe_csv_cell(value: object) -> str:
    """A cell for a CSV file that no spreadsheet will run (documents.md §2.4 c).

    Text whose first character after spaces is one of = + - @ tab return, or its full-width
    form, gets a leading `'`; true numbers such as -3.5 stay numbers. Write such files as
    UTF-8 with a byte order mark.
    """
    text = "" if value is None else str(value)
    first = text.lstrip(" \u3000\n")[:1]
    if first and first in _RISKY and not _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def new_workbook(path: Path, *, constant_memory: bool = False) -> Any:
    """A new xlsxwriter workbook in which text stays text, even =1+1 and http://….

    `constant_memory` is for raw exports of many thousand rows; such sheets are written row by
    row and cannot merge upwards. The caller closes it.
    """
    return xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": constant_memory,
        },
    )
