"""Figures as words: money in one unit, percentages, 高于/低于/持平, dates, lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core.periods import Grain, PeriodKey, title_of
from guatu.core.ratio import Ratio, gap_text, percent_text, printed_difference
from guatu.core.yuan import WAN, YI, in_unit
from guatu.publishing.circular.types import CircularStyle, GroupFigures, RegionFigures


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """The unit and digits in which all money of one sentence or table is printed."""

    unit: str
    digits: int
    style: CircularStyle

    def bare(self, yuan: int) -> str:
        """`629.00`, for a table whose unit stands above it."""
        return in_unit(yuan, self.unit, self.digits, self.style.rounding)

    def text(self, yuan: int) -> str:
        """`629.00亿元`; nothing is `0`, without decimals."""
        return f"{self.bare(yuan) if yuan else 0}{self.unit}"


def money_unit(amounts: Iterable[int | None], style: CircularStyle) -> MoneyUnit:
    """亿元 when one amount reaches 1亿元, else 万元; never one in which an amount becomes zero.

    Always 万元 where the city chose it.
    """
    known = [abs(amount) for amount in amounts if amount]
    is_large = style.money_unit == "亿元" and max(known, default=0) >= YI
    options = [("亿元", style.yi_digits)] if is_large else []
    options += [("万元", style.wan_digits)]
    for unit, digits in options:
        size = YI if unit == "亿元" else WAN
        if all(2 * amount * 10**digits >= size for amount in known) and not (
            style.rounding == "truncate" and any(amount * 10**digits < size for amount in known)
        ):
            return MoneyUnit(unit, digits, style)
    return MoneyUnit("万元", 4, style)


def percent(rate: Ratio, style: CircularStyle, measure: str = "completion_rate") -> str:
    """`97.2%`, rounded once as the office rounds this measure."""
    return f"{percent_text(*rate, style.digits_for(measure), style.rounding_for(measure))}%"


def gap(rate: Ratio, progress: Ratio, style: CircularStyle) -> str:
    """The rounded difference in percentage points, with its sign (figures.md 4)."""
    return _gap_text(rate, progress, style, from_rounded=style.gap_from_rounded)


def _gap_text(rate: Ratio, progress: Ratio, style: CircularStyle, *, from_rounded: bool) -> str:
    if from_rounded:
        shown = percent(rate, style), percent(progress, style, "time_progress")
        return printed_difference(*(text.rstrip("%") for text in shown))
    return gap_text(rate, progress, style.digits_for(_GAP), style.rounding_for(_GAP))


_GAP = "gap_to_time_progress"


def sign_of(printed: str) -> int:
    """-1, 0 or 1 of a printed figure: the word follows what the reader sees."""
    if not printed.strip("-0."):
        return 0
    return -1 if printed.startswith("-") else 1


def against_progress(rate: Ratio, progress: Ratio, style: CircularStyle, named: str = "") -> str:
    """`高于时间进度13.8个百分点`, `低于…`, `与时间进度持平`; `named` replaces the plain word."""
    word = named or style.progress_word
    printed = gap(rate, progress, style)
    sign = sign_of(printed)
    if not sign:
        return f"与{word}持平"
    return f"{'高于' if sign > 0 else '低于'}{word}{printed.lstrip('-')}个百分点"


def short_gap(rate: Ratio, progress: Ratio, style: CircularStyle) -> str:
    """For brackets and table cells: `高于13.8`, `低于3.2`, `持平`."""
    printed = gap(rate, progress, style)
    sign = sign_of(printed)
    return f"{'高于' if sign > 0 else '低于'}{printed.lstrip('-')}" if sign else "持平"


def named_progress(rate: Ratio, progress: Ratio, style: CircularStyle) -> str:
    """`时间进度（83.3%）`; without the figure where the printed numbers would seem to disagree."""
    shown = _gap_text(rate, progress, style, from_rounded=True)
    if shown != gap(rate, progress, style):
        return style.progress_word
    return f"{style.progress_word}（{percent(progress, style, 'time_progress')}）"


def growth(change: Ratio, style: CircularStyle) -> str:
    """`同比增长5.3%`, `同比下降5.3%`, `同比持平`."""
    printed = percent(change, style, "year_on_year")
    sign = sign_of(printed.rstrip("%"))
    return f"同比{'增长' if sign > 0 else '下降'}{printed.lstrip('-')}" if sign else "同比持平"


def day_text(day: date, year: int) -> str:
    """`10月31日`, with the year where it is not the circular's."""
    return f"{day.month}月{day.day}日" if day.year == year else full_day(day)


def full_day(day: date) -> str:
    """`2026年10月31日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def rank_basis(style: CircularStyle, ranked: Iterable[RegionFigures]) -> str:
    """What the ranks of some regions are made by: 完成率, or 开工率 in a list of starts alone."""
    by = {one.ranked_by for one in ranked if one.rank is not None}
    return style.start_word if by == {"start_rate"} else "完成率"


def period_name(period: PeriodKey) -> str:
    """`2026年1—10月`, `2026年度`, `截至2026年9月15日` as titles name the round."""
    if period.grain is Grain.YEAR:
        return f"{period.year}年度"
    named = title_of(period)
    if named.startswith("截至"):
        return f"截至{full_day(period.last_on)}"
    return f"{period.year}年{named}"


def joined(names: Sequence[str], limit: int, unit: str) -> str:
    """`A、B、C`; longer than `limit`: `A、B等7个地区`."""
    if len(names) <= max(limit, 1):
        return "、".join(names)
    return f"{'、'.join(names[:limit])}等{len(names)}个{unit}" if limit else f"{len(names)}个{unit}"


_NOTHING = frozenset({"", "无", "暂无", "没有", "/", "-", "—", "——", "none", "null", "nan", "n/a"})
_SENTENCE_END = "。；;，,、.．：: "


def one_line(text: str) -> str:
    """The text without control characters and line breaks; blanks only inside Latin text."""
    spaced = "".join(one if one.isprintable() else " " for one in text)
    # NFKC is not applied: full-width brackets and the unit's own characters stay.
    return re.sub(r"(?<=[^\x21-\x7e])\s+|\s+(?=[^\x21-\x7e])", "", spaced.strip())


def reported(text: str) -> str:
    """What a unit wrote, on one line, without end punctuation; empty when it says nothing."""
    flat = re.sub(r"（[，。；、]*）|\(\s*\)", "", one_line(text))
    flat = re.sub(r"([，。；、：！？,;])[，。；、：,;]+", r"\1", flat)
    flat = flat.strip(_SENTENCE_END)
    return "" if flat.casefold() in _NOTHING else flat


def shortened(text: str, limit: int) -> str:
    """The text, cut to `limit` characters with an ellipsis where it is longer."""
    return text if len(text) <= limit else f"{text[:limit].rstrip(_SENTENCE_END)}……"


def progress_of(group: GroupFigures, general: Ratio) -> Ratio:
    """The time progress a group is measured by: its own or the circular's."""
    return group.time_progress or general
