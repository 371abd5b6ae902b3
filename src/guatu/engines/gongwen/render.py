"""`render(document)`: the docx as bytes, the same bytes for the same document."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part as OpcPart
from docx.oxml import parse_xml

from guatu.engines.gongwen.drawing import draw, page_number
from guatu.engines.gongwen.grid import (
    BOTTOM,
    FOOTER_DISTANCE,
    LEFT,
    LINE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    TOP,
)
from guatu.engines.gongwen.layout import laid_out
from guatu.engines.gongwen.styles import font_table_xml, settings_xml, styles_xml
from guatu.engines.gongwen.titles import title_lines
from guatu.engines.gongwen.types import Document
from guatu.engines.gongwen.xml import Element, element

EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_OURS = frozenset({RT.THEME, RT.NUMBERING, RT.WEB_SETTINGS, RT.CUSTOM_XML})
_OFFICE_2007 = "http://schemas.microsoft.com/office/2007/relationships/"


def render(document: Document) -> bytes:
    """The document as docx, to be edited and signed in WPS or Word (GB/T 9704-2012, M-I2).

    Raises GongwenError with every reason why it cannot be set; deterministic.
    """
    placed = laid_out(document)
    opened = docx.Document()
    replace_parts(opened)
    body = opened.element.body
    for child in list(body):
        body.remove(child)
    body.extend(draw(part) for part in placed)
    body.append(_section())
    number_pages(opened)
    _describe(opened, document)
    raw = io.BytesIO()
    opened.save(raw)
    return repacked(raw.getvalue())


def replace_parts(opened: docx.document.Document) -> None:
    """Our styles, settings and fonts in place of the library's template, its theme left out."""
    part = opened.part
    part._styles_part._element = parse_xml(styles_xml())
    part._settings_part._element = parse_xml(settings_xml())
    for key, relation in list(part.rels.items()):
        if relation.reltype in _NOT_OURS or relation.reltype.startswith(_OFFICE_2007):
            part.rels.pop(key)
        elif relation.reltype == RT.FONT_TABLE:
            old: OpcPart = relation.target_part
            old._blob = font_table_xml()
    package = part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype in (RT.THUMBNAIL, RT.EXTENDED_PROPERTIES):
            package.rels.pop(key)


def _section() -> Element:
    return element(
        "sectPr",
        element("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        element(
            "pgMar",
            top=TOP,
            right=RIGHT,
            bottom=BOTTOM,
            left=LEFT,
            header=851,
            footer=FOOTER_DISTANCE,
            gutter=0,
        ),
        element("docGrid", type="lines", linePitch=LINE),
    )


def number_pages(opened: docx.document.Document) -> None:
    """Footers with the page number, outer edge (clause 7.5)."""
    section = opened.sections[0]
    for footer, even in ((section.footer, False), (section.even_page_footer, True)):
        footer.is_linked_to_previous = False
        holder = footer._element
        for child in list(holder):
            holder.remove(child)
        holder.append(page_number(even=even))


def _describe(opened: docx.document.Document, document: Document) -> None:
    signed = document.signature
    day = signed.dated_on if signed else None
    moment = datetime(day.year, day.month, day.day) if day else datetime(*EPOCH[:3])
    properties = opened.core_properties
    properties.title = "".join(title_lines(document.title, document.keep))
    properties.author = signed.issuer if signed else ""
    properties.last_modified_by = properties.author
    properties.comments = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = moment


def repacked(raw: bytes) -> bytes:
    """The same package with members in one order and without the time of writing."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return packed.getvalue()
