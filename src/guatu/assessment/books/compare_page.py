"""Two versions of a book side by side, or a draft beside a version."""

from __future__ import annotations

import re
from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.differing import clause_changes, rule_changes
from guatu.assessment.books.queries import Version
from guatu.assessment.models import RuleBookDraft
from guatu.core import clock
from guatu.core.errors import Fault
from guatu.engines.rulebook import RulebookError, parse_book

_CHOICE = re.compile(r"(?P<book>[A-Za-z0-9][A-Za-z0-9_-]{0,63}):(?P<number>\d{1,6}|draft)")


def page(book_id: str, old: str, new: str, *, may_edit: bool) -> dict[str, Any]:
    """The context of the page. `old` and `new` are `book:number` or `book:draft`; what is not
    told is the version before the newest, and the newest (or the draft, for who may see it)."""
    shown = queries.find_version(book_id, None, clock.today())
    rows = queries.own_versions(shown.id)
    drafts = queries.open_drafts([shown.id]) if may_edit else []
    choices = [f"{shown.id}:draft"] if drafts else []
    choices += [f"{shown.id}:{one.book_version}" for one in reversed(rows)]
    if not rows:
        choices.append(f"{shown.id}:{shown.number}")
    new = new or choices[0]
    old = old or (choices[1] if len(choices) > 1 else choices[0])
    faults: list[Fault] = []
    sides = [_side(one, drafts, faults) for one in (old, new)]
    context: dict[str, Any] = {
        "version": shown,
        "book": shown.book,
        "old": old,
        "new": new,
        "choices": [(one, _label(one)) for one in choices],
        "others": [(f"{one}:0", one) for one in queries.installed_books()],
        "faults": faults,
    }
    before, after = sides
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
    return "草稿" if number == "draft" else f"第{number}版"


def _side(choice: str, drafts: list[RuleBookDraft], faults: list[Fault]) -> Version | None:
    """One side of the comparison; None with a fault where it cannot be read."""
    match = _CHOICE.fullmatch(choice)
    if match is None:
        faults.append(Fault("bad-choice", "没有选好要比较的版本", "请从列表里选"))
        return None
    if match["number"] != "draft":
        # 0 is whichever version is in force: for the books that came with the program.
        number = int(match["number"]) or None
        return queries.find_version(match["book"], number, clock.today())
    draft = next((one for one in drafts if one.book == match["book"]), None)
    if draft is None:
        faults.append(Fault("no-draft", "没有这份草稿", "请选已发布的版本"))
        return None
    try:
        book = parse_book(draft.toml, source="rulebook.toml")
    except RulebookError as error:
        faults += [Fault("faulty-draft", "草稿的规则还有错，不能比较", "请先改好"), *error.faults[:20]]
        return None
    return Version(book, draft.toml, draft.text, draft.examples)
