"""The list of rule books and its export."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.assessment.books import queries
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.queries import kept_book
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.engines.rulebook import Book, installed_books
from guatu.engines.rulebook.counting import counts_of
from guatu.organisation import queries as organisation
from guatu.ui.tables import Column, Grid, Listing, Page, listing, without

KINDS = {"lights": "有亮灯", "points": "有计分", "lists": "有名单", "procedures": "有程序"}
ORIGINS = {"own": "本单位", "installed": "随程序"}
_LONGEST_SEARCH, _LONGEST_SOURCE = 100, 22


@dataclass(frozen=True, slots=True)
class Row:
    """One book as the list shows it: the version in force, its draft where one is open."""

    book: Book
    is_own: bool
    is_in_use: bool
    draft: RuleBookDraft | None

    @property
    def origin(self) -> str:
        """本单位 or 随程序."""
        return ORIGINS["own" if self.is_own else "installed"]

    @property
    def counts(self) -> str:
        """`亮灯4个维度，得分项2个`."""
        return "，".join(word.format(number) for word, number in counts_of(self.book).items())

    @property
    def rules(self) -> int:
        """How many rules it holds."""
        return sum(counts_of(self.book).values())

    @property
    def kinds(self) -> frozenset[str]:
        """Which of the kinds of the filter it has."""
        book = self.book
        found = {
            "lights": bool(book.lights),
            "points": bool(book.parts or book.scores),
            "lists": bool(book.lists or book.grades or book.partitions),
            "procedures": bool(book.procedures),
        }
        return frozenset(kind for kind, has in found.items() if has)

    @property
    def term(self) -> str:
        """`2025-01-01起`, `2025-01-01至2026-12-31`."""
        book = self.book
        return (
            f"{book.valid_from}至{book.valid_until}" if book.valid_until else f"{book.valid_from}起"
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; empty means all."""

    search: str = ""
    kind: str = ""
    origin: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        """What is not a known value filters nothing away."""
        kind, origin = query.get("kind", ""), query.get("origin", "")
        return cls(
            query.get("q", "").strip()[:_LONGEST_SEARCH],
            kind if kind in KINDS else "",
            origin if origin in ORIGINS else "",
        )

    @property
    def is_any(self) -> bool:
        """Whether anything narrows the list."""
        return self != Filters()

    def lets(self, row: Row) -> bool:
        """Whether a row stays."""
        if self.kind and self.kind not in row.kinds:
            return False
        if self.origin and row.is_own != (self.origin == "own"):
            return False
        word = self.search.casefold()
        book = row.book
        return not word or any(word in one.casefold() for one in (book.id, book.title, book.source))


def rows(*, with_drafts: bool) -> list[Row]:
    """All books, those of this house first; a constant number of queries."""
    on, in_use = clock.today(), organisation.settings_in_force()["rulebook"]
    own: dict[str, list[Any]] = {}
    for version in queries.own_versions():
        own.setdefault(version.book, []).append(version)
    drafts = {one.book: one for one in queries.open_drafts()} if with_drafts else {}
    books = [(queries.in_force(versions, on), True) for versions in own.values()]
    found = [(kept_book(row.digest), True) for row, _ in books if row is not None]
    taken = {one.casefold() for one in own}
    found += [
        (queries.shelf_version(one).book, False)
        for one in installed_books()
        if one.casefold() not in taken
    ]
    return [Row(book, is_own, book.id == in_use, drafts.get(book.id)) for book, is_own in found]


def page(query: QueryDict, *, may_edit: bool) -> dict[str, Any]:
    """The context of the page."""
    asked = Filters.of(query)
    all_rows = rows(with_drafts=may_edit)
    told = listing(query, _columns(), default_sort="")
    found = _ordered([one for one in all_rows if asked.lets(one)], told)
    place = Page.of(query, len(found), size=100)
    named = {one.book.id for one in all_rows}
    return {
        "filters": asked,
        "kinds": KINDS.items(),
        "origins": ORIGINS.items(),
        "page": place,
        "grid": Grid(
            _columns(),
            found[place.start : place.start + place.size],
            caption=f"共{len(found)}部",
            sort=told.sort_text if told.sort else "",
            query=without(query, "sort", "page"),
        ),
        "new_drafts": [one for one in queries.open_drafts() if one.book not in named]
        if may_edit
        else [],
        "in_use": next((one for one in all_rows if one.is_in_use), None),
        "may_edit": may_edit,
        "export": f"{reverse('rulebooks-export')}?{without(query, 'page')}",
    }


def exported(query: QueryDict) -> tuple[str, list[str], list[Column[Row]], list[Row]]:
    """Title, notes, columns and rows under the same filters and order."""
    asked = Filters.of(query)
    found = [one for one in rows(with_drafts=False) if asked.lets(one)]
    notes = [f"按筛选条件导出，共{len(found)}部"] if asked.is_any else []
    told = listing(query, _columns(), default_sort="")
    return "办法", notes, _columns(), _ordered(found, told)


def _ordered(found: list[Row], told: Listing) -> list[Row]:
    keys = {
        "title": lambda r: r.book.title,
        "id": lambda r: r.book.id,
        "origin": lambda r: r.origin,
        "from": lambda r: r.book.valid_from,
        "rules": lambda r: r.rules,
    }
    if told.sort not in keys:
        return sorted(found, key=lambda r: (not r.is_in_use, not r.is_own, r.book.id))
    return sorted(found, key=keys[told.sort], reverse=told.is_descending)


def _columns() -> list[Column[Row]]:
    return [
        Column("title", "办法", _name, "wide", is_sortable=True, value=lambda r: r.book.title),
        Column("id", "编号", lambda r: r.book.id, "tight minor", is_sortable=True),
        Column("origin", "来处", lambda r: r.origin, "tight", is_sortable=True),
        Column("version", "版本", lambda r: f"第{r.book.version}版", "tight"),
        Column("from", "施行", lambda r: r.term, "tight minor", is_sortable=True),
        Column("subject", "对象", lambda r: "、".join(r.book.judged), "minor book-subjects"),
        Column("rules", "规则数", lambda r: r.rules, "num", is_sortable=True),
        Column("counts", "内容", lambda r: r.counts, "wide minor"),
        Column("source", "出处", _source, "minor", value=lambda r: r.book.source),
    ]


def _name(row: Row) -> SafeString:
    link = format_html(
        '<a href="{}">{}</a>', reverse("rulebook", args=[row.book.id]), row.book.title
    )
    return format_html("{}{}", link, format_html_join("", "{}", ((one,) for one in _marks(row))))


def _source(row: Row) -> SafeString:
    """As much of it as a line holds; all of it stands on the book's page and in the export."""
    told = row.book.source
    shown = told if len(told) <= _LONGEST_SOURCE else f"{told[:_LONGEST_SOURCE]}…"
    return format_html('<span title="{}">{}</span>', told, shown)


def _marks(row: Row) -> Iterable[SafeString]:
    if row.is_in_use:
        yield format_html(' <span class="badge-plain book-in-use">{}</span>', "在用")
    if row.draft is not None:
        yield format_html(
            ' <a class="badge-plain" href="{}">{}</a>',
            reverse("rulebook-draft", args=[row.draft.pk]),
            f"第{row.draft.number}版{DraftState(row.draft.state).label}",
        )
