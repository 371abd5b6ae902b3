"""Counts by a closed list of states; together with the unknown they are all (RB92)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from guatu.engines.rulebook.run import Run


@dataclass(frozen=True, slots=True)
class Counted:
    """A partition of all subjects of a kind: each state's number, and those without a state."""

    name: str
    total: int
    counts: Mapping[str, int]
    unknown: int


def partitions_of(run: Run) -> tuple[Counted, ...]:
    """Every partition of the book over the subjects of the run."""
    found = []
    for rule in run.book.partitions:
        mine = [one for one in run.outcomes if one.subject.kind == rule.subject]
        if not mine:
            continue
        slot = run.evaluators[rule.subject].plan.exact[rule.of]
        states = Counter(one.frame[slot] for one in mine)
        counts = {value: states[value] for value in rule.values}
        found.append(Counted(rule.name, len(mine), counts, states[None]))
    return tuple(found)
