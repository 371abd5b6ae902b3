"""Which answers a question takes, and the choices it offers. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from guatu.core.periods import month_end
from guatu.core.yuan import LIMIT, UNITS, wan_words
from guatu.reporting.intake.answers import NOT_TAKEN, TAKEN, date_value
from guatu.reporting.intake.facts import Facts
from guatu.reporting.intake.rows import ANSWERS, DATES
from guatu.reporting.types import AnswerKind

ACCEPTED = frozenset(
    {
        "above-total-investment",
        "below-last-month",
        "negative-figure",
        "negative-month",
        "month-mismatch",
        "rate-contradicts",
        "last-year-differs",
        "last-year-closed",
        "date-in-the-future",
        "date-changed",
        "repeated-start",
        "renamed-with-code",
        "changed-since-issue",
        "reporter-changed",
    }
)
"""Questions that may be answered with: it is so, because …"""
OF_PROJECT = frozenset(
    {
        "unknown-project",
        "ambiguous-project",
        "other-place",
        "no-name",
        "code-and-name-disagree",
        "unknown-region",
    }
)
EMPTY = frozenset({"no-figure", "month-only"})
"""Questions about a row that has words and no figure of the year."""
TITLES = {
    "unknown-project": "是哪个项目？",
    "ambiguous-project": "是哪个项目？",
    "other-place": "是哪个项目？",
    "no-name": "是哪个项目？",
    "code-and-name-disagree": "是哪个项目？",
    "unknown-region": "是哪个地区？",
    "unit-missing": "金额是什么单位？",
    "month-ambiguous": "是1月还是10月？",
    "duplicate-row": "以哪一行为准？",
    "two-senders": "以哪个单位为准？",
    "above-total-investment": "超过总投资",
    "below-last-month": "低于上期",
    "negative-figure": "负数",
    "negative-month": "本月是负数",
    "month-mismatch": "本月数与累计数不一致",
    "rate-contradicts": "完成率与数字不一致",
    "last-year-differs": "与已审核的上年同期不一致",
    "last-year-closed": "上年同期没有数",
    "date-in-the-future": "日期晚于本期",
    "date-changed": "日期与原来不同",
    "repeated-start": "可能重复开工",
    "renamed-with-code": "代码相同、名称不同",
    "no-figure": "没有填数",
    "month-only": "只有本月数",
    "wrong-period": "是不是发错了月份？",
    "locked-elsewhere": "同一天的数已锁定",
    "changed-since-issue": "发表以后数改过",
    "reporter-changed": "填报单位已变更",
    "part-of-package": "子项目的投资",
    "code-ruined": "代码末位丢失",
    "code-short": "代码位数不够",
    "status-word": "写的是状态，不是日期或数",
    "approximate": "写的是约数",
}


WORDS = {
    "approximate": "表中写“{raw}”，是约数，不能入账。请问准后填数。",
    "status-word": "表中写“{raw}”，是状态，不是{kind}。请问清后填{kind}。",
    "not-a-number-text": "表中写“{raw}”，不是数字。请问清后填数。",
    "not-a-number": "表中是“{raw}”，不是有效数字。请问清后填数。",
    "not-a-date": "表中写“{raw}”，不是日期。请填日期，或这一格不采用。",
    "year-missing": "表中写“{raw}”，没有写年份。请填日期，或这一格不采用。",
    "coarse-date": "表中写“{raw}”，只到季度或半年。请按最后一天记，或填准确日期。",
    "before-date": "表中写“{raw}”。请按该月最后一天记，或填准确日期。",
    "short-year": "表中写“{raw}”，年份只有两位。请核对后按20××年记，或填准确日期。",
    "odd-year": "表中写“{raw}”，年份不像工程日期。请填准确日期，或这一格不采用。",
    "month-ambiguous": "表中是数字{raw}，分不清1月还是10月。请选一个。",
    "fraction-of-yuan": "表中写“{raw}”，折算后有不足1元的零头。请核对单位和小数位；"
    "没有错的，按四舍五入到元记。",
    "bracketed-number": "表中写“{raw}”，加了括号。请核对是不是负数。",
    "too-large": "表中写“{raw}”，超过10万亿元，单位可能写错。请填正确的数。",
    "formula-without-value": "这一格是公式，表里没有存下算出的数。请问清后填数，"
    "或请单位用Excel、WPS打开，保存后重发。",
    "cell-error": "这一格显示的是错误值。请问清后填数，或请单位改正公式后重发。",
    "code-ruined": "代码已变成{raw}，末几位丢失。名称认得出的，按名称认即可；"
    "请提醒单位把代码列设为文本。",
    "code-short": "代码“{raw}”比同列其他代码短，可能丢了前面的0。名称认得出的，按名称认即可。",
    "unit-missing": "“{label}”一列没有写单位。选定后这一列都按它换算，下月也照此办理。",
    "no-figure": "没有填本年累计完成投资。请问清后填数或代报；不该报的，不采用。",
    "month-only": "只有本月数，没有本年累计完成投资。请问清累计数后填数或代报。",
}
"""What the office is asked to do about a cell or row; the question itself speaks of the table."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a press of a button gives."""

    kind: str
    value: str
    words: str


def title_of(code: str, facts: Facts) -> str:
    """The question in a few words."""
    if code in TITLES:
        return TITLES[code]
    if facts.field in DATES:
        return "是哪一天？"
    return "是多少？" if facts.field in ANSWERS else "请核实"


def words_of(code: str, facts: Facts, question: str) -> str:
    """What is asked and what to do, in a sentence that names neither project nor file."""
    if code in WORDS and (facts.raw or "{raw}" not in WORDS[code]):
        kind = "日期" if facts.field in DATES else "数"
        told = WORDS[code].format(raw=shown(facts), label=facts.label, kind=kind)
    else:
        told = question.removeprefix(f"{facts.name}：")
    return told if told.endswith(("。", "？")) else f"{told}。"


def shown(facts: Facts) -> str:
    """What a cell shows: 33,522 for 33522.0, 2.40E+19 for a code that became a number."""
    raw = facts.raw.strip()
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if not number.is_finite():
        return raw
    if facts.field == "项目代码":
        return f"{number:.2E}" if "e" in raw.lower() else raw
    if facts.field in ANSWERS and abs(number) < 10**16:
        return f"{number:,f}".rstrip("0").rstrip(".") if "." in raw else f"{number:,f}"
    return raw


def kinds_of(code: str, facts: Facts, *, is_waiting: bool) -> frozenset[AnswerKind]:
    """Which kinds of answer a question takes."""
    kinds = set()
    if facts.is_whole:
        return frozenset({AnswerKind.TABLE})
    if code in OF_PROJECT:
        kinds.add(AnswerKind.PROJECT)
    if code == "unknown-region":
        kinds.add(AnswerKind.REGION)
    if code == "unit-missing" and facts.label:
        kinds.add(AnswerKind.UNIT)
    if code in ACCEPTED:
        kinds.add(AnswerKind.ACCEPT)
    if code == "duplicate-row" and facts.choices:
        kinds.add(AnswerKind.ROW)
    if code == "two-senders" and facts.choices:
        kinds.add(AnswerKind.SENDER)
    if is_waiting:
        kinds.add(AnswerKind.DISMISS)
        settles_cell = not kinds & {AnswerKind.UNIT, AnswerKind.ROW, AnswerKind.SENDER}
        if facts.field in (*ANSWERS, *DATES, "项目代码") and settles_cell:
            kinds.add(AnswerKind.CELL)
    return frozenset(kinds)


def choices_of(code: str, facts: Facts, kinds: frozenset[AnswerKind]) -> list[Choice]:
    """The answers that one press gives."""
    found: list[Choice] = []
    if AnswerKind.TABLE in kinds:
        found += [
            Choice(AnswerKind.TABLE, NOT_TAKEN, "发错了，不采用"),
            Choice(AnswerKind.TABLE, TAKEN, "表头写错了，按本期采用"),
        ]
    if AnswerKind.UNIT in kinds:
        found += [
            Choice(AnswerKind.UNIT, unit, f"{unit}（{amount}）" if amount else unit)
            for unit in likely_units(facts.raw)
            for amount in [_in_wan(facts.raw, unit)]
        ]
    for kind in (AnswerKind.ROW, AnswerKind.SENDER):
        if kind in kinds:
            found += [Choice(kind, value, f"以{words}为准") for value, words in facts.choices]
    if AnswerKind.CELL in kinds:
        found += _cell_choices(code, facts)
    return found


def _cell_choices(code: str, facts: Facts) -> list[Choice]:
    found = []
    if facts.read and code != "month-ambiguous" and is_cell_value(facts, facts.read):
        words = f"按{_read_words(facts)}记"
        found.append(Choice(AnswerKind.CELL, facts.read, words))
    if code == "month-ambiguous" and (both := both_months(facts.raw)):
        found += [
            Choice(AnswerKind.CELL, date_value(on, "month"), f"{on.year}年{on.month}月")
            for on in both
        ]
    if code in EMPTY:
        found += [Choice(AnswerKind.CELL, value, words) for value, words in facts.choices]
    if code == "above-total-investment":
        for unit in ("元", "千元"):
            yuan = yuan_in(facts.raw, unit)
            if yuan is not None:
                words = f"写的是{unit}（即{wan_words(yuan)}）"
                found.append(Choice(AnswerKind.CELL, str(yuan), words))
    if facts.field in DATES:
        found.append(Choice(AnswerKind.CELL, NOT_TAKEN, "这一格不采用"))
    if facts.field == "项目代码":
        found.append(Choice(AnswerKind.CELL, NOT_TAKEN, "不看代码，按名称认"))
    return found


def both_months(raw: str) -> tuple[date, date] | None:
    """The ends of January and October of the year that 2026.1 may speak of."""
    match = re.fullmatch(r"(\d{4})\.1", raw.strip())
    if match is None:
        return None
    year = int(match[1])
    return month_end(year, 1), month_end(year, 10)


def yuan_in(raw: str, unit: str) -> int | None:
    """Whole yuan of a text in a unit; None where it is no such amount."""
    try:
        amount = Decimal(raw.replace(",", "").replace("，", "").strip()) * UNITS[unit]
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > LIMIT:
        return None
    return int(amount)


def _in_wan(raw: str, unit: str) -> str:
    yuan = yuan_in(raw, unit)
    return f"即{wan_words(yuan)}" if yuan is not None else ""


def likely_units(raw: str) -> tuple[str, ...]:
    """The units an amount may be in, in the order of habit: nobody builds for ten million 万元."""
    yuan = yuan_in(raw, "元")
    is_yuan = yuan is not None and abs(yuan) >= 10_000_000
    return ("元", "万元", "亿元") if is_yuan else ("万元", "亿元", "元")


def _read_words(facts: Facts) -> str:
    if facts.field in ANSWERS:
        return wan_words(int(facts.read))
    on, precision = facts.read.split("/")
    day = date.fromisoformat(on)
    return f"{day.year}年{day.month}月" + (f"{day.day}日" if precision != "month" else "")


_TYPED = re.compile(r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)", re.ASCII)


def yuan_of_wan(text: str) -> int | None:
    """Whole yuan of what somebody typed in 万元, full-width signs too; None where it is no such
    amount: powers of ten and underscores are slips of the hand."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    return yuan_in(plain, "万元") if _TYPED.fullmatch(plain) else None


def is_cell_value(facts: Facts, value: str) -> bool:
    """Whether a value may stand for a cell: left aside, whole yuan, or a day with its precision."""
    if value == NOT_TAKEN:
        return True
    if facts.field in ANSWERS:
        return bool(re.fullmatch(r"-?\d{1,15}", value)) and abs(int(value)) <= LIMIT
    if facts.field in DATES and re.fullmatch(r"\d{4}-\d\d-\d\d/(day|ten-day|month|year)", value):
        try:
            return 1980 <= date.fromisoformat(value[:10]).year <= 2080
        except ValueError:
            return False
    return False
