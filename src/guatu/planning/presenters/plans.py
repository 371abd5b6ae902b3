"""The year's plan of one project: what was assigned, promised, put on top; and its cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.core import clock
from guatu.ledger.models import ListEntry
from guatu.planning import queries
from guatu.planning.forms import CutForm, PlanForm, ways_of
from guatu.planning.models import AnnualPlan
from guatu.planning.pace import Pace, Step, pace
from guatu.planning.queries import Curve
from guatu.planning.slices import Cut, amounts_of, cut_of, exact_wan, label_of
from guatu.planning.types import PlanKind
from guatu.ui.tables import Column, Grid
from guatu.ui.templatetags.guatu import money


@dataclass(frozen=True, slots=True)
class Held:
    """A kind of plan with its versions, the newest last, and the newest one's cut."""

    kind: PlanKind
    versions: Sequence[AnnualPlan]
    slices: dict[date, int]

    @property
    def newest(self) -> AnnualPlan | None:
        """The version in force."""
        return self.versions[-1] if self.versions else None

    @property
    def label(self) -> str:
        """The kind's word."""
        return self.kind.label

    @property
    def amount_yuan(self) -> int | None:
        """The amount in force."""
        return self.newest.amount_yuan if self.newest else None


@dataclass(frozen=True, slots=True)
class Part:
    """One period of a cut: its own amount and the sum up to its end, in yuan."""

    label: str
    ends_on: date
    alone_yuan: int
    cumulative_yuan: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """An entry with its plans and the ways to cut them; read once for both forms."""

    entry: ListEntry
    held: Sequence[Held]
    curves: Sequence[Curve]

    @classmethod
    def of(cls, entry: ListEntry) -> PlanPage:
        """Read an entry's plans; four queries."""
        versions = queries.plan_versions(entry.pk)
        by_kind = {kind: [one for one in versions if one.kind == kind] for kind in PlanKind}
        slices = queries.slices_of_plans([rows[-1].pk for rows in by_kind.values() if rows])
        held = [
            Held(kind, rows, slices.get(rows[-1].pk, {}) if rows else {})
            for kind, rows in by_kind.items()
        ]
        return cls(entry, held, queries.curves_of(entry.list_id))

    def of_kind(self, kind: PlanKind) -> Held:
        """The plans of one kind."""
        return next(one for one in self.held if one.kind == kind)

    @property
    def seen(self) -> str:
        """Which versions the page shows, as its forms carry it."""
        return ",".join(f"{one.kind.value}:{len(one.versions)}" for one in self.held)

    def plan_form(self, data: Any = None) -> PlanForm:
        """The form that states a promise."""
        return PlanForm(data, initial={"seen": self.seen}, prefix="state")

    def cut_form(self, data: Any = None) -> CutForm:
        """The form that cuts a plan."""
        there = [(one.kind.value, one.label) for one in self.held if one.newest]
        ways = ways_of(self.curves, pastes="粘贴各期的数", clears=True)
        initial = {"seen": self.seen, "cut": "month"}
        options = {"how": ways, "kind": there}
        return CutForm(data, initial=initial, prefix="cut", options=options)

    def context(self, plan_form: PlanForm, cut_form: CutForm) -> dict[str, Any]:
        """Everything the page shows."""
        return {
            "page": self,
            "entry": self.entry,
            "held": self.held,
            "versions": versions_grid(self.held),
            "cuts": [(one, cut_grid(one)) for one in self.held if one.slices],
            "plan_form": plan_form,
            "cut_form": cut_form,
            "has_plan": any(one.newest for one in self.held),
        }


_VERSIONS: list[Column[AnnualPlan]] = [
    Column("kind", "计划", lambda p: PlanKind(p.kind).label, "tight"),
    Column("version", "版次", lambda p: p.plan_version, "num"),
    Column("amount", "金额（万元）", lambda p: exact_wan(p.amount_yuan), "num"),
    Column("basis", "依据", lambda p: p.basis or "清单表格", "wide"),
    Column("by", "办理人", lambda p: p.by, "tight"),
    Column("at", "办理时间", lambda p: clock.minute(p.at), "date"),
]
_PARTS: list[Column[Part]] = [
    Column("label", "分期", lambda p: p.label, "tight"),
    Column("ends", "截至", lambda p: p.ends_on, "date"),
    Column("alone", "当期（万元）", lambda p: exact_wan(p.alone_yuan), "num"),
    Column("sum", "累计（万元）", lambda p: exact_wan(p.cumulative_yuan), "num"),
]


def versions_grid(held: Sequence[Held]) -> Grid[AnnualPlan] | None:
    """Every version of every kind, the newest of each kind first."""
    rows = [plan for one in held for plan in reversed(one.versions)]
    return Grid(_VERSIONS, rows, caption="各版年度计划") if rows else None


def parts_of(slices: dict[date, int]) -> list[Part]:
    """A cut as lines of a table."""
    days = sorted(slices)
    cut = cut_of(days) or Cut.TEN_DAY
    return [
        Part(label_of(day, cut), day, alone, slices[day])
        for day, alone in zip(days, amounts_of(slices), strict=True)
    ]


def cut_grid(held: Held) -> Grid[Part]:
    """The cut of a plan in force."""
    total = {"label": "合计", "alone": exact_wan(held.slices[max(held.slices)])}
    return Grid(_PARTS, parts_of(held.slices), caption=f"{held.label}计划的分期", total=total)


@dataclass(frozen=True, slots=True)
class PaceShown:
    """The pace that a project needs, in the words of its page (M-B1)."""

    pace: Pace
    is_cut: bool

    @property
    def sentence(self) -> str:
        """Where it stands, and what the month in course must bring."""
        told = self.pace
        day = f"截至{told.as_of.month}月{told.as_of.day}日"
        if not told.left_yuan:
            return f"{day}已完成全年计划"
        due = "分期计划" if self.is_cut else "按月均分"
        gap = (
            f"比{due}{_wan(told.due_yuan)}少{_wan(told.behind_yuan)}"
            if told.behind_yuan
            else f"达到{due}{_wan(told.due_yuan)}"
        )
        return f"{day}{gap}，全年还差{_wan(told.left_yuan)}"

    @property
    def grid(self) -> Grid[Step]:
        """The months still open with what each needs now."""
        return Grid(_STEPS, self.pace.months, caption="以旬保月、以月保季：还需完成")

    @property
    def ten_days(self) -> str:
        """What the open ten-day periods of the month in course need."""
        return "，".join(
            f"{label_of(one.ends_on, Cut.TEN_DAY)}{_wan(one.needed_yuan)}"
            for one in self.pace.ten_days
        )


_STEPS: list[Column[Step]] = [
    Column("month", "月份", lambda s: label_of(s.ends_on, Cut.MONTH), "tight"),
    Column("planned", "原计划（万元）", lambda s: money(s.planned_yuan, "万元"), "num"),
    Column("needed", "现需完成（万元）", lambda s: money(s.needed_yuan, "万元"), "num"),
    Column("more", "比原计划", lambda s: _more(s.more_yuan), "num"),
]


def _more(yuan: int) -> str:
    return f"{'+' if yuan > 0 else ''}{money(yuan, '万元')}" if yuan else "—"


def _wan(yuan: int) -> str:
    return f"{money(yuan, '万元')}万元"


def pace_shown(
    amount_yuan: int | None, slices: dict[date, int], *, done_yuan: int | None, as_of: date
) -> PaceShown | None:
    """The pace from what was done by a day; None without a plan, a figure, or a day of the plan's
    own year."""
    if not amount_yuan or amount_yuan < 0 or done_yuan is None:
        return None
    if slices and as_of.year != max(slices).year:
        return None
    return PaceShown(pace(amount_yuan, slices, done=done_yuan, as_of=as_of), bool(slices))
