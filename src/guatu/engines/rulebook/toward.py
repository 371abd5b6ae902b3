"""What is still to be done for a better light: the next one and green (M-D3).

Only figures that somebody moves by work are moved, and only that way (`by_work` of a measure):
nobody is told to cut a plan or not to be asked for a report. Every answer is tried on the book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.facts import AS_OF
from guatu.engines.rulebook.starts import ACTUAL, PLANNED, start_facts
from guatu.engines.rulebook.turning import Axis, turn_of, turning_tests
from guatu.engines.rulebook.types import PAIRED, Kind, LightVerdict, Measure, Severity, Verdict
from guatu.engines.rulebook.wording import value_text

_LADDER = (Severity.SERIOUS, Severity.WARNING, Severity.NOTICE, Severity.OK)
_HUNDRED = 100
"""Amounts are told in hundredths of a 万元, as sheets carry them."""


@dataclass(frozen=True, slots=True)
class Way:
    """What gives one dimension a better light, all else as it is.

    `text` is the deed (`本年累计完成投资还差546万元`), `label` the light it gives, `overall` the
    whole light then.
    """

    dimension: str
    measure: str
    text: str
    severity: Severity
    label: str
    overall: str


def ways(evaluator: Evaluator, facts: Mapping[str, object]) -> tuple[Way, ...]:
    """The nearest ways to the next better light and to green, by dimension; none where all are
    green, where nobody's work moves one, and where rules look at other subjects."""
    now = evaluator.verdict(facts)
    if evaluator.plan.spreads or not any(_is_worse(one) for one in now.lights):
        return ()
    tried = [*_starts(evaluator, facts), *_figures(evaluator, facts)]
    return tuple(way for light in now.lights if _is_worse(light) for way in _of_light(light, tried))


@dataclass(frozen=True, slots=True)
class _Tried:
    """A deed and what the book says then."""

    measure: str
    text: str
    verdict: Verdict


def _is_worse(light: LightVerdict) -> bool:
    return light.severity in _LADDER[:-1]


def _of_light(light: LightVerdict, tried: list[_Tried]) -> Iterator[Way]:
    """Of each measure the first better light and the first green one."""
    reached: dict[str, Severity] = {}
    for one in tried:
        then = next((e for e in one.verdict.lights if e.dimension == light.dimension), None)
        if then is None or then.severity not in _LADDER:
            continue
        best = reached.get(one.measure)
        is_first = best is None and _LADDER.index(then.severity) > _LADDER.index(light.severity)
        is_green = best not in (None, Severity.OK) and then.severity is Severity.OK
        if is_first or is_green:
            reached[one.measure] = then.severity
            yield Way(
                light.dimension, one.measure, one.text, then.severity, then.label,
                one.verdict.label,
            )  # fmt: skip


def _starts(evaluator: Evaluator, facts: Mapping[str, object]) -> Iterator[_Tried]:
    """To have begun by the as-of day: several figures at once."""
    planned, as_of = facts.get(PLANNED), facts.get(AS_OF)
    begun = start_facts(planned_on=planned, actual_on=as_of, as_of=as_of)  # type: ignore[arg-type]
    if facts.get("已开工") is not False or not {ACTUAL, *begun} & set(evaluator.plan.given):
        return
    moved = evaluator.verdict({**facts, **begun, ACTUAL: as_of})
    yield _Tried(ACTUAL, "本期末以前开工", moved)


def _figures(evaluator: Evaluator, facts: Mapping[str, object]) -> Iterator[_Tried]:
    """Every figure that work moves, at each value where a comparison turns, nearest first."""
    starts = start_facts(planned_on=None, actual_on=None, as_of=facts[AS_OF])  # type: ignore[arg-type]
    for name in evaluator.plan.given:
        measure, value = evaluator.catalogue[name], facts.get(name)
        if not measure.by_work or name in starts:
            continue
        if measure.kind is Kind.BOOL:
            if value is not measure.grows_by_work:
                then = evaluator.verdict({**facts, name: measure.grows_by_work})
                yield _Tried(name, f"“{name}”由{_told(value, measure)}变为"
                             f"{_told(measure.grows_by_work, measure)}", then)  # fmt: skip
        elif value is not None:
            yield from _along(evaluator, facts, Axis(measure, value, _direction(measure)))


def _along(evaluator: Evaluator, facts: Mapping[str, object], axis: Axis) -> Iterator[_Tried]:
    name = axis.measure.name
    turns = (turn_of(evaluator, facts, axis, test) for test in turning_tests(evaluator))
    for at in sorted({at for at in turns if at is not None}):
        exact = evaluator.verdict({**facts, name: axis.value(at)})
        told = _rounded(axis, at)
        if told != at and evaluator.verdict({**facts, name: axis.value(told)}) != exact:
            told = at
        yield _Tried(name, _short(axis, axis.value(told)), exact)


def _rounded(axis: Axis, steps: int) -> int:
    return -(-steps // _HUNDRED) * _HUNDRED if axis.measure.kind is Kind.YUAN else steps


def _direction(measure: Measure) -> int:
    return 1 if measure.grows_by_work else -1


def _short(axis: Axis, then: Any) -> str:
    """`本年累计完成投资还差546万元`, `未销号问题还要减少2个`."""
    measure, value = axis.measure, axis.start
    if measure.kind in PAIRED:
        return f"{measure.name}由{_told(value, measure)}到{_told(then, measure)}"
    word = "还差" if axis.direction > 0 else "还要减少"
    return f"{measure.name}{word}{_told(abs(then - value), measure)}"


def _told(value: Any, measure: Measure) -> str:
    if isinstance(value, int) and measure.kind is Kind.YUAN and value % _HUNDRED == 0:
        wan = Fraction(value, 10_000)
        return f"{float(wan):,.2f}".rstrip("0").rstrip(".") + "万元"
    return value_text(value, measure)
