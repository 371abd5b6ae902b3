"""Moving along a ladder: next(state, event, facts, now), and the fold of a whole history.

A new window begins at the start again; a rolling window forgets what is older than its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.acts import ActDue, due_acts
from guatu.engines.rulebook.procedures.durations import BeyondYears, add_span, within_years
from guatu.engines.rulebook.procedures.ladders import (
    IN_A_ROW,
    OVERDUE,
    WHOLE,
    Ladder,
    Step,
    leaves,
    limit_of,
)
from guatu.engines.rulebook.procedures.reading import Holds, decide, nothing_known
from guatu.engines.rulebook.procedures.terms import Every, Rhythm, Term
from guatu.engines.rulebook.spans import add_months

_GRAINS = {
    "自然年": Every.YEAR,
    "半年": Every.HALF_YEAR,
    "季度": Every.QUARTER,
    "月": Every.MONTH,
}


@dataclass(frozen=True, slots=True)
class LadderEvent:
    """One event of one counted subject; `due_on` is the order's own deadline where it has one."""

    name: str
    on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One transition that took place, and the clause of its step."""

    origin: str
    to: str
    on: date
    event: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class LadderState:
    """Where a subject stands on a day.

    `count` is the number of counted events in the window; `deadline` the day after which the
    state is overdue, `order` the event that will name it; `outlook` says what would raise it
    next; `seen` are the window's events.
    """

    state: str
    since: date | None = None
    is_open: bool = False
    count: int = 0
    window: str = ""
    acts: tuple[ActDue, ...] = ()
    deadline: date | None = None
    order: str = ""
    moves: tuple[Move, ...] = ()
    seen: tuple[LadderEvent, ...] = ()
    outlook: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def begin(ladder: Ladder) -> LadderState:
    """The state of a subject to which nothing has happened."""
    return LadderState(ladder.start)


def next_state(
    ladder: Ladder,
    state: LadderState,
    event: LadderEvent,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
) -> LadderState:
    """The state after an event. What time alone brings about before it is done first.

    An event that no step and no closing of this state names changes nothing. A step whose
    condition is unknown is not taken and leaves a doubt.
    """
    if ladder.months:
        kept = _recent(ladder, (*state.seen, event), event.on)
        return _walk(ladder, kept, days, holds)
    return _outlook(ladder, _applied(ladder, state, event, days, holds))


def fold(
    ladder: Ladder,
    events: Sequence[LadderEvent],
    as_of: date,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
) -> LadderState:
    """The state on a day after all events up to it, in the order of their days."""
    past = tuple(sorted((one for one in events if one.on <= as_of), key=lambda one: one.on))
    if ladder.months:
        past = _recent(ladder, past, as_of)
    state = _walk(ladder, past, days, holds)
    return _outlook(ladder, _aged(ladder, state, as_of, days, holds))


def _recent(ladder: Ladder, events: Sequence[LadderEvent], as_of: date) -> tuple[LadderEvent, ...]:
    try:
        with within_years():
            oldest = add_months(as_of, -ladder.months)
    except BeyondYears:
        return tuple(events)
    return tuple(event for event in events if event.on > oldest)


def _walk(
    ladder: Ladder, events: Sequence[LadderEvent], days: WorkCalendar, holds: Holds
) -> LadderState:
    state = begin(ladder)
    for event in events:
        state = _applied(ladder, state, event, days, holds)
    return _outlook(ladder, state)


def _applied(
    ladder: Ladder, state: LadderState, event: LadderEvent, days: WorkCalendar, holds: Holds
) -> LadderState:
    state = _aged(ladder, state, event.on, days, holds)
    state = replace(state, seen=(*state.seen, event))
    doubts: list[str] = []
    if event.name in ladder.met:
        return _restarted(ladder, state, event)
    closed = _closed(ladder, state, event)
    if closed is not None:
        return closed
    if state.is_open and event.name == state.order and event.due_on is not None:
        return _dated(state, event.due_on)
    exempt = _exempt(ladder, event, holds, doubts)
    if exempt is not False:
        return replace(state, doubts=(*state.doubts, *doubts))
    if event.name in ladder.counted:
        state = replace(state, count=state.count + 1)
    step = _step_on(ladder, state.state, event.name, holds, doubts)
    state = replace(state, doubts=(*state.doubts, *doubts))
    return state if step is None else _entered(ladder, state, step, event, days, holds)


def _dated(state: LadderState, due_on: date) -> LadderState:
    """The order of this state was sent out and names its day."""
    doubts = tuple(one for one in state.doubts if one != _undated(state.state, state.since))
    return replace(state, deadline=due_on, order="", doubts=doubts)


def _undated(state: str, since: date | None) -> str:
    return f"“{state}”（{since}）没有写明办理期限"


def _exempt(ladder: Ladder, event: LadderEvent, holds: Holds, doubts: list[str]) -> bool | None:
    if ladder.unless is None or event.name not in ladder.counted | {OVERDUE}:
        return False
    return decide(ladder.unless, holds, doubts)


def _restarted(ladder: Ladder, state: LadderState, event: LadderEvent) -> LadderState:
    """A period that was met: what had to be in a row begins anew."""
    move = Move(state.state, ladder.start, event.on, event.name)
    moves = state.moves if state.state == ladder.start else (*state.moves, move)
    return replace(begin(ladder), window=state.window, moves=moves, seen=state.seen)


def _closed(ladder: Ladder, state: LadderState, event: LadderEvent) -> LadderState | None:
    for close in ladder.closes:
        if event.name not in close.on or (close.origins and state.state not in close.origins):
            continue
        if close.keeps:
            return replace(state, is_open=False, deadline=None, acts=())
        move = Move(state.state, close.to, event.on, event.name)
        moves = state.moves if state.state == close.to else (*state.moves, move)
        return replace(
            state,
            state=close.to,
            since=None if close.to == ladder.start else event.on,
            is_open=False,
            deadline=None,
            acts=(),
            moves=moves,
        )
    return None


def _step_on(
    ladder: Ladder, state: str, event: str, holds: Holds, doubts: list[str]
) -> Step | None:
    for step in ladder.steps:
        if step.on != event or not leaves(step, state):
            continue
        if step.unless is not None and decide(step.unless, holds, doubts) is not False:
            continue
        if decide(step.when, holds, doubts):
            return step
    return None


def _entered(
    ladder: Ladder,
    state: LadderState,
    step: Step,
    event: LadderEvent,
    days: WorkCalendar,
    holds: Holds,
) -> LadderState:
    doubts = list(state.doubts)
    deadline = event.due_on
    if deadline is None and step.by_order and _can_lapse(ladder, step.to):
        doubts.append(_undated(step.to, event.on))
    limit = limit_of(ladder, step)
    if deadline is None and limit is not None:
        try:
            deadline = add_span(event.on, limit, days)
        except CalendarUnknown as error:
            doubts.append(error.faults[0].what)
    acts = tuple(act for act in step.do if decide(act.when, holds, doubts))
    return replace(
        state,
        state=step.to,
        since=event.on,
        is_open=True,
        acts=due_acts(acts, event.on, days),
        deadline=deadline,
        order=step.order,
        moves=(*state.moves, Move(state.state, step.to, event.on, event.name, step.clause)),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _can_lapse(ladder: Ladder, state: str) -> bool:
    return any(step.on == OVERDUE and leaves(step, state) for step in ladder.steps)


def _aged(
    ladder: Ladder, state: LadderState, day: date, days: WorkCalendar, holds: Holds
) -> LadderState:
    """What time alone brings about up to a day: limits that ran out, windows that ended."""
    while state.is_open and state.deadline and state.deadline < day:
        lapse = state.deadline + timedelta(days=1)
        state = _in_window(ladder, state, lapse)
        if state.deadline:
            state = _lapsed(ladder, state, lapse, days, holds)
    return _in_window(ladder, state, day)


def _lapsed(
    ladder: Ladder, state: LadderState, lapse: date, days: WorkCalendar, holds: Holds
) -> LadderState:
    doubts: list[str] = []
    event = LadderEvent(OVERDUE, lapse)
    exempt = _exempt(ladder, event, holds, doubts)
    step = None
    if exempt is False:
        step = _step_on(ladder, state.state, OVERDUE, holds, doubts)
    state = replace(state, deadline=None, doubts=(*state.doubts, *doubts))
    return state if step is None else _entered(ladder, state, step, event, days, holds)


def _in_window(ladder: Ladder, state: LadderState, day: date) -> LadderState:
    """The state with the window it counts in; a later window begins at the start again."""
    every = _GRAINS.get(ladder.window)
    if every is None:
        return state
    term: Term = Rhythm(every).term_of(day)
    if not state.window:
        return replace(state, window=term.label)
    if state.window == term.label:
        return state
    return replace(begin(ladder), window=term.label, moves=state.moves)


def _outlook(ladder: Ladder, state: LadderState) -> LadderState:
    told = []
    for step in ladder.steps:
        if not leaves(step, state.state):
            continue
        condition = f"（{step.when.text}）" if step.when else ""
        if step.on != OVERDUE:
            again = "再有" if state.count else "有"
            told.append(f"{again}1次“{step.on}”{condition}，升为“{step.to}”")
        elif state.deadline and state.is_open:
            told.append(f"{state.deadline.isoformat()}前未办结{condition}，升为“{step.to}”")
    within = ladder.window if ladder.window not in (IN_A_ROW, WHOLE) else ""
    prefix = f"{within}内" if within and told else ""
    return replace(state, outlook=tuple(f"{prefix}{line}" for line in told))
