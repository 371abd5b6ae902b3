"""What an example expects of procedures: states, due days, clocks, checklists, duties, paths."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from guatu.engines.rulebook.procedures import Procedures
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import Book

TOTAL_KEYS = ("limit", "takes", "fits")
CLOCK_KEYS = ("status", "due_on", "promised_on", "earliest_on", "used", "left", "over")


def procedure_expectations(section: Section, book: Book) -> dict[str, Any]:
    """The keys of `Expectation` that are about procedures."""
    found = book.procedures or Procedures()
    return {
        "states": _words(section, "states", (one.head.name for one in found.ladders)),
        "due": _due(section, _due_acts(found)),
        "clocks": _clocks(section, [one.head.name for one in found.clocks]),
        "checklists": _words(section, "checklists", (one.head.name for one in found.checklists)),
        "duties": _words(
            section, "duties", [name for one in found.duties for name in (one.head.name, *one.who)]
        ),
        "items": _table(section, "items", _item_names(found)),
        "dropped": section.texts("dropped") if "dropped" in section else None,
        "totals": _totals(section, [one.head.name for one in found.totals]),
        "works": _words(section, "works", (one.head.name for one in found.workflows)),
        "takes": _count(section, "takes"),
        "violations": _count(section, "violations"),
        "partitions": _tables(section, "partitions", [one.name for one in book.partitions]),
    }


def _due_acts(found: Procedures) -> list[str]:
    sequels = [two.act for one in found.calendars for two in one.sequels]
    return [*(one.act for one in found.calendars), *sequels]


def _item_names(found: Procedures) -> list[str]:
    """Items, and the names of those decided together with others."""
    merged = [one.merge.name for one in found.items if one.merge and one.merge.name]
    return [*(one.head.name for one in found.items), *merged]


def _totals(section: Section, known: list[str]) -> dict[str, object]:
    found = _table(section, "totals", known)
    for name, value in found.items():
        keys = value.keys() if isinstance(value, dict) else set()
        for key in keys - set(TOTAL_KEYS):
            section.fault(f"“totals”里“{name}”没有“{key}”", f"可写：{'、'.join(TOTAL_KEYS)}")
    return found


def _table(section: Section, key: str, known: Iterable[str]) -> dict[str, object]:
    raw, names = section.peek(key), set(known)
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        section.fault(f"“{key}”应是一张表", f'{key} = {{"名称" = …}}')
        return {}
    for name in raw.keys() - names:
        section.fault(f"“{key}”里没有“{name}”", f"可写：{'、'.join(sorted(names)) or '本书没有'}")
    return {name: value for name, value in raw.items() if name in names}


def _words(section: Section, key: str, known: Iterable[str]) -> dict[str, str]:
    return {name: str(value) for name, value in _table(section, key, known).items()}


def _due(section: Section, known: list[str]) -> dict[str, tuple[date, ...]]:
    found = {}
    for name, value in _table(section, "due", known).items():
        days = value if isinstance(value, list) else [value]
        if not all(isinstance(day, date) and not isinstance(day, datetime) for day in days):
            section.fault(f"“due”里“{name}”应是日期或几个日期", f'due = {{"{name}" = 2025-10-15}}')
            continue
        found[name] = tuple(days)
    return found


def _clocks(section: Section, known: list[str]) -> dict[str, dict[str, object]]:
    found = _tables(section, "clocks", known)
    for name, value in found.items():
        for key in value.keys() - set(CLOCK_KEYS):
            section.fault(f"“clocks”里“{name}”没有“{key}”", f"可写：{'、'.join(CLOCK_KEYS)}")
    return found


def _tables(section: Section, key: str, known: list[str]) -> dict[str, dict[str, object]]:
    found = {}
    for name, value in _table(section, key, known).items():
        if not isinstance(value, dict):
            section.fault(f"“{key}”里“{name}”应是一张表")
            continue
        found[name] = value
    return found


def _count(section: Section, key: str) -> int | None:
    value = section.peek(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    section.fault(f"“{key}”应是个数")
    return None
