"""What the pages of the burden show: the meter of units, one unit, forms, complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.reporting.burden import queries
from guatu.reporting.burden.access import units_seen
from guatu.reporting.burden.meter import Asked, Count, by_month, counted
from guatu.reporting.burden.models import Complaint
from guatu.reporting.burden.queries import Burden, FormRow
from guatu.reporting.burden.types import ComplaintState, FormCadence, Source
from guatu.ui.export import Sheet
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid

BASIS = (
    f"计量单位是格：一个单位、一期、一个字段记1格。一份月报{queries.REPORT_CELLS}格，一条核对疑问1格，"
    f"一份清单申报{queries.APPLICATION_CELLS}格，一条联审意见{queries.OPINION_CELLS}格，"
    "登记的表按字段数乘以应填次数。按实际要求过的计，填不填、一键报“本期无变化”都计；台账已带出的不减。"
)
_WAYS = [("more", "比上年增加"), ("less", "比上年减少"), ("same", "持平")]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with what it was asked for."""

    pk: int
    name: str
    count: Count

    @property
    def way(self) -> str:
        """Whether it was asked for more or less than a year ago."""
        change = self.count.change
        return "more" if change > 0 else "less" if change < 0 else "same"


def span(today: date) -> str:
    """`2026年1—10月`."""
    return f"{today.year}年1—{today.month}月"


def rows_of(found: Burden) -> list[UnitRow]:
    """The units with their counts, most asked first."""
    counts = counted(found.asked, found.today, lambda one: one.unit_id)
    for unit, number in found.complaints.items():
        if unit in found.names:
            counts.setdefault(unit, Count()).complaints = number
    rows = [UnitRow(pk, found.names.get(pk, ""), count) for pk, count in counts.items()]
    return sorted(rows, key=lambda row: (-row.count.now, row.name))


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def _source(source: Source) -> Column[UnitRow]:
    def cells(row: UnitRow) -> int:
        return row.count.by_source.get(source, 0)

    return Column(
        source.value, source.label, lambda row: _number(cells(row)), "num minor",
        is_sortable=True, value=cells,
    )  # fmt: skip


def columns(today: date) -> list[Column[UnitRow]]:
    """The columns of the meter by unit."""
    now, then = f"{today.year}年1—{today.month}月", f"{today.year - 1}年同期"

    def link(row: UnitRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("burden-unit", args=[row.pk]), row.name)

    return [
        Column("unit", "单位", link, "wide", is_sortable=True, value=lambda r: r.name),
        Column("now", now, lambda r: _number(r.count.now), "num", is_sortable=True,
               value=lambda r: r.count.now),
        Column("then", then, lambda r: _number(r.count.then), "num", is_sortable=True,
               value=lambda r: r.count.then),
        Column("change", "增减", lambda r: _signed(r.count.change), "num", is_sortable=True,
               value=lambda r: r.count.change),
        Column("share", "增减幅度", lambda r: r.count.change_share, "num minor"),
        *(_source(source) for source in Source),
        Column("complaints", "反映重复", lambda r: r.count.complaints or "", "num minor",
               is_sortable=True, value=lambda r: r.count.complaints),
        Column("last", f"{today.year - 1}年全年", lambda r: _number(r.count.last_year), "num minor",
               is_sortable=True, value=lambda r: r.count.last_year),
    ]  # fmt: skip


def roster_of(found: Burden, query: QueryDict) -> Roster[UnitRow]:
    """The units with search, filter and export."""
    return Roster(
        "填报负担",
        columns(found.today),
        rows_of(found),
        lambda row: row.name,
        [Choice("way", "与上年同期比", _WAYS, lambda row: row.way)],
        default_sort="-now",
        search_label="单位",
        empty="今年和去年都没有向单位要过数",
        empty_next="开始收报、发申报通知或登记表以后，各单位填多少格会列在这里",
        query=query,
    )


type Line = tuple[str, Count]

LINES: list[Column[Line]] = [
    Column("what", "表", lambda row: row[0], "wide"),
    Column("now", "今年", lambda row: _number(row[1].now), "num", value=lambda row: row[1].now),
    Column("then", "上年同期", lambda r: _number(r[1].then), "num", value=lambda r: r[1].then),
    Column("change", "增减", lambda r: _signed(r[1].change), "num", value=lambda r: r[1].change),
    Column("complaints", "反映重复", lambda r: r[1].complaints or "", "num",
           value=lambda r: r[1].complaints),
]  # fmt: skip
MONTHS: list[Column[tuple[int, int, int]]] = [
    Column("month", "月份", lambda row: f"{row[0]}月", "tight"),
    Column("now", "今年", lambda row: _number(row[1]), "num", value=lambda row: row[1]),
    Column("then", "上年", lambda row: _number(row[2]), "num", value=lambda row: row[2]),
]


def lines_of(asked: Sequence[Asked], found: Burden) -> list[Line]:
    """The cells by form, most first; complaints of the month's report are told in a line of it."""
    counts = counted(asked, found.today, lambda one: one.what)
    for what, number in found.complaints_by_form.items():
        counts.setdefault(what, Count()).complaints += number
    return sorted(counts.items(), key=lambda row: (-row[1].now, row[0]))


def _parts(asked: Sequence[Asked], found: Burden) -> dict[str, Any]:
    total = counted(asked, found.today, lambda _: 0).get(0, Count())
    return {
        "total": total,
        "now": f"{total.now:,}",
        "then": f"{total.then:,}",
        "last_year": f"{total.last_year:,}",
        "signed": _signed(total.change),
        "span": span(found.today),
        "basis": BASIS,
        "lines": Grid(LINES, lines_of(asked, found)),
        "months": Grid(MONTHS, by_month(asked, found.today.year)),
    }


def page(viewer: Viewer, query: QueryDict) -> dict[str, Any]:
    """The meter of the units that the viewer sees."""
    found = queries.burden(clock.today(), units_seen(viewer))
    roster = roster_of(found, query)
    context = {**roster.page(), **_parts(found.asked, found)}
    shown = roster.found()
    context["grid"].total = {
        "unit": "合计",
        "now": f"{sum(row.count.now for row in shown):,}",
        "then": f"{sum(row.count.then for row in shown):,}",
        "change": _signed(sum(row.count.change for row in shown)),
        "last": f"{sum(row.count.last_year for row in shown):,}",
    }
    return context


def exported(viewer: Viewer, query: QueryDict) -> tuple[Roster[UnitRow], list[str], list[Sheet]]:
    """The same for a workbook: units, forms and months."""
    found = queries.burden(clock.today(), units_seen(viewer))
    more = [
        Sheet("按表", LINES, lines_of(found.asked, found)),
        Sheet("按月", MONTHS, by_month(found.asked, found.today.year)),
    ]
    return roster_of(found, query), [BASIS], more


def unit_page(organisation_id: int) -> dict[str, Any]:
    """What one unit was asked for."""
    found = queries.burden(clock.today(), [organisation_id])
    mine = queries.complaints([organisation_id])
    found.complaints_by_form.clear()
    for one, _ in mine:
        if one.at.astimezone(clock.CHINA).year == found.today.year:
            found.complaints_by_form[one.about] += 1
    name = found.names.get(organisation_id, "")
    return {"name": name, "unit_id": organisation_id, **_parts(found.asked, found)}


def unit_sheets(organisation_id: int) -> tuple[str, list[Line], list[str], list[Sheet]]:
    """The same as a workbook: title, lines by form, notes, months."""
    found = queries.burden(clock.today(), [organisation_id])
    name = found.names.get(organisation_id, "")
    months = [Sheet("按月", MONTHS, by_month(found.asked, found.today.year))]
    return f"{name}填报负担", lines_of(found.asked, found), [span(found.today), BASIS], months


def _addressed(row: FormRow) -> str:
    return f"{len(row.units)}个单位" if row.units else "全部"


_COMPLAINED: tuple[Column[FormRow], ...] = (
    Column("complaints", "反映重复", lambda r: r.complaints or "", "num minor",
           is_sortable=True, value=lambda r: r.complaints),
)  # fmt: skip
_RUNNING = [("running", "要填的"), ("over", "已停用或到期")]


def forms_roster(viewer: Viewer, query: QueryDict) -> Roster[FormRow]:
    """Registered forms that the viewer may know of."""
    is_office = units_seen(viewer) is None

    def link(row: FormRow) -> SafeString:
        page = reverse("asked-form", args=[row.form.pk])
        return format_html('<a href="{}">{}</a>', page, row.form.name)

    def state(row: FormRow) -> str:
        if row.is_running:
            return "要填"
        return "未开始" if row.form.from_on > clock.today() else "不再填"

    return Roster(
        "登记的表",
        [
            Column("name", "表名", link, "wide", is_sortable=True, value=lambda r: r.form.name),
            Column("state", "状态", state, "tight"),
            Column("asker", "要表的部门", lambda r: r.asked_by, "tight minor", is_sortable=True),
            Column("cadence", "频次", lambda r: FormCadence(r.form.cadence).label, "tight"),
            Column("fields", "字段数", lambda r: len(r.fields), "num", is_sortable=True),
            Column("units", "填报单位", _addressed, "tight minor"),
            Column("from", "开始", lambda r: r.form.from_on, "date minor", is_sortable=True),
            Column("until", "到", lambda r: r.form.last_on, "date", is_sortable=True),
            Column("basis", "依据", lambda r: r.form.basis, "minor"),
            *(_COMPLAINED if is_office else ()),
        ],
        queries.forms(units_seen(viewer)),
        lambda r: f"{r.form.name}\n{r.asked_by}\n{r.form.basis}\n{r.form.fields}",
        [Choice("state", "状态", _RUNNING, lambda r: "running" if r.is_running else "over")],
        search_label="表名、部门、依据或字段",
        empty="没有登记的表",
        empty_next="除月报和清单申报外，现在没有要单位填的表；收到没有列在这里的表，可以不填并反映"
        if not is_office
        else "部门要向单位发表的，先在这里登记；平台已有的字段会退回并告知从哪里取",
        query=query,
    )  # fmt: skip


def complaints_roster(viewer: Viewer, query: QueryDict) -> Roster[tuple[Complaint, str]]:
    """Complaints that the viewer may read."""

    def link(row: tuple[Complaint, str]) -> SafeString:
        page = reverse("complaint", args=[row[0].pk])
        return format_html('<a href="{}">{}</a>', page, row[0].about)

    return Roster(
        "反映重复填报",
        [
            Column("about", "哪张表", link, "wide", is_sortable=True, value=lambda r: r[0].about),
            Column("unit", "单位", lambda r: r[1], "tight", is_sortable=True),
            Column("state", "状态", lambda r: ComplaintState(r[0].state).label, "tight"),
            Column("text", "内容", lambda r: r[0].text, "minor"),
            Column("at", "反映时间", lambda r: clock.minute(r[0].at), "tight", is_sortable=True),
            Column("answer", "答复", lambda r: r[0].answer, "minor"),
            Column("by", "答复人", lambda r: r[0].answered_by, "tight minor"),
        ],
        queries.complaints(units_seen(viewer)),
        lambda r: f"{r[0].about}\n{r[1]}\n{r[0].text}\n{r[0].answer}",
        [Choice("state", "状态", ComplaintState.choices, lambda r: r[0].state)],
        search_label="表名、单位或内容",
        empty="还没有反映",
        empty_next="单位在“填报”里点“反映重复填报”，项目办在这里答复",
        query=query,
    )


def complaint_options(viewer: Viewer) -> dict[str, list[tuple[Any, str]]]:
    """What a unit may complain of: the month's report, forms that it fills in now, others."""
    mine = units_seen(viewer) or []
    names = organisation.names_of_organisations(mine)
    running = [one for one in queries.forms(mine) if one.is_running]
    return {
        "unit": [(pk, names.get(pk, "")) for pk in dict.fromkeys(mine)],
        "about": [
            ("", "请选择"),
            ("month", "月报"),
            *((f"form:{one.form.pk}", one.form.name) for one in running),
            ("other", "没有登记的表"),
        ],
    }
