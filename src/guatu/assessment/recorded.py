"""Recorded values (登记) as the facts that a rule book reads. Pure.

A value is handed over only where the book has a measure of that name and of the form that was
recorded: what a later version of the book reads otherwise is missing there, never mistaken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

from guatu.assessment.types import FrozenEntry, Recorded
from guatu.engines.rulebook import HISTORY, Record
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.types import Kind
from guatu.ledger.values import form_of, restored

PAST_LIGHTS = "往期总灯"
"""The labels of the earlier locked rounds, by the catalogue's name."""


def recorded_facts(
    recorded: Sequence[Recorded], catalogue: Catalogue, as_of: date
) -> dict[str, object]:
    """The facts by measure: all entries of a record, else the value that holds on the day, with
    the earlier ones behind it."""
    facts: dict[str, object] = {}
    for one in recorded:
        measure = catalogue.find(one.measure)
        if measure is None or measure.name != one.measure or form_of(measure) != one.form:
            continue
        if measure.kind is Kind.RECORDS:
            parts: list[Any] = [_value(entry.value, one.form) for entry in one.entries]
            facts[one.measure] = tuple(chain.from_iterable(parts))
            continue
        held = _held(one.entries, as_of)
        facts[one.measure] = None if held is None else _value(held.value, one.form)
        facts[one.measure + HISTORY] = tuple(
            Record(entry.on, _value(entry.value, one.form)) for entry in one.entries
        )
    return facts


def with_recorded(
    facts: Mapping[str, object], recorded: Sequence[Recorded], catalogue: Catalogue, as_of: date
) -> Mapping[str, object]:
    """The facts with what was recorded beside them; what the tables carry stands."""
    if not recorded:
        return facts
    told = recorded_facts(recorded, catalogue, as_of)
    return {**facts, **{name: value for name, value in told.items() if facts.get(name) is None}}


def _held(entries: Sequence[FrozenEntry], as_of: date) -> FrozenEntry | None:
    """The value that holds on a day: the newest that has not ended; of one day the last."""
    held = [one for one in entries if one.valid_to is None or as_of <= one.valid_to]
    return held[-1] if held else None


@lru_cache(maxsize=4096)
def _value(text: str, form: str) -> Any:
    return restored(text, form)
