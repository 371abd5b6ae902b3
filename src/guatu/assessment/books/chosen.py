"""Which versions somebody picked to compare or to try: `book:2`, `book:draft`, `book:0`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.assessment.books import queries
from guatu.assessment.books.queries import Version
from guatu.assessment.models import RuleBookDraft
from guatu.core import clock
from guatu.core.errors import Fault
from guatu.engines.rulebook import RulebookError, parse_book

DRAFT = "draft"
_CHOICE = re.compile(r"(?P<book>[A-Za-z0-9][A-Za-z0-9_-]{0,63}):(?P<number>\d{1,6}|draft)")


def chosen_version(
    choice: str, drafts: Sequence[RuleBookDraft], faults: list[Fault]
) -> Version | None:
    """The version that a choice names; None, with a fault, where it names none that can be read.

    Number 0 is whichever is in force. `drafts` are the open ones that the user may see.
    """
    match = _CHOICE.fullmatch(choice)
    if match is None:
        faults.append(Fault("bad-choice", "没有选好版本", "请从列表里选"))
        return None
    if match["number"] != DRAFT:
        return queries.find_version(match["book"], int(match["number"]) or None, clock.today())
    draft = next((one for one in drafts if one.book == match["book"]), None)
    if draft is None:
        faults.append(Fault("no-draft", "没有这份草稿", "请选已发布的版本"))
        return None
    return draft_version(draft, faults)


def draft_version(draft: RuleBookDraft, faults: list[Fault]) -> Version | None:
    """A draft as the version it would become; None, with its faults, where it cannot be read."""
    try:
        book = parse_book(draft.toml, source="rulebook.toml")
    except RulebookError as error:
        faults.append(Fault("faulty-draft", f"{draft}的规则还有错", "请先改好"))
        faults += error.faults[:20]
        return None
    return Version(book, draft.toml, draft.text, draft.examples, is_draft=True)
