"""The operators of score cards in words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.types import (
    Awarded,
    Beyond,
    Blend,
    Condition,
    Each,
    Efficacy,
    Marginal,
    Operator,
    Pair,
    Partial,
    PointsCase,
    PointsCases,
    PointsTable,
    Proportional,
    RankPoints,
    Series,
    Steps,
)
from guatu.engines.rulebook.wording import limit_text, number_text

type Say = Callable[[Condition, Catalogue], str]

PARTIAL_WORDS = {
    Partial.WHOLE: "只计整步",
    Partial.STARTED: "不足一步按一步",
    Partial.PROPORTION: "按比例",
}


def points_words(pair: Pair) -> str:
    """`40分`, `-0.5分`."""
    return f"{number_text(Fraction(*pair))}分"


def operator_words(operator: Operator | None, full: Pair, catalogue: Catalogue, say: Say) -> str:
    """How a part finds its points."""
    match operator:
        case None:
            return "从满分起扣" if full[0] else "从零起加"
        case Steps():
            return _steps(operator, catalogue)
        case Proportional(of, target, most):
            limit = "不封顶" if most is None else f"最多{points_words(most)}"
            return f"满分×{of}÷{limit_text(target, catalogue[of])}，{limit}"
        case PointsCases(cases, otherwise):
            told = [_case(one, catalogue, say) for one in cases]
            told += [] if otherwise is None else [f"其余{points_words(otherwise)}"]
            return "；".join(told)
        case PointsTable(of, rows, otherwise):
            told = [f"{key}为{points_words(points)}" for key, points in rows]
            told += [] if otherwise is None else [f"其余{points_words(otherwise)}"]
            return f"按“{of}”：{'、'.join(told)}"
        case Marginal():
            return _marginal(operator, catalogue)
        case Series():
            return _series(operator, catalogue)
        case RankPoints(rank, size, first, last):
            ends = f"第1名{points_words(first)}，最后一名（{size}）{points_words(last)}"
            return f"按“{rank}”：{ends}，中间均匀分布"
        case Efficacy():
            return _efficacy(operator, catalogue)
        case Blend(of, weights):
            terms = [
                f"{name}×{number_text(100 * Fraction(*weight))}%"
                for name, weight in zip(of, weights, strict=True)
            ]
            return "＋".join(terms)
        case Awarded(named, low, high):
            top = "不封顶" if high is None else points_words(high)
            return f"由人给分（{named}），{points_words(low)}至{top}"


def _steps(rule: Steps, catalogue: Catalogue) -> str:
    measure = catalogue[rule.of]
    up, down = limit_text(rule.step_up, measure), limit_text(rule.step_down, measure)
    target = limit_text(rule.target, measure)
    if rule.less_is_better:
        text = f"{rule.of}{target}得满分（越少越好）"
        text += f"，每少{up}加{points_words(rule.up)}" if rule.up[0] else ""
        text += f"，每多{down}减{points_words(rule.down)}"
    else:
        text = f"{rule.of}达到{target}得满分"
        text += f"，每超{up}加{points_words(rule.up)}，每差{down}减{points_words(rule.down)}"
    text += f"（{PARTIAL_WORDS[rule.partial]}）"
    if rule.lowest is not None and rule.highest is not None:
        text += f"，加减在{points_words(rule.lowest)}至{points_words(rule.highest)}之间"
    return text


def _case(case: PointsCase, catalogue: Catalogue, say: Say) -> str:
    points = f"得“{case.named}”" if case.named else f"得{points_words(case.points)}"
    text = f"{say(case.when, catalogue)}，{points}"
    if case.beyond:
        text += _beyond(case.beyond, catalogue)
    return text


def _beyond(rule: Beyond, catalogue: Catalogue) -> str:
    """`，超额投资超过500万元的每100万元再加1分（只计整步）`; a deduction says 再减."""
    measure, points = catalogue[rule.of], Fraction(*rule.points)
    sign = "减" if points < 0 else "加"
    return (
        f"，{rule.of}超过{limit_text(rule.above, measure)}的每{limit_text(rule.step, measure)}"
        f"再{sign}{number_text(abs(points))}分（{PARTIAL_WORDS[rule.partial]}）"
    )


def _marginal(rule: Marginal, catalogue: Catalogue) -> str:
    measure, told, edge = catalogue[rule.of], [], rule.above
    for one in rule.slices:
        step = limit_text(one.step, measure)
        top = "以上" if one.to is None else f"至{limit_text(one.to, measure)}"
        told.append(f"{limit_text(edge, measure)}{top}每{step}加{points_words(one.points)}")
        edge = one.to if one.to is not None else edge
    return f"{rule.of}：{'，'.join(told)}（{PARTIAL_WORDS[rule.partial]}）"


def _series(rule: Series, catalogue: Catalogue) -> str:
    measure = catalogue[rule.of]
    if rule.less is not None:
        fall = f"以后每步少{points_words(rule.less)}"
    else:
        fall = f"以后每步是前一步的{number_text(100 * Fraction(*(rule.times or (1, 1))))}%"
    return (
        f"{rule.of}超过{limit_text(rule.above, measure)}的，"
        f"每{limit_text(rule.step, measure)}一步，"
        f"第一步{points_words(rule.first)}，{fall}，每步最少{points_words(rule.least)}"
        f"（{PARTIAL_WORDS[rule.partial]}）"
    )


def _efficacy(rule: Efficacy, catalogue: Catalogue) -> str:
    measure = catalogue[rule.of]
    best = rule.best_named or limit_text(rule.best or 0, measure)
    worst = rule.worst_named or limit_text(rule.worst or 0, measure)
    base = number_text(100 * Fraction(*rule.base))
    rest = number_text(100 - 100 * Fraction(*rule.base))
    return f"功效系数：满分×（{base}%＋{rest}%×（{rule.of}－{worst}）÷（{best}－{worst}））"


def each_words(each: Each, catalogue: Catalogue, say: Say) -> str:
    """An event rule: `月报缺报，每次-1分，最多-12分`."""
    if each.stated is not None:
        text = f"{say(each.stated.when, catalogue)}，{points_words(each.points)}"
    else:
        text = f"{each.event}，每次{points_words(each.points)}"
        text += "×记录的值" if each.per_value else ""
    if each.cap_per is not None:
        text += f"，每{each.cap_per[0]}最多{points_words(each.cap_per[1])}"
    if each.cap is not None:
        text += f"，合计最多{points_words(each.cap)}"
    return text + (f"（与“{each.group}”同组的只计一项）" if each.group else "")
