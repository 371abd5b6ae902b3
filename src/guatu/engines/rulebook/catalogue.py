"""The catalogue of measures (量): the names a rule book may use, as data in `measures.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from guatu.engines.rulebook.types import Kind, Measure

EVERY = "*"
"""In `subjects`: a measure of every kind of subject."""


class Catalogue:
    """Measures by name and by synonym; words that only suggest one stand apart."""

    def __init__(self, measures: tuple[Measure, ...]) -> None:
        self.measures = measures
        self._by_name = {measure.name: measure for measure in measures}
        self._by_word = self._by_name | {
            word: measure for measure in measures for word in measure.also
        }
        self._like = {word: one.name for one in measures for word in one.like}

    def with_own(self, own: tuple[Measure, ...], subject: str) -> Catalogue:
        """What rules about one kind of subject see: its own names before the standard ones.

        Names of other kinds of subject stay, so that a fault can say whose they are.
        """
        mine = {one.name: one for one in own if subject in one.subjects}
        others = {one.name: one for one in own if one.name not in mine}
        standard = {
            one.name: replace(one, subjects=(subject,)) if EVERY in one.subjects else one
            for one in self.measures
        }
        return Catalogue(tuple((others | standard | mine).values()))

    def __getitem__(self, name: str) -> Measure:
        return self._by_name[name]

    def find(self, word: str) -> Measure | None:
        """The measure of that name or synonym."""
        return self._by_word.get(word)

    def suggestion(self, word: str, *others: str) -> str:
        """`是不是“…”` for what offices mean by the word, else for the nearest names, else where to
        look them up."""
        if word in self._like:
            return f"是不是“{self._like[word]}”"
        near = get_close_matches(word, [*self._by_word, *others], n=2, cutoff=0.5)
        if not near:
            return "可用的量见docs/rulebooks/measures.md"
        return "是不是" + "或".join(f"“{name}”" for name in near)


@cache
def standard_catalogue() -> Catalogue:
    """The measures Guatu knows (`measures.toml` beside this module)."""
    return read_catalogue(Path(__file__).with_name("measures.toml").read_text("utf-8"))


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue. Raises KeyError, TypeError or ValueError: it is ours, not a user's."""
    measures = []
    for row in tomllib.loads(text)["measure"]:
        derived = row.pop("from", {})
        measures.append(
            Measure(
                name=row["name"],
                kind=Kind(row["kind"]),
                unit=row["unit"],
                meaning=row["meaning"],
                data=row["data"],
                carried=row["carried"],
                subjects=tuple(row["subjects"]),
                also=tuple(row.get("also", ())),
                like=tuple(row.get("like", ())),
                operator=derived.get("operator", ""),
                of=tuple(derived.get("of", ())),
                phrases=row.get("phrases", {}),
                judged_by=row.get("judged_by", ""),
                evidence=row.get("evidence", ""),
                by_work=row.get("by_work", ""),
                record_kind=Kind(row["value"]) if "value" in row else None,
            )
        )
    return Catalogue(tuple(measures))
