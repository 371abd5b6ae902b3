"""What may be compared with what: one rule for every page (M-C6). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.reporting.basis.types import Basis, Coverage
from guatu.reporting.types import FigureSource, IndicatorUnit

_TOLD = {
    FigureSource.UNIT: "上报数",
    FigureSource.STATISTICS: "统计数",
    FigureSource.AUDIT: "审计数",
}


@dataclass(frozen=True, slots=True)
class Same:
    """Both figures rest on the same basis."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """They may stand side by side, with these words beside them."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """They are not set against each other, for this reason."""

    reason: str


type Verdict = Same | Labelled | Refused


def comparable(a: Basis, b: Basis) -> Verdict:
    """Whether two figures may be compared: equal bases, with a label, or not at all (M-C6).

    Another unit, another way of adding up or another coverage (县级 against 全社会) is refused;
    another source, scope or method is labelled. What nobody has written down differs from nothing.
    The rule is symmetric.
    """
    if a.unit != b.unit:
        return Refused("计量单位不同，不作比较")
    if a.accumulates != b.accumulates:
        return Refused("累计方式不同，不作比较")
    if a.coverage and b.coverage and a.coverage != b.coverage:
        words = "、".join(sorted({Coverage(one.coverage).label for one in (a, b)}))
        return Refused(f"口径不同（{words}），不作比较")
    told = [*_sources(a, b), *_texts(a, b)]
    return Labelled(f"口径不同：{'、'.join(told)}") if told else Same()


def words_beside(verdict: Verdict) -> str:
    """What is to be said beside two figures; empty where they rest on the same basis."""
    return "" if isinstance(verdict, Same) else verdict.reason


def _sources(a: Basis, b: Basis) -> list[str]:
    if a.source == b.source:
        return []
    words = sorted(_TOLD[FigureSource(one.source)] for one in (a, b))
    return [f"{words[0]}与{words[1]}"]


def _texts(a: Basis, b: Basis) -> list[str]:
    pairs = (("统计范围", a.scope, b.scope), ("计算方法", a.method, b.method))
    return [f"{name}有变" for name, one, other in pairs if one and other and one != other]


def unit_words(unit: str) -> str:
    """A unit as pages say it: money is shown in 万元, a quantity in its own unit."""
    if unit == IndicatorUnit.YUAN:
        return "万元"
    return IndicatorUnit(unit).label if unit in IndicatorUnit.values else unit


def words_of(basis: Basis, *, has_unit: bool = True) -> str:
    """A basis as a page says it: source, unit, coverage, scope, method. Without the unit where
    another column tells it."""
    unit = f"，单位{unit_words(basis.unit)}" if has_unit else ""
    parts = [
        f"{_TOLD[FigureSource(basis.source)]}{unit}",
        f"口径：{Coverage(basis.coverage).label}" if basis.coverage else "",
        f"范围：{basis.scope}" if basis.scope else "",
        f"方法：{basis.method}" if basis.method else "",
    ]
    told = "；".join(filter(None, parts))
    return told if basis.coverage or basis.scope or basis.method else f"{told}；范围和方法未注明"
