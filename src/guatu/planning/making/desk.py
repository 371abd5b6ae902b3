"""年度清单编制台: a call's applications with all that a decision hangs on (office.md 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.ledger.making import comparing, queries, rules
from guatu.ledger.making.forms import BatchForm
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.presenters import UNIT, money_column
from guatu.ledger.making.types import ApplicationState, CallState, Decision, ListedRow, Stance
from guatu.ledger.types import Nature
from guatu.planning.making.last_year import last_year_of
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

_UNDECIDED = "none"


@dataclass(slots=True)
class DeskRow:
    """An application with what is missing, what it may repeat, what departments said."""

    one: Application
    row: ListedRow
    missing: tuple[str, ...]
    alike: Sequence[rules.Likeness]
    heard: queries.Said

    @property
    def pick(self) -> str:
        """How a form names it: its id and the version that was seen."""
        return f"{self.one.pk}.{self.one.version}"

    @property
    def opinion(self) -> str:
        """In one word: 有不同意, 有条件同意, 均同意, 待n家, 未征求."""
        if not self.heard.asked:
            return "未征求"
        stances = set(self.heard.said.values())
        if Stance.DISAGREE in stances:
            return "有不同意"
        waiting = len(self.heard.asked) - len(self.heard.said)
        if waiting:
            return f"待{waiting}家"
        return "有条件同意" if Stance.CONDITIONAL in stances else "均同意"

    @property
    def opinion_kind(self) -> str:
        """The same as a filter: those that wait are one kind."""
        return "待提意见" if self.opinion.startswith("待") else self.opinion

    @property
    def identity(self) -> str:
        """Whether the question of duplicates is open."""
        if not self.alike:
            return "无"
        return "已认定" if self.one.is_confirmed_new else "待认定"


_OPINIONS = ("未征求", "待提意见", "有不同意", "有条件同意", "均同意")


def rows_of(call: ListCall) -> list[DeskRow]:
    """Every application of a call for the desk; a constant number of queries."""
    applications = queries.applications_of(call.pk)
    told = queries.names()
    alike = queries.likenesses_of(applications, told.units)
    heard = queries.said_of(one.pk for one in applications)
    lines = queries.rows_of(applications, told)
    return [
        DeskRow(
            one,
            line,
            rules.missing(queries.words_of(one)),
            alike.get(one.pk, []),
            heard.get(one.pk, queries.Said()),
        )
        for one, line in zip(applications, lines, strict=True)
    ]


def roster_of(call: ListCall, query: QueryDict) -> Roster[DeskRow]:
    """The desk's table with its filters, and its export."""
    rows = rows_of(call)
    return Roster(
        f"{call}申报",
        columns(),
        rows,
        lambda r: f"{r.row.name}\n{r.row.code}\n{r.row.unit}\n{r.row.owner}",
        [
            _words("unit", "申报单位", rows, lambda r: r.row.unit),
            _words("region", "地区", rows, lambda r: r.row.region),
            _words("sector", "行业", rows, lambda r: r.row.sector),
            Choice("nature", "建设性质", Nature.choices[:2], lambda r: r.one.nature),
            Choice(
                "state",
                "状态",
                [
                    one
                    for one in ApplicationState.choices
                    if one[0] in (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
                ],
                lambda r: r.one.state,
            ),
            Choice("whole", "条件", [("yes", "齐全"), ("no", "有缺")],
                   lambda r: "no" if r.missing else "yes"),
            Choice("alike", "重复或更名", [(one, one) for one in ("待认定", "已认定", "无")],
                   lambda r: r.identity),
            Choice("opinion", "联审意见", [(one, one) for one in _OPINIONS],
                   lambda r: r.opinion_kind),
            Choice("decision", "审定", [(_UNDECIDED, "未定"), *Decision.choices[1:]],
                   lambda r: r.one.decision or _UNDECIDED),
        ],
        default_sort="unit",
        search_label="名称、代码、单位或业主",
        empty="还没有单位申报",
        empty_next="单位的填报员在“清单申报”里填写，申报后出现在这里",
        query=query,
    )  # fmt: skip


def _words(key: str, label: str, rows: Sequence[DeskRow], of: Any) -> Choice[DeskRow]:
    return Choice(key, label, [(one, one) for one in sorted({of(r) for r in rows} - {""})], of)


def columns() -> list[Column[DeskRow]]:
    """What the desk shows of an application."""
    return [
        Column("name", "项目名称", _link, "wide", is_sortable=True, value=lambda r: r.row.name),
        Column("unit", "申报单位", lambda r: r.row.unit, "tight", is_sortable=True),
        Column("region", "地区", lambda r: r.row.region, "tight", is_sortable=True),
        Column("sector", "行业", lambda r: r.row.sector, "tight minor", is_sortable=True),
        Column("nature", "性质", lambda r: r.row.nature, "tight", is_sortable=True),
        money_column("total", "总投资", lambda r: r.one.total_yuan, is_sortable=True),
        money_column("plan", "年度计划", lambda r: r.one.plan_yuan, is_sortable=True),
        Column("starts", "开工", lambda r: r.row.starts_by, "date", is_sortable=True),
        Column("completes", "竣工", lambda r: r.row.completes_by, "date minor", is_sortable=True),
        Column("missing", "还缺", _missing, is_sortable=True,
               value=lambda r: "、".join(r.missing)),
        Column("alike", "可能重复或更名", _alike, is_sortable=True,
               value=lambda r: "；".join(one.text for one in r.alike)),
        Column("opinion", "联审意见", lambda r: r.opinion, "tight", is_sortable=True),
        Column("state", "状态", lambda r: r.one.get_state_display(), "tight", is_sortable=True),
        Column("decision", "审定", lambda r: Decision(r.one.decision).label, "tight",
               is_sortable=True),
        Column("reason", "原因", lambda r: r.one.decision_reason or r.one.state_reason),
    ]  # fmt: skip


def _link(row: DeskRow) -> SafeString:
    address = reverse("application", args=[row.one.pk])
    return format_html('<a href="{}">{}</a>', address, row.row.name)


def _missing(row: DeskRow) -> SafeString:
    return format_html_join(" ", '<span class="gap">{}</span>', ((one,) for one in row.missing))


def _alike(row: DeskRow) -> SafeString:
    settled = "（已认定为新项目）" if row.alike and row.one.is_confirmed_new else ""
    return format_html(
        "{}{}", format_html_join("；", "{}", ((one.text,) for one in row.alike)), settled
    )


def _counted(rows: Sequence[DeskRow]) -> list[ListedRow]:
    """The lines that count, by what is read already."""
    projects = [row.one.project for row in rows if row.one.project is not None]
    packages = {one.pk: one.package_id for one in projects}
    return comparing.counted([row.row for row in rows], packages)


def desk_page(
    call: ListCall,
    query: QueryDict,
    form: BatchForm,
    *,
    picked: Collection[str] = (),
) -> dict[str, Any]:
    """The desk: what is decided so far, the table, and what can be done with the ticked rows."""
    roster = roster_of(call, query)
    context = roster.page()
    is_open = call.state != CallState.ISSUED
    if is_open:
        context["grid"].select = lambda row: row.pick
        context["grid"].picked = picked
    decided = Counter(row.one.decision for row in roster.rows)
    listed = [row for row in roster.rows if row.one.decision == Decision.IN]
    return context | {
        "call": call,
        "state": CallState(call.state).label,
        "is_open": is_open,
        "form": form,
        "applied": comparing.total_of(row.row for row in roster.rows),
        "listed": comparing.total_of(_counted(listed)),
        "lacking": sum(bool(row.missing) for row in listed),
        "incomplete": sum(bool(row.missing) for row in roster.rows),
        "last": last_year_of(call),
        "last_year": call.year - 1,
        "reserve": decided[Decision.RESERVE],
        "out": decided[Decision.OUT],
        "undecided": decided[Decision.NONE],
        "unsettled": sum(row.identity == "待认定" for row in roster.rows),
        "unit": UNIT,
    }
