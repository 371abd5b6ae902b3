"""Figures in running text: where they stand, what they are worth, in which sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from guatu.core.yuan import UNITS
from guatu.publishing.checking.numerals import written_figures

MASK = "\x1a"
"""Stands for one figure in a masked sentence; no document holds it."""

_FIGURE = re.compile(
    r"(?<![A-Za-z\d.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"\s?(?:%|个百分点|百万元|亿元|万元|千元|元|个|年|月|日|倍)?"
)
_PARTS = re.compile(r"(-?[\d,]+(?:\.\d+)?)\s?(.*)")
_DIRECTIONS = re.compile(r"高于|低于|增长|下降|增加|减少|超过|不足")
_SENTENCE = re.compile(r"[^。;!?\n]+")
_NUMBERED = re.compile(r"^(?:注:)?\s*\d{1,3}\s*[.、]\s*(?!\d)")
_ANNEX = re.compile(r"附件\s*\d*")
_ROUNDS_NUMBER = re.compile(r"〔\s*\d*\s*〕.*号|\[\s*\d+\s*\].*号")
_ONLY_A_DATE = re.compile(r"^\d{0,4}\s*年\s*\d{0,2}\s*月\s*\d{0,2}\s*日$")
LONGEST_SENTENCE = 1_000
_NEAR = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: as written, its value and unit, and the word before it that gives its sign."""

    text: str
    value: Fraction
    unit: str
    direction: str = ""

    def agrees_with(self, other: Figure) -> bool:
        """Whether both say the same: money in any unit, everything else in its own."""
        if self.direction != other.direction and self.direction and other.direction:
            return False
        mine, its = UNITS.get(self.unit), UNITS.get(other.unit)
        if mine and its:
            return self.value * mine == other.value * its
        return self.unit == other.unit and self.value == other.value

    @property
    def shown(self) -> str:
        """The figure with the word that gives its sign."""
        return f"{self.direction}{self.text}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its figures masked. `place` is where it stands, for a person."""

    place: str
    text: str
    masked: str
    figures: tuple[Figure, ...]


def plain(text: str) -> str:
    """The text in one form: full-width digits and signs as plain ones, no blanks."""
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace(MASK, "")
    return "".join(folded.split())


def figures_in(text: str) -> Iterator[Figure]:
    """Every figure of a plain text, in digits or in characters."""
    for start, end, value, unit in _places(text):
        yield Figure(text[start:end], value, unit, _direction(text[:start]))


def _places(text: str) -> list[tuple[int, int, Fraction, str]]:
    """Where figures stand, in their order, what each is worth and its unit."""
    found = []
    for match in _FIGURE.finditer(text):
        number, unit = _PARTS.fullmatch(match[0]).groups()  # type: ignore[union-attr]
        found.append((match.start(), match.end(), Fraction(number.replace(",", "")), unit))
    found += [(one.start, one.end, one.value, one.unit) for one in written_figures(text)]
    return sorted(found)


def masked_by(text: str, sign: str) -> str:
    """The plain text with every figure as one sign."""
    parts, at = [], 0
    for start, end, *_ in _places(text):
        parts += [text[at:start], sign]
        at = end
    return "".join((*parts, text[at:]))


def _direction(before: str) -> str:
    """高于, 低于 and the like right before a figure; a bracket's own text is none of its."""
    near = re.sub(r"\([^()]*\)", "", before[-_NEAR:])
    said = list(_DIRECTIONS.finditer(near))
    if not said or before.endswith("("):
        return ""
    # A word before another figure belongs to that one.
    return "" if any(sign.isdigit() for sign in near[said[-1].end() :]) else said[-1][0]


def sentences(place: str, paragraph: str) -> Iterator[Sentence]:
    """The sentences of a paragraph that hold figures which a run can tell.

    Left out: numbering, the number of an annex, the paper's own number and a line that is
    only a date.
    """
    text = plain(paragraph)
    if _ROUNDS_NUMBER.search(text) or _ONLY_A_DATE.match(text):
        return
    text = _ANNEX.sub("附件", _NUMBERED.sub("", text))
    for match in _SENTENCE.finditer(text):
        said = match[0][:LONGEST_SENTENCE]
        figures = tuple(figures_in(said))
        if figures:
            yield Sentence(place, said, masked_by(said, MASK), figures)
