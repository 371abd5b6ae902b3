"""登记台: one measure of the book in force for all projects of a list (or units, regions)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.assessment.books.queries import book_now
from guatu.assessment.recordable import Recordable, recordables
from guatu.core.errors import Fault, NotFound
from guatu.engines.rulebook import Book
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.types import SubjectKind
from guatu.ledger.values import LONGEST_TEXT, value_kind
from guatu.organisation import queries as organisation
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.wall.records import rows
from guatu.wall.records.access import Recorder
from guatu.wall.records.forms import ToldForm
from guatu.wall.records.rows import STATES, Asked, Row
from guatu.wall.records.words import choices, example, kind_text, told_by
from guatu.wall.viewer import Viewer

_SIZE = 100
COMPARED = "compared"
"""The list of texts that the book's rules compare with, once on a page for all its inputs."""
_MOST_INPUTS = 2_000
"""More rows than this on one page are only read: a form has an end."""


@dataclass(slots=True)
class Desk:
    """What one address asks of the desk."""

    viewer: Viewer
    query: QueryDict
    book: Book
    offered: tuple[Recordable, ...]
    asked: Recordable | None
    listing: ProjectList | None
    by: Asked

    @classmethod
    def of(cls, viewer: Viewer, query: QueryDict) -> Desk:
        """Read the address; an unknown measure or list is the first one."""
        book = book_now()
        offered = tuple(
            one
            for one in recordables(book)
            if one.kind == SubjectKind.PROJECT or viewer.sees_everything
        )
        named = (one for one in offered if one.key == query.get("measure", ""))
        asked = next(named, offered[0] if offered else None)
        state, region = query.get("state", ""), query.get("region", "")
        is_number = region.isascii() and region.isdecimal() and len(region) < 10
        by = Asked(
            query.get("q", "").strip()[:100],
            state if state in STATES else "",
            int(region) if is_number else None,
        )
        return cls(
            viewer, query, book, offered, asked, viewer.chosen_list(query.get("list", "")), by
        )

    @property
    def shown(self) -> Recordable | None:
        """The measure, where there is something to show it of."""
        is_project = self.asked is not None and self.asked.kind == SubjectKind.PROJECT
        return None if is_project and self.listing is None else self.asked

    @property
    def may_record(self) -> bool:
        """Whether the measure is the user's to give."""
        return self.asked is not None and Recorder(self.viewer).may(self.asked.measure)


def page(
    desk: Desk,
    form: ToldForm | None = None,
    typed: Mapping[int, str] | None = None,
    faults: Mapping[int, Sequence[Fault]] | None = None,
) -> dict[str, Any]:
    """The context of the page; `typed` and `faults` are of a form that was refused."""
    context: dict[str, Any] = {
        "book": desk.book,
        "offered": desk.offered,
        "asked": desk.asked,
        "lists": desk.viewer.lists,
        "chosen": desk.listing,
        "by": desk.by,
        "query": desk.query,
        "states": STATES.items(),
    }
    if desk.shown is None:
        return context
    return {**context, **_table(desk, desk.shown, form, typed or {}, faults or {})}


def _table(
    desk: Desk,
    asked: Recordable,
    form: ToldForm | None,
    typed: Mapping[int, str],
    faults: Mapping[int, Sequence[Fault]],
) -> dict[str, Any]:
    """The rows of the page, what they are about, and what is typed over them."""
    regions = organisation.region_names().official
    place, found = _one_page(desk, asked, regions)
    for row in found:
        row.typed = typed.get(row.pk, "")
        row.faults = tuple(str(fault) for fault in faults.get(row.pk, ()))
    may_record = desk.may_record and len(found) <= _MOST_INPUTS
    grid = Grid(
        columns(asked, is_editable=may_record),
        found,
        caption=f"{asked.measure.name}：{asked.measure.meaning}",
        sort=desk.query.get("sort", ""),
        query=without(desk.query, "sort", "page"),
        row_class=lambda row: "row-fault" if row.faults else "",
    )
    measure = asked.measure
    return {
        "grid": grid,
        "page": place,
        "form": (form or ToldForm(asked=asked)) if may_record else None,
        "kind": kind_text(measure),
        "who": told_by(measure),
        "example": example(measure),
        "evidence": measure.evidence,
        "is_project": asked.kind == SubjectKind.PROJECT,
        "regions": sorted(regions.items()),
        "filters": desk.query.urlencode(),
        "export": f"{reverse('records-export')}?{without(desk.query, 'page')}",
    }


def _one_page(desk: Desk, asked: Recordable, regions: Mapping[int, str]) -> tuple[Page, list[Row]]:
    if asked.kind != SubjectKind.PROJECT:
        found = rows.other_rows(asked, desk.by)
        place = Page.of(desk.query, len(found), _SIZE)
        return place, found[place.start : place.start + place.size]
    entries = _entries(desk, asked).annotate(count=Window(Count("*")))
    wanted = Page.of(desk.query, 0, _SIZE)
    start = (wanted.number - 1) * wanted.size
    some = list(entries[start : start + wanted.size])
    if some or not start:
        place = Page.of(desk.query, some[0].count if some else 0, _SIZE)
    else:
        place = Page.of(desk.query, entries.count(), _SIZE)
        some = list(entries[place.start : place.start + place.size])
    return place, rows.project_rows(some, asked, regions)


def _entries(desk: Desk, asked: Recordable) -> QuerySet[ListEntry]:
    assert desk.listing is not None
    order = listing(desk.query, columns(asked, is_editable=False), default_sort="serial")
    found = rows.projects(desk.viewer, desk.listing.pk, asked, desk.by)
    return rows.ordered(found, order.sort, is_descending=order.is_descending)


def exported(desk: Desk) -> tuple[str, list[str], list[Column[Row]], Iterator[Row]]:
    """Title, notes, columns and all rows under the same filters. NotFound where there is none."""
    asked = desk.shown
    if asked is None:
        raise NotFound(Fault("nothing-to-record", "没有可导出的登记", "请先选一个量"))
    if asked.kind == SubjectKind.PROJECT:
        regions = organisation.region_names().official
        found = rows.project_rows(list(_entries(desk, asked)), asked, regions)
    else:
        found = rows.other_rows(asked, desk.by)
    notes = [f"{asked.measure.name}：{asked.measure.meaning}", f"办法：《{desk.book.title}》"]
    return asked.measure.name, notes, columns(asked, is_editable=False), iter(found)


def columns(asked: Recordable, *, is_editable: bool) -> list[Column[Row]]:
    """The table; with a column to type in where the user may record."""
    is_project = asked.kind == SubjectKind.PROJECT
    serial = Column[Row]("serial", "序号", lambda r: r.serial, "num", is_sortable=True)
    name = Column[Row]("name", asked.kind.label, _named(asked), "wide", is_project, value=_name)
    region = Column[Row]("region", "地区", lambda r: r.region, "tight minor", is_sortable=True)
    held: list[Column[Row]] = [
        Column("text", "现值", lambda r: r.text, "tight"),
        Column("on", "自", lambda r: r.value.on if r.value else None, "date"),
        Column("valid_to", "有效至", lambda r: r.value.valid_to if r.value else None, "date minor"),
        Column("basis", "依据", lambda r: r.value.basis if r.value else "", "minor"),
        Column("by", "登记人", lambda r: r.by, "tight minor"),
    ]
    typed = Column[Row]("typed", "登记为", lambda r: _input(r, asked), "no-print")
    lead = [serial, name, region] if is_project else [name]
    return [*lead, *([typed] if is_editable else []), *held]


def _name(row: Row) -> str:
    return row.name


def _named(asked: Recordable) -> Callable[[Row], SafeString]:
    """The name, as a link to everything that stands recorded of it."""
    address = f"{asked.kind.value}-records"
    return lambda row: format_html('<a href="{}">{}</a>', reverse(address, args=[row.pk]), row.name)


def _input(row: Row, asked: Recordable) -> SafeString:
    """The cell to type in, with what is wrong with it."""
    name, label = f"v{row.pk}", f"{row.name}的{asked.measure.name}"
    offered = choices(asked.measure)
    if value_kind(asked.measure) is None:
        ticked = " checked" if row.typed else ""
        field = format_html(
            '<input type="checkbox" class="form-check-input" name="{}" value="1"'
            ' aria-label="{}"{}>',
            name, label, SafeString(ticked),
        )  # fmt: skip
    elif offered:
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (value, SafeString(" selected" if value == row.typed else ""), words)
                for value, words in [("", ""), *offered]
            ),
        )
        field = format_html(
            '<select class="form-select" name="{}" aria-label="{}">{}</select>',
            name, label, options,
        )  # fmt: skip
    else:
        offer = SafeString(f' list="{COMPARED}"' if asked.compared else "")
        field = format_html(
            '<input class="form-control" name="{}" value="{}" maxlength="{}" autocomplete="off"'
            ' aria-label="{}"{} data-column>',
            name, row.typed, LONGEST_TEXT, label, offer,
        )  # fmt: skip
    told = format_html_join("", '<p class="error">{}</p>', ((one,) for one in row.faults))
    return format_html("{}{}", field, told)
