"""What authors hand in, parsed and shape-checked."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from guatu.publishing.wording.draft import (
    HEADING,
    LONGEST_PIECE,
    MOST_PIECES,
    TEXT,
    Draft,
    Piece,
)

_LONGEST_LEAD = 400
_MOST_ANNEXES = 5


def restored(request: HttpRequest) -> int | None:
    """The box whose composed text the author wants back."""
    told = request.POST.get("restore", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 5 else None


def draft_typed(request: HttpRequest) -> Draft:
    """The wording as typed: an empty field drops its piece, a new line begins a paragraph.

    The box to be restored takes the composed text that came with it.
    """
    pieces: list[Piece] = []
    back = restored(request)
    for at in range(MOST_PIECES + 1):
        if f"text-{at}" not in request.POST:
            break
        kind = request.POST.get(f"kind-{at}", TEXT)
        field = f"original-{at}" if at == back else f"text-{at}"
        lines = _lines(request.POST.get(field, ""))
        if kind == HEADING:
            pieces += [Piece(HEADING, line, _level(request, at)) for line in lines]
            continue
        lead = request.POST.get(f"lead-{at}", "")[:_LONGEST_LEAD]
        for line in lines:
            pieces.append(Piece(TEXT, line, lead=lead))
            lead = ""
    return Draft(
        tuple(pieces),
        _one_line(request.POST.get("title", "")),
        _one_line(request.POST.get("addressee", "")).rstrip("：:"),
        tuple(_annex_titles(request)),
    )


def piece_typed(request: HttpRequest) -> Piece:
    """The box that the address names, as typed, for its preview."""
    at = request.GET.get("at", "")[:4]
    lead = request.POST.get(f"lead-{at}", "")[:_LONGEST_LEAD]
    return Piece(TEXT, request.POST.get(f"text-{at}", "")[:LONGEST_PIECE], lead=lead)


def _annex_titles(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for at in range(_MOST_ANNEXES):
        composed = request.POST.get(f"annex-{at}-composed", "")
        if composed:
            yield composed, _one_line(request.POST.get(f"annex-{at}", ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def _level(request: HttpRequest, at: int) -> int:
    told = request.POST.get(f"level-{at}", "1")
    return int(told) if told in ("1", "2", "3", "4") else 1
