"""Workflows (办理流程): ordered steps with who, time limits, returns, and who must stand aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.acts import Act, ActDue, due_acts, read_acts
from guatu.engines.rulebook.procedures.durations import Span, add_span
from guatu.engines.rulebook.procedures.events import Event
from guatu.engines.rulebook.procedures.reading import (
    Head,
    Holds,
    ReadCondition,
    When,
    decide,
    nothing_known,
    read_head,
    read_span,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.sections import Section


@dataclass(frozen=True, slots=True)
class WorkStep:
    """One step. It ends with event `on`; whoever did a step in `recuse` may not do this one."""

    name: str
    by: tuple[str, ...]
    on: str
    within: Span | None
    when: When | None
    recuse: tuple[str, ...]
    do: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """A way back: from some steps, on an event, to an earlier step."""

    origins: tuple[str, ...]
    on: str
    to: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """Steps in order. `start` begins it, `stops` end it at any step (撤回)."""

    head: Head
    when: When | None
    start: str
    steps: tuple[WorkStep, ...]
    returns: tuple[Return, ...]
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkState:
    """Where one matter stands: its step, since when, until when, and what was done by whom.

    `step` is empty before the start and after the end.
    """

    step: str = ""
    since: date | None = None
    due_on: date | None = None
    is_done: bool = False
    acts: tuple[ActDue, ...] = ()
    history: tuple[tuple[str, Event], ...] = ()
    doubts: tuple[str, ...] = ()


def read_workflow(section: Section, read: ReadCondition) -> Workflow:
    """One `[[workflow]]`. Notes every fault."""
    head = read_head(section)
    steps = tuple(
        _step(table, f"{section.place}第{number}步", section, read)
        for number, table in enumerate(section.tables("steps"), 1)
    )
    workflow = Workflow(
        head=head,
        when=read_when(section, "when", read),
        start=section.text("start", required=False),
        steps=steps,
        returns=_returns(section),
        stops=read_texts(section, "stop"),
    )
    section.finish()
    _check(section, workflow)
    return workflow


def _step(table: object, place: str, section: Section, read: ReadCondition) -> WorkStep:
    if isinstance(table, str):
        table = {"name": table}
    row = Section(table, place, section.faults)
    name = row.text("name")
    step = WorkStep(
        name=name,
        by=read_texts(row, "by"),
        on=row.text("on", required=False, default=name),
        within=read_span(row, "within"),
        when=read_when(row, "when", read),
        recuse=read_texts(row, "recuse"),
        do=read_acts(row, "do", read),
    )
    row.finish()
    return step


def _returns(section: Section) -> tuple[Return, ...]:
    found = []
    for number, table in enumerate(section.tables("back"), 1):
        row = Section(table, f"{section.place}的back第{number}项", section.faults)
        origins = read_texts(row, "from", required=True)
        on = row.text("on", required=False, default="退回")
        found.append(Return(origins, on, row.text("to")))
        row.finish()
    return tuple(found)


def _check(section: Section, workflow: Workflow) -> None:
    names = [step.name for step in workflow.steps]
    known = "、".join(names)
    if not names:
        section.fault("没有“steps”", 'steps = ["报送", "审核", "办结"]')
    for name in sorted({name for name in names if names.count(name) > 1}):
        section.fault(f"步骤“{name}”写了两次")
    named = [name for one in workflow.returns for name in (*one.origins, one.to)]
    named += [name for step in workflow.steps for name in step.recuse]
    for name in named:
        if name and name not in names:
            section.fault(f"步骤“{name}”没有写", f"已有：{known}")
    for one in workflow.returns:
        for origin in one.origins:
            if origin in names and one.to in names and names.index(one.to) > names.index(origin):
                section.fault(f"从“{origin}”退回到“{one.to}”，却在它后面")
        for step in workflow.steps:
            if step.name in one.origins and step.on == one.on:
                section.fault(f"“{step.name}”的“{one.on}”既是办完又是退回")


def begin_work(
    workflow: Workflow,
    on: date,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
) -> WorkState:
    """The state after the start: at the first step that applies.

    A workflow whose condition does not hold does not begin; an unknown one leaves a doubt.
    """
    doubts: list[str] = []
    if not decide(workflow.when, holds, doubts):
        return WorkState(doubts=tuple(doubts))
    return _entered(workflow, WorkState(), 0, on, days, holds)


def next_step(
    workflow: Workflow,
    state: WorkState,
    event: Event,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
) -> WorkState:
    """The state after an event. One that the current step does not wait for changes nothing.

    An event by someone who must stand aside (回避) is not taken and leaves a doubt.
    """
    if not state.step:
        if state.is_done or event.name != workflow.start:
            return state
        return begin_work(workflow, event.on, days=days, holds=holds)
    numbers = {step.name: number for number, step in enumerate(workflow.steps)}
    step = workflow.steps[numbers[state.step]]
    done = replace(state, history=(*state.history, (step.name, event)))
    if event.name in workflow.stops:
        return replace(done, step="", since=None, due_on=None, is_done=True, acts=())
    for one in workflow.returns:
        if event.name == one.on and step.name in one.origins:
            return _entered(workflow, done, numbers[one.to], event.on, days, holds)
    if event.name != step.on:
        return state
    if event.by and event.by in _barred(state, step):
        told = f"“{event.by}”办过“{'、'.join(step.recuse)}”，办“{step.name}”应当回避"
        return replace(state, doubts=(*state.doubts, told))
    return _entered(workflow, done, numbers[step.name] + 1, event.on, days, holds, step.do)


def _barred(state: WorkState, step: WorkStep) -> set[str]:
    return {event.by for name, event in state.history if name in step.recuse and event.by}


def _entered(
    workflow: Workflow,
    state: WorkState,
    number: int,
    on: date,
    days: WorkCalendar,
    holds: Holds,
    do: Sequence[Act] = (),
) -> WorkState:
    """At the first step from `number` on that applies; a step in doubt is not skipped."""
    doubts = list(state.doubts)
    acts = due_acts(tuple(do), on, days)
    for step in workflow.steps[number:]:
        if decide(step.when, holds, doubts) is False:
            continue
        due_on = None
        if step.within:
            try:
                due_on = add_span(on, step.within, days)
            except CalendarUnknown as error:
                doubts.append(error.faults[0].what)
        return replace(
            state,
            step=step.name,
            since=on,
            due_on=due_on,
            acts=acts,
            doubts=tuple(dict.fromkeys(doubts)),
        )
    return replace(
        state,
        step="",
        since=None,
        due_on=None,
        is_done=True,
        acts=acts,
        doubts=tuple(dict.fromkeys(doubts)),
    )
