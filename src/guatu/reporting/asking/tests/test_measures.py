from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.asking.looks import Started, likeness
from guatu.reporting.asking.measures import is_round, pace_among, paces_of, steps_of
from guatu.reporting.asking.tests.courses import ME, WAN, course, rival, told
from guatu.reporting.asking.texts import said, stage_of
from guatu.reporting.asking.types import Identity


@pytest.mark.parametrize(
    ("wan", "expected"),
    [
        (1, True), (50, True), (300, True), (350, True), (1_500, True), (12_500, True),
        (12_000, True), (-300, True), (420, False), (1_230, False), (12_600, False), (0, False),
    ],
)  # fmt: skip
def test_what_is_a_round_amount(wan: int, expected: bool) -> None:
    assert is_round(wan * WAN) is expected


def test_an_amount_below_whole_wan_is_not_round() -> None:
    assert not is_round(5_000)


def test_steps_are_of_the_last_three_reports_and_leave_standstill_out() -> None:
    one = course(told(2, 100), told(3, 300), told(4, 300), told(5, None), told(6, 650))
    assert steps_of(one) == [200 * WAN, 350 * WAN]


def test_the_pace_of_a_class_leaves_the_project_itself_out() -> None:
    pace = paces_of([rival(1, 1_000), rival(2, 2_000), rival(3, 9_000)])[103]
    assert (pace.count, pace.middle) == (2, Fraction(15, 100))


@pytest.mark.parametrize(
    ("text", "year", "life", "rate"),
    [
        ("今年完成投资1,200万元", 1_200, None, None),
        ("本年累计完成投资１２００万元，占年度计划的60.5％。", 1_200, None, Fraction(605, 1000)),
        ("自开工累计完成投资1.2亿元", None, 12_000, None),
        ("今年完成投资100万元。今年完成投资200万元。", None, None, None),
        ("其中一标段今年完成投资100万元", None, None, None),
        ("完成投资额较大", None, None, None),
        ("=1+1<script>", None, None, None),
        ("今年完成投资" + "9" * 40 + "万元", None, None, None),
    ],
)
def test_numbers_in_a_text(
    text: str, year: int | None, life: int | None, rate: Fraction | None
) -> None:
    found = said(text)
    assert found.year_yuan == (None if year is None else year * WAN)
    assert found.life_yuan == (None if life is None else life * WAN)
    assert found.rate == rate


@pytest.mark.parametrize(
    ("node", "stage"),
    [
        ("主体结构三层", "主体"), ("主体封顶", "封顶"), ("设备安装前主体施工", "主体"),
        ("路基土方", "基础"), ("未开工", "前期"), ("通车", "竣工"), ("正常", None), ("", None),
    ],
)  # fmt: skip
def test_stages_of_nodes(node: str, stage: str | None) -> None:
    assert stage_of(node) == stage


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("望溪区城东智慧停车场建设项目", "望溪区城东智慧停车场工程", True),
        ("临江区红岩中学", "临江区红岩中学改扩建工程", True),
        ("临江区红岩中学一期", "临江区红岩中学二期", False),
        ("临江区城东小学", "临江区城西小学", False),
        ("临江区红岩中学", "临江区青石中学", False),
        ("", "", False),
    ],
)
def test_likeness_of_names(left: str, right: str, alike: bool) -> None:
    assert (likeness(left, right) >= Fraction(85, 100)) is alike
    assert likeness(left, right) == likeness(right, left) or not alike


def test_the_earlier_of_two_alike_is_not_asked_about_the_later() -> None:
    first = ME
    second = Identity(project_id=2, name=f"{ME.name}工程", region="甲", started_on=date(2026, 3, 1))
    started = Started([first, second])
    assert started.nearest(second) == first
    assert started.nearest(first) is None
    assert started.nearest(replace(second, phase_of=1)) is None


@given(st.lists(st.integers(-50, 400), min_size=2, max_size=40))
def test_a_class_sorted_once_gives_each_the_pace_of_the_others(hundredths: list[int]) -> None:
    courses = [rival(number, 100 * one) for number, one in enumerate(hundredths)]
    found = paces_of(courses)
    for number in range(len(courses)):
        others = [Fraction(one, 100) for at, one in enumerate(hundredths) if at != number]
        assert found[100 + number] == pace_among(others)
