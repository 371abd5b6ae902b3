"""What waits for a reader of the desk: one line with where it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the reader: a number, what it is, where to go."""

    number: str
    what: str
    href: str = ""
    note: str = ""
    is_late: bool = False
