"""A measure (量), and how it may follow from others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guatu.engines.rulebook.types.conditions import Condition
from guatu.engines.rulebook.types.values import Kind, Pair, Value


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition with the text it was written as."""

    when: Condition
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of `choose`: where `stated` holds (None: otherwise) give a value or a measure."""

    stated: Stated | None
    value: Value | None
    name: str


@dataclass(frozen=True, slots=True)
class Choose:
    """The first line that holds; unknown before one holds is unknown; none holds is missing.

    `is_rest_missing`: the book says so itself; otherwise the lines leave nothing out.
    """

    choices: tuple[Choice, ...]
    is_rest_missing: bool = False


@dataclass(frozen=True, slots=True)
class Conditions:
    """`holds` (one condition) and `how_many` (how many of them hold)."""

    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`rank`: 1 is best. `within` is the grouping measure ("" for all); unknown has no rank.

    `ties`: shared (并列，跳号) or dense (并列，不跳号). `from_last` counts from the worst.
    `among` leaves out who does not compete.
    """

    within: str
    lowest_first: bool
    ties: str
    from_last: bool
    among: Stated | None


@dataclass(frozen=True, slots=True)
class Peers:
    """`peers`: sum, mean, highest, lowest or number over the subjects of the same group.

    `skips`: subjects without the figure are left out; otherwise one of them leaves it missing.
    """

    take: str
    within: str
    among: Stated | None
    skips: bool


@dataclass(frozen=True, slots=True)
class Members:
    """`members`: the same over subjects of another kind that name this one in their `by`."""

    take: str
    over: str
    by: str
    among: Stated | None
    skips: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Which records count: of this 月, 季度, 半年, 年, of the last `months`, or all.

    `when` is a condition on the record's own value (named 值); `back` is for `previous`,
    `every` for `consecutive`: the period that each record stands for ("" counts entries).
    """

    within: str
    months: int
    stated: Stated | None
    back: int = 0
    every: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`panel`: scores given by several, in groups with weights; `drop` extremes each side."""

    weights: tuple[tuple[str, Pair], ...]
    drop: int
    window: Window


@dataclass(frozen=True, slots=True)
class Share:
    """`share_of`: that part of an amount, whole yuan, half up."""

    share: Pair


type Detail = Choose | Conditions | Ranking | Peers | Members | Window | Panel | Share


@dataclass(frozen=True, slots=True)
class Measure:
    """A named fact about a subject.

    `operator` over `of` is how it follows from other measures when it is not given itself.
    `carried` tells whether a workbook (or the ledger made from workbooks) carries it today; a
    measure that nothing carries is missing data until somebody records it. `phrases` are the
    Chinese words explanations use: positive, negative, zero; yes, no; none for a limit that
    allows nothing above zero ("0 or less" of a lag says nothing to a reader).
    `judged_by` makes it a recorded human judgement, `values` a closed list of texts,
    `record_kind` the kind of value each record holds (None: the event alone counts).
    `by_work` says which way work moves it: "more", "less", or "" where nobody's work does (a plan,
    a deadline, a name). `like` are words that offices use for it or for something near: nobody
    may write them, they are only suggested from.
    Operator "output" marks a name that a rule of the book itself gives (a part, a grade …).
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    data: str
    carried: bool
    subjects: tuple[str, ...]
    also: tuple[str, ...] = ()
    operator: str = ""
    of: tuple[str, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict, hash=False)
    detail: Detail | None = None
    values: tuple[str, ...] = ()
    judged_by: str = ""
    evidence: str = ""
    record_kind: Kind | None = None
    by_work: str = ""
    like: tuple[str, ...] = ()

    @property
    def grows_by_work(self) -> bool:
        """Whether work makes it more (an amount done), not less (problems left)."""
        return self.by_work == "more"
