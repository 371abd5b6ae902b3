"""The context of the library's page, its fragment and its export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.assessment import queries as assessment
from guatu.assessment.conventions import Conventions
from guatu.assessment.models import Run
from guatu.core.errors import Fault, NotFound
from guatu.ledger import access
from guatu.ledger import queries as ledger
from guatu.ledger.models import ProjectList
from guatu.ledger.types import Nature
from guatu.organisation import queries as organisation
from guatu.organisation.models import Assignment, User
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import WORDS
from guatu.wall.library import queries
from guatu.wall.library.columns import columns
from guatu.wall.library.filters import Filters, filters_of
from guatu.wall.library.queries import Row


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes look: the user and his roles in force."""

    user: User
    assignments: list[Assignment]


@dataclass(slots=True)
class Library:
    """One list as one user sees it under one address."""

    viewer: Viewer
    query: QueryDict
    lists: list[ProjectList]
    chosen: ProjectList | None
    run: Run | None
    unit: str
    filters: Filters
    columns: list[Column[Row]]

    @classmethod
    def of(cls, viewer: Viewer, query: QueryDict) -> Library:
        """Read the address."""
        lists = ledger.lists_seen(viewer.user, viewer.assignments)
        asked = query.get("list", "")
        chosen = next((one for one in lists if str(one.pk) == asked), lists[0] if lists else None)
        unit = "万元" if query.get("money") == "wan" else "亿元"
        settings = organisation.settings_in_force()
        return cls(
            viewer,
            query,
            lists,
            chosen,
            assessment.run_of_record(chosen.pk) if chosen else None,
            unit,
            filters_of(query),
            columns(unit, Conventions.of(settings, {})),
        )

    def entries(self) -> Any:
        """The entries that exist for this user under the filters."""
        user, assignments = self.viewer.user, self.viewer.assignments
        seen = (
            None
            if access.sees_everything(user, assignments)
            else access.visible_projects(user, assignments)
        )
        assert self.chosen is not None
        return queries.entries(self.chosen.pk, self.run, seen, self.filters)


def page(library: Library) -> dict[str, Any]:
    """The context of the page."""
    context: dict[str, Any] = {
        "lists": library.lists,
        "chosen": library.chosen,
        "filters": library.filters,
        "unit": library.unit,
        "query": library.query,
    }
    if library.chosen is None:
        return context
    asked = listing(library.query, library.columns, default_sort="serial")
    entries = library.entries()
    place = Page(asked.page, entries.count(), query=without(library.query, "page"))
    ordered = queries.ordered(entries, asked.sort, is_descending=asked.is_descending)
    shown = [column for column in library.columns if column.key in asked.columns]
    grid = Grid(
        shown,
        queries.rows(ordered[place.start : place.start + place.size]),
        caption=_caption(library.run),
        sort=asked.sort_text,
        query=without(library.query, "sort", "page"),
    )
    return {
        **context,
        "grid": grid,
        "page": place,
        "regions": sorted(organisation.region_names().official.items()),
        "sectors": sorted((term.pk, name) for name, term in ledger.sector_terms().items()),
        "natures": [one for one in Nature.choices if one[0]],
        "lights": [
            (name, WORDS.get(name, _LIGHT_NAMES.get(name, name))) for name in queries.SEVERITIES
        ],
        "all_columns": [(column, column.key in asked.columns) for column in library.columns],
        "export": f"{reverse('library-export')}?{without(library.query, 'page')}",
    }


_LIGHT_NAMES = {"serious": "红", "warning": "黄", "notice": "蓝", "ok": "绿"}


def _caption(run: Run | None) -> str:
    if run is None:
        return "还没有锁定的期，完成数和灯待锁定后显示"
    the_round = run.snapshot.round
    revision = f"，第{run.snapshot.revision}版" if run.snapshot.revision > 1 else ""
    day = the_round.cut_off_on
    locked = f"{the_round.period.key}已锁定{revision}"
    return f"完成数和灯：截至{day.year}年{day.month}月{day.day}日（{locked}）"


def exported(
    library: Library,
) -> tuple[str, list[str], list[Column[Row]], Iterator[Row]]:
    """Title, notes, columns and all rows of an export under the same filters and order.

    Raises NotFound where the user sees no list.
    """
    if library.chosen is None:
        raise NotFound(Fault("no-list", "没有可导出的清单"))
    asked = listing(library.query, library.columns, default_sort="serial")
    found = queries.ordered(library.entries(), asked.sort, is_descending=asked.is_descending)
    notes = [_caption(library.run)]
    if library.filters.is_any:
        notes.append(f"按筛选条件导出，共{found.count()}个项目")
    shown = [column for column in library.columns if column.key in asked.columns]
    return str(library.chosen), notes, shown, _in_chunks(found)


def _in_chunks(found: Any, size: int = 500) -> Iterator[Row]:
    ids = list(found.values_list("pk", flat=True))
    for start in range(0, len(ids), size):
        part = {
            row.entry.pk: row
            for row in queries.rows(found.filter(pk__in=ids[start : start + size]))
        }
        yield from (part[pk] for pk in ids[start : start + size] if pk in part)
