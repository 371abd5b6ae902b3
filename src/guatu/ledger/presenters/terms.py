"""The contexts of the vocabularies' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.ledger import queries
from guatu.ledger.models import Project, Term
from guatu.ui.tables import Column, Grid

_Row = tuple[Term, int]


def terms_page(
    seen: QuerySet[Project] | None, form: forms.Form, *, may_edit: bool
) -> dict[str, Any]:
    """The sectors with the number of projects that this user sees."""
    rows = queries.sector_counts(seen)
    columns: list[Column[_Row]] = [
        Column("name", "行业领域", lambda r: r[0].name, "wide"),
        Column("count", "项目（个）", _count, "num", value=lambda r: r[1]),
    ]
    if may_edit:
        columns.append(Column("acts", "办理", _acts, "tight no-print"))
    return {"grid": Grid(columns, rows) if rows else None, "form": form}


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
    return {"term": term, "count": count, "rename": rename, "merge": merge}
