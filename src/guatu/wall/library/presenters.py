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
from guatu.ledger import queries as ledger
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.types import BulkField, Nature
from guatu.organisation import queries as organisation
from guatu.organisation.access import rights_of
from guatu.organisation.types import Right
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import WORDS
from guatu.wall.library import queries
from guatu.wall.library.columns import columns
from guatu.wall.library.filters import Filters, filters_of
from guatu.wall.library.queries import Row
from guatu.wall.standing.books import labels_of
from guatu.wall.standing.counts import apart
from guatu.wall.standing.runs import Standing
from guatu.wall.viewer import Viewer


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

    @property
    def may_edit(self) -> bool:
        """Whether the acts of the office are offered."""
        rights = rights_of(self.viewer.user, self.viewer.assignments)
        return Right.EDIT_PROJECTS in rights

    @classmethod
    def of(cls, viewer: Viewer, query: QueryDict) -> Library:
        """Read the address."""
        chosen = viewer.chosen_list(query.get("list", ""))
        unit = "万元" if query.get("money") == "wan" else "亿元"
        settings = organisation.settings_in_force()
        run = assessment.run_of_record(chosen.pk) if chosen else None
        shown = run.snapshot.round_id if run else None
        return cls(
            viewer,
            query,
            viewer.lists,
            chosen,
            run,
            unit,
            filters_of(query),
            columns(unit, Conventions.of(settings, {}), shown, chosen.year if chosen else 0),
        )

    def entries(self) -> Any:
        """The entries that exist for this user under the filters."""
        assert self.chosen is not None
        return queries.entries(self.chosen.pk, self.run, self.viewer.seen, self.filters)


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
    column = queries.ORDER.get(asked.sort)
    ordered = ledger.ordered(entries, column, is_descending=asked.is_descending)
    place, found = _one_page(ordered, library.query)
    regions = organisation.region_names().official
    shown = [column for column in library.columns if column.key in asked.columns]
    units, sectors = queries.choices(library.chosen.pk, library.viewer.seen)
    labels = labels_of(Standing(library.run)) if library.run else {}
    grid = Grid(
        shown,
        queries.rows(found, regions),
        caption=_caption(library.run),
        sort=asked.sort_text,
        query=without(library.query, "sort", "page"),
        select=(lambda row: row.entry.pk) if library.may_edit else None,
    )
    return {
        **context,
        **_hooks(library),
        "grid": grid,
        "page": place,
        "counts": apart(place.count, parts) if (parts := queries.parts_of(found)) else "",
        "regions": sorted(regions.items()),
        "units": units,
        "sectors": sectors,
        "natures": [one for one in Nature.choices if one[0]],
        "lights": [
            (name, WORDS.get(name) or labels.get(name) or name)
            for name in queries.SEVERITIES
            if name in WORDS or name in labels
        ],
        "all_columns": [(column, column.key in asked.columns) for column in library.columns],
        "export": f"{reverse('library-export')}?{without(library.query, 'page')}",
    }


def _one_page(ordered: Any, query: QueryDict) -> tuple[Page, list[ListEntry]]:
    """The page asked for, or the last one where there are fewer."""
    asked = Page.of(query, 0)
    start = (asked.number - 1) * asked.size
    found = list(queries.shown(ordered)[start : start + asked.size])
    if found or not start:
        return Page.of(query, queries.count_of(found)), found
    place = Page.of(query, ordered.count())
    return place, list(queries.shown(ordered)[place.start : place.start + place.size])


def _hooks(library: Library) -> dict[str, Any]:
    """Saved views for everybody; for whoever may edit, what can be changed of many at once."""
    assert library.chosen is not None
    user = library.viewer.user
    views = ledger.views_of_list(user, library.chosen.pk)
    return {
        "views": [(view, ledger.address_of(view), view.user_id == user.pk) for view in views],
        "bulk_fields": BulkField.choices if library.may_edit else [],
    }


def _caption(run: Run | None) -> str:
    if run is None:
        return "还没有锁定的期，完成数和灯待锁定后显示"
    the_round = run.snapshot.round
    revision = f"，第{run.snapshot.revision}版" if run.snapshot.revision > 1 else ""
    day = the_round.cut_off_on
    locked = f"{the_round.period.label}已锁定{revision}"
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
    column = queries.ORDER.get(asked.sort)
    found = ledger.ordered(library.entries(), column, is_descending=asked.is_descending)
    notes = [_caption(library.run)]
    if library.filters.is_any:
        notes.append(f"按筛选条件导出，共{found.count()}个项目")
    shown = [column for column in library.columns if column.key in asked.columns]
    return str(library.chosen), notes, shown, _in_chunks(found)


def _in_chunks(found: Any, size: int = 500) -> Iterator[Row]:
    ids = list(found.values_list("pk", flat=True))
    regions = organisation.region_names().official
    for start in range(0, len(ids), size):
        some = found.filter(pk__in=ids[start : start + size])
        part = {row.entry.pk: row for row in queries.rows(list(queries.shown(some)), regions)}
        yield from (part[pk] for pk in ids[start : start + size] if pk in part)
