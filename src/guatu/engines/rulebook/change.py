"""What would change a verdict: each figure moved to the nearest value that gives another one.

Every rule is run again, nothing is stored (rules.md). For each comparison in the book the nearest
value of a figure is searched for at which the comparison turns (it turns once: measures follow
from figures in one direction), and the whole book is judged there. Where none of these changes
anything (ranks among others, points), the figure is moved in growing steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.results import listing_text, main_score, score_text
from guatu.engines.rulebook.run import Outcome, Run, Subject, run_book
from guatu.engines.rulebook.turning import Axis, turn_of, turning_tests
from guatu.engines.rulebook.types import PAIRED, Kind, Measure, Settings
from guatu.engines.rulebook.wording import value_text


@dataclass(frozen=True, slots=True)
class Change:
    """One figure moved, all others as they are, and what the book says then.

    `is_by_work`: somebody can bring it about by doing the work, not by moving the measuring rod.
    """

    measure: str
    now: str
    then: str
    effect: str
    text: str
    is_by_work: bool = False


type Standing = Mapping[str, str]
"""What a book says of a subject, by the name of what says it."""

MOVABLE = (Kind.YUAN, Kind.COUNT, Kind.MONTHS, Kind.DAYS, Kind.DAY, Kind.BOOL, Kind.TEXT,
           Kind.RATIO, Kind.POINTS, Kind.QUANTITY)  # fmt: skip


def standing_of(run: Run, outcome: Outcome) -> dict[str, str]:
    """Lights, grades, lists and ranks of an outcome as comparable words."""
    found = {}
    if outcome.verdict is not None:
        found = {f"{one.dimension}灯": one.label for one in outcome.verdict.lights}
        found["总灯"] = outcome.verdict.label
    found |= {one.name: one.label or "未规定" for one in outcome.grades}
    found |= {f"“{one.name}”": listing_text(one) for one in outcome.lists}
    found |= {
        name: "不排名" if rank is None else f"第{rank}" for name, rank in outcome.ranks.items()
    }
    main = main_score(run, outcome)
    if main is not None and not outcome.grades and not outcome.lists:
        found[main.name] = score_text(run, main, outcome.subject.kind) or "无数据"
    return found


def changes(
    run: Run, subjects: Sequence[Subject], subject_id: str, *, settings: Settings | None = None
) -> tuple[Change, ...]:
    """The nearest single changes that give one subject another verdict, those first that work
    brings about. A smaller plan is no advice: what the tables carry as given is not moved.

    `subjects` are all that were judged together. Scores alone are not searched: more is always
    more there; their lights, grades, lists and ranks are.
    """
    places = [n for n, one in enumerate(subjects) if one.id == subject_id]
    found = [
        change for place in places for change in _Search(run, subjects, place, settings).found()
    ]
    return tuple(sorted(found, key=lambda one: not one.is_by_work))


class _Search:
    def __init__(
        self, run: Run, subjects: Sequence[Subject], place: int, settings: Settings | None
    ) -> None:
        self.run, self.subjects, self.place, self.settings = run, subjects, place, settings
        self.subject = subjects[place]
        self.outcome = run.outcomes[place]
        self.evaluator: Evaluator = run.evaluators[self.subject.kind]
        self.alone = not self.evaluator.plan.spreads
        self.tests = turning_tests(self.evaluator)
        self.now = self._judged(self.subject.facts)

    def found(self) -> tuple[Change, ...]:
        """Every single change of a given value that changes the outcome."""
        found: list[Change] = []
        for name in self._given():
            measure = self.evaluator.catalogue[name]
            found += self._of(measure)
        return tuple(found)

    def _given(self) -> tuple[str, ...]:
        """Figures that rules rest on and somebody gives."""
        plan, catalogue = self.evaluator.plan, self.evaluator.catalogue
        return tuple(
            name
            for name in plan.given
            if catalogue[name].kind in MOVABLE and not _is_yardstick(catalogue[name])
        )

    def _judged(self, facts: Mapping[str, object]) -> dict[str, str]:
        moved = replace(self.subject, facts=facts)
        if self.alone:
            subjects: Sequence[Subject] = [moved]
        else:
            subjects = [*self.subjects[: self.place], moved, *self.subjects[self.place + 1 :]]
        run = run_book(self.run.book, subjects, as_of=self.run.as_of, settings=self.settings)
        outcome = run.outcomes[0 if self.alone else self.place]
        return standing_of(run, outcome)

    def _with(self, name: str, value: Any) -> dict[str, str]:
        return self._judged({**self.subject.facts, name: value})

    def _of(self, measure: Measure) -> Iterable[Change]:
        value = self.subject.facts.get(measure.name)
        if measure.kind is Kind.BOOL:
            for other in (True, False):
                if other is not value:
                    yield from self._change(measure, value, other, self._with(measure.name, other))
        elif measure.kind is Kind.TEXT:
            for text in measure.values:
                if text != value:
                    yield from self._change(measure, value, text, self._with(measure.name, text))
        elif value is not None:
            for direction in (1, -1):
                yield from self._towards(measure, value, direction)

    def _towards(self, measure: Measure, value: Any, direction: int) -> Iterable[Change]:
        """The first value in one direction at which the book says something else."""
        axis = Axis(measure, value, direction)
        facts = self.subject.facts
        turns = (turn_of(self.evaluator, facts, axis, test) for test in self.tests)
        for at in sorted({at for at in turns if at is not None}):
            standing = self._with(measure.name, axis.value(at))
            if standing != self.now:
                yield from self._change(measure, value, axis.value(at), standing)
                return
        yield from self._in_steps(axis, value)

    def _in_steps(self, axis: Axis, value: Any) -> Iterable[Change]:
        """Growing steps, then halving: for what no comparison of figures tells."""
        name, at = axis.measure.name, 1
        while at <= axis.most and self._with(name, axis.value(at)) == self.now:
            at *= 4
        at = min(at, axis.most)
        if at < 1 or self._with(name, axis.value(at)) == self.now:
            return
        low, high = at // 4, at
        while high - low > 1:
            middle = (low + high) // 2
            same = self._with(name, axis.value(middle)) == self.now
            low, high = (middle, high) if same else (low, middle)
        then = axis.value(high)
        yield from self._change(axis.measure, value, then, self._with(name, then))

    def _change(
        self, measure: Measure, value: Any, then: Any, standing: Standing
    ) -> Iterable[Change]:
        told = [
            f"{name}由{self.now[name]}变为{word}"
            for name, word in standing.items()
            if name in self.now and self.now[name] != word
        ]
        if not told:
            return
        before, after = value_text(value, measure), value_text(then, measure)
        effect = "，".join(told)
        text = f"{measure.name}由{before}变为{after}，{effect}"
        is_by_work = _is_by_work(measure, value, then)
        yield Change(measure.name, before, after, effect, text, is_by_work)


def _is_yardstick(measure: Measure) -> bool:
    """What the tables carry and nobody's work moves: the day, the plan, what a project is. To
    move it would be no advice."""
    return measure.carried and not measure.by_work


def _is_by_work(measure: Measure, value: Any, then: Any) -> bool:
    """Whether the figure moves the way in which work moves it."""
    if not measure.by_work:
        return False
    if value is None or measure.kind in PAIRED:
        return value is None or (Fraction(*then) > Fraction(*value)) is measure.grows_by_work
    return bool(then > value) is measure.grows_by_work
