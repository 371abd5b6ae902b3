"""A whole rule book, and the city settings that it may depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from guatu.core.ratio import Rounding
from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.types.lights import Assumption, Gate, Give, Light
from guatu.engines.rulebook.types.measures import Measure
from guatu.engines.rulebook.types.outputs import (
    ActRule,
    Exemption,
    Grade,
    ListRule,
    Money,
    Noted,
    Open,
    Partition,
)
from guatu.engines.rulebook.types.scoring import Part, Score
from guatu.engines.rulebook.types.values import Severity

if TYPE_CHECKING:
    from guatu.engines.rulebook.procedures.tables import Procedures


@dataclass(frozen=True, slots=True)
class Book:
    """A parsed rule book (办法). Two books with the same `digest` judge alike.

    `measures` are the book's own: given, derived, and (operator "output") what its rules give.
    `events` are the names that people register and ladders, clocks and calendars wait for.
    """

    id: str
    version: int
    valid_from: date
    valid_until: date | None
    subject: str
    compare: str
    title: str
    source: str
    digest: str
    combine: str = "worst"
    labels: Mapping[Severity, Give] = field(default_factory=dict, hash=False)
    gates: tuple[Gate, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    lights: tuple[Light, ...] = ()
    kinds: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    parts: tuple[Part, ...] = ()
    scores: tuple[Score, ...] = ()
    grades: tuple[Grade, ...] = ()
    lists: tuple[ListRule, ...] = ()
    acts: tuple[ActRule, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    money: tuple[Money, ...] = ()
    partitions: tuple[Partition, ...] = ()
    procedures: Procedures | None = None
    noted: tuple[Noted, ...] = ()
    opens: tuple[Open, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The kinds of subject this book has lights for, its main subject first."""
        return tuple(dict.fromkeys((self.subject, *(light.subject for light in self.lights))))

    @property
    def judged(self) -> tuple[str, ...]:
        """The kinds of subject that any rule of this book speaks of, its main subject first."""
        rules: tuple[
            Light | Part | Score | Grade | ListRule | ActRule | Exemption | Money | Partition, ...
        ] = (
            *self.lights,
            *self.parts,
            *self.scores,
            *self.grades,
            *self.lists,
            *self.acts,
            *self.exemptions,
            *self.money,
            *self.partitions,
        )
        kinds = [rule.subject for rule in rules]
        if self.procedures is not None:
            kinds += [head.subject for head in self.procedures.heads if head.subject]
        return tuple(dict.fromkeys((self.subject, *kinds)))


@dataclass(frozen=True)
class Settings:
    """A city's settings that a rule book may depend on.

    They matter to the verdict only where the book says `compare = "printed"`: then ratios are
    compared as rounded to these digits of a percentage. `gap` is how a difference of two rates
    is rounded: the exact difference once, or the difference of the two rounded rates
    (figures.md 4). Money, counts and days are always compared as they are.
    """

    digits: int = 1
    digits_of: Mapping[str, int] = field(default_factory=dict)
    rounding: Rounding = Rounding.HALF_UP
    rounding_of: Mapping[str, Rounding] = field(default_factory=dict)
    gap: str = "unrounded"
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
