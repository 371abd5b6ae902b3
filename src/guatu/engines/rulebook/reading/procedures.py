"""Ladders, calendars, clocks, checklists and the like: their events and papers, their tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.procedures import Procedures, read_procedures
from guatu.engines.rulebook.procedures.reading import ReadCondition
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import All, Condition, Kind, Measure


def read_procedures_of(reading: Reading) -> Procedures:
    """Every procedure of the book, its conditions about its own kind of subject."""

    def read_for(subject: str) -> ReadCondition:
        about = subject if subject in reading.subjects else reading.subject
        return lambda section, key: reading.condition(section, about, key)

    return read_procedures(reading.root, read_for)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A name that a procedure waits for: events with their days, or the papers of a checklist."""

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
        names = [*ladder.counted, *ladder.met, *(on for one in ladder.closes for on in one.on)]
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names)
    for clock in found.clocks:
        subject = clock.head.subject or main
        names = [*(one.event for one in clock.starts), *clock.ends, *clock.restarts]
        names += [name for one in clock.pauses for name in (one.begins, one.ends)]
        names += [clock.extension.event] if clock.extension else []
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names if name)
    acts = {calendar.act for calendar in found.calendars}
    for calendar in found.calendars:
        names = [one.event for one in calendar.deadlines if one.event and one.event not in acts]
        subject = calendar.head.subject or main
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
        yield Recorded(checklist.head.name, checklist.head.subject or main, Kind.PAPERS)
    for sequence in found.sequences:
        names = [
            *sequence.order,
            *sequence.needs,
            *(n for one in sequence.needs.values() for n in one),
        ]
        subject = sequence.head.subject or main
        yield from (Recorded(name, subject, Kind.RECORDS) for name in names)


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
            if own.kind not in (Kind.RECORDS, Kind.DAY) and one.kind is Kind.RECORDS:
                what = f"“{one.name}”作为事件，应是记录或日期"
                reading.faults.add("", what, "换一个名称，或把它的kind写成记录")
            continue
        kind = "材料" if one.kind is Kind.PAPERS else "记录"
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
