"""The projects behind the numbers of a round that is not locked yet: what would be frozen, row by
row, for the person who asks to lock and for the one who confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.access import RoundViewer
from guatu.assessment.counted import WHAT
from guatu.assessment.freezing import content_of
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, total_of
from guatu.assessment.presenters import figures
from guatu.assessment.round_page.figures import narrowed
from guatu.assessment.services.assess import assess_unkept
from guatu.assessment.sifting import WORST_FIRST, Sieve, ordered, rate_of
from guatu.core.periods import title_of
from guatu.core.yuan import UNITS
from guatu.ui.tables import Column, Grid, Listing, Page, listing, without
from guatu.ui.templatetags.guatu import light, money, percent

YI = "亿元"


def assessed_now(viewer: RoundViewer) -> Assessed:
    """What locking would freeze of the projects that the viewer sees, judged now and kept nowhere.

    Its queries are those of a closing, however many projects there are."""
    content = narrowed(content_of(viewer.round, 1), viewer.project_ids)
    return assess_unkept(content, viewer.round.list_id)


def page(viewer: RoundViewer, query: QueryDict) -> dict[str, Any]:
    """The context of the page: one page of rows, and the sums of all that the filters leave."""
    assessed, asked = assessed_now(viewer), Sieve.of(query)
    columns = _columns(assessed)
    told = listing(query, columns, default_sort="serial")
    found = _found(assessed, asked, told)
    place = Page.of(query, len(found))
    totals = _totals(assessed, found)
    labels = _labels(assessed)
    grid = Grid(
        columns,
        found[place.start : place.start + place.size],
        caption=_basis(viewer),
        sort=told.sort_text,
        query=without(query, "sort", "page"),
        total={
            "name": f"合计（计入{totals['in_scope']}个）",
            "plan": money(totals["annual_plan_yuan"]),
            "done": money(totals["completed_yuan"]),
            "rate": percent(totals["completion_rate"]),
        },
    )
    export = reverse("round-rows-export", args=[viewer.round.pk])
    return {
        "round": viewer.round,
        "title": title_of(viewer.round.period.parsed),
        "is_whole": viewer.sees_everything,
        "asked": asked,
        "words": asked.words(labels),
        "grid": grid,
        "page": place,
        "lights": list(labels.items()),
        "whats": [(key, words) for key, (words, _) in WHAT.items()],
        "export": f"{export}?{without(query, 'page')}",
    }


def exported(
    viewer: RoundViewer, query: QueryDict
) -> tuple[str, list[str], list[Column[Measured]], list[Measured]]:
    """Title, notes, columns and all rows under the same filters and order."""
    assessed, asked = assessed_now(viewer), Sieve.of(query)
    columns = _columns(assessed)
    told = listing(query, columns, default_sort="serial")
    found = _found(assessed, asked, told)
    notes = [_basis(viewer)]
    if words := asked.words(_labels(assessed)):
        notes.append(f"筛选：{words}，共{len(found)}个项目")
    if not viewer.sees_everything:
        notes.append("只含本账号可见的项目")
    the_round = viewer.round
    return f"{the_round.list}{the_round.period.label}锁定前测算", notes, columns, found


def _basis(viewer: RoundViewer) -> str:
    return f"{viewer.round.period.label}按现在收到的数据测算，没有定版"


def _labels(assessed: Assessed) -> dict[str, str]:
    """What the book calls each light that the page tells apart."""
    labels = assessed.book.labels
    return {one.value: labels[one].label for one in WORST_FIRST if one in labels}


def _totals(assessed: Assessed, found: Iterable[Measured]) -> dict[str, Any]:
    conventions = assessed.conventions
    return figures(total_of(found, assessed.content.period_key, conventions), conventions)


def _found(assessed: Assessed, asked: Sieve, told: Listing) -> list[Measured]:
    """What the filters leave, in the order asked for."""
    period, conventions = assessed.content.period_key, assessed.conventions
    rows = (one for one in assessed.measured if asked.lets(one, period, conventions))
    return ordered(rows, told.sort, is_descending=told.is_descending)


def _columns(assessed: Assessed) -> list[Column[Measured]]:
    percent_of = assessed.conventions.percent

    def rate(one: Measured) -> str | None:
        return percent_of("completion_rate", rate_of(one.completed_yuan, one.subject.plan_yuan))

    def yuan(key: str, label: str, get: Callable[[Measured], int | None]) -> Column[Measured]:
        return Column(
            key,
            f"{label}（{YI}）",
            lambda one: money(get(one)),
            "num" if key == "done" else "num minor",
            is_sortable=True,
            value=lambda one: None if (value := get(one)) is None else value / UNITS[YI],
        )

    return [
        Column("serial", "序号", lambda m: m.subject.serial, "num minor", is_sortable=True),
        Column("name", "项目名称", _name, "wide", is_sortable=True, value=lambda m: m.subject.name),
        Column("region", "地区", lambda m: m.subject.region, "tight minor"),
        Column("unit", "责任单位", lambda m: m.subject.unit, "minor"),
        yuan("plan", "年度计划", lambda m: m.subject.plan_yuan),
        yuan("done", "本年完成", lambda m: m.completed_yuan),
        Column(
            "rate",
            "完成率",
            lambda m: percent(rate(m)),
            "num",
            is_sortable=True,
            value=lambda m: None if (text := rate(m)) is None else float(text),
        ),
        yuan("ago", "上年同期", lambda m: m.last_year_yuan),
        Column("light", "灯", _light, is_sortable=True, value=lambda m: m.verdict.label),
        Column("mark", "标记", lambda m: m.mark, "tight"),
    ]


def _name(one: Measured) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("project", args=[one.subject.id]), one.subject.name
    )


def _light(one: Measured) -> SafeString:
    return light(one.verdict.overall.value, one.verdict.label)
