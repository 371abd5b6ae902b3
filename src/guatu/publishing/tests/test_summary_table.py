"""From an assessment to the fields of a summary table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.conventions import Conventions
from guatu.assessment.types import FrozenFigure, Subject
from guatu.core.periods import month_end, parse_period
from guatu.core.ratio import Ratio
from guatu.engines.sheets.fill import Missing, RoughDay, Share, fill_template
from guatu.engines.sheets.fill.habits import Habit, written
from guatu.engines.sheets.fill.remark import with_remark
from guatu.engines.sheets.fill.tests.samples import column_of, simple
from guatu.engines.sheets.fill.types import COUNT, GAP, RANK
from guatu.planning.days import GivenDays
from guatu.planning.types import DateKind, Milestone, Precision
from guatu.publishing.summary_table.figures import Words, summary_figures
from guatu.publishing.summary_table.scope import basis_notices, scope_notices
from guatu.publishing.tests.samples import OCTOBER, assessed, subject
from guatu.reporting.basis.queries import AcrossYears


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


def test_the_note_line_labels_a_growth_across_two_bases_and_forgets_it_again() -> None:
    words = Words(across=AcrossYears("口径不同：统计范围有变", since=date(2026, 7, 1)))
    made = summary_figures(assessed(subject(1)), OCTOBER, words)
    assert made.remark == "表中同比两年口径不同：统计范围有变。"
    assert made.total_of([1])["同比增长"] == Share(Ratio(400, 400), "100.0")
    kept = "注：数据由各单位报送。"
    issued = "表中计划为调整稿；按印发稿的年度计划10万元，完成率80.0%。"
    assert with_remark(f"{kept}{issued}{made.remark}", "") == kept
    assert [one.code for one in basis_notices(words.across)] == ["other-basis"]


def test_growth_across_bases_that_are_not_compared_is_left_out() -> None:
    words = Words(across=AcrossYears("口径不同（县级、全社会），不作比较", is_refused=True))
    made = summary_figures(assessed(subject(1)), OCTOBER, words)
    assert made.projects[0].values["同比增长"] is None
    assert made.total_of([1])["同比增长"] is None
    assert basis_notices(AcrossYears()) == []


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


class _AsGiven(GivenDays):
    """Every date was given in one way."""

    def __init__(self, precision: Precision) -> None:
        super().__init__()
        self._all = precision

    def precision(
        self, project_id: int, milestone: Milestone, kind: DateKind, on: date | None
    ) -> Precision:
        return self._all


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        (Precision.MONTH, "2026年10月"),
        (Precision.TEN_DAY, "2026年10月下旬"),
        (Precision.YEAR, "2026年"),
    ],
)
def test_a_start_that_was_told_by_its_month_is_no_day(precision: Precision, words: str) -> None:
    one = subject(1)
    one.actual_start = date(2026, 10, 31)
    found = values(one, words=Words(days=_AsGiven(precision)))["实际开工时间"]
    assert (found.on, found.text) == (date(2026, 10, 31), words)
    assert values(one)["实际开工时间"] == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("style", "raw", "text"),
    [
        ("date", "", "2026年10月"),
        ("{y}年{m}月{d}日", "", "2026年10月"),
        ("{y}-{m:02d}", "", "2026-10"),
        ("{y}年{m}月", date(2026, 1, 1), "2026年10月"),
        ("date", "2026.03", "2026.10"),
    ],
)
def test_a_month_is_written_in_the_column_s_way_but_never_as_a_day(
    style: str, raw: Any, text: str
) -> None:
    rough = RoughDay(date(2026, 10, 31), "2026年10月")
    column: Any = None
    looked: Any = None
    assert written(rough, column, Habit("—", style, ""), raw, looked) == ("text", text)
