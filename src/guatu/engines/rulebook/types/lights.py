"""What gives lights: labels, interpretations, cases, gates, assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from guatu.engines.rulebook.types.conditions import Condition
from guatu.engines.rulebook.types.values import Record, Severity, Value

if TYPE_CHECKING:
    from guatu.engines.rulebook.procedures.acts import Act


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
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Light:
    """One dimension of one kind of subject: ordered cases, the first that holds decides.

    A case that cannot be decided for want of data ends the walk with `missing`: a later case
    may not overtake it. No case holds: the book is silent, `undecided`. `first_wins`: the text
    (or an interpretation) says that of two lines that hold the one above decides. `left_open`:
    who decided that what no line covers stays open.
    """

    id: str
    subject: str
    dimension: str
    clause: str
    cases: tuple[Case, ...]
    missing: Give
    silent: Give
    first_wins: bool = False
    left_open: Interpretation | None = None


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
    value: Value | tuple[Record, ...]
    clause: str
    interpretation: Interpretation
    subject: str = "项目"
