"""What values and points mean (M-G8). Pure; numbers are whole thousandths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from guatu.appraisal.types import MILLI, CriterionState, SaveCriterion
from guatu.core.errors import Fault
from guatu.engines.sheets.wording import normal_form
from guatu.organisation.rules import name_fault

MOST_POINTS = 10_000 * MILLI
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,3})?", re.ASCII)


def milli_of(text: str) -> int | None:
    """`95.5`, `1,200` or full-width as thousandths; None where it is no number of at most three
    decimals."""
    told = normal_form(text).replace(",", "")
    return int(Decimal(told) * MILLI) if _NUMBER.fullmatch(told) else None


def milli_text(milli: int | None) -> str:
    """Thousandths as a number without idle zeros; empty where there is none."""
    if milli is None:
        return ""
    sign, rest = "-" if milli < 0 else "", abs(milli)
    whole, part = divmod(rest, MILLI)
    return f"{sign}{whole:,}" + (f".{part:03d}".rstrip("0") if part else "")


def word_faults(words: SaveCriterion) -> list[Fault]:
    """What is wrong with a criterion as it is written, typed or pasted."""
    found = [
        None if words.number else Fault("no-number", "没有写序号", "请写方案里的序号，如1.2"),
        name_fault(words.name, 200),
        Fault("bad-points", "满分不对", "请写零到一万之间的数，最多三位小数")
        if not 0 <= words.full_points_milli <= MOST_POINTS
        else None,
    ]
    return [one for one in found if one]


def gap(value: int | None, target: int | None, *, is_lower_better: bool) -> int | None:
    """How far a value is from its target, what is better being positive; None where either is
    unknown."""
    if value is None or target is None:
        return None
    return target - value if is_lower_better else value - target


def state_by_numbers(
    value: int | None, target: int | None, *, is_lower_better: bool
) -> CriterionState | None:
    """What the numbers say; None where they say nothing."""
    found = gap(value, target, is_lower_better=is_lower_better)
    if found is None:
        return None
    return CriterionState.MET if found >= 0 else CriterionState.MISSED


def expected_points(state: CriterionState, full: int, own: int | None) -> int | None:
    """The points that a criterion is expected to bring: what its owner says, else all of them
    where it is met; None where nobody can say, or it does not apply."""
    if state is CriterionState.NOT_APPLICABLE:
        return None
    if own is not None:
        return own
    return full if state is CriterionState.MET else None


@dataclass(slots=True)
class Totals:
    """The points of some criteria: full, expected, lost, not known yet; criteria by state.

    Those that do not apply are in none of the sums.
    """

    full: int = 0
    expected: int = 0
    lost: int = 0
    unknown: int = 0
    states: Counter[CriterionState] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Iterable[tuple[CriterionState, int, int | None]]) -> Totals:
        """From each criterion's state, full points and points that its owner expects."""
        totals = cls()
        for state, full, own in rows:
            totals.states[state] += 1
            if state is CriterionState.NOT_APPLICABLE:
                continue
            totals.full += full
            points = expected_points(state, full, own)
            if points is None:
                totals.unknown += full
            else:
                totals.expected += points
                totals.lost += full - points
        return totals
