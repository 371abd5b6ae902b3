"""Measures that a draft wants somebody to record and that the platform holds already (M-C5)."""

from __future__ import annotations

import tomllib
from functools import cache

from guatu.core.errors import Fault
from guatu.engines.rulebook import Book, installed_books
from guatu.engines.rulebook.books import BOOK, SHELF
from guatu.reporting.burden.holders import held_faults


@cache
def _on_the_shelf() -> frozenset[str]:
    """Names of measures of the books that come with the program: papers that cities issued have
    settled what they mean there."""
    found: set[str] = set()
    for one in installed_books():
        told = tomllib.loads((SHELF / one / BOOK).read_text(encoding="utf-8"))
        found.update(measure["name"] for measure in told.get("measure", ()))
    return frozenset(found)


def asked_again(book: Book) -> list[Fault]:
    """A fault for each measure that the book would have somebody record although it is held.

    What follows from other measures is not asked of anybody, nor is what a body judges.
    """
    recorded = [
        one.name for one in book.measures if not (one.operator or one.judged_by or one.carried)
    ]
    return held_faults(name for name in recorded if name not in _on_the_shelf())
