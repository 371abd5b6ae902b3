"""The plans of a whole list by periods, and the form that pastes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core.names import match_form
from guatu.core.yuan import WAN
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.planning import queries
from guatu.planning.cutting import NONE, PASTED, CutOrder, plan_rows, slices_of_order
from guatu.planning.forms import CUTS, CutManyForm, ways_of
from guatu.planning.models import AnnualPlan
from guatu.planning.queries import Curve
from guatu.planning.services import CutPlan
from guatu.planning.slices import Cut, ends, exact_wan, label_of
from guatu.planning.types import PlanKind
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column


@dataclass(frozen=True, slots=True)
class Row:
    """A project of the list with its plan in force and that plan's cut; money in yuan."""

    entry: ListEntry
    plan: AnnualPlan | None
    slices: Mapping[date, int]

    def alone(self, before: date | None, day: date) -> int | None:
        """What one period is to do; None where its end is not told."""
        if day not in self.slices:
            return None
        start = 0 if before is None else self.slices.get(before)
        return None if start is None else self.slices[day] - start


@dataclass(frozen=True, slots=True)
class ListCuts:
    """A list's plans as one user sees them; `seen` None where he sees every project."""

    listing: ProjectList
    seen: QuerySet[Project] | None

    def rows(self, kind: PlanKind = PlanKind.ASSIGNED) -> list[Row]:
        """The projects that stand on the list; parts are in their package's plan. Three
        queries."""
        found = ListEntry.objects.filter(
            list=self.listing, left_on__isnull=True, project__removed_on__isnull=True
        )
        if self.seen is not None:
            found = found.filter(project__in=self.seen)
        plans = queries.plans_in_force(self.listing.pk, kind)
        slices = queries.slices_of(self.listing.pk)
        rows = found.select_related("project").order_by("serial_no", "pk")
        return [
            Row(entry, plan, slices.get(plan.pk, {}) if plan else {})
            for entry in rows
            for plan in (plans.get(entry.pk),)
        ]

    def roster(self, query: QueryDict) -> Roster[Row]:
        """The plans by the periods that the address asks for: search, order, export."""
        asked = query.get("cut", "")
        cut = Cut(asked) if asked in Cut else Cut.QUARTER
        is_cumulative = query.get("sums") == "cumulative"
        return Roster(
            f"{self.listing}分期计划",
            [*_HEADS, *_periods(self.listing.year, cut, is_cumulative=is_cumulative)],
            self.rows(),
            lambda r: f"{r.entry.project.name}\n{r.entry.project.national_code or ''}",
            [
                Choice("cut", "分期", CUTS, lambda _: cut.value),
                Choice("sums", "数是", [("cumulative", "累计数")],
                       lambda _: "cumulative" if is_cumulative else ""),
                Choice("has", "分期情况", [("yes", "已分期"), ("no", "未分期")],
                       lambda r: "yes" if r.slices else "no"),
            ],
            search_label="名称或代码",
            empty="这份清单里还没有您能看到的项目",
            query=query,
        )  # fmt: skip

    def cuts(self, order: CutOrder, kind: PlanKind) -> list[CutPlan]:
        """What an order means for each project: those pasted, or all that have a plan."""
        rows = {row.entry.pk: row for row in self.rows(kind)}
        versions = {pk: row.plan.plan_version if row.plan else 0 for pk, row in rows.items()}
        if order.how == PASTED:
            told = plan_rows(order, self.listing.year, index_of(rows.values()))
            return [CutPlan(one.entry_id, one.slices, versions[one.entry_id], kind) for one in told]
        return [
            CutPlan(
                pk,
                slices_of_order(order, row.plan.amount_yuan, self.listing.year),
                versions[pk],
                kind,
            )
            for pk, row in rows.items()
            if row.plan is not None and (order.how != NONE or row.slices)
        ]


def index_of(rows: Any) -> dict[str, int | None]:
    """Which entry a code or a name means, by its form for matching; None where it is several."""
    found: dict[str, int | None] = {}
    for row in rows:
        project = row.entry.project
        for text in (project.national_code or "", project.name):
            form = match_form(text)
            if form:
                found[form] = (
                    None if found.get(form, row.entry.pk) != row.entry.pk else row.entry.pk
                )
    return found


def cut_many_form(curves: Sequence[Curve], data: Any = None) -> CutManyForm:
    """The form that cuts the plans of a list."""
    ways = ways_of(curves, pastes="粘贴各项目各期的数", clears=False)
    return CutManyForm(data, initial={"cut": "month"}, options={"how": ways})


def _link(row: Row) -> SafeString:
    address = reverse("entry-plan", args=[row.entry.pk])
    return format_html('<a href="{}">{}</a>', address, row.entry.project.name)


_HEADS: list[Column[Row]] = [
    Column("serial", "序号", lambda r: r.entry.serial_no, "num", is_sortable=True),
    Column("name", "项目名称", _link, "wide", is_sortable=True,
           value=lambda r: r.entry.project.name),
    Column("code", "项目代码", lambda r: r.entry.project.national_code, "tight minor"),
    Column("plan", "年度计划（万元）",
           lambda r: exact_wan(r.plan.amount_yuan if r.plan else None), "num", is_sortable=True,
           value=lambda r: r.plan.amount_yuan / WAN if r.plan else None),
]  # fmt: skip


def _periods(year: int, cut: Cut, *, is_cumulative: bool) -> list[Column[Row]]:
    days = ends(year, cut)
    columns = []
    for before, day in zip([None, *days[:-1]], days, strict=True):

        def value(row: Row, before: date | None = before, day: date = day) -> int | None:
            return row.slices.get(day) if is_cumulative else row.alone(before, day)

        columns.append(_period(f"p{day:%m%d}", label_of(day, cut), value))
    return columns


def _period(key: str, label: str, value: Any) -> Column[Row]:
    def exported(row: Row) -> float | None:
        yuan = value(row)
        return None if yuan is None else yuan / WAN

    return Column(key, label, lambda row: exact_wan(value(row)), "num", value=exported)
