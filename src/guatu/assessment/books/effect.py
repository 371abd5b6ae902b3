"""What another book would change on a locked round: lights, project by project (试算, not kept)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from guatu.assessment.bodies import judged_kinds
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import evaluator_of, facts_of, has_lights
from guatu.assessment.models import Snapshot
from guatu.assessment.queries import past_lights, snapshot_content
from guatu.assessment.recorded import PAST_LIGHTS, with_recorded
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook import AS_OF, HISTORY, Book, Evaluator, Severity
from guatu.engines.rulebook.types import JUDGED, Measure
from guatu.organisation import queries as organisation

type Light = tuple[Severity, str]
"""A light as a book shows it: severity and label."""

WORSE, BETTER, OTHERWISE, RENAMED = "变重", "变轻", "其他", "只是叫法不同"
"""How a light differs; 其他: it was judged and is no more, or the other way round."""

_ORDER = {severity: at for at, severity in enumerate(WORST_FIRST)}


@dataclass(frozen=True, slots=True)
class Frozen:
    """A locked round ready to be judged: its subjects beside the facts that any book may read,
    and the office's own working days that it froze."""

    list_id: int
    period: PeriodKey
    subjects: tuple[Subject, ...]
    facts: tuple[Mapping[str, object], ...]
    workdays: tuple[tuple[date, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One project whose light would be another."""

    subject: Subject
    old: Light
    new: Light

    @property
    def is_renamed(self) -> bool:
        """Whether the light is as bad as before and merely called otherwise."""
        return self.old[0] == self.new[0]

    @property
    def how(self) -> str:
        """变重, 变轻, 只是叫法不同; 其他 where one of the two rests on no judgement."""
        if self.is_renamed:
            return RENAMED
        if not {self.old[0], self.new[0]} <= set(JUDGED):
            return OTHERWISE
        return WORSE if JUDGED.index(self.new[0]) > JUDGED.index(self.old[0]) else BETTER


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes from one book to another on one round. `unknown` are the measures that the new
    book reads and no project has."""

    count: int
    old: Mapping[Light, int]
    new: Mapping[Light, int]
    changes: tuple[Change, ...]
    unknown: tuple[Measure, ...] = ()
    appraised: int = 0

    @property
    def turned(self) -> tuple[Change, ...]:
        """Those that get worse, better, or are judged at all or no more: not merely renamed."""
        return tuple(one for one in self.changes if not one.is_renamed)

    @property
    def renamed(self) -> tuple[Change, ...]:
        """Those that are merely called otherwise."""
        return tuple(one for one in self.changes if one.is_renamed)

    @property
    def hows(self) -> list[tuple[str, int]]:
        """How many of those that turn get worse, get better, or neither."""
        found = Counter(one.how for one in self.turned)
        return [(how, found[how]) for how in (WORSE, BETTER, OTHERWISE) if found[how]]

    @property
    def turns(self) -> list[tuple[Light, Light, int]]:
        """From which light to which, how many; the most first."""
        return _turns(self.turned)

    @property
    def renamings(self) -> list[tuple[Light, Light, int]]:
        """Which light is called what now, how many; the most first."""
        return _turns(self.renamed)

    @property
    def totals(self) -> list[tuple[Light, int, int, int]]:
        """Of each severity how many before, after, and the difference; the worst first. A light
        that is called otherwise has both names."""
        found = []
        for severity in WORST_FIRST:
            both = (*self.old, *self.new)
            labels = dict.fromkeys(label for kind, label in both if kind == severity)
            if labels:
                was, now = (
                    sum(number for (kind, _), number in lights.items() if kind == severity)
                    for lights in (self.old, self.new)
                )
                found.append(((severity, "／".join(labels)), was, now, now - was))
        return found

    @property
    def regions(self) -> list[tuple[str, int]]:
        """How many turn in each region, the most first."""
        return Counter(one.subject.region or "（未注明）" for one in self.turned).most_common()


def _turns(changes: Iterable[Change]) -> list[tuple[Light, Light, int]]:
    found = Counter((one.old, one.new) for one in changes)
    return [(old, new, number) for (old, new), number in found.most_common()]


def conventions_now() -> Conventions:
    """The city's settings of now."""
    return Conventions.of(organisation.settings_in_force(), {})


def judges_rounds(book: Book) -> bool:
    """Whether a round can be judged by a book: it gives projects lights, or speaks of regions or
    responsible units."""
    return has_lights(book) or bool(judged_kinds(book))


def frozen_round(snapshot: Snapshot, conventions: Conventions) -> Frozen:
    """A snapshot's subjects and their facts. Kept for a few snapshots per process: a snapshot
    never changes, and whoever writes a draft asks for the same one at every pause."""
    return _Kept(snapshot, conventions).read()


class _Kept:
    """A key of the store that carries what reads it: equal where snapshot and settings are."""

    def __init__(self, snapshot: Snapshot, conventions: Conventions) -> None:
        self.snapshot = snapshot
        self.conventions = conventions
        self.key = (snapshot.pk, snapshot.content_sm3, conventions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def read(self) -> Frozen:
        return _read(self)


@lru_cache(maxsize=2)
def _read(kept: _Kept) -> Frozen:
    return read_frozen(kept.snapshot, kept.conventions)


def read_frozen(snapshot: Snapshot, conventions: Conventions) -> Frozen:
    """The same, kept nowhere: for many rounds one after the other."""
    content = snapshot_content(snapshot)
    period = content.period_key
    conventions = conventions.of_content(content)
    facts = tuple(facts_of(one, period, conventions) for one in content.subjects)
    subjects = tuple(content.subjects)
    return Frozen(snapshot.round.list_id, period, subjects, facts, content.workdays)


def lights_by(book: Book, frozen: Frozen, conventions: Conventions) -> list[Light]:
    """The light of every subject, in order, as `judging.assess` finds it; one that is not
    appraised is out of scope and nobody's rival."""
    return _judged(book, *_rivals(book, frozen, conventions), frozen)


def _rivals(
    book: Book, frozen: Frozen, conventions: Conventions
) -> tuple[Evaluator, list[Mapping[str, object]]]:
    """The compiled book, and what it knows of every subject that is appraised."""
    evaluator = evaluator_of(book, conventions.on_days(frozen.workdays), subject="项目")
    past = past_lights(frozen.list_id, frozen.period) if PAST_LIGHTS in evaluator.measures else {}
    catalogue, as_of = evaluator.catalogue, frozen.period.as_of
    rivals = []
    for subject, carried in zip(frozen.subjects, frozen.facts, strict=True):
        if subject.is_appraised:
            before = past.get(subject.id)
            facts = carried if before is None else {**carried, PAST_LIGHTS: before}
            rivals.append(with_recorded(facts, subject.recorded, catalogue, as_of))
    return evaluator, rivals


def _judged(
    book: Book, evaluator: Evaluator, rivals: list[Mapping[str, object]], frozen: Frozen
) -> list[Light]:
    verdicts = iter(evaluator.verdicts(rivals))
    outside = (Severity.NOT_IN_SCOPE, book.labels[Severity.NOT_IN_SCOPE].label)
    found = []
    for subject in frozen.subjects:
        given = next(verdicts) if subject.is_appraised else None
        found.append(outside if given is None else (given.overall, given.label))
    return found


def _unknown(
    book: Book, evaluator: Evaluator, rivals: list[Mapping[str, object]]
) -> tuple[Measure, ...]:
    """The measures that the book reads and nobody has; those it takes for granted are known."""
    taken = {one.measure for one in book.assumptions} | {AS_OF, PAST_LIGHTS}
    names = dict.fromkeys(name.removesuffix(HISTORY) for name in evaluator.measures)
    if not rivals:
        return ()
    return tuple(
        evaluator.catalogue[name]
        for name in names
        if name not in taken
        and not any(facts.get(name) is not None or facts.get(name + HISTORY) for facts in rivals)
    )


def effect(old: Book, new: Book, frozen: Frozen, conventions: Conventions) -> Effect:
    """Which lights would be others. Lights of the same severity and label are the same."""
    before = lights_by(old, frozen, conventions)
    evaluator, rivals = _rivals(new, frozen, conventions)
    after = _judged(new, evaluator, rivals, frozen)
    changes = tuple(
        Change(subject, one, other)
        for subject, one, other in zip(frozen.subjects, before, after, strict=True)
        if one != other
    )
    unknown = _unknown(new, evaluator, rivals)
    return Effect(len(before), _counted(before), _counted(after), changes, unknown, len(rivals))


def _counted(lights: Iterable[Light]) -> dict[Light, int]:
    """How many of each, the worst first."""
    found = Counter(lights)
    return {one: found[one] for one in sorted(found, key=_worst_first)}


def _worst_first(light: Light) -> tuple[int, str]:
    return _ORDER.get(light[0], 99), light[1]
