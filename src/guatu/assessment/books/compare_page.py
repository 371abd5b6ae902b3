"""Two versions of a book side by side, or a draft beside a version."""

from __future__ import annotations

from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.chosen import DRAFT, chosen_version
from guatu.assessment.books.differing import clause_changes, rule_changes
from guatu.core import clock
from guatu.core.errors import Fault
from guatu.engines.rulebook import installed_books


def page(book_id: str, old: str, new: str, *, may_edit: bool) -> dict[str, Any]:
    """The context of the page. What is not told is the version before the newest, and the newest
    (or the draft, for who may see it)."""
    drafts = queries.open_drafts([book_id]) if may_edit else []
    rows = queries.own_versions(book_id)
    shown = queries.find_version(book_id, None, clock.today())
    choices = [f"{shown.id}:{DRAFT}"] if drafts else []
    choices += [f"{shown.id}:{one.book_version}" for one in reversed(rows)] or [
        f"{shown.id}:{shown.number}"
    ]
    new = new or choices[0]
    old = old or choices[min(1, len(choices) - 1)]
    faults: list[Fault] = []
    before, after = (chosen_version(one, drafts, faults) for one in (old, new))
    context: dict[str, Any] = {
        "version": shown,
        "book": shown.book,
        "old": old,
        "new": new,
        "choices": [(one, _label(one)) for one in choices],
        "others": [(f"{one}:0", one) for one in installed_books() if one != shown.id],
        "faults": faults,
    }
    if before is None or after is None:
        return context
    return {
        **context,
        "before": before,
        "after": after,
        "rules": rule_changes(before, after),
        "clauses": clause_changes(before, after),
        "is_same": before.book.digest == after.book.digest and before.text == after.text,
    }


def _label(choice: str) -> str:
    number = choice.rpartition(":")[2]
    return "草稿" if number == DRAFT else f"第{number}版"
