"""From an assessment to the fields of a summary table; and the demo office's own month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.conventions import Conventions
from guatu.assessment.types import FrozenFigure, Subject
from guatu.cli.main import main
from guatu.core.periods import month_end, parse_period
from guatu.core.ratio import Ratio
from guatu.demo.arithmetic import expected
from guatu.demo.city import generate
from guatu.demo.load import load_demo
from guatu.demo.summary_table import last_month_table
from guatu.demo.types import City
from guatu.engines.sheets.fill import Missing, Share, fill_template
from guatu.engines.sheets.fill.remark import with_remark
from guatu.engines.sheets.fill.tests.samples import column_of, needs_office, recalculated, simple
from guatu.engines.sheets.fill.types import COUNT, GAP, RANK
from guatu.files.models import Import
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.queries import find_list
from guatu.organisation.access import console_actor
from guatu.publishing.queries import table_words
from guatu.publishing.services.table import HandedInTemplate, fill_summary_table
from guatu.publishing.summary_table.figures import Words, scope_notices, summary_figures
from guatu.publishing.tests.samples import OCTOBER, assessed, subject
from guatu.reporting.models import IntakeQuestion, Period
from tests.factories import Cast


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
        ("questioned", Words(waiting=frozenset({1})), "来件有疑问，待处理"),
        ("returned", Words(states={"returned": "已退回"}), "月报已退回，没有这个数"),
    ],
)
def test_what_is_missing_says_why(state: str, words: Words, why: str) -> None:
    silent = subject(1, investment=[], report_state=state, progress="")
    found = values(silent, words=words)
    for field in ("本年累计完成投资", "本月完成投资", "年度计划完成率", GAP):
        assert found[field] == Missing(why, is_awaited=1 in words.waiting)
    progress = Missing("没有填形象进度") if state == "returned" else found["本年累计完成投资"]
    assert found["形象进度"] == progress
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


def test_a_sum_row_s_rate_is_that_of_its_own_plan_and_done() -> None:
    """Two projects, one of which is not appraised, or has no plan: done is 1 600 either way."""
    for other, plan in (
        ({"is_appraised": False, "plan_yuan": 3_000}, 4_000),
        ({"plan_yuan": None}, 1_000),
    ):
        run = assessed(subject(1), subject(2, **other), is_ranked=True)
        row = summary_figures(run, OCTOBER, Words()).total_of([1, 2])
        assert (row["年度计划投资"], row["本年累计完成投资"]) == (plan, 1_600)
        rate = row["年度计划完成率"]
        assert isinstance(rate, Share)
        assert rate.exact == Ratio(1_600, plan)
        assert rate.printed == f"{160_000 / plan:.1f}"
        gap = row[GAP]
        assert isinstance(gap, Share)
        assert gap.exact.as_fraction() == rate.exact.as_fraction() - Ratio(10, 12).as_fraction()
        assert row["同比增长"] == Share(Ratio(1_600 - 800, 800), "100.0")


def test_without_a_plan_in_the_row_there_is_no_rate() -> None:
    row = summary_figures(assessed(subject(1, plan_yuan=None)), OCTOBER, Words()).total_of([1])
    assert (row["年度计划投资"], row["年度计划完成率"]) == (0, None)


def test_a_plan_s_own_pace_is_that_of_the_row_too() -> None:
    run = assessed(
        subject(1, slice_yuan=500),
        subject(2, slice_yuan=1_000, is_appraised=False),
        conventions=Conventions(time_progress="plan"),
    )
    row = summary_figures(run, OCTOBER, Words()).total_of([1, 2])
    assert row["时间进度"] == Share(Ratio(1_500, 2_000), "75.0")


def test_where_the_run_s_rate_differs_the_row_is_named() -> None:
    run = assessed(
        subject(1),
        subject(2, is_appraised=False, plan_yuan=3_000),
        subject(3, region="临江区", unit="市水利局", sector="水利"),
    )
    told = scope_notices(run, [frozenset({1, 2, 3}), frozenset({1, 2}), frozenset({3})])
    assert [(one.code, one.what) for one in told[1:]] == [
        ("rate-of-scope", "“合计”按表中全部项目完成率48.0%，按计入完成率的2个项目完成率80.0%"),
        ("rate-of-scope", "“江北区”按表中全部项目完成率40.0%，按计入完成率的1个项目完成率80.0%"),
    ]
    assert {one.remedy for one in told[1:]} == {"表中用前者，通报和排名用后者"}
    assert [one.code for one in scope_notices(run)] == ["outside-scope", "rate-of-scope"]


def test_the_note_line_tells_of_the_other_rate_and_forgets_last_month_s() -> None:
    run = assessed(subject(1), subject(2, is_appraised=False, plan_yuan=3_000))
    remark = summary_figures(run, OCTOBER, Words()).remark
    said = "合计按表中全部项目计算，完成率40.0%；计入完成率的1个项目完成率80.0%，通报用后者。"
    assert remark == said
    assert summary_figures(assessed(subject(1)), OCTOBER, Words()).remark == ""
    old = "合计按表中全部项目计算，完成率39.1%；计入完成率的1个项目完成率70.0%，通报用后者。"
    assert with_remark(f"注：数据由各单位报送；{old}", remark) == f"注：数据由各单位报送。{said}"
    assert with_remark("注：", remark) == f"注：{said}"
    assert with_remark(f"注：数据由各单位报送。{old}", "") == "注：数据由各单位报送。"
    assert with_remark("注：数据由各单位报送；", "") == "注：数据由各单位报送；"


@pytest.mark.parametrize("whole", ["合计", "临江区小计"])
def test_the_note_line_is_filled_where_the_table_has_a_whole_sum(
    tmp_path: Path, whole: str
) -> None:
    head = ["序号", "项目名称", "年度计划投资", "1-9月累计完成", "完成率"]
    rows: list[list[Any]] = [["2026年重点项目（1-9月）"], ["单位：万元"], head]
    rows += [[1, "项目1", 0.1, 0.05, 0.5], [2, "项目2", 0.3, 0.05, 0.2]]
    rows += [["", whole, 0.4, 0.1, 0.25], ["注：数据由各单位报送"]]
    simple(tmp_path / "last.xlsx", rows)
    run = assessed(subject(1), subject(2, is_appraised=False, plan_yuan=3_000))
    made = fill_template(tmp_path / "last.xlsx", summary_figures(run, OCTOBER, Words()))
    (tmp_path / "out.xlsx").write_bytes(made.content)
    note = column_of(tmp_path / "out.xlsx", "A", 6)[-1]
    if whole == "合计":
        assert note.startswith("注：数据由各单位报送。合计按表中全部项目计算，完成率40.0%；")
        again = fill_template(tmp_path / "out.xlsx", summary_figures(run, OCTOBER, Words()))
        assert not [one for one in (*again.notices, *again.unfilled) if one.code == "remark-figure"]
    else:
        assert note == "注：数据由各单位报送"


def test_ranks_only_where_the_switch_gives_them() -> None:
    pair = (subject(1), subject(2, region="临江区", plan_yuan=2_000))
    off = summary_figures(assessed(*pair), OCTOBER, Words())
    on = summary_figures(assessed(*pair, is_ranked=True), OCTOBER, Words())
    assert off.total_of([1])[RANK] is None
    assert on.total_of([1])[RANK] == 1


def test_a_difference_of_scope_is_told() -> None:
    run = assessed(subject(1), subject(2, is_appraised=False))
    notice = scope_notices(run)[0]
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
