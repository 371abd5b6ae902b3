"""Line breaking: where a Chinese line may end (避头尾), and the lines that result."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import east_asian_width

from guatu.engines.gongwen.grid import SIZE_BODY, SPACING, TEXT_WIDTH, advance

NO_START = frozenset(
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞！＂％＇），．：；？］｀｜｝～￠"
)
"""May not begin a line: closing marks, as Word and LibreOffice list them for simplified Chinese."""

NO_END = frozenset("$([{£¥‘“〈《「『【〔〖〝＄（．［｛￡￥")
"""May not end a line: opening marks."""


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours must stay on one line."""
    if right in NO_START or left in NO_END:
        return True
    if left == right and left in "—…":
        return True
    if left == "/" and right.isalpha():
        return False
    if left in "》”" and right.isascii():
        return True
    # Figures and Latin words stay whole: 97.2%, 2026-01, PPP.
    return left.isascii() and right.isascii() and left != " " and right != " "


def may_break(text: str, at: int) -> bool:
    """Whether a line may end before `text[at]`."""
    return 0 < at < len(text) and not _joined(text[at - 1], text[at])


def gap(left: str, right: str, size: float) -> int:
    """Twips that word processors put between 汉字 and figures or letters (自动调整间距).

    A fifth of the size, as LibreOffice measures; punctuation on either side takes none.
    """
    if left.isalnum() and right.isalnum() and left.isascii() != right.isascii():
        return round(size * 20) // 5
    return 0


def _western(text: str) -> list[bool]:
    """For each character, whether it is set with the figures and letters; marks follow the left."""
    found: list[bool] = []
    western = False
    for character in text:
        if character.isascii() and character.isalnum():
            western = True
        elif east_asian_width(character) in "WF":
            western = False
        found.append(western)
    return found


def _steps(text: str, size: float, spacing: int) -> list[int]:
    """What each character adds to the line: its gap to the left, its width, the spacing.

    Measured: the last character before a change between 汉字 and figures is not drawn closer.
    """
    western = _western(text)
    steps: list[int] = []
    for at, character in enumerate(text):
        left = gap(text[at - 1], character, size) if at else 0
        same = at + 1 < len(text) and western[at] == western[at + 1]
        steps.append(left + advance(character, size, spacing if same else 0))
    return steps


def text_width(text: str, size: float = SIZE_BODY, spacing: int = SPACING) -> int:
    """Twips that a text takes on one line, gaps between 汉字 and figures included."""
    return sum(_steps(text, size, spacing))


# The same paragraphs are measured again for each way to fill the pages.
@lru_cache(maxsize=4096)
def break_lines(
    text: str,
    *,
    first_indent: int = 0,
    indent: int = 0,
    available: int = TEXT_WIDTH,
    size: float = SIZE_BODY,
    spacing: int = SPACING,
) -> tuple[str, ...]:
    """The lines a paragraph takes. Indents and `available` in twips, `size` in points.

    No stop hangs over the right edge (Word may let one hang; a line more is the safe count).
    An empty text is one empty line. A word wider than the line is cut where the line ends.
    """
    steps = _steps(text, size, spacing)
    lines: list[str] = []
    start = used = 0
    limit = available - first_indent
    for at in range(len(text)):
        if at > start and used + steps[at] > limit and text[at] != " ":
            cut = _last_break(text, start, at)
            lines.append(text[start:cut])
            start, limit = cut, available - indent
            # No gap before the first character of a line.
            used = sum(steps[start:at]) - gap(text[start - 1], text[start], size)
        used += steps[at]
    return (*lines, text[start:])


def _last_break(text: str, start: int, at: int) -> int:
    for cut in range(at, start, -1):
        if may_break(text, cut):
            return cut
    return at
