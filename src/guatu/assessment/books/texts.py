"""What forms and the program write into a book's head (编号、版本、名称、施行日期、出处). Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date

from guatu.engines.rulebook.places import places_of

HEAD = {"title": "名称", "from": "施行日期", "source": "出处"}
"""What of the head stands on the page beside the numbers, and what it is called there."""

LONGEST_HEAD = 200
_HEADING = re.compile(r"\A\s*#[ \t]+(.*?)[ \t]*$", re.MULTILINE)


def with_head(toml: str, book_id: str, number: int) -> str:
    """The text with this id and version in its `[book]`; comments and spacing stay.

    What is no TOML, or has no such lines, is given back as it is: checking it names the fault.
    """
    return _with_values(toml, {"id": f'"{book_id}"', "version": str(number)})


def head_of(toml: str) -> dict[str, str]:
    """What the text has of the head, as forms show it; empty where it is no TOML."""
    try:
        head = tomllib.loads(toml).get("book")
    except (ValueError, RecursionError):
        return {}
    found = head if isinstance(head, dict) else {}
    return {key: str(found[key]) for key in HEAD if isinstance(found.get(key), str | date)}


def head_fault(key: str, told: str) -> str:
    """Why that cannot stand in the head; empty where it can."""
    if key == "from":
        try:
            date.fromisoformat(told)
        except ValueError:
            return "请写日期，如2026-11-01"
        return "" if len(told) == 10 else "请写日期，如2026-11-01"
    if not told.strip() and key == "title":
        return "请写名称"
    return f"最多{LONGEST_HEAD}字" if len(told) > LONGEST_HEAD else ""


def with_head_told(toml: str, text: str, told: Mapping[str, str]) -> tuple[str, str]:
    """The rules with this head, and the clauses under the same title where they had the old one.

    `told` has no faults (`head_fault`).
    """
    old = head_of(toml).get("title", "")
    written = {
        key: value if key == "from" else _quoted(value.strip()) for key, value in told.items()
    }
    match = _HEADING.search(text)
    if "title" in told and match and match[1] == old:
        text = text[: match.start(1)] + " ".join(told["title"].split()) + text[match.end(1) :]
    return _with_values(toml, written), text


def _quoted(value: str) -> str:
    """A TOML string: what JSON escapes, TOML reads alike, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with_values(toml: str, written: Mapping[str, str]) -> str:
    """The text with these values in its `[book]`, for the keys that it has."""
    try:
        places = places_of(toml)
    except (ValueError, RecursionError):
        return toml
    found = [
        (places[path], text) for key, text in written.items() if (path := ("book", key)) in places
    ]
    for place, text in sorted(found, key=lambda one: one[0].start, reverse=True):
        toml = toml[: place.start] + text + toml[place.end :]
    return toml
