"""`text.md`: the clauses in our own words, under a heading each; every rule names its clause."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from guatu.engines.rulebook.types import Book

OPEN_HEADING = "原文没有写"
ANNEX = "附"
"""Headings that begin so (附例、附表、附件) are no clauses: no rule has to name them."""
_HEADING = re.compile(r"^##\s+(.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the text: its heading, and what stands under it (Markdown)."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class BookText:
    """The text of a book: title and introduction, the clauses in order, the open questions."""

    title: str
    introduction: str
    clauses: tuple[Clause, ...]
    left_open: str
    annexes: tuple[Clause, ...] = ()


def read_text_of(markdown: str) -> BookText:
    """Cut `text.md` at its second-level headings."""
    title, introduction, left_open = "", [], ""
    clauses: list[Clause] = []
    annexes: list[Clause] = []
    name: str | None = None
    lines: list[str] = []

    def close() -> None:
        nonlocal left_open
        body = "\n".join(lines).strip()
        if name is None:
            introduction.append(body)
        elif name.startswith(OPEN_HEADING):
            left_open = body
        elif name.startswith(ANNEX):
            annexes.append(Clause(name, body))
        else:
            clauses.append(Clause(name, body))
        lines.clear()

    for line in markdown.splitlines():
        match = _HEADING.match(line)
        if match:
            close()
            name = match[1]
        elif line.startswith("# ") and not title:
            title = line[2:].strip()
        else:
            lines.append(line)
    close()
    return BookText(
        title, "\n".join(introduction).strip(), tuple(clauses), left_open, tuple(annexes)
    )


def clauses_named(clause: str, known: Collection[str]) -> tuple[str, ...]:
    """The clauses a rule names: one of the text's, or several with 、 between them."""
    if clause in known:
        return (clause,)
    parts = (part.strip() for part in clause.split("、"))
    return tuple(_heading_of(part, known) for part in parts if part)


def _heading_of(clause: str, known: Collection[str]) -> str:
    """The heading a clause's number stands for: 三 → 三、进度; 第四条 → 第四条 进度."""
    for heading in known:
        rest = heading.removeprefix(clause)
        if rest != heading and rest[:1] in ("", "、", " ", "（", "　", "."):
            return heading
    return clause


def clauses_of_rules(book: Book, text: BookText) -> dict[str, tuple[str, ...]]:
    """Each clause that rules of the book name, with the ids of these rules."""
    known = {clause.name for clause in text.clauses}
    found: dict[str, list[str]] = {}
    for rule_id, clause in _rules(book):
        for name in clauses_named(clause, known):
            found.setdefault(name, []).append(rule_id)
    return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}


def _rules(book: Book) -> Iterable[tuple[str, str]]:
    for light in book.lights:
        yield light.id, light.clause
        yield from ((case.id, case.clause) for case in light.cases)
    for grade in book.grades:
        yield grade.id, grade.clause
        yield from ((case.id, case.clause) for case in grade.cases)
    for name in ("gates", "parts", "scores", "lists", "acts", "exemptions", "money", "partitions"):
        yield from ((rule.id, rule.clause) for rule in getattr(book, name))
    yield from _procedures(book)
    for score in book.scores:
        yield from ((veto.id, veto.clause) for veto in score.vetoes)
    for number, one in enumerate(book.assumptions, 1):
        yield f"assume.{number}", one.clause
    for number, noted in enumerate(book.noted, 1):
        yield f"note.{number}", noted.clause
    for number, question in enumerate(book.opens, 1):
        yield f"open.{number}", question.clause


def _procedures(book: Book) -> Iterable[tuple[str, str]]:
    for table in fields(book.procedures) if book.procedures else ():
        for rule in getattr(book.procedures, table.name):
            yield rule.head.name, rule.head.clause
            yield from ((rule.head.name, clause) for clause in _step_clauses(rule))


def _step_clauses(rule: object) -> Iterable[str]:
    """The clauses that steps of a ladder name for themselves."""
    for step in getattr(rule, "steps", ()):
        clause = getattr(step, "clause", "")
        if clause:
            yield clause


def strange_clauses(book: Book, text: BookText) -> Iterable[str]:
    """Rules whose clause the text does not have."""
    known = {clause.name for clause in (*text.clauses, *text.annexes)}
    for name, rules in clauses_of_rules(book, text).items():
        if name and name not in known:
            told = "、".join(f"“{rule}”" for rule in rules[:3])
            yield f"规则{told}的条款“{name}”在text.md里没有"


def faults_of_text(book: Book, text: BookText) -> Iterable[str]:
    """Rules whose clause the text does not have, and clauses that no rule names."""
    yield from strange_clauses(book, text)
    named = clauses_of_rules(book, text)
    for clause in text.clauses:
        if clause.name not in named:
            yield f"text.md的条款“{clause.name}”没有一条规则"
