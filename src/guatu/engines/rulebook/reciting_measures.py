"""How a book's own measures are found, and what is taken for granted, in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.reciting import Sentence, condition_words
from guatu.engines.rulebook.types import (
    Book,
    Choose,
    Conditions,
    Measure,
    Members,
    Panel,
    Peers,
    Ranking,
    Share,
    Stated,
    Window,
)
from guatu.engines.rulebook.wording import limit_text, number_text, value_text

TAKEN = {"sum": "合计", "mean": "平均", "highest": "最高", "lowest": "最低", "count": "个数"}
PLAIN: Mapping[str, str] = {
    "ratio": "{0}÷{1}",
    "growth": "（{0}－{1}）÷{1}",
    "difference": "{0}－{1}",
    "quotient": "{0}÷{1}",
    "shortfall": "1－{0}÷{1}",
    "opposite": "不是“{0}”",
    "months_since": "自{0}到期末满几个月",
    "months_across": "自{0}到期末跨几个月",
    "months_until": "期末离{0}还有几个月",
    "days_since": "自{0}到期末几天",
    "days_until": "期末离{0}还有几天",
    "months_between": "自{0}到{1}几个月",
    "days_between": "自{0}到{1}几天",
    "month_of": "{0}的月份",
    "year_of": "{0}的年份",
    "quarter_of": "{0}在第几季度",
    "half_of": "{0}在上半年还是下半年",
}
JOINED = {"sum": "＋", "highest": "、", "lowest": "、", "earliest": "、", "latest": "、"}
ENDINGS = {
    "highest": "中最大的",
    "lowest": "中最小的",
    "earliest": "中最早的",
    "latest": "中最晚的",
}
RECORDED = {
    "count_in": "次数",
    "sum_in": "合计",
    "mean_in": "平均",
    "highest_in": "最高",
    "lowest_in": "最低",
    "newest_in": "最近一次",
}


def recite_measures(book: Book) -> tuple[Sentence, ...]:
    """The book's own measures: who gives them, or how they follow; and its assumptions."""
    found = [
        Sentence(one.name, "", one.subjects[0], f"{one.name}：{_measure(one, book)}")
        for one in book.measures
        if one.operator not in ("output", "event")
    ]
    for one in book.assumptions:
        measure = catalogue_of(book, one.subject)[one.measure]
        text = f"没有登记“{one.measure}”的，视为{value_text(one.value, measure)}"
        found.append(Sentence(one.measure, one.clause, one.subject, text, one.interpretation))
    return tuple(found)


def _measure(measure: Measure, book: Book) -> str:
    if not measure.operator:
        by = f"由{measure.judged_by}认定" if measure.judged_by else measure.data
        return f"{measure.meaning}（{measure.unit}，{by}）"
    return _words(measure, catalogue_of(book, measure.subjects[0]), book)


def _words(measure: Measure, catalogue: Catalogue, book: Book) -> str:
    name, of = measure.operator, measure.of
    if name in PLAIN:
        return PLAIN[name].format(*of)
    if name in JOINED:
        return JOINED[name].join(of) + ENDINGS.get(name, "")
    match measure.detail:
        case Conditions(stated) if name == "holds":
            return condition_words(stated[0].when, catalogue)
        case Conditions(stated):
            told = "；".join(condition_words(one.when, catalogue) for one in stated)
            return f"下列成立几条：{told}"
        case Choose():
            return _choose(measure, measure.detail, catalogue)
        case Share(share):
            return f"{of[0]}的{number_text(100 * Fraction(*share))}%"
        case Ranking():
            return _rank(measure, measure.detail, catalogue)
        case Peers(take, within, among, skips):
            group = f"同一“{within}”" if within else "全部"
            return f"{group}{_whose(among, catalogue)}{_taken(take, of, skips=skips)}"
        case Members(take, over, by, among, skips):
            theirs = catalogue_of(book, over)
            return f"“{by}”为本单位的{over}{_whose(among, theirs)}{_taken(take, of, skips=skips)}"
        case Panel():
            return _panel(of[0], measure.detail)
        case Window():
            return _window(measure, measure.detail)
    return "、".join(of)


def _whose(among: Stated | None, catalogue: Catalogue) -> str:
    return f"中{condition_words(among.when, catalogue)}的" if among else "的"


def _taken(take: str, of: tuple[str, ...], *, skips: bool) -> str:
    if take == "count":
        return "个数"
    rest = "没有数的不计入" if skips else "有一个没有数就没有"
    return f"“{of[0]}”{TAKEN[take]}（{rest}）"


def _choose(measure: Measure, detail: Choose, catalogue: Catalogue) -> str:
    told = []
    for one in detail.choices:
        value = f"“{one.name}”" if one.name else limit_text(one.value or 0, measure)
        if len(detail.choices) == 1 and not one.stated:
            return f"取{value}"
        when = condition_words(one.stated.when, catalogue) if one.stated else "其余"
        told.append(f"{when}，取{value}")
    if detail.is_rest_missing:
        told.append("其余，没有数")
    return "；".join(told)


def _rank(measure: Measure, detail: Ranking, catalogue: Catalogue) -> str:
    group = f"在同一“{detail.within}”里" if detail.within else ""
    order = "由低到高" if detail.lowest_first else "由高到低"
    way = "从后往前数" if detail.from_last else "排名"
    ties = "并列后跳号" if detail.ties == "shared" else "并列后不跳号"
    among = f"，只排{condition_words(detail.among.when, catalogue)}的" if detail.among else ""
    return f"{group}按“{measure.of[0]}”{order}{way}，{ties}{among}"


def _panel(of: str, detail: Panel) -> str:
    terms = [f"{who}{number_text(100 * Fraction(*weight))}%" for who, weight in detail.weights]
    drop = f"各去掉{detail.drop}个最高分和最低分后，" if detail.drop else ""
    weighted = f"按{'、'.join(terms)}加权" if terms else "取平均"
    within = "" if detail.window.within == "全部" else f"{_span(detail.window)}的"
    return f"{within}“{of}”{drop}{weighted}"


def _span(window: Window) -> str:
    return f"近{window.months}个月" if window.within == "近几个月" else window.within


def _window(measure: Measure, detail: Window) -> str:
    of = measure.of[0]
    when = f"（{detail.stated.text}）" if detail.stated else ""
    if measure.operator == "previous":
        return f"期末之前倒数第{detail.back}次的“{of}”"
    if measure.operator == "consecutive":
        each = f"（按{detail.every}，缺一{detail.every}就断）" if detail.every else ""
        return f"“{of}”{when}从最近一次往前连续几次{each}"
    return f"{_span(detail)}“{of}”{when}的{RECORDED[measure.operator]}"
