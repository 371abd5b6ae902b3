"""How much a book holds, in one line."""

from __future__ import annotations

from dataclasses import fields

from guatu.engines.rulebook.checking import Checked
from guatu.engines.rulebook.types import Book

WORDS = {
    "lights": "亮灯{}个维度",
    "parts": "得分项{}个",
    "grades": "等次{}个",
    "lists": "名单{}个",
    "acts": "措施{}条",
    "exemptions": "豁免{}条",
    "money": "资金{}条",
    "partitions": "分类统计{}个",
}
PROCEDURE_WORDS = {
    "calendars": "日历{}个",
    "clocks": "时限{}个",
    "ladders": "阶梯{}个",
    "checklists": "清单{}个",
    "items": "事项{}个",
    "totals": "总时限{}个",
    "waivers": "免办{}条",
    "sequences": "先后{}条",
    "workflows": "流程{}个",
    "duties": "职责{}个",
    "consequences": "处理{}条",
}


def counts_of(book: Book) -> dict[str, int]:
    """The number of rules of each kind, kinds without one left out."""
    found = {word: len(getattr(book, name)) for name, word in WORDS.items()}
    if book.procedures is not None:
        for one in fields(book.procedures):
            found[PROCEDURE_WORDS[one.name]] = len(getattr(book.procedures, one.name))
    return {word: number for word, number in found.items() if number}


def counted(checked: Checked) -> str:
    """`亮灯4个维度，得分项2个；算例12个`."""
    assert checked.book is not None
    told = "，".join(word.format(number) for word, number in counts_of(checked.book).items())
    return f"{told}；算例{len(checked.examples)}个"


NEEDS = {
    "rank": "名次",
    "peers": "同组比较",
    "members": "下属合计",
    "panel": "多人打分",
    "choose": "按情形取值",
    "how_many": "数条件",
    "holds": "组合判断",
    "share_of": "几成",
    "growth": "增长率",
    "consecutive": "连续次数",
    "count_in": "期内次数",
    "mean_in": "期内平均",
    "sum_in": "期内合计",
    "newest_in": "最近一次",
    "previous": "以前各期",
}
PART_NEEDS = {
    "Steps": "按步加减",
    "Proportional": "按比例得分",
    "PointsCases": "分档得分",
    "PointsTable": "查表得分",
    "Marginal": "分段累进",
    "Series": "递减级数",
    "RankPoints": "名次插值",
    "Efficacy": "功效系数",
    "Blend": "加权合成",
    "Awarded": "人给分",
}


def needs_of(book: Book) -> tuple[str, ...]:
    """What of the language a book needs, in words: kinds of rules, then operators."""
    found = [word.split("{}")[0] for word in counts_of(book)]
    found += [NEEDS[one.operator] for one in book.measures if one.operator in NEEDS]
    if any(one.judged_by for one in book.measures):
        found.append("人工认定")
    found += [PART_NEEDS[type(one.operator).__name__] for one in book.parts if one.operator]
    found += ["加减分"] if any(one.each for one in book.parts) else []
    found += ["一票否决"] if any(one.vetoes for one in book.scores) else []
    open_lights = any(one.left_open for one in book.lights)
    open_grades = any(one.left_open for one in book.grades)
    found += ["留白"] if open_lights or open_grades else []
    found += ["未明条款"] if book.opens else []
    return tuple(dict.fromkeys(found))
