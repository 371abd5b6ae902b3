"""The columns of the tables of results: groups of a round, and the projects behind a number."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.measures import Measured
from guatu.core.yuan import UNITS
from guatu.ledger.types import Nature
from guatu.planning.types import DateKind, Milestone
from guatu.ui.charts import bar
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light, money, percent, points
from guatu.wall.results.groups import BY, GroupRow
from guatu.wall.standing import runs
from guatu.wall.standing.books import JUDGED, labels_of
from guatu.wall.standing.days import GivenDays
from guatu.wall.standing.runs import Standing

YI = "亿元"


def group_columns(
    standing: Standing, by: str, *, has_ranks: bool, is_whole: bool
) -> list[Column[GroupRow]]:
    """The columns of a table of groups; every number is a link to its rows.

    The average of all groups stands only where the viewer sees all of them (`is_whole`): over a
    part it would be another figure for each viewer, under the same name. Year on year stands
    beside the very sums it was computed from.
    """
    conventions = standing.conventions
    page = reverse("results-rows", args=[standing.round.pk])

    def rows(row: GroupRow, text: object, **more: str) -> SafeString:
        query = urlencode({"by": by, "key": row.key, **more})
        return format_html('<a href="{}?{}">{}</a>', page, query, text)

    def count(key: str, label: str, name: str, what: str, *, kind: str = "num") -> Column[GroupRow]:
        return Column(
            key,
            label,
            lambda row: rows(row, row.told[name], what=what) if row.told[name] else 0,
            kind,
            value=lambda row: row.told[name],
        )

    def rate(row: GroupRow) -> SafeString | str:
        told = row.told
        if told["completion_rate"] is None:
            return "—"
        mark = float(told["time_progress"]) / 100 if told["time_progress"] else None
        words = f"{told['completion_rate']}%"
        drawn = bar(float(told["completion_rate"]) / 100, mark=mark, label=words)
        return format_html("{} {}", drawn, words)

    def beside_average(row: GroupRow) -> str | None:
        return conventions.gap_points(row.rate, row.average)

    def comparable(name: str) -> Callable[[GroupRow], int | None]:
        return lambda row: row.told[name] if row.told["compared_projects"] else None

    columns: list[Column[GroupRow]] = [
        Column("key", BY[by], lambda r: rows(r, r.key), "tight", value=lambda r: r.key),
        Column(
            "projects",
            "项目数",
            lambda r: rows(r, r.told["projects"]),
            "num",
            value=lambda r: r.told["projects"],
        ),
        _money("plan", "年度计划", lambda r: r.told["annual_plan_yuan"]),
        _money("done", "本年完成", lambda r: r.told["completed_yuan"]),
        Column("rate", "完成率", rate, "num", value=lambda r: _percent(r.told["completion_rate"])),
        Column(
            "gap",
            "比时间进度",
            lambda r: points(r.told["gap_to_time_progress"]),
            "num",
            value=lambda r: _number(r.told["gap_to_time_progress"]),
        ),
        Column(
            "average",
            "比同类平均",
            lambda r: points(beside_average(r)),
            "num minor",
            value=lambda r: _number(beside_average(r)),
        ),
        count("compared", "可比项目", "compared_projects", "compared", kind="num minor"),
        _money("compared-done", "可比本年", comparable("compared_yuan"), "num minor"),
        _money("ago", "可比上年", comparable("last_year_yuan"), "num minor"),
        Column(
            "growth",
            "同比",
            lambda r: percent(r.told["year_on_year"]),
            "num",
            value=lambda r: _percent(r.told["year_on_year"]),
        ),
        count("due", "应开工", "due_starts", "due", kind="num minor"),
        count("started", "已开工", "started", "started", kind="num minor"),
        count("overdue", "逾期", "overdue_starts", "overdue"),
        Column(
            "start_rate",
            "开工率",
            lambda r: percent(r.told["start_rate"]),
            "num minor",
            value=lambda r: _percent(r.told["start_rate"]),
        ),
    ]
    labels = labels_of(standing)
    for severity in (*(one.value for one in JUDGED), "no_data"):
        columns.append(_lights(severity, labels[severity], rows))
    if has_ranks:
        columns.append(Column("rank", "位次", lambda r: r.rank, "num"))
    return [one for one in columns if is_whole or one.key != "average"]


def _lights(severity: str, label: str, rows: Callable[..., SafeString]) -> Column[GroupRow]:
    def shown(row: GroupRow) -> SafeString | int:
        n = row.told["lights"].get(severity, 0)
        return rows(row, n, light=severity) if n else 0

    return Column(
        f"light-{severity}", label, shown, "num", value=lambda r: r.told["lights"].get(severity, 0)
    )


def _money(
    key: str, label: str, value: Callable[[GroupRow], int | None], kind: str = "num"
) -> Column[GroupRow]:
    def exported(row: GroupRow) -> object:
        yuan = value(row)
        return None if yuan is None else yuan / UNITS[YI]

    return Column(key, f"{label}（{YI}）", lambda r: money(value(r)), kind, value=exported)


def _percent(text: str | None) -> float | None:
    """A percentage for a workbook: the printed number, in percent."""
    return None if text is None else float(text)


_number = _percent


def row_columns(standing: Standing, given: GivenDays) -> list[Column[Measured]]:
    """The columns of the projects behind a number; figures and names as they were frozen, dates
    as exactly as they were given."""
    conventions, the_round = standing.conventions, standing.round.pk

    def rate(one: Measured) -> str | None:
        ratio = runs.rate_of(one.completed_yuan, one.subject.plan_yuan)
        return conventions.percent("completion_rate", ratio)

    def name(one: Measured) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("project", args=[one.subject.id]), one.subject.name
        )

    def why(one: Measured) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("why", args=[the_round, one.subject.id]),
            light(one.verdict.overall.value, one.verdict.label),
        )

    def yuan(get: Callable[[Measured], int | None]) -> Callable[[Measured], object]:
        return lambda one: None if (value := get(one)) is None else value / UNITS[YI]

    def amount(key: str, label: str, get: Callable[[Measured], int | None]) -> Column[Measured]:
        return Column(
            key,
            f"{label}（{YI}）",
            lambda one: money(get(one)),
            "num",
            is_sortable=True,
            value=yuan(get),
        )

    def start(kind: DateKind, name: str) -> Callable[[Measured], str]:
        return lambda m: given.text(m.subject.id, Milestone.START, kind, getattr(m.subject, name))

    return [
        Column("serial", "序号", lambda m: m.subject.serial, "num", is_sortable=True),
        Column("name", "项目名称", name, "wide", is_sortable=True, value=lambda m: m.subject.name),
        Column("region", "地区", lambda m: m.subject.region, "tight minor"),
        Column("unit", "责任单位", lambda m: m.subject.unit, "minor"),
        Column("sector", "行业", lambda m: m.subject.sector, "tight minor"),
        Column("nature", "建设性质", lambda m: Nature(m.subject.nature).label, "tight minor"),
        amount("plan", "年度计划", lambda m: m.subject.plan_yuan),
        amount("done", "本年完成", lambda m: m.completed_yuan),
        Column(
            "rate",
            "完成率",
            lambda m: percent(rate(m)),
            "num",
            is_sortable=True,
            value=lambda m: _percent(rate(m)),
        ),
        amount("ago", "上年同期", lambda m: m.last_year_yuan),
        Column("planned", "计划开工", start(DateKind.PLANNED, "planned_start"), "date minor"),
        Column("actual", "实际开工", start(DateKind.ACTUAL, "actual_start"), "date minor"),
        Column("light", "灯", why, is_sortable=True, value=lambda m: m.verdict.label),
        Column("mark", "标记", lambda m: m.mark, "tight"),
    ]
