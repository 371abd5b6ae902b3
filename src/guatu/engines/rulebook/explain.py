"""Why a subject has its light: the tree walked once more, recording what decided (M-D3).

Each reason names the rule, the clause, the measure, its value and the limit, and says it in
one Chinese sentence. Nothing is stored: a run can be explained again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.conditions import Frame, Test, compile_condition
from guatu.engines.rulebook.dependencies import waivers_of
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.frame import FramePlan
from guatu.engines.rulebook.leaves import leaves_of, names_of
from guatu.engines.rulebook.types import (
    JUDGED,
    UNJUDGED,
    All,
    AnyOf,
    Book,
    Case,
    Condition,
    Exemption,
    FactValue,
    Flag,
    Gate,
    Give,
    Kind,
    Leaf,
    Light,
    Measure,
    Not,
    Reason,
    Severity,
    Value,
)
from guatu.engines.rulebook.wording import (
    interpretation_text,
    lamp_of,
    leaf_limit,
    leaf_measure,
    limit_words,
    limits_of,
    phrase,
    value_text,
)

_WORST_FIRST = {one: rank for rank, one in enumerate((*reversed(JUDGED), *UNJUDGED))}


def _by_severity(entry: tuple[Severity, list[Reason]]) -> int:
    return _WORST_FIRST[entry[0]]


@dataclass(frozen=True, slots=True)
class _LeafWords:
    """What is said of a leaf whatever the subject: measure, limits, the limit in words."""

    name: str
    measure: Measure
    limits: tuple[Value, ...]
    limit: str
    phrase: str
    others: tuple[str, ...]
    is_flag: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What explaining keeps between subjects: closures of conditions and words of leaves, by
    identity; the book keeps the conditions alive."""

    tests: dict[int, Test] = field(default_factory=dict)
    words: dict[int, _LeafWords] = field(default_factory=dict)
    endings: dict[tuple[int, int, bool], tuple[str, str]] = field(default_factory=dict)
    few: dict[int, tuple[int, ...]] = field(default_factory=dict)
    alike: dict[tuple[object, ...], list[Reason]] = field(default_factory=dict)


_FEW = frozenset({Kind.BOOL, Kind.COUNT, Kind.MONTHS})
"""Kinds with few values among many subjects."""


@dataclass(frozen=True, slots=True)
class _Touch:
    """A leaf that decided, and whether it was needed true (False under a `not`)."""

    leaf: Leaf
    wanted: bool


class Ground(NamedTuple):
    """One leaf that decided: its measure, value and limit, and the value in words."""

    measure: str
    value: str
    limit: str
    words: str


class Explanation:
    """One explaining run over one subject's frame.

    `kept` is the same between runs for the same plan.
    """

    def __init__(
        self,
        book: Book,
        plan: FramePlan,
        catalogue: Catalogue,
        facts: Mapping[str, object],
        frame: Frame,
        kept: Kept,
    ) -> None:
        self.plan = plan
        self.catalogue = catalogue
        self.facts = facts
        self.tests, self.kept_words, self.endings = kept.tests, kept.words, kept.endings
        self.few, self.alike = kept.few, kept.alike
        self.assumed = {one.measure for one in book.assumptions}
        self.waiving = waivers_of(book) if book.exemptions else {}
        self.frame = frame

    def reasons(self, gates: tuple[Gate, ...], lights: tuple[Light, ...]) -> tuple[Reason, ...]:
        """The reasons behind `Evaluator.verdict_of` for the same frame, worst dimension first."""
        for gate in gates:
            passed = self.truth(gate.when)
            if passed is False:
                return tuple(self._gate(gate))
            if passed is None and gate.missing is not None:
                rule = (f"{gate.id}.缺数据", gate.clause)
                return tuple(self._missing(rule, gate.missing, gate.when))
        found = [self._light(light) for light in lights]
        found.sort(key=_by_severity)
        return tuple(reason for _, reasons in found for reason in reasons)

    def reasons_for(self, lights: tuple[Light, ...], key: Sequence[int]) -> tuple[Reason, ...]:
        """The same for lights whose outcomes are known (`key`: indices as in `outcomes_of`)."""
        found = [self._outcome(light, index) for light, index in zip(lights, key, strict=True)]
        found.sort(key=_by_severity)
        return tuple([reason for _, reasons in found for reason in reasons])

    def _outcome(self, light: Light, index: int) -> tuple[Severity, list[Reason]]:
        if index >= len(light.cases):
            return self._light(light)
        case = light.cases[index]
        slots = self.few.get(id(case))
        if slots is None:
            slots = self.few[id(case)] = self._few_values(case)
        if not slots:
            return case.give.severity, self._case(case)
        key = (id(case), *[self.frame[slot] for slot in slots])
        reasons = self.alike.get(key)
        if reasons is None:
            reasons = self.alike[key] = self._case(case)
        return case.give.severity, reasons

    def _few_values(self, case: Case) -> tuple[int, ...]:
        """The slots a case rests on where all have few values (yes/no, counts, texts): then its
        reasons are the same for many subjects. Empty where they are not kept."""
        names = dict.fromkeys(measures_of(case.when))
        kinds = {self.catalogue[name].kind for name in names}
        if not kinds <= _FEW or any(name in self.assumed for name in names):
            return ()
        return tuple(self.plan.slots[name] for name in names)

    def grounds(self, condition: Condition) -> tuple[Ground, ...]:
        """What makes a condition hold, fail or be unknown: the leaves that decided."""
        holds = self.truth(condition)
        if holds is None:
            unknown = [leaf for leaf in leaves_of(condition) if self.truth(leaf) is None]
            return tuple(self._lacks(leaf) for leaf in unknown)
        touches = self._support(condition, wanted=holds)
        return tuple(Ground(*self._words(touch.leaf)) for touch in touches)

    def shown(self, name: str) -> str:
        """A name's value in words: `年度计划完成率为95%`."""
        return phrase(self.frame[self.plan.exact[name]], self.catalogue[name])

    def _lacks(self, leaf: Leaf) -> Ground:
        lacking = "、".join(f"“{one}”" for one in dict.fromkeys(self._lacking(leaf)))
        limit = leaf_limit(leaf, self.catalogue)
        return Ground(leaf_measure(leaf), "缺数据", limit, f"缺{lacking}")

    def truth(self, condition: Condition) -> bool | None:
        """Whether a condition holds of this subject; None without the data to say so."""
        test = self.tests.get(id(condition))
        if test is None:
            test = self.tests[id(condition)] = compile_condition(condition, self.plan.slots)
        return test(self.frame)

    def _gate(self, gate: Gate) -> Iterable[Reason]:
        for touch in self._support(gate.when, wanted=False):
            measure, value, limit, words = self._words(touch.leaf)
            text = f"{words}，记为{gate.refused.label}"
            text += "" if isinstance(touch.leaf, Flag) else f"（应为{limit}）"
            yield Reason(gate.id, gate.clause, measure, value, limit, text)

    def _light(self, light: Light) -> tuple[Severity, list[Reason]]:
        for exempt in self.waiving.get((light.subject, light.id), ()):
            if self.truth(exempt.stated.when):
                return Severity.NOT_IN_SCOPE, [self._exempt(light, exempt)]
        for case in light.cases:
            holds = self.truth(case.when)
            if holds:
                return case.give.severity, self._case(case)
            if holds is None:
                rule = (f"{light.id}.缺数据", light.clause)
                return light.missing.severity, list(self._missing(rule, light.missing, case.when))
        return light.silent.severity, [self._silent(light)]

    def _case(self, case: Case) -> list[Reason]:
        when = case.when
        if isinstance(when, All | AnyOf | Not):
            touches = self._support(when, wanted=True)
            reasons = [self._reason(case, touch.leaf, wanted=touch.wanted) for touch in touches]
        else:
            reasons = [self._reason(case, when, wanted=True)]
        if case.interpretation is not None:
            note = interpretation_text(case.interpretation)
            reasons[0] = reasons[0]._replace(text=reasons[0].text + note)
        return reasons

    def _reason(self, case: Case, leaf: Leaf, *, wanted: bool) -> Reason:
        told = self._told(leaf)
        measure, value, limit, words = self._words(leaf, told)
        if told.others:
            limit, ending = _ending(case, told, limit, wanted=wanted)
        else:
            key = (id(case), id(leaf), wanted)
            kept = self.endings.get(key)
            if kept is None:
                kept = self.endings[key] = _ending(case, told, limit, wanted=wanted)
            limit, ending = kept
        return Reason(case.id, case.clause, measure, value, limit, words + ending)

    def _missing(self, rule: tuple[str, str], give: Give, when: Condition) -> Iterable[Reason]:
        """The leaves that could not be decided; each names what is missing underneath."""
        unknown = [leaf for leaf in leaves_of(when) if self.truth(leaf) is None]
        for name, leaf in {leaf_measure(leaf): leaf for leaf in reversed(unknown)}.items():
            lacking = "、".join(f"“{one}”" for one in dict.fromkeys(self._lacking(leaf)))
            text = f"缺{lacking}，“{name}”无法判定，记为{give.label}"
            if lacking == f"“{name}”":
                text = f"缺{lacking}，记为{give.label}"
            yield Reason(*rule, name, "缺数据", leaf_limit(leaf, self.catalogue), text)

    def _exempt(self, light: Light, exempt: Exemption) -> Reason:
        told = "，".join(one.words for one in self.grounds(exempt.stated.when))
        text = f"{light.dimension}免予评价（{exempt.name}）：{told}"
        return Reason(f"{light.id}.豁免", exempt.clause, exempt.name, "是", "", text)

    def _silent(self, light: Light) -> Reason:
        """One reason with every measure the light looked at: none of its cases holds."""
        leaves = [leaf for case in light.cases for leaf in leaves_of(case.when)]
        limits = {leaf_measure(leaf): limits_of(leaf) for leaf in reversed(leaves)}
        names = tuple(dict.fromkeys(leaf_measure(leaf) for leaf in leaves))
        values: list[FactValue] = [self.frame[self.plan.slots[name]] for name in names]
        seen = [
            (value, self.catalogue[name], limits[name])
            for name, value in zip(names, values, strict=True)
        ]
        shown = "、".join(value_text(*one) for one in seen)
        words = "，".join(phrase(*one) for one in seen)
        text = f"{words}，原文没有规定亮什么灯"
        rule = f"{light.id}.未规定"
        return Reason(rule, light.clause, "、".join(names), shown, "未规定", text)

    def _told(self, leaf: Leaf) -> _LeafWords:
        found = self.kept_words.get(id(leaf))
        if found is None:
            name = leaf_measure(leaf)
            measure, limit = self.catalogue[name], leaf_limit(leaf, self.catalogue)
            found = self.kept_words[id(leaf)] = _LeafWords(
                name=name,
                measure=measure,
                limits=limits_of(leaf),
                limit=limit,
                phrase=limit_words(limit, measure),
                others=tuple(one for one in names_of(leaf) if one != name),
                is_flag=isinstance(leaf, Flag),
            )
        return found

    def _words(self, leaf: Leaf, told: _LeafWords | None = None) -> tuple[str, str, str, str]:
        """Measure, value, limit and the value in words, of one decided leaf."""
        told = told or self._told(leaf)
        name, measure, limits, limit = told.name, told.measure, told.limits, told.limit
        value: FactValue = self.frame[self.plan.slots[name]]
        for other in told.others:
            beside = self.frame[self.plan.slots[other]]
            if isinstance(beside, tuple):
                limits = (*limits, beside)
            amount = value_text(beside, self.catalogue[other])
            limit = limit.replace(f"“{other}”", f"“{other}”（{amount}）")
        shown = value_text(value, measure, limits)
        words = phrase(value, measure, limits, shown)
        if name in self.assumed and self._is_assumed(name):
            shown += "（无记录，按约定）"
            words += "（无记录，按办法约定）"
        return name, shown, limit, words

    def _is_assumed(self, name: str) -> bool:
        load = self.plan.unassumed.get(name)
        return load is not None and load(self.facts, self.frame) is None

    def _lacking(self, leaf: Leaf) -> Iterable[str]:
        for name in names_of(leaf):
            if self.frame[self.plan.slots[name]] is None:
                yield from self._roots(name)

    def _roots(self, name: str) -> Iterable[str]:
        """The given measures whose absence makes this one missing; itself when none is."""
        absent = [
            one for one in self.catalogue[name].of if self.frame[self.plan.exact[one]] is None
        ]
        if not absent:
            yield name
        for one in absent:
            yield from self._roots(one)

    def _support(self, condition: Condition, *, wanted: bool) -> list[_Touch]:
        """The leaves that make the condition true (or false, as wanted)."""
        if not isinstance(condition, All | AnyOf | Not):
            return [_Touch(condition, wanted)]
        match condition:
            case Not(part):
                return self._support(part, wanted=not wanted)
            case All(parts) | AnyOf(parts):
                every = isinstance(condition, All) is wanted
                decisive = [part for part in parts if self.truth(part) is wanted]
                chosen = decisive if every else decisive[:1]
                return [touch for part in chosen for touch in self._support(part, wanted=wanted)]
        return [_Touch(condition, wanted)]


def _ending(case: Case, told: _LeafWords, limit: str, *, wanted: bool) -> tuple[str, str]:
    """The limit as shown, and what follows the value in a reason."""
    lamp = lamp_of(case.give)
    if told.is_flag:
        return ("是" if wanted else "否"), f"，是{lamp}的条件"
    if not wanted:
        limit = f"不符合“{limit}”"
        return limit, f"，是{lamp}的条件（{told.name}{limit}）"
    bound = limit_words(limit, told.measure) if told.others else told.phrase
    bad = case.give.severity in (Severity.SERIOUS, Severity.WARNING, Severity.NOTICE)
    return limit, f"，达到{lamp}界线（{bound}）" if bad else f"，符合{lamp}条件（{bound}）"
