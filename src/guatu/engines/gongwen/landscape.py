"""A wide annex by itself: one table on landscape A4, its head on every page.

The type area is that of an upright page, turned (clause 5.2 of GB/T 9704-2012): 225 mm wide and
156 mm high; the binding edge is at the top.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import docx

from guatu.engines.gongwen.checks import require_settable_table
from guatu.engines.gongwen.drawing import draw, draw_table
from guatu.engines.gongwen.grid import (
    BOTTOM,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    SIZE_TABLE,
    TABLE_LINE,
    TOP,
)
from guatu.engines.gongwen.pieces import Piece, Role
from guatu.engines.gongwen.render import EPOCH, number_pages, repacked, replace_parts
from guatu.engines.gongwen.titles import title_lines
from guatu.engines.gongwen.types import Face, Run, Table
from guatu.engines.gongwen.xml import element

WIDTH = PAGE_HEIGHT - TOP - BOTTOM
"""225 mm in twips."""
_FOOTER = 850


@dataclass(frozen=True, slots=True)
class WideAnnex:
    """An annex too wide for an upright page; `mark` is what stands above, e.g. `附件`."""

    title: str
    table: Table
    mark: str = "附件"
    number: str = ""
    """文号 of the paper that it belongs to, under the title."""
    notes: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


def render_wide(annex: WideAnnex) -> bytes:
    """The annex as docx. GongwenError with every reason why it cannot be set; deterministic."""
    texts = (annex.title, annex.mark, annex.number, *annex.notes)
    require_settable_table(annex.table, annex.title, texts)
    opened = docx.Document()
    replace_parts(opened)
    body = opened.element.body
    for child in list(body):
        body.remove(child)
    if annex.mark:
        body.append(draw(Piece(Role.ANNEX_MARK, (Run(annex.mark, Face.HEI),), keep_next=True)))
    lines = title_lines(annex.title, annex.keep)
    body.append(draw(Piece(Role.TITLE, lines=lines, keep_next=True)))
    if annex.number:
        body.append(_centred(annex.number))
    if annex.table.unit:
        body.append(draw(_small(Role.UNIT, annex.table.unit, keep_next=True)))
    body.append(draw_table(annex.table, WIDTH))
    for note in annex.notes:
        body.append(draw(_small(Role.TABLE_NOTE, note)))
    body.append(
        element(
            "sectPr",
            element("pgSz", w=PAGE_HEIGHT, h=PAGE_WIDTH, orient="landscape"),
            element(
                "pgMar", top=LEFT, right=TOP, bottom=RIGHT, left=BOTTOM, header=_FOOTER,
                footer=_FOOTER, gutter=0,
            ),
        )
    )  # fmt: skip
    number_pages(opened)
    properties = opened.core_properties
    properties.title = annex.title
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = datetime(*EPOCH[:3])
    raw = io.BytesIO()
    opened.save(raw)
    return repacked(raw.getvalue())


def _small(role: Role, text: str, *, keep_next: bool = False) -> Piece:
    return Piece(role, (Run(text),), size=SIZE_TABLE, line_height=TABLE_LINE, keep_next=keep_next)


def _centred(text: str) -> object:
    """The number below the title, in 楷体, centred."""
    made = draw(Piece(Role.TABLE_NOTE, (Run(text, Face.KAI),), keep_next=True))
    made[0].append(element("jc", val="center"))
    return made
