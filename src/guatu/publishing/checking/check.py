"""Which figures of an edited circular no longer agree with the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from guatu.engines.gongwen.reading import ReadDocument, ReadTable, read_docx
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import Document, Table
from guatu.publishing.checking.figures import (
    MASK,
    Figure,
    Sentence,
    figures_in,
    plain,
    sentences,
)

ALIKE = 0.6
"""Share of common text from which two sentences are taken for the same one."""
MOST_COMPARED = 400
"""Sentences that are compared by likeness: a hostile file must not cost an hour."""
_CONTEXTS = (12, 8, 5)


class Verdict(StrEnum):
    """What became of one figure."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of the edited paper: where, in what text, what it says and what is right."""

    place: str
    text: str
    found: str
    right: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: all findings in the order of the paper, and what could not be compared."""

    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings of one verdict."""
        return tuple(one for one in self.findings if one.verdict is verdict)

    @property
    def agreeing(self) -> tuple[Finding, ...]:
        """Figures that agree with the run."""
        return self.of(Verdict.AGREES)

    @property
    def differing(self) -> tuple[Finding, ...]:
        """Figures that do not, each with the right one."""
        return self.of(Verdict.DIFFERS)

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """Figures that the run does not tell: a person has to answer for them."""
        return self.of(Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the run says: paragraphs as they would be printed now, and the tables of annexes."""

    paragraphs: Sequence[str]
    tables: Sequence[Table] = ()

    @classmethod
    def of(cls, *documents: Document) -> Expected:
        """What some documents print, their titles, annexes and notes included."""
        paragraphs = [text for one in documents for text in read_docx(render(one)).paragraphs]
        tables = [annex.table for annex in documents[0].annexes]
        return cls(list(dict.fromkeys(paragraphs)), tables)


def check(edited: ReadDocument, expected: Expected) -> Checked:
    """Compare every figure of the edited paper with the run (office.md 6)."""
    texts = _Texts(expected.paragraphs)
    findings = list(texts.findings(edited.paragraphs))
    notices: list[str] = []
    tables = [table for table in edited.tables if not table.is_imprint]
    for number, table in enumerate(tables, start=1):
        told = _matching(table, expected.tables)
        if told is None:
            notices.append(f"第{number}张表不是系统生成的附表，没有核对")
        else:
            findings += _of_table(f"第{number}张表", table, told)
    return Checked(tuple(findings), tuple(notices))


class _Texts:
    """The expected sentences, found by their text, by likeness, or by what stands before."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self._all = [one for text in paragraphs for one in sentences("", text)]
        self._by_mask: dict[str, list[Sentence]] = defaultdict(list)
        for one in self._all:
            self._by_mask[one.masked].append(one)
        self._by_context = _contexts(self._all)
        self._compared = 0

    def findings(self, paragraphs: Sequence[str]) -> Iterator[Finding]:
        """Every figure of the edited paragraphs, judged."""
        for number, text in enumerate(paragraphs, start=1):
            for one in sentences(f"第{number}段", text):
                right = self._right(one)
                for at, figure in enumerate(one.figures):
                    yield _judged(one, figure, right.get(at))

    def _right(self, one: Sentence) -> dict[int, Figure]:
        """The expected figure for each place of a sentence, where one can be told."""
        same = self._by_mask.get(one.masked)
        if same:
            best = max(same, key=lambda told: _agreeing(one, told))
            return dict(enumerate(best.figures))
        right: dict[int, Figure] = {}
        alike = self._most_alike(one)
        if alike is not None:
            right = _aligned(one, alike)
        for at, before in enumerate(_before_each(one)):
            if at not in right:
                found = self._by_contexts(before, one.figures[at])
                if found is not None:
                    right[at] = found
        return right

    def _most_alike(self, one: Sentence) -> Sentence | None:
        if self._compared >= MOST_COMPARED:
            return None
        self._compared += 1
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(one.masked)
        best, most = None, ALIKE
        for told in self._all:
            matcher.set_seq1(told.masked)
            if matcher.real_quick_ratio() < most or matcher.quick_ratio() < most:
                continue
            ratio = matcher.ratio()
            if ratio >= most:
                best, most = told, ratio
        return best

    def _by_contexts(self, before: str, figure: Figure) -> Figure | None:
        for length in _CONTEXTS:
            key = before[-length:]
            if len(key) < length:
                continue
            found = self._by_context.get((key, figure.unit))
            if found is not None:
                return found
        return None


def _contexts(told: Iterable[Sentence]) -> dict[tuple[str, str], Figure | None]:
    """Figures by the text before them; None where that text stands before different ones."""
    found: dict[tuple[str, str], Figure | None] = {}
    for one in told:
        for figure, before in zip(one.figures, _before_each(one), strict=True):
            for length in _CONTEXTS:
                key = (before[-length:], figure.unit)
                if len(key[0]) < length:
                    continue
                known = found.get(key, figure)
                found[key] = figure if known is not None and known.agrees_with(figure) else None
    return found


def _before_each(one: Sentence) -> Iterator[str]:
    """The masked text before each figure of a sentence."""
    at = -1
    for _ in one.figures:
        at = one.masked.index(MASK, at + 1)
        yield one.masked[:at]


def _agreeing(one: Sentence, told: Sentence) -> int:
    pairs = zip(one.figures, told.figures, strict=True)
    return sum(mine.agrees_with(its) for mine, its in pairs)


def _aligned(one: Sentence, told: Sentence) -> dict[int, Figure]:
    """Figures of two like sentences that stand between the same words."""
    mine = [at for at, sign in enumerate(one.masked) if sign == MASK]
    its = {at: n for n, at in enumerate(at for at, sign in enumerate(told.masked) if sign == MASK)}
    matcher = SequenceMatcher(None, told.masked, one.masked, autojunk=False)
    right = {}
    for block in matcher.get_matching_blocks():
        for number, at in enumerate(mine):
            # A mask alone in its block stands between other words: no match.
            if block.b <= at < block.b + block.size and block.size > 2:
                right[number] = told.figures[its[block.a + at - block.b]]
    return right


def _judged(one: Sentence, figure: Figure, right: Figure | None) -> Finding:
    if right is None:
        return Finding(one.place, one.text, figure.text, "", Verdict.UNKNOWN)
    if figure.agrees_with(right):
        return Finding(one.place, one.text, figure.text, right.text, Verdict.AGREES)
    is_turned = figure.direction and right.direction and figure.direction != right.direction
    found, told = (figure.shown, right.shown) if is_turned else (figure.text, right.text)
    return Finding(one.place, one.text, found, told, Verdict.DIFFERS)


def _label_column(rows: Sequence[Sequence[str]]) -> int:
    """Where the names of a table's rows stand: after the serial numbers, if there are any."""
    firsts = [row[0] for row in rows if row]
    return 1 if firsts and all(text.isdecimal() for text in firsts) else 0


def _matching(table: ReadTable, tables: Sequence[Table]) -> Table | None:
    """The annex that an edited table is: most names of rows in common, as many columns."""
    best, most = None, 0
    for told in tables:
        rows = [row.cells for row in told.rows]
        at = _label_column(rows)
        names = {plain(row[at]) for row in rows}
        width = len(told.columns)
        common = sum(len(row) == width and plain(row[at]) in names for row in table.rows)
        if common > most:
            best, most = told, common
    return best


def _of_table(place: str, table: ReadTable, told: Table) -> Iterator[Finding]:
    rows = [row.cells for row in told.rows]
    at = _label_column(rows)
    by_name = {plain(row[at]): row for row in rows}
    heads = _heads(told)
    for row in table.rows:
        right = by_name.get(plain(row[at])) if len(row) == len(told.columns) else None
        if right is None:
            continue
        for column, (found, should) in enumerate(zip(row, right, strict=True)):
            if column <= at or not _tells(found, should):
                continue
            where = f"{place}“{row[at]}”行“{heads[column]}”列"
            same = _same_cell(found, should)
            verdict = Verdict.AGREES if same else Verdict.DIFFERS
            yield Finding(where, "", found or "（空）", should, verdict)


def _tells(found: str, should: str) -> bool:
    return any(sign.isdigit() for sign in found + should)


def _same_cell(found: str, should: str) -> bool:
    mine, its = plain(found), plain(should)
    if mine == its:
        return True
    one, other = list(figures_in(mine)), list(figures_in(its))
    # A cell of words is not taken apart: only a single figure may be written otherwise.
    is_single = len(one) == len(other) == 1 and one[0].text == mine and other[0].text == its
    return is_single and one[0].agrees_with(other[0])


def _heads(told: Table) -> list[str]:
    """The lowest head over each column."""
    heads = [""] * len(told.columns)
    free = [0] * len(told.columns)
    for line, row in enumerate(told.head):
        column = 0
        for cell in row:
            while column < len(heads) and free[column] > line:
                column += 1
            for at in range(column, min(column + cell.columns, len(heads))):
                heads[at] = cell.text
                free[at] = line + cell.rows
            column += cell.columns
    return heads
