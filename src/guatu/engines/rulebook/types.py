"""What a rule book is made of, and what it says about one subject: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from guatu.core.errors import BadInput
from guatu.core.ratio import Rounding


class RulebookError(BadInput):
    """A rule book, its examples or facts cannot be used; carries every fault at once."""


class Severity(StrEnum):
    """What sorts and counts. Label and colour come from the rule book (architecture §7)."""

    OK = "ok"
    NOTICE = "notice"
    WARNING = "warning"
    SERIOUS = "serious"
    NO_DATA = "no_data"
    NOT_DUE = "not_due"
    NOT_IN_SCOPE = "not_in_scope"
    UNDECIDED = "undecided"


JUDGED = (Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS)
"""Severities that rest on data, mildest first."""

UNJUDGED = (
    Severity.UNDECIDED,
    Severity.NO_DATA,
    Severity.NOT_DUE,
    Severity.NOT_IN_SCOPE,
)
"""What a subject is when no dimension has been judged: the first of these that occurs."""


class Kind(StrEnum):
    """The kind of a measure. Facts hold int (yuan, count, months), a pair of int (ratio),
    date (day), bool or str (text)."""

    YUAN = "yuan"
    RATIO = "ratio"
    COUNT = "count"
    MONTHS = "months"
    DAY = "day"
    BOOL = "bool"
    TEXT = "text"


type Pair = tuple[int, int]
type Value = int | str | date | Pair
type FactValue = Value | None


# --- conditions: the tree that both the evaluator and the explanation walk ---


@dataclass(frozen=True, slots=True)
class Named:
    """A measure, by its name in the catalogue."""

    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A literal in the measure's own terms: yuan, a reduced pair, months, a day, a text."""

    value: Value


type Operand = Named | Limit


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`; at least one side is a measure, both are of `kind`."""

    left: Operand
    operator: str
    right: Operand
    kind: Kind


@dataclass(frozen=True, slots=True)
class Chain:
    """`a <= x < b`: all comparisons hold."""

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A text or count is one of a list."""

    name: str
    values: tuple[Value, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes/no measure standing alone."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Negation; unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """`and`."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`or`."""

    parts: tuple[Condition, ...]


type Leaf = Comparison | Chain | Member | Flag
type Condition = Leaf | Not | All | AnyOf


# --- the book ---


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Who decided what an open text means, when, and why."""

    by: str
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Give:
    """What a case gives: a severity under the book's own label and colour."""

    severity: Severity
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a light: if `when` holds, `give`."""

    id: str
    clause: str
    when: Condition
    text: str
    give: Give
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Light:
    """One dimension of one kind of subject: ordered cases, the first that holds decides.

    A case that cannot be decided for want of data ends the walk with `missing`: a later case
    may not overtake it. No case holds: the book is silent, `undecided`.
    """

    id: str
    subject: str
    dimension: str
    clause: str
    cases: tuple[Case, ...]
    missing: Give
    silent: Give


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that a subject passes before its lights are judged.

    `missing` says what holds when the condition is unknown: None passes, otherwise the verdict.
    """

    id: str
    subject: str
    clause: str
    when: Condition
    text: str
    refused: Give
    missing: Give | None
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a book takes a measure to be when nothing is recorded."""

    measure: str
    value: Value
    clause: str
    interpretation: Interpretation


@dataclass(frozen=True, slots=True)
class Book:
    """A parsed rule book (办法). Two books with the same `digest` judge alike."""

    id: str
    version: int
    valid_from: date
    valid_until: date | None
    subject: str
    compare: str
    title: str
    source: str
    combine: str
    labels: Mapping[Severity, Give] = field(hash=False)
    gates: tuple[Gate, ...]
    assumptions: tuple[Assumption, ...]
    lights: tuple[Light, ...]
    digest: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The kinds of subject this book has lights for, its main subject first."""
        return tuple(dict.fromkeys((self.subject, *(light.subject for light in self.lights))))


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


# --- what it says ---


class LightVerdict(NamedTuple):
    """One dimension's light, the rule (case) that gave it and the clause it stands in."""

    dimension: str
    severity: Severity
    label: str
    colour: str
    rule: str
    clause: str


class Verdict(NamedTuple):
    """A subject's light. `in_scope` is None when the data to say so is missing.

    Verdicts are shared between subjects with the same outcome.
    """

    in_scope: bool | None
    lights: tuple[LightVerdict, ...]
    overall: Severity
    label: str
    colour: str


class Reason(NamedTuple):
    """One thing a verdict rests on, as strings for paper and JSON (architecture §7)."""

    rule: str
    clause: str
    measure: str
    value: str
    limit: str
    text: str
