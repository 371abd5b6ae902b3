"""Ladders, calendars, clocks, checklists and the like: read by `procedures`, named here."""

from __future__ import annotations

from guatu.engines.rulebook.reading.context import Reading


def read_procedures(reading: Reading) -> tuple[object, ...]:
    """Every procedure of the book, in the order of its kinds."""
    return ()
