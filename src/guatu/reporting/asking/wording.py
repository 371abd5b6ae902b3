"""How a question is put: what was said, what it stands against, what to do. Never an accusation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guatu.core.ratio import percent_text
from guatu.core.yuan import wan_words
from guatu.reporting.asking.measures import Heap, Values
from guatu.reporting.asking.texts import said
from guatu.reporting.asking.types import Course
from guatu.reporting.types import FigureQuestionKind

_LEVEL = Fraction(1, 4)
"""A gap to the class that was answered is asked about again when it has grown by this much."""
_DATES = {"用地落实时间": "用地落实", "资金落实时间": "资金落实", "审批完成时间": "审批完成"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, the facts they rest on (label: words), and what makes it the same question."""

    text: str
    facts: Mapping[str, str]
    key: Mapping[str, object]


def report_question(kind: FigureQuestionKind, course: Course, values: Values) -> Asked:
    """The question of a kind about the report that a course ends with."""
    facts, key, remedy = _OF[kind](course, values)
    told = "，".join(f"{label}{words}" for label, words in facts.items())
    text = f"{_LEAD[kind]}：{told}。数据不一致，请核实；{remedy}。"
    return Asked(text, facts, {"kind": kind.value, **key})


def heap_question(heap: Heap, as_of: date) -> Asked:
    """The question about a unit's round numbers; asked once in a half-year."""
    facts = {
        "近三期当期完成数": f"{heap.count}个",
        "其中整数": f"{heap.round}个（{percent_text(heap.round, heap.count, 0)}%）",
    }
    told = "，".join(f"{label}{words}" for label, words in facts.items())
    text = f"当期完成数多为整数：{told}。请核实是否为估计数；按计量或结算数报的，请说明。"
    half = f"{as_of.year}-{1 if as_of.month <= 6 else 2}"
    return Asked(text, facts, {"kind": FigureQuestionKind.HEAPS.value, "half": half})


type _Parts = tuple[dict[str, str], dict[str, object], str]


def _wan(yuan: int | None) -> str:
    return wan_words(yuan) if yuan is not None else "没有数"


def _percent(value: object) -> str:
    assert isinstance(value, tuple)
    return f"{percent_text(value[0], value[1], 1)}"


def _falls(course: Course, values: Values) -> _Parts:
    now, before = course.now, course.earlier
    assert before is not None
    facts = {"本年累计": _wan(now.year_yuan), "上次报": _wan(before.year_yuan)}
    if (now.year_yuan or 0) >= (before.year_yuan or 0):
        facts = {
            "自开工累计": _wan(course.life_yuan),
            "上次报": _wan(course.life_at(before)),
        }
    key: dict[str, object] = {
        "on": now.as_of.isoformat(),
        "now": now.year_yuan,
        "before": before.year_yuan,
    }
    return facts, key, "如系核减请写明核减原因，写错的请改正"


def _above_total(course: Course, values: Values) -> _Parts:
    facts = {"自开工累计": _wan(course.life_yuan), "总投资": _wan(course.total_yuan)}
    return facts, {"total": course.total_yuan}, "总投资已调整的请写明批准文件，写错的请改正"


def _above_contract(course: Course, values: Values) -> _Parts:
    facts = {"自开工累计": _wan(course.life_yuan), "合同金额": _wan(course.contract_yuan)}
    return facts, {"contract": course.contract_yuan}, "含合同以外费用的请说明构成，写错的请改正"


def _above_paid(course: Course, values: Values) -> _Parts:
    facts = {"自开工累计": _wan(course.life_yuan), "累计支付": _wan(course.paid_yuan)}
    tenths = 10 * (course.paid_yuan or 0) // (course.life_yuan or 1)
    key: dict[str, object] = {"year": course.now.as_of.year, "tenths": tenths}
    return facts, key, "已完成未支付的请说明结算情况，写错的请改正"


def _exactly_plan(course: Course, values: Values) -> _Parts:
    facts = {
        "本年累计": _wan(course.now.year_yuan),
        "与该月计划数相同，已连续": f"{values['连续与计划相同次数']}次",
    }
    key: dict[str, object] = {"year": course.now.as_of.year, "plan": course.plan_yuan}
    return facts, key, "请按实际完成数报，确实相同的请说明"


def _year_end(course: Course, values: Values) -> _Parts:
    facts = {
        f"{course.now.as_of.month}月当月": _wan(course.step_yuan),
        "占全年": f"{_percent(values['年末当月占全年'])}%",
    }
    return facts, {"year": course.now.as_of.year}, "集中结算、补报以前各月的请说明，写错的请改正"


def _off_pace(course: Course, values: Values) -> _Parts:
    over, under = values["高于同类"], values["低于同类"]
    assert isinstance(over, tuple)
    assert isinstance(under, tuple)
    gap = Fraction(*over)
    word, shown = ("高", over) if gap > 0 else ("低", under)
    facts = {
        "年度计划完成率比同类项目的中间数": f"{word}{_percent(shown)}个百分点",
        "同类项目": f"{values['同类个数']}个",
    }
    key: dict[str, object] = {
        "year": course.now.as_of.year,
        "side": word,
        "level": int(abs(gap) / _LEVEL),
    }
    return facts, key, "确实快于或慢于同类的请说明原因，写错的请改正"


def _node(course: Course, values: Values) -> _Parts:
    life, total = course.life_yuan or 0, course.total_yuan or 1
    facts = {
        "形象节点": f"“{course.now.node}”",
        "自开工累计占总投资": f"{percent_text(life, total, 1)}%",
    }
    return facts, {"node": course.now.node}, "设备、土地等费用占比大的请说明，写错的请改正"


def _conditions(course: Course, values: Values) -> _Parts:
    started = course.started_on
    assert started is not None
    held = {name: day for name in _DATES if isinstance(day := values.get(name), date)}
    late = {name: day for name, day in held.items() if started < day}
    facts = {"实际开工": started.isoformat()}
    facts |= {f"清单上{_DATES[name]}": day.isoformat() for name, day in late.items()}
    key: dict[str, object] = {name: day.isoformat() for name, day in late.items()}
    if values.get("开工条件登记未落实") is True:
        lacking = "、".join(course.conditions.lacking)
        facts["清单申报时未落实"] = lacking
        key["lacking"] = lacking
    return facts, {"start": started.isoformat(), **key}, "请核对开工时间和条件落实时间"


def _repeated(course: Course, values: Values) -> _Parts:
    other = course.look_alike
    assert other is not None
    same = [
        word
        for name, word in (
            ("与另一开工项目代码相同", "代码"),
            ("与它同地点", "地点"),
            ("与它同业主", "业主"),
        )
        if values.get(name) is True
    ]
    facts = {"相同的有": "、".join(["名称相近", *same])}
    return facts, {"other": other.project_id}, "请说明是否同一个项目；是两个项目的请写明区别"


def _text(course: Course, values: Values) -> _Parts:
    told = said(course.now.text)
    facts: dict[str, str] = {}
    if "文字累计偏差" in values:
        if told.year_yuan is not None:
            facts |= {
                "文字写本年": _wan(told.year_yuan),
                "所报本年累计": _wan(course.now.year_yuan),
            }
        if told.life_yuan is not None:
            facts |= {"文字写自开工": _wan(told.life_yuan), "自开工累计": _wan(course.life_yuan)}
    if "文字完成率偏差" in values and told.rate is not None:
        written = percent_text(told.rate.numerator, told.rate.denominator, 1)
        holds = percent_text(course.now.year_yuan or 0, course.plan_yuan or 1, 1)
        facts |= {"文字写完成率": f"{written}%", "按所报数字": f"{holds}%"}
    if told.is_idle:
        facts |= {"文字写": "停工或尚未开工", "当期完成": _wan(course.step_yuan)}
    if told.is_done and not facts:
        life, total = course.life_yuan or 0, course.total_yuan or 1
        facts |= {"文字写": "已竣工", "自开工累计占总投资": f"{percent_text(life, total, 1)}%"}
    key: dict[str, object] = {"text": course.now.text[:200], "now": course.now.year_yuan}
    return facts, key, "请核对文字和数字，改正其中写错的"


_OF: Mapping[FigureQuestionKind, Callable[[Course, Values], _Parts]] = {
    FigureQuestionKind.FALLS: _falls,
    FigureQuestionKind.ABOVE_TOTAL: _above_total,
    FigureQuestionKind.ABOVE_CONTRACT: _above_contract,
    FigureQuestionKind.ABOVE_PAID: _above_paid,
    FigureQuestionKind.EXACTLY_PLAN: _exactly_plan,
    FigureQuestionKind.YEAR_END: _year_end,
    FigureQuestionKind.OFF_PACE: _off_pace,
    FigureQuestionKind.NODE: _node,
    FigureQuestionKind.CONDITIONS: _conditions,
    FigureQuestionKind.REPEATED: _repeated,
    FigureQuestionKind.TEXT: _text,
}
_LEAD: Mapping[FigureQuestionKind, str] = {
    FigureQuestionKind.FALLS: "累计数比上次少",
    FigureQuestionKind.ABOVE_TOTAL: "累计数超过总投资",
    FigureQuestionKind.ABOVE_CONTRACT: "累计数超过合同金额",
    FigureQuestionKind.ABOVE_PAID: "累计数与支付数差距大",
    FigureQuestionKind.EXACTLY_PLAN: "累计数连续与计划一元不差",
    FigureQuestionKind.YEAR_END: "年末一个月占比大",
    FigureQuestionKind.OFF_PACE: "与同类项目的进度差距大",
    FigureQuestionKind.NODE: "投资与形象节点不一致",
    FigureQuestionKind.CONDITIONS: "开工时间与开工条件不一致",
    FigureQuestionKind.REPEATED: "与一个已开工的项目相近",
    FigureQuestionKind.TEXT: "文字与数字不一致",
}
