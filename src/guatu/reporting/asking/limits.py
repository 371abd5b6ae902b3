"""The limits questions are asked with: the book's own, or those the city has set. Pure (M-C2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from guatu.engines.chain import canonical
from guatu.engines.rulebook import (
    Book,
    RulebookError,
    find_book,
    limits_of,
    parts_of_limits,
    read_limit,
)
from guatu.engines.rulebook.books import BOOK, SHELF, read_text

BOOK_ID = "questions"


@lru_cache(maxsize=1)
def question_book() -> Book:
    """The book of questions that comes with the program."""
    return find_book(BOOK_ID)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits a city has set otherwise: by kind of subject the facts that say so, the text that
    says the same, and what of the setting the book of today does not know and so passes over."""

    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    text: str = ""
    passed_over: tuple[str, ...] = ()

    def of(self, kind: str) -> Mapping[str, object]:
        """The facts about subjects of a kind."""
        return self.facts.get(kind, {})

    @property
    def digest(self) -> str:
        """The digest of the book together with these limits."""
        return _digest(self.text)


BOOKS_OWN = Limits()
"""Nothing set otherwise."""


@lru_cache(maxsize=8)
def limits_told(text: str) -> Limits:
    """The limits that a setting states. What cannot be read any more does not hold: a setting was
    checked when it was made, so that is a limit the book has given up since."""
    known = limits_of(question_book())
    facts: dict[str, dict[str, object]] = {}
    stated, passed_over = [], []
    for name, typed in parts_of_limits(text):
        try:
            value = read_limit(known[name], typed)
        except (KeyError, RulebookError):
            passed_over.append(f"{name}={typed}")
            continue
        for subject in known[name].measure.subjects:
            facts.setdefault(subject, {})[name] = value
        stated.append(f"{name}={typed}")
    return Limits(facts, ",".join(stated), tuple(passed_over))


@lru_cache(maxsize=8)
def _digest(limits: str) -> str:
    told = {"book": read_text(SHELF / BOOK_ID / BOOK), "limits": limits}
    return hashlib.new("sm3", canonical(told).encode()).hexdigest()
