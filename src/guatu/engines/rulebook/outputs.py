"""The names that rules give, as loaders of the frame: lights, parts, scores, grades, lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from guatu.engines.rulebook.conditions import Frame, Test
from guatu.engines.rulebook.dependencies import JUDGED_NAME, LIGHT, LISTED, VETOED, WHOLE_LIGHT
from guatu.engines.rulebook.derive import Facts, Load
from guatu.engines.rulebook.frame import FrameBuilder, Output
from guatu.engines.rulebook.reading.labels import EXEMPT_LABEL
from guatu.engines.rulebook.scoring import part_load, score_load
from guatu.engines.rulebook.types import (
    JUDGED,
    UNJUDGED,
    Book,
    Exemption,
    Gate,
    Give,
    Grade,
    Light,
    LightVerdict,
    ListRule,
    Part,
    Score,
    Severity,
    Verdict,
)

_ORDER = {severity: rank for rank, severity in enumerate(JUDGED)}


@dataclass(frozen=True)
class Outputs:
    """The rules of one kind of subject, by the names they give."""

    book: Book
    subject: str
    parts: dict[str, Part] = field(init=False)
    exemptions: tuple[Exemption, ...] = field(init=False)

    def __post_init__(self) -> None:
        mine = [one for one in self.book.parts if one.subject == self.subject]
        object.__setattr__(self, "parts", {one.name: one for one in mine})
        waiving = tuple(one for one in self.book.exemptions if one.subject == self.subject)
        object.__setattr__(self, "exemptions", waiving)

    def loaders(self) -> Mapping[str, Output]:
        """What builds the loader of each name."""
        book, found = self.book, dict[str, Output]()
        if any(gate.subject == self.subject for gate in book.gates):
            found[JUDGED_NAME] = self._judged
        lights = tuple(one for one in book.lights if one.subject == self.subject)
        for light in lights:
            found[LIGHT.format(light.dimension)] = partial(self._label, (light,))
        if lights:
            found[WHOLE_LIGHT] = partial(self._label, lights)
        for part in self.parts.values():
            found[part.name] = partial(self._part, part)
        for score in (one for one in book.scores if one.subject == self.subject):
            found[score.name] = partial(self._score, score)
            if score.vetoes:
                found[VETOED.format(score.name)] = partial(_vetoed, score)
        for grade in (one for one in book.grades if one.subject == self.subject):
            found[grade.name] = partial(self._graded, grade)
        for listed in (one for one in book.lists if one.subject == self.subject):
            found[LISTED.format(listed.name)] = partial(self._listed, listed)
        for exempt in self.exemptions:
            found[exempt.name] = partial(_stated, exempt)
        return found

    def waived(self, rule: str, builder: FrameBuilder) -> Test | None:
        """What tells whether a rule is waived for a subject; None where nothing waives it."""
        slots = [builder.exact(one.name) for one in self.exemptions if rule in one.waives]
        if not slots:
            return None
        return lambda frame: any(frame[slot] is True for slot in slots)

    def judge(self, light: Light, builder: FrameBuilder) -> Callable[[Frame], int]:
        """The index of the outcome a light has (see `outcomes_of`)."""
        cases = tuple((builder.test(case.when), index) for index, case in enumerate(light.cases))
        missing, silent = len(cases), len(cases) + 1

        def judge(frame: Frame) -> int:
            for test, index in cases:
                holds = test(frame)
                if holds:
                    return index
                if holds is None:
                    return missing
            return silent

        waived = self.waived(light.id, builder)
        if waived is None:
            return judge
        return lambda frame: silent + 1 if waived(frame) else judge(frame)

    def _label(self, lights: tuple[Light, ...], builder: FrameBuilder) -> Load:
        """A light's label, or that of the worst of them; behind a gate it is the gate's."""
        judges = [(self.judge(light, builder), outcomes_of(light)) for light in lights]
        gates = gate_steps(self.book, self.subject, builder)

        def load(_: Facts, frame: Frame) -> Any:
            for gate in gates:
                stopped = gate.stop(frame)
                if stopped is not None:
                    return stopped.label
            return worst(tuple(said[judge(frame)] for judge, said in judges)).label

        return load

    def _judged(self, builder: FrameBuilder) -> Load:
        """Whether the gates let the subject pass."""
        gates = gate_steps(self.book, self.subject, builder)
        return lambda _, frame: all(gate.stop(frame) is None for gate in gates)

    def _part(self, part: Part, builder: FrameBuilder) -> Load:
        load = part_load(part, builder, lambda rule: self.waived(rule, builder))
        return _of_judged(load, builder, None)

    def _score(self, score: Score, builder: FrameBuilder) -> Load:
        return _of_judged(score_load(score, self.parts, builder), builder, None)

    def _graded(self, grade: Grade, builder: FrameBuilder) -> Load:
        """The label of the first band that holds; `missing` where data lack, the gate's label
        where the subject does not pass; None: not written."""
        cases = [(builder.test(case.when), case.label) for case in grade.cases]
        gates = gate_steps(self.book, self.subject, builder)

        def load(_: Facts, frame: Frame) -> Any:
            for gate in gates:
                stopped = gate.stop(frame)
                if stopped is not None:
                    return stopped.label
            for test, label in cases:
                holds = test(frame)
                if holds is None:
                    return grade.missing
                if holds:
                    return label
            return None

        return load

    def _listed(self, listed: ListRule, builder: FrameBuilder) -> Load:
        test, missing = builder.test(listed.stated.when), listed.missing
        waived = self.waived(listed.id, builder)

        def load(_: Facts, frame: Frame) -> Any:
            if waived is not None and waived(frame):
                return False
            holds = test(frame)
            return missing if holds is None else holds

        return load if listed.outside_scope else _of_judged(load, builder, False)


def _of_judged(load: Load, builder: FrameBuilder, otherwise: object) -> Load:
    """What a rule finds only of those whom the gates let pass."""
    judged = builder.judged()
    if judged is None:
        return load
    return lambda facts, frame: load(facts, frame) if frame[judged] else otherwise


def _vetoed(score: Score, builder: FrameBuilder) -> Load:
    """Whether any veto holds; unknown ones do not bite."""
    tests = [builder.test(veto.stated.when) for veto in score.vetoes]
    return lambda _, frame: any(test(frame) is True for test in tests)


def _stated(exempt: Exemption, builder: FrameBuilder) -> Load:
    test = builder.test(exempt.stated.when)
    return lambda _, frame: test(frame)


@dataclass(frozen=True, slots=True)
class GateStep:
    """A gate compiled: the verdict it stops a subject with."""

    test: Test
    refused: Verdict
    missing: Verdict | None

    def stop(self, frame: Frame) -> Verdict | None:
        """The verdict of a subject that does not pass; None when it does."""
        passed = self.test(frame)
        if passed is False:
            return self.refused
        return self.missing if passed is None else None


def gate_steps(book: Book, subject: str, builder: FrameBuilder) -> tuple[GateStep, ...]:
    """The gates of a kind of subject, in their order."""
    return tuple(_gate_step(gate, builder) for gate in book.gates if gate.subject == subject)


def _gate_step(gate: Gate, builder: FrameBuilder) -> GateStep:
    missing = None if gate.missing is None else _stopped(gate.missing, unknown=True)
    return GateStep(builder.test(gate.when), _stopped(gate.refused), missing)


def _stopped(give: Give, *, unknown: bool = False) -> Verdict:
    """A verdict without lights. Not due is still in scope; otherwise missing data may leave
    the scope open."""
    in_scope: bool | None = give.severity is not Severity.NOT_IN_SCOPE
    if unknown and give.severity in (Severity.UNDECIDED, Severity.NO_DATA):
        in_scope = None
    return Verdict(in_scope, (), give.severity, give.label, give.colour)


def outcomes_of(light: Light) -> tuple[LightVerdict, ...]:
    """All a light can say: its cases in order, then missing, silent, exempt."""
    cases = [_light_verdict(light, case.give, case.id, case.clause) for case in light.cases]
    missing = _light_verdict(light, light.missing, f"{light.id}.缺数据", light.clause)
    silent = _light_verdict(light, light.silent, f"{light.id}.未规定", light.clause)
    exempt = Give(Severity.NOT_IN_SCOPE, EXEMPT_LABEL, "grey")
    waived = _light_verdict(light, exempt, f"{light.id}.豁免", light.clause)
    return (*cases, missing, silent, waived)


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
