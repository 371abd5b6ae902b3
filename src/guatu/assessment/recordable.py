"""Which measures of a book somebody must record: those that no workbook or table carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import Book
from guatu.engines.rulebook.evaluate import compile_whole
from guatu.engines.rulebook.turning import leaves_in
from guatu.engines.rulebook.types import Comparison, Kind, Limit, Measure, Member, Named
from guatu.ledger.types import SubjectKind


@dataclass(frozen=True, slots=True)
class Recordable:
    """A measure to be recorded of a kind of subject; `key` names both in an address.

    `compared` are the texts that the book's rules compare it with, where it declares no list of
    its own: another one may be meant, and then no rule speaks of it.
    """

    kind: SubjectKind
    measure: Measure
    compared: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`project:已入库`."""
        return f"{self.kind.value}:{self.measure.name}"


def recordables(book: Book) -> tuple[Recordable, ...]:
    """The measures that the book's rules read and nobody carries, projects first, in its order."""
    return _recordables(_ByDigest(book))


def recordable(book: Book, kind: str, name: str) -> Recordable:
    """The one that is meant. BadInput with the nearest names for an unknown one."""
    found = recordables(book)
    for one in found:
        if (one.kind.value, one.measure.name) == (kind, name):
            return one
    near = get_close_matches(name, [one.measure.name for one in found], n=2, cutoff=0.5)
    remedy = "是不是" + "或".join(f"“{one}”" for one in near) if near else "请从登记表里选"
    what = f"现行办法没有要登记的量“{name[:40]}”"
    raise BadInput(Fault("unknown-measure", what, remedy))


class _ByDigest:
    """A book as a key: equal where the digest is."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and other.book.digest == self.book.digest

    def __hash__(self) -> int:
        return hash(self.book.digest)


@lru_cache(maxsize=32)
def _recordables(kept: _ByDigest) -> tuple[Recordable, ...]:
    book = kept.book
    return tuple(
        Recordable(kind, measure, compared_with(book, measure))
        for kind in SubjectKind
        if kind.label in _subjects(book)
        for measure in _given(book, kind)
    )


def compared_with(book: Book, measure: Measure) -> tuple[str, ...]:
    """The texts that the rules compare a text with, equalities first; none where the measure
    has its own list."""
    if measure.kind is not Kind.TEXT or measure.values:
        return ()
    found: dict[str, None] = {}
    told = (*leaves_in(book, Comparison), *leaves_in(book, Member))
    for one in told:
        match one:
            case Comparison(left=Named(name=name), right=Limit(value=str(text))):
                texts: tuple[object, ...] = (text,)
            case Comparison(left=Limit(value=str(text)), right=Named(name=name)):
                texts = (text,)
            case Member(name=name, values=texts):
                pass
            case _:
                continue
        if name == measure.name:
            found |= {text: None for text in texts if isinstance(text, str)}
    return tuple(found)


def _subjects(book: Book) -> Sequence[str]:
    """The kinds of subject that any rule or measure of the book speaks of."""
    return (*book.judged, *(word for one in book.measures for word in one.subjects))


def _given(book: Book, kind: SubjectKind) -> list[Measure]:
    evaluator = compile_whole(book, subject=kind.label)
    measures = [evaluator.catalogue[name] for name in evaluator.plan.given]
    return [
        one
        for one in measures
        if not one.operator
        and not one.carried
        and one.kind is not Kind.PAPERS
        and kind.label in one.subjects
    ]
