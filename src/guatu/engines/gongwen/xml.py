"""WordprocessingML elements, written in the schema's order."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from guatu.engines.gongwen.types import Face

type Element = Any
"""An lxml element; python-docx gives them no public type."""


def element(tag: str, *children: Element, **attributes: str | int) -> Element:
    """`element("ind", firstLine=632)` → `<w:ind w:firstLine="632"/>` with its children."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def fonts(face: Face) -> Element:
    """All four font slots and the hint: with fewer, Chinese falls to a theme font."""
    return element("rFonts", hint="eastAsia", ascii=face, hAnsi=face, eastAsia=face, cs=face)


def text_run(
    text: str, face: Face, *, bold: bool = False, marked: bool = False, size: float | None = None
) -> Element:
    """A run; `size` in points only where the paragraph style does not say it."""
    properties = element("rPr", fonts(face))
    if bold:
        properties.append(element("b"))
    if size is not None:
        properties.append(element("sz", val=round(size * 2)))
    if marked:
        properties.append(element("highlight", val="yellow"))
    return element("r", properties, _text(text))


def _text(text: str) -> Element:
    made = element("t")
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made
