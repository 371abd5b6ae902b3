"""Who keeps a field already: a form that asks for it is refused with his name (M-C5). Pure.

What units write in the heads of their tables means one of our fields (`engines/sheets`), so the
same words find out whether a new form asks for what the platform holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.sheets.vocabulary import load_vocabulary
from guatu.engines.sheets.wording import normal_form

_UNITS = (
    "亿元|百万元|千元|万元|元|亿|万|%|‰|百分比|百分点|个|项|件|户|家|人|人次|天|日|月|年|公里|千米|米|亩|"
    "公顷|平方米|万平方米|平方公里|立方米|吨|台|套|座|是/否|是否|年月日|年/月/日|年月"
)
_UNIT = re.compile(rf"[(\[【〔](?:单位[:：]?)?(?:{_UNITS})[)\]】〕]")
_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}\)|\d{1,2}[、.)](?!\d)|[一二三四五六七八九十]{1,3}、)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is kept and by whom; `url_name` is the page to get it from."""

    name: str
    keeper: str
    url_name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a field: the field as the platform calls it, and its place."""

    field: str
    place: Place

    @property
    def words(self) -> str:
        """`项目库的“总投资”，由…维护`."""
        return f"{self.place.name}的“{self.field}”，{self.place.keeper}"


LIBRARY = Place("项目库", "由项目办维护、责任单位核对", "library")
LISTS = Place("年度清单", "由项目办按印发的清单维护", "lists")
DUTIES = Place("责任", "由项目办维护", "responsibilities")
REPORTS = Place("月报", "由填报单位每期报送", "months")
RESULTS = Place("进展", "由平台按月报算出", "results-newest")

_OURS: dict[Place, tuple[str, ...]] = {
    LIBRARY: (
        "项目名称", "项目代码", "所属地区", "业主单位", "行业领域", "项目类型",
        "是否打包", "所属打包项目", "子项目数", "建设内容", "建设年限", "建设地点",
        "项目阶段", "总投资", "计划开工时间", "计划竣工时间",
    ),
    LISTS: ("项目层级", "建设性质", "年度计划投资", "累计计划投资"),
    DUTIES: ("责任单位", "包联领导", "联络员", "联系电话"),
    REPORTS: (
        "实际开工时间", "实际竣工时间", "本月完成投资", "本年累计完成投资",
        "自开工累计完成投资", "形象进度", "存在问题", "下步措施",
        "核减原因", "未完成原因", "入库状态", "资金支付率",
    ),
    RESULTS: ("年度计划完成率", "上年同期累计完成投资"),
}  # fmt: skip
"""The canonical fields of project tables by their place. 序号 and 备注 are nobody's."""
_LABELS: dict[str, tuple[str, Place]] = {
    "形象节点": ("形象节点", REPORTS),
    "问题类别": ("问题类别", REPORTS),
    "问题分类": ("问题类别", REPORTS),
    "下期计划完成": ("下期计划完成", REPORTS),
    "下期计划完成投资": ("下期计划完成", REPORTS),
    "下月计划完成投资": ("下期计划完成", REPORTS),
    "快报数": ("快报数", REPORTS),
    "超竣工年度": ("超竣工年度", RESULTS),
    "灯": ("亮灯", RESULTS),
    "亮灯": ("亮灯", RESULTS),
    "亮灯情况": ("亮灯", RESULTS),
    "预警灯": ("亮灯", RESULTS),
}
"""Labels of our own pages that no table of a unit has."""


@cache
def _places() -> dict[str, Place]:
    return {name: place for place, names in _OURS.items() for name in names}


@cache
def _computed() -> dict[str, str]:
    """Measures that follow from what the platform holds, by the form that is compared."""
    every = standard_catalogue().measures
    return {normal_form(one.name): one.name for one in every if one.carried}


def plain(name: str) -> str:
    """A field's name as it is compared: without number, star, unit in brackets, spaces or width.

    Other brackets are opened, not dropped: 总投资（中央资金） is not 总投资.
    """
    text = _UNIT.sub("", normal_form(name))
    text = _NUMBERED.sub("", text).strip("*:;,。、：；，")
    return _BRACKETS.sub("", text)


def holder_of(name: str) -> Holder | None:
    """Who holds what a field of this name asks for; None where nobody does.

    What is only guessed from its beginning is not held: 建设内容变更次数 is a new question.
    """
    text = plain(name)
    if not text:
        return None
    if known := _LABELS.get(text):
        return Holder(*known)
    match = load_vocabulary().match((text,))
    if match is not None and not match.is_guess:
        place = _places().get(match.field)
        return Holder(match.field, place) if place else None
    measure = _computed().get(text)
    return Holder(measure, RESULTS) if measure else None


def held(names: Iterable[str]) -> list[tuple[str, Holder]]:
    """Those of some fields that are held, each with its holder."""
    found = ((name, holder_of(name)) for name in names)
    return [(name, holder) for name, holder in found if holder is not None]


def held_faults(names: Iterable[str]) -> list[Fault]:
    """One fault for each field that asks for what the platform holds, with the holder's name."""
    return [
        Fault("field-held", f"“{name[:40]}”平台已有：{holder.words}", "请从那里取数，不再向单位要")
        for name, holder in held(names)
    ]
