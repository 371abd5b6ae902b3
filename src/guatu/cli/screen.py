"""An assessment as a clerk reads it on a terminal: Chinese labels, 万元, a line per group."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Totals
from guatu.core.yuan import in_unit
from guatu.engines.rulebook import Severity
from guatu.organisation.models import Switch
from guatu.reporting.basis.queries import across_years

_BY = {"region": "地区", "unit": "责任单位", "sector": "行业领域"}
_HEAD = (
    "项目",
    "无数据",
    "年度计划(万元)",
    "累计完成(万元)",
    "完成率%",
    "与时间进度差",
    "应开工",
    "已开工",
    "亮灯",
)


def print_assessment(assessed: Assessed) -> None:
    """Totals, then a table for each grouping that was asked for. Money in 万元."""
    content, conventions = assessed.content, assessed.conventions
    total = assessed.total
    progress = conventions.percent("time_progress", total.time_progress(conventions))
    print(
        f"{content.year}年{content.list_name} {content.period}"
        f"（截至{content.as_of}，第{content.revision}版，规则办法{assessed.book.id}）"
    )
    print(
        f"项目{total.projects}个（拆分后{total.projects_unpacked}个），计入完成率{total.in_scope}个；"
        f"时间进度{progress or '—'}%；{_growth(assessed)}；"
        f"计划新开工{total.planned_starts}个，逾期未开工{total.overdue_starts}个，"
        f"开工率{_or_dash(_start_rate(total, conventions))}。"
    )
    every = [("合计", _cells(assessed, total))]
    for by, groups in assessed.groups.items():
        rows = [*every, *((_named(g.key, g.rank), _cells(assessed, g.totals)) for g in groups)]
        _print_table(_BY[by], rows)
        for group in groups:
            if group.said is not None:
                light = f"{group.verdict.label}灯" if group.verdict else ""
                told = filter(None, (light, *group.said.sentences))
                print(f"{group.key}：{'；'.join(told)}")
    if not assessed.groups:
        _print_table("", every)


def print_rankings(assessed: Assessed, switch: Switch) -> None:
    """By what the ranks are made, and the switch's basis, scope and end date."""
    groups = [group for by in assessed.groups.values() for group in by]
    by_starts = any(group.ranked_by == "start_rate" for group in groups)
    word = "开复工率" if assessed.conventions.start_rate == "resumed" else "开工率"
    print(f"\n名次按{word if by_starts else '完成率'}排列。{switch_terms(switch)}。")


def switch_terms(switch: Switch) -> str:
    """`依据…；范围…；至2026-12-31`."""
    return f"依据{switch.basis}；范围{switch.scope}；至{switch.until}"


def _growth(assessed: Assessed) -> str:
    """The growth with what is to be said of its basis, or why there is none (M-C6)."""
    total, across = assessed.total, across_years(assessed.content.period_key)
    if across.is_refused:
        return across.words
    printed = assessed.conventions.percent("year_on_year", total.year_on_year)
    told = f"同比{printed}%（{total.compared}个项目可比）" if printed else "同比—"
    return f"{told}，{across.words}" if across.words else told


def _start_rate(total: Totals, conventions: Conventions) -> str | None:
    printed = conventions.percent("start_rate", total.start_rate(conventions))
    return None if printed is None else f"{printed}%"


def _or_dash(text: str | None) -> str:
    return "—" if text is None else text


def _named(key: str, rank: int | None) -> str:
    return key if rank is None else f"{rank}. {key}"


def _cells(assessed: Assessed, totals: Totals) -> tuple[str, ...]:
    conventions = assessed.conventions
    rate, progress = totals.completion_rate, totals.time_progress(conventions)
    done = totals.completed_yuan
    return (
        str(totals.projects),
        str(totals.without_data),
        in_unit(totals.annual_plan_yuan, "万元", 0),
        "—" if done is None else in_unit(done, "万元", 0),
        _or_dash(conventions.percent("completion_rate", rate)),
        _or_dash(conventions.gap_points(rate, progress)),
        str(totals.due_starts),
        str(totals.started),
        "，".join(
            f"{assessed.book.labels[severity].label}{count}"
            for severity in Severity
            if (count := totals.lights[severity])
        ),
    )


def _print_table(first: str, rows: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    lines = [(first, *_HEAD), *((name, *cells) for name, cells in rows)]
    widths = [max(_width(line[n]) for line in lines) for n in range(len(_HEAD))]
    print()
    for line in lines:
        head, *cells, last = line
        padded = [" " * (w - _width(c)) + c for w, c in zip(widths[1:], cells, strict=True)]
        print("  ".join([head + " " * (widths[0] - _width(head)), *padded, last]))


def _width(text: str) -> int:
    """Columns on a terminal: a 汉字 takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
