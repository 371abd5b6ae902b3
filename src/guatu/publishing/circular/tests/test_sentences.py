"""Edge cases, each with the sentence that must and the one that must not stand there."""

import re
from datetime import date
from typing import Any

import pytest

from guatu.core.errors import BadInput
from guatu.core.ratio import Ratio, Rounding
from guatu.publishing.circular.compose import LEFT_TO_WRITE, compose
from guatu.publishing.circular.tests.samples import (
    JIANGMEN,
    YI,
    body,
    figures,
    group,
    project,
    region,
)
from guatu.publishing.circular.types import (
    CircularFigures,
    LaggingProject,
    PreviousLights,
    Shortfall,
    StartRate,
    Starts,
)


def starts(*numbers: int, rate: Ratio | None = None) -> Starts:
    planned, due, started, early, overdue = numbers
    return Starts(planned, due, started, early, overdue, rate)


EQUAL = [region(name, 12 * YI, 10 * YI) for name in ("甲县", "乙县", "丙县")]


CASES: dict[str, tuple[CircularFigures, str]] = {
    "as published": (
        figures(JIANGMEN),
        "2026年，全市列入清单的重点项目444个（打包项目拆分后569个），年度计划投资647.40亿元。"
        "截至10月31日，累计完成投资629.00亿元，年度计划完成率97.2%，高于时间进度13.8个百分点。",
    ),
    "starts as published": (
        figures(JIANGMEN),
        "本年度计划新开工项目255个，截至10月31日应开工223个，已开工206个（其中提前开工5个），"
        "逾期未开工22个。开工率80.8%（占年度计划新开工项目的比重）。",
    ),
    "rounded numbers subtracted": (
        figures(JIANGMEN, style={"gap_from_rounded": True}),
        "高于时间进度（83.3%）13.9个百分点。",
    ),
    "cut off, not rounded": (
        figures(group(1, 270, 129), style={"rounding": Rounding.TRUNCATE, "rate_digits": 0}),
        "年度计划完成率47%",
    ),
    "no projects": (figures(group(0, 0, None)), "本期全市重点项目清单内没有项目。"),
    "no plan at all": (
        figures(group(3, 0, 5 * YI)),
        "重点项目3个，均未安排年度计划投资，不计算完成率。截至10月31日，累计完成投资5.00亿元。",
    ),
    "no data at all": (
        figures(group(3, YI, None, no_data=3)),
        "截至10月31日，尚无项目报送投资完成数据，暂不计算完成率。",
    ),
    "done is zero": (
        figures(group(3, YI, 0)),
        "累计完成投资0亿元，年度计划完成率0.0%，低于时间进度（83.3%）83.3个百分点。",
    ),
    "done is negative": (
        figures(group(3, YI, -2_000_000)),
        "核减后累计完成投资-0.02亿元，年度计划完成率-2.0%，低于时间进度（83.3%）85.3个百分点。",
    ),
    "over 100 %": (
        figures(group(3, YI, 2 * YI)),
        "年度计划完成率200.0%，高于时间进度（83.3%）116.7个百分点。",
    ),
    "level after rounding": (
        figures(group(3, 1_000_000_000, 833_000_001)),
        "年度计划完成率83.3%，与时间进度（83.3%）持平。",
    ),
    "less than 1亿": (
        figures(group(3, 50_000_000, 45_600_000)),
        "年度计划投资5000万元。截至10月31日，累计完成投资4560万元",
    ),
    "tiny beside large": (
        figures(group(3, 10 * YI, 3000, rate=Ratio(3, 1_000_000))),
        "累计完成投资0.3000万元，年度计划完成率0.0%",
    ),
    "grown": (figures(group(year_on_year=Ratio(53, 1000))), "，同比增长5.3%。"),
    "fallen": (figures(group(year_on_year=Ratio(-53, 1000))), "，同比下降5.3%。"),
    "level with last year": (figures(group(year_on_year=Ratio(-1, 9999))), "，同比持平。"),
    "grown on another basis": (
        figures(
            group(projects=3, year_on_year=Ratio(53, 1000), compared=2),
            other_basis="口径不同：统计范围有变",
        ),
        "，同比增长5.3%（两年口径不同：统计范围有变），按两年同期均有数据的2个项目计算。",
    ),
    "not compared across bases": (
        figures(
            group(year_on_year=Ratio(53, 1000)),
            other_basis="口径不同（县级、全社会），不作比较",
            is_compared=False,
        ),
        "，与上年同期口径不同（县级、全社会），不作比较。",
    ),
    "marked figures": (
        figures(group(no_data=2, questioned=3, unconfirmed=1, without_plan=1)),
        "1个项目未安排年度计划投资，不计入完成率。"
        "2个项目本期无数据，其完成投资未计入，计划投资仍计入。"
        "已计入的数据中，3个项目的数据待核实，1个项目的数据为代报待确认。",
    ),
    "1—2月 merged": (figures(period="2026-01+02"), "现将江源市2026年1—2月重点项目推进情况"),
    "January": (figures(period="2026-01"), "现将江源市2026年1月重点项目推进情况通报如下。"),
    "December locked in January": (
        figures(period="2026-12", cut_off_on=date(2026, 12, 25), locked_on=date(2027, 1, 5)),
        "本通报使用2027年1月5日锁定的定版数据。",
    ),
    "cut-off before the month's end": (
        figures(period="2026-12", cut_off_on=date(2026, 12, 25)),
        "截至12月25日，累计完成投资",
    ),
    "a corrected round": (
        figures(locked_on=date(2026, 11, 3), revision=2),
        "本通报使用11月3日锁定的第2版定版数据。",
    ),
    "regions apart": (
        figures(None, region("甲县", 10 * YI, 9 * YI), region("乙县", 10 * YI, 7 * YI)),
        "高于时间进度的地区1个：甲县（90.0%，高于6.7个百分点）。"
        "低于时间进度的地区1个：乙县（70.0%，低于13.3个百分点）。",
    ),
    "all regions equal": (
        figures(None, *EQUAL),
        "3个地区完成率均与时间进度持平：甲县（83.3%）、乙县（83.3%）、丙县（83.3%）。",
    ),
    "a single region": (
        figures(None, region("甲县")),
        "甲县年度计划完成率90.0%，高于时间进度6.7个百分点。",
    ),
    "regions without data and without plan": (
        figures(None, region("甲县"), region("乙县", done=None), region("丙县", 0, 0)),
        "乙县本期无数据，暂不计算完成率。丙县未安排年度计划投资，不计算完成率。",
    ),
    "no regions": (figures(), "本期未按地区分列。"),
    "no starts planned": (figures(), "本年度没有计划新开工项目。"),
    "starts of unknown nature": (
        figures(group(starts=Starts(unknown_nature=3))),
        "3个计划本年度开工的项目未注明建设性质，开工情况暂不统计。",
    ),
    "some starts of unknown nature": (
        figures(group(starts=Starts(4, 3, 3, 0, 0, unknown_nature=2))),
        "无逾期未开工项目。另有2个计划本年度开工的项目未注明建设性质，未计入。",
    ),
    "overdue projects by name": (
        figures(group(starts=starts(4, 3, 1, 0, 2)), overdue=("一号", "二号")),
        "已开工1个，逾期未开工2个（一号、二号）。",
    ),
    "an overdue project that did not report": (
        figures(group(starts=starts(4, 3, 1, 0, 2)), overdue=("一号（本期未报）", "二号")),
        "已开工1个，逾期未开工2个：一号（本期未报）、二号。",
    ),
    "money in 万元": (
        figures(group(), style={"money_unit": "万元"}),
        "年度计划投资1000000万元。截至10月31日，累计完成投资900000万元",
    ),
    "none due yet": (
        figures(group(starts=starts(4, 0, 0, 0, 0, rate=Ratio(0, 4)))),
        "本年度计划新开工项目4个，截至10月31日均未到计划开工时间，尚无项目开工。"
        "开工率0.0%（占年度计划新开工项目的比重）。",
    ),
    "only early starts": (
        figures(group(starts=starts(4, 0, 2, 2, 0))),
        "均未到计划开工时间，已开工2个（均为提前开工）。",
    ),
    "all started": (
        figures(group(starts=starts(4, 3, 4, 1, 0))),
        "截至10月31日应开工3个，已全部开工（其中提前开工1个）。",
    ),
    "none overdue": (
        figures(group(starts=starts(4, 3, 3, 0, 0))),
        "应开工3个，已开工3个，无逾期未开工项目。",
    ),
    "start rate of all projects": (
        figures(
            group(starts=starts(4, 3, 3, 0, 0, rate=Ratio(8, 10))),
            style={"start_rate": StartRate.ALL},
        ),
        "已开工项目（含续建）8个，占全部10个项目的80.0%。",
    ),
    "start rate of the due": (
        figures(
            group(starts=starts(4, 2, 3, 1, 0, rate=Ratio(3, 2))),
            style={"start_rate": StartRate.DUE},
        ),
        "开工率150.0%（已开工项目数与截至10月31日应开工项目数之比）。",
    ),
    "no lights": (figures(), "截至10月31日，无红灯项目，无黄灯项目。"),
    "lights against the round before": (
        figures(lagging=(project(),), previous=PreviousLights("1—9月", 3, 0)),
        "截至10月31日，红灯项目1个，无黄灯项目。与1—9月相比，红灯项目减少2个。",
    ),
    "lights of the projects judged in both rounds": (
        figures(
            lagging=(project(), project("二号", serious=False)),
            previous=PreviousLights("1—9月", 5, 0, compared=8, serious_now=1, warning_now=1),
        ),
        "按两期均有数据的8个项目比较，红灯项目比1—9月减少4个，黄灯项目增加1个。",
    ),
    "no project judged in both rounds": (
        figures(lagging=(project(),), previous=PreviousLights("1—9月", 0, 0, compared=0)),
        "没有本期和1—9月均有数据的项目，不作比较。",
    ),
    "a sum below last month's": (
        figures(group(no_data=4), shortfall=Shortfall("1—9月", 95 * YI, 3, 1, 2)),
        "因3个1—9月有数据的项目本期无数据、1个项目退出清单或不再计入完成率、2个项目的累计数减少，"
        "累计完成投资低于1—9月的95.00亿元。",
    ),
    "a sum a little below last month's": (
        figures(group(), shortfall=Shortfall("1—9月", 90 * YI + 350_000, reduced=1)),
        "因1个项目的累计数减少，累计完成投资比1—9月少35万元。",
    ),
    "a project with its problem": (
        figures(lagging=(project(problem="征地未完成。\n  "),)),
        "1.一号产业园（江北区，责任单位：市工业和信息化局）：年度计划投资5.00亿元，"
        "累计完成1.00亿元，完成率20.0%，低于时间进度63.3个百分点；存在问题：征地未完成。",
    ),
    "a project with nothing reported": (
        figures(lagging=(project(problem="无", unit=" ", region=""),)),
        "1.一号产业园：年度计划投资5.00亿元，累计完成1.00亿元，完成率20.0%，低于时间进度63.3个百分点。",
    ),
    "a light that the figures do not explain": (
        figures(lagging=(project(serious=False, completed_yuan=5 * YI, rate=Ratio(1, 1)),)),
        "高于时间进度16.7个百分点；按规则评定为黄灯。",
    ),
    "a light for another reason": (
        figures(lagging=(project(reason="逾期未开工满3个月", rate=None, completed_yuan=None),)),
        "年度计划投资5.00亿元，本期无数据；预警依据：逾期未开工满3个月。",
    ),
    "the author's part": (figures(), f"下一步工作\n{LEFT_TO_WRITE}"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_edge_cases(name: str) -> None:
    of, sentence = CASES[name]
    assert sentence in body(of)


def behind(name: str, done: int | None, plan: int = 100, **more: Any) -> LaggingProject:
    """A project with a red light that has done a share of its plan; in 万元."""
    return project(
        name,
        annual_plan_yuan=plan * 10_000,
        completed_yuan=None if done is None else done * 10_000,
        rate=None if done is None else Ratio(done, plan),
        **more,
    )


def test_the_worst_projects_are_named_first_and_the_text_says_so() -> None:
    lagging = (
        behind("甲", 60), behind("乙", None), behind("丙", 10), behind("丁", 100, 1_000),
        behind("戊", 30), behind("己", 10),
    )  # fmt: skip
    text = body(figures(lagging=lagging))
    named = re.findall(r"^\d+\.(.)", text, re.MULTILINE)
    # 丁 lacks more money than 丙 at the same distance; 丙 and 己 keep the ledger's order.
    assert named == ["丁", "丙", "己", "戊", "甲", "乙"]
    assert "以下按落后时间进度的幅度由大到小排列，没有完成率的列后。" in text


def test_the_named_ones_and_the_annex_are_in_one_order() -> None:
    lagging = tuple(behind(f"第{done}号", done) for done in (50, 20, 40, 30))
    document = compose(figures(lagging=lagging, style={"named_projects": 1}))
    assert [row.cells[1] for row in document.annexes[1].table.rows] == [
        "第20号", "第30号", "第40号", "第50号",
    ]  # fmt: skip
    assert any(block.text.startswith("1.第20号") for block in document.blocks)


def test_an_own_time_progress_decides_the_distance() -> None:
    own = behind("缓", 20, time_progress=Ratio(30, 100))
    text = body(figures(lagging=(own, behind("急", 40))))
    assert text.index("1.急") < text.index("2.缓")


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2026-10", "关于江源市2026年1—10月重点项目推进情况的通报"),
        ("2026-01", "关于江源市2026年1月重点项目推进情况的通报"),
        ("2026-H1", "关于江源市2026年上半年重点项目推进情况的通报"),
        ("2026", "关于江源市2026年度重点项目推进情况的通报"),
        ("2026-09-B1", "关于江源市截至2026年9月15日重点项目推进情况的通报"),
    ],
)
def test_titles(period: str, title: str) -> None:
    assert compose(figures(period=period)).title == title


@pytest.mark.parametrize(
    "bad",
    [
        figures(group(starts=starts(4, 3, 1, 0, 0))),
        figures(group(starts=starts(4, 5, 5, 0, 0))),
        figures(group(no_data=11)),
        figures(group(-1)),
        figures(group(serious=1)),
        figures(group(starts=starts(4, 3, 1, 0, 2)), overdue=("一号", "二号", "三号")),
        figures(group(projects_unpacked=3)),
        figures(group(done=None, rate=Ratio(1, 2))),
        figures(None, region("甲县"), region("甲县")),
    ],
)
def test_contradictions_are_refused(bad: CircularFigures) -> None:
    with pytest.raises(BadInput):
        compose(bad)
