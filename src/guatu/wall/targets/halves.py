"""The half-year test of a list by region, by unit and in all (双过半, M-B2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from guatu.assessment.measures import Measured
from guatu.core.ratio import percent_text
from guatu.core.yuan import WAN
from guatu.ledger.models import ProjectList
from guatu.organisation import queries as organisation
from guatu.planning import queries as planning
from guatu.planning.halves import Half, Item, together
from guatu.planning.types import PlanKind
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light, money
from guatu.wall.standing.runs import Standing, measured_of, project_results, standings
from guatu.wall.targets.sums import Sums, sums_of
from guatu.wall.viewer import Viewer

BODIES = {"region": "地区", "unit": "责任单位"}
_LIGHTS = {
    Half.PASSED: "ok",
    Half.SHORT: "warning",
    Half.NO_DATA: "no_data",
    Half.NO_TASK: "not_in_scope",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One body with its sums."""

    name: str
    sums: Sums

    def item(self, at: int) -> Item:
        """One item of the test."""
        return self.sums.items[at]

    @property
    def half(self) -> Half:
        """The verdict over all items."""
        return together(self.sums.items)


@dataclass(slots=True)
class Halves:
    """The test of one locked round; `standing` None where none is locked yet."""

    listing: ProjectList
    every: Sequence[Standing]
    standing: Standing | None
    by: str
    rows: list[Row]

    @classmethod
    def of(cls, viewer: Viewer, listing: ProjectList, query: QueryDict) -> Halves:
        """The round that an address asks for, else the newest; a constant number of queries."""
        every = standings(listing)
        asked = query.get("round", "")
        newest = every[-1] if every else None
        found = next((one for one in every if str(one.round.pk) == asked), newest)
        by = query.get("by", "")
        by = by if by in BODIES else "region"
        rows = _rows(viewer, listing, found, by) if found else []
        return cls(listing, every, found, by, rows)

    def roster(self, query: QueryDict) -> Roster[Row]:
        """The rows for the page and its export."""
        rounds = [(str(one.round.pk), one.round.period.label) for one in reversed(self.every)]
        chosen = str(self.standing.round.pk) if self.standing else ""
        return Roster(
            f"{self.listing}双过半",
            _columns(BODIES[self.by]),
            self.rows,
            lambda r: r.name,
            [
                Choice("by", "按", list(BODIES.items()), lambda _: self.by),
                Choice("round", "期别", rounds, lambda _: chosen),
                Choice("half", "总评", [(one.value, one.word) for one in Half],
                       lambda r: r.half.value),
            ],
            search_label=BODIES[self.by],
            empty="还没有锁定过的期",
            empty_next="锁定一期以后就能看",
            query=query,
        )  # fmt: skip


def _rows(viewer: Viewer, listing: ProjectList, standing: Standing, by: str) -> list[Row]:
    found = measured_of(project_results(standing.run, viewer.seen_locked), standing)
    stretch = planning.stated_by_project(listing.pk, PlanKind.STRETCH)
    groups: dict[str, list[Measured]] = defaultdict(list)
    for one in found:
        groups[(one.subject.region if by == "region" else one.subject.unit) or "未填"].append(one)

    def row(name: str, measured: list[Measured]) -> Row:
        return Row(name, sums_of(measured, standing.period, standing.conventions, stretch))

    whole = "全部" if viewer.sees_everything else "您能看到的项目"
    names = _in_code_order(groups) if by == "region" else list(groups)
    return [row(whole, found), *(row(name, groups[name]) for name in names)]


def _in_code_order(groups: dict[str, list[Measured]]) -> list[str]:
    """Regions as results and papers list them: by code where every one has a code (office.md 3)."""
    codes = organisation.region_codes()
    told = {name: codes.get(group[0].subject.region_id or 0) for name, group in groups.items()}
    names = list(groups)
    return sorted(names, key=lambda name: told[name] or "") if all(told.values()) else names


def _columns(body: str) -> list[Column[Row]]:
    columns: list[Column[Row]] = [
        Column("name", body, lambda r: r.name, "wide", is_sortable=True),
        _verdict("all", "总评", lambda r: r.half),
    ]
    for at, (key, label, is_money) in enumerate(
        (("money", "投资", True), ("start", "开工", False), ("finish", "竣工", False),
         ("stretch", "加码", True))
    ):  # fmt: skip
        columns += _item(at, key, label, is_money=is_money)
    return columns


def _item(at: int, key: str, label: str, *, is_money: bool) -> list[Column[Row]]:
    unit = "万元" if is_money else "个"

    def shown(amount: int | None) -> Any:
        return money(amount, "万元") if is_money else amount

    def number(amount: int | None) -> Any:
        return amount / WAN if is_money and amount is not None else amount

    return [
        Column(f"{key}-task", f"{label}任务（{unit}）", lambda r: shown(r.item(at).task), "num",
               value=lambda r: number(r.item(at).task)),
        Column(f"{key}-done", f"已完成（{unit}）", lambda r: shown(r.item(at).done), "num",
               value=lambda r: number(r.item(at).done)),
        Column(f"{key}-share", "占比", lambda r: _share(r.item(at)), "num", is_sortable=True),
        _verdict(f"{key}-half", label, lambda r: r.item(at).half),
    ]  # fmt: skip


def _verdict(key: str, label: str, of: Any) -> Column[Row]:
    def shown(row: Row) -> SafeString:
        half: Half = of(row)
        return light(_LIGHTS[half], half.word)

    return Column(key, label, shown, "tight", value=lambda r: of(r).word)


def _share(item: Item) -> str:
    if item.done is None or item.task <= 0:
        return "—"
    return f"{percent_text(item.done, item.task, 1)}%"
