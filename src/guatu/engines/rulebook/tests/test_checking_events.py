"""An event that nobody can ever register is found before a ladder waits for it in vain."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook import parse_book
from guatu.engines.rulebook.checking.events import faults_of_events
from guatu.engines.rulebook.tests.books_read import HEAD, faults_of, given

LIGHT = """
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "落后时间进度 > 10*百分点", give = {severity = "serious", label = "红"}},
  {when = "落后时间进度 <= 10*百分点", give = {severity = "ok", label = "绿"}},
]
"""
LADDER = """
[[ladder]]
name = "督办"
clause = "二"
steps = [{from = "无", on = ON, to = "白单", do = ["提醒"]}]
"""
CLOCK = """
[[clock]]
name = "审批"
clause = "二"
limit = "20工作日"
starts = STARTS
ends = "批复"
"""
CALENDAR = (
    '[[calendar]]\nact = "月报"\nclause = "二"\nevery = "月"\ndue = {after = ON, plus = "3日"}\n'
)
FLOW = '[[workflow]]\nname = "办理"\nclause = "二"\nsteps = ["未按节点完成", "批复"]\n'


def told(*tables: str, events: str = "") -> str:
    head = HEAD.replace("}", f", events = [{events}]}}")
    book = parse_book(head + "\n".join(tables), source="b")
    return "\n".join(str(one) for one in faults_of_events(book, source="b"))


def ladder(on: str) -> str:
    return LADDER.replace("ON", on)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ((LIGHT, ladder('"亮红登"')), 'on = {light = "总灯", is = ["红"]}'),
        ((LIGHT, ladder('"亮绿灯"')), 'is = ["绿"]}'),
        ((LIGHT, ladder('"红"')), 'is = ["红"]}'),
        ((LIGHT, ladder("\"总灯 == '红'\"")), "是条件，不是一件事"),
        ((ladder('"年度计划完成率 >= 0.5"'),), "条件写在when里"),
        ((FLOW, ladder('"未按结点完成"')), "是不是“未按节点完成”"),
        ((ladder('"未按节点完成"'),), 'events = ["未按节点完成"]'),
        ((CLOCK.replace("STARTS", '"受里"'), FLOW), "时限“审批”：没有哪里写明“受里”"),
        ((CALENDAR.replace("ON", '"开网"'),), "日历“月报”：没有哪里写明“开网”"),
    ],
)
def test_an_event_that_can_never_come_is_a_fault(tables: tuple[str, ...], said: str) -> None:
    assert said in told(*tables)


@pytest.mark.parametrize(
    ("tables", "events"),
    [
        ((ladder('"未按节点完成"'),), '"未按节点完成"'),
        ((FLOW, ladder('"未按节点完成"')), ""),
        ((given("未按节点完成", "记录"), ladder('"未按节点完成"')), ""),
        ((LIGHT, ladder('{light = "总灯", is = ["红"]}')), ""),
        ((CLOCK.replace("STARTS", '"受理"'), FLOW), '"受理"'),
        ((CALENDAR.replace("ON", '"计划开工时间"'),), ""),
        ((LIGHT,), ""),
    ],
)
def test_an_event_that_is_declared_or_brought_is_none(tables: tuple[str, ...], events: str) -> None:
    """Twin: what somebody registers, or the book itself brings, is no fault."""
    assert told(*tables, events=events) == ""


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ((ladder('{light = "总灯", is = ["红"]}'),), "办法没有给项目亮灯"),
        ((LIGHT, ladder('{light = "总灯", is = ["红色"]}')), "总灯不会是“红色”。是不是“红”"),
        ((LIGHT, ladder('{light = "进度灯", is = ["红"]}')), "“light”只能是“总灯”"),
        ((LIGHT, ladder('{light = "总灯"}')), "缺少“is”"),
        ((LIGHT, ladder('{light = "总灯", iss = ["红"]}')), "不认识的键“iss”"),
        ((LIGHT, ladder('[{light = "总灯", is = ["红"]}, "甲"]')), "“on”只写一件事"),
        (
            (
                LIGHT,
                ladder('{light = "总灯", is = ["红"]}')
                + 'close = {on = {light = "总灯", is = ["红", "绿"]}}\n',
            ),
            "“红”写在两种不同的is里",
        ),
    ],
)
def test_a_light_that_moves_a_ladder_must_be_one_of_the_book(
    tables: tuple[str, ...], said: str
) -> None:
    assert said in faults_of(*tables)
