"""The procedures of a book for one subject on one day: states, due days, clocks, papers, items.

Everything is interpreted by `procedures`; here the facts of a frame become its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guatu.engines.rulebook.conditions import Frame
from guatu.engines.rulebook.dependencies import WHOLE_LIGHT
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.facts import AS_OF, PAST_LIGHTS
from guatu.engines.rulebook.procedures import (
    Act,
    Checklist,
    ChecklistVerdict,
    ClockState,
    Deed,
    Due,
    DutyVerdict,
    Event,
    Holds,
    ItemPath,
    LadderEvent,
    LadderState,
    Paper,
    WorkState,
    begin_work,
    clock_state,
    fold,
    item_path,
    judge_checklist,
    judge_duty,
    next_step,
    order_violations,
    plan_all,
)
from guatu.engines.rulebook.procedures.acts import ActDue
from guatu.engines.rulebook.procedures.durations import Span, Unit, moved_within
from guatu.engines.rulebook.procedures.reading import decide
from guatu.engines.rulebook.types import Kind, Measure, Record

AHEAD = timedelta(days=800)
"""How far ahead the next due day is looked for; the rarest rhythm is a year."""
DAY = timedelta(days=1)


MOST_DOUBTS = 3
"""Doubts of calendars told; each week of an unknown year would give one."""


def _reasons(checklist: Checklist, handed: Sequence[Any]) -> dict[str, str]:
    """Why a substitute stands for a paper, by that paper; written beside the substitute."""
    told = {str(one["name"]): str(one["reason"]) for one in handed if one.get("reason")}
    stands = {one.doc: told[one.instead] for one in checklist.substitutes if one.instead in told}
    return told | stands


def unit_of(measure: Measure) -> Unit:
    """What a measure of months or days counts."""
    if measure.kind is Kind.MONTHS:
        return Unit.MONTH
    return Unit.WORKDAY if measure.unit == "工作日" else Unit.DAY


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that a procedure asks for, the rule and clause it comes from."""

    due: ActDue
    rule: str
    clause: str


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What the procedures of a book say of one subject. Keys are the names in the book."""

    ladders: Mapping[str, LadderState]
    dues: tuple[Due, ...]
    clocks: Mapping[str, ClockState]
    checklists: Mapping[str, ChecklistVerdict]
    duties: Mapping[str, tuple[DutyVerdict, ...]]
    path: ItemPath | None
    works: Mapping[str, WorkState]
    violations: tuple[str, ...]
    acts: tuple[Asked, ...]
    doubts: tuple[str, ...]


NOTHING = Proceedings({}, (), {}, {}, {}, None, {}, (), (), ())


def proceed(evaluator: Evaluator, facts: Mapping[str, object], frame: Frame) -> Proceedings:
    """Interpret every procedure that is about this kind of subject, on the day of the facts."""
    procedures, as_of = evaluator.book.procedures, facts.get(AS_OF)
    if not procedures or not isinstance(as_of, date):
        return NOTHING
    return _Run(evaluator, facts, frame, as_of).proceedings()


class _Run:
    def __init__(
        self, evaluator: Evaluator, facts: Mapping[str, object], frame: Frame, as_of: date
    ) -> None:
        assert evaluator.book.procedures is not None
        self.evaluator, self.facts, self.as_of = evaluator, facts, as_of
        self.frame = frame
        self.book, self.procedures = evaluator.book, evaluator.book.procedures
        self.days = evaluator.settings.calendar
        self.holds: Holds = lambda condition: evaluator.holds(condition, frame)
        self.doubts: list[str] = []
        self.acts: list[Asked] = []

    def proceedings(self) -> Proceedings:
        ladders = self._ladders()
        dues = self._dues()
        clocks = self._clocks()
        checklists = self._checklists()
        duties = self._duties()
        path = self._path()
        return Proceedings(
            ladders=ladders,
            dues=dues,
            clocks=clocks,
            checklists=checklists,
            duties=duties,
            path=path,
            works=self._works(),
            violations=self._violations(),
            acts=tuple(self.acts),
            doubts=tuple(dict.fromkeys(self.doubts)),
        )

    def _mine[T](self, rules: Sequence[T]) -> list[T]:
        """The procedures about this kind of subject."""
        kind = self.evaluator.subject
        return [one for one in rules if (one.head.subject or self.book.subject) == kind]  # type: ignore[attr-defined]

    def _value(self, name: str) -> Any:
        """A name's value with what was derived and assumed; what no rule names is in the facts
        alone."""
        slot = self.evaluator.plan.exact.get(name)
        return self.facts.get(name) if slot is None else self.frame[slot]

    def _records(self, name: str) -> tuple[Record, ...]:
        value = self._value(name)
        if isinstance(value, date):
            return (Record(value),)
        return value if isinstance(value, tuple) else ()

    def _measured(self, name: str) -> Span | None:
        """The time that a measure of days or months says."""
        measure = self.evaluator.catalogue[name]
        value = self._value(measure.name)
        return None if value is None else Span(value, unit_of(measure))

    def _days(self, name: str) -> list[date]:
        return [one.on for one in self._records(name)]

    def _ladders(self) -> dict[str, LadderState]:
        found = {}
        for ladder in self._mine(self.procedures.ladders):
            lit = self._lit() if ladder.lights else []
            if not lit and not self._known(ladder.registered):
                self.doubts.append(f"“{ladder.head.name}”的事没有登记，不能判断到了哪一级")
                continue
            events = [
                LadderEvent(name, one.on, one.value if isinstance(one.value, date) else None)
                for name in ladder.registered
                for one in self._records(name)
            ]
            events += [
                LadderEvent(light.name, one.on)
                for one in lit
                for light in ladder.lights
                if one.value in light.labels
            ]
            state = fold(ladder, events, self.as_of, days=self.days, holds=self.holds)
            found[ladder.head.name] = state
            self.doubts += state.doubts
            clause = state.moves[-1].clause if state.moves else ""
            self._ask(state.acts, ladder.head.name, clause or ladder.head.clause)
        return found

    def _lit(self) -> list[Record]:
        """The total light of every round: of the earlier ones, and of this one on its day."""
        past = [one for one in self._records(PAST_LIGHTS) if one.on < self.as_of]
        now = self._value(WHOLE_LIGHT)
        return [*past, *([Record(self.as_of, now)] if now else [])]

    def _known(self, names: Iterable[str]) -> list[str]:
        """The names that have a register, be it an empty one."""
        return [name for name in names if self._value(name) is not None]

    def _ask(self, acts: Sequence[ActDue], rule: str, clause: str) -> None:
        self.acts += [Asked(act, rule, clause) for act in acts]

    def _ask_now(self, acts: Sequence[Act], rule: str, clause: str) -> None:
        self._ask([ActDue(act, None) for act in acts], rule, clause)

    def _dues(self) -> tuple[Due, ...]:
        calendars = self._mine(self.procedures.calendars)
        # The days of what a calendar asks for are planned, not taken from a register.
        acts = {act for calendar in calendars for act in calendar.acts}
        anchors = {name for calendar in calendars for name in calendar.events} - acts
        plan = plan_all(
            calendars,
            self.as_of,
            moved_within(self.as_of, AHEAD),
            days=self.days,
            holds=self.holds,
            events={name: self._days(name) for name in self._known(anchors)},
        )
        # A year without published holidays ahead is no doubt where the next days are known.
        known = {due.act for due in plan.dues}
        if not known.issuperset(act for one in calendars for act in one.acts):
            spoken = tuple(f"{act}（" for act in known)
            told = [one for one in plan.doubts if not one.startswith(spoken)]
            self.doubts += told[:MOST_DOUBTS]
        return plan.dues

    def _clocks(self) -> dict[str, ClockState]:
        found = {}
        for clock in self._mine(self.procedures.clocks):
            names = {one.event for one in clock.starts} | {*clock.ends, *clock.restarts}
            names |= {name for one in clock.pauses for name in (one.begins, one.ends)}
            names |= {clock.extension.event} if clock.extension else set()
            events = self._events(names)
            state = clock_state(
                clock,
                events,
                self.as_of,
                days=self.days,
                holds=self.holds,
                measured=self._measured,
            )
            found[clock.head.name] = state
            self.doubts += state.doubts
            self._ask_now(state.acts, clock.head.name, clock.head.clause)
        return found

    def _events(self, names: set[str]) -> list[Event]:
        return [
            Event(name, one.on, by=one.who) for name in sorted(names) for one in self._records(name)
        ]

    def _checklists(self) -> dict[str, ChecklistVerdict]:
        found = {}
        for checklist in self._mine(self.procedures.checklists):
            handed = self._value(checklist.head.name)
            if handed is None:
                continue
            papers = [
                Paper(str(one["name"]), one.get("fields", {}), int(one.get("copies", 1)))
                for one in handed
            ]
            reasons = _reasons(checklist, handed)
            received = [on for on in self._days(checklist.received) if on <= self.as_of]
            found[checklist.head.name] = judge_checklist(
                checklist,
                papers,
                received_on=min(received, default=self.as_of),
                now=self.as_of,
                days=self.days,
                reasons=reasons,
                holds=self.holds,
            )
        return found

    def _duties(self) -> dict[str, tuple[DutyVerdict, ...]]:
        found = {}
        for duty in self._mine(self.procedures.duties):
            if duty.every is None or self._value(duty.head.name) is None:
                continue
            deeds = [
                Deed(one.who or duty.who[0], one.on, recorded=one.value is not False)
                for one in self._records(duty.head.name)
                if one.on <= self.as_of
            ]
            # Judged up to and with the day of the facts: a period that ends on it is over.
            judged = judge_duty(
                duty,
                deeds,
                first=self.as_of,
                now=moved_within(self.as_of, DAY),
                holds=self.holds,
                doubts=self.doubts,
            )
            verdicts = tuple(one for one in judged if one.period == judged[0].period)
            for one in verdicts:
                self._ask_now(one.acts, duty.head.name, duty.head.clause)
            found[duty.head.name] = verdicts
        return found

    def _path(self) -> ItemPath | None:
        items = self._mine(self.procedures.items)
        if not items:
            return None
        path = item_path(
            items,
            totals=self._mine(self.procedures.totals),
            waivers=self._mine(self.procedures.waivers),
            holds=self.holds,
        )
        self.doubts += path.doubts
        return path

    def _works(self) -> dict[str, WorkState]:
        found = {}
        for workflow in self._mine(self.procedures.workflows):
            names = {workflow.start, *workflow.stops, *(one.on for one in workflow.steps)}
            names |= {one.on for one in workflow.returns}
            events = sorted(self._events(names - {""}), key=lambda one: one.on)
            events = [one for one in events if one.on <= self.as_of]
            if not events or decide(workflow.when, self.holds, self.doubts) is not True:
                continue
            state = WorkState()
            if not workflow.start:
                state = begin_work(workflow, events[0].on, days=self.days, holds=self.holds)
            for event in events:
                state = next_step(workflow, state, event, days=self.days, holds=self.holds)
            found[workflow.head.name] = state
            self.doubts += state.doubts
            self._ask(state.acts, workflow.head.name, workflow.head.clause)
        return found

    def _violations(self) -> tuple[str, ...]:
        told: list[str] = []
        for sequence in self._mine(self.procedures.sequences):
            names = {*sequence.order, *sequence.needs}
            names |= {name for firsts in sequence.needs.values() for name in firsts}
            done = {name: min(self._days(name)) for name in names if self._days(name)}
            unknown = names.difference(self._known(names))
            told += order_violations(
                sequence, done, holds=self.holds, doubts=self.doubts, unknown=unknown
            )
        return tuple(told)
