"""The circular's pages: as it reads now or was issued, its wording, its figures checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guatu.core.errors import GuatuError
from guatu.core.periods import title_of
from guatu.engines.gongwen.layout import count_pages
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer
from guatu.publishing.circular.compose import LEFT_TO_WRITE, LONGEST, body_length
from guatu.publishing.models import Paper
from guatu.publishing.services.bulletin import LiveCircular, live_circular
from guatu.publishing.services.papers import draft_of
from guatu.publishing.types import PaperState
from guatu.publishing.wording.draft import Draft, printed
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
    paper = queries.circular_in_force(viewer.round)
    context |= {"withdrawn": queries.withdrawn_circulars(viewer.round), "version": 0}
    if paper is not None and paper.state == PaperState.ISSUED:
        assert paper.snapshot is not None
        return {
            **context,
            "paper": paper,
            "text": read_frozen(paper.content),
            "version": paper.version,
            "is_behind": paper.snapshot.revision != viewer.round.revision,
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
    return {
        **head(viewer),
        "pieces": list(enumerate((typed or stored).pieces)),
        "theirs": stored.pieces if is_meanwhile else None,
        "draft": paper,
        "version": paper.version if paper else 0,
        "is_issued": paper is not None and paper.state == PaperState.ISSUED,
        "names": grouped(now.live, now),
    }


def grouped(live: Mapping[str, str], now: LiveCircular) -> list[tuple[str, list[tuple[str, str]]]]:
    """The live figures by what they are about."""
    regions = tuple(one.name for one in now.figures.regions)
    groups: dict[str, list[tuple[str, str]]] = {"合计": [], "整段": [], "地区": [], "项目": []}
    for name, told in live.items():
        if "：" in name:
            which = "项目"
        elif regions and name.startswith(regions):
            which = "地区"
        else:
            which = "整段" if len(told) > 60 else "合计"
        groups[which].append((name, told))
    return [(name, rows) for name, rows in groups.items() if rows]
