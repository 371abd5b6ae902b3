"""Ladders that the rounds' own total light moves, without anybody registering it."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook.reciting import recite
from guatu.engines.rulebook.tests.books_read import answer, book_of

LIGHT = """
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "年度计划完成率 < 50*百分比", give = {severity = "serious", label = "红"}},
  {when = "年度计划完成率 >= 50*百分比", give = {severity = "ok", label = "绿"}},
]
"""
LADDER = """
[[ladder]]
name = "红灯督办"
clause = "二"
window = "连续"
met = {light = "总灯", is = ["绿"]}
steps = [
  {from = "无", on = {light = "总灯", is = ["红"]}, to = "提醒", do = ["提醒"]},
  {from = "提醒", on = {light = "总灯", is = ["红"]}, to = "督办", do = ["督办函"]},
  {from = "督办", on = {light = "总灯", is = ["红"]}, to = "约谈", do = ["约谈"]},
]
"""


def past(*labels: str) -> list[dict[str, str]]:
    """The lights of the months before September, the newest last."""
    first = 9 - len(labels)
    return [{"on": f"2025-0{first + n}-28", "value": one} for n, one in enumerate(labels)]


@pytest.mark.parametrize(
    ("done", "before", "state"),
    [
        (10, (), "提醒"),
        (10, ("红",), "督办"),
        (10, ("红", "红"), "约谈"),
        (10, ("红", "绿"), "提醒"),
        (90, ("红", "红"), "无"),
        (None, ("红", "红"), "督办"),
        (None, (), "无"),
    ],
)
def test_each_red_round_is_a_step(done: int | None, before: tuple[str, ...], state: str) -> None:
    facts: dict[str, object] = {"年度计划投资": 100, "本年累计完成投资": done}
    facts |= {"往期总灯": past(*before)} if before else {}
    row = answer(book_of(LIGHT, LADDER), **facts)
    assert [one["state"] for one in row["ladders"]] == [state]


def test_a_light_of_this_round_among_the_earlier_ones_counts_once() -> None:
    """Twin: the same light on the day before is another round."""
    book, facts = book_of(LIGHT, LADDER), {"年度计划投资": 100, "本年累计完成投资": 10}
    for on, state in (("2025-09-30", "提醒"), ("2025-09-29", "督办")):
        row = answer(book, **facts, 往期总灯=[{"on": on, "value": "红"}])
        assert row["ladders"][0]["state"] == state


def test_the_light_is_said_and_not_asked_to_be_registered() -> None:
    book = book_of(LIGHT, LADDER)
    assert "从“无”，总灯为红的，进入“提醒”，提醒" in [one.text for one in recite(book)]
    assert [one.name for one in book.measures if one.operator == "event"] == []
