"""How two versions of a book differ: rules as sentences, clauses word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from guatu.assessment.books.queries import Version
from guatu.engines.rulebook.checking import read_text_of
from guatu.engines.rulebook.reciting import Sentence, recite

_WORD = re.compile(r"[0-9.]+|[A-Za-z]+|\s+|.", re.DOTALL)
_MOST_WORDS = 6_000
"""Longer texts are compared line by line: comparing words takes the square of their number."""

type Piece = tuple[str, str]
"""`same`, `gone` or `new`, and the words."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is in one version only (the other sentence is None), or says another thing."""

    rule: str
    old: Sentence | None
    new: Sentence | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause whose words differ."""

    name: str
    how: str
    pieces: tuple[Piece, ...]


def rule_changes(old: Version, new: Version) -> list[RuleChange]:
    """Rules added, removed and changed, in the order of the new version, then what is gone."""
    before, after = _by_rule(recite(old.book)), _by_rule(recite(new.book))
    found = []
    for rule, told in after.items():
        was = before.get(rule)
        if was is None:
            found.append(RuleChange(rule, None, told, (("new", told.text),)))
        elif _said(was) != _said(told):
            found.append(RuleChange(rule, was, told, tuple(words_differing(was.text, told.text))))
    found += [
        RuleChange(rule, was, None, (("gone", was.text),))
        for rule, was in before.items()
        if rule not in after
    ]
    return found


def _said(sentence: Sentence) -> tuple[object, ...]:
    return sentence.text, sentence.clause, sentence.interpretation


def _by_rule(sentences: Iterable[Sentence]) -> dict[str, Sentence]:
    """By id; a second sentence of one id is numbered."""
    found: dict[str, Sentence] = {}
    for one in sentences:
        key, number = one.rule, 2
        while key in found:
            key, number = f"{one.rule}（{number}）", number + 1
        found[key] = one
    return found


def clause_changes(old: Version, new: Version) -> list[ClauseChange]:
    """Clauses whose words differ; title, introduction and open questions too."""
    before, after = _clauses(old.text), _clauses(new.text)
    found = []
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        how = "增加" if was is None else "删去" if now is None else "修改"
        found.append(ClauseChange(name, how, tuple(words_differing(was or "", now or ""))))
    return found


def _clauses(markdown: str) -> dict[str, str]:
    text = read_text_of(markdown)
    found = {"名称": text.title, "引言": text.introduction}
    found |= {clause.name: clause.body for clause in text.clauses}
    return found | {"原文没有写的": text.left_open}


def words_differing(old: str, new: str) -> list[Piece]:
    """The words of both texts in order; neighbours of one kind are joined."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
        if len(before) + len(after) > _MOST_WORDS:
            return [("gone", old), ("new", new)]
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for how, a, b, c, d in matcher.get_opcodes():
        if how == "equal":
            _add(pieces, "same", before[a:b])
            continue
        _add(pieces, "gone", before[a:b])
        _add(pieces, "new", after[c:d])
    return pieces


def _add(pieces: list[Piece], kind: str, words: Sequence[str]) -> None:
    if words:
        pieces.append((kind, "".join(words)))
