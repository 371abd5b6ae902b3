"""Targets of bodies beside what was reached, several side by side (M-B9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.assessment.measures import Measured
from guatu.assessment.models import Result
from guatu.core import clock
from guatu.core.ratio import decimal_text
from guatu.ledger.models import ProjectList
from guatu.organisation import listed
from guatu.organisation import queries as organisation
from guatu.organisation.types import Role
from guatu.planning import queries as planning
from guatu.planning.forms import TargetForm
from guatu.planning.models import Target
from guatu.planning.types import PlanKind, TargetIndicator, TargetSubject
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money
from guatu.wall.standing.runs import Standing, measured_of, standings
from guatu.wall.targets.sums import sums_of
from guatu.wall.viewer import Viewer

_WHOLE_UNIT = frozenset({Role.OFFICE, Role.VIEWER, Role.REVIEWER, Role.REPORTER})
"""Roles whose holder sees every project of the unit that the role is for."""
STATES = {"met": "已达到", "short": "期满未达到", "open": "未到期", "unknown": "没有数据"}


@dataclass(slots=True)
class Row:
    """What one body is to reach of one indicator by one day: each kind of target, and the value
    of the newest round locked by then."""

    body: str
    indicator: TargetIndicator
    due_on: date
    reached: int | None
    standing: Standing | None
    targets: dict[PlanKind, Target] = field(default_factory=dict)

    def missing(self, kind: PlanKind) -> int | None:
        """What is missing to a target; 0 where it is reached, None where nothing is known."""
        target = self.targets.get(kind)
        if target is None or target.amount is None or self.reached is None:
            return None
        return max(0, target.amount - self.reached)

    @property
    def state(self) -> str:
        """How the row stands over all its targets."""
        missing = [self.missing(kind) for kind in self.targets]
        if any(one is None for one in missing):
            return "unknown"
        if not any(missing):
            return "met"
        return "short" if clock.today() > self.due_on else "open"


@dataclass(slots=True)
class Tracked:
    """A list's targets as one user sees them."""

    listing: ProjectList
    rows: list[Row]
    is_part: bool

    @classmethod
    def of(cls, viewer: Viewer, listing: ProjectList) -> Tracked:
        """Who does not see every project sees the targets of the units he acts for: only of these
        does he see the whole sum."""
        targets = planning.targets_of(listing.pk)
        if not viewer.sees_everything:
            own = {
                one.scope_organisation_id
                for one in viewer.assignments
                if Role(one.role) in _WHOLE_UNIT
            }
            targets = [one for one in targets if one.organisation_id in own]
        return cls(listing, _rows(listing, targets), not viewer.sees_everything)

    def roster(self, query: QueryDict) -> Roster[Row]:
        """The rows for the page and its export."""
        return Roster(
            f"{self.listing}目标",
            _columns(),
            self.rows,
            lambda r: r.body,
            [
                Choice("indicator", "指标", TargetIndicator.choices, lambda r: r.indicator.value),
                Choice("state", "情况", list(STATES.items()), lambda r: r.state),
            ],
            search_label="地区或单位",
            empty="还没有您单位的目标" if self.is_part else "还没有目标",
            empty_next="由项目办录入，如“九月底完成75%，年底完成100%”",
            query=query,
        )


def _rows(listing: ProjectList, targets: Sequence[Target]) -> list[Row]:
    if not targets:
        return []
    every = standings(listing)
    used = {one.due_on: _at(every, one.due_on) for one in targets}
    measured = _measured([one for one in used.values() if one is not None])
    names = _names(targets)
    rows: dict[tuple[Any, ...], Row] = {}
    for target in targets:
        key = (target.subject, target.body_id, target.indicator, target.due_on)
        if key not in rows:
            standing = used[target.due_on]
            found = measured.get(standing.run.pk, []) if standing else []
            indicator = TargetIndicator(target.indicator)
            reached = _reached(found, standing, target, indicator) if standing else None
            name = names.get((target.subject, target.body_id), "全部")
            rows[key] = Row(name, indicator, target.due_on, reached, standing)
        rows[key].targets[PlanKind(target.kind)] = target
    return list(rows.values())


def _at(every: Sequence[Standing], due_on: date) -> Standing | None:
    """The newest round locked for a day not after the due one."""
    return next((one for one in reversed(every) if one.period.last_on <= due_on), None)


def _measured(used: Sequence[Standing]) -> Mapping[int, list[Measured]]:
    by_run: dict[int, list[Result]] = defaultdict(list)
    runs = {one.run.pk: one for one in used}
    for result in Result.objects.filter(run__in=runs, project__isnull=False).order_by("pk"):
        by_run[result.run_id].append(result)
    return {pk: measured_of(results, runs[pk]) for pk, results in by_run.items()}


def _reached(
    found: Sequence[Measured], standing: Standing, target: Target, indicator: TargetIndicator
) -> int | None:
    match TargetSubject(target.subject):
        case TargetSubject.REGION:
            found = [one for one in found if one.subject.region_id == target.region_id]
        case TargetSubject.ORGANISATION:
            found = [one for one in found if one.subject.unit_id == target.organisation_id]
        case TargetSubject.TOTAL:
            pass
    return sums_of(found, standing.period, standing.conventions, {}).value(indicator)


def _names(targets: Sequence[Target]) -> dict[tuple[str, int | None], str]:
    units = organisation.names_of_organisations(
        one.organisation_id for one in targets if one.organisation_id
    )
    regions = organisation.region_names().official
    return {
        **{(TargetSubject.ORGANISATION.value, pk): name for pk, name in units.items()},
        **{(TargetSubject.REGION.value, pk): name for pk, name in regions.items()},
    }


def bodies() -> list[tuple[str, str]]:
    """Whose targets there can be, for choosing one."""
    regions = organisation.region_names().official
    return [
        ("total", "全部"),
        *((f"region-{pk}", name) for pk, name in regions.items()),
        *((f"organisation-{pk}", name) for pk, name in listed.unit_choices()),
    ]


def target_form(data: Any = None) -> TargetForm:
    """The form that sets a target."""
    return TargetForm(data, options={"body": bodies()})


def amount_text(amount: int | None, indicator: TargetIndicator) -> str:
    """An amount in its indicator's own unit, without it."""
    if amount is None:
        return "—"
    if indicator is TargetIndicator.INVESTMENT:
        return money(amount, "万元")
    if indicator is TargetIndicator.RATE:
        return decimal_text(amount, 2).removesuffix("0").removesuffix(".0")
    return str(amount)


def _columns() -> list[Column[Row]]:
    return [
        Column("body", "地区或单位", lambda r: r.body, "wide", is_sortable=True),
        Column("indicator", "指标", lambda r: f"{r.indicator.label}（{r.indicator.unit}）"),
        Column("due", "期限", lambda r: r.due_on, "date", is_sortable=True),
        *(_kind(kind) for kind in PlanKind),
        Column("reached", "已达到", lambda r: amount_text(r.reached, r.indicator), "num"),
        Column("as_of", "截至", lambda r: r.standing and r.standing.period.last_on, "date"),
        Column("state", "情况", _state, "tight", is_sortable=True),
        Column("basis", "依据", _basis, "minor"),
    ]


def _kind(kind: PlanKind) -> Column[Row]:
    def shown(row: Row) -> SafeString | str:
        target = row.targets.get(kind)
        if target is None:
            return "—"
        amount, missing = amount_text(target.amount, row.indicator), row.missing(kind)
        if not missing:
            return amount
        return format_html(
            '{} <span class="below">差{}</span>', amount, amount_text(missing, row.indicator)
        )

    return Column(kind.value, kind.label, shown, "num",
                  value=lambda r: amount_text(
                      r.targets[kind].amount if kind in r.targets else None, r.indicator)
                  )  # fmt: skip


def _state(row: Row) -> str:
    if row.state == "open":
        return f"还有{(row.due_on - clock.today()).days}天"
    return STATES[row.state]


def _basis(row: Row) -> str:
    return "；".join(dict.fromkeys(one.basis for one in row.targets.values()))
