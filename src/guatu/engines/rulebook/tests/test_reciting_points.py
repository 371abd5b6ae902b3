"""What a score card's sentences must not leave out: bounds, signs, who decided (rules.md)."""

from __future__ import annotations

from guatu.engines.rulebook.reciting import Sentence, recite
from guatu.engines.rulebook.tests.books_read import book_of, derived, given

OVER = (
    given("完成", "金额")
    + given("计划", "金额")
    + derived("超额", "金额", 'difference = ["完成", "计划"]')
    + derived("欠额", "金额", 'difference = ["计划", "完成"]')
)
CARD = """
[[part]]
name = "超额分"
clause = "一"
full = 0
missing = "无数据"
cases = [
  {when = "超额 >= 0", points = 0, beyond = {of = "超额", above = "500万元", step = "100万元", points = 1, partial = "只计整步"}},
  {when = "超额 < 0", points = 0, beyond = {of = "欠额", above = "0元", step = "1万元", points = -0.5, partial = "按比例"}, interpretation = {by = "重点办", on = 2025-03-01, why = "不足一步的按比例"}},
]
[[score]]
name = "总分"
clause = "一"
floor = -10
cap = 20
"""


def sentences() -> dict[str, Sentence]:
    return {one.rule: one for one in recite(book_of(OVER, CARD))}


def test_steps_of_which_less_is_better_are_told_so() -> None:
    part = """
[[part]]
name = "及时"
clause = "一"
full = 10
missing = "无数据"
steps = {of = "逾期天数", target = "0天", step = "5天", up = 0, down = 2, partial = "只计整步", better = "少"}
"""
    book = book_of(given("逾期天数", "天数"), part)
    text = {one.rule: one.text for one in recite(book)}["及时"]
    assert "逾期天数0天得满分（越少越好），每多5天减2分（只计整步）" in text


def test_steps_beyond_a_mark_name_their_measure_and_their_sign() -> None:
    text = sentences()["超额分"].text
    assert "超额超过500万元的每100万元再加1分（只计整步）" in text
    assert "欠额超过0元的每1万元再减0.5分（按比例）" in text
    assert "加-" not in text


def test_who_decided_a_line_is_told_with_the_line() -> None:
    decided = [one for one in sentences().values() if one.interpretation is not None]
    assert [one.interpretation.why for one in decided if one.interpretation] == ["不足一步的按比例"]
    assert decided[0].text.startswith("超额分第2档")


def test_a_score_tells_its_bounds() -> None:
    assert "最低-10分，最高20分" in sentences()["总分"].text


def test_a_score_without_bounds_tells_none() -> None:
    bare = CARD.replace("floor = -10\ncap = 20\n", "")
    told = {one.rule: one.text for one in recite(book_of(OVER, bare))}
    assert "最" not in told["总分"]
