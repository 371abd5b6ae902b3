"""What another book would change on a locked round: lights, project by project (试算, not kept)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import Past, evaluator_of, facts_of
from guatu.assessment.models import Snapshot
from guatu.assessment.queries import past_lights, snapshot_content
from guatu.assessment.recorded import PAST_LIGHTS, with_recorded
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook import Book, Severity
from guatu.organisation import queries as organisation

type Light = tuple[Severity, str]
"""A light as a book shows it: severity and label."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A locked round ready to be judged: its subjects beside the facts that any book may read."""

    list_id: int
    period: PeriodKey
    subjects: tuple[Subject, ...]
    facts: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One project whose light would be another."""

    subject: Subject
    old: Light
    new: Light


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes from one book to another on one round."""

    count: int
    old: Mapping[Light, int]
    new: Mapping[Light, int]
    changes: tuple[Change, ...]

    @property
    def turns(self) -> list[tuple[Light, Light, int]]:
        """From which light to which, how many; the most first."""
        found = Counter((one.old, one.new) for one in self.changes)
        return [(old, new, number) for (old, new), number in found.most_common()]

    @property
    def regions(self) -> list[tuple[str, int]]:
        """How many change in each region, the most first."""
        return Counter(one.subject.region or "（未注明）" for one in self.changes).most_common()


def conventions_now() -> Conventions:
    """The city's settings of now."""
    return Conventions.of(organisation.settings_in_force(), {})


def has_lights(book: Book) -> bool:
    """Whether a book says what light a project has."""
    return any(light.subject == "项目" for light in book.lights)


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
    facts = tuple(facts_of(one, period, conventions) for one in content.subjects)
    return Frozen(snapshot.round.list_id, period, tuple(content.subjects), facts)


def lights_by(book: Book, frozen: Frozen, conventions: Conventions) -> list[Light]:
    """The light of every subject, in order, as `judging.assess` finds it; one that is not
    appraised is out of scope and nobody's rival."""
    evaluator = evaluator_of(book, conventions, subject="项目")
    past = past_of(frozen) if PAST_LIGHTS in evaluator.measures else {}
    catalogue, as_of = evaluator.catalogue, frozen.period.as_of
    rivals = []
    for subject, carried in zip(frozen.subjects, frozen.facts, strict=True):
        if subject.is_appraised:
            before = past.get(subject.id)
            facts = carried if before is None else {**carried, PAST_LIGHTS: before}
            rivals.append(with_recorded(facts, subject.recorded, catalogue, as_of))
    verdicts = iter(evaluator.verdicts(rivals))
    outside = (Severity.NOT_IN_SCOPE, book.labels[Severity.NOT_IN_SCOPE].label)
    found = []
    for subject in frozen.subjects:
        given = next(verdicts) if subject.is_appraised else None
        found.append(outside if given is None else (given.overall, given.label))
    return found


def past_of(frozen: Frozen) -> Past:
    """The lights of the earlier locked rounds: for books that look back; in one query."""
    return past_lights(frozen.list_id, frozen.period)


def effect(old: Book, new: Book, frozen: Frozen, conventions: Conventions) -> Effect:
    """Which lights would be others. Lights of the same severity and label are the same."""
    before, after = lights_by(old, frozen, conventions), lights_by(new, frozen, conventions)
    changes = tuple(
        Change(subject, one, other)
        for subject, one, other in zip(frozen.subjects, before, after, strict=True)
        if one != other
    )
    return Effect(len(before), _counted(before), _counted(after), changes)


def _counted(lights: Iterable[Light]) -> dict[Light, int]:
    """How many of each, the worst first."""
    found = Counter(lights)
    order = {severity: at for at, severity in enumerate(WORST_FIRST)}
    return dict(sorted(found.items(), key=lambda one: (order.get(one[0][0], 99), one[0][1])))
