"""One subject's verdict: closures built once per book, exact integers, no allocation of results.

Source: architecture §7 (worst of the dimensions that have data), M-D1, M-D3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.conditions import Frame, Test, compile_condition
from guatu.engines.rulebook.dependencies import (
    of_acts,
    of_members,
    of_money,
    of_procedures,
    of_rule,
    rules_by_name,
)
from guatu.engines.rulebook.explain import Explanation, Kept
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.frame import FrameBuilder, FramePlan
from guatu.engines.rulebook.outputs import Outputs, gate_steps, outcomes_of, worst
from guatu.engines.rulebook.population import Kindred
from guatu.engines.rulebook.types import (
    ActRule,
    Book,
    Case,
    Condition,
    Exemption,
    GradeCase,
    ListRule,
    Money,
    Reason,
    RulebookError,
    Settings,
    Verdict,
)


def fill(
    plan: FramePlan,
    ids: Sequence[str],
    subjects: Sequence[Mapping[str, object]],
    kindred: Mapping[str, Kindred],
) -> list[Frame]:
    """Frames filled column by column, so that columns over the population can be filled too.

    `kindred` are the kinds of subject whose figures are taken. A value that the facts give
    themselves stands.
    """
    frames: list[Frame] = [[] for _ in subjects]
    for slot, load in enumerate(plan.loads):
        for facts, frame in zip(subjects, frames, strict=True):
            frame.append(load(facts, frame))
        spread = plan.spreads.get(slot)
        if spread is None:
            continue
        for frame, value in zip(frames, spread(ids, frames, kindred), strict=True):
            if frame[slot] is None:
                frame[slot] = value
    return frames


def catalogue_of(book: Book, subject: str) -> Catalogue:
    """The names a book's rules about one kind of subject may use."""
    return standard_catalogue().with_own(book.measures, subject)


def builder_of(book: Book, settings: Settings, subject: str) -> FrameBuilder:
    """What lays out the frame of one kind of subject."""
    return FrameBuilder(
        catalogue_of(book, subject),
        settings,
        {one.measure: one.value for one in book.assumptions if one.subject == subject},
        printed=book.compare == "printed",
        outputs=Outputs(book, subject).loaders(),
    )


class Evaluator:
    """A compiled book for one kind of subject. Make it with `compile_book`; safe to share."""

    def __init__(
        self, book: Book, settings: Settings, subject: str, *, whole: bool = False
    ) -> None:
        self.book = book
        self.settings = settings
        self.subject = subject
        self.gates = tuple(gate for gate in book.gates if gate.subject == subject)
        self.lights = tuple(light for light in book.lights if light.subject == subject)
        builder = builder_of(book, settings, subject)
        self.catalogue = builder.catalogue
        self._gates = gate_steps(book, subject, builder)
        outputs = Outputs(book, subject)
        self._judges = tuple(outputs.judge(light, builder) for light in self.lights)
        self._outcomes = tuple(outcomes_of(light) for light in self.lights)
        self.plan = builder.plan(whole_names(book, subject) if whole else self._names())
        self._loads = self.plan.loads
        self._kept = Kept()
        self._verdicts: dict[tuple[int, ...], Verdict] = {}

    @property
    def measures(self) -> tuple[str, ...]:
        """The given (not derived) measures this evaluator reads: what the caller supplies."""
        return self.plan.given

    def verdict(self, facts: Mapping[str, object]) -> Verdict:
        """The subject's verdict.

        `facts`: typed values by catalogue name (see `read_facts`); absent or None is missing.
        Gates come first, in their order; then every dimension; then the worst of those that
        have data. Values of a wrong type are the caller's error (TypeError). What only a
        population can tell (ranks) is missing here unless the facts give it.
        """
        return self.verdict_of(self.frame(facts))

    def frame(self, facts: Mapping[str, object]) -> Frame:
        """Every name's value of one subject by itself."""
        frame: Frame = []
        append = frame.append
        for load in self._loads:
            append(load(facts, frame))
        return frame

    def verdicts(self, subjects: Sequence[Mapping[str, object]]) -> list[Verdict]:
        """The verdicts of all subjects of a kind together: ranks and group means among them.

        `facts` as in `verdict`; where no rule looks at others, each stands for itself.
        """
        if not self.plan.spreads:
            return [self.verdict(facts) for facts in subjects]
        return [self.verdict_of(frame) for frame in self.frames(subjects)]

    def frames(self, subjects: Sequence[Mapping[str, object]]) -> list[Frame]:
        """The frames of all subjects of a kind, column by column."""
        return fill(self.plan, [""] * len(subjects), subjects, {})

    def judged(self, facts: Mapping[str, object]) -> tuple[Verdict, tuple[Reason, ...]]:
        """The verdict and its reasons, the figures computed once."""
        frame = self.frame(facts)
        if any(gate.stop(frame) is not None for gate in self._gates):
            return self.verdict_of(frame), self.explain_frame(facts, frame)
        key = tuple([judge(frame) for judge in self._judges])
        verdict = self._verdicts.get(key) or self._combine(key)
        return verdict, self.explanation(facts, frame).reasons_for(self.lights, key)

    def verdict_of(self, frame: Frame) -> Verdict:
        """The verdict on a frame that is filled."""
        for gate in self._gates:
            stopped = gate.stop(frame)
            if stopped is not None:
                return stopped
        key = tuple([judge(frame) for judge in self._judges])
        found = self._verdicts.get(key)
        return found if found is not None else self._combine(key)

    def explain(self, facts: Mapping[str, object]) -> tuple[Reason, ...]:
        """Why: for each dimension the rule, the figures and the limit, worst dimension first.

        Walks the same tree on the same frame as `verdict` and records what it touched.
        """
        return self.explain_frame(facts, self.frame(facts))

    def explain_frame(self, facts: Mapping[str, object], frame: Frame) -> tuple[Reason, ...]:
        """The same on a frame that is filled."""
        return self.explanation(facts, frame).reasons(self.gates, self.lights)

    def explanation(self, facts: Mapping[str, object], frame: Frame) -> Explanation:
        """What tells why a condition holds on a frame that is filled."""
        return Explanation(self.book, self.plan, self.catalogue, facts, frame, self._kept)

    def exact(self, name: str) -> int:
        """The slot of a name's exact value on the frames of this evaluator."""
        return self.plan.exact[name]

    def test(self, condition: Condition) -> Test:
        """The closure of a condition of this book on filled frames."""
        tests = self._kept.tests
        found = tests.get(id(condition))
        if found is None:
            found = tests[id(condition)] = compile_condition(condition, self.plan.slots)
        return found

    def holds(self, condition: Condition, frame: Frame) -> bool | None:
        """Whether a condition of this book holds on a filled frame."""
        return self.test(condition)(frame)

    def is_waived(self, rule: str, frame: Frame) -> bool:
        """Whether an exemption takes the subject out of a rule."""
        return any(
            frame[self.plan.exact[one.name]] is True
            for one in self.book.exemptions
            if one.subject == self.subject and rule in one.waives
        )

    def _combine(self, key: tuple[int, ...]) -> Verdict:
        lights = tuple(outcomes[index] for outcomes, index in zip(self._outcomes, key, strict=True))
        light = worst(lights)
        verdict = Verdict(True, lights, light.severity, light.label, light.colour)
        self._verdicts[key] = verdict
        return verdict

    def _names(self) -> tuple[str, ...]:
        conditions = [gate.when for gate in self.gates]
        conditions += [case.when for light in self.lights for case in light.cases]
        return tuple(dict.fromkeys(name for when in conditions for name in measures_of(when)))


def whole_names(book: Book, subject: str) -> tuple[str, ...]:
    """Every name that any rule about this kind of subject touches or gives, in a stable order;
    members' names are taken by the kinds above."""
    rules = [
        name
        for (kind, name), found in rules_by_name(book).items()
        if kind == subject
        for name in (*(one for rule in found for one in of_rule(rule)), name)
    ]
    acting: list[ActRule | Money] = [*book.acts, *book.money]
    stated = [one.stated for one in acting if one.subject == subject]
    stated += [one.unless for one in book.acts if one.subject == subject and one.unless]
    conditions = [gate.when for gate in book.gates if gate.subject == subject]
    conditions += [one.when for one in stated]
    names = [name for when in conditions for name in measures_of(when)]
    for rule in book.money:
        if rule.subject == subject:
            names += of_money(rule)
    names += [one.of for one in book.partitions if one.subject == subject]
    names += of_procedures(book, subject)
    for acting_rule in _with_acts(book, subject):
        names += of_acts(acting_rule.acts)
    own = [one.name for one in book.measures if subject in one.subjects]
    wanted = [
        name for measure in book.measures for kind, name in of_members(measure) if kind == subject
    ]
    return tuple(dict.fromkeys((*own, *names, *rules, *wanted)))


def _with_acts(
    book: Book, subject: str
) -> Iterable[Case | GradeCase | ListRule | ActRule | Exemption]:
    """The rules about a kind of subject that ask for acts."""
    for light in book.lights:
        yield from light.cases if light.subject == subject else ()
    for grade in book.grades:
        yield from grade.cases if grade.subject == subject else ()
    rules: list[ListRule | ActRule | Exemption] = [*book.lists, *book.acts, *book.exemptions]
    yield from (rule for rule in rules if rule.subject == subject)


def compile_whole(book: Book, settings: Settings | None = None, *, subject: str) -> Evaluator:
    """The evaluator whose frames hold every name of the book for one kind of subject."""
    return Evaluator(book, settings or Settings(), subject, whole=True)


def compile_book(
    book: Book, settings: Settings | None = None, *, subject: str | None = None
) -> Evaluator:
    """Build the evaluator for one kind of subject (the book's main one unless named).

    Raises RulebookError when the book has no light for that kind.
    """
    wanted = subject or book.subject
    evaluator = Evaluator(book, settings or Settings(), wanted)
    if not evaluator.lights:
        raise RulebookError(
            Fault(
                code="no-such-subject",
                what=f"办法“{book.id}”没有写{wanted}亮什么灯",
                remedy=f"它管的对象：{'、'.join(book.subjects)}",
            )
        )
    return evaluator
