"""Duties (职责频次): at least n times in each period, with a record; met or missed from records.

About what a post owes a project, never a ranking of those who hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guatu.engines.rulebook.procedures.acts import Act, read_acts
from guatu.engines.rulebook.procedures.reading import (
    Head,
    Holds,
    ReadCondition,
    When,
    decide,
    nothing_known,
    read_head,
    read_natural,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.procedures.terms import WRITTEN, Every, Rhythm
from guatu.engines.rulebook.sections import Section


class DutyStatus(StrEnum):
    """Whether a period's duty was done."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Duty:
    """What posts owe: `at_least` times `every` period, for each of `per` (项目) where it says so.

    Without `every` it is a standing duty that no count judges.
    """

    head: Head
    who: tuple[str, ...]
    what: tuple[str, ...]
    at_least: int
    every: Every | None
    start_on: date | None
    record: bool
    per: str
    when: When | None
    missed: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done: by which post, when, for which subject; whether a record shows it."""

    who: str
    on: date
    about: str = ""
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class DutyVerdict:
    """One post, one subject, one period."""

    who: str
    about: str
    period: str
    done: int
    needed: int
    status: DutyStatus
    why: str
    acts: tuple[Act, ...] = ()


def read_duty(section: Section, read: ReadCondition) -> Duty:
    """One `[[duty]]`. Notes every fault."""
    what = read_texts(section, "what", required=True)
    head = read_head(section, default="、".join(what) or "职责")
    said = section.choice("every", WRITTEN, default="") if "every" in section else ""
    every = Every(said) if said else None
    duty = Duty(
        head=head,
        who=read_texts(section, "who", required=True),
        what=what,
        at_least=read_natural(section, "at_least", default=1),
        every=every,
        start_on=section.day("start", required=every is Every.FORTNIGHT),
        record=section.flag("record"),
        per=section.text("per", required=False),
        when=read_when(section, "when", read),
        missed=read_acts(section, "missed", read),
    )
    if "fields" in section:
        section.fault(
            "职责不写“fields”：登记的每条只有日期、谁和有没有记录",
            "写record = true，要有的栏目写在what里或条款里",
        )
    if every is None and "at_least" in section:
        section.fault("写了“at_least”，没有写“every”", 'every = "月"')
    section.finish()
    return duty


def judge_duty(
    duty: Duty,
    deeds: Sequence[Deed],
    *,
    first: date,
    now: date,
    subjects: Sequence[str] = ("",),
    holds: Holds = nothing_known,
    doubts: list[str] | None = None,
) -> tuple[DutyVerdict, ...]:
    """A verdict per post, subject and period from the one of `first` to the one of `now`.

    A deed without the record that the duty asks for does not count. A period that is not over is
    OPEN until it is met. Whether the duty applies may be unknown: that adds to `doubts`, and no
    verdict is given.
    """
    if duty.every is None or not decide(duty.when, holds, [] if doubts is None else doubts):
        return ()
    return tuple(
        _verdicts(duty, deeds, first, now, subjects, Rhythm(duty.every, False, duty.start_on))
    )


def _verdicts(
    duty: Duty,
    deeds: Sequence[Deed],
    first: date,
    now: date,
    subjects: Sequence[str],
    rhythm: Rhythm,
) -> Iterator[DutyVerdict]:
    counted = [deed for deed in deeds if deed.on <= now and _counts(duty, deed)]
    for term in rhythm.between(first, now):
        for who in duty.who:
            for about in subjects:
                done = sum(
                    deed.who == who
                    and term.first_on <= deed.on <= term.last_on
                    and (not about or deed.about == about)
                    for deed in counted
                )
                status = DutyStatus.MET
                if done < duty.at_least:
                    status = DutyStatus.OPEN if term.last_on >= now else DutyStatus.MISSED
                target = f"“{about}”" if about else ""
                why = (
                    f"{term.label}{who}{target}{duty.head.name}{done}次，应不少于{duty.at_least}次"
                )
                acts = duty.missed if status is DutyStatus.MISSED else ()
                yield DutyVerdict(who, about, term.key, done, duty.at_least, status, why, acts)


def _counts(duty: Duty, deed: Deed) -> bool:
    return deed.recorded or not duty.record
