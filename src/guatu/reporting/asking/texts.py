"""What a text of progress says in numbers: amounts, rates, a standstill. Pure.

Only sentences that can be read one way are taken; everything else says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from guatu.core.yuan import UNITS

_NUMBER = r"(\d{1,12}(?:,\d{3})*(?:\.\d{1,6})?)"
_YEAR = re.compile(
    rf"(?:今年|本年|年内|全年|1-\d{{1,2}}月)[^,。;]{{0,6}}?完成投资(?:约)?{_NUMBER}(亿元|万元)"
)
_LIFE = re.compile(rf"自?开工(?:以来|至今)?累计完成(?:投资)?(?:约)?{_NUMBER}(亿元|万元)")
_RATE = re.compile(rf"(?:占|完成)(?:年度|全年)(?:投资)?(?:计划|任务)(?:投资)?的?{_NUMBER}%")
_IDLE = re.compile("停工|停建|尚未开工|未开工|暂未动工|未动工")
_RESUMED = re.compile(
    "复工|恢复施工|(?:不|未|没有|无|防止|避免|解决)[^,。;]{0,4}停工|停工[^,。;]{0,8}(?:后|整改完成)"
)
_PART = re.compile("标段|二期|三期|配套|部分|附属|支线|另外|其中|子项")
_DONE = re.compile("(?:项目|工程)?(?:已|全部|整体)(?:全面|全部|整体)?(?:竣工|完工)|已通过竣工验收")
_NOT_DONE = re.compile("主体|基础|封顶|路基|桩|分部|[一二三四五六七八九十]期|标段|部分|子项")
_CLAUSE = re.compile("[。;!]")


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers and states a text tells; None and False where it tells none."""

    year_yuan: int | None = None
    life_yuan: int | None = None
    rate: Fraction | None = None
    """Of the year's plan; 1 is all of it."""
    is_idle: bool = False
    """That nothing is built: stopped, or not started."""
    is_done: bool = False


def said(text: str) -> Said:
    """Read a text of progress (形象进度). Sentences about a part of the project are left out."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    sentences = [one for one in _CLAUSE.split(plain) if one]
    whole = [one for one in sentences if not _PART.search(one)]
    joined = "。".join(whole)
    return Said(
        _yuan(_YEAR, joined),
        _yuan(_LIFE, joined),
        _rate(joined),
        any(_IDLE.search(one) and not _RESUMED.search(one) for one in whole),
        any(_DONE.search(one) and not _NOT_DONE.search(one) for one in whole),
    )


def _yuan(pattern: re.Pattern[str], text: str) -> int | None:
    found = {_number(number) * UNITS[unit] for number, unit in pattern.findall(text)}
    # Two different amounts: nobody can say which of them is meant.
    return int(found.pop()) if len(found) == 1 else None


def _rate(text: str) -> Fraction | None:
    found = {_number(one) / 100 for one in _RATE.findall(text)}
    return found.pop() if len(found) == 1 else None


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("竣工", re.compile("竣工|完工|交付|投产|投用|通车")),
    ("安装装修", re.compile("安装|装修|装饰|调试|试运行|绿化|附属|路面")),
    ("封顶", re.compile("封顶|合龙|贯通")),
    ("主体", re.compile("主体|结构|墙体|厂房建设|路基(?!土)|管道|架梁|隧道")),
    ("基础", re.compile("基础|桩|基坑|土方|地下|承台")),
    (
        "前期",
        re.compile("未开工|前期|立项|可研|初设|招标|征地|拆迁|场平|场地平整|三通一平|进场|围挡"),
    ),
)
"""Later stages first: a node that names several is at the latest of them."""
_AHEAD = re.compile("(?:安装|装修|竣工|完工|验收|封顶|合龙|交付|投产)(?:之|以)?前")
"""What still lies ahead: 安装前主体施工."""


def stage_of(node: str) -> str | None:
    """Which of the book's stages a physical node means; None where the words tell none."""
    plain = unicodedata.normalize("NFKC", node).replace(" ", "")
    plain = _AHEAD.sub("", plain)
    if not plain:
        return None
    if "前期" in plain or "未" in plain:
        return "前期" if "未开工" in plain or "前期" in plain else None
    return next((stage for stage, words in _STAGES if words.search(plain)), None)
