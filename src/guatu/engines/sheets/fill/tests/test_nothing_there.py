"""Cells without a figure: no error, no wrong word, and nothing kept silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guatu.engines.sheets.fill import Missing, SummaryFigures
from guatu.engines.sheets.fill.formulas import divisors, minds_zero
from guatu.engines.sheets.fill.tests.samples import (
    PROJECTS,
    P,
    column_of,
    figures,
    filled,
    needs_office,
    page_of,
    recalculated,
    sectioned,
    simple,
)

TITLE = [["2026年1-9月"], ["单位：万元"]]
NAMES = [p.name for p in PROJECTS]


def without_plan(plan: int | None, *numbers: int) -> SummaryFigures:
    """The usual figures; the plan of some projects is 0, or is not known at all."""
    chosen: Iterable[P] = (
        replace(p, plan=0) if n in numbers else p for n, p in enumerate(PROJECTS)
    )
    made = figures(list(chosen))
    if plan == 0:
        return made
    unknown = {"年度计划投资": Missing("没有年度计划")}
    return replace(
        made,
        projects=tuple(
            replace(p, values={**p.values, **unknown}) if p.key in numbers else p
            for p in made.projects
        ),
    )


@needs_office
@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize("plan", [0, None])
def test_a_project_without_plan_shows_no_error(
    tmp_path: Path, plan: int | None, guarded: bool
) -> None:
    """The second project has no plan, and the second region has none at all."""
    template = sectioned(tmp_path / "last.xlsx", guarded=guarded)
    filled(template, without_plan(plan, 1, 2, 3), tmp_path / "out.xlsx")
    page = recalculated(tmp_path / "out.xlsx", tmp_path)[0]
    shown = {row: [page.cell(row - 1, column) for column in (7, 8)] for row in (8, 9, 10, 11, 12)}
    assert not page.broken
    assert shown[8][0] == pytest.approx(4_500.5 / 6_000)
    for row in (9, 10, 11, 12):
        assert shown[row] in (["", ""], [None, None]), row


@needs_office
def test_a_plan_that_the_office_computes_to_nothing(tmp_path: Path) -> None:
    head = ["序号", "项目名称", "总投资", "年度计划投资", "1-9月完成投资", "完成率"]
    rows = [
        [at, name, 100, f"=C{at + 3}*0", 5, f"=ROUND(E{at + 3}/(D{at + 3}*1)*100,1)"]
        for at, name in enumerate(NAMES, 1)
    ]
    template = simple(tmp_path / "last.xlsx", [*TITLE, head, *rows])
    filled(template, without_plan(0, 0, 1, 2, 3), tmp_path / "out.xlsx")
    page = recalculated(tmp_path / "out.xlsx", tmp_path)[0]
    assert not page.broken


def test_a_project_with_a_plan_keeps_its_own_formula(tmp_path: Path) -> None:
    filled(sectioned(tmp_path / "last.xlsx"), figures(), tmp_path / "out.xlsx")
    assert page_of(tmp_path / "out.xlsx")["H8"].value == "=G8/E8"


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=G8/E8", ["E"]),
        ("=G8/$E8*100", ["E"]),
        ("=ROUND(G8/E8*100,1)", ["E"]),
        ("=G8/(E8+F8)-H8", ["E", "F"]),
        ("=G8/SUM(E8:F8)+H8", ["E"]),
        ("=G8/E7", []),
        ("=G8/'9月'!E8", []),
        ("=G8*E8", []),
        ("=(I8-9/12)*100", []),
    ],
)
def test_what_a_formula_divides_by(formula: str, found: list[str]) -> None:
    assert list(divisors(formula, 8)) == found


@pytest.mark.parametrize(
    ("formula", "minds"),
    [
        ('=IF($E8=0,"",G8/$E8)', True),
        ('=IF(E8 > 0,G8/E8,"")', True),
        ('=IFERROR(G8/E8,"")', True),
        ('=IF(G8="","",G8/E8)', False),
        ('=IF(AE8=0,"",G8/E8)', False),
    ],
)
def test_a_formula_that_minds_zero_is_left_alone(formula: str, minds: bool) -> None:
    assert minds_zero(formula, "E8") is minds


def awaited(*numbers: int) -> SummaryFigures:
    """The usual figures; of some projects a row came in and waits."""
    made = figures([replace(p, done=None) if n in numbers else p for n, p in enumerate(PROJECTS)])
    wait = Missing("来件有疑问，待处理", is_awaited=True)
    return replace(
        made,
        projects=tuple(
            replace(
                p,
                values={k: wait if isinstance(v, Missing) else v for k, v in p.values.items()},
            )
            if p.key in numbers
            else p
            for p in made.projects
        ),
    )


def waiting_table(path: Path, first: list[Any], second: list[Any]) -> Path:
    head = ["序号", "项目名称", "年度计划投资", "1-9月完成投资", "完成率", "形象进度"]
    rows = [[at, name, 100, *(first if at == 1 else second)] for at, name in enumerate(NAMES, 1)]
    return simple(path, [*TITLE, head, *rows])


def test_a_row_that_waits_is_not_called_unreported(tmp_path: Path) -> None:
    template = waiting_table(tmp_path / "last.xlsx", ["—", "—", "本月未报"], [5, 0.5, "主体施工"])
    made = filled(template, awaited(1), tmp_path / "out.xlsx")
    page = page_of(tmp_path / "out.xlsx")
    assert [page.cell(5, c).value for c in (4, 5, 6)] == ["待核实"] * 3
    assert "未报" not in "".join(str(fault) for fault in made.unfilled)
    assert page["F4"].value == "主体施工"


@needs_office
def test_a_rate_beside_a_figure_that_waits_is_empty(tmp_path: Path) -> None:
    filled(sectioned(tmp_path / "last.xlsx"), awaited(0), tmp_path / "out.xlsx")
    page = recalculated(tmp_path / "out.xlsx", tmp_path)[0]
    assert page.cell(7, 6) == "待核实"
    assert not page.broken


def test_next_month_s_figures_take_the_place_of_the_sign(tmp_path: Path) -> None:
    signs = ["待核实"] * 3
    template = waiting_table(tmp_path / "last.xlsx", [5, 0.5, "主体施工"], signs)
    filled(template, figures(), tmp_path / "out.xlsx")
    assert column_of(tmp_path / "out.xlsx", "D", 4) == [4_500.5, 4_000, 6_000, 500]
    assert column_of(tmp_path / "out.xlsx", "E", 4) == pytest.approx(
        [4_500.5 / 6_000, 1, 0.75, 0.25]
    )


def test_a_kept_column_with_last_month_s_words_is_named(tmp_path: Path) -> None:
    words = ["领导批示", "用地面积（亩）", "备用"]
    head = ["序号", "项目名称", "1-9月完成投资", *words]
    rows = [[at, name, 5, "请加快" if at == 2 else None, 3] for at, name in enumerate(NAMES, 1)]
    template = simple(tmp_path / "last.xlsx", [*TITLE, head, *rows])
    made = filled(template, figures(), tmp_path / "out.xlsx")
    told = [f for f in made.notices if f.code == "column-kept"]
    assert [f.cell for f in told] == ["D3", "E3"]
    assert "“领导批示”列不认识，原样保留" in told[0].what
    assert page_of(tmp_path / "out.xlsx")["D5"].value == "请加快"


def test_cells_filled_and_emptied_are_told_apart(tmp_path: Path) -> None:
    template = waiting_table(tmp_path / "last.xlsx", [4, 0.4, "主体施工"], [5, 0.5, "主体施工"])
    made = filled(template, awaited(1), tmp_path / "out.xlsx")
    signs = [cell for cell in made.written if cell.value == "待核实"]
    assert len(signs) == 3
    assert not any(cell.is_filled for cell in signs)
