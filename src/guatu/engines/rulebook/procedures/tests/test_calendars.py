from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import Calendar, Due, Plan, due_dates, plan_all, sessions
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat


def calendar(lines: str) -> Calendar:
    return procedures_of(f"[[calendar]]\n{lines}").calendars[0]


def planned(lines: str, first: str, last: str, events: dict[str, list[str]] | None = None) -> Plan:
    known = {name: [D(on) for on in ons] for name, ons in (events or {}).items()}
    return due_dates(calendar(lines), D(first), D(last), days=DAYS, events=known)


def told(plan: Plan) -> list[str]:
    return [f"{due.act} {due.period} {due.on}" for due in plan.dues]


@pytest.mark.parametrize(
    ("lines", "first", "last", "expected"),
    [
        pytest.param(
            'act="月报"\ndue={after="月末", plus="5工作日", on_holiday="顺延"}',
            "2026-10-01",
            "2026-10-31",
            # 1–7 October are holidays, Saturday the 10th is worked (调休).
            ["月报 2026-09 2026-10-13"],
            id="month end plus working days over the October holidays (RB49)",
        ),
        pytest.param(
            'act="调度"\nevery="双周"\nstart=2026-08-31\ndue={weekday="周三"}',
            "2026-09-01",
            "2026-09-30",
            ["调度 2026-W36+37 2026-09-09", "调度 2026-W38+39 2026-09-23"],
            id="fortnight (RB39)",
        ),
        pytest.param(
            'act="汇总"\nevery="周"\ndue={weekday="周五"}\nthen={act="报送", weekday="下周一"}',
            "2026-09-08",
            "2026-09-14",
            ["汇总 2026-W37 2026-09-11", "报送 2026-W37 2026-09-14"],
            id="Friday and next Monday (RB38)",
        ),
        pytest.param(
            'act="例会"\nevery="月"\ndue={weekday="周二", nth=1}',
            "2026-09-01",
            "2026-10-31",
            ["例会 2026-09 2026-09-01", "例会 2026-10 2026-10-06"],
            id="first Tuesday",
        ),
        pytest.param(
            'act="例会"\nevery="月"\ndue={weekday="周二", nth=1, on_holiday="顺延"}',
            "2026-10-01",
            "2026-10-31",
            ["例会 2026-10 2026-10-08"],
            id="first Tuesday in the holidays",
        ),
        pytest.param(
            'act="例会"\nevery="月"\ndue={weekday="周五", nth=-1}',
            "2026-09-01",
            "2026-09-30",
            ["例会 2026-09 2026-09-25"],
            id="last Friday",
        ),
        pytest.param(
            'act="月报表"\nevery="月"\ndue={date="次月5日"}',
            "2026-09-01",
            "2026-10-31",
            ["月报表 2026-08 2026-09-05", "月报表 2026-09 2026-10-05"],
            id="the fifth about last month (RB42)",
        ),
        pytest.param(
            'act="月报表"\nevery="月"\nmerge="1—2月"\ndue={date="5日", about="上月"}',
            "2026-01-01",
            "2026-04-30",
            [
                "月报表 2025-12 2026-01-05",
                "月报表 2026-01+02 2026-03-05",
                "月报表 2026-03 2026-04-05",
            ],
            id="January and February merged",
        ),
        pytest.param(
            'act="年终考核"\ndue={date="次年1月31日", on_holiday="提前"}',
            "2026-01-01",
            "2026-12-31",
            ["年终考核 2025 2026-01-30"],
            id="next January (RB42, RB57), earlier",
        ),
        pytest.param(
            'act="提交"\ndue={date=2024-12-08}',
            "2024-01-01",
            "2025-12-31",
            ["提交 2024-12-08 2024-12-08"],
            id="one date (RB64)",
        ),
        pytest.param(
            'act="调度"\nevery="旬"',
            "2026-02-01",
            "2026-02-28",
            [
                "调度 2026-02-T1 2026-02-10",
                "调度 2026-02-T2 2026-02-20",
                "调度 2026-02-T3 2026-02-28",
            ],
            id="ten days",
        ),
        pytest.param(
            'act="督查"\nevery="半月"\nfrom=2022-01-01',
            "2021-12-01",
            "2022-01-31",
            ["督查 2022-01-B1 2022-01-15", "督查 2022-01-B2 2022-01-31"],
            id="half-month, effective from (RB48)",
        ),
        pytest.param(
            'act="考核"\nevery="两月"',
            "2026-01-01",
            "2026-06-30",
            [
                "考核 2026-01+02 2026-02-28",
                "考核 2026-03+04 2026-04-30",
                "考核 2026-05+06 2026-06-30",
            ],
            id="two months (RB43)",
        ),
        pytest.param(
            'act="小结"\nevery="半年"\ndue={after="期末", plus="10日"}',
            "2026-01-01",
            "2026-12-31",
            ["小结 2025-H2 2026-01-10", "小结 2026-H1 2026-07-10"],
            id="half-year (RB42)",
        ),
        pytest.param(
            'act="讲评"\nevery="季度"\ndue={date="10日", about="上期"}',
            "2026-01-01",
            "2026-06-30",
            ["讲评 2025-Q4 2026-01-10", "讲评 2026-Q1 2026-04-10"],
            id="each quarter about the last",
        ),
        pytest.param(
            'act="一天一通报"\nevery="日"\ndue={date="期末", on_holiday="取消"}',
            "2026-09-25",
            "2026-09-28",
            ["一天一通报 2026-09-28 2026-09-28"],
            id="daily, dropped on the holidays of Mid-Autumn (RB93)",
        ),
    ],
)
def test_calendar_gives_its_due_days(
    lines: str, first: str, last: str, expected: list[str]
) -> None:
    plan = planned(lines, first, last)
    assert told(plan) == expected
    assert plan.doubts == ()


def test_each_external_event_gives_a_due_day() -> None:
    lines = 'act="联网直报"\nevery="月"\ndue={after="开网", plus="3日"}'
    plan = planned(lines, "2026-09-01", "2026-10-31", {"开网": ["2026-09-20", "2026-10-18"]})
    assert told(plan) == ["联网直报 2026-09 2026-09-23", "联网直报 2026-10 2026-10-21"]


def test_an_event_that_has_not_come_is_a_doubt() -> None:
    plan = planned(
        'act="下达计划"\ndue={after="人大批准", plus="30日"}', "2026-01-01", "2026-12-31"
    )
    assert plan.dues == ()
    assert plan.doubts == ("下达计划：还没有“人大批准”的日期",)


def test_working_days_before_a_node_skip_the_holidays() -> None:
    lines = 'act="提醒"\ndue={before="开工节点", minus="5工作日"}'
    plan = planned(lines, "2026-09-01", "2026-10-31", {"开工节点": ["2026-10-09"]})
    # 8 October, 30, 29, 28 September, then Friday 24 (25–27 are Mid-Autumn).
    assert [due.on for due in plan.dues] == [D("2026-09-24")]


def test_hours_and_halves_of_days_are_kept() -> None:
    plan = planned('act="快报"\nevery="月"\ndue={date="25日17时"}', "2026-09-01", "2026-09-30")
    assert plan.dues[0].at == time(17)
    plan = planned('act="例会"\nevery="周"\ndue={weekday="周二下午"}', "2026-09-07", "2026-09-13")
    assert plan.dues[0].half == "下午"


def test_windows_open_before_they_close() -> None:
    plan = planned(
        'act="填报"\nevery="周"\ndue={weekday="周三下午", opens="周一上午"}',
        "2026-09-07",
        "2026-09-13",
    )
    assert (plan.dues[0].opens_on, plan.dues[0].on) == (D("2026-09-07"), D("2026-09-09"))
    plan = planned(
        'act="上报"\nevery="月"\ndue={date="下旬", about="上期"}', "2026-09-01", "2026-09-30"
    )
    due = plan.dues[0]
    assert (due.opens_on, due.on, due.period) == (D("2026-09-21"), D("2026-09-30"), "2026-08")


def test_a_stretch_of_inspection_lasts() -> None:
    plan = planned('act="稽察"\ndue={date="9月上旬", lasts="2个月"}', "2026-01-01", "2026-12-31")
    due = plan.dues[0]
    assert (due.opens_on, due.on, due.lasts_until) == (
        D("2026-09-01"),
        D("2026-09-10"),
        D("2026-11-10"),
    )


JOINT = """
act = "应批尽批"
due = [{when = "上半年开工", date = "3月31日"}, {date = "8月31日"}]
"""


@pytest.mark.parametrize(
    ("facts", "on", "doubts"),
    [
        ({"上半年开工": True}, ["2026-03-31"], ()),
        ({"上半年开工": False}, ["2026-08-31"], ()),
        ({}, [], ("缺数据，不能判断“上半年开工”",)),
    ],
)
def test_due_day_depends_on_a_condition(
    facts: dict[str, bool], on: list[str], doubts: tuple[str, ...]
) -> None:
    plan = due_dates(
        calendar(JOINT), D("2026-01-01"), D("2026-12-31"), days=DAYS, holds=knowing(**facts)
    )
    assert [str(due.on) for due in plan.dues] == on
    assert plan.doubts == doubts


def test_red_light_makes_the_calendar_denser() -> None:
    dense = calendar('act="调度"\nevery="月"\ndenser={when="红灯", every="周"}')
    span = (D("2026-09-01"), D("2026-09-30"))
    assert len(due_dates(dense, *span, days=DAYS, holds=knowing(红灯=False)).dues) == 1
    assert len(due_dates(dense, *span, days=DAYS, holds=knowing(红灯=True)).dues) == 4


def test_unknown_holidays_are_a_doubt_not_a_guess() -> None:
    lines = 'act="月报"\ndue={after="月末", plus="5工作日"}'
    plan = planned(lines, "2026-12-01", "2027-02-28")
    assert told(plan) == ["月报 2026-11 2026-12-07"]
    assert "月报（2026年12月）：没有2027年的节假日安排" in plan.doubts


MEETINGS = """
[[calendar]]
act = "月调度会"
every = "月"
due = {weekday = "周五", nth = -1}
may_merge = ["双周例会", "常务会"]
[[calendar]]
act = "双周例会"
every = "双周"
start = 2026-08-31
due = {weekday = "周三"}
[[calendar]]
act = "会前梳理"
due = {before = "月调度会", minus = "2工作日"}
"""


def test_merged_meetings_of_one_week_keep_both_agendas() -> None:
    calendars = procedures_of(MEETINGS).calendars
    plan = plan_all(calendars, D("2026-09-01"), D("2026-09-30"), days=DAYS)
    held = sessions(calendars, [due for due in plan.dues if due.act != "会前梳理"])
    assert [(str(one.on), one.agenda) for one in held] == [
        ("2026-09-09", ("双周例会",)),
        ("2026-09-23", ("双周例会", "月调度会")),
    ]


def test_what_is_due_before_a_meeting_follows_the_meeting() -> None:
    plan = plan_all(procedures_of(MEETINGS).calendars, D("2026-09-01"), D("2026-09-30"), days=DAYS)
    assert [str(due.on) for due in plan.dues if due.act == "会前梳理"] == ["2026-09-23"]


def test_merging_does_not_join_who_may_not_sit_together() -> None:
    """Twin: without `may_merge` the two stay apart."""
    calendars = procedures_of(MEETINGS.replace('may_merge = ["双周例会", "常务会"]', "")).calendars
    plan = plan_all(calendars[:2], D("2026-09-01"), D("2026-09-30"), days=DAYS)
    assert all(len(one.agenda) == 1 for one in sessions(calendars, plan.dues))


EVERY = ("周", "旬", "半月", "月", "两月", "季度", "半年", "年")
SPANS = ("1工作日", "5工作日", "3日", "10日", "2周", "1个月")


@given(
    every=st.sampled_from(EVERY),
    span=st.sampled_from(SPANS),
    shift=st.sampled_from(("顺延", "提前")),
    first=st.dates(D("2024-03-01"), D("2026-06-30")),
    length=st.integers(0, 150),
)
def test_moved_due_days_are_worked_sorted_and_one_per_period(
    every: str, span: str, shift: str, first: date, length: int
) -> None:
    plan = due_dates(
        calendar(
            f'act="甲"\nevery="{every}"\ndue={{after="期末", plus="{span}", on_holiday="{shift}"}}'
        ),
        first,
        first + timedelta(days=length),
        days=DAYS,
    )
    assert _is_lawful(plan.dues)


def _is_lawful(dues: tuple[Due, ...]) -> bool:
    return (
        all(DAYS.is_workday(due.on) for due in dues)
        and [due.on for due in dues] == sorted(due.on for due in dues)
        and len({due.period for due in dues}) == len(dues)
    )


def test_the_law_finds_an_unmoved_due_day() -> None:
    """Twin: with 不变 a due day may lie on a holiday, and the law says so."""
    plan = planned('act="甲"\nevery="月"\ndue={date="5日"}', "2026-09-01", "2026-10-31")
    assert not _is_lawful(plan.dues)


@given(first=st.dates(D("2024-03-01"), D("2026-06-30")), cut=st.integers(0, 200))
def test_two_halves_of_a_time_give_the_whole(first: date, cut: int) -> None:
    one = calendar('act="甲"\nevery="月"\ndue={after="期末", plus="5工作日", on_holiday="顺延"}')
    middle, last = first + timedelta(days=cut), first + timedelta(days=180)
    halves = [
        *due_dates(one, first, min(middle, last), days=DAYS).dues,
        *due_dates(one, middle + timedelta(days=1), last, days=DAYS).dues,
    ]
    assert halves == list(due_dates(one, first, last, days=DAYS).dues)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('act="甲"\nevery="每周一次"', "“every”不能是“每周一次”"),
        ('act="甲"', "缺少“every”"),
        ('act="甲"\ndue={after="月末", plus=5}', "“plus”没有写单位"),
        ('act="甲"\ndue={after="月末"}', "缺少“plus”"),
        ('act="甲"\nevery="季度"\ndue={after="月末", plus="5日"}', "“月末”与every = “季度”不合"),
        ('act="甲"\nevery="月"\ndue={weekday="周五"}', "“周五”与every = “月”不合"),
        ('act="甲"\nevery="月"\ndue={date="2月30日"}', "没有“2月30日”这一天"),
        ('act="甲"\nevery="月"\ndue={date="32日"}', "没有“32日”这一天"),
        ('act="甲"\nevery="月"\ndue={date=25}', "“date”没有写单位"),
        ('act="甲"\nevery="月"\ndue={date="25日25时"}', "没有“25时”这个钟点"),
        ('act="甲"\nevery="双周"', "缺少“start”"),
        ('act="甲"\nevery="月"\ndue={date="25日", on_holiday="延后"}', "“on_holiday”不能是“延后”"),
        ('act="甲"\nevery="月"\ndue={date="25日", weekday="周五"}', "“date”与“weekday”只能写一个"),
        ('act="甲"\nevery="月"\ndew={date="25日"}', "不认识的键“dew”。是不是“due”"),
        ('act="甲"\nevery="月"\nfrom=2026-02-01\nuntil=2026-01-01', "“until”早于“from”"),
    ],
)
def test_faults_name_the_calendar_and_the_mistake(lines: str, fault: str) -> None:
    found = faults_of(f"[[calendar]]\n{lines}")
    assert fault in found
    assert "日历“甲”" in found
