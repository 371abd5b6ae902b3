"""What authors hand in, parsed and shape-checked."""

from __future__ import annotations

from django.http import HttpRequest

from guatu.core.errors import BadInput, Fault
from guatu.publishing.wording.draft import HEADING, MOST_PIECES, TEXT, Draft, Piece

_LONGEST_LEAD = 400


def version_of(request: HttpRequest) -> int:
    """The version of what the person had before him. BadInput where the form lacks it."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(Fault("no-version", "表单不完整", "请刷新页面后再办理"))
    return int(text)


def draft_typed(request: HttpRequest) -> Draft:
    """The wording as typed: an empty field drops its piece, a new line begins a paragraph."""
    pieces: list[Piece] = []
    for at in range(MOST_PIECES + 1):
        if f"text-{at}" not in request.POST:
            break
        kind = request.POST.get(f"kind-{at}", TEXT)
        lines = _lines(request.POST[f"text-{at}"])
        if kind == HEADING:
            pieces += [Piece(HEADING, line, _level(request, at)) for line in lines]
            continue
        lead = request.POST.get(f"lead-{at}", "")[:_LONGEST_LEAD]
        for line in lines:
            pieces.append(Piece(TEXT, line, lead=lead))
            lead = ""
    return Draft(tuple(pieces))


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def _level(request: HttpRequest, at: int) -> int:
    told = request.POST.get(f"level-{at}", "1")
    return int(told) if told in ("1", "2", "3", "4") else 1
