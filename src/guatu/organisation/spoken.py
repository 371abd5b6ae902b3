"""How people call units in file names and titles, from their names and `unit_words.toml`. Pure.

A unit is known by each name and alias; by its place in short with any name of its duty
(临江住建局 for 临江区住房和城乡建设局); a company without its endings (交投集团).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from guatu.core.names import match_form
from guatu.organisation.types import OrganisationKind

SOURCE = Path(__file__).with_name("unit_words.toml")


@dataclass(frozen=True, slots=True)
class Duty:
    """What bureaus of one duty are called; the word alone means one only behind a place."""

    word: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitWords:
    """The words of `unit_words.toml`, as match forms, longest first where it matters."""

    place_endings: tuple[str, ...]
    company_endings: tuple[str, ...]
    alone: tuple[str, ...]
    sent_by: tuple[str, ...]
    duties: tuple[Duty, ...]


@cache
def unit_words() -> UnitWords:
    """The words beside the code."""
    held = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return UnitWords(
        _forms(held["places"]["endings"]),
        _forms(held["companies"]["endings"]),
        _forms(held["companies"]["alone"]),
        _forms(held["territory"]["sent_by"]),
        tuple(Duty(match_form(one["word"]), _forms(one["names"])) for one in held["duties"]),
    )


def _forms(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(match_form, words), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation with every name it ever had; `region_id` None is the whole territory."""

    id: int
    kind: str
    region_id: int | None
    names: tuple[str, ...]


@dataclass(slots=True)
class SpokenUnits:
    """Who may be meant by a text: match forms of units, and of the territories below the root.

    `placeless` are forms that say no place: a text that names a territory does not mean them.
    """

    units: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    placeless: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    """Full names and aliases of the territories below the root."""
    short_places: dict[str, int] = field(default_factory=dict)
    senders: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Units that send a territory's own table, by territory."""
    duties: tuple[str, ...] = ()

    def find(self, text: str) -> int | None:
        """The one unit that a text names, or None where none or several may be meant."""
        form = match_form(text)
        named = [one for one in self.units if one in form and one not in self.places]
        if not named:
            return None
        best = max(named, key=len)
        rest = form.replace(best, "\n")
        others = {pk for one in named if one in rest for pk in self.units[one]}
        found = self.units[best]
        if len(found) != 1 or others - found:
            return None
        if best in self.placeless and self._place_in(form) is not None:
            return None
        return next(iter(found))

    def find_territory(self, text: str) -> int | None:
        """The unit that sends the table of the one territory a text names, or None."""
        form = match_form(text)
        named = {pk for place, pk in self.places.items() if place in form}
        if len(named) != 1 or any(word in form for word in self.duties):
            return None
        found = self.senders.get(next(iter(named)), set())
        return next(iter(found)) if len(found) == 1 else None

    def _place_in(self, form: str) -> int | None:
        known = {**self.short_places, **self.places}
        return next((pk for place, pk in known.items() if place in form), None)


def spoken_units(
    units: Sequence[Unit], regions: Mapping[int, Sequence[str]], root_id: int
) -> SpokenUnits:
    """The index of how units may be called; `regions` are all names of each, the root's too."""
    words = unit_words()
    spoken = SpokenUnits(duties=tuple(duty.word for duty in words.duties))
    for region_id, names in regions.items():
        if region_id != root_id:
            for name in map(match_form, names):
                spoken.places[name] = region_id
                for short in _shortened(name, words):
                    spoken.short_places[short] = region_id
    root_places = _root_places(regions.get(root_id, ()), words)
    for unit in units:
        is_city = unit.region_id in (None, root_id)
        names = regions.get(unit.region_id or 0, ())
        places = root_places if is_city else _places(names, words)
        _add(spoken, unit, places, words, is_city=is_city)
    return spoken


def _add(
    spoken: SpokenUnits, unit: Unit, places: tuple[str, ...], words: UnitWords, *, is_city: bool
) -> None:
    for name in map(match_form, unit.names):
        if len(name) < 2:
            continue
        tail, has_place = _without_place(name, places)
        spoken.units[name].add(unit.id)
        if unit.kind == OrganisationKind.COMPANY:
            for form in _company_forms(tail, places, words):
                spoken.units[form].add(unit.id)
            continue
        duty = next((one for one in words.duties if tail in one.names), None)
        if duty and duty.word in words.sent_by and not is_city and unit.region_id is not None:
            spoken.senders[unit.region_id].add(unit.id)
        forms = set(duty.names) if duty else {tail} if is_city or has_place else set()
        if is_city:
            if not has_place:
                spoken.placeless.add(name)
            for form in forms:
                spoken.units[form].add(unit.id)
                spoken.placeless.add(form)
        for form in (*forms, *((duty.word,) if duty else ())):
            for place in places:
                spoken.units[place + form].add(unit.id)


def _company_forms(tail: str, places: tuple[str, ...], words: UnitWords) -> set[str]:
    ending = next((one for one in words.company_endings if tail.endswith(one)), "")
    core = tail.removesuffix(ending)
    if len(core) < 2:
        return set()
    forms = {core + one for one in words.company_endings}
    if core.endswith(words.alone):
        forms.add(core)
    return forms | {place + one for place in places for one in (*forms, core)}


def _without_place(name: str, places: tuple[str, ...]) -> tuple[str, bool]:
    for place in sorted(places, key=len, reverse=True):
        if name.startswith(place) and len(name) > len(place) + 1:
            return name.removeprefix(place), True
    return name, False


def _places(names: Iterable[str], words: UnitWords) -> tuple[str, ...]:
    forms = [match_form(name) for name in names]
    return tuple(dict.fromkeys([*forms, *(s for form in forms for s in _shortened(form, words))]))


def _root_places(names: Iterable[str], words: UnitWords) -> tuple[str, ...]:
    """The root's names, in short, and what it is: 江源市, 江源, 市."""
    forms = _places(names, words)
    kinds = {form[-1] for form in forms if form[-1] in words.place_endings}
    return (*forms, *sorted(kinds))


def _shortened(name: str, words: UnitWords) -> tuple[str, ...]:
    ending = next((one for one in words.place_endings if name.endswith(one)), "")
    short = name.removesuffix(ending)
    return (short,) if ending and len(short) >= 2 else ()
