"""Charts of a year's rounds, with their figures as a table. The colours are those of the lights."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from guatu.core.periods import PeriodKey
from guatu.core.yuan import YI
from guatu.ui.charts import Series, line_chart, stacked_bars
from guatu.wall.standing.runs import Point

_LIGHTS = (
    ("serious", "红", "l-serious"),
    ("warning", "黄", "l-warning"),
    ("notice", "蓝", "l-notice"),
    ("ok", "绿", "l-ok"),
    ("no_data", "无数据", "l-no_data"),
)


def money_curve(row: Sequence[Point]) -> SafeString | str:
    """Done against what the time gone by asks for, and last year; empty with one round alone."""
    if len(row) < 2:
        return ""
    series = [
        Series("按时间进度应完成", "chart-b", [_yi(one.due_yuan) for one in row]),
        Series("本年完成", "chart-a", [_yi(one.completed_yuan) for one in row]),
    ]
    if any(one.last_year_yuan for one in row):
        ago = [_yi(one.last_year_yuan) for one in row]
        series.append(Series("上年同期（可比项目）", "chart-c", ago))
    return line_chart("计划与完成", _places(row), series, unit="亿元", digits=2)


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
    """A round under a chart: 9月, or its key where it is no month."""
    is_month = len(period.key) in (7, 10) and "-" in period.key and period.key[5].isdigit()
    return f"{period.last_on.month}月" if is_month and period.first_on.day == 1 else period.key


def _places(row: Sequence[Point]) -> list[str]:
    return [place_of(one.standing.period) for one in row]


def _yi(yuan: float | None) -> float | None:
    return None if yuan is None else yuan / YI
