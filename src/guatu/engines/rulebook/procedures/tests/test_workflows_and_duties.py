from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import (
    Deed,
    Event,
    Holds,
    Workflow,
    WorkState,
    begin_work,
    judge_duty,
    next_step,
)
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat

SITE = """
name = "整改复工"
steps = [
  {name = "限期整改", by = "监督机构"},
  {name = "书面反馈", by = "施工单位", within = "5工作日"},
  {name = "申请复工", when = "已停工"},
  {name = "现场确认", by = "监督机构", within = "3工作日", recuse = ["书面反馈"], do = ["复工"]},
]
back = [{from = "现场确认", on = "不合格", to = "书面反馈"}]
stop = ["撤回"]
"""


def workflow(lines: str = SITE) -> Workflow:
    return procedures_of(f"[[workflow]]\n{lines}").workflows[0]


def walked(holds: Holds, *events: tuple[str, str] | tuple[str, str, str]) -> WorkState:
    flow = workflow()
    state = begin_work(flow, D("2026-09-01"), days=DAYS, holds=holds)
    for name, on, *by in events:
        event = Event(name, D(on), by=by[0] if by else "")
        state = next_step(flow, state, event, days=DAYS, holds=holds)
    return state


RUNS = knowing(已停工=False)
STOPPED = knowing(已停工=True)


@pytest.mark.parametrize(
    ("holds", "events", "step"),
    [
        (RUNS, (), "限期整改"),
        (RUNS, (("限期整改", "2026-09-02"),), "书面反馈"),
        (RUNS, (("书面反馈", "2026-09-02"),), "限期整改"),
        (RUNS, (("限期整改", "2026-09-02"), ("书面反馈", "2026-09-03")), "现场确认"),
        (STOPPED, (("限期整改", "2026-09-02"), ("书面反馈", "2026-09-03")), "申请复工"),
        (knowing(), (("限期整改", "2026-09-02"), ("书面反馈", "2026-09-03")), "申请复工"),
        (
            RUNS,
            (("限期整改", "2026-09-02"), ("书面反馈", "2026-09-03"), ("不合格", "2026-09-04")),
            "书面反馈",
        ),
        (RUNS, (("限期整改", "2026-09-02"), ("撤回", "2026-09-03")), ""),
    ],
)
def test_workflow_goes_on_back_and_past_what_does_not_apply(
    holds: Holds, events: tuple[tuple[str, str], ...], step: str
) -> None:
    assert walked(holds, *events).step == step


def test_step_has_its_due_day() -> None:
    state = walked(RUNS, ("限期整改", "2026-09-24"))
    # Mid-Autumn 25–27 September, the National Day from 1 October.
    assert state.due_on == D("2026-10-09")


def test_whoever_did_the_one_may_not_do_the_other() -> None:
    events = (("限期整改", "2026-09-02"), ("书面反馈", "2026-09-03", "甲"))
    barred = walked(RUNS, *events, ("现场确认", "2026-09-04", "甲"))
    assert barred.step == "现场确认"
    assert barred.doubts == ("“甲”办过“书面反馈”，办“现场确认”应当回避",)
    done = walked(RUNS, *events, ("现场确认", "2026-09-04", "乙"))
    assert done.is_done
    assert [one.act.act for one in done.acts] == ["复工"]


@pytest.mark.parametrize(
    ("holds", "step", "doubts"),
    [
        (knowing(列入=True), "甲", ()),
        (knowing(列入=False), "", ()),
        (knowing(), "", ("缺数据，不能判断“列入”",)),
    ],
)
def test_workflow_begins_only_where_it_applies(
    holds: Holds, step: str, doubts: tuple[str, ...]
) -> None:
    flow = workflow('name = "专班"\nwhen = "列入"\nstart = "组建"\nsteps = ["甲"]\n')
    begun = begin_work(flow, D("2026-09-01"), days=DAYS, holds=holds)
    event = Event("组建", D("2026-09-01"))
    assert next_step(flow, WorkState(), event, days=DAYS, holds=holds) == begun
    assert (begun.step, begun.is_done, begun.doubts) == (step, False, doubts)


def test_random_events_never_leave_the_listed_steps() -> None:
    flow, dice = workflow(), random.Random(5)
    names = [step.name for step in flow.steps]
    words = [*names, "不合格", "别的"]
    state, day = begin_work(flow, D("2024-02-01"), days=DAYS, holds=RUNS), D("2024-02-01")
    for _ in range(3000):
        day += timedelta(days=dice.choice((0, 0, 0, 1)))
        before = state.step
        event = Event(dice.choice(words), min(day, D("2026-11-30")))
        state = next_step(flow, state, event, days=DAYS, holds=RUNS)
        if state.is_done:
            state = begin_work(flow, min(day, D("2026-11-30")), days=DAYS, holds=RUNS)
        elif state.step != before:
            forward = names.index(state.step) > names.index(before)
            assert forward or event.name == "不合格"
        assert state.step in names


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('name="甲"', "没有“steps”"),
        ('name="甲"\nsteps=["乙","乙"]', "步骤“乙”写了两次"),
        ('name="甲"\nsteps=["乙","丙"]\nback=[{from="乙", to="丙"}]', "却在它后面"),
        ('name="甲"\nsteps=["乙","丙"]\nback=[{from="丙", to="丁"}]', "步骤“丁”没有写"),
        ('name="甲"\nsteps=[{name="乙", witin="3日"}]', "不认识的键“witin”。是不是“within”"),
    ],
)
def test_workflow_faults(lines: str, fault: str) -> None:
    assert fault in faults_of(f"[[workflow]]\n{lines}")


DUTY = """
[[duty]]
who = ["责任领导"]
what = "到企业联系"
at_least = 2
every = "月"
record = true
missed = [{act = "提醒"}]
"""


@pytest.mark.parametrize(
    ("deeds", "now", "statuses"),
    [
        ((), "2026-09-15", ["open"]),
        ((), "2026-10-01", ["missed", "open"]),
        ((("2026-09-01", True), ("2026-09-30", True)), "2026-10-01", ["met", "open"]),
        ((("2026-09-01", True), ("2026-09-30", False)), "2026-10-01", ["missed", "open"]),
        ((("2026-09-01", True), ("2026-10-01", True)), "2026-10-01", ["missed", "open"]),
        ((("2026-09-01", True), ("2026-09-02", True)), "2026-09-02", ["met"]),
    ],
)
def test_duty_counts_what_is_recorded(
    deeds: tuple[tuple[str, bool], ...], now: str, statuses: list[str]
) -> None:
    duty = procedures_of(DUTY).duties[0]
    done = [Deed("责任领导", D(on), recorded=recorded) for on, recorded in deeds]
    verdicts = judge_duty(duty, done, first=D("2026-09-01"), now=D(now))
    assert [one.status for one in verdicts] == statuses
    assert [bool(one.acts) for one in verdicts] == [one == "missed" for one in statuses]


def test_duty_of_each_project_lists_the_projects_not_visited() -> None:
    text = '[[duty]]\nwho="领导"\nwhat="到项目调研"\nper="项目"\nevery="季度"'
    duty = procedures_of(text).duties[0]
    verdicts = judge_duty(
        duty,
        [Deed("领导", D("2026-08-01"), about="甲")],
        first=D("2026-07-01"),
        now=D("2026-09-30"),
        subjects=("甲", "乙"),
    )
    assert [(one.about, one.status) for one in verdicts] == [("甲", "met"), ("乙", "open")]
    assert verdicts[0].why == "2026年第三季度领导“甲”到项目调研1次，应不少于1次"


def test_duty_in_doubt_is_neither_met_nor_missed() -> None:
    duty = procedures_of(f'{DUTY}when = "包联"').duties[0]
    doubts: list[str] = []
    first, now = D("2026-09-01"), D("2026-10-01")
    assert judge_duty(duty, [], first=first, now=now, doubts=doubts) == ()
    assert doubts == ["缺数据，不能判断“包联”"]
    free = knowing(包联=False)
    assert judge_duty(duty, [], first=first, now=now, holds=free, doubts=doubts) == ()
    assert len(doubts) == 1


def test_duty_faults() -> None:
    assert "职责不写“fields”" in faults_of(f'{DUTY}fields = ["时间"]')
    assert faults_of(DUTY) == ""
    assert "缺少“who”" in faults_of('[[duty]]\nwhat="甲"')
    assert "没有写“every”" in faults_of('[[duty]]\nwho="乙"\nwhat="甲"\nat_least=2')
