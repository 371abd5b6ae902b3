"""Every component in every state on one page, to look at while working on them (GUATU_DEBUG=1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.core.errors import Fault
from guatu.ui import charts
from guatu.ui.charts import Series
from guatu.ui.forms import SiteForm, choice, day, text
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid, Page
from guatu.ui.templatetags.guatu import SHAPES, light, money

WILD = '<script>alert(1)</script> =1+1 "引号" 很长的名称' + "长" * 60


@dataclass(frozen=True, slots=True)
class Row:
    """One invented project."""

    name: str
    region: str
    yuan: int | None
    rate: str | None
    on: date | None
    verdict: str


ROWS = (
    Row("滨江产业园", "江北区", 1_234_560_000, "97.2", date(2026, 3, 1), "ok"),
    Row("江北新材料产业园二期标准厂房及配套道路", "江北区", 500_000, "0.0", None, "warning"),
    Row("临江污水厂", "临江区", None, None, date(2026, 12, 31), "no_data"),
    Row(WILD, "高新区", -20_000_000, "-3.5", date(2025, 1, 1), "serious"),
)


class Everything(SiteForm):
    """A field of each kind."""

    name = text("名称", 20, help_text="一行文字")
    kind = choice("类别", [("a", "甲"), ("b", "乙")], empty="请选")
    on = day("日期")
    basis = forms.CharField(label="依据", widget=forms.Textarea(attrs={"rows": 2}), required=False)


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    typed = QueryDict(mutable=True)
    typed.update({"name": "长" * 30, "kind": "", "on": "昨天"})
    wrong = Everything(typed, auto_id="wrong_%s")
    wrong.add_error(None, "整张表单的错误写在最上面。")
    roster = _roster(request.GET).page()
    context: dict[str, Any] = {
        "severities": list(SHAPES),
        "amounts": [None, 0, 1, 49_999, 1_234_560_000, -20_000_000, 10**13],
        "rates": [None, "", "0.0", "97.2", "100.0", "123.45"],
        "gaps": [None, "0.0", "-0.0", "12.3", "-4.5"],
        "days": [None, date(2026, 10, 31)],
        "grid": Grid(
            _columns(),
            ROWS,
            caption="表格：序、合计、选择",
            sort="-yuan",
            query="q=1&",
            total={"name": "合计", "yuan": money(1_215_060_000)},
            select=lambda r: r.name[:4],
        ),
        "plain": Grid(_columns()[:2], ROWS[:1]),
        "pages": [Page(1, 0), Page(1, 50), Page(1, 120), Page(2, 120), Page(3, 120)],
        "form": Everything(),
        "wrong": wrong,
        "faults": [
            Fault("a", "表头认不出", "请写列对应关系", "月报.xlsx", "汇总表", "C4"),
            Fault("b", WILD, "请改正"),
            Fault("c", "没有说怎么办的错误"),
        ],
        "charts": _charts(),
    }
    context = {**roster, **context, "roster_grid": roster["grid"]}
    return render(request, "ui/components.html", context)


def _columns() -> list[Column[Row]]:
    return [
        Column("name", "项目名称", lambda r: r.name, "wide", is_sortable=True),
        Column("region", "地区", lambda r: r.region, "tight", is_sortable=True),
        Column(
            "yuan",
            "总投资（亿元）",
            lambda r: money(r.yuan),
            "num",
            is_sortable=True,
            value=lambda r: r.yuan,
        ),
        Column("rate", "完成率", lambda r: r.rate, "num"),
        Column("on", "开工", lambda r: r.on, "date"),
        Column("light", "灯", lambda r: light(r.verdict), value=lambda r: r.verdict),
    ]


def _roster(query: QueryDict) -> Roster[Row]:
    regions = [(one, one) for one in ("江北区", "临江区", "高新区")]
    return Roster(
        "名册",
        _columns(),
        ROWS,
        lambda r: r.name,
        [Choice("region", "地区", regions, lambda r: r.region)],
        default_sort="name",
        query=query,
    )


def _charts() -> list[Any]:
    months = ["1—2月", "3月", "4月", "5月"]
    lines = [
        Series("计划", "chart-b", [10.0, 20.0, 30.0, 40.0]),
        Series("完成", "chart-a", [8.0, None, 26.0, 41.5]),
    ]
    lights = [
        Series("正常", "l-ok", [3.0, 4.0, 5.0, 5.0]),
        Series("严重", "l-serious", [1.0, 0.0, 1.0, 0.0]),
    ]
    return [
        charts.line_chart("计划与完成", months, lines, unit="亿元"),
        charts.line_chart("没有数据", months, [], unit="亿元"),
        charts.stacked_bars("各月的灯", months, lights, unit="个"),
        charts.bar(0.42, mark=0.5, label="完成率42%，时间进度50%"),
        charts.bar(0.0, label="完成率0%"),
        charts.bar(1.3, mark=1.0, label="完成率130%"),
    ]
