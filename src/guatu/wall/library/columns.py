"""The columns of the library: heads, what they show, what an export writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.conventions import Conventions
from guatu.core.yuan import UNITS
from guatu.ledger.types import Nature
from guatu.planning.days import shown_day
from guatu.planning.types import DateKind, Milestone, Precision
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light, money
from guatu.wall.library.queries import Row


def columns(
    unit: str, conventions: Conventions, round_id: int | None = None, year: int = 0
) -> list[Column[Row]]:
    """All columns, in the order of the ledger; `unit` is 亿元 or 万元. A light opens why it is on
    in the round whose figures are shown. `year` is the list's."""

    def rate(row: Row) -> str | None:
        text = conventions.percent("completion_rate", row.rate)
        return f"{text}%" if text is not None else None

    return [
        Column("serial", "序号", lambda r: r.entry.serial_no, "num minor", is_sortable=True),
        Column("name", "项目名称", _link, "wide", is_sortable=True, value=lambda r: r.project.name),
        Column(
            "code",
            "项目代码",
            lambda r: r.project.national_code,
            "tight minor",
            is_sortable=True,
            is_default=False,
        ),
        Column("region", "地区", lambda r: r.region, "minor", is_sortable=True),
        Column(
            "sector",
            "行业",
            lambda r: r.project.sector.name if r.project.sector else None,
            "tight minor",
            is_sortable=True,
        ),
        Column("unit", "责任单位", lambda r: r.unit, "wide minor"),
        Column("nature", "建设性质", lambda r: Nature(r.entry.nature).label, "tight minor"),
        _money("total", f"总投资（{unit}）", unit, lambda r: r.project.total_yuan, "num minor"),
        _money("plan", f"年度计划（{unit}）", unit, lambda r: r.plan_yuan, "num minor"),
        _money("done", f"本年完成（{unit}）", unit, lambda r: r.completed_yuan),
        Column("rate", "完成率", rate, "num", is_sortable=True),
        Column(
            "light", "灯", _lights(round_id), "tight", is_sortable=True, value=lambda r: r.label
        ),
        _day("planned-start", "计划开工", (Milestone.START, DateKind.PLANNED)),
        _day("actual-start", "实际开工", (Milestone.START, DateKind.ACTUAL)),
        _day(
            "planned-completion",
            "计划竣工",
            (Milestone.COMPLETION, DateKind.PLANNED),
            is_default=False,
        ),
        Column(
            "past",
            "超竣工年度（年）",
            lambda r: r.years_past(year) or None,
            "num minor",
            is_default=False,
        ),
        Column("leader", "包联领导", lambda r: r.leader, "tight minor"),
    ]


def _money(
    key: str, label: str, unit: str, value: Callable[[Row], int | None], kind: str = "num"
) -> Column[Row]:
    def exported(row: Row) -> object:
        yuan = value(row)
        return None if yuan is None else yuan / UNITS[unit]

    return Column(
        key, label, lambda r: money(value(r), unit), kind, is_sortable=True, value=exported
    )


def _day(
    key: str, label: str, which: tuple[Milestone, DateKind], *, is_default: bool = True
) -> Column[Row]:
    def exported(row: Row) -> date | str | None:
        fact = row.dates.get(which)
        is_exact = fact is not None and fact.precision == Precision.DAY
        return fact.on if fact is not None and is_exact else shown_day(fact)

    return Column(
        key,
        label,
        lambda row: shown_day(row.dates.get(which)),
        "date minor",
        is_default=is_default,
        value=exported,
    )


def _link(row: Row) -> SafeString:
    project = row.project
    parts = f"（打包{project.declared_parts}个）" if project.declared_parts else ""
    # What is a part or a later phase of another stands a step to the right, and says so.
    above = "子项目" if project.package_id else "后期" if project.phase_of_id else ""
    shown = format_html(
        '<a href="{}">{}</a>{}', reverse("project", args=[project.pk]), project.name, parts
    )
    return (
        format_html('<span class="below-one" title="{}">{}</span>', above, shown)
        if above
        else shown
    )


def _lights(round_id: int | None) -> Callable[[Row], SafeString]:
    def shown(row: Row) -> SafeString:
        lamp = light(row.verdict, row.label)
        if round_id is None or not row.verdict:
            return lamp
        return format_html(
            '<a href="{}">{}</a>', reverse("why", args=[round_id, row.project.pk]), lamp
        )

    return shown
