"""A circular as it is read on a page and kept once issued: every text with its figures put in."""

from __future__ import annotations

import json
from typing import Any

from guatu.engines.gongwen.numbering import heading_texts
from guatu.engines.gongwen.reading import read_docx
from guatu.engines.gongwen.types import Annex, Document, Heading, Imprint, Paragraph, Table


def shown(document: Document) -> dict[str, Any]:
    """The document as plain values: head, blocks in order, signature, annexes."""
    headings = heading_texts(document.blocks)
    blocks: list[dict[str, Any]] = []
    for at, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            blocks.append({"level": block.level, "text": headings[at]})
        else:
            blocks.append({"runs": _runs(block)})
    signed = document.signature
    return {
        "logo": document.logo or "",
        "number": document.number.text if document.number else "",
        "title": "".join(document.title),
        "addressee": document.addressee,
        "blocks": blocks,
        "annex_list": _annex_list(document),
        "issuer": signed.issuer if signed else "",
        "date": signed.date_text if signed else "",
        "annexes": [_annex(annex) for annex in document.annexes],
        "imprint": _imprint(document.imprint),
    }


def _annex_list(document: Document) -> list[str]:
    """附件说明 as it stands before the signature."""
    titles = [annex.title for annex in document.annexes]
    if len(titles) < 2:
        return [f"附件：{title}" for title in titles]
    return [
        f"{'附件：' if at == 1 else ''}{at}.{title}" for at, title in enumerate(titles, start=1)
    ]


def _runs(paragraph: Paragraph) -> list[dict[str, Any]]:
    return [{"text": r.text, "bold": r.bold, "marked": r.marked} for r in paragraph.runs]


def _imprint(imprint: Imprint | None) -> dict[str, str]:
    if imprint is None:
        return {}
    return {"copies": imprint.copies, "office": imprint.office, "date": imprint.date_text}


def _annex(annex: Annex) -> dict[str, Any]:
    return {"title": annex.title, "notes": list(annex.notes), **_table(annex.table)}


def _table(table: Table) -> dict[str, Any]:
    total = sum(column.share for column in table.columns)
    return {
        "unit": table.unit,
        "widths": [round(100 * column.share / total) for column in table.columns],
        "head": [
            [{"text": c.text, "columns": c.columns, "rows": c.rows} for c in row]
            for row in table.head
        ],
        "rows": [{"cells": list(row.cells), "bold": row.bold} for row in table.rows],
    }


def frozen_of(document: Document, book: str = "") -> str:
    """The issued text as it is stored, with the name of the rule book that judged."""
    told = {**shown(document), "book": book}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def frozen_of_file(document: Document, edited: bytes, book: str = "") -> str:
    """The same of a file that was edited outside: its own paragraphs and tables.

    The title names it; the rest stands in the paragraphs, head and signature included.
    """
    read = read_docx(edited)
    runs = [{"runs": [{"text": text, "bold": False, "marked": False}]} for text in read.paragraphs]
    return json.dumps(
        {
            "title": "".join(document.title),
            "is_file": True,
            "book": book,
            "blocks": runs,
            "annexes": [
                {
                    "title": "",
                    "unit": "",
                    "head": [],
                    "notes": [],
                    "rows": [{"cells": list(row), "bold": False} for row in table.rows],
                }
                for table in read.tables
                if not table.is_imprint
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_frozen(text: str) -> dict[str, Any]:
    """What was stored, ready to be shown."""
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("a paper without an issued text")
    return told
