"""From an assessment to the fields of a summary table; and the demo office's own month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed, assess
from guatu.assessment.types import Content, FrozenFigure, RegionRow, Subject
from guatu.cli.main import main
from guatu.core.periods import PeriodKey, month_end, parse_period
from guatu.core.ratio import Ratio
from guatu.demo.arithmetic import expected
from guatu.demo.city import generate
from guatu.demo.load import load_demo
from guatu.demo.summary_table import last_month_table
from guatu.demo.types import City
from guatu.engines.rulebook import find_book
from guatu.engines.sheets.fill import Missing, Share
from guatu.engines.sheets.fill.tests.samples import needs_office, recalculated
from guatu.engines.sheets.fill.types import COUNT, GAP, RANK
from guatu.organisation.access import console_actor
from guatu.publishing.summary_table.figures import Words, scope_notices, summary_figures
from tests.factories import Cast

OCTOBER = parse_period("2026-10")


def subject(number: int, **changes: Any) -> Subject:
    """A project of 江北区 with 1 000 yuan planned and 800 done by October, 500 by September."""
    made = Subject(
        id=number, serial=number, code=None, name=f"项目{number}", region_id=1, region="江北区",
        unit_id=1, unit="市交通局", sector="交通", nature="continuing", is_appraised=True, parts=1,
        total_yuan=5_000, plan_yuan=1_000, slice_yuan=None, planned_start=None, actual_start=None,
        planned_completion=None, actual_completion=None, is_registered=None, judgements={},
        report_state="accepted", progress="主体施工", problem="",
        investment=[
            FrozenFigure(date(2025, 10, 31), 400, ""),
            FrozenFigure(date(2026, 9, 30), 500, ""),
            FrozenFigure(date(2026, 10, 31), 800, ""),
        ],
    )  # fmt: skip
    return replace(made, **changes)


def assessed(
    *subjects: Subject,
    conventions: Conventions | None = None,
    period: PeriodKey = OCTOBER,
    is_ranked: bool = False,
) -> Assessed:
    regions = [RegionRow(1, "江北区", "01", "district")]
    content = Content(
        "重点项目", 2026, period.key, period.as_of, period.as_of, 1, regions, list(subjects)
    )
    return assess(
        content, find_book("default"), conventions or Conventions(), by=GROUPINGS,
        is_ranked=is_ranked,
    )  # fmt: skip


def values(one: Subject, **options: Any) -> dict[str, Any]:
    period = options.pop("period", OCTOBER)
    words = options.pop("words", Words())
    made = summary_figures(assessed(one, period=period, **options), period, words)
    return dict(made.projects[0].values)


def test_the_month_is_the_difference_of_two_cumulative_figures() -> None:
    found = values(subject(1))
    assert found["本月完成投资"] == 300
    assert found["上年同期累计完成投资"] == 400
    assert found["年度计划完成率"] == Share(Ratio(800, 1_000), "80.0")
    gap = found[GAP]
    assert (gap.printed, gap.exact.as_fraction()) == ("-3.3", Ratio(-1, 30).as_fraction())


@pytest.mark.parametrize(("key", "day"), [("2026-01", 31), ("2026-01+02", 28)])
def test_the_first_period_of_a_year_has_nothing_before_it(key: str, day: int) -> None:
    period = parse_period(key)
    first = [FrozenFigure(date(2025, 12, 31), 900, ""), FrozenFigure(period.last_on, 70, "")]
    assert period.last_on.day == day
    assert values(subject(1, investment=first), period=period)["本月完成投资"] == 70


def test_without_last_month_s_figure_the_month_is_unknown() -> None:
    only = [FrozenFigure(month_end(2026, 10), 800, "")]
    found = values(subject(1, investment=only))
    assert found["本年累计完成投资"] == 800
    assert found["本月完成投资"] == Missing("上期没有数，算不出本期完成")
    assert found["上年同期累计完成投资"] == Missing("没有上年同期的数")


@pytest.mark.parametrize(
    ("state", "words", "why"),
    [
        ("", Words(), "本期未报"),
        ("", Words(waiting=frozenset({1})), "来件有疑问，待处理"),
        ("returned", Words(states={"returned": "已退回"}), "月报已退回，没有这个数"),
    ],
)
def test_what_is_missing_says_why(state: str, words: Words, why: str) -> None:
    silent = subject(1, investment=[], report_state=state, progress="")
    found = values(silent, words=words)
    for field in ("本年累计完成投资", "本月完成投资", "年度计划完成率", GAP):
        assert found[field] == Missing(why)
    assert found["形象进度"] == Missing("没有填形象进度" if state else why)
    assert found["存在问题"] is None


def test_a_new_project_is_not_asked_for_last_year() -> None:
    fresh = subject(1, nature="new", investment=[FrozenFigure(date(2026, 10, 31), 5, "")])
    assert values(fresh)["上年同期累计完成投资"] is None


def test_an_office_that_cuts_off_gets_what_it_prints() -> None:
    third = subject(1, plan_yuan=2_400, investment=[FrozenFigure(date(2026, 10, 31), 1_145, "")])
    share = values(third, conventions=Conventions(digits="0", rounding="truncate"))
    assert share["年度计划完成率"] == Share(Ratio(47, 100), "47")
    half = values(third, conventions=Conventions(digits="0"))
    assert half["年度计划完成率"] == Share(Ratio(1_145, 2_400), "48")
    rounded = values(third, conventions=Conventions(gap="rounded"))[GAP]
    assert rounded == Share(Ratio(-356, 1_000), "-35.6")


def test_later_starts_are_not_told_by_an_earlier_round() -> None:
    later = subject(1, actual_start=date(2026, 11, 2))
    assert values(later)["实际开工时间"] is None
    assert values(subject(1, actual_start=date(2026, 10, 2)))["实际开工时间"] == date(2026, 10, 2)


def test_sums_are_those_of_the_assessment() -> None:
    run = assessed(subject(1), subject(2, region="临江区"), subject(3, investment=[]))
    made = summary_figures(run, OCTOBER, Words())
    group = next(g for g in run.groups["region"] if g.key == "江北区").totals
    total = made.total_of([1, 3])
    assert total["本年累计完成投资"] == group.completed_yuan == 800
    assert total["年度计划投资"] == group.annual_plan_yuan == 2_000
    assert total["年度计划完成率"] == Share(Ratio(800, 2_000), "40.0")
    assert total[COUNT] == 2
    assert made.total_of([3])["本年累计完成投资"] == Missing("没有一个项目有数")
    assert made.total_of([])["本年累计完成投资"] == 0


def test_ranks_only_where_the_switch_gives_them() -> None:
    pair = (subject(1), subject(2, region="临江区", plan_yuan=2_000))
    off = summary_figures(assessed(*pair), OCTOBER, Words())
    on = summary_figures(assessed(*pair, is_ranked=True), OCTOBER, Words())
    assert off.total_of([1])[RANK] is None
    assert on.total_of([1])[RANK] == 1


def test_a_difference_of_scope_is_told() -> None:
    run = assessed(subject(1), subject(2, is_appraised=False))
    (notice,) = scope_notices(run)
    assert notice.what.startswith("1个项目不计入完成率（计划0.1万元、完成0.08万元）")
    assert scope_notices(assessed(subject(1))) == []


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


def _import_small(folder: Path) -> None:
    from guatu.engines.sheets.fill.tests.samples import simple

    head = ["序号", "项目名称", "所属地区", "责任单位", "建设性质", "总投资", "年度计划投资"]
    row = [1, "江北一号路", "江北区", "江北区发展改革局", "新建", 10_000, 6_000]
    simple(folder / "ledger.xlsx", [["2026年重点项目"], ["单位：万元"], head, row])
    report = ["序号", "项目名称", "本年累计完成投资", "形象进度"]
    for month, done in (("09", 4_000), ("10", 4_500.5)):
        rows = [["2026年重点项目"], ["单位：万元"], report, [1, "江北一号路", done, "主体施工"]]
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
        assert main(["import", "reports", file, "--period", key]) == 0
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
    assert told.err.count("没有数（") == sum("—" in str(line[6]) for line in page.rows[5:-1])


def _yuan(cell: object) -> int | None:
    return round(cell * 10_000) if isinstance(cell, int | float) else None
