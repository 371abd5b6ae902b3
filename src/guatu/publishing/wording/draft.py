"""A draft: headings and paragraphs with live figures, from the composed circular and back to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from guatu.engines.gongwen.types import Block, Document, Heading, Paragraph, Run
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.circular.types import CircularFigures
from guatu.publishing.wording.figures import UNITS, inert, parts_of, project_name

OWN = "本项目"
"""Begins the names of the figures of the project that a paragraph is about."""
PLACEHOLDER = re.compile(r"\{([^{}\n]{1,400})\}")
HEADING, TEXT = "heading", "text"
MOST_PIECES = 300
LONGEST_PIECE = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading of a level, or a paragraph; `lead` is its bold beginning, which is not edited."""

    kind: str
    text: str
    level: int = 0
    lead: str = ""

    def live(self, live: Mapping[str, str]) -> Mapping[str, str]:
        """The live figures here: with those of the project that the lead names."""
        if not self.lead:
            return live
        name = f"{inert(_named_in(self.lead))}："
        own = {
            f"{OWN}{key.removeprefix(name)}": told
            for key, told in live.items()
            if key.startswith(name)
        }
        return {**live, **own}


@dataclass(frozen=True, slots=True)
class Draft:
    """What the author edits: pieces in their order, and his own title, addressee and titles of
    annexes (composed title → his). What is empty, and the tables, come from the run."""

    pieces: tuple[Piece, ...]
    title: str = ""
    addressee: str = ""
    annex_titles: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> str:
        """As it is stored."""
        told = {
            "pieces": [[one.kind, one.text, one.level, one.lead] for one in self.pieces],
            "title": self.title,
            "addressee": self.addressee,
            "annexes": self.annex_titles,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """As it was stored; older drafts are a list of pieces."""
        told = json.loads(text)
        if isinstance(told, list):
            told = {"pieces": told}
        return cls(
            tuple(Piece(*row) for row in told["pieces"]),
            told.get("title", ""),
            told.get("addressee", ""),
            tuple((old, new) for old, new in told.get("annexes", ())),
        )

    def own_words(self, document: Document) -> Draft:
        """The draft without titles that only repeat the composed ones: those stay the run's."""
        composed = {annex.title for annex in document.annexes}
        return replace(
            self,
            title="" if self.title == "".join(document.title) else self.title,
            addressee="" if self.addressee == document.addressee else self.addressee,
            annex_titles=tuple(
                (old, new)
                for old, new in self.annex_titles
                if old in composed and new and new != old
            ),
        )

    def unknown(self, live: Mapping[str, str]) -> list[str]:
        """Placeholders of no live figure, each once."""
        names = [
            name
            for one in self.pieces
            for name in PLACEHOLDER.findall(one.text)
            if name not in one.live(live)
        ]
        return list(dict.fromkeys(names))


def originals(draft: Draft, composed: Draft) -> list[str]:
    """For each piece what the system had composed in its place; empty where that cannot be told.

    A project's paragraph is known by its lead, another by its section and its likeness.
    """
    leads = {one.lead: one.text for one in composed.pieces if one.lead}
    theirs = _plain_by_section(composed)
    told = [leads.get(one.lead, "") if one.lead else "" for one in draft.pieces]
    for section, mine in _plain_by_section(draft).items():
        free = [composed.pieces[at].text for at in theirs.get(section, [])]
        same_number = len(mine) == len(free)
        for place, at in enumerate(mine):
            text = draft.pieces[at].text
            if same_number:
                told[at] = free[place]
            elif free:
                likeness, best = max((_likeness(one, text), one) for one in free)
                told[at] = best if likeness >= _ALIKE else ""
    return told


_ALIKE = 0.6


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _plain_by_section(draft: Draft) -> dict[int, list[int]]:
    """Places of paragraphs without a lead, by how many first-level headings stand before."""
    found: dict[int, list[int]] = {}
    section = 0
    for at, one in enumerate(draft.pieces):
        if one.kind == HEADING:
            section += one.level == 1
        elif not one.lead:
            found.setdefault(section, []).append(at)
    return found


def default_draft(document: Document, figures: CircularFigures, live: Mapping[str, str]) -> Draft:
    """The composed circular as a draft: every figure that has a name stands as its name.

    What is replaced gives the composed text again, else the text is left as it is.
    """
    rules = list(_rules(figures, live))
    pieces = []
    for block in document.blocks:
        if isinstance(block, Heading):
            pieces.append(Piece(HEADING, inert(block.text), block.level))
            continue
        lead = "".join(run.text for run in block.runs if run.bold)
        text = inert(block.text.removeprefix(lead))
        named = _templated(text, _project_rules(lead, figures, live) or rules)
        piece = Piece(TEXT, named, lead=inert(lead))
        is_same = filled(named, piece.live(live)) == text
        pieces.append(piece if is_same else replace(piece, text=text))
    return Draft(tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where the printed value stands between `before` and `after`, its name stands instead."""

    before: str
    name: str
    printed: str
    after: str = ""

    def applied(self, text: str) -> str:
        pattern = re.escape(self.before) + r"(?<![\d.])" + re.escape(self.printed) + r"(?![\d.%])"
        # Inside a name that stands already nothing is replaced.
        pattern += r"(?![^{}]*\})" + (f"(?={re.escape(self.after)})" if self.after else "")
        return re.sub(pattern, lambda _: f"{self.before}{{{self.name}}}", text, count=1)


_CUES = (
    ("本通报使用", "数据版本"),
    ("截至", "截至日"),
    ("截至", "期末日"),
    ("年度计划投资", "年度计划投资"),
    ("累计完成投资", "累计完成投资"),
    ("年度计划完成率", "完成率"),
    ("", "与进度相比"),
    ("", "同比"),
    ("计划新开工项目", "计划开工数"),
    ("应开工", "应开工数"),
    ("已开工", "已开工数"),
    ("提前开工", "提前开工数"),
    ("逾期未开工", "逾期未开工数"),
)
_COUNTS = (
    ("无数据项目数", "项目本期无数据"),
    ("待核实项目数", "项目的数据待核实"),
    ("代报待确认项目数", "项目的数据为代报待确认"),
    ("未审核项目数", "项目的数据未审核"),
)
"""Figures that begin what is said of them: the name, and the words behind it."""


def _rules(figures: CircularFigures, live: Mapping[str, str]) -> Iterator[_Rule]:
    style = figures.style
    yield from _rule("", UNITS, live)
    yield from _rule("现将" + style.city, "期别", live)
    yield from _rule(style.subject, "项目数", live)
    for before, name in _CUES:
        yield from _rule(before, name, live)
    for name, after in _COUNTS:
        yield from _rule("", name, live, after=after)
    for word in (style.serious_word, style.warning_word):
        yield from _rule(f"{word}项目", f"{word}项目数", live)
    yield from _rule(style.start_word, style.start_word, live)
    for region in figures.regions:
        name = inert(region.name)
        yield from _rule(f"{name}（", f"{name}完成率", live)
        yield from _rule(f"{name}（{{{name}完成率}}，", f"{name}与进度相比", live)


def _rule(before: str, name: str, live: Mapping[str, str], *, after: str = "") -> Iterator[_Rule]:
    printed = live.get(name)
    if printed:
        yield _Rule(before, name, printed, after)


def _project_rules(lead: str, figures: CircularFigures, live: Mapping[str, str]) -> Sequence[_Rule]:
    """Rules of the sentence about one project, whose name stands in its lead."""
    name = inert(_named_in(lead))
    found = next((one for one in figures.lagging if project_name(one) == name), None)
    if not lead or found is None:
        return ()
    return [
        _Rule("" if what == "与进度相比" else what, f"{OWN}{what}", printed)
        for what, printed in parts_of(found, figures)
        if f"{name}：{what}" in live
    ]


def _named_in(lead: str) -> str:
    """The project's name in the bold beginning of its paragraph."""
    return re.sub(r"^\d+\.", "", lead)


def _templated(text: str, rules: Sequence[_Rule]) -> str:
    for rule in rules:
        text = rule.applied(text)
    return text


def filled(text: str, live: Mapping[str, str]) -> str:
    """The text with every live figure in its place, in one pass: values are never read again."""
    return PLACEHOLDER.sub(lambda match: live.get(match[1], f"【{match[1]}】"), text)


def printed(draft: Draft, document: Document, live: Mapping[str, str]) -> Document:
    """The circular in the author's words; what he has not written is as composed."""
    own = dict(draft.annex_titles)
    return replace(
        document,
        blocks=tuple(_block(one, live) for one in draft.pieces),
        title=draft.title or document.title,
        addressee=draft.addressee or document.addressee,
        annexes=tuple(
            replace(annex, title=own.get(annex.title, annex.title)) for annex in document.annexes
        ),
    )


def _block(piece: Piece, live: Mapping[str, str]) -> Block:
    if piece.kind == HEADING:
        return Heading(piece.level, filled(piece.text, live))
    return Paragraph(runs_of(piece, live))


def runs_of(piece: Piece, live: Mapping[str, str]) -> tuple[Run, ...]:
    """A paragraph as it is printed now."""
    lead = [Run(piece.lead, bold=True)] if piece.lead else []
    return (*lead, *_runs(piece.text, piece.live(live)))


def _runs(text: str, live: Mapping[str, str]) -> Iterator[Run]:
    """What is still to be written, and what has no figure any more, is marked."""
    if text.strip() == LEFT_TO_WRITE:
        yield Run(text, marked=True)
        return
    at = 0
    for match in PLACEHOLDER.finditer(text):
        if match[1] in live:
            continue
        if before := text[at : match.start()]:
            yield Run(filled(before, live))
        yield Run(f"【{match[1]}】", marked=True)
        at = match.end()
    if rest := text[at:]:
        yield Run(filled(rest, live))
