"""Operators of score cards: figures as the published texts state them, and laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from guatu.engines.rulebook.tests.books_read import (
    answer,
    answers,
    book_of,
    derived,
    faults_of,
    given,
)

RATE = given("完成率", "比率")


def card(operator: str, *more: str, full: str = "40", missing: str = '"无数据"') -> str:
    lines = ['name = "投资"', 'clause = "三"', f"full = {full}", f"missing = {missing}", operator]
    return "[[part]]\n" + "\n".join((*lines, *more)) + "\n"


def points(*tables: str, **facts: object) -> str | None:
    part: str | None = answer(book_of(*tables), **facts)["parts"][0]["points"]
    return part


STEPS = (
    'steps = {{of = "完成率", target = 100, step = 2, up = 1, down = 1, partial = "{}",'
    " clamp = [-15, 15]}}"
)


@pytest.mark.parametrize(
    ("partial", "rate", "expected"),
    [
        ("只计整步", "100%", "40"),
        ("只计整步", "103.9%", "41"),
        ("只计整步", "96.1%", "39"),
        ("不足一步按一步", "103.9%", "42"),
        ("不足一步按一步", "96.1%", "38"),
        ("按比例", "103%", "41.5"),
        ("whole", "103%", "41"),
        ("按比例", "300%", "55"),
        ("按比例", "0%", "25"),
    ],
)
def test_steps_count_whole_started_or_shared_steps(partial: str, rate: str, expected: str) -> None:
    assert points(RATE, card(STEPS.format(partial)), 完成率=rate) == expected


LATE = given("逾期天数", "天数", 'by_work = "less"')
LATER = (
    'steps = {of = "逾期天数", target = "0天", step = "5天", up = 0, down = 2,'
    ' partial = "只计整步", better = "少"}'
)


@pytest.mark.parametrize(
    ("better", "days", "expected"),
    [("少", 0, "40"), ("少", 4, "40"), ("少", 5, "38"), ("少", 12, "36"), ("多", 12, "40")],
)
def test_where_less_is_better_each_step_above_costs_points(
    better: str, days: int, expected: str
) -> None:
    """The last row is the twin: the other way round days overdue cost nothing."""
    operator = LATER.replace('"少"', f'"{better}"')
    assert points(LATE, card(operator), 逾期天数=days) == expected


def test_where_less_is_better_each_step_below_may_earn_points() -> None:
    operator = LATER.replace('target = "0天"', 'target = "10天"').replace("up = 0", "up = 1")
    assert points(LATE, card(operator), 逾期天数=0) == "42"


def test_steps_may_have_another_size_above_than_below() -> None:
    operator = (
        'steps = {of = "完成率", target = 100, step_up = 5, step_down = 1, up = 1, down = 2,'
        ' partial = "只计整步"}'
    )
    assert points(RATE, card(operator), 完成率="110%") == "42"
    assert points(RATE, card(operator), 完成率="97%") == "34"


def test_a_step_without_a_word_on_partial_steps_is_refused() -> None:
    operator = 'steps = {of = "完成率", target = 100, step = 2, up = 1, down = 1}'
    assert "没有写明不足一步的怎么算" in faults_of(RATE, card(operator))


@pytest.mark.parametrize(
    ("most", "rate", "expected"),
    [('"满分"', "90%", "36"), ('"满分"', "120%", "40"), ('"不封顶"', "120%", "48"), ("44", "120%", "44"),
     ('"满分"', "-5%", "0")],
)  # fmt: skip
def test_proportional_points_are_capped_as_the_book_says(
    most: str, rate: str, expected: str
) -> None:
    operator = f'proportional = {{of = "完成率", target = 100, most = {most}}}'
    assert points(RATE, card(operator), 完成率=rate) == expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("100%", "0"),
        ("101%", "0.5"),
        ("130%", "15"),
        ("131%", "15.2"),
        ("150%", "19"),
        ("90%", "0"),
    ],
)
def test_marginal_brackets_have_their_own_rate(rate: str, expected: str) -> None:
    operator = (
        'marginal = {of = "完成率", above = 100, step = 1, partial = "只计整步",'
        " slices = [{to = 130, points = 0.5}, {points = 0.2}]}"
    )
    assert points(RATE, card(operator, full="0"), 完成率=rate) == expected


def test_marginal_brackets_may_have_their_own_step() -> None:
    operator = (
        'marginal = {of = "完成率", above = 100, partial = "只计整步",'
        " slices = [{to = 120, step = 5, points = 1}, {step = 10, points = 1}]}"
    )
    got = [
        points(RATE, card(operator, full="0"), 完成率=f"{r}%") for r in (104, 112, 120, 129, 135)
    ]
    assert got == ["0", "2", "4", "4", "5"]
    assert "没有写多少一步" in faults_of(RATE, card(operator.replace("step = 10, ", ""), full="0"))


@pytest.mark.parametrize(
    ("fall", "rate", "expected"),
    [
        ("less = 0.5", "30%", "3.5"),
        ("less = 0.5", "100%", "5"),
        ('times = "50%"', "40%", "3.5"),
        ('times = "50%"', "35%", "3"),
    ],
)
def test_a_series_without_end_gives_less_each_step(fall: str, rate: str, expected: str) -> None:
    operator = (
        'series = {of = "完成率", above = 10, step = 10, first = 2,'
        f' {fall}, least = 0, partial = "只计整步"}}'
    )
    assert points(RATE, card(operator, full="0"), 完成率=rate) == expected


CASES = """cases = [
  {when = "超额 > 500*万元", points = 2, beyond = {of = "超额", above = "500万元", step = "100万元", points = 1, partial = "只计整步"}},
  {when = "0 < 超额 <= 500*万元", points = 1}]
otherwise = 0"""


@pytest.mark.parametrize(
    ("over", "expected"),
    [("0元", "0"), ("1元", "1"), ("500万元", "1"), (5000001, "2"), ("599万元", "2"), ("600万元", "3"),
     ("1000万元", "7")],
)  # fmt: skip
def test_cases_may_give_more_beyond_a_mark(over: object, expected: str) -> None:
    assert points(given("超额", "金额"), card(CASES, full="0"), 超额=over) == expected


def test_rank_points_are_evenly_spaced_between_first_and_last() -> None:
    book = book_of(
        RATE,
        derived("名次", "个数", 'rank = {of = "完成率", ties = "并列跳号"}'),
        derived("家数", "个数", 'peers = {take = "个数"}'),
        card('rank_points = {rank = "名次", size = "家数", first = 20, last = 10}', full="20"),
    )
    rows = answers(book, *({"id": str(n), "完成率": f"{90 - n}%"} for n in range(5)))
    assert [row["parts"][0]["points"] for row in rows] == ["20", "17.5", "15", "12.5", "10"]
    alone = answers(book, {"id": "甲", "完成率": "1%"})
    assert alone[0]["parts"][0]["points"] == "20"


def test_efficacy_lies_between_the_base_and_the_full_mark() -> None:
    book = book_of(
        RATE,
        derived("最高", "比率", 'peers = {take = "最高", of = "完成率", absent = "不计入"}'),
        derived("最低", "比率", 'peers = {take = "最低", of = "完成率", absent = "不计入"}'),
        card('efficacy = {of = "完成率", best = "最高", worst = "最低", base = "60%"}', full="10"),
    )
    rows = answers(
        book,
        *(
            {"id": one, "完成率": rate}
            for one, rate in zip("甲乙丙", ("50%", "75%", "100%"), strict=True)
        ),
    )
    assert [row["parts"][0]["points"] for row in rows] == ["6", "8", "10"]
    same = answers(book, {"id": "甲", "完成率": "5%"}, {"id": "乙", "完成率": "5%"})
    assert [row["parts"][0]["points"] for row in same] == ["10", "10"]


def test_a_blend_asks_for_weights_of_one() -> None:
    tables = [given("甲分", "分数"), given("乙分", "分数")]
    good = card('blend = {weights = {"甲分" = "80%", "乙分" = "20%"}}', full="100")
    assert points(*tables, good, 甲分=90, 乙分=Decimal("70.5")) == "86.1"
    assert points(*tables, good, 甲分=90) is None
    assert "权重之和是90%" in faults_of(*tables, good.replace("80%", "70%"))
    lenient = good.replace("}}", '}, absent = "其余按比例"}')
    assert points(*tables, lenient, 甲分=90) == "90"


def test_points_somebody_gives_count_only_within_the_range() -> None:
    tables = [
        given("评分", "分数"),
        card('awarded = {named = "评分", between = [5, 20]}', full="20"),
    ]
    assert points(*tables, 评分=5) == "5"
    assert points(*tables, 评分=Decimal("20.5")) is None
    free = tables[1].replace("[5, 20]", '[10, "不封顶"]')
    assert points(tables[0], free, 评分=300) == "300"


def test_a_table_may_go_by_rank_or_by_name() -> None:
    level = given("级别", "文字", 'values = ["省重点", "市重点"]')
    by_name = card('table = {of = "级别", rows = {"省重点" = 5, "市重点" = 3}}', full="5")
    assert points(level, by_name, 级别="市重点") == "3"
    assert "表里没有：市重点" in faults_of(level, by_name.replace(', "市重点" = 3', ""))
    rank = given("名次", "个数")
    by_rank = card('table = {of = "名次", rows = {1 = 10, 2 = 8}, otherwise = 0}', full="10")
    assert [points(rank, by_rank, 名次=n) for n in (1, 2, 3)] == ["10", "8", "0"]


EVENTS = given("缺报", "记录")


def test_events_are_counted_in_the_window_and_capped() -> None:
    part = card('each = [{event = "缺报", points = -1, cap = -3}]', full="10")
    days = [{"on": f"2025-0{month}-28"} for month in range(1, 8)]
    assert points(EVENTS, part, 缺报=days[:2]) == "8"
    assert points(EVENTS, part, 缺报=days) == "7"
    assert points(EVENTS, part, 缺报=[{"on": "2024-12-31"}]) == "10"
    assert points(EVENTS, part, 缺报=[{"on": "2025-10-01"}]) == "10"
    assert points(EVENTS, part) == "10"
    assert "同为正数或同为负数" in faults_of(EVENTS, part.replace("cap = -3", "cap = 3"))


def test_events_may_be_capped_for_each_quarter_too() -> None:
    part = card(
        'each = [{event = "缺报", points = -1, cap_per = {every = "季度", cap = -2}, cap = -3}]',
        full="10",
    )
    first = [{"on": f"2025-0{month}-28"} for month in (1, 2, 3)]
    assert points(EVENTS, part, 缺报=first) == "8"
    assert points(EVENTS, part, 缺报=[*first, {"on": "2025-04-01"}, {"on": "2025-05-01"}]) == "7"


def test_of_exclusive_bonuses_only_the_weightiest_counts() -> None:
    tables = [given("国家奖", "是否"), given("省级奖", "是否"), given("其他奖", "是否")]
    part = card(
        'each = [{event = "国家奖", points = 5, group = "奖"}, {event = "省级奖", points = 3, group = "奖"},'
        ' {event = "其他奖", points = 1}]', full="0"
    )  # fmt: skip
    assert points(*tables, part, 国家奖=True, 省级奖=True, 其他奖=True) == "6"
    assert points(*tables, part, 省级奖=True) == "3"


def test_floor_cap_zero_and_override_come_in_this_order() -> None:
    tables = [RATE, EVENTS, given("核定分", "分数"), given("出事故", "是否")]
    part = card(
        'proportional = {of = "完成率", target = 100, most = "不封顶"}',
        'override = "核定分"', 'each = [{event = "缺报", points = -10}]', "floor = 0", "cap = 50",
        'zero_when = "出事故"',
    )  # fmt: skip
    assert points(*tables, part, 完成率="200%") == "50"
    assert points(*tables, part, 完成率="200%", 核定分=30) == "30"
    assert points(*tables, part, 完成率="10%", 缺报=["2025-01-01"]) == "0"
    assert points(*tables, part, 完成率="100%", 出事故=True) == "0"
    assert points(*tables, part) is None
    assert points(*tables, part.replace('"无数据"', "7")) == "7"


SCORE = """
[[part]]
name = "进度"
clause = "一"
full = 60
missing = "不计入"
proportional = {of = "完成率", target = 100, most = "满分"}
[[part]]
name = "质量"
clause = "一"
full = 40
missing = "无数据"
awarded = {named = "质量分", between = [0, 40]}
[[score]]
name = "总分"
clause = "一"
full = 100
veto = [{when = "事故", set = 0}]
"""
SCORED = (RATE, given("质量分", "分数"), given("事故", "是否"))


def test_a_score_adds_up_and_a_veto_sets_it() -> None:
    book = book_of(*SCORED, SCORE)
    assert answer(book, 完成率="90%", 质量分=Decimal("32.5"))["score"] == "86.5"
    assert answer(book, 完成率="90%", 质量分=32, 事故=True)["score"] == "0"
    assert answer(book, 完成率="90%")["score"] is None
    assert answer(book, 质量分=30)["score"] == "30"


def test_what_is_not_counted_may_be_rescaled() -> None:
    book = book_of(*SCORED, SCORE + "rescaled = true\n")
    assert answer(book, 质量分=30)["score"] == "75"


def test_full_marks_that_do_not_add_up_are_refused() -> None:
    assert "满分之和是100分，不是90分" in faults_of(
        *SCORED, SCORE.replace("full = 100", "full = 90")
    )
    weighted = SCORE.replace("full = 100", 'full = 100\nweights = {"进度" = "60%", "质量" = "30%"}')
    assert "权重之和是90%" in faults_of(*SCORED, weighted)


@pytest.mark.parametrize("digits", ["true", "7", "-1", '"2"', "2.5"])
def test_digits_are_a_small_whole_number(digits: str) -> None:
    assert "“digits”应是0至6" in faults_of(*SCORED, SCORE + f"digits = {digits}\n")


def test_a_score_is_rounded_once_when_it_is_printed() -> None:
    thirds = [f'[[part]]\nname = "第{n}"\nclause = "一"\nfull = 100\nmissing = 0\n'
              'proportional = {of = "完成率", target = "300%", most = "满分"}\n' for n in "一二三"]  # fmt: skip
    row = answer(book_of(RATE, *thirds), 完成率="100%")
    assert [part["points"] for part in row["parts"]] == ["33.33"] * 3
    assert row["score"] == "100"


@for_all(
    st.fractions(0, 3, max_denominator=10**6),
    st.fractions(0, 3, max_denominator=10**6),
    st.sampled_from(["只计整步", "不足一步按一步", "按比例"]),
)
def test_more_done_never_scores_less(one: Fraction, two: Fraction, partial: str) -> None:
    low, high = sorted((one, two))
    got = [
        points(RATE, card(STEPS.format(partial)), 完成率=f"{rate.numerator}/{rate.denominator}")
        for rate in (low, high)
    ]
    assert Decimal(got[0] or 0) <= Decimal(got[1] or 0)
