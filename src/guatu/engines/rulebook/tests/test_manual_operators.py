"""Every operator written inside the table of the manual's page on measures can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.engines.rulebook import RulebookError, parse_book
from guatu.engines.rulebook.reading.operators import OPERATORS
from guatu.engines.rulebook.tests.books_read import HEAD, given

PAGE = Path(__file__).parents[5] / "docs" / "rulebooks" / "measures.md"
TABLE = PAGE.read_text("utf-8").split("| 算法 | 写法 | 得出 |")[1].split("\n\n")[0]
WRITTEN = re.findall(r"`(\{(?!give)\w+ = [^`]+\})`", TABLE)
SHORT = re.findall(r"`(\w+)`", TABLE)
"""Operators that a row names beside another one, written alike."""

KINDS = {
    "金额": "今年 去年 合同价",
    "比率": "甲率 乙率 完成率",
    "是否": "已竣工",
    "分数": "进度 质量 得分",
    "日期": "开工日期 节点日期 起 止",
    "文字": "类别 组别",
}
RECORDS = {"月考评得分": "分数", "进度灯记录": "文字", "评委打分": "分数"}
TWO = {"earliest": "日期", "latest": "日期"}
"""What 甲 and 乙 are in the rows that use them of another kind than money."""
RESULT = {
    **dict.fromkeys(("ratio", "growth", "quotient", "shortfall"), "比率"),
    **dict.fromkeys(("difference", "sum", "highest", "lowest", "share_of", "choose"), "金额"),
    **dict.fromkeys(("opposite", "holds"), "是否"),
    **dict.fromkeys(("how_many", "rank", "count_in", "consecutive", "month_of"), "个数"),
    **dict.fromkeys(("quarter_of", "year_of"), "个数"),
    **dict.fromkeys(("months_since", "months_across", "months_until", "months_between"), "月数"),
    **dict.fromkeys(("days_since", "days_until", "days_between"), "天数"),
    **dict.fromkeys(("earliest", "latest"), "日期"),
    **dict.fromkeys(("peers", "previous"), "比率"),
    **dict.fromkeys(("members", "mean_in", "panel"), "分数"),
    **dict.fromkeys(("sum_in", "highest_in", "lowest_in", "newest_in"), "分数"),
    "half_of": "文字",
}


def operator_of(written: str) -> str:
    match = re.match(r"\{(\w+)", written)
    assert match
    return match[1]


def filled(written: str) -> str:
    """What the page leaves out of a row that is written like the one before it."""
    return re.sub(r"\[(?:…|\.\.\.)\]", '["甲", "乙"]', written)


def faults_of(written: str) -> list[str]:
    operator, how = operator_of(written), filled(written)
    if operator == "shortfall":
        how = how.replace('"甲", "乙"', '"甲率", "乙率"')
    subject = "单位" if operator == "members" else "项目"
    names = {name: kind for kind, words in KINDS.items() for name in words.split()}
    names |= dict.fromkeys("甲乙", TWO.get(operator, "金额"))
    tables = [given(name, kind) for name, kind in names.items()]
    tables += [given(name, "记录", f'value = "{kind}"') for name, kind in RECORDS.items()]
    rule = f'[[list]]\nname = "单"\nclause = "一"\nsubject = "{subject}"\nmissing = "待定"\n'
    own = f'[[measure]]\nname = "所得"\nkind = "{RESULT[operator]}"\nsubject = "{subject}"\n'
    known = "年度计划投资 > 0"
    text = HEAD + "\n".join([*tables, f"{own}from = {how}\n", f'{rule}when = "{known}"\n'])
    try:
        parse_book(text, source="b")
    except RulebookError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize("written", WRITTEN)
def test_an_operator_of_the_table_can_be_read(written: str) -> None:
    assert faults_of(written) == []


@pytest.mark.parametrize("written", WRITTEN)
def test_an_operator_with_another_name_in_it_cannot(written: str) -> None:
    """Twin: what is written in the braces is read."""
    name = re.findall(r"[\"' ]([一-鿿]{1,6})(?=[\"' ])", filled(written))[0]
    assert faults_of(filled(written).replace(name, f"没有的{name}", 1)) != []


def test_the_table_names_every_operator() -> None:
    told = {operator_of(one) for one in WRITTEN} | set(SHORT)
    assert sorted(set(OPERATORS) - told) == []
