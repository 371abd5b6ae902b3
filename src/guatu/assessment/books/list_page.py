"""The list of rule books and its export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.assessment.books import queries
from guatu.assessment.models import RuleBookDraft, RuleBookVersion
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.core.errors import Fault
from guatu.engines.rulebook import Book
from guatu.engines.rulebook.counting import counts_of
from guatu.organisation import queries as organisation
from guatu.ui.tables import Column, Grid, Listing, Page, listing, without

KINDS = {"lights": "有亮灯", "points": "有计分", "lists": "有名单", "procedures": "有程序"}
ORIGINS = {"own": "本单位", "installed": "随程序"}
_LONGEST_SEARCH, _LONGEST_SOURCE = 100, 22
_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s]+)\S*", re.ASCII)
_ADDRESSES = re.compile(r"https?://\S+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One book as the list shows it: the version in force, its draft where one is open. Of a
    book that cannot be read there is its id, its number where that is known, and the `fault`."""

    id: str
    book: Book | None
    is_own: bool
    is_in_use: bool
    draft: RuleBookDraft | None
    number: int = 0
    fault: Fault | None = None

    @property
    def title(self) -> str:
        """What it is called; its id where that cannot be read."""
        return self.book.title if self.book else self.id

    @property
    def source(self) -> str:
        """Where it comes from."""
        return self.book.source if self.book else ""

    @property
    def since(self) -> str:
        """From when on it holds, to be sorted by."""
        return self.book.valid_from.isoformat() if self.book else ""

    @property
    def subjects(self) -> str:
        """What it judges."""
        return "、".join(self.book.judged) if self.book else ""

    @property
    def origin(self) -> str:
        """本单位 or 随程序."""
        return ORIGINS["own" if self.is_own else "installed"]

    @property
    def counts(self) -> str:
        """`亮灯4个维度，得分项2个`; why the book cannot be read."""
        if self.book is None:
            return f"读不出来：{self.fault.what if self.fault else ''}"
        return "，".join(word.format(number) for word, number in counts_of(self.book).items())

    @property
    def rules(self) -> int:
        """How many rules it holds."""
        return sum(counts_of(self.book).values()) if self.book else 0

    @property
    def kinds(self) -> frozenset[str]:
        """Which of the kinds of the filter it has."""
        if (book := self.book) is None:
            return frozenset()
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
        if (book := self.book) is None:
            return ""
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
        return not word or any(word in one.casefold() for one in (row.id, row.title, row.source))


def rows(open_drafts: Iterable[RuleBookDraft] = ()) -> list[Row]:
    """All books with their drafts, those of this house first; a constant number of queries."""
    on, in_use = clock.today(), organisation.settings_in_force()["rulebook"]
    own: dict[str, list[RuleBookVersion]] = {}
    for version in queries.own_versions():
        own.setdefault(version.book, []).append(version)
    drafts = {one.book: one for one in open_drafts}
    in_force = [row for versions in own.values() if (row := queries.in_force(versions, on))]
    kept = queries.readable_books(in_force)
    read = [(row.book, kept[row.digest], row.book_version) for row in in_force]
    read += [(book_id, found, 0) for book_id, found in queries.shelf_books(without=own)]
    return [_row(*one, in_use, drafts, is_own=one[0] in own) for one in read]


def _row(
    book_id: str,
    found: Book | Fault,
    number: int,
    in_use: str,
    drafts: Mapping[str, RuleBookDraft],
    *,
    is_own: bool,
) -> Row:
    held = (is_own, book_id == in_use, drafts.get(book_id))
    if isinstance(found, Fault):
        return Row(book_id, None, *held, number, found)
    return Row(book_id, found, *held, found.version)


def page(query: QueryDict, *, may_edit: bool) -> dict[str, Any]:
    """The context of the page."""
    asked = Filters.of(query)
    drafts = queries.open_drafts() if may_edit else []
    all_rows = rows(drafts)
    told = listing(query, _columns(), default_sort="")
    found = _ordered([one for one in all_rows if asked.lets(one)], told)
    place = Page.of(query, len(found), size=100)
    named = {one.id for one in all_rows}
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
        "new_drafts": [(one, queries.draft_title(one)) for one in drafts if one.book not in named],
        "in_use": next((one for one in all_rows if one.is_in_use), None),
        "may_edit": may_edit,
        "export": f"{reverse('rulebooks-export')}?{without(query, 'page')}",
    }


def exported(query: QueryDict) -> tuple[str, list[str], list[Column[Row]], list[Row]]:
    """Title, notes, columns and rows under the same filters and order."""
    asked = Filters.of(query)
    found = [one for one in rows() if asked.lets(one)]
    notes = [f"按筛选条件导出，共{len(found)}部"] if asked.is_any else []
    told = listing(query, _columns(), default_sort="")
    return "办法", notes, _columns(), _ordered(found, told)


def _ordered(found: list[Row], told: Listing) -> list[Row]:
    keys = {
        "title": lambda r: r.title,
        "id": lambda r: r.id,
        "origin": lambda r: r.origin,
        "from": lambda r: r.since,
        "rules": lambda r: r.rules,
    }
    if told.sort not in keys:
        return sorted(found, key=lambda r: (not r.is_in_use, not r.is_own, r.id))
    return sorted(found, key=keys[told.sort], reverse=told.is_descending)


def _columns() -> list[Column[Row]]:
    return [
        Column("title", "办法", _name, "wide", is_sortable=True, value=lambda r: r.title),
        Column("id", "编号", lambda r: r.id, "tight minor", is_sortable=True),
        Column("origin", "来处", lambda r: r.origin, "tight", is_sortable=True),
        Column("version", "版本", lambda r: f"第{r.number}版" if r.number else "", "tight"),
        Column("from", "施行", lambda r: r.term, "tight minor", is_sortable=True),
        Column("subject", "对象", lambda r: r.subjects, "minor book-subjects"),
        Column("rules", "规则数", lambda r: r.rules, "num", is_sortable=True),
        Column("counts", "内容", _counts, "wide minor", value=lambda r: r.counts),
        Column("source", "出处", _source, "minor", value=lambda r: r.source),
    ]


def _name(row: Row) -> SafeString:
    if row.book is None:
        return format_html("{}", row.title)
    link = format_html('<a href="{}">{}</a>', reverse("rulebook", args=[row.id]), row.title)
    return format_html("{}{}", link, format_html_join("", "{}", ((one,) for one in _marks(row))))


def _counts(row: Row) -> SafeString:
    """Each count stays on one line."""
    if row.book is None:
        remedy = row.fault.remedy if row.fault else ""
        return format_html('<span class="error" title="{}">{}</span>', remedy, row.counts)
    return format_html_join(
        "，", '<span class="book-whole">{}</span>', ((one,) for one in row.counts.split("，"))
    )


def _source(row: Row) -> SafeString:
    """As much of it as a line holds, of an address the house it stands at; all of it stands on
    the book's page and in the export."""
    told = row.source
    host = _ADDRESS.fullmatch(told)
    shown = host[1] if host else _ADDRESSES.sub("", told).strip("，, ；") or told
    if len(shown) > _LONGEST_SOURCE:
        shown = f"{shown[:_LONGEST_SOURCE]}…"
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
