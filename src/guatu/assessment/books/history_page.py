"""The versions of a book, who published them when and why, and what the journal tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guatu.assessment.books import queries
from guatu.assessment.books.queries import Version
from guatu.assessment.models import RuleBookDraft, RuleBookVersion
from guatu.core import clock
from guatu.journal.models import Change, Entry
from guatu.journal.words import act_label
from guatu.organisation import queries as organisation

_MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the journal about the book."""

    seq: int
    at: datetime
    act: str
    who: str


def beside(version: Version, *, with_draft: bool) -> dict[str, Any]:
    """What the page of a book shows of its versions: all of them, which is in force, the draft."""
    rows = queries.own_versions(version.id) if version.is_own else []
    now = queries.in_force(rows, clock.today())
    drafts = queries.open_drafts([version.id]) if with_draft else []
    return {
        "versions": list(reversed(rows)),
        "is_in_force": now is None or now.book_version == version.number,
        "in_force_number": now.book_version if now else version.number,
        "draft": drafts[0] if drafts else None,
        "is_in_use": organisation.settings_in_force()["rulebook"] == version.id,
    }


def page(book_id: str, *, may_edit: bool) -> dict[str, Any]:
    """The context of the history; NotFound where there is no such book."""
    shown = queries.find_version(book_id, None, clock.today())
    return {
        "version": shown,
        "book": shown.book,
        "rows": queries.recorded_versions(shown.id),
        "drafts": list(
            RuleBookDraft.objects.filter(book=shown.id)
            .defer("toml", "text", "examples")
            .order_by("-pk")
        )
        if may_edit
        else [],
        "entries": entries_about(shown.id, with_drafts=may_edit),
        "may_edit": may_edit,
    }


def entries_about(book_id: str, *, with_drafts: bool) -> list[Told]:
    """What was done with a book, newest first; three queries at most."""
    models: list[tuple[str, list[int]]] = [
        (
            RuleBookVersion._meta.db_table,
            list(RuleBookVersion.objects.filter(book__iexact=book_id).values_list("pk", flat=True)),
        )
    ]
    if with_drafts:
        drafts = RuleBookDraft.objects.filter(book__iexact=book_id)
        models.append((RuleBookDraft._meta.db_table, list(drafts.values_list("pk", flat=True))))
    seqs: set[int] = set()
    for table, ids in models:
        rows = Change.objects.filter(table=table, row_id__in=ids)
        seqs.update(rows.values_list("entry_id", flat=True))
    newest = sorted(seqs, reverse=True)[:_MOST_ENTRIES]
    return [
        Told(one.seq, one.at, act_label(one.act), one.actor_text)
        for one in Entry.objects.filter(seq__in=newest).order_by("-seq")
    ]
