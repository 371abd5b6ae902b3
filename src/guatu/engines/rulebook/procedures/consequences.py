"""Consequences (处理): when something holds, these acts follow, unless an exemption holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures.acts import Act, ActDue, due_acts, read_acts
from guatu.engines.rulebook.procedures.reading import (
    Head,
    Holds,
    ReadCondition,
    When,
    decide,
    nothing_known,
    read_head,
    read_when,
    read_yes,
)
from guatu.engines.rulebook.sections import Section


@dataclass(frozen=True, slots=True)
class Consequence:
    """Acts that follow from a condition. `choose_one`: somebody takes one of them (RB92)."""

    head: Head
    when: When | None
    unless: When | None
    do: tuple[Act, ...]
    choose_one: bool


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows for one subject; `applies` is None when the data to say so is missing."""

    applies: bool | None
    acts: tuple[ActDue, ...] = ()
    choose_one: bool = False
    doubts: tuple[str, ...] = ()


def read_consequence(section: Section, read: ReadCondition) -> Consequence:
    """One `[[consequence]]`. Notes every fault."""
    head = read_head(section)
    if "when" not in section:
        section.fault("缺少“when”", "写明什么情况下处理", code="missing-when")
    consequence = Consequence(
        head=head,
        when=read_when(section, "when", read),
        unless=read_when(section, "unless", read),
        do=read_acts(section, "do", read),
        choose_one=read_yes(section, "choose_one"),
    )
    if "do" not in section:
        section.fault("缺少“do”", 'do = [{act = "约谈", by = "分管副市长"}]', code="missing-do")
    section.finish()
    return consequence


def follows(
    consequence: Consequence, on: date, *, days: WorkCalendar, holds: Holds = nothing_known
) -> Follows:
    """What follows on a day. Missing data punishes nobody: the acts wait, with the doubt."""
    doubts: list[str] = []
    applies = decide(consequence.when, holds, doubts)
    exempt = consequence.unless is not None and decide(consequence.unless, holds, doubts)
    if applies is False or exempt is True:
        return Follows(False)
    if applies is None or exempt is None:
        return Follows(None, doubts=tuple(doubts))
    acts = tuple(act for act in consequence.do if decide(act.when, holds, doubts))
    due = due_acts(acts, on, days)
    return Follows(True, due, consequence.choose_one, tuple(doubts))
