"""Conditions: what is read, what is refused and how, and three-valued logic."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.conditions import compile_condition
from guatu.engines.rulebook.expression import ConditionError, measures_of, parse_condition
from guatu.engines.rulebook.types import Chain, Comparison, Kind, Limit, Named

CATALOGUE = standard_catalogue()


def holds(text: str, **values: object) -> bool | None:
    condition = parse_condition(text, CATALOGUE, "项目")
    names = measures_of(condition)
    slots = {name: number for number, name in enumerate(names)}
    return compile_condition(condition, slots)([values.get(name) for name in names])


@pytest.mark.parametrize("a", [True, False, None])
@pytest.mark.parametrize("b", [True, False, None])
def test_and_or_not_follow_kleene(a: bool | None, b: bool | None) -> None:
    values = {"已开工": a, "已入库": b}
    both = False if a is False or b is False else None if a is None or b is None else True
    either = True if a is True or b is True else None if a is None or b is None else False
    assert holds("已开工 and 已入库", **values) is both
    assert holds("已开工 or 已入库", **values) is either
    assert holds("not 已开工", **values) is (None if a is None else not a)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("1*亿元 <= 总投资 < 5*亿元", 100_000_000, True),
        ("1*亿元 <= 总投资 < 5*亿元", 99_999_999, False),
        ("1*亿元 <= 总投资 < 5*亿元", 500_000_000, False),
        ("5*亿元 > 总投资 >= 1*亿元", 100_000_000, True),
        ("总投资 > 0.5*亿元", 50_000_001, True),
        ("总投资 != 1*元", None, None),
        ("1*亿元 <= 总投资 < 5*亿元", None, None),
        ("总投资 >= -3*万元", -30_000, True),
        ("建设性质 in ('新建', '扩建')", None, None),
        ("建设性质 in ('新建', '扩建')", "扩建", True),
        ("建设性质 not in ['新建', '扩建']", "续建", True),
        ("建设性质 == '新建'", "续建", False),
        ("计划开工时间 <= '2025-06-30'", date(2025, 6, 30), True),
        ("开工逾期月数 >= 3*个月", 2, False),
        ("开工逾期月数 == 0", 0, True),
        ("年度计划完成率 >= 80*百分比", (4, 5), True),
        ("年度计划完成率 >= 80*百分比", (4 * 10**30 - 1, 5 * 10**30), False),
        ("与时间进度差 >= -12.5*百分点", (-1, 8), True),
        ("与时间进度差 >= -12.5*百分点", (-(10**18) - 1, 8 * 10**18), False),
        ("落后时间进度 > 30*百分点", (3, 10), False),
    ],
)
def test_conditions_compare_exactly(text: str, value: object, expected: bool | None) -> None:
    name = measures_of(parse_condition(text, CATALOGUE, "项目"))[0]
    assert holds(text, **{name: value}) is expected


def test_two_measures_are_compared_by_cross_multiplication() -> None:
    text = "资金支付率 >= 要求支付率"
    assert holds(text, 资金支付率=(1, 3), 要求支付率=(3, 9)) is True
    assert holds(text, 资金支付率=(10**20, 3 * 10**20 + 1), 要求支付率=(1, 3)) is False
    assert holds(text, 资金支付率=None, 要求支付率=(1, 3)) is None
    later = "实际开工时间 <= 计划开工时间"
    assert holds(later, 实际开工时间=date(2025, 1, 2), 计划开工时间=date(2025, 1, 1)) is False


def test_a_chain_keeps_both_bounds() -> None:
    assert parse_condition("0 < 落后时间进度 <= 10*百分点", CATALOGUE, "项目") == Chain(
        (
            Comparison(Limit((0, 1)), "<", Named("落后时间进度"), Kind.RATIO),
            Comparison(Named("落后时间进度"), "<=", Limit((1, 10)), Kind.RATIO),
        )
    )


def test_a_synonym_is_read_as_the_measure() -> None:
    assert measures_of(parse_condition("本年完成投资 > 0", CATALOGUE, "项目")) == (
        "本年累计完成投资",
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("__import__('os')", "不能调用函数"),
        ("__import__('os').system('ls')", "不能调用函数"),
        ("总投资.__class__ > 0", "取属性"),
        ("总投资.real", "取属性"),
        ("总投资[0] > 1*元", "取元素"),
        ("len('a') > 0", "不能调用函数"),
        ("(lambda: 1)", "lambda"),
        ("[x for x in 总投资]", "不能这样写"),
        ("(总投资 := 1) > 0", "不能这样写"),
        ("f'{总投资}' == '1'", "不能这样写"),
        ("9**9**9**9 > 总投资", "不能做算术"),
        ("总投资 + 1*元 > 0", "不能做算术"),
        ("2*3*万元 > 总投资", "不能做算术"),
        ("总投资 > 1*万元*万元", "两个单位"),
        ("总投资 > 1 if 已开工 else 2", "if…else"),
        ("总投资 is None", "不能用“is”"),
        ("1 < 2", "没有量"),
        ("True", "不能这样写"),
        ("总投资 > True", "不能这样写"),
        ("总投资 > 1e9*元", "写法不对"),
        ("总投资 > 0x10*元", "写法不对"),
        ("总投资 > " + "9" * 30 + "*元", "写法不对"),
        ("总投资 > " + "9" * 400, "个字"),
        ("已开工 and " * 200 + "已开工", "个字"),
        ("not " * 90 + "已开工", "嵌套"),
        ("-" * 380 + "1 < 总投资", ""),
        ("--1*元 < 总投资", "不能这样写"),
        ("总投资 > 0 is not 已开工", "不能用“is”"),
        ("", "空的"),
        ("已开工\nand 已入库", "一行"),
        ("已开工 and", "读不懂"),
        ("总投资 ≥ 1*亿元", "“≥”请写成“>=”"),
        ("年度计划完成率 > 30%", "*百分比"),
        ("import os", "读不懂"),
        ("\x00", "读不懂"),
        ("总投资", "要与界线比较"),
        ("已开工 == 1", "是/否"),
        ("总投资 > 100", "没有写单位"),
        ("总投资 > 3*个月", "单位是元"),
        ("总投资 > 3*斤", "不认识的单位“斤”"),
        ("总投资 > 0.00001*万元", "不是整数"),
        ("落后时间进度 > 30*百分比", "请用单位“百分点”"),
        ("序时短缺率 > 30*百分点", "请用单位“百分比”"),
        ("落后时间进度 > 序时短缺率", "不能相比"),
        ("总投资 > '大'", "不能与文字"),
        ("建设性质 > '新建'", "只能用=="),
        ("建设性质 == 1", "不与数"),
        ("建设性质 in '新建'", "一组值"),
        ("建设性质 in ()", "空的"),
        ("建设性质 in (行业领域,)", "不能有量"),
        ("总投资 in (1*元, 2*元)", "左边"),
        ("计划开工时间 < '去年'", "不是日期"),
        ("百分点 > 1", "是单位"),
        ("地区本月任务完成", "不能用于项目"),
        ("落后时间进渡 > 30*百分点", "是不是“落后时间进度”"),
        ("foo > 1", "不认识的量“foo”"),
    ],
)
def test_what_is_not_in_the_language_is_refused(text: str, part: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text, CATALOGUE, "项目")
    assert part in f"{caught.value.what}{caught.value.remedy}"
    assert len(caught.value.what) < 500


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_never_an_accident(text: str) -> None:
    with suppress(ConditionError):
        parse_condition(text, CATALOGUE, "项目")


@given(
    st.lists(
        st.sampled_from(
            [
                "已开工",
                "总投资",
                ">",
                "<=",
                "1",
                "*",
                "万元",
                "and",
                "not",
                "in",
                "(",
                ")",
                "'a'",
                ",",
            ]
        ),
        max_size=14,
    )
)
def test_any_words_of_the_language_are_read_or_refused(words: list[str]) -> None:
    try:
        condition = parse_condition(" ".join(words), CATALOGUE, "项目")
    except ConditionError:
        return
    slots = dict.fromkeys(measures_of(condition), 0)
    assert compile_condition(condition, slots)([None]) is None
