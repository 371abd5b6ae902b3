"""The contexts of calls, totals, versions, issuing and adjustments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import wan_words
from guatu.ledger.making import comparing, queries
from guatu.ledger.making.models import (
    Adjustment,
    AdjustmentLine,
    ListCall,
    ListVersion,
)
from guatu.ledger.making.presenters import UNIT, money_column
from guatu.ledger.making.services.placing import list_named
from guatu.ledger.making.types import (
    AdjustmentKind,
    ApplicationState,
    CallState,
    Decision,
    ListedRow,
    VersionKind,
)
from guatu.ledger.models import ProjectList
from guatu.planning import queries as planning
from guatu.planning.making.last_year import last_list
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid
from guatu.ui.templatetags.guatu import wan

GROUPS: dict[str, tuple[str, Callable[[ListedRow], str]]] = {
    "region": ("地区", lambda r: r.region),
    "sector": ("行业", lambda r: r.sector),
    "unit": ("单位", lambda r: r.unit),
    "nature": ("建设性质", lambda r: r.nature),
}


@dataclass(slots=True)
class CallRow:
    """A call with how many applications it has and how many are decided to be listed."""

    call: ListCall
    applied: int
    listed: int


def calls_roster(query: QueryDict) -> Roster[CallRow]:
    """Every call, the newest year first."""
    shown = Q(applications__state__in=(ApplicationState.SUBMITTED, ApplicationState.RETURNED))
    calls = ListCall.objects.annotate(
        applied=Count("applications", filter=shown),
        listed=Count("applications", filter=shown & Q(applications__decision=Decision.IN)),
    ).order_by("-year", "pk")
    rows = [CallRow(call, call.applied, call.listed) for call in calls]
    return Roster(
        "年度清单编制",
        [
            Column("name", "清单", _call_link, "wide", is_sortable=True,
                   value=lambda r: str(r.call)),
            Column("opens", "申报开始", lambda r: r.call.opens_on, "date", is_sortable=True),
            Column("closes", "申报截止", lambda r: r.call.closes_on, "date", is_sortable=True),
            Column("state", "状态", lambda r: CallState(r.call.state).label, "tight"),
            Column("applied", "申报（个）", lambda r: r.applied, "num", is_sortable=True),
            Column("listed", "定为列入（个）", lambda r: r.listed, "num", is_sortable=True),
        ],
        rows,
        lambda r: str(r.call),
        [Choice("state", "状态", CallState.choices, lambda r: r.call.state)],
        search_label="清单名称",
        empty="还没有申报通知",
        empty_next="发一份申报通知，单位就可以申报下一年的项目",
        query=query,
    )  # fmt: skip


def _call_link(row: CallRow) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("list-call", args=[row.call.pk]), row.call)


def rows_of_list(listing: ProjectList) -> list[ListedRow]:
    """What stands on a list, as lines; parts stand for themselves only without their package."""
    entries = queries.standing_on(listing.pk)
    there = {entry.project_id for entry in entries}
    own = [entry for entry in entries if entry.project.package_id not in there]
    plans = planning.plans_of(entry.pk for entry in own)
    return queries.rows_of_entries(own, queries.names(), plans)


def totals_page(call: ListCall, query: QueryDict) -> dict[str, Any]:
    """This list beside last year's, in all and by region, sector, unit and nature."""
    applied = queries.applications_of(call.pk)
    asked = query.get("of", "")
    is_all = asked == "all" or not any(one.decision == Decision.IN for one in applied)
    taken = applied if is_all else [one for one in applied if one.decision == Decision.IN]
    this = queries.counted(queries.rows_of(queries.in_list_order(taken), queries.names()))
    last = last_list(call)
    before = rows_of_list(last) if last else []
    whole = comparing.Compared("合计", comparing.total_of(this), comparing.total_of(before))
    tables = [
        (label, totals_grid(call, label, comparing.compared_totals(this, before, of), whole))
        for label, of in GROUPS.values()
    ]
    return {
        "call": call,
        "last": last,
        "is_all": is_all,
        "whole": whole,
        "tables": tables,
        "unit": UNIT,
        "has_rows": bool(this or before),
    }


def totals_grid(
    call: ListCall, label: str, rows: Sequence[comparing.Compared], whole: comparing.Compared
) -> Grid[comparing.Compared]:
    """One grouping of both years with its sum."""
    columns = totals_columns(call, label)
    return Grid(columns, rows, total={one.key: one.shown(whole) for one in columns})


def totals_columns(call: ListCall, label: str) -> list[Column[comparing.Compared]]:
    """Count, total and plan of the list's year, of the year before, and the change.

    Years by their number: a list is made before its year begins.
    """
    this, last = f"{call.year}年", f"{call.year - 1}年"
    return [
        Column("label", label, lambda r: r.label, "wide"),
        Column("count", f"{this}（个）", lambda r: r.this.count, "num"),
        Column("was", f"{last}（个）", lambda r: r.last.count, "num"),
        Column("more", "增减（个）", lambda r: r.count_change, "num"),
        money_column("total", f"{this}总投资", lambda r: r.this.total_yuan),
        money_column("total-was", f"{last}总投资", lambda r: r.last.total_yuan),
        money_column("plan", f"{this}计划", lambda r: r.this.plan_yuan),
        money_column("plan-was", f"{last}计划", lambda r: r.last.plan_yuan),
        money_column("plan-more", "计划增减", lambda r: r.plan_change),
    ]


def version_columns(*, is_adjusted: bool = False) -> list[Column[ListedRow]]:
    """A version's lines as its annex has them."""
    columns: list[Column[ListedRow]] = [
        Column("serial", "序号", lambda r: r.serial_no or "", "num"),
        Column("name", "项目名称", lambda r: r.name, "wide"),
        Column("code", "项目代码", lambda r: r.code, "tight"),
        Column("region", "所属地区", lambda r: r.region, "tight"),
        Column("sector", "行业领域", lambda r: r.sector, "tight"),
        Column("unit", "责任单位", lambda r: r.unit, "tight"),
        Column("owner", "业主", lambda r: r.owner),
        Column("nature", "建设性质", lambda r: r.nature, "tight"),
        Column("content", "建设内容", lambda r: r.content, "wide"),
        money_column("total", "总投资", lambda r: r.total_yuan),
        money_column("plan", "年度计划投资", lambda r: r.plan_yuan),
        Column("starts", "开工月份", lambda r: r.starts_by, "date"),
        Column("completes", "竣工月份", lambda r: r.completes_by, "date"),
    ]
    if not is_adjusted:
        columns.append(Column("decision", "审定", _decided, "tight"))
        columns.append(Column("reason", "原因", lambda r: r.reason))
    return columns


def _decided(row: ListedRow) -> str:
    """The decision on a line; nothing is decided on a sum."""
    return Decision(row.decision).label if row.serial_no else ""


def listed_in(rows: Sequence[ListedRow], version: ListVersion) -> list[ListedRow]:
    """The lines that a version puts on the list: of a 送审稿 those decided to be listed."""
    is_decided = version.kind == VersionKind.REVIEWED
    return [row for row in rows if not is_decided or row.decision == Decision.IN]


def version_total(rows: Sequence[ListedRow], version: ListVersion) -> ListedRow:
    """The sum under a version's lines: what is listed, a package once."""
    total = comparing.total_of(queries.counted(listed_in(rows, version)))
    name = "列入合计" if version.kind == VersionKind.REVIEWED else "合计"
    return ListedRow(
        0, f"{name}（{total.count}个）", total_yuan=total.total_yuan, plan_yuan=total.plan_yuan,
        decision=Decision.NONE,
    )  # fmt: skip


def version_words(rows: Sequence[ListedRow], version: ListVersion) -> str:
    """How many lines a version has, and what was decided of them."""
    if version.kind != VersionKind.REVIEWED:
        return f"共{len(rows)}个项目"
    decided = [(one.label, sum(row.decision == one for row in rows)) for one in Decision]
    told = "、".join(f"{label}{count}个" for label, count in decided if count)
    return f"共{len(rows)}个申报：{told}"


def versions_page(call: ListCall, query: QueryDict, form: Any) -> dict[str, Any]:
    """The versions of a call, and what changed between the two that the address names."""
    versions = queries.versions_of(call)
    first, second = _chosen(versions, query)
    changes = (
        comparing.compared_versions(queries.rows_in(first), queries.rows_in(second))
        if first and second
        else []
    )
    return {
        "call": call,
        "versions": versions,
        "grid": Grid(_version_grid(), versions[::-1]) if versions else None,
        "form": form,
        "is_open": call.state != CallState.ISSUED,
        "first": first,
        "second": second,
        "changes": Grid(_change_columns(), changes) if changes else None,
        "told": _told(changes),
    }


def _told(changes: Sequence[comparing.RowChange]) -> str:
    """How many lines changed in which way, and by how much the year's plan did."""
    kinds = Counter(one.kind for one in changes)
    before = comparing.total_of(one.before for one in changes if one.before)
    after = comparing.total_of(one.after for one in changes if one.after)
    more = after.plan_yuan - before.plan_yuan
    plan = f"{'增加' if more > 0 else '减少'}{wan_words(abs(more))}" if more else "不变"
    return "、".join(f"{kind}{kinds[kind]}个" for kind in kinds) + f"；年度计划{plan}"


def _chosen(
    versions: Sequence[ListVersion], query: QueryDict
) -> tuple[ListVersion | None, ListVersion | None]:
    """The two versions to be compared: those named, else the last two."""
    by_id = {str(one.pk): one for one in versions}
    first, second = by_id.get(query.get("from", "")), by_id.get(query.get("to", ""))
    if (first is None or second is None) and len(versions) > 1:
        first, second = versions[-2], versions[-1]
    return (first, second) if first and second else (None, None)


def _version_grid() -> list[Column[ListVersion]]:
    return [
        Column("name", "版本", _version_link, "wide"),
        Column("at", "生成时间", lambda v: clock.minute(v.at), "tight"),
        Column("by", "经办", lambda v: v.by, "tight"),
        Column("number", "文号", lambda v: v.outside_number, "tight"),
        Column("basis", "说明", lambda v: v.basis),
        Column("sm3", "摘要", lambda v: v.sm3[:12], "tight"),
    ]


def _version_link(version: ListVersion) -> SafeString:
    address = reverse("list-version", args=[version.pk])
    wide = reverse("list-version-docx", args=[version.pk])
    return format_html(
        '{} <a href="{}">表格</a> <a href="{}">附件（docx）</a>', version, address, wide
    )


def _change_columns() -> list[Column[comparing.RowChange]]:
    return [
        Column("name", "项目名称", lambda r: r.name, "wide"),
        Column("kind", "变动", lambda r: r.kind, "tight"),
        Column(
            "fields", "内容",
            lambda r: "；".join(f"{a}：{b or '（空）'} → {c or '（空）'}" for a, b, c in r.fields),
        ),
        money_column("was", "原年度计划", lambda r: r.before.plan_yuan if r.before else None),
        money_column("plan", "现年度计划", lambda r: r.after.plan_yuan if r.after else None),
    ]  # fmt: skip


def issue_page(call: ListCall, form: Any) -> dict[str, Any]:
    """What issuing will do, before it is done."""
    listed = [one for one in queries.applications_of(call.pk) if one.decision == Decision.IN]
    rows = queries.counted(queries.rows_of(listed, queries.names()))
    versions = queries.versions_of(call)
    provisional = list_named(call)
    return {
        "call": call,
        "form": form,
        "listed": comparing.total_of(rows),
        "new": sum(one.project_id is None for one in listed),
        "reviewed": next((v for v in versions[::-1] if v.kind == VersionKind.REVIEWED), None),
        "provisional": provisional,
        "is_issued": call.state == CallState.ISSUED,
        "unit": UNIT,
    }


def adjust_page(listing: ProjectList, form: Any) -> dict[str, Any]:
    """The rows that an adjustment may speak of."""
    entries = queries.standing_on(listing.pk)
    plans = planning.plans_of(entry.pk for entry in entries)
    given = form.data if form.is_bound else {}
    exits, admits = set(form.ticked("exit")), set(form.ticked("admit"))
    return {
        "listing": listing,
        "form": form,
        "rows": [
            (
                entry,
                plans.get(entry.pk),
                entry.pk in exits,
                given.get(f"plan-{entry.pk}", ""),
            )
            for entry in entries
        ],
        "admissible": [
            (one, one.pk in admits) for one in queries.admissible(listing.year, listing.pk)
        ],
        "issued": queries.issued_version(listing.pk),
        "unit": UNIT,
    }


def adjustments_page(listing: ProjectList) -> dict[str, Any]:
    """A list as issued beside the list as adjusted, and every adjustment (M-A10)."""
    issued = queries.issued_version(listing.pk)
    as_issued = comparing.total_of(queries.counted(queries.rows_in(issued))) if issued else None
    as_adjusted = comparing.total_of(rows_of_list(listing))
    versions = queries.adjusted_versions(listing.pk)
    return {
        "listing": listing,
        "issued": issued,
        "as_issued": as_issued,
        "as_adjusted": as_adjusted,
        "adjustments": [
            (one, Grid(line_columns(), lines), versions.get(one.number))
            for one, lines in queries.adjustments_of(listing.pk)
        ],
        "unit": UNIT,
    }


def _exact(key: str, label: str, of: Callable[[Any], int | None]) -> Column[Any]:
    """An amount as the adjustment's paper says it, to the last digit."""
    return replace(money_column(key, label, of), shown=lambda row: wan(of(row)))


def line_columns() -> list[Column[AdjustmentLine]]:
    """What an adjustment did to each project."""
    return [
        Column("serial", "序号", lambda r: r.entry.serial_no, "num"),
        Column("name", "项目名称", lambda r: r.entry.project.name, "wide"),
        Column("kind", "调整", lambda r: AdjustmentKind(r.kind).label, "tight"),
        _exact("before", "原年度计划", lambda r: r.plan_before),
        _exact("after", "调整后计划", lambda r: r.plan_after),
    ]


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """A line of an adjustment with the paper it stands in."""

    adjustment: Adjustment
    line: AdjustmentLine


def exported_lines(listing: ProjectList) -> tuple[list[Column[ExportedLine]], list[ExportedLine]]:
    """Every line of every adjustment, for the workbook."""
    rows = [
        ExportedLine(one, line)
        for one, lines in queries.adjustments_of(listing.pk)
        for line in lines
    ]
    columns: list[Column[ExportedLine]] = [
        Column("number", "第几次", lambda r: r.adjustment.number, "num"),
        Column("paper", "文号", lambda r: r.adjustment.outside_number, "tight"),
        Column("on", "调整日期", lambda r: r.adjustment.on, "date"),
        Column("reason", "原因", lambda r: r.adjustment.reason, "wide"),
        Column("serial", "序号", lambda r: r.line.entry.serial_no, "num"),
        Column("name", "项目名称", lambda r: r.line.entry.project.name, "wide"),
        Column("kind", "调整", lambda r: AdjustmentKind(r.line.kind).label, "tight"),
        money_column("before", "原年度计划", lambda r: r.line.plan_before),
        money_column("after", "调整后计划", lambda r: r.line.plan_after),
    ]
    return columns, rows
