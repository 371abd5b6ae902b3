"""Chinese words for values, limits and leaves of conditions, as explanations print them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from guatu.core.ratio import decimal_text, percent_text, round_scaled
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.conditions import MIRRORED
from guatu.engines.rulebook.types import (
    Chain,
    Comparison,
    FactValue,
    Flag,
    Give,
    Interpretation,
    Kind,
    Leaf,
    Limit,
    Measure,
    Member,
    Named,
    Pair,
    Record,
    Value,
)

UNIT_OF = {
    Kind.YUAN: "元",
    Kind.RATIO: "%",
    Kind.POINTS: "分",
    Kind.QUANTITY: "亩",
    Kind.COUNT: "个",
    Kind.MONTHS: "个月",
    Kind.DAYS: "天",
    Kind.DAY: "日期",
    Kind.BOOL: "是/否",
    Kind.TEXT: "文字",
    Kind.RECORDS: "记录",
    Kind.PAPERS: "材料",
}
"""What a measure of a kind counts, where the book does not say."""

_DIGITS = 2
_MOST_DIGITS = 18
_BOUND = {
    ">": "超过{}",
    ">=": "{}及以上",
    "<": "不到{}",
    "<=": "{}及以下",
    "==": "等于{}",
    "!=": "不等于{}",
}
_BESIDE = {
    ">": "大于{}",
    ">=": "不低于{}",
    "<": "小于{}",
    "<=": "不超过{}",
    "==": "等于{}",
    "!=": "不等于{}",
}
"""Bounds that are another measure."""

_PLACES = {
    ">": "在{}之后",
    ">=": "在{}及以后",
    "<": "在{}之前",
    "<=": "在{}以内",
    "==": "是{}",
    "!=": "不是{}",
}
"""Bounds of places in a ranking: 第5名 is better than 第6名."""

_YI, _WAN = 100_000_000, 10_000


def limits_of(leaf: Leaf) -> tuple[Value, ...]:
    """The literals a leaf compares with."""
    comparisons = leaf.comparisons if isinstance(leaf, Chain) else (leaf,)
    return tuple(
        side.value
        for comparison in comparisons
        if isinstance(comparison, Comparison)
        for side in (comparison.left, comparison.right)
        if isinstance(side, Limit)
    )


def value_text(value: FactValue, measure: Measure, limits: tuple[Value, ...] = ()) -> str:
    """A value with its unit; percentages with 2 digits, with more where 2 would hide on which
    side of a limit the exact value lies."""
    if value is None:
        return "缺数据"
    if isinstance(value, tuple):
        return _pair_text(value, measure, limits)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return money_text(value) if measure.kind is Kind.YUAN else f"{value}{measure.unit}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"“{value}”"


def _pair_text(
    value: Pair | tuple[Record, ...], measure: Measure, limits: tuple[Value, ...]
) -> str:
    match value:
        case (int(top), int(bottom)):
            if measure.kind in (Kind.POINTS, Kind.QUANTITY):
                return f"{number_text(Fraction(top, bottom))}{measure.unit}"
            digits = _digits_apart((top, bottom), limits)
            return _with_unit(percent_text(top, bottom, digits), measure)
    if measure.kind is Kind.PAPERS:
        return f"{len(value)}份材料"
    return _records_text(value, measure)


MOST_RECORDS = 6
"""Records told one by one; of more, the newest."""


def _records_text(records: tuple[Record, ...], measure: Measure) -> str:
    """`2条记录（2025年7月31日“黄”，2025年8月31日“绿”）`: days with what each one holds."""
    if not records:
        return "没有记录"
    kind = measure.record_kind if measure.kind is Kind.RECORDS else measure.kind
    unit = measure.unit if kind is measure.kind else UNIT_OF[kind] if kind else ""
    held = None if kind is None else replace(measure, kind=kind, unit=unit)
    told = []
    for one in records[-MOST_RECORDS:]:
        value = "" if held is None or one.value is None else value_text(one.value, held)
        told.append(f"{value_text(one.on, measure)}{value}" + (f"（{one.who}）" if one.who else ""))
    more = "最近为" if len(records) > MOST_RECORDS else ""
    return f"{len(records)}条记录（{more}{'，'.join(told)}）"


def number_text(value: Fraction, digits: int = 4) -> str:
    """A number without idle zeros, at most so many decimals."""
    shown = decimal_text(round_scaled(value.numerator, value.denominator, scale=10**digits), digits)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def limit_text(value: Value, measure: Measure) -> str:
    """A literal of a rule, without needless zeros."""
    if isinstance(value, tuple) and measure.kind not in (Kind.POINTS, Kind.QUANTITY):
        percent = Fraction(*value) * 100
        ends = (n for n in range(20) if (percent * 10**n).denominator == 1)
        digits = next(ends, 4)
        scaled = round_scaled(percent.numerator, percent.denominator, scale=10**digits)
        return _with_unit(decimal_text(scaled, digits), measure)
    return value_text(value, measure)


def money_text(yuan: int) -> str:
    """Whole yuan in the largest of 亿元, 万元, 元 that shows it exactly with few digits."""
    for unit, size in (("亿元", _YI), ("万元", _WAN)):
        if abs(yuan) >= size and yuan % (size // 100) == 0:
            shown = decimal_text(round_scaled(yuan, size, scale=100), 2)
            return shown.rstrip("0").rstrip(".") + unit
    return f"{yuan}元"


def phrase(
    value: FactValue, measure: Measure, limits: tuple[Value, ...] = (), shown: str = ""
) -> str:
    """What a value means in words: `完成率低于时间进度23.45个百分点`.

    `shown` is `value_text` of the same, where the caller has it.
    """
    words = measure.phrases
    if value is None:
        return f"缺“{measure.name}”"
    if isinstance(value, bool):
        plain = f"{measure.name}为{value_text(value, measure)}"
        return words.get("yes" if value else "no", plain)
    number = value[0] if isinstance(value, tuple) and value else value
    if isinstance(number, int) and words:
        sign = "zero" if number == 0 else "positive" if number > 0 else "negative"
        if sign in words:
            shown = shown or value_text(value, measure, limits)
            if sign == "negative" and "positive" in words:
                # Rounding is on the magnitude, so the opposite reads the same without the sign.
                shown = shown.removeprefix("-")
            return words[sign].format(value=shown)
    return f"{measure.name}为{shown or value_text(value, measure, limits)}"


def leaf_measure(leaf: Leaf) -> str:
    """The measure a leaf is about: the one that is compared."""
    match leaf:
        case Flag(name) | Member(name):
            return name
        case Chain(comparisons):
            right = comparisons[0].right
            return right.name if isinstance(right, Named) else leaf_measure(comparisons[0])
        case Comparison(Named(name)):
            return name
        case Comparison(_, _, Named(name)):
            return name
    raise TypeError(leaf)


def leaf_limit(leaf: Leaf, catalogue: Catalogue) -> str:
    """The limit in words: `10至30个百分点，含两端`, `超过30个百分点`."""
    measure = catalogue[leaf_measure(leaf)]
    match leaf:
        case Flag():
            return "是"
        case Member(_, values, negated):
            listed = "、".join(limit_text(value, measure) for value in values)
            return f"不在{listed}之列" if negated else f"{listed}之一"
        case Chain((Comparison(Limit(low), one, Named(_)), Comparison(Named(_), two, Limit(high)))):
            return _band(low, one, two, high, measure)
        case Chain(comparisons):
            return "且".join(leaf_limit(part, catalogue) for part in comparisons)
        case Comparison(Named(_), sign, Limit(value)):
            return _bound(sign, value, measure)
        case Comparison(Limit(value), sign, Named(_)):
            return _bound(MIRRORED[sign], value, measure)
        case Comparison(_, sign, Named(other)):
            return _BESIDE[sign].format(f"“{other}”")
    raise TypeError(leaf)


def _bound(sign: str, value: Value, measure: Measure) -> str:
    if sign == "<=" and "none" in measure.phrases and isinstance(value, tuple) and not value[0]:
        return measure.phrases["none"]
    if measure.unit == "名":
        return _PLACES[sign].format(f"第{limit_text(value, measure)}")
    return _BOUND[sign].format(limit_text(value, measure))


def limit_words(limit: str, measure: Measure) -> str:
    """The measure and its limit as one phrase: `落后时间进度超过30个百分点`."""
    return limit if limit == measure.phrases.get("none") else f"{measure.name}{limit}"


def _band(low: Value, one: str, two: str, high: Value, measure: Measure) -> str:
    if one not in ("<", "<=") or two not in ("<", "<="):
        # Written from high to low, or mixed: say each bound.
        left = _BOUND[MIRRORED[one]].format(limit_text(low, measure))
        return f"{left}且{_BOUND[two].format(limit_text(high, measure))}"
    lower, upper = limit_text(low, measure), limit_text(high, measure)
    unit = f"个{measure.unit}"
    start = lower.removesuffix(unit) if upper.endswith(unit) else lower
    ends = {
        ("<=", "<="): "含两端",
        ("<", "<"): "不含两端",
        ("<=", "<"): f"含{lower}，不含{upper}",
        ("<", "<="): f"不含{lower}，含{upper}",
    }
    return f"{start}至{upper}，{ends[one, two]}"


def _with_unit(number: str, measure: Measure) -> str:
    return f"{number}%" if measure.unit == "%" else f"{number}个{measure.unit}"


def _digits_apart(value: Pair, limits: tuple[Value, ...]) -> int:
    """The fewest digits that show on which side of every limit the exact value lies."""
    top, bottom = value
    near = [one for one in limits if isinstance(one, tuple)]
    for digits in range(_DIGITS, _MOST_DIGITS):
        scale = 100 * 10**digits
        shown = round_scaled(top, bottom, scale=scale)
        for over, under in near:
            exact, seen = top * under - over * bottom, shown * under - over * scale
            if (exact > 0) is not (seen > 0) or (exact < 0) is not (seen < 0):
                break
        else:
            return digits
    return _MOST_DIGITS


def lamp_of(give: Give) -> str:
    """A label as people say it: 红 → 红灯, 未预警 → “未预警”."""
    return f"{give.label}灯" if len(give.label) == 1 else f"“{give.label}”"


OPEN_TEXT = "；原文未明，"


def interpretation_text(interpretation: Interpretation | None) -> str:
    """Who read the text this way, when the text itself leaves it open."""
    if interpretation is None:
        return ""
    return f"{OPEN_TEXT}{interpretation.by}解释：{interpretation.why}"


def without_interpretation(text: str) -> str:
    """A reason without the note on who decided what an open clause means: for papers."""
    return text.split(OPEN_TEXT, 1)[0]
