"""Regions, units or sectors of a locked round beside target, last year and average (M-D2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guatu.assessment.details import figures_of
from guatu.assessment.grouping import Group, add_issued, grouped, rank
from guatu.assessment.models import Result
from guatu.assessment.presenters import group_json, whole_issued_json
from guatu.assessment.sifting import rate_of
from guatu.assessment.types import Content, RegionRow
from guatu.core.ratio import Ratio
from guatu.ledger.models import Project
from guatu.organisation.models import RegionName
from guatu.organisation.types import NameKind, RegionKind
from guatu.wall.standing import runs
from guatu.wall.standing.issued import issued_seen
from guatu.wall.standing.runs import TOTAL, Found, Standing

BY = {"region": "地区", "unit": "责任单位", "sector": "行业"}


@dataclass(slots=True)
class GroupRow:
    """One group: its printed figures, the average of its own kind, its rank while ranks show."""

    key: str
    told: dict[str, Any]
    kind: str = ""
    average: Ratio | None = None
    rank: int | None = None

    @property
    def rate(self) -> Ratio | None:
        """Its completion rate, exact."""
        return rate_of(self.told["completed_yuan"], self.told["annual_plan_yuan"])


@dataclass(slots=True)
class Grouped:
    """All groups of a round in ledger order, and the figures of all together."""

    found: Found
    by: str
    rows: list[GroupRow]
    averages: dict[str, Ratio | None]


def groups_of(
    standing: Standing, by: str, seen: QuerySet[Project] | None, *, is_ranked: bool
) -> Grouped:
    """The groups as a user sees them: the stored ones, or those of his own projects alone.

    Ranks are for whoever sees every project: of a part of them they would say nothing.
    """
    regions = _regions(standing) if by == "region" else []
    if seen is None:
        kept = Result.objects.filter(run=standing.run, subject_kind__in=(TOTAL, by)).order_by("pk")
        told = [(result.subject_kind, figures_of(result)) for result in kept]
        found = Found(standing, next(one for kind, one in told if kind == TOTAL))
        rows = [GroupRow(one["key"], one) for kind, one in told if kind == by]
    else:
        found = runs.found(standing, seen)
        issued = issued_seen(standing, found.measured or [], seen)
        found.figures |= whole_issued_json(issued)
        content = _content(standing, regions)
        groups = grouped(found.measured or [], by, content, standing.conventions)
        add_issued(groups, by, issued)
        rows = [GroupRow(group.key, group_json(group, standing.conventions)) for group in groups]
    kinds = {region.name: region.kind for region in regions}
    for row in rows:
        row.kind = kinds.get(row.key, "")
    averages = _averages(rows)
    for row in rows:
        row.average = averages[row.kind]
    if is_ranked and seen is None:
        _rank(rows, standing, regions)
    return Grouped(found, by, rows, averages)


def kind_word(kind: str) -> str:
    """What groups of one kind are called beside their average."""
    return RegionKind(kind).label if kind else "全部"


def _averages(rows: Sequence[GroupRow]) -> dict[str, Ratio | None]:
    """Σ done ÷ Σ plan of the groups of a kind: counties and zones are compared apart."""
    sums: dict[str, list[int | None]] = defaultdict(lambda: [None, 0])
    for row in rows:
        pair, done = sums[row.kind], row.told["completed_yuan"]
        pair[1] = (pair[1] or 0) + row.told["annual_plan_yuan"]
        if done is not None:
            pair[0] = (pair[0] or 0) + done
    return {kind: rate_of(*pair) for kind, pair in sums.items()}


def _rank(rows: Sequence[GroupRow], standing: Standing, regions: list[RegionRow]) -> None:
    by = "region" if regions else "unit"
    groups = [
        Group(by, row.key, None, runs.totals_of_text(row.told, standing.period), []) for row in rows
    ]
    rank(groups, _content(standing, regions), standing.conventions)
    for row, group in zip(rows, groups, strict=True):
        row.rank = group.rank


def _content(standing: Standing, regions: list[RegionRow]) -> Content:
    """The head of the round's snapshot, as grouping asks for it."""
    the_round, period = standing.round, standing.period
    return Content(
        the_round.list.name,
        period.year,
        period.key,
        period.as_of,
        the_round.cut_off_on,
        standing.run.snapshot.revision,
        regions,
        [],
    )


def _regions(standing: Standing) -> list[RegionRow]:
    """The regions as they were called on the round's last day; one query."""
    rows = RegionName.objects.filter(
        kind=NameKind.OFFICIAL, valid_from__lte=standing.period.as_of
    ).order_by("valid_from", "pk")
    found: dict[int, RegionRow] = {}
    for pk, name, code, kind in rows.values_list("region_id", "name", "code", "region__kind"):
        before = found[pk].code if pk in found else ""
        found[pk] = RegionRow(pk, name, code or before, kind)
    return list(found.values())
