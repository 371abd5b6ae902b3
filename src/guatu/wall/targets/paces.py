"""The pace that each project of a list needs now, and its gap to a decreed curve (M-B1, M-B2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core.ratio import Ratio, difference, percent_text
from guatu.ledger.making.presenters import money_column
from guatu.ledger.models import ProjectList
from guatu.planning import queries as planning
from guatu.planning.pace import Pace, pace
from guatu.planning.presenters.cuts import ListCuts
from guatu.planning.presenters.cuts import Row as Planned
from guatu.planning.queries import Curve
from guatu.planning.slices import share_at
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import points
from guatu.wall.standing.runs import Standing, project_results, standings
from guatu.wall.viewer import Viewer

STATES = {"behind": "欠进度", "kept": "达到计划", "unknown": "没有数据"}
_money = partial(money_column, is_sortable=True)


@dataclass(frozen=True, slots=True)
class Row:
    """A project's plan with the pace from the newest locked figure; `told` None without one."""

    planned: Planned
    plan_yuan: int
    told: Pace | None
    curve_gap: Ratio | None

    @property
    def state(self) -> str:
        """Behind, kept, or nothing known."""
        if self.told is None:
            return "unknown"
        return "behind" if self.told.behind_yuan else "kept"


@dataclass(slots=True)
class Paces:
    """A list's projects with plans as one user sees them."""

    listing: ProjectList
    standing: Standing | None
    curve: Curve | None
    curves: Sequence[Curve]
    rows: list[Row]

    @classmethod
    def of(cls, viewer: Viewer, listing: ProjectList, query: QueryDict) -> Paces:
        """From the newest locked round of the list's year; seven queries."""
        every = [one for one in standings(listing) if one.period.last_on.year == listing.year]
        standing = every[-1] if every else None
        curves = planning.curves_of(listing.pk)
        asked = query.get("curve", "")
        first = curves[0] if curves else None
        curve = next((one for one in curves if str(one.kept.pk) == asked), first)
        done: dict[int | None, int | None] = {}
        if standing is not None:
            found = project_results(standing.run, viewer.seen_locked)
            done = dict(found.values_list("project_id", "numerator"))
        rows = [
            _row(one, standing, done.get(one.entry.project_id), curve)
            for one in ListCuts(listing, viewer.seen).rows()
            if one.plan is not None and one.plan.amount_yuan > 0
        ]
        return cls(listing, standing, curve, curves, rows)

    def roster(self, query: QueryDict) -> Roster[Row]:
        """The rows for the page and its export."""
        curves = [(str(one.kept.pk), one.kept.name) for one in self.curves]
        chosen = str(self.curve.kept.pk) if self.curve else ""
        choices = [Choice[Row]("state", "情况", list(STATES.items()), lambda r: r.state)]
        if len(curves) > 1:
            choices.append(Choice("curve", "规定曲线", curves, lambda _: chosen))
        return Roster(
            f"{self.listing}追赶进度",
            _columns(self.curve),
            self.rows,
            lambda r: (
                f"{r.planned.entry.project.name}\n{r.planned.entry.project.national_code or ''}"
            ),
            choices,
            search_label="名称或代码",
            empty="还没有项目有年度计划",
            empty_next="导入清单时写明年度计划投资",
            query=query,
        )


def _row(planned: Planned, standing: Standing | None, done: int | None, curve: Curve | None) -> Row:
    amount = planned.plan.amount_yuan if planned.plan else 0
    if standing is None or done is None:
        return Row(planned, amount, None, None)
    as_of = standing.period.last_on
    gap = difference(Ratio(done, amount), share_at(curve.points, as_of)) if curve else None
    return Row(planned, amount, pace(amount, planned.slices, done=done, as_of=as_of), gap)


def _columns(curve: Curve | None) -> list[Column[Row]]:
    columns: list[Column[Row]] = [
        Column("serial", "序号", lambda r: r.planned.entry.serial_no, "num", is_sortable=True),
        Column("name", "项目名称", _link, "wide", is_sortable=True,
               value=lambda r: r.planned.entry.project.name),
        _money("plan", "年度计划", lambda r: r.plan_yuan),
        _money("done", "已完成", lambda r: r.told.done_yuan if r.told else None),
        _money("due", "到期应完成", lambda r: r.told.due_yuan if r.told else None),
        _money("behind", "欠进度", lambda r: r.told.behind_yuan if r.told else None),
        _money("left", "全年还差", lambda r: r.told.left_yuan if r.told else None),
        _money("month", "下月需完成", _next_month),
        _money("more", "比原计划多", _more),
    ]  # fmt: skip
    if curve is not None:
        label = f"比“{curve.kept.name}”（百分点）"
        columns.append(
            Column("curve", label, lambda r: points(_points(r)), "num", is_sortable=True,
                   value=lambda r: None if r.curve_gap is None else float(_points(r) or 0))
        )  # fmt: skip
    return columns


def _points(row: Row) -> str | None:
    return None if row.curve_gap is None else percent_text(*row.curve_gap, 1)


def _next_month(row: Row) -> int | None:
    month = row.told.next_month if row.told else None
    return month.needed_yuan if month else None


def _more(row: Row) -> int | None:
    month = row.told.next_month if row.told else None
    return month.more_yuan if month else None


def _link(row: Row) -> SafeString:
    entry = row.planned.entry
    return format_html(
        '<a href="{}">{}</a>', reverse("project", args=[entry.project_id]), entry.project.name
    )
