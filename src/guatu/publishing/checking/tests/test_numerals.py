"""Figures in characters: which are read, and what is left alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from guatu.publishing.checking.figures import figures_in, plain
from guatu.publishing.checking.numerals import value_of, written_figures


def read(text: str) -> list[tuple[str, Fraction, str]]:
    return [
        (text[one.start : one.end], one.value, one.unit) for one in written_figures(plain(text))
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一", 1), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十六", 26), ("一百", 100),
        ("百", 100), ("一百零八", 108), ("一百一十", 110), ("三百六十七", 367), ("一千零五", 1_005),
        ("一千二百", 1_200), ("一万二千", 12_000), ("三亿零五百", 300_000_500),
        ("八十点五", Fraction("80.5")), ("零点零六", Fraction("0.06")),
    ],
)  # fmt: skip
def test_numerals_are_worth_what_they_say(text: str, value: int | Fraction) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text", ["三四", "二〇二六", "十四五", "百八", "千", "一千二", "一万二", "十百", "", "点五"]
)
def test_what_is_no_exact_number_is_none(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("红灯项目二十六个", ("二十六个", 26, "个")),
        ("完成率百分之八十", ("百分之八十", 80, "%")),
        ("完成率达到百分之百。", ("百分之百", 100, "%")),
        ("低于百分之六十六点七，", ("百分之六十六点七", Fraction("66.7"), "%")),
        ("低于时间进度八点三个百分点", ("八点三个百分点", Fraction("8.3"), "个百分点")),
        ("投资三百六十七亿元", ("三百六十七亿元", 367, "亿元")),
        ("投资一千二百万元", ("一千二百万元", 1_200, "万元")),
        ("是去年的两倍", ("两倍", 2, "倍")),
    ],
)
def test_a_count_with_its_unit_is_a_figure(text: str, found: tuple[str, Fraction, str]) -> None:
    assert read(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "第一个", "第二十个项目", "一是抓前期，二是抓要素", "“十四五”规划", "二〇二六年十月",
        "几十个项目", "数百个", "上百个", "三四个项目", "一、总体情况", "（一）红灯项目",
        "十多个", "一期工程", "党的二十大", "百日攻坚", "万众一心", "统一元素",
    ],
)  # fmt: skip
def test_ordinals_years_and_rough_words_are_none(text: str) -> None:
    assert read(text) == []


def test_digits_and_characters_stand_in_the_order_of_the_text() -> None:
    told = [one.text for one in figures_in("项目三百二十个，完成率66.7%，红灯三十个")]
    assert told == ["三百二十个", "66.7%", "三十个"]
