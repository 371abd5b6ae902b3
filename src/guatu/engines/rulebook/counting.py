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
