from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import (
    Ladder,
    LadderEvent,
    LadderState,
    begin,
    fold,
    next_state,
)
from guatu.engines.rulebook.procedures.ladder_state import Move
from guatu.engines.rulebook.procedures.ladders import OVERDUE, leaves
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat

ORDERS = """
per = "任务"
window = "自然年"
steps = [
  {from = "无", on = "未按节点完成", to = "白单", do = [
    {act = "书面说明", to = "市政府", within = "7日"}]},
  {from = "白单", on = "未按节点完成", to = "黄单", do = [{act = "约谈", by = "分管副市长"}]},
  {from = "黄单", on = "未按节点完成", to = "红单", do = [
    {act = "通报批评", where = "全市政府系统"}, {act = "上报", to = "市委"}]},
  {from = ["无", "白单"], on = "重大逾期", to = "红单", do = ["通报批评"]},
  {from = "白单", on = "逾期", to = "黄单"},
]
close = {on = "销号", to = "无"}
"""


def ladder(lines: str = ORDERS, head: str = "[ladder]") -> Ladder:
    return procedures_of(f"{head}\n{lines}").ladders[0]


def state(lines: str, as_of: str, *events: tuple[str, str], **facts: bool) -> LadderState:
    happened = [LadderEvent(name, D(on)) for name, on in events]
    return fold(ladder(lines), happened, D(as_of), days=DAYS, holds=knowing(**facts))


MISS = "未按节点完成"


@pytest.mark.parametrize(
    ("as_of", "events", "expected"),
    [
        ("2026-03-01", (), "无"),
        ("2026-03-05", ((MISS, "2026-03-01"),), "白单"),
        ("2026-03-05", ((MISS, "2026-03-01"), (MISS, "2026-03-04")), "黄单"),
        ("2026-03-05", ((MISS, "2026-03-01"), ("重大逾期", "2026-03-02")), "红单"),
        ("2026-03-05", (("重大逾期", "2026-03-02"),), "红单"),
        ("2026-03-08", ((MISS, "2026-03-01"),), "白单"),
        ("2026-03-09", ((MISS, "2026-03-01"),), "黄单"),
        ("2026-03-09", ((MISS, "2026-03-01"), ("销号", "2026-03-08")), "无"),
        (
            "2026-04-02",
            ((MISS, "2026-03-01"), ("销号", "2026-03-08"), (MISS, "2026-04-01")),
            "白单",
        ),
        ("2026-01-03", ((MISS, "2025-12-20"), (MISS, "2025-12-22"), (MISS, "2026-01-02")), "白单"),
        ("2026-01-03", ((MISS, "2025-12-20"),), "无"),
        ("2026-03-05", (("无关的事", "2026-03-01"),), "无"),
    ],
)
def test_ladder_of_three_orders(
    as_of: str, events: tuple[tuple[str, str], ...], expected: str
) -> None:
    assert state(ORDERS, as_of, *events).state == expected


def test_state_names_acts_count_deadline_and_what_comes_next() -> None:
    white = state(ORDERS, "2026-03-05", (MISS, "2026-03-01"))
    assert white.count == 1
    assert white.since == D("2026-03-01")
    assert [(str(one.act), one.due_on) for one in white.acts] == [
        ("书面说明（向市政府，7日内）", D("2026-03-08"))
    ]
    assert white.outlook == (
        "自然年内再有1次“未按节点完成”，升为“黄单”",
        "自然年内再有1次“重大逾期”，升为“红单”",
        "自然年内2026-03-08前未办结，升为“黄单”",
    )


def test_overdue_raises_on_the_day_after_the_limit() -> None:
    yellow = state(ORDERS, "2026-06-01", (MISS, "2026-03-01"))
    assert [(move.to, str(move.on), move.event) for move in yellow.moves] == [
        ("白单", "2026-03-01", MISS),
        ("黄单", "2026-03-09", OVERDUE),
    ]


ROLLING = ORDERS.replace("自然年", "12个月")


def test_rolling_window_forgets_what_is_too_old() -> None:
    events = ((MISS, "2025-01-10"), ("销号", "2025-01-12"), (MISS, "2025-06-01"))
    assert state(ROLLING, "2025-06-02", *events).count == 2
    assert state(ROLLING, "2026-01-11", *events, ("销号", "2025-06-03")).count == 1
    assert state(ROLLING, "2026-06-02", *events).state == "无"


KEPT = ORDERS.replace('close = {on = "销号", to = "无"}', 'close = {on = "销号", keep = true}')


def test_level_may_be_kept_after_closing() -> None:
    closed = state(KEPT, "2026-03-20", (MISS, "2026-03-01"), ("销号", "2026-03-05"))
    assert (closed.state, closed.is_open) == ("白单", False)
    again = state(
        KEPT, "2026-05-01", (MISS, "2026-03-01"), ("销号", "2026-03-05"), (MISS, "2026-04-01")
    )
    assert again.state == "黄单"


CARDS = """
window = "连续"
met = "绿牌"
steps = [
  {from = "无", on = "黄牌", to = "一次黄牌", do = [{act = "约谈", of = "项目相关负责人"}]},
  {from = "一次黄牌", on = "黄牌", to = "连续黄牌", do = [{act = "约谈", by = "分管副市长"}]},
  {from = "任何", on = "红牌", to = "红牌", do = [{act = "约谈", by = "分管市领导"}]},
]
"""


def test_a_green_card_breaks_the_row() -> None:
    yellow = (("黄牌", "2026-01-31"), ("绿牌", "2026-02-28"), ("黄牌", "2026-03-31"))
    assert state(CARDS, "2026-04-01", *yellow).state == "一次黄牌"
    assert state(CARDS, "2026-04-01", yellow[0], yellow[2]).state == "连续黄牌"
    assert state(CARDS, "2026-04-01", *yellow, ("红牌", "2026-04-01")).state == "红牌"


COLOURS = """
steps = [
  {from = "无", on = "进度不符", to = "蓝单", limit = "按单", do = [{act = "督办单"}]},
  {from = "蓝单", on = "逾期", to = "黄单", limit = "按单", order = "黄单发出", do = [{act = "警告"}]},
  {from = "黄单", on = "逾期", to = "红单", do = ["约谈", {act = "限期整改"}]},
]
close = {on = "整改完成"}
"""


def test_each_order_may_name_its_own_day() -> None:
    order = LadderEvent("进度不符", D("2026-03-01"), due_on=D("2026-03-20"))
    at = ladder(COLOURS)
    assert fold(at, [order], D("2026-03-20"), days=DAYS).state == "蓝单"
    yellow = fold(at, [order], D("2026-03-21"), days=DAYS)
    assert yellow.state == "黄单"
    assert yellow.doubts == ("“黄单”（2026-03-21）没有写明办理期限",)
    done = [order, LadderEvent("整改完成", D("2026-03-20"))]
    assert fold(at, done, D("2026-04-30"), days=DAYS).state == "无"


def test_an_order_sent_out_after_a_lapse_names_its_day() -> None:
    order = LadderEvent("进度不符", D("2026-03-01"), due_on=D("2026-03-20"))
    sent = LadderEvent("黄单发出", D("2026-03-23"), due_on=D("2026-04-10"))
    at = ladder(COLOURS)
    yellow = fold(at, [order, sent], D("2026-04-10"), days=DAYS)
    assert (yellow.state, yellow.deadline, yellow.doubts) == ("黄单", D("2026-04-10"), ())
    assert fold(at, [order, sent], D("2026-04-11"), days=DAYS).state == "红单"
    # Twins: an order without a day, one before the lapse, one of another name change nothing.
    for wrong in (
        LadderEvent("黄单发出", D("2026-03-23")),
        LadderEvent("黄单发出", D("2026-03-19"), due_on=D("2026-04-10")),
        LadderEvent("蓝单发出", D("2026-03-23"), due_on=D("2026-04-10")),
    ):
        left = fold(at, [order, wrong], D("2026-12-31"), days=DAYS)
        assert (left.state, len(left.doubts)) == ("黄单", 1)


ROLES = """
states = [
  {name = "一级", by = "项目分管领导", how = "日常协调", limit = "15日"},
  {name = "二级", by = "责任单位主要领导", how = "重点协调", limit = "15日"},
  {name = "三级", by = "联系县领导", how = "专题协调"},
  {name = "四级", by = "县主要领导", how = "督办协调"},
]
steps = [
  {from = "一级", on = "未解决", to = "二级"},
  {from = "二级", on = "未解决", to = "三级"},
  {from = "二级", on = "逾期", to = "三级"},
  {from = "三级", on = "未解决", to = "四级"},
]
close = {on = "解决"}
"""


def test_roles_climb_as_the_matter_stays_unsolved() -> None:
    at = ladder(ROLES)
    now = state(ROLES, "2026-03-30", ("未解决", "2026-03-01"))
    assert now.state == "三级"
    rung = at.rung(now.state)
    assert rung is not None
    assert rung.by == "联系县领导"


@pytest.mark.parametrize(("facts", "expected"), [(True, "无"), (False, "白单"), (None, "无")])
def test_exempt_events_are_not_counted(facts: bool | None, expected: str) -> None:
    known = {} if facts is None else {"不可抗力": facts}
    found = state(ORDERS + 'unless = "不可抗力"\n', "2026-03-05", (MISS, "2026-03-01"), **known)
    assert found.state == expected
    assert bool(found.doubts) is (facts is None)


def test_unknown_holidays_leave_a_doubt() -> None:
    lines = ORDERS.replace("7日", "7工作日")
    found = state(lines, "2026-12-31", (MISS, "2026-12-30"))
    assert found.state == "白单"
    assert found.deadline is None
    assert "没有2027年的节假日安排" in found.doubts[0]


EVENTS = (MISS, "重大逾期", "销号", "绿牌", "无关的事")
LADDERS = (
    ORDERS,
    ROLLING,
    KEPT,
    ORDERS.replace("自然年", "季度"),
    ORDERS.replace("自然年", "全程"),
)


def _breaks(at: Ladder, reached: LadderState) -> str:
    """What is not lawful about a state, or nothing."""
    if reached.state not in at.states:
        return f"unknown state {reached.state}"
    closing = {name for close in at.closes for name in close.on}
    for move in reached.moves:
        listed = any(
            step.on == move.event and step.to == move.to and leaves(step, move.origin)
            for step in at.steps
        )
        if not listed and move.event not in closing:
            return f"unlisted move {move}"
    return ""


@pytest.mark.parametrize("lines", LADDERS)
def test_ten_thousand_random_events_give_no_illegal_state(lines: str) -> None:
    at, dice = ladder(lines), random.Random(8)
    reached, day = begin(at), D("2024-02-01")
    for number in range(10_000):
        day += timedelta(days=dice.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 1)))
        reached = next_state(at, reached, LadderEvent(dice.choice(EVENTS), day), days=DAYS)
        if number % 50 == 0:
            assert _breaks(at, reached) == ""
        # What was folded into the state is not needed again for the law.
        reached = _short(reached)
    assert _breaks(at, reached) == ""


def _short(reached: LadderState) -> LadderState:
    return replace(reached, moves=reached.moves[-3:], seen=reached.seen[-8:])


def test_the_law_finds_an_unlisted_move() -> None:
    """Twin: a move from 无 straight to 黄单 is found."""
    forged = LadderState("黄单", moves=(Move("无", "黄单", D("2026-03-01"), MISS),))
    assert _breaks(ladder(), forged)


@given(
    st.lists(
        st.tuples(st.sampled_from(EVENTS), st.dates(D("2024-02-01"), D("2026-11-30"))), max_size=12
    ),
    st.sampled_from(LADDERS),
)
def test_steps_one_by_one_give_the_fold(events: list[tuple[str, date]], lines: str) -> None:
    at = ladder(lines)
    happened = [LadderEvent(name, on) for name, on in sorted(events, key=lambda one: one[1])]
    reached = begin(at)
    for event in happened:
        reached = next_state(at, reached, event, days=DAYS)
    last = happened[-1].on if happened else D("2024-02-01")
    folded = fold(at, happened, last, days=DAYS)
    assert (reached.state, reached.count, reached.is_open) == (
        folded.state,
        folded.count,
        folded.is_open,
    )


@given(st.lists(st.dates(D("2024-02-01"), D("2024-12-30")), min_size=1, max_size=9))
def test_a_new_year_begins_at_the_start(days: list[date]) -> None:
    at = ladder(ORDERS)
    events = [LadderEvent(MISS, on) for on in days]
    assert fold(at, events, D("2025-01-01"), days=DAYS).state == "无"
    assert fold(at, events, D("2024-12-31"), days=DAYS).state != "无"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('per="任务"', "没有“steps”"),
        ('window="去年"\nsteps=[{from="无", on="甲", to="白"}]', "“window”不能是“去年”"),
        ('window="连续"\nsteps=[{from="无", on="甲", to="白"}]', "缺少“met”"),
        ('steps=[{from="无", on="甲", to="白"}, {from="蓝", on="甲", to="红"}]', "状态“蓝”到不了"),
        (
            'steps=[{from="无", on="甲", to="白"}, {from="无", on="甲", to="红"}]',
            "“无”遇到“甲”已有没有条件的一级",
        ),
        (
            'steps=[{from="无", on="甲", to="白"}, {from="白", on="逾期", to="红"}]',
            "“白”有“逾期”一级，却没有写时限",
        ),
        (
            'steps=[{from="无", on="甲", to="白"}]\nclose={on="销号", to="黑"}',
            "close里的状态“黑”不在",
        ),
        ('steps=[{from="无", on="甲", to="白"}]\nclose={on="甲"}', "“甲”既升级又销号"),
        (
            'steps=[{from="无", on="甲", to="白", limit="按单"},'
            ' {from="白", on="逾期", to="黄", limit="按单"}, {from="黄", on="逾期", to="红"}]',
            "“黄”是到期升来的，没有写期限登记在哪件事上",
        ),
        (
            'steps=[{from="无", on="甲", to="白", limit="按单", order="白单发出"}]',
            "“order”只写在on = “逾期”、limit = “按单”的一级",
        ),
        (
            'steps=[{from="无", on="甲", to="白", limit="按单"},'
            ' {from="白", on="逾期", to="黄", limit="按单", order="甲"}]',
            "“甲”既登记期限，又升级或销号",
        ),
        ('steps=[{form="无", on="甲", to="白"}]', "不认识的键“form”。是不是“from”"),
        (
            'steps=[{from="无", on="甲", to="白", do=[{act="约谈话"}]}]',
            "不认识的动作“约谈话”。是不是“约谈”",
        ),
        ('states=["无"]\nsteps=[{from="无", on="甲", to="白"}]', "“states”里没有状态“白”"),
    ],
)
def test_faults_name_the_mistake(lines: str, fault: str) -> None:
    assert fault in faults_of(f"[ladder]\n{lines}")
