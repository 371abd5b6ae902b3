"""The 28 × 22 grid of GB/T 9704-2012 in twips (1/20 pt), and how wide and high text is on it.

Measured: with line pitch 579 and 0.25 pt taken from each character, Word's page and
LibreOffice's both hold 28 characters × 22 lines; 580 gives 21 lines, 0.2 pt gives 27 characters.
"""

from __future__ import annotations

from unicodedata import east_asian_width

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1588, 1474
TEXT_WIDTH = 8844
FOOTER_DISTANCE = 1429
"""25.2 mm: the page number's dash stands 7 mm under the text area (clause 7.5)."""

LINE = 579
TEXT_HEIGHT = 22 * LINE
"""225 mm hold 18 twips more, but with a line grid LibreOffice fills whole lines only."""
TITLE_LINE = 640
TABLE_LINE = 320
TABLE_ROW = 454
CELL_MARGIN = 45
FOOT_OFFICE = TEXT_WIDTH - 4000
"""Where 印发机关 ends; beside it 印发日期 has room for thirteen characters."""
FOOT_RULES = 120
"""What the rules of 版记, and those of tables above it, may add to the counted heights."""
AFTER_TABLE = 20
RED_LINE, RED_BORDER = 142, 30
"""An empty paragraph of this height puts the red line 4 mm under the number (clause 7.2.7)."""
LOGO_BEFORE = 247
"""Three lines and this give 35 mm from the text area's top to the logo (clause 7.2.4)."""

SPACING = -5
CHARACTER = 316
"""一字: the width of one character of 3号 as indents count it."""
TITLE_CHARACTERS = 20

SIZE_TITLE, SIZE_BODY, SIZE_FOOT, SIZE_TABLE = 22, 16, 14, 10.5
LOGO_SIZE = 62


def is_wide(character: str) -> bool:
    """Whether a character fills a whole square: 汉字, full-width marks, “ ” — … in Chinese."""
    return east_asian_width(character) in "WFA"


def cells(text: str) -> float:
    """Width in characters: full-width 1, half-width digits and letters 0.5."""
    return sum(1.0 if is_wide(character) else 0.5 for character in text)


def advance(character: str, size: float, spacing: int = SPACING) -> int:
    """Width of one character in twips at `size` points."""
    return round(size * (20 if is_wide(character) else 10)) + spacing


def logo_size(text: str) -> int:
    """Points of the issuer's mark: 62 where it fits, less so that it stays in the text width."""
    return min(LOGO_SIZE, int(TEXT_WIDTH / 20 / max(cells(text), 1)))
