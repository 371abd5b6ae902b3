"""The context of the results page and its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.core.errors import Fault, NotFound
from guatu.organisation import queries as organisation
from guatu.organisation.models import Switch
from guatu.organisation.types import SwitchName
from guatu.ui.tables import Column, Grid
from guatu.ui.templatetags.guatu import percent
from guatu.wall.desk.presenters import lights, progress_bar
from guatu.wall.results import issued
from guatu.wall.results.columns import group_columns
from guatu.wall.results.groups import BY, Grouped, GroupRow, groups_of, kind_word
from guatu.wall.standing import books, counts, curves, rates, runs
from guatu.wall.standing.across import said_of
from guatu.wall.standing.runs import Standing
from guatu.wall.viewer import Viewer

_MEANING = (
    "完成率、同比、开工率为百分数，比时间进度、比同类平均为百分点；完成率＝本年完成÷年度计划；"
    "同比＝（可比本年－可比上年）÷可比上年，可比项目为本年、上年同期都有数的项目"
)


@dataclass(slots=True)
class Results:
    """One locked round as one user sees it, and the others he may turn to."""

    viewer: Viewer
    every: list[Standing]
    standing: Standing

    @classmethod
    def of(cls, viewer: Viewer, round_id: int) -> Results:
        """The round, or NotFound where it is open or not for this user."""
        every = runs.standings(*viewer.lists, with_limited=True)
        chosen = next((one for one in every if one.round.pk == round_id), None)
        if chosen is None:
            raise NotFound(
                Fault("unknown-round", "没有这一期的进展", "请从“进展”里选择一期已锁定的")
            )
        return cls(viewer, every, chosen)


def newest_round(viewer: Viewer) -> int | None:
    """The newest locked round of the newest list that has one."""
    every = runs.standings(*viewer.lists)
    newest = max(every, key=lambda one: (one.listing.year, one.period.last_on), default=None)
    return newest.round.pk if newest else None


def by_of(query: QueryDict) -> str:
    """The grouping that an address asks for; by region where it names none that exists."""
    asked = query.get("by", "")
    return asked if asked in BY else "region"


def page(results: Results, by: str) -> dict[str, Any]:
    """The context of the page."""
    standing, seen = results.standing, results.viewer.seen_locked
    switch = _rankings(results.viewer)
    grouped = groups_of(standing, by, seen, is_ranked=switch is not None)
    columns = group_columns(
        standing,
        by,
        has_ranks=switch is not None,
        is_whole=seen is None,
        has_issued="as_issued" in grouped.found.figures,
    )
    across = standing.across
    columns = said_of(columns, across)
    row = runs.points(runs.of_grain(results.every, standing), seen)
    rows = reverse("results-rows", args=[standing.round.pk])
    return {
        "standing": standing,
        "is_mine": seen is not None,
        "rounds": _chooser(results),
        "by": by,
        "groupings": list(BY.items()),
        "grid": _grid(grouped, columns),
        "counts": counts.reconciled(
            standing,
            grouped.found.figures,
            counts.listed(standing.round.list_id, results.viewer.seen),
            of_all=results.viewer.seen is None,
        ),
        "start_rate": start_meaning(standing),
        "across": across,
        "gaps_note": rates.gaps_note(standing.conventions),
        "issued_note": issued.meaning(grouped.found.figures),
        **rates.behind(grouped.found),
        "figures": grouped.found.figures,
        "progress": progress_bar(grouped.found),
        "lights": lights(grouped.found, f"{rows}?light="),
        "rows": rows,
        "averages": _averages(grouped) if seen is None else [],
        "said": [row for row in grouped.rows if row.told.get("said")],
        "by_word": BY[by],
        "rankings": switch,
        "fall": runs.last_fall(row, seen),
        "charts": curves.charts(row, books.labels_of(standing), is_compared=not across.is_refused),
        "export": f"{reverse('results-export', args=[standing.round.pk])}?by={by}",
    }


def exported(
    results: Results, by: str
) -> tuple[str, list[str], list[Column[GroupRow]], list[GroupRow]]:
    """Title, notes, columns and rows of the table as a workbook."""
    standing, seen = results.standing, results.viewer.seen_locked
    switch = _rankings(results.viewer)
    grouped = groups_of(standing, by, seen, is_ranked=switch is not None)
    columns = group_columns(
        standing,
        by,
        has_ranks=switch is not None,
        is_whole=seen is None,
        has_issued="as_issued" in grouped.found.figures,
        is_sheet=True,
    )
    across = standing.across
    columns = said_of(columns, across)
    total = GroupRow("合计", grouped.found.figures)
    notes = [standing.basis, f"{_MEANING}；{start_meaning(standing)}"]
    told = rates.gaps_note(standing.conventions), issued.meaning(total.told)
    notes += filter(None, (*told, across.words, counts.counted(total.told)))
    if seen is not None:
        notes.append("只含本账号可见的项目")
    if switch:
        notes.append(_basis(switch))
    title = f"{standing.listing}{standing.title}进展（按{BY[by]}）"
    return title, notes, columns, [*grouped.rows, total]


def start_meaning(standing: Standing) -> str:
    """`开工率＝已开工÷计划本年开工`, by the city's choice."""
    return f"开工率＝{'÷'.join(rates.start_words(standing.conventions))}"


def _rankings(viewer: Viewer) -> Switch | None:
    """The switch while it is on, for whoever sees every project."""
    return organisation.switch_state(SwitchName.RANKINGS) if viewer.sees_everything else None


def _basis(switch: Switch) -> str:
    until = f"，到{switch.until}止" if switch.until else ""
    return f"排名依据：{switch.basis}；范围：{switch.scope}{until}"


def _chooser(results: Results) -> list[tuple[int, str, bool]]:
    """Every locked round that there is, newest first."""
    return [
        (
            one.round.pk,
            f"{one.listing} · {one.period.label}"
            + (f"（第{one.run.snapshot.revision}版）" if one.run.snapshot.revision > 1 else ""),
            one is results.standing,
        )
        for one in reversed(results.every)
    ]


def _grid(grouped: Grouped, columns: list[Column[GroupRow]]) -> Grid[GroupRow]:
    every = GroupRow("", grouped.found.figures)
    total: dict[str, object] = {column.key: column.shown(every) for column in columns}
    # What is measured against the groups of a kind says nothing of all.
    total |= {"key": "合计", "average": "", "rank": ""}
    total["rate"] = percent(every.told["completion_rate"])
    return Grid(columns, grouped.rows, caption=grouped.found.standing.basis, total=total)


def _averages(grouped: Grouped) -> list[tuple[str, str]]:
    """The average of each kind of group, as printed."""
    percent_of = grouped.found.standing.conventions.percent
    return [
        (kind_word(kind), percent(percent_of("completion_rate", rate)))
        for kind, rate in grouped.averages.items()
        if rate is not None
    ]
