"""What a version of a book goes back to: the version before it, or the book it was drafted from."""

from __future__ import annotations

from guatu.assessment.books import queries
from guatu.assessment.books.queries import Version
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.types import DraftState
from guatu.core.errors import GuatuError
from guatu.engines.rulebook import installed_books
from guatu.engines.rulebook.books import book_text

_LONGEST = 100


def origin_name(base: Version) -> str:
    """`《…办法》第2版（随程序）`, cut where the title is very long."""
    ending = f"》第{base.number}版" + ("" if base.is_own else "（随程序）")
    return f"《{base.book.title[: _LONGEST - len(ending) - 1]}{ending}"


def before_draft(draft: RuleBookDraft) -> Version | None:
    """What a draft is to replace: the newest published version of its book; for a first version
    the book that came with the program and that it was drafted from. None where there is none
    that can be read; two queries at most."""
    try:
        rows = queries.own_versions(draft.book) if draft.number > 1 else []
        return queries.version_of(rows[-1]) if rows else _source(draft.origin)
    except GuatuError:
        return None


def source_of(book_id: str) -> Version | None:
    """The book that the first version published here was drafted from; in one query."""
    drafts = RuleBookDraft.objects.filter(book=book_id, number=1, state=DraftState.PUBLISHED)
    origin = drafts.order_by("-pk").values_list("origin", flat=True).first()
    try:
        return _source(origin or "")
    except GuatuError:
        return None


def _source(origin: str) -> Version | None:
    """The installed book that a draft names as its origin. Only a book whose text holds the title
    is read."""
    title = origin.removeprefix("《").rpartition("》第")[0]
    for book_id in installed_books() if title else ():
        if title in book_text(book_id):
            found = queries.shelf_version(book_id)
            if origin_name(found) == origin:
                return found
    return None
