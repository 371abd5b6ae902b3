"""Reading an edited docx back as plain text; nothing in it is run or fetched.

Deleted text (修订) and the fallbacks of drawings are left out; what is inserted counts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from guatu.core.archives import DAMAGED
from guatu.engines.gongwen.types import GongwenError

UPLOAD_BYTES = 20 * 1024 * 1024
_INFLATED_BYTES = 40 * 1024 * 1024
_MEMBERS = 2_000
_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(
    {
        f"{_W}del",
        f"{_W}moveFrom",
        f"{_W}instrText",
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as rows of cell texts; cells that span columns stand once."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def is_imprint(self) -> bool:
        """Whether it is 版记 (抄送, 印发机关, 印发日期) and no table of figures."""
        texts = ["".join(row).replace(" ", "") for row in self.rows]
        return len(texts) <= 3 and bool(texts) and texts[-1].endswith("印发")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Paragraphs outside tables, empty ones left out, and tables, each in their order."""

    paragraphs: tuple[str, ...]
    tables: tuple[ReadTable, ...]


def read_docx(data: bytes) -> ReadDocument:
    """The text of a docx. Raises GongwenError where it is none, too large or damaged."""
    body = _parsed(_body_of(data))
    paragraphs: list[str] = []
    tables: list[ReadTable] = []
    for child in _blocks(body):
        if child.tag == f"{_W}tbl":
            tables.append(ReadTable(tuple(_rows(child))))
        elif text := _text(child).strip():
            paragraphs.append(text)
    return ReadDocument(tuple(paragraphs), tuple(tables))


def _refuse(code: str, what: str) -> GongwenError:
    return GongwenError.of_one(code, what, "请用WPS或Word打开，另存为.docx后再传")


def _body_of(data: bytes) -> bytes:
    if len(data) > UPLOAD_BYTES:
        raise _refuse("docx-too-large", f"文件超过{UPLOAD_BYTES // (1024 * 1024)}MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.namelist()) > _MEMBERS:
                raise _refuse("docx-too-large", "文件里的部件过多")
            with archive.open(_BODY) as stream:
                text = stream.read(_INFLATED_BYTES + 1)
    except KeyError as error:
        raise _refuse("not-docx", "这不是Word文档") from error
    except DAMAGED as error:
        raise _refuse("not-docx", "这不是.docx文件，或已损坏、加密") from error
    if len(text) > _INFLATED_BYTES:
        raise _refuse("docx-too-large", "文件展开后过大")
    return text


def _parsed(text: bytes) -> ElementTree.Element:
    # Without a document type there are no entities, inner or outer (trust C-14).
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
        raise _refuse("docx-entities", "文件里有不允许的内容")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise _refuse("not-docx", "文件已损坏") from error
    body = root.find(f"{_W}body")
    if body is None:
        raise _refuse("not-docx", "这不是Word文档")
    return body


def _blocks(body: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Paragraphs and tables in their order, also those within content controls."""
    waiting = list(reversed(body))
    while waiting:
        one = waiting.pop()
        if one.tag in (f"{_W}p", f"{_W}tbl"):
            yield one
        elif one.tag not in _LEFT_OUT:
            waiting.extend(reversed(one))


def _rows(table: ElementTree.Element) -> Iterator[tuple[str, ...]]:
    for row in table.iter(f"{_W}tr"):
        yield tuple(_text(cell).strip() for cell in row.findall(f".//{_W}tc"))


def _text(element: ElementTree.Element) -> str:
    """Texts below, without recursion: a hostile file may nest deeply."""
    out: list[str] = []
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if one.tag in _LEFT_OUT:
            continue
        if one.tag == f"{_W}t":
            out.append(one.text or "")
        elif one.tag in (f"{_W}tab", f"{_W}br"):
            out.append(" ")
        waiting.extend(reversed(one))
    return "".join(out)
