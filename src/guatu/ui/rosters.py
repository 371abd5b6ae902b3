"""Short lists held in memory: search, filter, order and page from the URL, one export.

For lists of hundreds or a few thousand rows (units, people, accounts), which come in a constant
number of queries and are narrowed here. Lists of projects are narrowed by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from guatu.core.names import match_form
from guatu.ui.tables import Column, Grid, Page, listing, without

_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Choice[Row]:
    """One filter: a list of values, and which value a row has."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]
    of: Callable[[Row], str]


@dataclass(slots=True)
class Roster[Row]:
    """A list with everything that its page, its fragment and its export need."""

    title: str
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    search: Callable[[Row], str]
    choices: Sequence[Choice[Row]] = ()
    default_sort: str = ""
    search_label: str = "查找"
    caption: str = ""
    row_class: Callable[[Row], str] | None = None
    empty: str = "还没有记录"
    empty_next: str = ""
    query: QueryDict = field(default_factory=QueryDict)

    @property
    def asked(self) -> str:
        """What is searched for."""
        return self.query.get("q", "").strip()[:_LONGEST_SEARCH]

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.asked) or any(self._chosen(one) for one in self.choices)

    def found(self) -> list[Row]:
        """The rows under search and filters, in the order asked for; empty cells last."""
        wanted = match_form(self.asked)
        rows = [row for row in self.rows if not wanted or wanted in match_form(self.search(row))]
        for one in self.choices:
            if chosen := self._chosen(one):
                rows = [row for row in rows if one.of(row) == chosen]
        order = listing(self.query, self.columns, default_sort=self.default_sort)
        column = next((one for one in self.columns if one.key == order.sort), None)
        if column is None:
            return rows
        filled = [row for row in rows if column.exported(row) not in (None, "")]
        rest = [row for row in rows if column.exported(row) in (None, "")]
        filled.sort(key=lambda row: _sortable(column.exported(row)), reverse=order.is_descending)
        return filled + rest

    def page(self) -> dict[str, Any]:
        """The context of `ui/_roster.html`."""
        rows = self.found()
        order = listing(self.query, self.columns, default_sort=self.default_sort)
        place = Page.of(self.query, len(rows))
        grid = Grid(
            self.columns,
            rows[place.start : place.start + place.size],
            caption=self.caption,
            sort=order.sort_text,
            query=without(self.query, "sort", "page"),
            row_class=self.row_class,
        )
        return {
            "roster": self,
            "grid": grid,
            "page": place,
            "filters": [(one, self._chosen(one)) for one in self.choices],
            "export_query": without(self.query, "page"),
        }

    def _chosen(self, choice: Choice[Row]) -> str:
        told = self.query.get(choice.key, "")
        return told if told in {value for value, _ in choice.options} else ""


def _sortable(value: object) -> tuple[int, Any]:
    """Numbers among numbers, the rest by its text: a column may hold both."""
    if isinstance(value, (int, float)):
        return (0, value)
    return (1, str(value))
