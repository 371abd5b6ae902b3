"""The leaves of conditions: comparisons, flags and lists."""

from __future__ import annotations

from guatu.engines.rulebook.types import (
    All,
    AnyOf,
    Chain,
    Comparison,
    Condition,
    Flag,
    Leaf,
    Member,
    Named,
    Not,
)


def leaves_of(condition: Condition) -> tuple[Leaf, ...]:
    """The comparisons, flags and lists a condition is made of."""
    match condition:
        case Not(part):
            return leaves_of(part)
        case All(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in leaves_of(part))
    return (condition,)


def names_of(leaf: Leaf) -> tuple[str, ...]:
    """The measures a leaf names, each once."""
    match leaf:
        case Flag(name) | Member(name):
            return (name,)
        case Comparison(left, _, right):
            return tuple(side.name for side in (left, right) if isinstance(side, Named))
        case Chain(comparisons):
            return tuple(dict.fromkeys(name for one in comparisons for name in names_of(one)))
