"""Conditions: the tree that the evaluator, the explanation and the SQL all walk."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.types.values import Kind, Value


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
