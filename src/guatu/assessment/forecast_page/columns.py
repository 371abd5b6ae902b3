"""The columns of the list of forecasts."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.forecast.types import SCALE
from guatu.assessment.forecast_page.rows import Row
from guatu.assessment.forecast_page.words import (
    group_short,
    group_text,
    is_few,
    like_short,
    reason_short,
    reason_text,
    share_text,
)
from guatu.core.yuan import UNITS
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light, money

YI = "亿元"


def columns() -> list[Column[Row]]:
    """The project and its figures, the forecast with its range, and who says what."""
    return [
        Column("serial", "序号", lambda r: r.subject.serial, "num minor", is_sortable=True),
        Column("name", "项目名称", _name, "wide", is_sortable=True, value=lambda r: r.subject.name),
        Column("region", "地区", lambda r: r.subject.region, "minor"),
        Column("unit", "责任单位", lambda r: r.subject.unit, "minor"),
        _yuan("plan", "年度计划", lambda r: r.plan_yuan),
        _yuan("done", "本年完成", lambda r: r.done_yuan),
        _share("rate", "现完成率", lambda r: r.done_yuan, kind="num minor"),
        _share("p50", "年底预测（一半把握）", lambda r: r.forecast.p50_yuan),
        _share("p80", "八成把握不低于", lambda r: r.forecast.p80_yuan, is_least=True),
        Column("like", "同类（当时完成）", _like, "tight minor"),
        Column("error", "同组误差（点）", _error, "num", is_sortable=True, value=_error_value),
        Column("unit-says", "单位说法", lambda r: r.unit.words, "minor"),
        Column("light", "灯", _light, "tight", is_sortable=True, value=lambda r: r.label),
        Column("forecast-says", "预测", _computed, "minor", value=_computed_words),
        Column("apart", "不一致", _apart, "tight", is_sortable=True, value=_apart_words),
    ]


def _name(row: Row) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("project", args=[row.subject.id]), row.subject.name
    )


def _like(row: Row) -> str:
    return like_short(row.forecast) or "—"


def _error(row: Row) -> SafeString | str:
    if row.forecast.p50_yuan is None or row.forecast.is_finished:
        return "—"
    name = group_text(row.forecast.group)
    return format_html('{}<br><span class="faint">{}</span>', group_short(row.tested), name)


def _error_value(row: Row) -> float | str | None:
    if row.forecast.p50_yuan is None or row.forecast.is_finished:
        return None
    if row.tested is None or is_few(row.tested):
        return group_short(row.tested)
    return row.tested.error * 100 / SCALE


def _light(row: Row) -> SafeString:
    return light(row.verdict, row.label)


def _computed_words(row: Row) -> str:
    one = row.forecast
    if one.is_finished:
        return "已竣工"
    if one.p50_yuan is None:
        return reason_text(one.reason)
    return f"{row.computed.words}（封顶）" if one.is_capped else row.computed.words


def _computed(row: Row) -> SafeString | str:
    if row.forecast.p50_yuan is None:
        short = reason_short(row.forecast.reason)
        return format_html('<span class="faint">{}</span>', short)
    return _computed_words(row)


def _apart_words(row: Row) -> str:
    told = row.disagreement
    if not told.spread:
        return ""
    word = "相反" if told.spread > 1 else "不一"
    return f"{word}，差{told.points // 10_000}个百分点" if told.points >= 10_000 else word


def _apart(row: Row) -> SafeString | str:
    words = _apart_words(row)
    if row.disagreement.spread > 1:
        return format_html('<strong class="below">{}</strong>', words)
    return words


def _yuan(key: str, label: str, get: Callable[[Row], int | None]) -> Column[Row]:
    return Column(
        key,
        f"{label}（{YI}）",
        lambda row: money(get(row)),
        "num minor",
        is_sortable=True,
        value=lambda row: None if (value := get(row)) is None else value / UNITS[YI],
    )


def _share(
    key: str,
    label: str,
    get: Callable[[Row], int | None],
    *,
    kind: str = "num",
    is_least: bool = False,
) -> Column[Row]:
    def text(row: Row) -> str:
        return share_text(get(row), row.plan_yuan, is_least=is_least)

    def shown(row: Row) -> str:
        return f"{told}%" if (told := text(row)) else "—"

    def exported(row: Row) -> float | None:
        return float(told) if (told := text(row)) else None

    return Column(key, label, shown, kind, is_sortable=True, value=exported)
