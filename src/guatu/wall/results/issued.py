"""The columns of rates as issued, beside those of today's list (按印发稿、按调整稿, M-A10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from guatu.core.yuan import YI
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money, percent
from guatu.wall.results.groups import GroupRow

_RATES = {"rate": "完成率", "start_rate": "开工率"}


def with_issued(columns: Sequence[Column[GroupRow]], *, is_sheet: bool) -> list[Column[GroupRow]]:
    """Columns in which each rate says by which list it is, the one as issued behind it."""
    found = []
    for column in columns:
        word = _RATES.get(column.key)
        found.append(replace(column, label=f"{word}（调整稿）") if word else column)
        if column.key == "rate":
            found += _completion(is_sheet=is_sheet)
        elif column.key == "start_rate":
            found += _starts(is_sheet=is_sheet)
    return found


def _told(row: GroupRow) -> dict[str, Any]:
    return dict(row.told.get("as_issued") or {})


def _number(name: str) -> Callable[[GroupRow], float | None]:
    def value(row: GroupRow) -> float | None:
        text = _told(row).get(name)
        return None if text is None else float(text)

    return value


def _rate(key: str, label: str, name: str) -> Column[GroupRow]:
    """A rate alone: its two numbers stand in the workbook and, for the sum, above the table, so
    that a page has room for the lights at its end."""
    return Column(key, label, lambda row: percent(_told(row).get(name)), "num", value=_number(name))


def _completion(*, is_sheet: bool) -> list[Column[GroupRow]]:
    key, label, name = "rate-issued", "完成率（印发稿）", "completion_rate"
    if not is_sheet:
        return [_rate(key, label, name)]
    return [
        _sum("plan-issued", "印发稿计划", "annual_plan_yuan"),
        _sum("done-issued", "印发稿项目完成", "completed_yuan"),
        _rate(key, label, name),
    ]


def _starts(*, is_sheet: bool) -> list[Column[GroupRow]]:
    key, label, name = "start-issued", "开工率（印发稿）", "start_rate"
    if not is_sheet:
        return [_rate(key, label, name)]
    return [
        _count("started-issued", "印发稿开工率的分子", f"{name}_numerator"),
        _count("planned-issued", "印发稿开工率的分母", f"{name}_denominator"),
        _rate(key, label, name),
    ]


def _sum(key: str, label: str, name: str) -> Column[GroupRow]:
    def yi(row: GroupRow) -> float | None:
        yuan = _told(row).get(name)
        return None if yuan is None else yuan / YI

    return Column(key, f"{label}（亿元）", lambda r: money(_told(r).get(name)), "num", value=yi)


def _count(key: str, label: str, name: str) -> Column[GroupRow]:
    return Column(key, label, lambda r: _told(r).get(name), "num")


def meaning(figures: dict[str, Any]) -> str:
    """What the two lists are, for the note under a table; nothing where there is one rate."""
    told = figures.get("as_issued")
    if not told:
        return ""
    gone = f"，其中{told['exited']}个已调出的按本年最近一次的数" if told["exited"] else ""
    return (
        f"印发稿：{told['issue']}，{told['projects']}个项目，按印发时的计划、地区和责任单位"
        f"计算{gone}；调整稿：锁定时的清单。亮灯按调整稿的计划判定"
    )
