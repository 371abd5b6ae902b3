"""Grades, lists, measures taken, money, partitions: what follows from figures and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guatu.engines.rulebook.types.conditions import Condition
from guatu.engines.rulebook.types.lights import Interpretation
from guatu.engines.rulebook.types.measures import Stated
from guatu.engines.rulebook.types.values import Pair, Value

if TYPE_CHECKING:
    from guatu.engines.rulebook.procedures.acts import Act


@dataclass(frozen=True, slots=True)
class GradeCase:
    """One band: where `when` holds, the label, and what is done."""

    id: str
    clause: str
    when: Condition
    text: str
    label: str
    acts: tuple[Act, ...]
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Grade:
    """A name by bands (等次): the first that holds; `missing` is the label without data."""

    id: str
    name: str
    subject: str
    clause: str
    cases: tuple[GradeCase, ...]
    missing: str
    first_wins: bool = False
    left_open: Interpretation | None = None


@dataclass(frozen=True, slots=True)
class ListRule:
    """Who is on a list or board. `may_skip`: who meets it may be left out (可不进入).

    `missing`: what holds where it cannot be told: not on the list (False) or open (None).
    `outside_scope`: judged of those too whom the gates stop (a list of who may be admitted).
    """

    id: str
    name: str
    subject: str
    clause: str
    stated: Stated
    may_skip: Stated | None
    missing: bool | None
    acts: tuple[Act, ...]
    interpretation: Interpretation | None
    outside_scope: bool = False


@dataclass(frozen=True, slots=True)
class ActRule:
    """What is to be done where a condition holds (unknown: nothing is).

    `unless` is the exception: unknown, it stays the acts too. `choose_one`: somebody takes one
    of them (RB92).
    """

    id: str
    name: str
    subject: str
    clause: str
    stated: Stated
    acts: tuple[Act, ...]
    interpretation: Interpretation | None
    unless: Stated | None = None
    choose_one: bool = False


@dataclass(frozen=True, slots=True)
class Exemption:
    """容错免责: where it holds, the named rules do not bite (a light is out of scope)."""

    id: str
    name: str
    subject: str
    clause: str
    stated: Stated
    waives: tuple[str, ...]
    acts: tuple[Act, ...]
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Line:
    """Money on a straight line between two marks of a measure, level outside them."""

    of: str
    low: Value
    low_yuan: int
    high: Value
    high_yuan: int


@dataclass(frozen=True, slots=True)
class Late:
    """Less by a share for each unit of a count (a month late −10 %), never below nothing."""

    of: str
    share: Pair


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan: fixed, a share of a measure, by a table, or on a line.

    `way` is what happens with it (奖励, 拨付, 预付, 扣减, 暂缓拨付, 下年扣减, 支付上限, 收费).
    `per` multiplies it by a number (days late, prizes won), `most` caps it (yuan or a measure).
    Rounded half up to whole yuan at the end.
    """

    id: str
    name: str
    subject: str
    clause: str
    way: str
    stated: Stated
    amount: int | None
    share: Pair | None
    of: str
    rows: tuple[tuple[Value, int], ...]
    line: Line | None
    late: Late | None
    most: int | None
    most_named: str
    interpretation: Interpretation | None
    per: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """Counts by a closed list of states that must add up to all (RB92)."""

    id: str
    name: str
    subject: str
    clause: str
    of: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """A clause that asks nothing of a computer, and why it stands in the book all the same."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Open:
    """A question that the text leaves open, and who answered it how."""

    clause: str
    question: str
    interpretation: Interpretation
