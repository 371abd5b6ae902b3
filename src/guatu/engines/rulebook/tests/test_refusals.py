"""What a book may not say: circles, keys without effect, names that are taken; and its twins."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook import RulebookError, parse_book
from guatu.engines.rulebook.checking import check_texts
from guatu.engines.rulebook.checking.book import faults_of_conditions
from guatu.engines.rulebook.tests.books_read import (
    HEAD,
    answer,
    answers,
    book_of,
    derived,
    faults_of,
    given,
)

RATE = given("率", "比率")
RANK = derived("名次", "个数", 'rank = {of = "率", ties = "并列跳号"}')
LIGHT = """[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [{when = "率 < 50*百分比", give = {severity = "serious"}}, {when = "率 >= 50*百分比", give = {severity = "ok"}}]
"""
PART = '[[part]]\nname = "日常"\nclause = "一"\nfull = 10\neach = [{event = "缺报", points = -1}]\n'
ABSENT = given("缺报", "记录")


def exempt(name: str, when: str, waives: str, subject: str = "项目") -> str:
    return (
        f'[[exempt]]\nname = "{name}"\nclause = "一"\nsubject = "{subject}"\n'
        f'when = "{when}"\nwaives = ["{waives}"]\n'
    )


def scope(when: str) -> str:
    return f'[[scope]]\nclause = "一"\nwhen = "{when}"\nmissing = "不在范围"\n'


@pytest.mark.parametrize(
    "tables",
    [
        (RATE, RANK, scope("名次 <= 3"), LIGHT),
        (RATE, LIGHT, exempt("甲", "进度灯 == '红'", "进度"), exempt("乙", "率 > 0", "进度")),
        (RATE, LIGHT, exempt("乙", "率 > 0", "进度"), exempt("甲", "进度灯 == '红'", "进度")),
        (ABSENT, PART, exempt("甲", "日常 < 5*分", "日常.扣加.1")),
    ],
)
def test_a_circle_through_gates_and_exemptions_is_found(tables: tuple[str, ...]) -> None:
    assert "循环：" in faults_of(*tables)


def test_two_kinds_of_subject_may_not_take_from_each_other() -> None:
    tables = [
        given("单位名", "文字"), given("项目名", "文字", subject="单位"),
        derived("甲", "个数", 'members = {take = "个数", over = "项目", by = "单位名"}', subject="单位"),
        derived("乙", "个数", 'members = {take = "个数", over = "单位", by = "项目名"}'),
    ]  # fmt: skip
    row = '[[list]]\nname = "榜"\nclause = "一"\nwhen = "乙 > 1"\nmissing = "待定"\n'
    assert "对象之间循环取数：" in faults_of(*tables, row)


def test_of_two_exemptions_the_one_that_holds_is_told() -> None:
    flags = given("甲因", "是否"), given("乙因", "是否")
    book = book_of(RATE, *flags, LIGHT, exempt("甲", "甲因", "进度"), exempt("乙", "乙因", "进度"))
    row = answer(book, 率="10%", 甲因=True, 乙因=False)
    assert row["light"]["label"] == "免予评价"
    assert row["why"] == ["进度免予评价（甲）：甲因为是"]
    assert answer(book, 率="10%", 甲因=False, 乙因=False)["light"]["label"] == "红"


@pytest.mark.parametrize(
    "wrong", [exempt("甲", "率 > 0", "日常"), exempt("甲", "单位率 > 0", "进度", subject="单位")]
)
def test_only_what_can_be_waived_is_waived(wrong: str) -> None:
    other = given("单位率", "比率", subject="单位")
    assert "没有“" in faults_of(RATE, other, ABSENT, LIGHT, PART, wrong)


def test_an_act_of_a_line_has_its_own_condition_too() -> None:
    grave = given("严重", "是否")
    light = LIGHT.replace(
        '"serious"}', '"serious"}, do = [{act = "约谈", when = "严重"}, {act = "督办函"}]'
    )
    book = book_of(RATE, grave, light)
    assert [one["act"] for one in answer(book, 率="1%", 严重=True)["acts"]] == ["约谈", "督办函"]
    assert [one["act"] for one in answer(book, 率="1%", 严重=False)["acts"]] == ["督办函"]


@pytest.mark.parametrize(
    ("each", "words"),
    [
        ('{when = "率 > 0", points = -10, cap = -3}', "不用cap"),
        ('{event = "次数", points = -1, within = "本月"}', "“within”只用于记录"),
        ('{event = "次数", points = -1, per_value = true}', "“per_value”只用于记录"),
        ('{event = "缺报", points = -1, cap = 0}', "同为正数或同为负数"),
        ('{event = "缺报", points = -1, cap_per = {every = "月", cap = 2}}', "同为正数或同为负数"),
        ('{event = "缺报", points = -1, per_value = true}', "没有数值"),
    ],
)
def test_keys_without_effect_are_refused(each: str, words: str) -> None:
    part = PART.replace('{event = "缺报", points = -1}', each)
    assert words in faults_of(RATE, ABSENT, given("次数", "个数"), part)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (('[[part]]\nname = "资金支付率"\nclause = "一"\nfull = 5\n',), "目录里已有量“资金支付率”"),
        ((RATE, RANK, LIGHT, '[[assume]]\nmeasure = "名次"\nvalue = 1\nclause = "一"\n'
          'interpretation = {by = "甲", on = 2025-01-01, why = "试"}\n'), "不能用assume"),
        ((ABSENT, PART + "floor = 5\ncap = 1\n"), "“floor”高于“cap”"),
        ((RATE, '[[part]]\nname = "分"\nclause = "一"\nfull = 20\nmissing = 0\n'
          'cases = [{when = "率 > 0", points = 250}]\notherwise = 0\n'), "分值超过满分"),
        ((given("月评", "记录", 'value = "文字"'), derived("和", "分数", 'sum_in = {of = "月评", within = "本年"}'),
          LIGHT, RATE), "得出的是文字"),
        (('[[list]]\nname = "榜"\nclause = "一"\nwhen = "月报缺报"\nmissing = "待定"\n',), "先用[[measure]]"),
    ],
)  # fmt: skip
def test_wrong_figures_and_names_have_their_line(tables: tuple[str, ...], words: str) -> None:
    assert words in faults_of(*tables)


def test_huge_numbers_are_refused_at_once() -> None:
    with pytest.raises(RulebookError, match="full"):
        parse_book(HEAD + PART.replace("full = 10", "full = 1e99999999") + ABSENT, source="b")


@pytest.mark.parametrize(
    "cases",
    [
        '{when = "增速 >= 0", give = "增"}, {when = "增速 < 0", give = "减"}',
        '{when = "增速 >= 10*百分比", give = "快"}, {when = "0 <= 增速 < 10*百分比", give = "慢"}',
        '{when = "增速 >= 80*百分比 and 增速 >= 乙", give = "甲"}, {when = "增速 < 80*百分比", give = "乙"}, '
        '{when = "增速 >= 80*百分比 and 增速 < 乙", give = "丙"}',
    ],
)
def test_right_bands_of_given_ratios_pass(cases: str) -> None:
    grade = f'[[grade]]\nname = "等"\nclause = "一"\nmissing = "缺"\ncases = [{cases}]\n'
    tables = HEAD + given("增速", "比率") + given("乙", "比率") + grade
    text = "# 试\n\n## 一\n\n试\n"
    checked = check_texts(tables, text, "")
    assert [fault.code for fault in checked.faults] == ["no-examples"]


def test_a_condition_that_cannot_hold_is_told() -> None:
    row = '[[list]]\nname = "榜"\nclause = "一"\nwhen = "率 > 5*百分比 and 率 < 5*百分比"\nmissing = "待定"\n'
    assert "不可能成立" in faults_of_conditions(book_of(RATE, row), source="b")[0].what
    possible = row.replace("< 5*", "< 6*")
    assert faults_of_conditions(book_of(RATE, possible), source="b") == ()


def test_money_adds_what_is_paid_and_takes_off_what_is_deducted() -> None:
    rules = "".join(
        f'[[money]]\nname = "{way}"\nclause = "一"\nway = "{way}"\nwhen = "率 > 0"\namount = "{amount}"\n'
        for way, amount in (("奖励", "30万元"), ("扣减", "10万元"), ("支付上限", "100万元"))
    )
    assert answer(book_of(RATE, rules), 率="1%")["money_yuan"] == 200_000


def test_a_measure_of_two_kinds_follows_from_each_kinds_own() -> None:
    tables = [
        '[[measure]]\nname = "率"\nkind = "比率"\nsubject = ["项目", "地区"]\nmeaning = "试"\ndata = "试"\n',
        '[[measure]]\nname = "低"\nkind = "是否"\nsubject = ["项目", "地区"]\nfrom = {holds = "率 < 50*百分比"}\n',
        '[[list]]\nname = "榜"\nclause = "一"\nwhen = "低"\nmissing = "待定"\n',
        '[[list]]\nname = "榜"\nsubject = "地区"\nclause = "一"\nwhen = "低"\nmissing = "待定"\n',
    ]
    rows = answers(
        book_of(*tables), {"id": "1", "率": "1%"}, {"id": "甲", "subject": "地区", "率": "90%"}
    )
    assert [row["lists"][0]["status"] for row in rows] == ["列入", "不列入"]
