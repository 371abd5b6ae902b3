"""The projects behind a number: every figure of a table of results opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.assessment.counted import WHAT
from guatu.assessment.grouping import NO_NAME
from guatu.assessment.measures import Measured
from guatu.assessment.sifting import LONGEST, Sieve, ordered
from guatu.planning.days import GivenDays
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import money, percent
from guatu.wall.results.columns import row_columns
from guatu.wall.results.groups import BY
from guatu.wall.results.presenters import Results
from guatu.wall.standing import books, runs
from guatu.wall.standing.runs import Standing


@dataclass(frozen=True, slots=True)
class Asked(Sieve):
    """The filters of an address, with the group whose rows are asked for; empty means all."""

    by: str = ""
    key: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """Read them; what is not a known value filters nothing away."""
        asked, by = super(Asked, cls).of(query), query.get("by", "")
        return replace(asked, by=by, key=query.get("key", "")[:LONGEST]) if by in BY else asked

    def words(self, labels: Mapping[str, str]) -> str:
        """What is shown, in words: 江北区 · 逾期未开工."""
        parts = [self.key, super(Asked, self).words(labels)]
        return " · ".join(part for part in parts if part)


def measured(results: Results, asked: Asked) -> list[Measured]:
    """The projects that the filters leave, in ledger order; one query."""
    standing = results.standing
    found = runs.project_results(results.standing.run, results.viewer.seen_locked)
    if asked.light:
        found = found.filter(verdict=asked.light)
    return [
        one
        for one in runs.measured_of(found.iterator(chunk_size=2000), standing)
        if _is_asked(one, asked, standing)
    ]


def _is_asked(one: Measured, asked: Asked, standing: Standing) -> bool:
    subject = one.subject
    if asked.by and asked.key:
        name = {"region": subject.region, "unit": subject.unit, "sector": subject.sector}[asked.by]
        if (name or NO_NAME) != asked.key:
            return False
    return asked.lets(one, standing.period, standing.conventions)


def page(results: Results, query: QueryDict) -> dict[str, Any]:
    """The context of the page: one page of rows, and the sums of all that the filters leave."""
    standing = results.standing
    given = GivenDays()
    columns, asked = row_columns(standing, given), Asked.of(query)
    told = listing(query, columns, default_sort="serial")
    found = measured(results, asked)
    rows = ordered(found, told.sort, is_descending=told.is_descending)
    place = Page.of(query, len(rows))
    labels = books.labels_of(standing)
    figures = runs.totals_text(found, standing)
    shown = rows[place.start : place.start + place.size]
    given.read(one.subject.id for one in shown)
    grid = Grid(
        columns,
        shown,
        caption=standing.basis,
        sort=told.sort_text,
        query=without(query, "sort", "page"),
        total={
            "name": f"合计（计入{figures['in_scope']}个）",
            "plan": money(figures["annual_plan_yuan"]),
            "done": money(figures["completed_yuan"]),
            "rate": percent(figures["completion_rate"]),
        },
    )
    return {
        "standing": standing,
        "asked": asked,
        "words": asked.words(labels),
        "is_mine": not results.viewer.sees_everything,
        "grid": grid,
        "page": place,
        "figures": figures,
        "across": standing.across,
        "beside": _beside(results, asked),
        "beside_query": f"{without(query, 'what', 'page')}what=in-scope",
        "lights": [(one.value, labels[one.value]) for one in (*books.JUDGED, *books.OTHERS)],
        "whats": [(key, words) for key, (words, _) in WHAT.items()],
        "export": (
            f"{reverse('results-rows-export', args=[standing.round.pk])}?{without(query, 'page')}"
        ),
    }


def _beside(results: Results, asked: Asked) -> dict[str, Any] | None:
    """The figures of all that count in a rate, beside the rows of those alone that have data:
    their rate is another one. None where the rows are not such a part."""
    if asked.what != "with-data":
        return None
    every = runs.totals_text(measured(results, replace(asked, what="in-scope")), results.standing)
    return every if every["without_data"] else None


def exported(
    results: Results, query: QueryDict
) -> tuple[str, list[str], list[Column[Measured]], list[Measured]]:
    """Title, notes, columns and all rows under the same filters and order."""
    standing = results.standing
    given = GivenDays()
    columns, asked = row_columns(standing, given), Asked.of(query)
    told = listing(query, columns, default_sort="serial")
    rows = ordered(measured(results, asked), told.sort, is_descending=told.is_descending)
    given.read(one.subject.id for one in rows)
    notes = [standing.basis]
    if words := asked.words(books.labels_of(standing)):
        notes.append(f"筛选：{words}，共{len(rows)}个项目")
    return f"{standing.listing}{standing.title}项目", notes, columns, rows
