"""The numbers of a book's rules (limits, points, spans), to be changed where they stand (改数)."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from guatu.engines.rulebook.places import Path, Place, places_of
from guatu.engines.rulebook.reading import read_toml
from guatu.engines.rulebook.types import Book, RulebookError, Severity

NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
"""What may be written in place of a number."""

_WITH_UNIT = re.compile(r"(-?\d{1,15}(?:\.\d{1,9})?)([^\d.\s][^\d]{0,5})?")
_NOT_RULES = frozenset({"book", "labels", "note", "open", "format", "combine"})
_NOT_NUMBERS = frozenset(
    {
        "act", "also", "by", "clause", "colour", "dimension", "event", "from", "give", "id",
        "interpretation", "kind", "label", "meaning", "name", "note", "of", "on", "question",
        "says", "severity", "silent", "since", "start", "subject", "title", "unit", "until",
        "what", "who", "why", "with", "per", "group", "waives", "evidence",
    }
)  # fmt: skip
"""Keys whose values are names and words, never amounts."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one rule. `key` is its own name in forms, `rule` the table it stands in.

    `before` and `after` are what is written around it in the same value (a condition, a unit).
    """

    key: str
    rule: Path
    label: str
    written: str
    before: str
    after: str
    place: Place


def numbers_of(text: str) -> tuple[Number, ...]:
    """The numbers of a book's rules in the order in which they stand; none where it is no TOML."""
    try:
        places, table = places_of(text), read_toml(text, "")
    except (ValueError, RecursionError, RulebookError):
        return ()
    found = [
        number
        for path, value in _leaves(table, ())
        if path and path[0] not in _NOT_RULES and not _NOT_NUMBERS.intersection(map(str, path[1:]))
        for number in _numbers_at(path, value, places[path], text)
    ]
    return tuple(sorted(found, key=attrgetter("place.start")))


def with_numbers(text: str, changed: Mapping[str, str]) -> str:
    """The text with other numbers in their places; keys that it does not have are passed over.

    Raises ValueError with a Chinese line for what is no number.
    """
    pieces, end = [], 0
    for number in numbers_of(text):
        told = changed.get(number.key, number.written).strip()
        if not NUMBER.fullmatch(told):
            raise ValueError(f"“{told[:20]}”不是数")
        pieces += [text[end : number.place.start], told]
        end = number.place.end
    return "".join([*pieces, text[end:]])


def rule_ids(book: Book, rule: Path) -> tuple[str, ...]:
    """The sentences that `recite` says for the table at this path: their ids, or, with a full
    stop at the end, what the ids of a procedure's sentences begin with. Empty for none."""
    table, at = str(rule[0]), rule[1] if len(rule) > 1 and isinstance(rule[1], int) else 0
    if table in _CASES:
        one = getattr(book, _CASES[table])[at]
        return (one.cases[rule[3]].id,) if len(rule) > 3 else (f"{one.id}.缺数据", one.id)
    if table in _PLAIN:
        return (getattr(book, _PLAIN[table])[at].id,)
    if table in _GATES:
        return ([one for one in book.gates if one.refused.severity is _GATES[table]][at].id,)
    if table in _PROCEDURES and book.procedures:
        return (f"{getattr(book.procedures, _PROCEDURES[table])[at].head.name}.",)
    return ()


_CASES = {"light": "lights", "grade": "grades"}
_PLAIN = {
    "part": "parts",
    "score": "scores",
    "list": "lists",
    "act": "acts",
    "exempt": "exemptions",
    "money": "money",
}
_GATES = {"scope": Severity.NOT_IN_SCOPE, "due": Severity.NOT_DUE}
_PROCEDURES = {
    "calendar": "calendars",
    "clock": "clocks",
    "ladder": "ladders",
    "checklist": "checklists",
    "item": "items",
    "total_limit": "totals",
    "waiver": "waivers",
    "sequence": "sequences",
    "workflow": "workflows",
    "duty": "duties",
}


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    else:
        yield path, value


def _numbers_at(path: Path, value: object, place: Place, text: str) -> Iterable[Number]:
    written = text[place.start : place.end]
    if not isinstance(value, str):
        if not isinstance(value, bool) and NUMBER.fullmatch(written):
            yield _made(path, 0, written, (0, len(written)), place.start)
        return
    # Only a text that stands as it is read has its numbers where they are counted.
    if written[1:-1] != value or "\\" in written:
        return
    plain = _WITH_UNIT.fullmatch(value)
    spans = [plain.span(1)] if plain else list(_constants(value))
    for number, span in enumerate(spans):
        if NUMBER.fullmatch(value[slice(*span)]):
            yield _made(path, number, value, span, place.start + 1)


def _made(path: Path, number: int, told: str, span: tuple[int, int], offset: int) -> Number:
    start, end = span
    is_case = len(path) > 4 and path[2] == "cases" and isinstance(path[1], int)
    is_one_of_many = len(path) > 1 and isinstance(path[1], int)
    rule = path[:4] if is_case else path[:2] if is_one_of_many else path[:1]
    key = f"{'/'.join(map(str, path))}#{number}"
    label = next((str(one) for one in reversed(path) if isinstance(one, str)), "")
    place = Place(offset + start, offset + end)
    return Number(key, rule, label, told[start:end], told[:start], told[end:], place)


def _constants(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a condition stand, the sign before one included; none in other texts."""
    lead = len(text) - len(text.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if not any(isinstance(node, ast.Compare) for node in ast.walk(tree)):
        return
    line = text.strip().encode()

    def at(column: int) -> int:
        return lead + len(line[:column].decode())

    signed: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            signed[node.operand.col_offset] = node.col_offset
        is_number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        if is_number and not isinstance(node.value, bool):  # type: ignore[attr-defined]
            spans[node.col_offset] = (node.col_offset, node.end_col_offset or 0)  # type: ignore[attr-defined]
    for column, (start, end) in sorted(spans.items()):
        yield at(signed.get(column, start)), at(end)
