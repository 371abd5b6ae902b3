"""Charts of a year's rounds, with their figures as a table. The colours are those of the lights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.safestring import SafeString

from guatu.core.periods import PeriodKey
from guatu.core.yuan import YI
from guatu.ui.charts import Series, line_chart, stacked_bars
from guatu.wall.standing.runs import Point, has_fallen

_LIGHTS = (
    ("serious", "红", "l-serious"),
    ("warning", "黄", "l-warning"),
    ("notice", "蓝", "l-notice"),
    ("ok", "绿", "l-ok"),
    ("no_data", "无数据", "l-no_data"),
)


def charts(
    row: Sequence[Point], labels: dict[str, str], *, is_compared: bool = True
) -> list[SafeString]:
    """The charts of a year's rounds that say something; the years beside each other only where
    they are compared."""
    growth = growth_curve(row) if is_compared else ""
    drawn = (money_curve(row), lights_curve(row, labels), growth)
    return [SafeString(one) for one in drawn if one]


def money_curve(row: Sequence[Point]) -> SafeString | str:
    """Done against what the time gone by asks for; empty with one round alone."""
    if len(row) < 2:
        return ""
    series = [
        Series("按时间进度应完成", "chart-b", [_yi(one.due_yuan) for one in row]),
        Series("本年完成", "chart-a", [_yi(one.completed_yuan) for one in row], fallen(row)),
    ]
    return line_chart("计划与完成", _places(row), series, unit="亿元", digits=2)


def growth_curve(row: Sequence[Point]) -> SafeString | str:
    """This and last year of the same projects: those that have both figures in that round."""
    if len(row) < 2 or not any(one.last_year_yuan for one in row):
        return ""
    this = [_yi(one.compared_yuan if one.last_year_yuan else None) for one in row]
    series = [
        Series("可比项目本年", "chart-a", this, fallen(row)),
        Series("可比项目上年同期", "chart-c", [_yi(one.last_year_yuan) for one in row]),
    ]
    return line_chart("同比", _places(row), series, unit="亿元", digits=2)


def fallen(row: Sequence[Point]) -> dict[int, str]:
    """Words at the rounds whose cumulative sum is less than that of the round before."""
    return {
        place: f"未收齐（{now.without_data}个无数据）" if now.without_data else "核减"
        for place, (before, now) in enumerate(pairwise(row), start=1)
        if has_fallen(before, now)
    }


def lights_curve(row: Sequence[Point], labels: dict[str, str]) -> SafeString | str:
    """How many projects had which light, round by round."""
    if len(row) < 2:
        return ""
    series = [
        Series(labels.get(key, word), style, [one.lights.get(key, 0) for one in row])
        for key, word, style in _LIGHTS
        if any(one.lights.get(key) for one in row)
    ]
    return stacked_bars("各期亮灯", _places(row), series, unit="个")


def place_of(period: PeriodKey) -> str:
    """A round under a chart: 9月, 1—2月, or its label where it is no month."""
    return period.label.removeprefix(f"{period.year}年") or period.label


def _places(row: Sequence[Point]) -> list[str]:
    return [place_of(one.standing.period) for one in row]


def _yi(yuan: float | None) -> float | None:
    return None if yuan is None else yuan / YI
