"""The list and the report of some projects as workbooks, in 元, 万元 or 亿元."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zlib import crc32

from guatu.core.yuan import UNITS
from guatu.engines.sheets import new_workbook
from tests.published.projects import Project

Cells = Sequence[str | int | float | None]

LEDGER_HEAD = (
    "序号", "项目名称", "所属地区", "责任单位", "行业领域", "建设性质", "是否打包", "子项目数",
    "年度计划投资", "计划开工时间",
)  # fmt: skip
REPORT_HEAD = (
    "序号", "项目名称", "所属地区", "本年累计完成投资", "上年同期累计完成投资", "实际开工时间",
)  # fmt: skip


def unit_of(key: str) -> str:
    """The unit a list is written in, always the same for one key."""
    return ("万元", "亿元", "元")[crc32(key.encode()) % 3]


def write_ledger(path: Path, projects: Sequence[Project], title: str, year: int) -> Path:
    """A year's list."""
    unit = unit_of(title)
    rows: list[Cells] = [
        (
            n,
            one.name,
            one.region,
            one.unit,
            one.sector,
            one.nature,
            "是" if one.parts > 1 else "否",
            one.parts if one.parts > 1 else None,
            _amount(one.plan, unit),
            _day(one.planned_start),
        )
        for n, one in enumerate(projects, start=1)
    ]
    return _write(path, f"{year}年度{title}计划表", f"单位：{unit}", LEDGER_HEAD, rows)


def write_reports(folder: Path, projects: Sequence[Project], title: str, as_of: date) -> list[Path]:
    """The reports of a list as if two units had sent them: one a workbook, the other a csv."""
    unit = unit_of(title[::-1])
    half = (len(projects) + 1) // 2
    paths = []
    for name, share in (("来表1.xlsx", projects[:half]), ("来表2.csv", projects[half:])):
        rows: list[Cells] = [
            (
                n,
                one.name,
                one.region,
                _amount(one.done, unit),
                _amount(one.last_year, unit),
                _day(one.actual_start),
            )
            for n, one in enumerate(share, start=1)
        ]
        if rows:
            line = f"截至{as_of.year}年{as_of.month}月{as_of.day}日，单位：{unit}"
            path = folder / f"{title}{name}"
            paths.append(_write(path, f"{title}进展情况表", line, REPORT_HEAD, rows))
    return paths


def _amount(yuan: int | None, unit: str) -> float | int | None:
    return None if yuan is None else yuan / UNITS[unit] if unit != "元" else yuan


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _write(path: Path, title: str, line: str, head: Cells, rows: Sequence[Cells]) -> Path:
    lines: list[Cells] = [(title,), (line,), head, *rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as stream:
            csv.writer(stream).writerows(lines)
        return path
    book = new_workbook(path)
    sheet = book.add_worksheet("Sheet1")
    for n, row in enumerate(lines):
        sheet.write_row(n, 0, row)
    book.close()
    return path
