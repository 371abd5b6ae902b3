"""Scores by steps that count the wrong way: days overdue that earn points, or never cost any."""

from __future__ import annotations

from fractions import Fraction

from guatu.core.errors import Fault
from guatu.engines.rulebook.derive import fraction
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.types import Book, Kind, Measure, Part, Steps

_NEVER_NEGATIVE = (Kind.DAYS, Kind.MONTHS, Kind.COUNT)

MEND = '越少越好的写better = "少"：超过target每步减down'


def faults_of_steps(book: Book, *, source: str) -> tuple[Fault, ...]:
    """Parts whose steps can never cost a point, or that reward what work makes less."""
    found = []
    for part in book.parts:
        if isinstance(part.operator, Steps) and not part.operator.less_is_better:
            measure = catalogue_of(book, part.subject)[part.operator.of]
            if what := _wrong(part, part.operator, measure):
                found.append(Fault("never-loses", what, MEND, source))
    return tuple(found)


def _wrong(part: Part, rule: Steps, measure: Measure) -> str:
    place = f"得分项“{part.name}”" + (f"（{part.clause}）" if part.clause else "")
    if measure.by_work == "less":
        return f"{place}：“{measure.name}”越少越好，这里却是越多分越高"
    lowest = fraction(rule.target) <= 0 and measure.kind in _NEVER_NEGATIVE
    if lowest and Fraction(*rule.down):
        return f"{place}：“{measure.name}”不会少于{rule.target}，永远扣不到分"
    return ""
