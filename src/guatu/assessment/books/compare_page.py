"""Two versions of a book side by side (修订对照表), or a draft beside a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.chosen import DRAFT, chosen_version
from guatu.assessment.books.differing import (
    clause_changes,
    example_changes,
    head_changes,
    rule_changes,
    with_remarks,
)
from guatu.assessment.books.origin import source_of
from guatu.assessment.books.queries import Version
from guatu.core import clock
from guatu.core.errors import Fault
from guatu.engines.rulebook import Book


def page(book_id: str, old: str, new: str, *, may_edit: bool) -> dict[str, Any]:
    """The context of the page. What is not told is the version before the newest, and the newest
    (or the draft, for who may see it); before the only version stands the book that it was
    drafted from."""
    drafts = queries.open_drafts([book_id]) if may_edit else []
    rows = queries.own_versions(book_id)
    shown = queries.find_version(book_id, None, clock.today())
    choices = [f"{shown.id}:{DRAFT}"] if drafts else []
    choices += [f"{shown.id}:{one.book_version}" for one in reversed(rows)] or [
        f"{shown.id}:{shown.number}"
    ]
    new = new or choices[0]
    old = old or _before(shown, choices)
    faults: list[Fault] = []
    before, after = (chosen_version(one, drafts, faults) for one in (old, new))
    context: dict[str, Any] = {
        "version": shown,
        "book": shown.book,
        "old": old,
        "new": new,
        "choices": [(one, _label(one)) for one in choices],
        "others": [
            (f"{one}:0", found.title)
            for one, found in queries.shelf_books(without=[shown.id])
            if isinstance(found, Book)
        ],
        "faults": faults,
    }
    if before is None or after is None:
        return context
    is_other_book = before.id != after.id
    clauses = clause_changes(before, after)
    told = {
        "rules": with_remarks(rule_changes(before, after), clauses, after),
        "clauses": clauses,
        "heads": head_changes(before, after),
        "examples": example_changes(before, after),
    }
    return {
        **context,
        **told,
        "is_other_book": is_other_book,
        "before_head": before.name if is_other_book else _head(before),
        "after_head": after.name if is_other_book else _head(after),
        "before": before,
        "after": after,
        "is_same": not any(told.values()),
    }


def _before(shown: Version, choices: Sequence[str]) -> str:
    """What stands at the left where nobody chose."""
    if len(choices) > 1 or not shown.is_own:
        return choices[min(1, len(choices) - 1)]
    source = source_of(shown.id)
    return f"{source.id}:0" if source else choices[0]


def _head(version: Version) -> str:
    """`第2版（草稿）`."""
    return f"第{version.number}版{'（草稿）' if version.is_draft else ''}"


def _label(choice: str) -> str:
    number = choice.rpartition(":")[2]
    return "草稿" if number == DRAFT else f"第{number}版"
