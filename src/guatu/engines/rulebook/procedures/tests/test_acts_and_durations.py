from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import VERBS, Act, Effect, Span, Unit, parse_span
from guatu.engines.rulebook.procedures.durations import (
    add_span,
    days_between,
    take_span,
)
from guatu.engines.rulebook.procedures.tests.tables_read import faults_of, procedures_of
from guatu.engines.rulebook.procedures.verbs import REFUSED
from guatu.engines.rulebook.spans import add_months

DAYS = WorkCalendar()
D = date.fromisoformat


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("5工作日", Span(5, Unit.WORKDAY)),
        ("5个工作日", Span(5, Unit.WORKDAY)),
        ("十五个工作日", Span(15, Unit.WORKDAY)),
        ("二十日", Span(20, Unit.DAY)),
        ("两周", Span(2, Unit.WEEK)),
        ("7天", Span(7, Unit.DAY)),
        ("3个月", Span(3, Unit.MONTH)),
        ("半年", Span(6, Unit.MONTH)),
        ("1年", Span(1, Unit.YEAR)),
        ("16小时", Span(16, Unit.HOUR)),
        ("即办", Span(0, Unit.WORKDAY)),
    ],
)
def test_spans_are_read_as_officials_write_them(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["", "5", "日", "3月", "-3日", "1.5日", "99999日", "五五日", "9999日"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_span(text)


@given(st.integers(0, 100), st.sampled_from(list(Unit)))
def test_a_span_reads_back_as_written(count: int, unit: Unit) -> None:
    span = Span(count, unit)
    assert parse_span(str(span)) == span


@given(st.dates(D("2024-03-01"), D("2026-06-30")), st.integers(1, 60))
def test_working_days_forth_and_back(day: date, count: int) -> None:
    span = Span(count, Unit.WORKDAY)
    later = add_span(day, span, DAYS)
    assert DAYS.is_workday(later)
    assert days_between(day, later, Unit.WORKDAY, DAYS) == count
    if DAYS.is_workday(day):
        assert take_span(later, span, DAYS) == day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2025-11-30", 3, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: str, months: int, expected: str) -> None:
    assert add_months(D(day), months) == D(expected)


def acts_of(do: str) -> tuple[Act, ...]:
    return (
        procedures_of(f'clock = {{name="甲", starts="乙", ends="丙", limit="1日", over={do}}}')
        .clocks[0]
        .over
    )


def faults(do: str) -> str:
    return faults_of(f'clock = {{name="甲", starts="乙", ends="丙", limit="1日", over={do}}}')


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_can_be_written(verb: str) -> None:
    filled = {"points": "1", "account": '"账户"', "what": '"某事"', "for": '"1年"'}
    needs = "".join(f", {key} = {filled[key]}" for key in VERBS[verb].needs)
    assert acts_of(f'[{{act = "{verb}"{needs}}}]')[0].effect is VERBS[verb].effect


def test_no_verb_is_a_measure_on_a_person() -> None:
    assert not REFUSED & VERBS.keys()


@pytest.mark.parametrize("verb", sorted(REFUSED))
def test_measures_on_persons_are_refused_with_the_way_out(verb: str) -> None:
    found = faults(f'["{verb}"]')
    assert f"不能写“{verb}”" in found
    assert "由有权机关依规处理" in found


def test_points_are_exact_and_deductions_negative() -> None:
    act = acts_of('[{act="扣分", points=0.3, account=["甲账", "乙账"], note="每个"}]')[0]
    assert act.points == Fraction(-3, 10)
    assert act.effect is Effect.DEDUCT
    assert str(act) == "扣分（甲账、乙账0.3分）"


@pytest.mark.parametrize(
    ("do", "fault"),
    [
        ('["督办信"]', "不认识的动作“督办信”。是不是“督办"),
        ('["下发督办函"]', "是不是“督办函”"),
        ('[{act="扣分", points=1}]', "“扣分”缺少“account”"),
        ('[{act="禁止", what="申报"}]', "“禁止”缺少“for”"),
        ('[{act="约谈", within=7}]', "“within”没有写单位"),
        ('[{act="约谈", whom="甲"}]', "不认识的键“whom”"),
        ('[{act="收取费用", at_most="二成", base="出让金"}]', "“at_most”应是百分比"),
        ('[{act="收取费用", at_most="20%"}]', "缺少“base”"),
        ("[3]", "应是一个表"),
    ],
)
def test_faults_of_acts(do: str, fault: str) -> None:
    assert fault in faults(do)
