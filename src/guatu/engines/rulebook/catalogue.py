"""The catalogue of measures (量): the names a rule book may use, as data in `measures.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from guatu.engines.rulebook.types import Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """A named fact about a subject.

    `operator` over `of` is how it follows from other measures when it is not given itself.
    `carried` tells whether a workbook (or the ledger made from workbooks) carries it today; a
    measure that nothing carries is missing data until somebody records it. `phrases` are the
    Chinese words explanations use: positive, negative, zero; yes, no; none for a limit that
    allows nothing above zero ("0 or less" of a lag says nothing to a reader).
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    data: str
    carried: bool
    subjects: tuple[str, ...]
    also: tuple[str, ...] = ()
    operator: str = ""
    of: tuple[str, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict, hash=False)


class Catalogue:
    """Measures by name and by synonym."""

    def __init__(self, measures: tuple[Measure, ...]) -> None:
        self.measures = measures
        self._by_name = {measure.name: measure for measure in measures}
        self._by_word = self._by_name | {
            word: measure for measure in measures for word in measure.also
        }

    def __getitem__(self, name: str) -> Measure:
        return self._by_name[name]

    def find(self, word: str) -> Measure | None:
        """The measure of that name or synonym."""
        return self._by_word.get(word)

    def suggestion(self, word: str, *others: str) -> str:
        """`是不是“…”` for the nearest names, or where to look them up."""
        near = get_close_matches(word, [*self._by_word, *others], n=2, cutoff=0.5)
        if not near:
            return "可用的量见docs/rulebooks.md"
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
                operator=derived.get("operator", ""),
                of=tuple(derived.get("of", ())),
                phrases=row.get("phrases", {}),
            )
        )
    return Catalogue(tuple(measures))
