"""Measures of a book's own: operators over others, time, records, ranks, groups, members."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from guatu.engines.rulebook import RulebookError
from guatu.engines.rulebook.spans import add_months, full_months
from guatu.engines.rulebook.tests.books_read import (
    answer,
    answers,
    book_of,
    derived,
    faults_of,
    given,
)


def shown(how: str, kind: str, *tables: str, when: str, **facts: object) -> Any:
    """A derived measure's value, told by the grade that names it."""
    grade = (
        '[[grade]]\nname = "档"\nclause = "一"\nmissing = "缺"\noverlap = "先者为准"\n'
        'silent = {by = "试", on = 2025-01-01, why = "试"}\ncases = [{when = "WHEN", give = "是"}]\n'
    )
    book = book_of(*tables, derived("丙", kind, how), grade.replace("WHEN", when))
    return answer(book, **facts)["grades"][0]["label"]


A, B = given("甲", "金额"), given("乙", "金额")
DAY = given("起日", "日期")


@pytest.mark.parametrize(
    ("how", "kind", "when", "facts", "label"),
    [
        ('ratio = ["甲", "乙"]', "比率", "丙 == 50*百分比", {"甲": 1, "乙": 2}, "是"),
        ('ratio = ["甲", "乙"]', "比率", "丙 >= 0", {"甲": 1, "乙": 0}, "缺"),
        ('growth = ["甲", "乙"]', "比率", "丙 == 10*百分比", {"甲": 110, "乙": 100}, "是"),
        ('difference = ["甲", "乙"]', "金额", "丙 < 0", {"甲": 1, "乙": 2}, "是"),
        ('sum = ["甲", "乙"]', "金额", "丙 == 3*元", {"甲": 1, "乙": 2}, "是"),
        ('highest = ["甲", "乙"]', "金额", "丙 == 2*元", {"甲": 1, "乙": 2}, "是"),
        ('lowest = ["甲", "乙"]', "金额", "丙 == 1*元", {"甲": 1, "乙": 2}, "是"),
        ('share_of = {of = "甲", share = "70%"}', "金额", "丙 == 4*元", {"甲": 5}, "是"),
        ('holds = "甲 > 乙"', "是否", "丙", {"甲": 2, "乙": 1}, "是"),
        ('how_many = ["甲 > 1*元", "乙 > 1*元"]', "个数", "丙 == 1", {"甲": 2, "乙": 1}, "是"),
        ('how_many = ["甲 > 1*元", "乙 > 1*元"]', "个数", "丙 == 1", {"甲": 2}, "缺"),
        ('choose = [{when = "甲 > 1*元", give = "7元"}, {named = "乙"}]', "金额", "丙 == 7*元",
         {"甲": 2}, "是"),
        ('choose = [{when = "甲 > 1*元", give = "7元"}, {named = "乙"}]', "金额", "丙 == 9*元",
         {"甲": 1, "乙": 9}, "是"),
        ('choose = [{when = "甲 > 1*元", give = "7元"}, {named = "乙"}]', "金额", "丙 == 9*元",
         {"乙": 9}, "缺"),
        ('choose = [{when = "甲 > 1*元", give = "7元"}, {give = "无数据"}]', "金额", "丙 == 7*元",
         {"甲": 2}, "是"),
        ('choose = [{when = "甲 > 1*元", give = "7元"}, {give = "无数据"}]', "金额", "丙 >= 0",
         {"甲": 1}, "缺"),
    ],
)  # fmt: skip
def test_operators_over_figures(
    how: str, kind: str, when: str, facts: dict[str, object], label: str
) -> None:
    assert shown(how, kind, A, B, when=when, **facts) == label


@pytest.mark.parametrize(
    ("how", "kind", "when", "day"),
    [
        ('months_since = "起日"', "月数", "丙 == 2*个月", "2025-07-30"),
        ('months_since = "起日"', "月数", "丙 == 1*个月", "2025-08-01"),
        ('months_since = "起日"', "月数", "丙 >= 1*年", "2024-09-30"),
        ('months_across = "起日"', "月数", "丙 == 2*个月", "2025-07-31"),
        ('months_since = "起日"', "月数", "丙 == 0", "2025-12-01"),
        ('days_since = "起日"', "天数", "丙 == 30*天", "2025-08-31"),
        ('days_until = "起日"', "天数", "丙 == 1*天", "2025-10-01"),
        ('month_of = "起日"', "个数", "丙 == 2", "2025-02-28"),
        ('quarter_of = "起日"', "个数", "丙 == 4", "2025-10-01"),
        ('half_of = "起日"', "文字", "丙 == '上半年'", "2025-06-30"),
    ],
)
def test_operators_over_days(how: str, kind: str, when: str, day: str) -> None:
    assert shown(how, kind, DAY, when=when, 起日=day) == "是"


def test_quantities_keep_their_unit_and_are_exact() -> None:
    land, tax = given("用地", "数量", 'unit = "亩"'), given("税收", "数量", 'unit = "吨"')
    assert shown('holds = "用地 >= 50.5*亩"', "是否", land, when="丙", 用地="50.5亩") == "是"
    assert shown('holds = "用地 > 50.5*亩"', "是否", land, when="丙", 用地="50.50000001") == "是"
    row = '[[list]]\nname = "榜"\nclause = "一"\nwhen = "用地 > 5*公顷"\nmissing = "待定"\n'
    assert "单位是亩" in faults_of(land, row)
    mixed = derived("和", "数量", 'sum = ["用地", "税收"]', 'unit = "亩"')
    assert "同一单位" in faults_of(land, tax, mixed, row.replace("公顷", "亩"))
    with pytest.raises(RulebookError, match="单位是亩"):
        answer(book_of(land, row.replace("公顷", "亩")), 用地="3公顷")


def test_working_days_skip_the_holidays_and_count_worked_weekends() -> None:
    table = derived("工日", "天数", 'days_between = ["起日", "止日"]', 'unit = "工作日"')
    tables = [DAY, given("止日", "日期"), table]
    # 1–8 October 2025 are free, 28 September (a Sunday) and 11 October (a Saturday) are worked.
    got = shown(
        'holds = "工日 == 4*工作日"',
        "是否",
        *tables,
        when="丙",
        起日="2025-09-26",
        止日="2025-10-09",
    )
    assert got == "是"


@pytest.mark.parametrize(
    ("how", "when", "label"),
    [
        ('count_in = {of = "月评", within = "本季度"}', "丙 == 3", "是"),
        ('count_in = {of = "月评", within = "本年", when = "值 < 60*分"}', "丙 == 2", "是"),
        ('count_in = {of = "月评", within = "2个月"}', "丙 == 2", "是"),
        ('consecutive = {of = "月评", when = "值 < 60*分", every = "月"}', "丙 == 1", "是"),
        ('consecutive = {of = "月评", when = "值 < 80*分", every = "次"}', "丙 == 2", "是"),
    ],
)
def test_records_are_counted_in_their_window(how: str, when: str, label: str) -> None:
    records = [
        {"on": f"2025-0{month}-28", "value": value}
        for month, value in zip(range(5, 10), (50, 90, 95, 70, 55), strict=True)
    ]
    table = given("月评", "记录", 'value = "分数"')
    assert shown(how, "个数", table, when=when, 月评=records) == label


@pytest.mark.parametrize(
    ("every", "months", "count"),
    [
        ("月", (7, 8, 9), 3),
        ("月", (5, 6, 9), 1),
        ("次", (5, 6, 9), 3),
        ("月", (6, 7, 8), 3),  # this month's is not there yet
        ("月", (5, 6, 7), 0),
        ("季度", (3, 6, 9), 3),
        ("季度", (3, 9), 1),
        ("年", (1, 9), 1),
    ],
)
def test_a_period_without_a_record_breaks_a_run(
    every: str, months: tuple[int, ...], count: int
) -> None:
    table = given("亮灯", "记录", 'value = "文字"', 'values = ["黄", "绿"]')
    records = [{"on": f"2025-{month:02}-28", "value": "黄"} for month in months]
    how = f'consecutive = {{of = "亮灯", when = "值 == \'黄\'", every = "{every}"}}'
    assert shown(how, "个数", table, when=f"丙 == {count}", 亮灯=records) == "是"


def test_a_run_without_a_word_on_its_period_is_refused() -> None:
    table = given("亮灯", "记录", 'value = "文字"')
    how = 'consecutive = {of = "亮灯", when = "值 == \'黄\'"}'
    assert "没有写多久一条记录" in faults_of(table, derived("连", "个数", how))


def test_means_of_months_need_every_month() -> None:
    table = given("月评", "记录", 'value = "分数"')
    how = 'mean_in = {of = "月评", within = "本季度"}'
    months = [{"on": f"2025-0{m}-28", "value": m * 10} for m in (7, 8, 9)]
    assert shown(how, "分数", table, when="丙 == 80*分", 月评=months) == "是"
    months[1] = {"on": "2025-08-28"}
    assert shown(how, "分数", table, when="丙 == 80*分", 月评=months) == "缺"


def test_earlier_values_of_a_figure_are_given_as_its_history() -> None:
    history = [{"on": "2025-08-31", "value": "60%"}, {"on": "2025-09-30", "value": "55%"}]
    rate = given("率", "比率")
    previous = 'previous = {of = "率", back = 1}'
    assert (
        shown(previous, "比率", rate, when="丙 == 60*百分比 and 率 == 55*百分比", 率=history)
        == "是"
    )
    fallen = derived("降", "比率", 'difference = ["率", "前"]')
    tables = [rate, derived("前", "比率", previous), fallen]
    assert shown('holds = "降 < 0"', "是否", *tables, when="丙", 率=history) == "是"
    assert shown('holds = "降 < 0"', "是否", *tables, when="丙", 率="55%") == "缺"


def ranks(*rates: object, order: str = "", ties: str = "并列跳号") -> list[int | None]:
    how = f'rank = {{of = "率", ties = "{ties}"{order}}}'
    note = '[[list]]\nname = "榜"\nclause = "一"\nwhen = "名次 <= 2"\nmissing = "不列入"\n'
    book = book_of(given("率", "比率"), derived("名次", "个数", how), note)
    rows = answers(book, *({"id": str(n), "率": rate} for n, rate in enumerate(rates)))
    return [row["rank"] for row in rows]


def test_ties_share_a_rank_and_the_next_is_skipped_or_not() -> None:
    rates = ["90%", "80%", "80%", "70%", None]
    assert ranks(*rates) == [1, 2, 2, 4, None]
    assert ranks(*rates, ties="并列不跳号") == [1, 2, 2, 3, None]
    assert ranks(*rates, order=", from_last = true") == [4, 2, 2, 1, None]
    assert ranks(*rates, order=', order = "低者在前"') == [4, 2, 2, 1, None]
    # Equal as fractions though written otherwise; one part in 10²⁶ apart is not equal.
    assert ranks("2/3", "20/30", "19999999999999/30000000000000") == [1, 1, 3]


def test_a_rank_without_a_word_on_ties_is_refused() -> None:
    table = derived("名次", "个数", 'rank = {of = "率"}')
    assert "缺少“ties”" in faults_of(given("率", "比率"), table)


GROUPED = """
[[list]]
name = "榜"
clause = "一"
when = "率 < 同组平均"
missing = "待定"
"""


@pytest.mark.parametrize(("absent", "third"), [("不计入", "列入"), ("无数据", "待定")])
def test_group_means_leave_out_or_are_left_open(absent: str, third: str) -> None:
    mean = f'peers = {{take = "平均", of = "率", within = "组", absent = "{absent}"}}'
    book = book_of(
        given("率", "比率"), given("组", "文字"), derived("同组平均", "比率", mean), GROUPED
    )
    rows = answers(
        book,
        {"id": "1", "组": "东", "率": "10%"},
        {"id": "2", "组": "东", "率": "30%"},
        {"id": "3", "组": "西", "率": "10%"},
        {"id": "4", "组": "西", "率": "30%"},
        {"id": "5", "组": "西", "率": None},
    )
    status = [row["lists"][0]["status"] for row in rows]
    assert status == ["列入", "不列入", third, "不列入" if absent == "不计入" else "待定", "待定"]


def test_a_unit_takes_the_figures_of_its_projects() -> None:
    book = book_of(
        given("投资", "金额"), given("单位名", "文字"), given("计划", "金额"),
        derived("合计", "金额", 'members = {take = "和", of = "投资", over = "项目", by = "单位名", '
                'when = "计划 > 0", absent = "不计入"}', subject="单位"),
        derived("个数", "个数", 'members = {take = "个数", over = "项目", by = "单位名"}', subject="单位"),
        '[[list]]\nname = "榜"\nsubject = "单位"\nclause = "一"\nwhen = "合计 == 3*元 and 个数 == 3"\n'
        'missing = "待定"\n',
    )  # fmt: skip
    rows = answers(
        book,
        {"id": "甲局", "subject": "单位"},
        {"id": "p1", "单位名": "甲局", "投资": 1, "计划": 5},
        {"id": "p2", "单位名": "甲局", "投资": 2, "计划": 5},
        {"id": "p3", "单位名": "甲局", "投资": 9, "计划": 0},
        {"id": "p4", "单位名": "乙局", "投资": 9, "计划": 5},
        {"id": "乙局", "subject": "单位"},
    )
    assert rows[0]["lists"][0]["status"] == "列入"
    assert rows[5]["lists"][0]["status"] == "不列入"


def test_a_panel_is_weighted_by_group_without_extremes() -> None:
    table = given("打分", "记录", 'value = "分数"')
    how = 'panel = {of = "打分", weights = {"领导" = "70%", "专家" = "30%"}, drop = 1}'
    scores = [
        {"on": "2025-09-01", "who": who, "value": value}
        for who, values in (("领导", (60, 80, 90, 100)), ("专家", (0, 70, 75)))
        for value in values
    ]
    assert shown(how, "分数", table, when="丙 == 80.5*分", 打分=scores) == "是"
    assert shown(how, "分数", table, when="丙 == 80.5*分", 打分=scores[:4]) == "缺"


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([derived("甲", "金额", 'sum = ["甲", "乙"]'), B], "循环：甲 → 甲"),
        (
            [
                derived("甲", "金额", 'sum = ["丁", "乙"]'),
                derived("丁", "金额", 'sum = ["甲", "乙"]'),
                B,
            ],
            "循环：",
        ),
        ([derived("丙", "金额", 'sum = ["甲甲", "乙"]'), A, B], "不认识的量“甲甲”，是不是“甲”"),
        ([derived("丙", "比率", 'sum = ["甲", "乙"]'), A, B], "得出的是金额，kind写的是比率"),
        ([derived("丙", "金额", 'add = ["甲", "乙"]'), A, B], "“from”里要写一个算法"),
        ([given("年度计划投资", "金额")], "目录里已有“年度计划投资”"),
        ([given("甲 乙", "金额")], "不能用在条件里"),
        ([A, A], "项目的量“甲”写了两次"),
    ],
)
def test_a_wrong_measure_is_refused_with_its_reason(tables: list[str], words: str) -> None:
    act = '[[list]]\nname = "榜"\nclause = "一"\nwhen = "乙 > 0"\nmissing = "待定"\n'
    assert words in faults_of(*tables, act).replace("。", "，")


@for_all(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 400))
def test_full_months_undo_added_months(day: date, months: int) -> None:
    assert full_months(day, add_months(day, months)) == months
    later = add_months(day, months)
    assert full_months(later, day) == -months
