"""Which rule books there are: published here, and those that came with the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef

from guatu.assessment.books.texts import head_of
from guatu.assessment.models import RuleBookDraft, RuleBookVersion, Run, Snapshot
from guatu.assessment.queries import kept_book, kept_books
from guatu.assessment.types import DraftState
from guatu.core import clock
from guatu.core.errors import Fault, GuatuError, NotFound
from guatu.core.ids import is_id
from guatu.engines.rulebook import Book, find_book, installed_books, load_book
from guatu.engines.rulebook.books import EXAMPLES, SHELF, TEXT, book_text, read_text
from guatu.ledger.models import ProjectList
from guatu.organisation import queries as organisation
from guatu.reporting.types import RoundState

OPEN_STATES = (DraftState.DRAFT, DraftState.SUBMITTED)
_WITHOUT_TEXTS = ("toml", "text", "examples")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a book with its three texts. `row` is None where it came with the program."""

    book: Book
    toml: str
    text: str
    examples: str
    row: RuleBookVersion | None = None
    is_draft: bool = False

    @property
    def id(self) -> str:
        """The book's id."""
        return self.book.id

    @property
    def number(self) -> int:
        """The version's number."""
        return self.book.version

    @property
    def name(self) -> str:
        """`《…办法》第2版`; a draft says so."""
        draft = "（草稿）" if self.is_draft else ""
        return f"《{self.book.title}》第{self.book.version}版{draft}"

    @property
    def is_own(self) -> bool:
        """Whether it was published here."""
        return self.row is not None


def own_versions(book_id: str | None = None) -> list[RuleBookVersion]:
    """The versions published here, without their texts, oldest first; in one query."""
    rows = RuleBookVersion.objects.filter(is_own=True)
    if book_id is not None:
        rows = rows.filter(book__iexact=book_id)
    return list(rows.defer(*_WITHOUT_TEXTS).order_by("book", "book_version"))


def own_ids() -> tuple[str, ...]:
    """The ids of the books published here; in one query."""
    rows = RuleBookVersion.objects.filter(is_own=True).order_by("book")
    return tuple(rows.values_list("book", flat=True).distinct())


def in_force(rows: Sequence[RuleBookVersion], on: date) -> RuleBookVersion | None:
    """Of one book's versions the newest that is in force on a day.

    None is: the newest that has begun (an ended book), else the first (one that begins later);
    whoever judges by it is told that the day lies outside its term.
    """
    begun = [one for one in rows if one.valid_from is not None and one.valid_from <= on]
    held = [one for one in begun if one.valid_until is None or on <= one.valid_until]
    found = held or begun or rows[:1]
    return found[-1] if found else None


def versions_like(word: str) -> list[RuleBookVersion]:
    """Every recorded version of the books whose ids begin so, without texts, with `is_used`:
    whether a run stands on it; in one query."""
    rows = RuleBookVersion.objects.filter(book__istartswith=word).defer(*_WITHOUT_TEXTS)
    used = Run.objects.filter(rulebook_version=OuterRef("pk"))
    return list(rows.annotate(is_used=Exists(used)).order_by("book", "book_version", "pk"))


def book_among(rows: Iterable[RuleBookVersion], word: str, on: date) -> Book:
    """The book with this id as it holds on a day: one published here, of these rows, before one
    that came with the program. Raises RulebookError where there is none."""
    own = [one for one in rows if one.is_own and one.book.casefold() == word.casefold()]
    row = in_force(own, on)
    return kept_book(row.digest) if row is not None else find_book(word)


def book_in_force(word: str, on: date) -> Book:
    """The same, asked for by itself; in one query."""
    return book_among(own_versions(word), word, on)


def book_now() -> Book:
    """The book of the city's setting as it holds today; in two queries."""
    return book_in_force(organisation.settings_in_force()["rulebook"], clock.today())


@lru_cache(maxsize=256)
def shelf_version(book_id: str) -> Version:
    """An installed book with its texts, read once per process. Raises RulebookError."""
    folder = SHELF / book_id
    return Version(
        load_book(folder),
        book_text(book_id),
        read_text(folder / TEXT),
        read_text(folder / EXAMPLES),
    )


def shelf_books(*, without: Iterable[str] = ()) -> list[tuple[str, Book | Fault]]:
    """The installed books but these, by id; of one that cannot be read, why."""
    taken = {one.casefold() for one in without}
    ids = (one for one in installed_books() if one.casefold() not in taken)
    return [(one, _read_or_fault(lambda name: shelf_version(name).book, one)) for one in ids]


def readable_books(rows: Iterable[RuleBookVersion]) -> dict[str, Book | Fault]:
    """The books of versions by digest, in one query; of one whose stored text cannot be read,
    why: it does not take the others with it."""
    digests = {row.digest for row in rows}
    try:
        return {**kept_books(digests)}
    except GuatuError:
        return {one: _read_or_fault(kept_book, one) for one in digests}


def _read_or_fault(read: Callable[[str], Book], name: str) -> Book | Fault:
    try:
        return read(name)
    except GuatuError as error:
        return error.faults[0]


def version_of(row: RuleBookVersion) -> Version:
    """A version published here, with its texts."""
    return Version(kept_book(row.digest), row.toml, row.text, row.examples, row)


def versions_of(book_id: str) -> list[RuleBookVersion] | Version:
    """The versions published here of a book, or the one that came with the program.

    NotFound where there is no such book.
    """
    rows = own_versions(book_id)
    if rows:
        return rows
    if book_id not in installed_books():
        raise NotFound(Fault("unknown-book", f"没有办法“{book_id}”", "请从办法列表里选"))
    return shelf_version(book_id)


def find_version(book_id: str, number: int | None, on: date) -> Version:
    """A version by its number, or the one in force on a day. NotFound where there is none."""
    found = versions_of(book_id)
    if isinstance(found, Version):
        if number is not None and number != found.number:
            _no_number(book_id, number)
        return found
    if number is None:
        row = in_force(found, on)
    else:
        row = next((one for one in found if one.book_version == number), None)
    return version_of(row) if row is not None else _no_number(book_id, number or 0)


def _no_number(book_id: str, number: int) -> Version:
    raise NotFound(Fault("unknown-version", f"办法“{book_id}”没有第{number}版", "请从历史里选"))


def recorded_versions(book_id: str) -> list[RuleBookVersion]:
    """Every version of a book that stands here, recorded by runs or published; newest first."""
    rows = RuleBookVersion.objects.filter(book__iexact=book_id).defer(*_WITHOUT_TEXTS)
    return list(rows.order_by("-book_version", "-pk"))


def open_drafts(books: Iterable[str] | None = None) -> list[RuleBookDraft]:
    """Drafts that are being written or wait to be published, with their rules only; in one
    query."""
    rows = RuleBookDraft.objects.filter(state__in=OPEN_STATES).defer("text", "examples")
    if books is not None:
        rows = rows.filter(book__in=list(books))
    return list(rows.order_by("book"))


def draft_title(draft: RuleBookDraft) -> str:
    """What a draft's text calls the book; its id where that cannot be read."""
    return head_of(draft.toml).get("title") or draft.book


def get_draft(draft_id: int) -> RuleBookDraft:
    """One draft, or NotFound."""
    found = RuleBookDraft.objects.filter(pk=draft_id).first() if is_id(draft_id) else None
    if found is None:
        raise NotFound(Fault("unknown-draft", "没有这份草稿", "请回到办法列表"))
    return found


def last_snapshot() -> Snapshot | None:
    """The newest revision of the last closed round of all lists; in one query."""
    return (
        Snapshot.objects.filter(round__state=RoundState.CLOSED)
        .select_related("blob", "round__period", "round__list")
        .order_by("-round__period__last_on", "-round_id", "-revision")
        .first()
    )


def newest_snapshots(list_id: int, most: int) -> list[Snapshot]:
    """The newest revision of each locked round of a list, the newest round first; in one query."""
    rows = (
        Snapshot.objects.filter(round__list_id=list_id, round__state=RoundState.CLOSED)
        .select_related("blob", "round__period", "round__list")
        .order_by("-round__period__last_on", "-round_id", "-revision")
    )
    found: dict[int, Snapshot] = {}
    for one in rows:
        found.setdefault(one.round_id, one)
    return list(found.values())[:most]


def lists_with_locked_rounds() -> list[ProjectList]:
    """The lists whose past a book can be tried on, the newest first; in one query."""
    rows = ProjectList.objects.filter(rounds__state=RoundState.CLOSED).distinct()
    return list(rows.order_by("-year", "pk"))


def newest_run_id(list_id: int) -> int:
    """The id of the run of a list that was kept last, 0 where there is none; in one query."""
    rows = Run.objects.filter(snapshot__round__list_id=list_id).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0
