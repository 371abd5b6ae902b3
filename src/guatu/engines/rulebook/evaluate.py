"""One subject's verdict: closures built once per book, exact integers, no allocation of results.

Source: architecture §7 (worst of the dimensions that have data), M-D1, M-D3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.conditions import Test, compile_condition
from guatu.engines.rulebook.explain import Tests, explain_verdict
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.frame import Frame, FrameBuilder, FramePlan
from guatu.engines.rulebook.types import (
    JUDGED,
    UNJUDGED,
    Book,
    Gate,
    Give,
    Light,
    LightVerdict,
    Reason,
    RulebookError,
    Settings,
    Severity,
    Verdict,
)

_ORDER = {severity: rank for rank, severity in enumerate(JUDGED)}


@dataclass(frozen=True, slots=True)
class _GateStep:
    test: Test
    refused: Verdict
    missing: Verdict | None


class Evaluator:
    """A compiled book for one kind of subject. Make it with `compile_book`; safe to share."""

    def __init__(self, book: Book, settings: Settings, subject: str, catalogue: Catalogue) -> None:
        self.book = book
        self.settings = settings
        self.subject = subject
        self.catalogue = catalogue
        self.gates = tuple(gate for gate in book.gates if gate.subject == subject)
        self.lights = tuple(light for light in book.lights if light.subject == subject)
        self.plan = self._plan()
        slots = self.plan.slots
        self._loads = self.plan.loads
        self._gates = tuple(_gate_step(gate, slots) for gate in self.gates)
        self._judges = tuple(_judge(light, slots) for light in self.lights)
        self._outcomes = tuple(outcomes_of(light) for light in self.lights)
        self._tests: Tests = {}
        self._verdicts: dict[tuple[int, ...], Verdict] = {}

    @property
    def measures(self) -> tuple[str, ...]:
        """The given (not derived) measures this evaluator reads: what the caller supplies."""
        return self.plan.given

    def verdict(self, facts: Mapping[str, object]) -> Verdict:
        """The subject's verdict.

        `facts`: typed values by catalogue name (see `read_facts`); absent or None is missing.
        Gates come first, in their order; then every dimension; then the worst of those that
        have data. Values of a wrong type are the caller's error (TypeError).
        """
        frame: Frame = []
        append = frame.append
        for load in self._loads:
            append(load(facts, frame))
        for gate in self._gates:
            passed = gate.test(frame)
            if passed is False:
                return gate.refused
            if passed is None and gate.missing is not None:
                return gate.missing
        key = tuple([judge(frame) for judge in self._judges])
        found = self._verdicts.get(key)
        return found if found is not None else self._combine(key)

    def explain(self, facts: Mapping[str, object]) -> tuple[Reason, ...]:
        """Why: for each dimension the rule, the figures and the limit, worst dimension first.

        Walks the same tree on the same frame as `verdict` and records what it touched.
        """
        return explain_verdict(
            self.book, self.gates, self.lights, self.plan, self.catalogue, facts, self._tests
        )

    def _combine(self, key: tuple[int, ...]) -> Verdict:
        lights = tuple(outcomes[index] for outcomes, index in zip(self._outcomes, key, strict=True))
        light = worst(lights)
        verdict = Verdict(True, lights, light.severity, light.label, light.colour)
        self._verdicts[key] = verdict
        return verdict

    def _plan(self) -> FramePlan:
        conditions = [gate.when for gate in self.gates]
        conditions += [case.when for light in self.lights for case in light.cases]
        names = dict.fromkeys(name for when in conditions for name in measures_of(when))
        assumed = {one.measure: one.value for one in self.book.assumptions}
        builder = FrameBuilder(
            self.catalogue, self.settings, assumed, printed=self.book.compare == "printed"
        )
        return builder.plan(tuple(names))


def compile_book(
    book: Book,
    settings: Settings | None = None,
    *,
    subject: str | None = None,
    catalogue: Catalogue | None = None,
) -> Evaluator:
    """Build the evaluator for one kind of subject (the book's main one unless named).

    Raises RulebookError when the book has no light for that kind.
    """
    wanted = subject or book.subject
    evaluator = Evaluator(book, settings or Settings(), wanted, catalogue or standard_catalogue())
    if not evaluator.lights:
        raise RulebookError(
            Fault(
                code="no-such-subject",
                what=f"办法“{book.id}”没有写{wanted}亮什么灯",
                remedy=f"它管的对象：{'、'.join(book.subjects)}",
            )
        )
    return evaluator


def outcomes_of(light: Light) -> tuple[LightVerdict, ...]:
    """All a light can say: its cases in order, then missing, then silent."""
    cases = [_light_verdict(light, case.give, case.id, case.clause) for case in light.cases]
    missing = _light_verdict(light, light.missing, f"{light.id}.缺数据", light.clause)
    silent = _light_verdict(light, light.silent, f"{light.id}.未规定", light.clause)
    return (*cases, missing, silent)


def worst(lights: tuple[LightVerdict, ...]) -> LightVerdict:
    """The worst of the lights that have data; without any, the first kind of “no light”.

    Ties go to the dimension the book names first (architecture §7).
    """
    judged = [light for light in lights if light.severity in _ORDER]
    if judged:
        return max(judged, key=lambda light: _ORDER[light.severity])
    return min(lights, key=lambda light: UNJUDGED.index(light.severity))


def _light_verdict(light: Light, give: Give, rule: str, clause: str) -> LightVerdict:
    return LightVerdict(light.dimension, give.severity, give.label, give.colour, rule, clause)


def _gate_step(gate: Gate, slots: Mapping[str, int]) -> _GateStep:
    test = compile_condition(gate.when, slots)
    refused = _stopped(gate.refused)
    missing = None if gate.missing is None else _stopped(gate.missing, unknown=True)
    return _GateStep(test, refused, missing)


def _stopped(give: Give, *, unknown: bool = False) -> Verdict:
    """A verdict without lights. Not due is still in scope; otherwise missing data may leave
    the scope open."""
    in_scope: bool | None = give.severity is not Severity.NOT_IN_SCOPE
    if unknown and give.severity in (Severity.UNDECIDED, Severity.NO_DATA):
        in_scope = None
    return Verdict(in_scope, (), give.severity, give.label, give.colour)


def _judge(light: Light, slots: Mapping[str, int]) -> Callable[[Frame], int]:
    cases = tuple(
        (compile_condition(case.when, slots), index) for index, case in enumerate(light.cases)
    )
    missing, silent = len(cases), len(cases) + 1

    def judge(frame: Frame) -> int:
        for test, index in cases:
            holds = test(frame)
            if holds:
                return index
            if holds is None:
                return missing
        return silent

    return judge
