"""Dates in titles, heads and notes."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.core.periods import parse_period
from guatu.engines.sheets.fill.retime import Retimer, Shape


def retimer(old: tuple[int, int], key: str, cut_off_on: date | None = None) -> Retimer:
    period = parse_period(key)
    return Retimer(*old, period, cut_off_on or period.last_on)


TO_OCTOBER = retimer((2026, 9), "2026-10")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("截至2026年9月30日", "截至2026年10月31日"),
        ("（2026年1—9月）", "（2026年1—10月）"),
        ("二〇二六年九月", "二〇二六年十月"),
        ("二○二六年九月三十日", "二○二六年十月三十一日"),
        ("一至九月", "一至十月"),
        ("元-9月", "元-10月"),
        ("1月至9月份", "1月至10月份"),
        ("2025年1-9月完成", "2025年1-10月完成"),
        ("2026年前三季度", "2026年1—10月"),
        ("2026.9.30", "2026.10.31"),
        ("2026-09", "2026-10"),
        ("2026/9/30", "2026/10/31"),
        ("截至9月底", "截至10月底"),
        ("2019年9月开工", "2019年9月开工"),
        ("2026年市级重点项目", "2026年市级重点项目"),
        ("制表：2026年10月8日", "制表：2026年10月8日"),
        ("3—9月", "3—9月"),
        ("9.30公里", "9.30公里"),
        ("9月15日调度", "9月15日调度"),
        ("市政府〔2026〕9号", "市政府〔2026〕9号"),
    ],
)
def test_what_names_the_old_period_names_the_new_one(before: str, after: str) -> None:
    assert TO_OCTOBER.text(before) == after


def test_notes_keep_what_only_looks_like_the_period() -> None:
    text = "注：9月起新增项目单列；截至9月30日；2026年9月数据。"
    assert TO_OCTOBER.text(text, is_strict=True) == (
        "注：9月起新增项目单列；截至10月31日；2026年10月数据。"
    )


def test_a_cut_off_day_is_the_round_s_own() -> None:
    moved = retimer((2026, 9), "2026-10", date(2026, 10, 26))
    assert moved.text("截至2026年9月25日") == "截至2026年10月26日"
    assert moved.text("截至2026年9月30日") == "截至2026年10月31日"


@pytest.mark.parametrize(
    ("old", "key", "shape", "before", "after"),
    [
        ((2026, 2), "2026-03", Shape.OWN, "1—2月完成", "3月完成"),
        ((2026, 2), "2026-03", Shape.CUMULATIVE, "1—2月累计完成", "1—3月累计完成"),
        ((2026, 12), "2027-01+02", Shape.OWN, "12月完成", "1—2月完成"),
        ((2026, 12), "2027-01+02", Shape.CUMULATIVE, "1—12月累计", "1—2月累计"),
        ((2026, 1), "2026-02", Shape.CUMULATIVE, "1月累计完成", "1—2月累计完成"),
        ((2026, 1), "2026-02", Shape.OWN, "1月完成", "2月完成"),
        ((2026, 12), "2027-01", Shape.CUMULATIVE, "1—12月累计完成", "1月累计完成"),
    ],
)
def test_heads_of_single_and_cumulative_months(
    old: tuple[int, int], key: str, shape: Shape, before: str, after: str
) -> None:
    assert retimer(old, key).text(before, shape=shape) == after


def test_a_new_year_moves_every_year() -> None:
    moved = retimer((2026, 12), "2027-01+02")
    assert moved.text("2026年重点项目（2026年1-12月，比2025年同期）") == (
        "2027年重点项目（2027年1-2月，比2026年同期）"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("9月", "10月"), ("202609", "202610"), ("2026.9", "2026.10"), ("1-9月", "1-10月"),
     ("汇总表", "汇总表"), ("2026年9月汇总", "2026年10月汇总")],
)  # fmt: skip
def test_sheet_names(before: str, after: str) -> None:
    assert TO_OCTOBER.sheet_name(before) == after


def test_the_same_month_changes_nothing() -> None:
    same = retimer((2026, 9), "2026-09")
    for text in ("截至2026年9月30日", "1—9月", "二〇二六年九月", "9月完成"):
        assert same.text(text) == text
