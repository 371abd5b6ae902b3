"""How two versions of a book differ: rules as sentences, clauses word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.safestring import SafeString

from guatu.assessment.books.marked import NEW, OLD, Piece, plain_side, rendered_side
from guatu.assessment.books.queries import Version
from guatu.assessment.books.reading_page import explained
from guatu.engines.rulebook import Book
from guatu.engines.rulebook.checking import read_text_of
from guatu.engines.rulebook.checking.text import clauses_named
from guatu.engines.rulebook.reciting import Sentence, recite

_WORD = re.compile(r"[0-9.]+|[A-Za-z]+|\s+|.", re.DOTALL)
_EXAMPLE = re.compile(r"^\[\[example\]\][^\n]*$", re.MULTILINE)
_NAME = re.compile(r'^name\s*=\s*"([^"\n]{1,200})"', re.MULTILINE)
_MOST_WORDS = 6_000
"""Longer texts are compared line by line: comparing words takes the square of their number."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is in one version only (the other sentence is None), or says another thing."""

    rule: str
    old: Sentence | None
    new: Sentence | None
    pieces: tuple[Piece, ...]
    remark: str = ""

    @property
    def place(self) -> str:
        """`第三条，进度.2`; the clause is not told where the rule's own name begins with it."""
        sentence = self.new or self.old
        clause = sentence.clause if sentence else ""
        is_told = not clause or self.rule.startswith(f"{clause}.")
        return self.rule if is_told else f"{clause}，{self.rule}"

    @property
    def how(self) -> str:
        """增加, 删去 or 修改; what the sentence does not say is told."""
        if self.old is None or self.new is None:
            return "增加" if self.old is None else "删去"
        if self.old.text != self.new.text:
            return "修改"
        return "改条款" if self.old.clause != self.new.clause else "改解释"

    @property
    def before(self) -> SafeString:
        """As it was."""
        return plain_side(self.pieces, OLD)

    @property
    def after(self) -> SafeString:
        """As it is now."""
        return plain_side(self.pieces, NEW)


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that differ: of a clause, of the head, of an example; None where a version has none.
    `is_markdown` is to be shown with its lists and tables."""

    name: str
    old: str | None
    new: str | None
    pieces: tuple[Piece, ...]
    remark: str = ""
    is_markdown: bool = False

    @property
    def place(self) -> str:
        """Its heading."""
        return self.name

    @property
    def how(self) -> str:
        """增加, 删去 or 修改."""
        if self.old is None or self.new is None:
            return "增加" if self.old is None else "删去"
        return "修改"

    @property
    def before(self) -> SafeString:
        """As it was."""
        return (rendered_side if self.is_markdown else plain_side)(self.pieces, OLD)

    @property
    def after(self) -> SafeString:
        """As it is now."""
        return (rendered_side if self.is_markdown else plain_side)(self.pieces, NEW)


def rule_changes(old: Version, new: Version) -> list[RuleChange]:
    """Rules added, removed and changed, in the order of the new version, then what is gone."""
    return sentence_changes(old.book, new.book)


def sentence_changes(old: Book, new: Book) -> list[RuleChange]:
    """The same, of the rules alone."""
    before, after = _by_rule(recite(old)), _by_rule(recite(new))
    found = []
    for rule, told in after.items():
        was = before.get(rule)
        if was is None:
            found.append(RuleChange(rule, None, told, (("new", told.text),)))
        elif _said(was) != _said(told):
            found.append(RuleChange(rule, was, told, _pieces(was, told)))
    found += [
        RuleChange(rule, was, None, (("gone", was.text),))
        for rule, was in before.items()
        if rule not in after
    ]
    return found


def with_remarks(
    rules: Iterable[RuleChange], clauses: Iterable[WordChange], new: Version
) -> list[RuleChange]:
    """The changed rules, with a remark where the clause they name kept its old words: whoever
    moves a limit and forgets the text publishes a book that contradicts itself."""
    headings = [one.name for one in read_text_of(new.text).clauses]
    changed = {one.name for one in clauses}
    found = []
    for one in rules:
        named = clauses_named(one.new.clause, headings) if one.new and one.old else ()
        kept = [name for name in named if name in headings and name not in changed]
        is_lagging = bool(kept) and len(kept) == len(list(named)) and one.how == "修改"
        found.append(replace(one, remark="条文没有改") if is_lagging else one)
    return found


def _pieces(was: Sentence, told: Sentence) -> tuple[Piece, ...]:
    """What the sentences say; the wordings of the interpretation too where it is another."""
    if was.interpretation == told.interpretation:
        return tuple(words_differing(was.text, told.text))
    before, after = explained(was.interpretation), explained(told.interpretation)
    both = words_differing(was.text, told.text), words_differing(before, after)
    return (*both[0], ("same", "\n"), *both[1])


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


def clause_changes(old: Version, new: Version) -> list[WordChange]:
    """Clauses whose words differ; title, introduction and open questions too."""
    return _changes(_clauses(old.text), _clauses(new.text), is_markdown=True)


def head_changes(old: Version, new: Version) -> list[WordChange]:
    """What differs in the head: title, term, source."""
    return _changes(_head(old.book), _head(new.book))


def example_changes(old: Version, new: Version) -> list[WordChange]:
    """The worked examples that come, go, or are given otherwise, by name, as they are written."""
    return _changes(_examples(old.examples), _examples(new.examples))


def _changes(
    before: Mapping[str, str], after: Mapping[str, str], *, is_markdown: bool = False
) -> list[WordChange]:
    found = []
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was != now:
            pieces = tuple(words_differing(was or "", now or ""))
            found.append(WordChange(name, was, now, pieces, is_markdown=is_markdown))
    return found


def _head(book: Book) -> dict[str, str]:
    until = {"有效期至": book.valid_until.isoformat()} if book.valid_until else {}
    return {
        "名称": book.title, "施行日期": book.valid_from.isoformat(), **until, "出处": book.source
    }  # fmt: skip


def _examples(toml: str) -> dict[str, str]:
    """Each example's own lines by its name; one without a name, or whose name is taken, by its
    number."""
    found: dict[str, str] = {}
    for number, part in enumerate(_EXAMPLE.split(toml)[1:], 1):
        lines = [line for line in part.strip().splitlines() if not line.startswith("#")]
        match = _NAME.search(part)
        name = match[1] if match and match[1] not in found else f"第{number}个"
        found[name] = "\n".join(lines).strip()
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
