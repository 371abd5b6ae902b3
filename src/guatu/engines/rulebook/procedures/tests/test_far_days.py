"""From the year 1 to 9999: a doubt or nothing, never an exception."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures import (
    ClockStatus,
    Deed,
    Event,
    LadderEvent,
    Paper,
    Span,
    Unit,
    begin_work,
    clock_state,
    fold,
    judge_checklist,
    judge_duty,
    next_step,
    plan_all,
)
from guatu.engines.rulebook.procedures.durations import (
    BeyondYears,
    add_span,
    moved_within,
    take_span,
)
from guatu.engines.rulebook.procedures.terms import WRITTEN, Every, Rhythm
from guatu.engines.rulebook.procedures.tests.tables_read import procedures_of

DAYS = WorkCalendar()
EVERY = "\n".join(
    f'[[calendar]]\nact = "{every}报"\nevery = "{every}"\nstart = 2025-01-06\n'
    'due = {after = "期末", plus = "1年"}\nthen = {act = "后续", plus = "3个月"}'
    for every in WRITTEN
)
BOOK = f"""
{EVERY}
[[calendar]]
act = "次年"
every = "年"
due = {{date = "次年1月31日", about = "上期", on_holiday = "顺延"}}
[[calendar]]
act = "次月"
due = {{date = "次月5日", on_holiday = "提前"}}
[[calendar]]
act = "下周"
due = {{weekday = "下周一", about = "上期"}}
[[calendar]]
act = "会前"
due = {{before = "事", minus = "120个月"}}
[[clock]]
name = "时限"
starts = "事"
ends = "毕"
limit = "120个月"
at_least = "3650日"
promised = "2周"
on_holiday = "顺延"
pause = [{{name = "停", from = "停", to = "复", max = "100年"}}]
extend = {{on = "延", limit = "100年"}}
[[clock]]
name = "钟点"
starts = "事"
ends = "毕"
limit = "3650小时"
pause = ["停"]
[[ladder]]
name = "近年"
window = "99个月"
steps = [{{from = "无", on = "事", to = "甲", limit = "100年", do = [{{act = "约谈", within = "100年"}}]}},
  {{from = "甲", on = "逾期", to = "乙"}}]
[[ladder]]
name = "半年"
window = "半年"
steps = [{{from = "无", on = "事", to = "甲", limit = "1日"}}, {{from = "甲", on = "逾期", to = "乙"}}]
[[checklist]]
name = "清单"
all_of = ["材料"]
on_missing = "补正"
limit = "100年"
[[workflow]]
name = "流程"
start = "事"
steps = [{{name = "甲", within = "100年"}}, {{name = "乙", within = "3650工作日"}}]
[[duty]]
who = "甲"
what = "走访"
every = "双周"
start = 2025-01-06
"""
FOUND = procedures_of(BOOK)
DATES = st.dates(date.min, date.max) | st.sampled_from(
    [date.min, date(1, 1, 2), date(1, 3, 31), date(9999, 12, 27), date(9999, 12, 30), date.max]
)


def everything_told(as_of: date, happened: date) -> None:
    """All procedures once; whatever is raised fails the test."""
    events = [Event(name, happened) for name in ("事", "停", "复", "延")]
    for clock in FOUND.clocks:
        state = clock_state(clock, events, as_of, days=DAYS)
        assert state.due_on is None or state.due_on >= happened
    for ladder in FOUND.ladders:
        fold(ladder, [LadderEvent("事", happened)], as_of, days=DAYS)
    for checklist in FOUND.checklists:
        judge_checklist(checklist, [Paper("别的")], received_on=happened, now=as_of, days=DAYS)
    for workflow in FOUND.workflows:
        state_of_work = begin_work(workflow, happened, days=DAYS)
        next_step(workflow, state_of_work, Event("甲", happened), days=DAYS)
    for duty in FOUND.duties:
        judge_duty(duty, [Deed("甲", happened)], first=as_of, now=as_of)


@given(DATES, DATES)
@example(date.max, date.max)
@example(date.min, date.min)
def test_no_day_there_is_breaks_a_clock_a_ladder_or_a_duty(as_of: date, happened: date) -> None:
    everything_told(as_of, happened)


@pytest.mark.parametrize(
    "as_of",
    [date.min, date(1, 12, 30), date(1004, 2, 29), date(9900, 1, 1), date(9999, 12, 1), date.max],
)
def test_no_day_there_is_breaks_a_calendar(as_of: date) -> None:
    last = moved_within(as_of, timedelta(days=60))
    plan = plan_all(FOUND.calendars, as_of, last, days=DAYS, events={"事": [as_of]})
    assert all(as_of <= one.on <= last for one in plan.dues)


@given(DATES, st.sampled_from(Every), st.integers(0, 40))
def test_terms_between_two_days_follow_each_other(day: date, every: Every, count: int) -> None:
    rhythm = Rhythm(every, start_on=date(2025, 1, 6))
    terms = list(rhythm.between(day, moved_within(day, timedelta(days=count))))
    for one, two in pairwise(terms):
        assert one.last_on + timedelta(days=1) == two.first_on
    if day.year not in (1, 9999):
        assert terms[0].first_on <= day <= terms[0].last_on


@given(DATES, st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR, Unit.HOUR]))
def test_a_span_ends_in_the_years_there_are_or_says_that_it_does_not(day: date, unit: Unit) -> None:
    span = Span(100, unit)
    for move, back in ((add_span, False), (take_span, True)):
        try:
            assert (move(day, span, DAYS) < day) is back
        except BeyondYears:
            assert (day.year < 102) if back else (day.year > 9897)


def test_a_clock_past_the_last_year_cannot_be_told() -> None:
    clock = FOUND.clocks[0]
    state = clock_state(clock, [Event("事", date(9999, 1, 1))], date(9999, 1, 2), days=DAYS)
    assert state.status is ClockStatus.UNDECIDED
    assert "9999年" in state.why


def test_the_bare_arithmetic_does_break() -> None:
    """Twin: without the guard the same sums raise what nobody catches."""
    with pytest.raises(OverflowError):
        date.max + timedelta(days=1)
    assert not issubclass(OverflowError, CalendarUnknown)
