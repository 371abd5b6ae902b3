"""Score cards: parts with operators, events, scores. Points are pairs, never rounded inside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guatu.core.ratio import Rounding
from guatu.engines.rulebook.types.conditions import Condition
from guatu.engines.rulebook.types.lights import Interpretation
from guatu.engines.rulebook.types.measures import Stated
from guatu.engines.rulebook.types.values import Pair, Value


class Partial(StrEnum):
    """What an incomplete step is worth: nothing, a whole step, its share."""

    WHOLE = "whole"
    STARTED = "started"
    PROPORTION = "proportion"


class Absent(StrEnum):
    """What a part is without data: it leaves the score open, or it is not counted."""

    NO_DATA = "无数据"
    LEFT_OUT = "不计入"


@dataclass(frozen=True, slots=True)
class Steps:
    """`full` at the target; `up` for each step above, `down` for each below, within the clamp.

    Steps above may have another size (`step_up`) than those below (RB25, RB26). Where less is
    better (days overdue), `up` is for each step below and `down` for each above.
    """

    of: str
    target: Value
    step_up: Value
    step_down: Value
    up: Pair
    down: Pair
    partial: Partial
    lowest: Pair | None
    highest: Pair | None
    less_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Proportional:
    """`full` × measure ÷ target, at most `most` (None: without limit)."""

    of: str
    target: Value
    most: Pair | None


@dataclass(frozen=True, slots=True)
class Beyond:
    """`points` for each step of a measure above a mark (RB29: every 100万元 over 500万元)."""

    of: str
    above: Value
    step: Value
    points: Pair
    partial: Partial


@dataclass(frozen=True, slots=True)
class PointsCase:
    """One line of `cases`: fixed points, or those a measure holds; perhaps more beyond a mark."""

    id: str
    clause: str
    when: Condition
    text: str
    points: Pair
    named: str
    beyond: Beyond | None
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class PointsCases:
    """The first line that holds; none holds gives `otherwise` (None: no points, faulty)."""

    cases: tuple[PointsCase, ...]
    otherwise: Pair | None
    first_wins: bool = False


@dataclass(frozen=True, slots=True)
class PointsTable:
    """Points by a text or a count (a rank): exact match, else `otherwise`."""

    of: str
    rows: tuple[tuple[Value, Pair], ...]
    otherwise: Pair | None


@dataclass(frozen=True, slots=True)
class Slice:
    """A bracket of `marginal`, up to `to` (None: without end), `points` for each `step` in it."""

    to: Value | None
    points: Pair
    step: Value


@dataclass(frozen=True, slots=True)
class Marginal:
    """Brackets above a mark, each with its own rate; whole steps are counted per bracket."""

    of: str
    above: Value
    partial: Partial
    slices: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A series without end: every `step` above the mark gives less than the one before.

    The k-th step (from 0) gives `first` − k × `less`, or `first` × `times`^k, at least `least`.
    """

    of: str
    above: Value
    step: Value
    first: Pair
    less: Pair | None
    times: Pair | None
    least: Pair
    partial: Partial


@dataclass(frozen=True, slots=True)
class RankPoints:
    """Points between `first` (rank 1) and `last` (the last of `size`), evenly spaced."""

    rank: str
    size: str
    first: Pair
    last: Pair


@dataclass(frozen=True, slots=True)
class Efficacy:
    """功效系数: `full` × (base + (1 − base) × (value − worst) ÷ (best − worst)), 0 … full.

    `best` and `worst` are values or measures (the group's best and worst).
    """

    of: str
    best: Value | None
    best_named: str
    worst: Value | None
    worst_named: str
    base: Pair


@dataclass(frozen=True, slots=True)
class Blend:
    """A weighted mean of measures or parts in points. `skip`: those without data are left out
    and the weights of the others stand for all."""

    of: tuple[str, ...]
    weights: tuple[Pair, ...]
    skip: bool


@dataclass(frozen=True, slots=True)
class Awarded:
    """Points somebody gives within a range (5–20); no upper bound where the text has none."""

    named: str
    lowest: Pair
    highest: Pair | None


type Operator = (
    Steps
    | Proportional
    | PointsCases
    | PointsTable
    | Marginal
    | Series
    | RankPoints
    | Efficacy
    | Blend
    | Awarded
)


@dataclass(frozen=True, slots=True)
class Each:
    """Points for each event of a record within a window, at most `cap` together.

    `cap_per` limits each month, quarter or half-year first. `group`: of the events of one group
    only the one with most weight counts (互斥加分). `per_value` multiplies by the record's value.
    """

    id: str
    event: str
    points: Pair
    cap: Pair | None
    within: str
    months: int
    cap_per: tuple[str, Pair] | None
    group: str
    stated: Stated | None
    per_value: bool
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a score card.

    Without an operator it starts at `full` (扣分制) or, with full 0, at nothing (加分项).
    Order: operator → `override` (audited points) → events → `zero_when` → floor and cap.
    """

    id: str
    name: str
    subject: str
    clause: str
    full: Pair
    operator: Operator | None
    each: tuple[Each, ...]
    floor: Pair | None
    cap: Pair | None
    zero_when: Stated | None
    override: str
    absent: Absent | Pair
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: where it holds the score is set to `points` (None: stays, only the name counts)."""

    id: str
    clause: str
    stated: Stated
    points: Pair | None


@dataclass(frozen=True, slots=True)
class Score:
    """The sum (or weighted sum) of parts, vetoes applied, printed with `digits`."""

    id: str
    name: str
    subject: str
    clause: str
    full: Pair | None
    parts: tuple[str, ...]
    weights: tuple[Pair, ...]
    vetoes: tuple[Veto, ...]
    floor: Pair | None
    cap: Pair | None
    digits: int
    rounding: Rounding
    rescaled: bool
    interpretation: Interpretation | None
