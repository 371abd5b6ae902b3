"""Ladders, calendars, clocks, checklists and the like: their events and papers, their tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.procedures import Procedures, read_procedures
from guatu.engines.rulebook.procedures.clocks import Clock
from guatu.engines.rulebook.procedures.ladders import Ladder
from guatu.engines.rulebook.procedures.reading import Head, ReadCondition
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.names import labels_of
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import All, Condition, Kind, Measure


def read_procedures_of(reading: Reading) -> Procedures:
    """Every procedure of the book, its conditions about its own kind of subject."""

    def read_for(subject: str) -> ReadCondition:
        about = subject if subject in reading.subjects else reading.subject
        return lambda section, key: reading.condition(section, about, key)

    found = read_procedures(reading.root, read_for)
    for head in _heads(found):
        if head.subject and head.subject not in reading.subjects:
            _refuse_subject(reading, head)
    for clock in found.clocks:
        _check_measured(reading, clock)
    for ladder in found.ladders:
        _check_lights(reading, ladder)
    return found


def _check_lights(reading: Reading, ladder: Ladder) -> None:
    """A ladder that lights move: of a kind of subject that is given some, under their labels."""
    subject = ladder.head.subject or reading.subject
    known, place = labels_of(reading, subject), f"阶梯“{ladder.head.name}”"
    for label in dict.fromkeys(label for one in ladder.lights for label in one.labels):
        if not known:
            reading.faults.add(place, f"办法没有给{subject}亮灯", "先写[[light]]，或改登记的事")
            return
        if label not in known:
            near = get_close_matches(label, known, n=1, cutoff=0.4)
            remedy = f"是不是“{near[0]}”" if near else f"可写：{'、'.join(known)}"
            reading.faults.add(place, f"总灯不会是“{label}”", remedy, code="no-such-label")


def _check_measured(reading: Reading, clock: Clock) -> None:
    """The measures that a clock takes its limits from: known, of days or months."""
    subject = clock.head.subject or reading.subject
    section = Section({}, f"时限“{clock.head.name}”", reading.faults)
    for case in (*clock.limits, *clock.at_least):
        if case.of and subject in reading.subjects:
            reading.measure_of(case.of, section, subject, (Kind.DAYS, Kind.MONTHS))


def _heads(found: Procedures) -> Iterator[Head]:
    for one in fields(found):
        yield from (rule.head for rule in getattr(found, one.name))


def _refuse_subject(reading: Reading, head: Head) -> None:
    """A procedure about a kind of subject that the book does not know would be nobody's."""
    near = get_close_matches(head.subject, reading.subjects, n=1, cutoff=0.5)
    known = f"可写：{'、'.join(reading.subjects)}；别的对象先写在book的kinds里"
    remedy = f"是不是“{near[0]}”" if near else known
    place = f"“{head.name}”" + (f"（{head.clause}）" if head.clause else "")
    reading.faults.add(place, f"“subject”不能是“{head.subject}”", remedy, code="no-such-subject")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A name that a procedure waits for: events with their days, the papers of a checklist, the
    day on which they were received."""

    name: str
    subject: str
    kind: Kind
    value: Kind | None = None


def recorded_of(reading: Reading) -> tuple[Recorded, ...]:
    """The events and papers that procedures name, read without noting faults (later, they are)."""
    quiet = Section(dict(reading.root.raw()), "", Faults(""))
    found = read_procedures(quiet, lambda _: _unread)
    return tuple(dict.fromkeys(_recorded(found, reading.subject)))


def _unread(section: Section, key: str) -> tuple[Condition, str]:
    return All(()), section.text(key)


def _recorded(found: Procedures, main: str) -> Iterable[Recorded]:
    for ladder in found.ladders:
        subject = ladder.head.subject or main
        for name in ladder.registered:
            value = Kind.DAY if name in ladder.dated else None
            yield Recorded(name, subject, Kind.RECORDS, value)
    for clock in found.clocks:
        subject = clock.head.subject or main
        names = [*(one.event for one in clock.starts), *clock.ends, *clock.restarts]
        names += [name for one in clock.pauses for name in (one.begins, one.ends)]
        names += [clock.extension.event] if clock.extension else []
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names if name)
    acts = {
        (calendar.head.subject or main, act)
        for calendar in found.calendars
        for act in calendar.acts
    }
    for calendar in found.calendars:
        subject = calendar.head.subject or main
        names = [name for name in sorted(calendar.events) if (subject, name) not in acts]
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names)
    for workflow in found.workflows:
        names = [workflow.start, *(one.on for one in workflow.steps), *workflow.stops]
        names += [one.on for one in workflow.returns]
        subject = workflow.head.subject or main
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names if name)
    for duty in found.duties:
        if duty.every is not None:
            yield Recorded(duty.head.name, duty.head.subject or main, Kind.RECORDS, Kind.BOOL)
    for checklist in found.checklists:
        subject = checklist.head.subject or main
        yield Recorded(checklist.head.name, subject, Kind.PAPERS)
        if checklist.limit:
            yield Recorded(checklist.received, subject, Kind.DAY)
    for sequence in found.sequences:
        names = [
            *sequence.order,
            *sequence.needs,
            *(n for one in sequence.needs.values() for n in one),
        ]
        subject = sequence.head.subject or main
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names)


_KIND_WORDS = {Kind.PAPERS: "材料", Kind.DAY: "日期", Kind.RECORDS: "记录"}


def declare_recorded(reading: Reading, taken: Iterable[Measure]) -> tuple[Measure, ...]:
    """Measures for the events and papers that nothing else declares. A measure of the book or
    the catalogue with such a name must hold records or a day."""
    known = {(subject, one.name): one for one in taken for subject in one.subjects}
    standard, found = standard_catalogue(), list[Measure]()
    for one in recorded_of(reading):
        own = known.get((one.subject, one.name))
        catalogued = standard.find(one.name)
        if own is None and catalogued is not None and one.subject in catalogued.subjects:
            own = catalogued
        if own is not None:
            if own.kind not in (Kind.RECORDS, Kind.DAY) and one.kind is not Kind.PAPERS:
                what = f"“{one.name}”作为事件，应是记录或日期"
                reading.faults.add("", what, "换一个名称，或把它的kind写成记录")
            continue
        kind = _KIND_WORDS[one.kind]
        found.append(
            Measure(
                one.name,
                one.kind,
                kind,
                f"“{one.name}”的{kind}",
                "办理时登记",
                False,
                (one.subject,),
                operator="event",
                record_kind=one.value,
            )
        )
        known[one.subject, one.name] = found[-1]
    return tuple(found)
