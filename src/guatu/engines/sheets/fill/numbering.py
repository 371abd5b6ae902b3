"""Serial numbers: how the template counts its projects, and the same with new rows in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from guatu.engines.sheets.fill.habits import Written
from guatu.engines.sheets.fill.sections import Section
from guatu.engines.sheets.grid import Cell

_SERIAL = re.compile(r"(\D*)(\d+)(\D*)")


class Counting(Enum):
    """Through the table, anew in each section, anew in each section of the first level."""

    CONTINUOUS = "continuous"
    SECTION = "section"
    TOP = "top"


@dataclass(slots=True)
class Numbered:
    """A project's line in its final order: what stood in its serial cell ("" where it is new)."""

    raw: Cell
    section: Section
    top: Section


def counting_of(lines: Sequence[Numbered]) -> Counting | None:
    """How the template counts; None when its numbers follow no plain order."""
    numbers = [number_in(line.raw) for line in lines]
    if not lines or any(number is None for number in numbers):
        return None
    for way in (Counting.CONTINUOUS, Counting.SECTION, Counting.TOP):
        if numbers == _counted(lines, way):
            return way
    return None


def _counted(lines: Sequence[Numbered], way: Counting) -> list[int]:
    counts: dict[int, int] = {}
    found = []
    for line in lines:
        group = {Counting.CONTINUOUS: 0, Counting.SECTION: id(line.section)}.get(way, id(line.top))
        counts[group] = counts.get(group, 0) + 1
        found.append(counts[group])
    return found


def renumbered(lines: Sequence[Numbered], way: Counting, sample: Cell) -> list[tuple[int, Written]]:
    """The lines whose number changes, by position, with what to write; `sample` shows how."""
    changed: list[tuple[int, Written]] = []
    for position, number in enumerate(_counted(lines, way)):
        raw = lines[position].raw
        if number_in(raw) != number:
            changed.append((position, _like(number, raw if raw != "" else sample)))
    return changed


def number_in(raw: Cell) -> int | None:
    """The number a serial cell shows: 3, 3.0, `3、`, `（3）`."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return int(raw) if raw == int(raw) else None
    match = _SERIAL.fullmatch(str(raw).strip())
    return int(match[2]) if match else None


def _like(number: int, sample: Cell) -> Written:
    if not isinstance(sample, str):
        return ("number", number)
    match = _SERIAL.fullmatch(sample.strip())
    if match is None:
        return ("number", number)
    digits = str(number)
    if match[2].startswith("0"):
        digits = digits.zfill(len(match[2]))
    return ("text", f"{match[1]}{digits}{match[3]}")
