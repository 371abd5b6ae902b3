"""Small list and report tables for the rooms' tests, and how many rows the database holds.

Text tables are read without a child process, so that a test costs milliseconds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from guatu.core.errors import Fault
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell, new_workbook
from guatu.journal.types import Actor
from guatu.planning.services import ListTaken, TakeInList, take_in_list
from guatu.reporting.services.intake import ReportsTaken, TakeInReports, take_in_reports
from tests.factories import UNIT

LIST_HEAD = (
    "项目名称", "项目代码", "所属地区", "责任单位", "行业领域", "建设性质", "总投资（万元）",
    "年度计划投资（万元）", "计划开工时间",
)  # fmt: skip
REPORT_HEAD = ("项目名称", "项目代码", "本年累计完成投资（万元）")

type Row = Sequence[Cell]


def put_table(path: Path, *rows: Row) -> Path:
    """Write rows as a text table."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


def put_workbook(path: Path, *rows: Row) -> Path:
    """Write rows as a real workbook."""
    book = new_workbook(path)
    sheet = book.add_worksheet("表一")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in ("", None):
                sheet.write(number, column, cell)
    book.close()
    return path


def project_row(name: str, code: str = "", /, **cells: Cell) -> dict[str, Cell]:
    """A line of a list with everything that a project usually has; `cells` change it."""
    return {
        "项目名称": name,
        "项目代码": code,
        "所属地区": "江北区",
        "责任单位": UNIT,
        "行业领域": "工业",
        "建设性质": "新建",
        "总投资（万元）": "50000",
        "年度计划投资（万元）": "12000",
        "计划开工时间": "2026年3月",
        **cells,
    }


def put_list(path: Path, *lines: Mapping[str, Cell]) -> Path:
    """Write a list; columns beyond the usual ones come from the lines."""
    return put_lines(path, LIST_HEAD, lines)


def put_report(path: Path, *lines: Mapping[str, Cell]) -> Path:
    """Write a report; columns beyond the usual ones come from the lines."""
    return put_lines(path, REPORT_HEAD, lines)


def put_lines(path: Path, head: Sequence[str], lines: Sequence[Mapping[str, Cell]]) -> Path:
    """Write lines under a head that names every column any of them has."""
    columns = list(dict.fromkeys([*head, *(key for line in lines for key in line)]))
    return put_table(path, columns, *([line.get(c, "") for c in columns] for line in lines))


def report_line(name: str, wan: Cell, code: str = "", /, **cells: Cell) -> dict[str, Cell]:
    """A line of a report: this year's cumulative investment in 万元."""
    return {"项目名称": name, "项目代码": code, "本年累计完成投资（万元）": wan, **cells}


def take_list(actor: Actor, *paths: Path, year: int = 2026, **options: Any) -> ListTaken:
    """Take a list in, new names allowed."""
    command = {"creates_missing": True, **options}
    return take_in_list(actor, paths, TakeInList(year=year, **command))


def take_reports(
    actor: Actor, *paths: Path, period: str = "2026-09", **options: Any
) -> ReportsTaken:
    """Take reports of a period in."""
    command = TakeInReports(period=parse_period(period), **options)
    return take_in_reports(actor, paths, command)


def codes(faults: Sequence[Fault]) -> list[str]:
    """What is wrong, by code."""
    return [fault.code for fault in faults]


def row_counts() -> dict[str, int]:
    """How many rows each table has: two equal ones mean that nothing was added."""
    tables = [model._meta.db_table for model in apps.get_models()]
    counts = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return dict(cursor.fetchall())
