"""What follows a calendar's act (then), and calendars counted from each other's acts."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import Holds, Plan, plan_all
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat


def plan(text: str, first: str, last: str, holds: Holds | None = None) -> Plan:
    calendars = procedures_of(text).calendars
    return plan_all(calendars, D(first), D(last), days=DAYS, holds=holds or knowing())


def told(text: str, first: str, last: str, holds: Holds | None = None) -> list[tuple[str, str]]:
    return [(one.act, one.on.isoformat()) for one in plan(text, first, last, holds).dues]


def monthly(then: str) -> str:
    return f'[[calendar]]\nact="汇总"\nevery="月"\ndue={{date="25日"}}\nthen={{act="报送", {then}}}'


@pytest.mark.parametrize(
    ("then", "on"),
    [
        ('before="月末", minus="3日"', "2025-09-27"),
        ('after="月末", plus="3日"', "2025-10-03"),
        ('plus="3日"', "2025-09-28"),
        ('date="次月5日"', "2025-10-05"),
        ('date="28日", opens="26日"', "2025-09-28"),
        ('when="要报", date="28日"', "2025-09-28"),
        # It never comes before what it follows.
        ('before="月末", minus="10日"', "2025-09-25"),
    ],
)
def test_what_follows_is_counted_as_every_due_day_is(then: str, on: str) -> None:
    found = told(monthly(then), "2025-09-25", "2025-10-06", knowing(要报=True))
    assert sorted(found[:2]) == [("报送", on), ("汇总", "2025-09-25")]


def test_what_follows_under_a_condition_waits_for_it() -> None:
    text = monthly('when="要报", date="28日"')
    assert told(text, "2025-09-25", "2025-09-30", knowing(要报=False)) == [("汇总", "2025-09-25")]
    assert plan(text, "2025-09-25", "2025-09-30").doubts == ("缺数据，不能判断“要报”",)


def test_what_follows_may_speak_of_the_period_before() -> None:
    text = (
        '[[calendar]]\nact="报送"\nevery="季度"\ndue={date="10日", about="上期"}\n'
        'then={act="通报", date="20日", about="上期"}'
    )
    dues = plan(text, "2025-10-01", "2025-10-31").dues
    assert [(one.act, one.on.isoformat(), one.period) for one in dues] == [
        ("报送", "2025-10-10", "2025-Q3"),
        ("通报", "2025-10-20", "2025-Q3"),
    ]


def test_what_follows_in_the_next_month_is_told_on_its_day() -> None:
    assert told(monthly('date="次月31日"'), "2025-10-31", "2025-10-31") == [("报送", "2025-10-31")]


@pytest.mark.parametrize("then", ['after="收到通知", plus="3日"', 'before="例会", minus="1日"'])
def test_what_follows_cannot_be_counted_from_another_event(then: str) -> None:
    assert "“then”接着“汇总”做，不能从" in faults_of(monthly(then))
    assert faults_of(monthly('before="月末", minus="3日"')) == ""


MEETING = """
[[calendar]]
act = "例会"
every = "周"
due = {weekday = "周五"}
then = {act = "纪要", weekday = "下周二"}
"""


@pytest.mark.parametrize(
    ("due", "days"),
    [
        ('due = {before = "例会", minus = "2工作日"}', ["2025-09-10", "2025-09-17"]),
        ('due = {after = "纪要", plus = "1日"}', ["2025-09-10", "2025-09-17"]),
    ],
)
def test_a_calendar_is_counted_from_the_acts_of_another(due: str, days: list[str]) -> None:
    text = f'{MEETING}[[calendar]]\nact = "材料"\n{due}\n'
    found = told(text, "2025-09-08", "2025-09-19")
    assert [on for act, on in found if act == "材料"] == days


def test_a_denser_calendar_may_be_counted_from_an_act_that_stands_after_it() -> None:
    text = (
        '[[calendar]]\nact="材料"\nevery="月"\ndue={date="1日"}\n'
        'denser={when="红灯", every="周", due={before="例会", minus="1日"}}\n' + MEETING
    )
    found = told(text, "2025-09-08", "2025-09-19", knowing(红灯=True))
    assert [on for act, on in found if act == "材料"] == ["2025-09-11", "2025-09-18"]
