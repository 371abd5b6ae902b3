"""One side of a comparison as HTML, with what differs marked: plain words, or a clause with its
lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from guatu.assessment.books.markdown import rendered

type Piece = tuple[str, str]
"""`same`, `gone` or `new`, and the words."""

OLD, NEW = "gone", "new"
"""The two sides: what was there, and what stands now."""

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Signs for private use that stand for the marks while Markdown is read."""
_TAGS = {OLD: ("<del>", "</del>"), NEW: ("<ins>", "</ins>")}
_BOUNDARY = re.compile(r"(\n|\||\*\*|`)")
"""A mark never goes beyond a line, a cell or a bold word: the HTML stays well nested."""
_FORM = re.compile(r"[\s:>#*+-]*|\d{1,3}[.、)]\s*")
"""What is form and no words: rulers of tables, signs of lists and headings."""


def plain_side(pieces: Sequence[Piece], side: str) -> SafeString:
    """One side as text."""
    opened, closed = _TAGS[side]
    told = (
        f"{opened}{escape(words)}{closed}" if kind == side else str(escape(words))
        for kind, words in pieces
        if kind in ("same", side)
    )
    return mark_safe("".join(told))


def rendered_side(pieces: Sequence[Piece], side: str) -> SafeString:
    """One side with its paragraphs, lists and tables."""
    markdown = "".join(_signed(pieces, side))
    opened, closed = _TAGS[side]
    return mark_safe(rendered(markdown).replace(_OPEN, opened).replace(_CLOSE, closed))


def _signed(pieces: Sequence[Piece], side: str) -> Iterator[str]:
    for kind, words in pieces:
        if kind not in ("same", side):
            continue
        words = words.replace(_OPEN, "").replace(_CLOSE, "")
        if kind == "same":
            yield words
            continue
        for part in _BOUNDARY.split(words):
            is_form = _BOUNDARY.fullmatch(part) or _FORM.fullmatch(part)
            yield part if is_form else _led(part)


def _led(part: str) -> str:
    """A changed part with its marks; the sign of a list stays before them."""
    form = re.match(r"\s*(?:[-*+#]+\s+|\d{1,3}[.、)]\s+)?", part)
    end = form.end() if form else 0
    return f"{part[:end]}{_OPEN}{part[end:]}{_CLOSE}"
