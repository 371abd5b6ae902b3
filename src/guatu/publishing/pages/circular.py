"""The circular's pages: as it reads now or was issued, its wording, its figures checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guatu.core.errors import GuatuError
from guatu.core.periods import title_of
from guatu.engines.gongwen.layout import count_pages
from guatu.engines.gongwen.types import Run
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer
from guatu.publishing.circular.compose import LEFT_TO_WRITE, LONGEST, body_length
from guatu.publishing.models import Paper
from guatu.publishing.services.bulletin import LiveCircular, live_circular
from guatu.publishing.services.papers import draft_of
from guatu.publishing.types import PaperState
from guatu.publishing.wording.draft import (
    TEXT,
    Draft,
    Piece,
    default_draft,
    originals,
    printed,
    runs_of,
)
from guatu.publishing.wording.figures import meaning_of
from guatu.publishing.wording.frozen import read_frozen, shown
from guatu.reporting.types import RoundState


def head(viewer: PaperViewer) -> dict[str, Any]:
    """What every page about a round's papers shows in its head."""
    the_round = viewer.round
    return {
        "round": the_round,
        "title": title_of(the_round.period.parsed),
        "is_open": the_round.state == RoundState.OPEN,
        "may_issue": viewer.may_issue,
    }


def page(viewer: PaperViewer) -> dict[str, Any]:
    """The circular as it reads: issued, or for those who draft it as it stands now."""
    context = head(viewer)
    if context["is_open"]:
        return context
    paper, withdrawn = queries.circulars(viewer.round)
    context |= {"withdrawn": withdrawn, "version": 0}
    if paper is not None and paper.state == PaperState.ISSUED:
        assert paper.snapshot is not None
        return {
            **context,
            "paper": paper,
            "text": read_frozen(paper.content),
            "version": paper.version,
            "is_behind": paper.snapshot.revision != viewer.round.revision,
            "book": read_frozen(paper.content).get("book", ""),
        }
    if not viewer.may_issue:
        return context
    return {**context, **_draft(viewer, paper)}


def _draft(viewer: PaperViewer, paper: Paper | None) -> dict[str, Any]:
    try:
        now = live_circular(viewer.round)
        draft = draft_of(paper, now)
        document = printed(draft, now.document, now.live)
        pages = count_pages(document)
    except GuatuError as error:
        return {"faults": error.faults}
    return {
        "draft": paper,
        "version": paper.version if paper else 0,
        "text": shown(document),
        "pages": pages,
        "length": body_length(document),
        "longest": LONGEST,
        "notices": now.notices,
        "book": now.book,
        "unknown": draft.unknown(now.live),
        "left_to_write": any(one.text.strip() == LEFT_TO_WRITE for one in draft.pieces),
    }


def editing(
    viewer: PaperViewer, typed: Draft | None = None, *, is_meanwhile: bool = False
) -> dict[str, Any]:
    """The wording to edit: as typed, else as saved, else as composed.

    After somebody else saved, his text stands beside what was typed, and the form carries his
    version: whoever saves again has seen it.
    """
    now = live_circular(viewer.round)
    paper = queries.circular_in_force(viewer.round)
    stored = draft_of(paper, now)
    shown_draft = typed or stored
    return {
        **head(viewer),
        "pieces": list(enumerate(shown_draft.pieces)),
        "sections": sections(shown_draft, now),
        "heads": _heads(shown_draft, now),
        "theirs": stored.pieces if is_meanwhile else None,
        "draft": paper,
        "version": paper.version if paper else 0,
        "is_issued": paper is not None and paper.state == PaperState.ISSUED,
        "names": grouped(now.live, now),
    }


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the editing page: what is typed, how it prints now, what was composed."""

    at: int
    piece: Piece
    runs: tuple[Run, ...]
    original: str

    @property
    def is_own(self) -> bool:
        """Whether the author has other words than the system."""
        return bool(self.original) and self.original != self.piece.text

    @property
    def rows(self) -> int:
        """Lines of the box."""
        return min(10, 2 + len(self.piece.text) // 45)


@dataclass(slots=True)
class EditedSection:
    """A first-level heading with its boxes; before the first one the opening."""

    heading: Box | None
    boxes: list[Box]


def sections(draft: Draft, now: LiveCircular) -> list[EditedSection]:
    """The boxes of the editing page by first-level heading."""
    composed = default_draft(now.document, now.figures, now.live)
    told = originals(draft, composed)
    found = [EditedSection(None, [])]
    for at, piece in enumerate(draft.pieces):
        is_text = piece.kind == TEXT
        box = Box(at, piece, runs_of(piece, now.live) if is_text else (), told[at])
        if not is_text and piece.level == 1:
            found.append(EditedSection(box, []))
        else:
            found[-1].boxes.append(box)
    return [one for one in found if one.heading or one.boxes]


def _heads(draft: Draft, now: LiveCircular) -> dict[str, Any]:
    """Title, addressee and titles of annexes: as composed, or in the author's words."""
    own = dict(draft.annex_titles)
    return {
        "title": draft.title or "".join(now.document.title),
        "addressee": draft.addressee or now.document.addressee,
        "annexes": [(one.title, own.get(one.title) or one.title) for one in now.document.annexes],
    }


def grouped(
    live: Mapping[str, str], now: LiveCircular
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The live figures by what they are about: name, what it says now, what it means."""
    regions = tuple(one.name for one in now.figures.regions)
    groups: dict[str, list[tuple[str, str, str]]] = {
        "合计": [], "整段": [], "地区": [], "项目": [],
    }  # fmt: skip
    for name, told in live.items():
        if "：" in name:
            which = "项目"
        elif regions and name.startswith(regions):
            which = "地区"
        else:
            which = "整段" if len(told) > 60 else "合计"
        groups[which].append((name, told, meaning_of(name)))
    return [(name, rows) for name, rows in groups.items() if rows]
