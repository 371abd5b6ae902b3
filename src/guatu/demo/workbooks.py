"""Clean workbooks: the official ledger of a year, and a closed month as the office keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from guatu.demo.city import OPEN_PERIOD
from guatu.demo.layouts.sheet import Book, Sheet, Value
from guatu.demo.layouts.spelling import amount
from guatu.demo.layouts.writers import write
from guatu.demo.names import MARK, NOTE
from guatu.demo.types import City, Day, Entry, Precision, Project, Report

LEDGER_HEADS = (
    ("序号", 6), ("项目名称", 40), ("项目代码", 28), ("所属地区", 20), ("责任单位", 26),
    ("业主单位", 26), ("行业领域", 12), ("建设性质", 9), ("是否打包", 9), ("所属打包项目", 34),
    ("子项目数", 9), ("总投资", 12), ("年度计划投资", 13), ("计划开工时间", 13),
    ("实际开工时间", 13), ("计划竣工时间", 13), ("实际竣工时间", 13), ("形象进度", 34),
    ("存在问题", 34), ("包联领导", 18),
)  # fmt: skip
REPORT_HEADS = (
    ("序号", 6), ("项目名称", 40), ("项目代码", 28), ("所属地区", 20), ("责任单位", 26),
    ("年度计划投资", 13), ("本年累计完成投资", 16), ("上年同期累计完成投资", 18),
    ("实际开工时间", 13), ("实际竣工时间", 13), ("形象进度", 34), ("存在问题", 34), ("备注", 24),
)  # fmt: skip


def history(city: City, *, include_open: bool = False) -> Iterator[tuple[str, tuple[Report, ...]]]:
    """The closed periods in order with their reports; the open one's truth only when asked."""
    for period in city.closed_periods:
        yield period, city.reports_of(period)
    if include_open:
        yield OPEN_PERIOD, city.reports_of(OPEN_PERIOD)


def known_until(year: int) -> date:
    """The last day whose starts and completions the ledger of a year holds."""
    return date(2026, 9, 30) if year == 2026 else date(year, 12, 31)


def ledger_workbook(city: City, year: int, path: Path) -> None:
    """The year's official ledger in 万元, one head row on row 3, sub-projects behind packages.

    Dates that are real are those known when the last closed round of that year was locked.
    """
    until = known_until(year)
    last = max(period for period in city.closed_periods if period.startswith(str(year)))
    rows = [_ledger_row(city, entry, until, last) for entry in city.entries_of(year)]
    _write(f"{city.name}{MARK}{year}年市级重点项目清单", LEDGER_HEADS, rows, path)


def report_workbook(city: City, period: str, path: Path) -> None:
    """One period's true reports in 万元. A project that did not report has no row."""
    year = int(period[:4])
    reports = {report.project: report for report in city.reports_of(period)}
    rows = [
        _report_row(city, entry, reports[entry.project])
        for entry in city.entries_of(year)
        if entry.project in reports
    ]
    month = int(period[-2:])
    title = f"{city.name}{MARK}{year}年重点项目进展情况表（截至{month}月底）"
    _write(title, REPORT_HEADS, rows, path)


def _write(
    title: str, heads: tuple[tuple[str, int], ...], rows: list[list[Value]], path: Path
) -> None:
    sheet = Sheet("清单")
    last = len(heads) - 1
    for row, (text, style) in enumerate(((title, "title"), ("单位：万元", "right"))):
        sheet.put(row, 0, text, style)
        sheet.merge(row, 0, row, last)
    for column, (head, width) in enumerate(heads):
        sheet.put(2, column, head, "head")
        sheet.widths[column] = width
    for number, values in enumerate(rows, 1):
        for column, value in enumerate((number, *values)):
            sheet.put(2 + number, column, value, _style(value))
    sheet.put(3 + len(rows), 0, f"注：{NOTE}。", "line")
    sheet.merge(3 + len(rows), 0, 3 + len(rows), last)
    write(Book([sheet]), path)


def _style(value: Value) -> str:
    if isinstance(value, date):
        return "date"
    return "number" if isinstance(value, int | float) else "text"


def _wan(yuan: int) -> Value:
    value = amount(yuan, "万元")
    return int(value) if value == int(value) else float(value)


def _day(day: Day | None, until: date | None = None) -> Value:
    if day is None or (until is not None and day.on > until):
        return None
    if day.precision is Precision.MONTH:
        return f"{day.on.year}年{day.on.month}月"
    return day.on


def _ledger_row(city: City, entry: Entry, until: date, last: str) -> list[Value]:
    project = city.project[entry.project]
    report = city.report.get((last, project.key))
    package = city.project[project.package].name if project.package else None
    parts = project.declared_parts or len(city.parts.get(project.key, ())) or None
    return [
        *_identity(city, project), project.owner, city.sector[project.sector].name,
        entry.nature.value, "是" if project.is_package else "否", package, parts,
        None if project.package else _wan(project.total_yuan),
        None if project.package else _wan(entry.plan_yuan),
        _day(entry.planned_start), _day(project.actual_start, until),
        _day(entry.planned_completion), _day(project.actual_completion, until),
        report.progress if report else None, _problems(report), project.leader,
    ]  # fmt: skip


def _identity(city: City, project: Project) -> list[Value]:
    lead = city.organisation[project.lead].name
    return [project.name, project.code, city.region[project.region].name, lead]


def _problems(report: Report | None) -> str | None:
    return "；".join(problem.text for problem in report.problems) if report else None


def _report_row(city: City, entry: Entry, report: Report) -> list[Value]:
    project = city.project[entry.project]
    return [
        *_identity(city, project),
        None if project.package else _wan(entry.plan_yuan),
        None if report.completed_yuan is None else _wan(report.completed_yuan),
        None if report.last_year_yuan is None else _wan(report.last_year_yuan),
        _day(report.actual_start), _day(report.actual_completion),
        report.progress, _problems(report), report.reason or None,
    ]  # fmt: skip
