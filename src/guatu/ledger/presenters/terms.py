"""The contexts of the vocabularies' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.ledger import queries
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Vocabulary
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

_Row = tuple[Term, int]


def terms_roster(
    seen: QuerySet[Project] | None, query: QueryDict, *, may_edit: bool
) -> Roster[_Row]:
    """The sectors with the number of projects that this user sees."""
    columns: list[Column[_Row]] = [
        Column("name", "行业领域", lambda r: r[0].name, "wide", is_sortable=True),
        Column("count", "项目（个）", _count, "num", is_sortable=True, value=lambda r: r[1]),
    ]
    if may_edit:
        columns.append(Column("acts", "办理", _acts, "tight no-print"))
    return Roster(
        "行业领域",
        columns,
        queries.sector_counts(seen),
        lambda r: r[0].name,
        [Choice("used", "用没用到", [("yes", "有项目"), ("no", "没有项目")], _is_used)],
        search_label="行业领域",
        empty="还没有行业领域",
        empty_next="随清单导入，或由项目办在这里加入",
        query=query,
    )


def words_roster(vocabulary: Vocabulary, query: QueryDict, *, may_edit: bool) -> Roster[Term]:
    """The words that reports are made with, in their order; nodes under their ladder."""
    columns: list[Column[Term]] = [
        Column("name", vocabulary.label, lambda term: term.name, "wide", is_sortable=True),
        Column("place", "顺序", lambda term: term.place, "num", is_sortable=True),
    ]
    choices = []
    rows = queries.words_of(vocabulary)
    if vocabulary == Vocabulary.NODE:
        columns.insert(0, Column("ladder", "节点阶梯", _ladder, is_sortable=True))
        ladders = dict.fromkeys(_ladder(one) for one in rows)
        choices = [Choice("ladder", "节点阶梯", [(one, one) for one in ladders], _ladder)]
    if may_edit:
        columns.append(Column("acts", "办理", _word_acts, "tight no-print"))
    return Roster(
        vocabulary.label,
        columns,
        rows,
        lambda term: term.name,
        choices,
        search_label=vocabulary.label,
        empty=f"还没有{vocabulary.label}",
        empty_next="第一次开始收报时写入常用的词，也可由项目办在这里加入",
        query=query,
    )


def _ladder(term: Term) -> str:
    return term.parent.name if term.parent else "通用"


def _word_acts(term: Term) -> SafeString:
    return format_html('<a href="{}">改名、移动、删除</a>', reverse("term", args=[term.pk]))


def _is_used(row: _Row) -> str:
    return "yes" if row[1] else "no"


def _count(row: _Row) -> object:
    term, count = row
    if not count:
        return "0"
    return format_html('<a href="{}?sector={}">{}</a>', reverse("library"), term.pk, count)


def _acts(row: _Row) -> SafeString:
    return format_html('<a href="{}">改名、并入、删除</a>', reverse("term", args=[row[0].pk]))


def term_page(
    term: Term, count: int, *, rename: forms.Form | None = None, merge: forms.Form | None = None
) -> dict[str, Any]:
    """One word with what can be done to it."""
    return {
        "term": term,
        "is_sector": term.vocabulary == Vocabulary.SECTOR,
        "label": Vocabulary(term.vocabulary).label,
        "count": count,
        "rename": rename,
        "merge": merge,
    }
