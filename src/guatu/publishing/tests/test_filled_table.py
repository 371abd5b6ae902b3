"""The office's own table filled from a locked round; the demo office's own month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.cli.main import main
from guatu.core.periods import parse_period
from guatu.demo.arithmetic import expected
from guatu.demo.city import generate
from guatu.demo.load import load_demo
from guatu.demo.summary_table import last_month_table
from guatu.demo.types import City
from guatu.engines.sheets.fill.tests.samples import column_of, needs_office, recalculated, simple
from guatu.files.models import Import
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.queries import find_list
from guatu.organisation.access import console_actor
from guatu.publishing.queries import table_words
from guatu.publishing.services.table import HandedInTemplate, fill_summary_table
from guatu.publishing.tests.samples import OCTOBER
from guatu.reporting.models import IntakeQuestion, Period
from tests.factories import Cast


@pytest.mark.django_db
def test_who_may_not_issue_papers_gets_no_table(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import_small(tmp_path)
    arguments = ["table", "2026-10", "--template", str(tmp_path / "last.xlsx")]
    arguments += ["-o", str(tmp_path / "out.xlsx")]
    assert main([*arguments]) == 2
    assert "还没有锁定" in capsys.readouterr().err
    assert main(["close", "2026-10"]) == 0
    assert main([*arguments, "--as", "viewer"]) == 2
    assert "没有这项权限" in capsys.readouterr().err
    assert not (tmp_path / "out.xlsx").exists()
    assert main([*arguments, "--as", "office"]) == 0
    assert (tmp_path / "out.xlsx").exists()
    missing = ["table", "2026-10", "--template", str(tmp_path / "none.xlsx")]
    assert main([*missing, "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "表样打不开" in capsys.readouterr().err
    assert main([*arguments[:-1], str(tmp_path / "no" / "x.xlsx")]) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("people")
def test_the_template_itself_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import_small(tmp_path)
    assert main(["close", "2026-10"]) == 0
    template, link = tmp_path / "last.xlsx", tmp_path / "link.xlsx"
    link.symlink_to(template)
    before = template.read_bytes()
    for output in (template, tmp_path / "." / "last.xlsx", link):
        assert main(["table", "2026-10", "--template", str(template), "-o", str(output)]) == 2
        assert "输出文件就是表样“last.xlsx”" in capsys.readouterr().err
    assert template.read_bytes() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("people")
def test_the_summary_counts_what_a_clerk_can_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _import_small(tmp_path)
    assert main(["close", "2026-10"]) == 0
    capsys.readouterr()
    arguments = ["table", "2026-10", "--template", str(tmp_path / "last.xlsx")]
    assert main([*arguments, "-o", str(tmp_path / "out.xlsx")]) == 0
    said = capsys.readouterr().out
    assert "填入3格，其中3格与表样不同；另有0格本期没有数，" in said
    assert "0条情况要人工补填或核对。" in said
    template = HandedInTemplate("last.xlsx", (tmp_path / "last.xlsx").read_bytes())
    made = fill_summary_table(console_actor(), find_list(2026, None), OCTOBER, template)
    assert (made.filled, made.changed, made.emptied) == (3, 3, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "october",
    [{"october": "约4500"}, {"again": 4_600}, {"unit": ""}],
    ids=["a doubtful cell", "a row twice", "no unit"],
)
def test_a_row_that_waits_is_in_the_table_as_waiting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], october: dict[str, Any]
) -> None:
    """October's row came in, and waits for an answer."""
    _import_small(tmp_path, **october)
    assert main(["close", "2026-10"]) == 0
    capsys.readouterr()
    arguments = ["table", "2026-10", "--template", str(tmp_path / "last.xlsx")]
    assert main([*arguments, "-o", str(tmp_path / "out.xlsx")]) == 3
    told = capsys.readouterr()
    assert "填入0格，其中0格与表样不同；另有3格本期没有数，" in told.out
    assert "1条情况要人工补填或核对，逐条列在后面。" in told.out
    assert "来件有疑问，待处理" in told.err
    assert "未报" not in told.err
    assert column_of(tmp_path / "out.xlsx", "D", 4) == ["待核实"]


@pytest.mark.django_db
@pytest.mark.usefixtures("people")
def test_what_waits_is_of_this_list_and_period(tmp_path: Path) -> None:
    _import_small(tmp_path)
    listing = find_list(2026, None)
    project = ListEntry.objects.get(list=listing).project
    imported, period = Import.objects.order_by("-pk")[0], Period.objects.get(key="2026-10")
    IntakeQuestion.objects.create(
        imported=imported, period=period, project=project, sheet="表", row_no=4,
        code="duplicate-row", question="两行", is_waiting=True,
    )  # fmt: skip
    assert table_words(listing, OCTOBER).waiting == {project.pk}
    assert table_words(listing, parse_period("2026-09")).waiting == frozenset()
    assert table_words(ProjectList(pk=0), OCTOBER).waiting == frozenset()


def _import_small(
    folder: Path, *, october: object = 4_500.5, again: object = None, unit: str = "单位：万元"
) -> None:
    """A project with two months' reports; October's as it is asked for."""
    head = ["序号", "项目名称", "所属地区", "责任单位", "建设性质", "总投资", "年度计划投资"]
    row = [1, "江北一号路", "江北区", "江北区发展改革局", "新建", 10_000, 6_000]
    simple(folder / "ledger.xlsx", [["2026年重点项目"], ["单位：万元"], head, row])
    report = ["序号", "项目名称", "本年累计完成投资", "形象进度"]
    for month, done in (("09", 4_000), ("10", october)):
        rows: list[list[Any]] = [
            ["2026年重点项目"],
            [unit if month == "10" else "单位：万元"],
            report,
        ]
        rows += [[1, "江北一号路", done, "主体施工"]]
        if again and month == "10":
            rows.append([2, "江北一号路", again, "主体施工"])
        simple(folder / f"{month}.xlsx", rows)
    simple(
        folder / "last.xlsx",
        [["2026年重点项目（1-9月）"], ["单位：万元"],
         ["序号", "项目名称", "9月完成", "1-9月累计完成", "完成率"],
         [1, "江北一号路", 5, 5, "0.1%"]],
    )  # fmt: skip
    assert main(["import", "ledger", str(folder / "ledger.xlsx"), "--year", "2026"]) == 0
    for key in ("2026-09", "2026-10"):
        file = str(folder / f"{key[-2:]}.xlsx")
        assert main(["import", "reports", file, "--period", key]) in (0, 3)
        if key == "2026-09":
            assert main(["close", key]) == 0


@pytest.fixture(scope="module")
def city() -> City:
    return generate()


@needs_office
@pytest.mark.django_db
def test_the_demo_office_s_month(
    city: City,
    tmp_path: Path,
    today: Callable[[date], None],
    capsys: pytest.CaptureFixture[str],
    say: Callable[[str], None],
) -> None:
    """Forty files in, the mayor's table out: every sum is the generator's own.

    The template lacks every fiftieth project, as after an adjustment of the list.
    """
    today(date(2026, 10, 31))
    absent = list(city.listed(2026))[7::50]
    last_month_table(
        replace(city, entries=tuple(e for e in city.entries if e not in absent)),
        tmp_path / "last.xlsx",
    )
    planted = load_demo(console_actor(), tmp_path / "demo", lambda _: None, rounds=("2026-09",))
    folder = tmp_path / "demo" / "2026-10月报"
    files = [str(folder / file.file) for file in planted.files]
    assert main(["import", "reports", *files, "--period", "2026-10"]) == 3
    assert main(["close", "2026-10"]) == 0
    capsys.readouterr()
    arguments = ["table", "2026-10", "--template", str(tmp_path / "last.xlsx")]
    assert main([*arguments, "-o", str(tmp_path / "out.xlsx")]) == 3
    told = capsys.readouterr()
    assert f"新增{len(absent)}行" in told.out
    (page,) = recalculated(tmp_path / "out.xlsx", tmp_path)
    wanted = expected(city, planted)
    rows = {str(line[1]).split("（")[0]: line for line in page.rows if line[1]}
    checked = [("全市合计", wanted["total"])]
    checked += [(group["key"], group) for group in wanted["groups"]["region"]]
    checked += [(project["name"], project) for project in wanted["projects"]]
    named = {str(line[1]): line for line in page.rows}
    for name, figures in checked:
        line: list[Any] = named.get(name) or rows[name]
        assert _yuan(line[5]) == figures["annual_plan_yuan"], name
        assert _yuan(line[7]) == figures["completed_yuan"], name
        if figures["completion_rate"] is not None:
            assert f"{line[8] * 100 + 1e-9:.1f}" == figures["completion_rate"], name
            assert line[9] == pytest.approx(float(figures["gap_to_time_progress"]), abs=0.0501)
        else:
            assert line[8] in ("", None), name
    say(f"summary table: {len(checked)} of {len(checked)} lines equal the generator's own sums")
    assert told.err.count("没有数（") == sum(
        str(line[6]) in ("—", "待核实") for line in page.rows[5:-1]
    )


def _yuan(cell: object) -> int | None:
    return round(cell * 10_000) if isinstance(cell, int | float) else None
