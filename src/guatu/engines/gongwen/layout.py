"""Page filling: how many pages a document takes, and what keeps the signature with text.

Counted here because no word processor runs beside the platform; LibreOffice checks it in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from guatu.engines.gongwen.checks import require_settable
from guatu.engines.gongwen.grid import AFTER_TABLE, TABLE_LINE, TEXT_HEIGHT
from guatu.engines.gongwen.pieces import Filling, Foot, Part, Piece, Role, parts
from guatu.engines.gongwen.tables import table_heights
from guatu.engines.gongwen.types import Document, GongwenError, Table

_TEXT = frozenset({Role.BODY, Role.HEADING_1, Role.HEADING_2, Role.HEADING_3, Role.HEADING_4})


def count_pages(document: Document) -> int:
    """Pages of the whole document, annexes included. Raises GongwenError as `fill` does."""
    return len(paginate(laid_out(document)))


def laid_out(document: Document) -> tuple[Part, ...]:
    """Everything that stands on paper, 版记 at the foot of the last page (clause 7.4).

    Raises GongwenError as `fill` does.
    """
    placed = parts(document, fill(document))
    if document.imprint is None:
        return placed
    foot = Foot(document.imprint)
    # A word processor puts a paragraph behind a table that ends the text: ours takes no line.
    last = Piece(Role.SPACER, line_height=AFTER_TABLE)
    free = TEXT_HEIGHT - paginate(placed)[-1].used - foot.height - AFTER_TABLE
    starts_page = free < TABLE_LINE
    if starts_page:
        free = TEXT_HEIGHT - foot.height - AFTER_TABLE
    return (*placed, Piece(Role.SPACER, line_height=free, new_page=starts_page), foot, last)


def fill(document: Document) -> Filling:
    """The blank lines that keep the signature on a page with body text (clause 7.3.5).

    First the usual number before the signature, then fewer, then one less or more of them in the
    head of the first page. A short last paragraph moves to the signature's page by itself.
    Raises GongwenError when the first page shows no body text, or nothing helps.
    """
    require_settable(document)
    signed = document.signature
    usual = 2 if signed and signed.sealed else 1
    fewer = [Filling(blanks) for blanks in range(usual, 0, -1)]
    others = [Filling(1, -1), *(Filling(usual, extra) for extra in range(1, 9))]
    pages = {option: paginate(parts(document, option)) for option in (*fewer, *others)}
    shown = [option for option in (*fewer, *others) if _shows_text(pages[option][0])]
    if not shown:
        raise GongwenError.of_one(
            "no-body-on-first-page", "首页排不下正文", "请缩短标题或主送机关（主送机关可移至版记）"
        )
    if signed is None:
        return shown[0]
    good = [option for option in shown if _signature_has_text(pages[option])]
    if not good:
        raise GongwenError.of_one(
            "signature-alone", "署名所在页没有正文", "请增删一行正文后重新生成"
        )
    # Moving the last paragraph leaves a gap above; one blank line less may save that.
    wanted = [option for option in good if option in fewer] or good[:1]
    return min(wanted, key=lambda option: _signature_page(pages[option]))


@dataclass(slots=True)
class Page:
    """What stands on one page: roles of its lines and the lines themselves."""

    used: int = 0
    roles: list[Role | None] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, height: int, role: Role | None, line: str) -> None:
        """Put a line (or a table row, role None) on the page."""
        self.used += height
        self.roles.append(role)
        self.lines.append(line)

    def has_room(self, height: int) -> bool:
        """Whether so many twips are left below."""
        return self.used + height <= TEXT_HEIGHT


def _shows_text(page: Page) -> bool:
    return any(role in _TEXT for role in page.roles)


def _signature_page(pages: Sequence[Page]) -> int:
    """The page of the date, counted from 0."""
    return max(at for at, page in enumerate(pages) if Role.SIGNATURE in page.roles)


def _signature_has_text(pages: Sequence[Page]) -> bool:
    signed = [page for page in pages if Role.SIGNATURE in page.roles]
    return len(signed) == 1 and _shows_text(signed[0])


def paginate(placed: Sequence[Part]) -> list[Page]:
    """Lay the parts on pages as a word processor does, without widow control."""
    pages = [Page()]
    for at, part in enumerate(placed):
        if isinstance(part, Table):
            _place_table(part, pages)
        elif isinstance(part, Foot):
            pages[-1].add(part.height, None, "")
        else:
            _place_piece(part, _needed(placed, at), pages)
    return pages


def _place_piece(piece: Piece, needed: int, pages: list[Page]) -> None:
    used = pages[-1].used
    if used and (piece.new_page or (needed <= TEXT_HEIGHT < used + needed)):
        pages.append(Page())
    for height, line in zip(piece.heights(), piece.broken(), strict=True):
        if not pages[-1].has_room(height) and pages[-1].used:
            pages.append(Page())
        pages[-1].add(height, piece.role, line)


def _needed(placed: Sequence[Part], at: int) -> int:
    """Twips that must be free for the part to start here, with all it is kept together with."""
    total = 0
    for part in placed[at:]:
        if isinstance(part, Table):
            heads, rows = table_heights(part)
            return total + sum(heads) + sum(rows[:1])
        if isinstance(part, Foot):
            return total + part.height
        if not part.keep_next:
            return total + (sum(part.heights()) if part.keep_lines else part.heights()[0])
        total += sum(part.heights())
    return total


def _place_table(table: Table, pages: list[Page]) -> None:
    heads, rows = table_heights(table)
    head = sum(heads)
    pages[-1].add(head, None, "")
    for height in rows:
        if not pages[-1].has_room(height) and pages[-1].used > head:
            pages.append(Page())
            pages[-1].add(head, None, "")
        pages[-1].add(height, None, "")
