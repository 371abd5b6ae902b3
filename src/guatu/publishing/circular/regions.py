"""Section 二 of the circular: regions and responsible units against time progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guatu.publishing.circular.printing import (
    against_progress,
    gap,
    joined,
    percent,
    progress_of,
    rank_basis,
    short_gap,
    sign_of,
)
from guatu.publishing.circular.types import CircularFigures, RegionFigures

_TOP = 3


def listed_regions(figures: CircularFigures) -> tuple[RegionFigures, ...]:
    """Regions that have projects, in ledger order, or by rank while the switch is on."""
    present = [region for region in figures.regions if region.figures.projects]
    if figures.style.rankings:
        classes = list(dict.fromkeys(region.rank_class for region in present))
        # The sort is stable: equal ranks, and regions without one, keep the ledger's order.
        present.sort(key=lambda one: (classes.index(one.rank_class), one.rank or len(present) + 1))
    return tuple(present)


def regions(figures: CircularFigures, limit: int) -> list[str]:
    """二、分地区情况 as paragraphs; at most `limit` regions are named in one list."""
    present = listed_regions(figures)
    if not present:
        return ["本期未按地区分列。" if figures.total.projects else "清单内没有项目。"]
    said = [_against(figures, [one for one in present if one.figures.rate is not None], limit)]
    if figures.style.rankings:
        said += _ranked(present, figures)
    said.append(_without_rate(present, limit))
    return ["".join(said)]


def units(figures: CircularFigures, annex: str) -> str:
    """One paragraph about the responsible units by number; each of them stands in `annex`."""
    style = figures.style
    counts = {1: 0, 0: 0, -1: 0}
    for one in figures.units:
        if one.figures.rate is not None:
            progress = progress_of(one.figures, figures.time_progress)
            counts[sign_of(gap(one.figures.rate, progress, style))] += 1
    words = {1: f"高于{style.progress_word}的", 0: f"与{style.progress_word}持平的"}
    words[-1] = f"低于{style.progress_word}的"
    said = [f"{words[sign]}{count}个" for sign, count in counts.items() if count]
    if without := len(figures.units) - sum(counts.values()):
        said.append(f"没有完成率的{without}个")
    lights = []
    for word, which in ((style.serious_word, "serious"), (style.warning_word, "warning")):
        touched = sum(bool(getattr(one.figures, which)) for one in figures.units)
        if touched:
            lights.append(f"{word}项目涉及{touched}个单位")
    text = f"按责任单位统计，{len(figures.units)}个单位中{'、'.join(said)}。"
    return f"{text}{'，'.join(lights)}{'。' if lights else ''}各单位完成情况见{annex}。"


def _against(figures: CircularFigures, rated: Sequence[RegionFigures], limit: int) -> str:
    """Which regions are above, level with and below time progress."""
    style = figures.style
    if len(rated) == 1:
        only = rated[0]
        progress = progress_of(only.figures, figures.time_progress)
        assert only.figures.rate is not None
        against = against_progress(only.figures.rate, progress, style)
        return f"{only.name}年度计划完成率{percent(only.figures.rate, style)}，{against}。"
    groups: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for region in rated:
        sign, text = _region(figures, region)
        groups[sign].append(text)
    filled = {sign: names for sign, names in groups.items() if names}
    words = {1: f"高于{style.progress_word}", 0: f"与{style.progress_word}持平"}
    words[-1] = f"低于{style.progress_word}"
    if len(filled) == 1:
        sign, names = next(iter(filled.items()))
        return f"{len(names)}个地区完成率均{words[sign]}：{joined(names, limit, '地区')}。"
    return "".join(
        f"{words[sign]}的地区{len(names)}个：{joined(names, limit, '地区')}。"
        for sign, names in filled.items()
    )


def _region(figures: CircularFigures, region: RegionFigures) -> tuple[int, str]:
    rate = region.figures.rate
    assert rate is not None
    progress = progress_of(region.figures, figures.time_progress)
    sign = sign_of(gap(rate, progress, figures.style))
    inside = percent(rate, figures.style)
    if sign:
        inside += f"，{short_gap(rate, progress, figures.style)}个百分点"
    return sign, f"{region.name}（{inside}）"


def _ranked(present: Sequence[RegionFigures], figures: CircularFigures) -> list[str]:
    """Top and bottom of each class; silent where ties or small numbers leave no clear end."""
    said = []
    basis = rank_basis(figures.style, present)
    for name in dict.fromkeys(region.rank_class for region in present):
        ranks = {r.name: r.rank for r in present if r.rank_class == name and r.rank is not None}
        top = _end(ranks, {r: sum(o < r for o in ranks.values()) for r in ranks.values()})
        bottom = _end(ranks, {r: sum(o > r for o in ranks.values()) for r in ranks.values()})
        parts = []
        if top:
            parts.append(f"{basis}居前的为{'、'.join(top)}")
        if bottom:
            parts.append(f"{basis}居后的为{'、'.join(bottom)}")
        if parts:
            said.append(f"{f'{name}中，' if name else ''}{'，'.join(parts)}。")
    return said


def _end(ranks: Mapping[str, int], ahead: Mapping[int, int]) -> list[str]:
    """The largest end of at most three places that is no more than half of all.

    `ahead`: rank → how many regions lie between it and that end.
    """
    for places in range(_TOP, 0, -1):
        end = [name for name, rank in ranks.items() if ahead[rank] < places]
        if 0 < len(end) <= len(ranks) // 2:
            return end
    return []


def _without_rate(present: Sequence[RegionFigures], limit: int) -> str:
    """Regions that cannot be compared, and why."""
    missing = [r for r in present if r.figures.rate is None]
    no_plan = [r.name for r in missing if not r.figures.annual_plan_yuan]
    no_data = [r.name for r in missing if r.figures.annual_plan_yuan]
    said = ""
    if no_data:
        said += f"{joined(no_data, limit, '地区')}本期无数据，暂不计算完成率。"
    if no_plan:
        said += f"{joined(no_plan, limit, '地区')}未安排年度计划投资，不计算完成率。"
    return said
