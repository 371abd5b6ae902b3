"""The words that a vocabulary begins with, from `first_words.toml`. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("first_words.toml")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Physical nodes in their order (M-C3); `sectors` are words of the sectors that use it, none:
    everybody else's."""

    steps: tuple[str, ...]
    sectors: tuple[str, ...] = ()

    def is_for(self, sector: str) -> bool:
        """Whether a sector's name says that it climbs this ladder."""
        return any(word in sector for word in self.sectors)


@dataclass(frozen=True, slots=True)
class FirstWords:
    """What an office begins with."""

    reasons: tuple[str, ...]
    problems: tuple[str, ...]
    materials: tuple[str, ...]
    ladders: tuple[Ladder, ...]

    @property
    def common(self) -> Ladder:
        """The ladder of sectors that have none of their own."""
        return next(one for one in self.ladders if not one.sectors)

    def of_sectors(self, names: Iterable[str]) -> dict[str, Ladder]:
        """The ladders of those sectors that have one of their own, by the sector's name."""
        own = [one for one in self.ladders if one.sectors]
        found = {name: next((one for one in own if one.is_for(name)), None) for name in names}
        return {name: ladder for name, ladder in found.items() if ladder is not None}


def first_words() -> FirstWords:
    """What `first_words.toml` says."""
    held = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return FirstWords(
        tuple(held["reason"]),
        tuple(held["problem"]),
        tuple(held["material"]),
        tuple(Ladder(tuple(one["steps"]), tuple(one.get("sectors", ()))) for one in held["ladder"]),
    )
