"""Where a clock stands: running, paused, done, overdue; used, left and over in its own unit.

Due = the limit after the start, moved by exactly the days (working days, minutes) that were
paused before it ran out, and by approved extensions. Pausing never brings it forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.acts import Act
from guatu.engines.rulebook.procedures.axis import Axis
from guatu.engines.rulebook.procedures.calendars import Shift
from guatu.engines.rulebook.procedures.clocks import Clock, Pause
from guatu.engines.rulebook.procedures.durations import (
    Span,
    Unit,
    add_span,
    moved_within,
    workday_from,
    workday_until,
)
from guatu.engines.rulebook.procedures.events import Event
from guatu.engines.rulebook.procedures.reading import (
    Holds,
    Measured,
    choose_span,
    decide,
    nothing_known,
    nothing_measured,
)


class ClockStatus(StrEnum):
    """Where a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    OVERDUE = "overdue"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


LABELS = {
    ClockStatus.NOT_STARTED: "未起算",
    ClockStatus.RUNNING: "计时中",
    ClockStatus.PAUSED: "暂停计时",
    ClockStatus.DONE: "已办结",
    ClockStatus.OVERDUE: "逾期",
    ClockStatus.UNDECIDED: "不能判断",
    ClockStatus.NOT_APPLICABLE: "不适用",
}


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock on one day. Counts are in `unit`: working days, days or whole hours.

    `earliest_on` is the first day that a minimum term allows; `is_early` says it was not kept.
    """

    status: ClockStatus
    unit: str = ""
    started_on: date | None = None
    due_on: date | None = None
    due_at: time | None = None
    promised_on: date | None = None
    earliest_on: date | None = None
    done_on: date | None = None
    used: int = 0
    left: int = 0
    over: int = 0
    paused: int = 0
    is_early: bool = False
    acts: tuple[Act, ...] = ()
    why: str = ""
    doubts: tuple[str, ...] = ()


def clock_state(
    clock: Clock,
    events: Sequence[Event],
    now: date,
    *,
    days: WorkCalendar,
    at: time | None = None,
    holds: Holds = nothing_known,
    measured: Measured = nothing_measured,
) -> ClockState:
    """The state of a clock at the end of day `now`, or at hour `at` of it.

    Events after `now` are not looked at. Unknown holidays and unknown conditions give
    UNDECIDED with the reason, never an exception.
    """
    doubts: list[str] = []
    applies = decide(clock.when, holds, doubts)
    if applies is False:
        return ClockState(ClockStatus.NOT_APPLICABLE)
    if applies is None:
        return _undecided(doubts)
    start_event = _start_event(clock, holds, doubts)
    limit = choose_span(clock.limits, holds, doubts, measured)
    floor = choose_span(clock.at_least, holds, doubts, measured)
    if doubts:
        return _undecided(doubts)
    if limit is None and floor is None:
        return ClockState(ClockStatus.NOT_APPLICABLE)
    seen = sorted(
        (one for one in events if one.on <= now and (at is None or one.on < now or _by(one, at))),
        key=lambda one: one.moment,
    )
    start = _begun(clock, seen, start_event)
    if start is None:
        why = f"还没有“{start_event}”" if start_event else "没有适用的起算日"
        return ClockState(ClockStatus.NOT_STARTED, why=why)
    try:
        return _Run(clock, limit, floor, start, seen, now, at, days).state()
    except CalendarUnknown as error:
        return replace(_undecided([error.faults[0].what]), started_on=start.on)


def _by(event: Event, at: time) -> bool:
    return (event.at or time()) <= at


def _undecided(doubts: Sequence[str]) -> ClockState:
    return ClockState(ClockStatus.UNDECIDED, why="；".join(doubts), doubts=tuple(doubts))


def _start_event(clock: Clock, holds: Holds, doubts: list[str]) -> str:
    for start in clock.starts:
        answer = decide(start.when, holds, doubts)
        if answer is None:
            return ""
        if answer:
            return start.event
    return ""


def _begun(clock: Clock, events: Sequence[Event], name: str) -> Event | None:
    """The event that the count runs from: the first start, or the last restart before the end."""
    begun: Event | None = None
    for event in events:
        if begun is None:
            begun = event if event.name == name else None
        elif event.name in clock.ends:
            break
        elif event.name in clock.restarts:
            begun = event
    return begun


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Time that is not counted: after `begin`, up to and with `end`."""

    begin: date
    end: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """One started clock."""

    clock: Clock
    limit: Span | None
    floor: Span | None
    start: Event
    events: Sequence[Event]
    now: date
    at: time | None
    days: WorkCalendar

    def state(self) -> ClockState:
        """Due days, what was used and paused up to the end or the present, and why."""
        axis = self._axis()
        start, end = axis.point(self.start), self._end()
        present = self._present(axis)
        horizon = min(axis.point(end), present) if end else present
        stretches = self._stretches(axis, start, horizon)
        due = self._due(axis, start, stretches, self.limit)
        promised = self._due(axis, start, stretches, self.clock.promised)
        counted = [one for one in stretches if due is None or one.begin <= due]
        paused = sum(axis.between(one.begin, one.end) for one in counted)
        used = max(0, axis.between(start, horizon) - paused)
        over = axis.between(due, horizon) if due else 0
        late = due is not None and horizon > due
        is_paused = any(one.is_open for one in counted)
        status = _status(done=end is not None, paused=is_paused, late=late)
        scale = 60 if axis.by_hour else 1
        earliest = add_span(self.start.on, self.floor, self.days) if self.floor else None
        state = ClockState(
            status=status,
            unit=(Unit.HOUR if axis.by_hour else axis.unit).value,
            started_on=self.start.on,
            due_on=_day(due),
            due_at=due.time() if isinstance(due, datetime) else None,
            promised_on=_day(promised),
            earliest_on=earliest,
            done_on=end.on if end else None,
            used=used // scale,
            left=axis.between(horizon, due) // scale if due and not end else 0,
            over=-(-over // scale),
            paused=paused // scale,
            is_early=bool(earliest and end and end.on < earliest),
            acts=self.clock.over if late else (),
        )
        return replace(state, why=self._why(state))

    def _axis(self) -> Axis:
        unit = self.limit.unit if self.limit else Unit.DAY
        counted = Unit.WORKDAY if unit is Unit.WORKDAY else Unit.DAY
        return Axis(unit is Unit.HOUR, counted, self.days)

    def _present(self, axis: Axis) -> date:
        return datetime.combine(self.now, self.at or time(23, 59)) if axis.by_hour else self.now

    def _end(self) -> Event | None:
        return next(
            (
                one
                for one in self.events
                if one.name in self.clock.ends and one.moment >= self.start.moment
            ),
            None,
        )

    def _stretches(self, axis: Axis, start: date, horizon: date) -> list[_Stretch]:
        """All pauses up to the horizon, those that overlap as one, in order."""
        found = [
            stretch
            for pause in self.clock.pauses
            for stretch in self._of_pause(axis, pause, start, horizon)
        ]
        merged: list[_Stretch] = []
        for one in sorted(found, key=lambda stretch: stretch.begin):
            if merged and one.begin <= merged[-1].end:
                last = merged[-1]
                end = max(last.end, one.end)
                merged[-1] = _Stretch(last.begin, end, last.is_open or one.is_open)
            else:
                merged.append(one)
        return merged

    def _of_pause(self, axis: Axis, pause: Pause, start: date, horizon: date) -> list[_Stretch]:
        found = []
        begun: date | None = None
        for event in self.events:
            if event.name == pause.begins and begun is None:
                begun = axis.point(event)
            elif event.name == pause.ends and begun is not None:
                found.append((begun, _last_of(axis.point(event), pause), False))
                begun = None
        if begun is not None:
            found.append((begun, horizon, True))
        return [
            stretch
            for begin, end, is_open in found
            if (stretch := self._cut(axis, pause, start, horizon, _Stretch(begin, end, is_open)))
        ]

    def _cut(
        self, axis: Axis, pause: Pause, start: date, horizon: date, one: _Stretch
    ) -> _Stretch | None:
        """A pause within its maximum, the start and the horizon; None when nothing is left."""
        end, is_open = min(one.end, horizon), one.is_open
        if pause.most:
            longest = axis.after(one.begin, pause.most)
            is_open = is_open and end <= longest
            end = min(end, longest)
        begin = max(one.begin, start)
        if end < begin or one.begin > horizon:
            return None
        return _Stretch(begin, end, is_open)

    def _due(
        self, axis: Axis, start: date, stretches: Sequence[_Stretch], limit: Span | None
    ) -> date | None:
        """The limit after the start, moved by pauses and extensions in their order."""
        if limit is None:
            return None
        due = self._on_workday(axis.after(start, limit))
        raw = axis.after(start, limit)
        moves: list[tuple[date, int, _Stretch | None]] = [(one.begin, 1, one) for one in stretches]
        extension = self.clock.extension
        if extension:
            approved = [axis.point(one) for one in self.events if one.name == extension.event]
            approved = [point for point in approved if point >= start][: extension.times]
            moves += [(point, 0, None) for point in approved]
        for begin, _, stretch in sorted(moves, key=lambda move: move[:2]):
            if begin > due:
                continue
            if stretch is not None:
                raw = axis.moved(raw, axis.between(stretch.begin, stretch.end))
            elif extension:
                raw = axis.after(raw, extension.span)
            due = self._on_workday(raw)
        return due

    def _on_workday(self, due: date) -> date:
        if isinstance(due, datetime):
            return due
        match self.clock.shift:
            case Shift.LATER:
                return workday_from(due, self.days)
            case Shift.EARLIER:
                return workday_until(due, self.days)
        return due

    def _why(self, state: ClockState) -> str:
        told = [f"自{self.start.on.isoformat()}“{self.start.name}”起算"]
        if self.limit:
            told.append(f"时限{self.limit}")
        if state.paused:
            told.append(f"扣除暂停{state.paused}{_spoken(state.unit)}")
        if state.due_on:
            hour = f"{state.due_at:%H:%M}" if state.due_at else ""
            told.append(f"应于{state.due_on.isoformat()}{hour}前办结")
        if state.earliest_on:
            told.append(f"不得早于{state.earliest_on.isoformat()}")
        told.append(_outcome(state))
        return "，".join(told)


def _last_of(end: date, pause: Pause) -> date:
    """The last day that a pause takes: that of its end, or the one before where that counts."""
    return moved_within(end, timedelta(days=-1)) if pause.counts_last else end


def _day(point: date | None) -> date | None:
    return point.date() if isinstance(point, datetime) else point


def _spoken(unit: str) -> str:
    return f"个{unit}" if unit == Unit.WORKDAY else unit


def _status(*, done: bool, paused: bool, late: bool) -> ClockStatus:
    if done:
        return ClockStatus.DONE
    if paused:
        return ClockStatus.PAUSED
    return ClockStatus.OVERDUE if late else ClockStatus.RUNNING


def _outcome(state: ClockState) -> str:
    unit = _spoken(state.unit)
    if state.is_early and state.done_on:
        return f"{state.done_on.isoformat()}办结，早于最短期限"
    if state.status is ClockStatus.DONE and state.done_on:
        late = f"，超期{state.over}{unit}" if state.over else ""
        return f"已于{state.done_on.isoformat()}办结{late}"
    if state.over:
        return f"已超期{state.over}{unit}"
    if state.status is ClockStatus.PAUSED:
        return f"暂停计时，恢复后还剩{state.left}{unit}"
    return f"还剩{state.left}{unit}" if state.due_on else "计时中"
