"""Small templates as offices keep them, and figures to fill them with."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from guatu.core.periods import PeriodKey, months_progress, parse_period
from guatu.core.ratio import Ratio, difference, percent_text
from guatu.engines.sheets import Sheet, read_workbook
from guatu.engines.sheets.fill import (
    FieldValue,
    Filled,
    FillProject,
    Missing,
    Share,
    SummaryFigures,
    fill_template,
)
from guatu.engines.sheets.fill.types import COUNT, COUNT_UNPACKED, GAP, PROGRESS

WAN = 10_000
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="needs LibreOffice (soffice) to recalculate"
)


@dataclass(frozen=True, slots=True)
class P:
    """A project in 万元: plan, done this year, done before this month; None is no data."""

    name: str
    region: str
    plan: int
    done: float | None
    before: float | None = 0
    total: int = 10_000
    nature: str = "续建"
    code: str | None = None
    progress: str = "主体施工"
    problem: str | None = None
    sector: str = "交通"
    start: date | None = None
    other_names: tuple[str, ...] = ()
    parts: int = 1


PROJECTS = (
    P("江北一号路", "江北区", 6_000, 4_500.5, 4_000),
    P("江北二号路", "江北区", 4_000, 4_000, 3_000),
    P("临江水厂", "临江区", 8_000, 6_000, 5_000, sector="水利"),
    P("临江码头", "临江区", 2_000, 500, 400),
)
NEW = (
    P("江北三号路", "江北区", 1_000, 900, 0, nature="新建"),
    P("临江新桥", "临江区", 3_000, 1_234.5678, 234, nature="新建"),
    P("临江泵站", "临江区", 500, None, None, nature="新建"),
)


def figures(
    projects: Iterable[P] = PROJECTS,
    key: str = "2026-10",
    *,
    cut_off_on: date | None = None,
    other_names: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
) -> SummaryFigures:
    """The figures of a period from plain projects; sums are plain additions."""
    period = parse_period(key)
    listed = list(projects)
    made = tuple(_project(number, p, period) for number, p in enumerate(listed))

    def total_of(keys: Sequence[int]) -> dict[str, FieldValue]:
        chosen = [listed[key] for key in keys]
        done = [_yuan(p.done) for p in chosen if p.done is not None]
        plan = sum(_yuan(p.plan) for p in chosen)
        months = [_yuan(p.done) - _yuan(p.before) for p in chosen if _knows_month(p)]
        return {
            "总投资": sum(_yuan(p.total) for p in chosen),
            "年度计划投资": plan,
            "本年累计完成投资": sum(done) if done or not chosen else Missing("没有一个项目有数"),
            "本月完成投资": sum(months),
            **_shares(sum(done), plan, period),
            COUNT: len(chosen),
            COUNT_UNPACKED: sum(p.parts for p in chosen),
        }

    return SummaryFigures(
        period, cut_off_on or period.last_on, made, total_of,
        months_progress(period), other_names or {},
    )  # fmt: skip


def _knows_month(p: P) -> bool:
    return p.done is not None and p.before is not None


def _yuan(wan: float | None) -> int:
    return round((wan or 0) * WAN)


def _project(number: int, p: P, period: PeriodKey) -> FillProject:
    missing = Missing("本期未报")
    done: FieldValue = missing if p.done is None else _yuan(p.done)
    month: FieldValue = _yuan(p.done) - _yuan(p.before) if _knows_month(p) else missing
    shares: dict[str, FieldValue] = (
        {"年度计划完成率": missing, GAP: missing}
        if p.done is None
        else _shares(_yuan(p.done), _yuan(p.plan), period)
    )
    return FillProject(
        number,
        p.name,
        p.code,
        p.other_names,
        {"region": p.region, "nature": p.nature, "sector": p.sector, "unit": "市交通局"},
        {
            "总投资": _yuan(p.total),
            "年度计划投资": _yuan(p.plan),
            "本年累计完成投资": done,
            "本月完成投资": month,
            **shares,
            "形象进度": missing if p.done is None else p.progress,
            "存在问题": p.problem,
            "实际开工时间": p.start,
        },
        {"项目名称": p.name, "项目代码": p.code, "所属地区": p.region, "责任单位": "市交通局"},
        p.parts,
    )


def _shares(done: int, plan: int, period: PeriodKey) -> dict[str, FieldValue]:
    if not plan:
        return {"年度计划完成率": None, GAP: None}
    rate, progress = Ratio(done, plan), months_progress(period)
    gap = difference(rate, progress)
    return {
        "年度计划完成率": Share(rate, percent_text(*rate, 1)),
        GAP: Share(gap, percent_text(*gap, 1)),
        PROGRESS: Share(progress, percent_text(*progress, 1)),
    }


HEADS = ("序号", "项目名称", "责任单位", "总投资", "年度计划投资", "9月完成", "1—9月累计完成",
         "完成率", "与时间进度差（百分点）", "形象进度")  # fmt: skip


def sectioned(path: Path, *, sheet: str = "9月", guarded: bool = False) -> Path:
    """Three head rows, regions with SUM over their projects, rates by formula, a wide note.

    Row 6 is the city, 7 and 10 are regions; formats by condition, a validation, a name, a
    second sheet that points at the sums, page set-up.
    """
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    other = book.add_worksheet("首页")
    grid = {"border": 1, "text_wrap": True}
    text, money = book.add_format(grid), book.add_format(grid | {"num_format": "#,##0.00"})
    percent = book.add_format(grid | {"num_format": "0.0%"})
    bold = book.add_format(grid | {"bold": True, "num_format": "#,##0.00", "bg_color": "#EEEEEE"})
    page.set_column("B:J", 24)
    page.merge_range("A1:J1", "示例市2026年重点项目推进情况表", text)
    page.merge_range("A2:D2", "截至2026年9月30日", text)
    page.merge_range("E2:J2", "单位：万元", text)
    for column in (0, 1, 2, 3, 4, 7, 8, 9):
        page.merge_range(2, column, 4, column, HEADS[column], text)
    page.merge_range("F3:G4", "完成投资", text)
    page.write("F5", HEADS[5], text)
    page.write("G5", HEADS[6], text)
    rows = (("一、", "江北区（2个）", 7, PROJECTS[:2]), ("二、", "临江区（2个）", 10, PROJECTS[2:]))
    page.write_row("A6", ["", "全市合计（4个）", ""], bold)
    for index, letter in enumerate("DEFG"):
        total = sum(_old(p)[index] for p in PROJECTS)
        page.write_formula(f"{letter}6", f"=SUM({letter}7,{letter}10)", bold, total)
    for number, label, row, projects in rows:
        page.write_row(row - 1, 0, [number, label, ""], bold)
        for index, letter in enumerate("DEFG"):
            total = sum(_old(p)[index] for p in projects)
            formula = f"=SUM({letter}{row + 1}:{letter}{row + 2})"
            page.write_formula(f"{letter}{row}", formula, bold, total)
        for serial, p in enumerate(projects, 1):
            at = row + serial
            page.set_row(at - 1, 18)
            page.write_row(at - 1, 0, [serial, p.name, "市交通局"], text)
            page.write_row(at - 1, 3, _old(p), money)
            page.write(at - 1, 9, "上月的进度", text)
    for at in (6, 7, 8, 9, 10, 11, 12):
        rate = f'=IF(G{at}="","",G{at}/E{at})' if guarded else f"=G{at}/E{at}"
        page.write_formula(f"H{at}", rate, percent, 0.5)
        page.write_formula(f"I{at}", f"=(H{at}-9/12)*100", money, -25)
    page.merge_range("A13:J13", "注：1.数据由各单位报送；2.截至9月30日。", text)
    red = book.add_format({"font_color": "#C00000"})
    page.conditional_format(
        "I6:I12", {"type": "cell", "criteria": "<", "value": -10, "format": red}
    )
    page.data_validation("C8:C12", {"validate": "list", "source": ["市交通局", "市水利局"]})
    page.print_area("A1:J13")
    page.repeat_rows(2, 4)
    page.freeze_panes(5, 2)
    page.set_footer("&C2026年9月 第&P页")
    book.define_name("临江合计", f"='{sheet}'!$G$10")
    other.write_formula("A1", f"='{sheet}'!G6", None, 1)
    other.write_formula("A2", "=SUM('" + sheet + "'!G11:G12)", None, 1)
    other.write_formula("A3", "=临江合计", None, 1)
    book.close()
    return path


def _old(p: P) -> list[float]:
    return [p.total, p.plan, 100, p.before or 0]


def simple(path: Path, rows: Sequence[Any], *, merges: Sequence[str] = ()) -> Path:
    """A workbook of typed values; texts that begin with `=` are formulas with the value 1."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("汇总表")
    merged = {ref.split(":")[0]: ref for ref in merges}
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            cell = f"{chr(65 + column)}{row + 1}"
            if cell in merged:
                page.merge_range(merged[cell], value)
            elif isinstance(value, str) and value.startswith("="):
                page.write_formula(row, column, value, None, 1)
            elif value is not None:
                page.write(row, column, value)
    book.close()
    return path


def filled(template: Path, wanted: SummaryFigures, out: Path) -> Filled:
    """Fill, and keep the result as a file."""
    made = fill_template(template, wanted)
    out.write_bytes(made.content)
    return made


def page_of(path: Path, number: int = 0) -> Any:
    """A sheet with its formulas, by openpyxl."""
    return load_workbook(path).worksheets[number]


def column_of(path: Path, letter: str, first: int = 1) -> list[Any]:
    """A column's values from a row on."""
    page = page_of(path)
    return [page[f"{letter}{row}"].value for row in range(first, page.max_row + 1)]


def recalculated(path: Path, folder: Path) -> list[Sheet]:
    """The sheets of a workbook with every formula computed by LibreOffice."""
    out = folder / "recalculated"
    out.mkdir(exist_ok=True)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return list(read_workbook(out / path.name).sheets)


def with_regions(*regions: str) -> tuple[P, ...]:
    """The usual projects, moved."""
    return tuple(replace(p, region=r) for p, r in zip(PROJECTS, regions, strict=True))


HEAD = ["序号", "项目名称", "总投资", "年度计划投资", "1-9月完成投资", "完成率"]
NAMES = [p.name for p in PROJECTS]


def rows_of(*columns: Any, serials: Any = (1, 2, 3, 4)) -> list[list[Any]]:
    return [
        [
            serials[i],
            name,
            *(column[i] if isinstance(column, list) else column for column in columns),
        ]
        for i, name in enumerate(NAMES)
    ]


def flat(path: Path, *extra: list[Any], unit: str = "单位：万元", rate: Any = 0.5) -> Path:
    head = [["2026年重点项目一览表（1-9月）"], [unit], HEAD]
    body = rows_of(10_000, 5_000, 2_500, rate)
    return simple(path, [*head, *body, *extra])
