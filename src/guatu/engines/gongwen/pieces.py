"""The document as the paragraphs and tables that stand on paper, in order.

Drawing (`paragraphs.py`) and counting (`layout.py`) both read this list, so they cannot disagree
about what is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from guatu.engines.gongwen.breaking import break_lines, text_width
from guatu.engines.gongwen.grid import (
    CHARACTER,
    FOOT_OFFICE,
    FOOT_RULES,
    LINE,
    LOGO_BEFORE,
    RED_BORDER,
    RED_LINE,
    SIZE_BODY,
    SIZE_FOOT,
    SIZE_TABLE,
    SIZE_TITLE,
    TABLE_LINE,
    TEXT_WIDTH,
    TITLE_LINE,
    logo_size,
)
from guatu.engines.gongwen.numbering import heading_texts
from guatu.engines.gongwen.titles import title_lines
from guatu.engines.gongwen.types import (
    Annex,
    Document,
    Face,
    Heading,
    Imprint,
    Paragraph,
    Run,
    Table,
)

SHORT_PARAGRAPH = 8
"""A last paragraph of up to so many lines moves whole to the page of the signature."""


class Role(StrEnum):
    """What a paragraph is; also the id of its docx style."""

    BLANK = "GwBlank"
    LOGO = "GwLogo"
    NUMBER = "GwNumber"
    RED_LINE = "GwRedLine"
    TITLE = "GwTitle"
    ADDRESSEE = "GwAddressee"
    HEADING_1 = "Heading1"
    HEADING_2 = "Heading2"
    HEADING_3 = "Heading3"
    HEADING_4 = "Heading4"
    BODY = "GwBody"
    ANNEX_LIST = "GwAnnexList"
    SIGNATURE = "GwSignature"
    ANNEX_MARK = "GwAnnexMark"
    UNIT = "GwUnit"
    TABLE_NOTE = "GwTableNote"
    SPACER = "GwSpacer"


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph. Lengths in twips; indents also in whole characters where they are such.

    `first_indent` is measured from the text edge, as `indent` is for the other lines.
    `lines` are given where the breaks are part of the text (titles), else the text flows.
    """

    role: Role
    runs: tuple[Run, ...] = ()
    lines: tuple[str, ...] = ()
    first_indent: int = 0
    indent: int = 0
    right_indent: int = 0
    line_height: int = LINE
    before: int = 0
    after: int = 0
    size: float = SIZE_BODY
    keep_next: bool = False
    keep_lines: bool = False
    new_page: bool = False

    @property
    def text(self) -> str:
        """The paragraph's text without breaks."""
        return "".join(run.text for run in self.runs)

    def broken(self) -> tuple[str, ...]:
        """The lines as they fall on the grid."""
        return self.lines or break_lines(
            self.text,
            first_indent=self.first_indent,
            indent=self.indent,
            available=TEXT_WIDTH - self.right_indent,
            size=self.size,
        )

    def heights(self) -> tuple[int, ...]:
        """Height of each line; the space before belongs to the first, after to the last."""
        heights = [self.line_height] * len(self.broken())
        heights[0] += self.before
        heights[-1] += self.after
        return tuple(heights)


@dataclass(frozen=True, slots=True)
class Foot:
    """版记 as it stands on paper: its texts broken into lines, its height."""

    imprint: Imprint

    @property
    def height(self) -> int:
        """Twips of its two rows."""
        indent, available = 4 * CHARACTER, TEXT_WIDTH - CHARACTER
        copies = break_lines(
            self.imprint.copies,
            first_indent=CHARACTER,
            indent=indent,
            available=available,
            size=SIZE_FOOT,
        )
        office = break_lines(self.imprint.office, available=FOOT_OFFICE - CHARACTER, size=SIZE_FOOT)
        return (len(copies) + len(office)) * LINE + FOOT_RULES


type Part = Piece | Table | Foot


@dataclass(frozen=True, slots=True)
class Filling:
    """Blank lines that may vary to keep the signature with text: before it, and in the head."""

    before_signature: int
    before_title: int = 0


def parts(document: Document, filling: Filling) -> tuple[Part, ...]:
    """Everything that stands on paper, first page to last annex."""
    return (
        *_head(document, filling.before_title),
        *_body(document),
        *_closing(document, filling.before_signature),
        *(
            part
            for at, annex in enumerate(document.annexes, start=1)
            for part in _annex(annex, at if len(document.annexes) > 1 else None)
        ),
    )


def _blank(count: int, *, keep_next: bool = False) -> tuple[Piece, ...]:
    return (Piece(Role.BLANK, keep_next=keep_next),) * count


def _head(document: Document, extra: int) -> Iterator[Piece]:
    if document.logo:
        size = logo_size(document.logo)
        # 份号, 密级 and 紧急程度 stand on the three lines when there are any (clause 7.2.1–3).
        yield from _blank(3)
        yield Piece(
            Role.LOGO,
            (Run(document.logo, Face.TITLE),),
            lines=(document.logo,),
            size=size,
            before=LOGO_BEFORE,
            # Taller than the size, so that the ink does not rise above the 35 mm.
            line_height=size * 22,
        )
        yield from _blank(2)
        if document.number:
            yield Piece(Role.NUMBER, (Run(document.number.text),))
        yield Piece(Role.RED_LINE, line_height=RED_LINE, after=RED_BORDER)
        yield from _blank(2 + extra)
    else:
        yield from _blank(max(extra, 0))
    lines = title_lines(document.title, document.keep)
    yield _title(lines)
    yield from _blank(1)
    yield Piece(Role.ADDRESSEE, (Run(document.addressee.rstrip("：:") + "："),))


def _title(lines: tuple[str, ...]) -> Piece:
    return Piece(
        Role.TITLE,
        (Run("".join(lines), Face.TITLE),),
        lines=lines,
        size=SIZE_TITLE,
        line_height=TITLE_LINE,
        keep_next=True,
    )


_HEADING_FACES = {1: Face.HEI, 2: Face.KAI, 3: Face.BODY, 4: Face.BODY}


def _body(document: Document) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    texts = heading_texts(document.blocks)
    for at, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            role = Role(f"Heading{block.level}")
            run = Run(texts[at], _HEADING_FACES[block.level], bold=block.bold)
            pieces.append(Piece(role, (run,), first_indent=2 * CHARACTER, keep_next=True))
        else:
            pieces.append(_paragraph(block))
    last = pieces[-1]
    if document.signature and len(last.broken()) <= SHORT_PARAGRAPH:
        pieces[-1] = replace(last, keep_next=True, keep_lines=True)
    return tuple(pieces)


def _paragraph(block: Paragraph) -> Piece:
    return Piece(Role.BODY, block.runs, first_indent=2 * CHARACTER)


def _closing(document: Document, blanks: int) -> Iterator[Piece]:
    signed = document.signature
    if document.annexes:
        yield from _blank(1, keep_next=signed is not None)
        yield from _annex_list(document, keep_next=signed is not None)
    if signed is None:
        return
    yield from _blank(blanks, keep_next=True)
    issuer_right, date_right = _signature_indents(signed.issuer, signed.date_text, signed.sealed)
    yield Piece(Role.SIGNATURE, (Run(signed.issuer),), right_indent=issuer_right, keep_next=True)
    yield Piece(Role.SIGNATURE, (Run(signed.date_text),), right_indent=date_right)


def _signature_indents(issuer: str, date_text: str, sealed: bool) -> tuple[int, int]:
    """Right indents of issuer and date (clause 7.3.5.1–2)."""
    issuer_width, date_width = text_width(issuer), text_width(date_text)
    if sealed:
        date_right = 4 * CHARACTER
        return max(0, date_right + (date_width - issuer_width) // 2), date_right
    # The date starts two characters right of the issuer; if that leaves it no room, the date
    # stands two characters from the right and the issuer moves left.
    date_right = 2 * CHARACTER + issuer_width - 2 * CHARACTER - date_width
    if date_right >= 2 * CHARACTER:
        return 2 * CHARACTER, date_right
    return max(0, 2 * CHARACTER + date_width + 2 * CHARACTER - issuer_width), 2 * CHARACTER


def _annex_list(document: Document, *, keep_next: bool) -> Iterator[Piece]:
    """附件说明 (clause 7.3.4): wrapped lines stand under the first character of the name."""
    several = len(document.annexes) > 1
    for at, annex in enumerate(document.annexes, start=1):
        label = "附件：" if at == 1 else ""
        number = f"{at}." if several else ""
        yield Piece(
            Role.ANNEX_LIST,
            (Run(label + number + annex.title),),
            first_indent=(2 if at == 1 else 5) * CHARACTER,
            indent=(6 if several else 5) * CHARACTER,
            keep_next=keep_next,
        )


def _annex(annex: Annex, number: int | None) -> Iterator[Part]:
    mark = Run(f"附件{number or ''}", Face.HEI)
    yield Piece(Role.ANNEX_MARK, (mark,), new_page=True, keep_next=True)
    yield from _blank(1, keep_next=True)
    yield _title(title_lines(annex.title, annex.keep))
    if annex.table.unit:
        yield Piece(
            Role.UNIT,
            (Run(annex.table.unit),),
            size=SIZE_TABLE,
            line_height=TABLE_LINE + 80,
            keep_next=True,
        )
    yield annex.table
    for note in annex.notes:
        yield Piece(Role.TABLE_NOTE, (Run(note),), size=SIZE_TABLE, line_height=TABLE_LINE)
