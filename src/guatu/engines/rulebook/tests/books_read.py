"""Small books for tests: a head, tables, and what a run says of facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from guatu.engines.rulebook import Book, RulebookError, parse_book
from guatu.engines.rulebook.answer import run_json
from guatu.engines.rulebook.fact_file import read_population
from guatu.engines.rulebook.run import run_book

HEAD = (
    'book = {id = "b", version = 1, from = 2025-01-01, subject = "项目",'
    ' compare = "unrounded", title = "试", source = "试"}\n'
)
AS_OF = date(2025, 9, 30)


def given(name: str, kind: str, *more: str, subject: str = "项目") -> str:
    """A measure that somebody gives."""
    lines = [f'name = "{name}"', f'kind = "{kind}"', f'subject = "{subject}"']
    lines += ['meaning = "试"', 'data = "试"', *more]
    return "[[measure]]\n" + "\n".join(lines) + "\n"


def derived(name: str, kind: str, how: str, *more: str, subject: str = "项目") -> str:
    """A measure that follows from others."""
    lines = [f'name = "{name}"', f'kind = "{kind}"', f'subject = "{subject}"', *more]
    return "[[measure]]\n" + "\n".join(lines) + f"\nfrom = {{{how}}}\n"


def book_of(*tables: str) -> Book:
    """A book of these tables; the test fails with the faults when it has any."""
    try:
        return parse_book(HEAD + "\n".join(tables), source="b")
    except RulebookError as error:
        pytest.fail("\n".join(str(fault) for fault in error.faults))


def faults_of(*tables: str) -> str:
    """The faults of a book that has some."""
    with pytest.raises(RulebookError) as caught:
        parse_book(HEAD + "\n".join(tables), source="b")
    return "\n".join(str(fault) for fault in caught.value.faults)


def answers(
    book: Book, *subjects: Mapping[str, object], as_of: date = AS_OF
) -> list[dict[str, Any]]:
    """What `guatu rulebook run` prints for subjects, one row each."""
    raw = {"as_of": as_of.isoformat(), "subjects": list(subjects)}
    population = read_population(raw, book, source="facts")
    run = run_book(book, population.subjects, as_of=population.as_of)
    rows: list[dict[str, Any]] = run_json(run, population)["results"]
    return rows


def answer(book: Book, as_of: date = AS_OF, /, **facts: object) -> dict[str, Any]:
    """The same for one subject."""
    return answers(book, {"id": "甲", **facts}, as_of=as_of)[0]
