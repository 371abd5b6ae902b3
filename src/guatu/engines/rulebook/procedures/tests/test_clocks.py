from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import Clock, ClockState, Event, clock_state
from guatu.engines.rulebook.procedures.durations import Unit, days_between
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat

DESIGN = """
name = "初步设计审批"
clause = "承诺时限"
starts = "受理"
ends = "批复"
limit = "20工作日"
promised = "1工作日"
pause = [{name = "委托咨询评估", max = "30工作日"}]
restart = "补正材料"
over = [{act = "督办函", by = "重点办"}]
"""


def clock(lines: str) -> Clock:
    return procedures_of(f"[[clock]]\n{lines}").clocks[0]


def happened(*events: tuple[str, str]) -> list[Event]:
    return [Event(name, D(on)) for name, on in events]


def at(lines: str, now: str, *events: tuple[str, str], **facts: bool) -> ClockState:
    return clock_state(clock(lines), happened(*events), D(now), days=DAYS, holds=knowing(**facts))


@pytest.mark.parametrize(
    ("now", "events", "expected"),
    [
        ("2026-09-01", (), ("not_started", None, 0, 0, 0)),
        # 20 working days after Tuesday 1 September, over Mid-Autumn and the worked 20 September.
        ("2026-09-01", (("受理", "2026-09-01"),), ("running", "2026-09-29", 0, 20, 0)),
        ("2026-09-29", (("受理", "2026-09-01"),), ("running", "2026-09-29", 20, 0, 0)),
        ("2026-09-30", (("受理", "2026-09-01"),), ("overdue", "2026-09-29", 21, 0, 1)),
        ("2026-10-08", (("受理", "2026-09-01"),), ("overdue", "2026-09-29", 22, 0, 2)),
        (
            "2026-12-01",
            (("受理", "2026-09-01"), ("批复", "2026-09-02")),
            ("done", "2026-09-29", 1, 0, 0),
        ),
        (
            "2026-12-01",
            (("受理", "2026-09-01"), ("批复", "2026-09-30")),
            ("done", "2026-09-29", 21, 0, 1),
        ),
        (
            "2026-09-10",
            (("受理", "2026-09-01"), ("委托咨询评估开始", "2026-09-03")),
            ("paused", "2026-10-12", 2, 18, 0),
        ),
        (
            "2026-09-11",
            (
                ("受理", "2026-09-01"),
                ("委托咨询评估开始", "2026-09-03"),
                ("委托咨询评估结束", "2026-09-10"),
            ),
            ("running", "2026-10-12", 3, 17, 0),
        ),
        (
            "2026-09-11",
            (("受理", "2026-09-01"), ("补正材料", "2026-09-10")),
            ("running", "2026-10-14", 1, 19, 0),
        ),
    ],
)
def test_clock_counts_working_days(
    now: str, events: tuple[tuple[str, str], ...], expected: tuple[str, str | None, int, int, int]
) -> None:
    state = at(DESIGN, now, *events)
    due = state.due_on.isoformat() if state.due_on else None
    assert (state.status, due, state.used, state.left, state.over) == expected


PAUSED_TWICE = (
    ("受理", "2026-09-01"),
    ("专家评审开始", "2026-09-03"),
    ("专家评审结束", "2026-09-08"),
)


@pytest.mark.parametrize(
    ("last_day", "due", "used"),
    [("", "2026-09-14", 3), ('last_day = "不计"', "2026-09-14", 3),
     ('last_day = "计入"', "2026-09-11", 4)],
)  # fmt: skip
def test_the_day_on_which_a_pause_ends_counts_where_the_book_says_so(
    last_day: str, due: str, used: int
) -> None:
    comma = ", " if last_day else ""
    lines = DESIGN.replace("20工作日", "6工作日").replace("委托咨询评估", "专家评审")
    lines = lines.replace('max = "30工作日"', f'max = "30工作日"{comma}{last_day}')
    state = at(lines, "2026-09-09", *PAUSED_TWICE)
    assert (str(state.due_on), state.used) == (due, used)
    assert at(lines, "2026-09-07", *PAUSED_TWICE[:2]).status == "paused"


def test_a_pause_of_one_day_whose_end_counts_takes_nothing() -> None:
    lines = DESIGN.replace('max = "30工作日"', 'last_day = "计入"')
    day = ("委托咨询评估开始", "2026-09-03"), ("委托咨询评估结束", "2026-09-03")
    assert at(lines, "2026-09-10", ("受理", "2026-09-01"), *day).due_on == D("2026-09-29")


def test_promise_is_shown_beside_the_limit() -> None:
    state = at(DESIGN, "2026-09-01", ("受理", "2026-09-01"))
    assert state.promised_on == D("2026-09-02")


def test_overdue_clock_names_its_acts_and_says_why() -> None:
    state = at(DESIGN, "2026-09-30", ("受理", "2026-09-01"))
    assert [str(act) for act in state.acts] == ["重点办督办函"]
    assert state.why == (
        "自2026-09-01“受理”起算，时限20个工作日，应于2026-09-29前办结，已超期1个工作日"
    )


def test_pause_is_at_most_its_maximum() -> None:
    lines = DESIGN.replace("30工作日", "3工作日")
    events = (("受理", "2026-09-01"), ("委托咨询评估开始", "2026-09-03"))
    assert at(lines, "2026-09-08", *events).status == "paused"
    state = at(lines, "2026-09-11", *events)
    assert (state.status, state.paused) == ("running", 3)


def test_pause_after_the_due_day_heals_nothing() -> None:
    events = (("受理", "2026-09-01"), ("委托咨询评估开始", "2026-10-12"))
    state = at(DESIGN, "2026-10-20", *events)
    assert (state.status, state.due_on) == ("overdue", D("2026-09-29"))


PAYMENT = """
name = "款项支付"
ends = "支付"
limit = [{when = "合同另有约定", limit = "60日"}, {limit = "30日"}]
starts = [
  {when = "进度或定期结算", on = "双方确认结算金额"},
  {when = "检验验收拖延", on = "约定检验期限届满"},
  {on = "交付"},
]
"""


@pytest.mark.parametrize(
    ("settled", "delayed", "by_contract", "started", "due"),
    [
        (False, False, False, "2026-03-01", "2026-03-31"),
        (True, False, False, "2026-03-10", "2026-04-09"),
        (False, True, False, "2026-03-20", "2026-04-19"),
        (False, False, True, "2026-03-01", "2026-04-30"),
    ],
)
def test_payment_clock_starts_with_one_of_three_events(
    settled: bool, delayed: bool, by_contract: bool, started: str, due: str
) -> None:
    state = at(
        PAYMENT,
        "2026-03-25",
        ("交付", "2026-03-01"),
        ("双方确认结算金额", "2026-03-10"),
        ("约定检验期限届满", "2026-03-20"),
        进度或定期结算=settled,
        检验验收拖延=delayed,
        合同另有约定=by_contract,
    )
    assert (str(state.started_on), str(state.due_on)) == (started, due)


def test_unknown_condition_leaves_the_clock_undecided() -> None:
    state = at(PAYMENT, "2026-03-25", ("交付", "2026-03-01"))
    assert state.status == "undecided"
    assert "缺数据，不能判断“进度或定期结算”" in state.doubts


APPEAL = """
name = "督查结论复核"
starts = "收到申请"
ends = "复核决定"
limit = "30日"
extend = {on = "批准延期", by = "督查机关负责人", limit = "15工作日"}
on_holiday = "顺延"
"""


def test_approved_extension_adds_working_days_to_calendar_days() -> None:
    state = at(APPEAL, "2026-03-01", ("收到申请", "2026-03-01"))
    assert state.due_on == D("2026-03-31")
    state = at(APPEAL, "2026-04-01", ("收到申请", "2026-03-01"), ("批准延期", "2026-03-30"))
    # 15 working days after 31 March, over Qingming (4–6 April).
    assert state.due_on == D("2026-04-22")


@pytest.mark.parametrize("approved", ["2026-04-01", "2026-05-01"])
def test_extension_after_the_due_day_is_void(approved: str) -> None:
    state = at(APPEAL, "2026-05-10", ("收到申请", "2026-03-01"), ("批准延期", approved))
    assert (state.status, state.due_on) == ("overdue", D("2026-03-31"))


def test_calendar_days_that_end_in_the_holidays_are_postponed() -> None:
    state = at(APPEAL, "2026-09-10", ("收到申请", "2026-09-03"))
    assert state.due_on == D("2026-10-08")


REPAIR = """
name = "最短公示期"
starts = "公示"
ends = "终止公示"
at_least = [{when = "食品药品等领域", limit = "12个月"}, {limit = "3个月"}]
"""


def test_minimum_publication_is_a_floor() -> None:
    early = at(
        REPAIR,
        "2026-06-01",
        ("公示", "2025-11-30"),
        ("终止公示", "2026-02-27"),
        食品药品等领域=False,
    )
    assert (early.earliest_on, early.is_early) == (D("2026-02-28"), True)
    kept = at(
        REPAIR,
        "2026-06-01",
        ("公示", "2025-11-30"),
        ("终止公示", "2026-02-28"),
        食品药品等领域=False,
    )
    assert not kept.is_early
    long = at(REPAIR, "2026-06-01", ("公示", "2025-11-30"), 食品药品等领域=True)
    assert (long.status, long.earliest_on) == ("running", D("2026-11-30"))


def test_clock_by_the_hour_moves_by_the_minutes_that_were_paused() -> None:
    lines = 'name="停电抢修"\nstarts="报修"\nends="恢复"\nlimit="16小时"\npause=[{name="避险"}]'
    events = [
        Event("报修", D("2026-09-01"), time(20)),
        Event("避险开始", D("2026-09-01"), time(23, 30)),
        Event("避险结束", D("2026-09-02"), time(1)),
    ]
    state = clock_state(clock(lines), events, D("2026-09-02"), at=time(13), days=DAYS)
    assert (state.status, state.due_on, state.due_at) == ("running", D("2026-09-02"), time(13, 30))
    late = clock_state(clock(lines), events, D("2026-09-02"), at=time(13, 31), days=DAYS)
    assert (late.status, late.over) == ("overdue", 1)


def test_unknown_holidays_leave_the_clock_undecided() -> None:
    state = at(DESIGN, "2026-12-30", ("受理", "2026-12-20"))
    assert (state.status, state.started_on) == ("undecided", D("2026-12-20"))
    assert "没有2027年的节假日安排" in state.why


DAYS_OF = st.dates(D("2024-02-01"), D("2026-03-31"))


@given(
    start=DAYS_OF,
    limit=st.integers(1, 40),
    unit=st.sampled_from(("工作日", "日")),
    offset=st.integers(0, 60),
    length=st.integers(0, 60),
)
def test_due_moves_by_exactly_the_days_that_were_paused(
    start: date, limit: int, unit: str, offset: int, length: int
) -> None:
    plain = clock_of(limit, unit)
    begin, end = start + timedelta(days=offset), start + timedelta(days=offset + length)
    now = start + timedelta(days=200)
    calm = clock_state(plain, [Event("受理", start)], now, days=DAYS)
    stopped = clock_state(
        plain, [Event("受理", start), Event("停始", begin), Event("停终", end)], now, days=DAYS
    )
    assert calm.due_on is not None
    assert stopped.due_on is not None
    assume(begin <= calm.due_on)
    moved = days_between(calm.due_on, stopped.due_on, Unit(unit), DAYS)
    assert moved == days_between(begin, end, Unit(unit), DAYS) == stopped.paused
    assert stopped.due_on >= calm.due_on


def clock_of(limit: int, unit: str) -> Clock:
    return clock(
        f'name="甲"\nstarts="受理"\nends="批复"\nlimit="{limit}{unit}"\n'
        'pause=[{name="停", from="停始", to="停终"}, {name="待", from="待始", to="待终"}]'
    )


@given(start=DAYS_OF, gaps=st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_pauses_side_by_side_are_counted_once(start: date, gaps: list[int]) -> None:
    points = [start + timedelta(days=sum(gaps[: number + 1])) for number in range(4)]
    both = [
        Event("受理", start),
        Event("停始", points[0]),
        Event("待始", points[1]),
        Event("停终", points[2]),
        Event("待终", points[3]),
    ]
    one = [Event("受理", start), Event("停始", points[0]), Event("停终", points[3])]
    now = start + timedelta(days=120)
    together = clock_state(clock_of(40, "日"), both, now, days=DAYS)
    assert together.due_on == clock_state(clock_of(40, "日"), one, now, days=DAYS).due_on


@given(start=DAYS_OF, days=st.integers(0, 90), unit=st.sampled_from(("工作日", "日")))
def test_used_and_left_make_up_the_limit_until_it_is_over(
    start: date, days: int, unit: str
) -> None:
    state = clock_state(
        clock_of(30, unit), [Event("受理", start)], start + timedelta(days=days), days=DAYS
    )
    assert state.used + state.left - state.over == 30


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('name="甲"\nstarts="受理"', "既没有“limit”，也没有“at_least”"),
        ('name="甲"\nlimit="7日"', "缺少“starts”"),
        ('name="甲"\nstarts="受理"\nlimit=7', "“limit”没有写单位"),
        ('name="甲"\nstarts="受理"\nlimit="3月"', "月数要写“个月”"),
        ('name="甲"\nstarts="受理"\nends="受理"\nlimit="7日"', "起算与办结是同一件事"),
        ('name="甲"\nstarts="受理"\nlimit="7日"\npromised="2小时"', "小时与日不能混用"),
        ('name="甲"\nstarts="受理"\nlimit={of="约定", limit="7日"}', "“limit”与“of”只能写一个"),
        ('name="甲"\nstarts="受理"\nlimit={of="约定"}\npromised="2小时"', "小时与日不能混用"),
        (
            'name="甲"\nstarts="受理"\nlimit="7小时"\npause={name="停", last_day="计入"}',
            "按小时的时限按钟点算，不写“last_day”",
        ),
        (
            'name="甲"\nstarts="受理"\nlimit={of="约定"}\nparts=[{name="乙", limit="7日"}]',
            "分段的时限只能有一个写明时长的“limit”",
        ),
        (
            'name="甲"\nstarts="受理"\nlimit="7日"\npause={name="停", last_day="算"}',
            "“last_day”不能是“算”",
        ),
        ('name="甲"\nstarts="受理"\nlimit="7日"\npuase=[]', "不认识的键“puase”。是不是“pause”"),
        (
            'name="甲"\nstarts="受理"\nlimit="16工作日"\n'
            'parts=[{together=["施工图审查","招标备案"], limit="14工作日"},'
            ' {name="施工许可", limit="1工作日"}]',
            "各段之和14＋1＝15，与总时限16个工作日不符",
        ),
    ],
)
def test_faults_name_the_clock_and_the_mistake(lines: str, fault: str) -> None:
    found = faults_of(f"[[clock]]\n{lines}")
    assert fault in found
    assert "时限“甲”" in found


def test_parts_that_sum_are_accepted() -> None:
    found = clock(
        'name="甲"\nstarts="受理"\nlimit="16工作日"\n'
        'parts=[{together=["施工图审查","招标备案"], limit="15工作日"},'
        ' {name="施工许可", limit="1工作日"}]'
    )
    assert [part.names for part in found.parts] == [("施工图审查", "招标备案"), ("施工许可",)]
