"""Ladders (督办阶梯): states, the events that raise them, what closes them. Reading only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guatu.engines.rulebook.procedures.acts import Act, read_acts
from guatu.engines.rulebook.procedures.durations import Span
from guatu.engines.rulebook.procedures.light_events import FORM, LightEvent, read_events
from guatu.engines.rulebook.procedures.reading import (
    Head,
    ReadCondition,
    When,
    read_head,
    read_span,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.sections import Section

OVERDUE = "逾期"
"""The built-in event: the time limit of the state ran out and it was not closed."""
ANY = "任何"
"""As `from`: every state but the one the step leads to."""
BY_ORDER = "按单"
"""As `limit`: each order names its own day, which the event carries."""
IN_A_ROW = "连续"
WHOLE = "全程"
WINDOWS = ("自然年", "半年", "季度", "月", IN_A_ROW, WHOLE)
_ROLLING = re.compile(r"(\d{1,2})个月")


@dataclass(frozen=True, slots=True)
class Step:
    """From one of some states, on an event, to a state, with acts.

    `limit` is the time that the entered state is given; `by_order`: its event names the day, or
    after a lapse, which is no event of anybody, the event `order` with which it is sent out.
    """

    origins: tuple[str, ...]
    on: str
    to: str
    do: tuple[Act, ...]
    limit: Span | None
    by_order: bool
    order: str
    when: When | None
    unless: When | None
    clause: str


@dataclass(frozen=True, slots=True)
class Close:
    """What ends an order. `keeps` leaves the level for the next one (counted on in the window)."""

    origins: tuple[str, ...]
    on: tuple[str, ...]
    to: str
    keeps: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A state with the role that acts in it."""

    name: str
    by: str
    how: str
    limit: Span | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder. `months` is the length of a rolling window, 0 for the named windows."""

    head: Head
    per: str
    window: str
    months: int
    met: tuple[str, ...]
    start: str
    states: tuple[str, ...]
    rungs: tuple[Rung, ...]
    steps: tuple[Step, ...]
    closes: tuple[Close, ...]
    unless: When | None
    lights: tuple[LightEvent, ...] = ()

    @property
    def counted(self) -> frozenset[str]:
        """The events whose number is counted in a window."""
        return frozenset(step.on for step in self.steps if step.on != OVERDUE)

    @property
    def events(self) -> tuple[str, ...]:
        """Every event that moves a subject, ends an order or names its day."""
        closing = [name for close in self.closes for name in close.on]
        orders = [step.order for step in self.steps if step.order]
        return tuple(sorted({*self.counted, *self.met, *closing, *orders}))

    @property
    def registered(self) -> tuple[str, ...]:
        """The events that somebody registers: all but the rounds' own lights."""
        lights = {one.name for one in self.lights}
        return tuple(name for name in self.events if name not in lights)

    @property
    def dated(self) -> frozenset[str]:
        """The events whose records hold the day that an order names."""
        named = (step.on for step in self.steps if step.by_order and step.on != OVERDUE)
        return frozenset({*named, *(step.order for step in self.steps if step.order)})

    def rung(self, state: str) -> Rung | None:
        """The described state of that name."""
        return next((rung for rung in self.rungs if rung.name == state), None)


def read_ladder(section: Section, read: ReadCondition) -> Ladder:
    """One `[ladder]` or `[[ladder]]`. Notes every fault."""
    per = section.text("per", required=False, default="项目")
    head = read_head(section, default=f"{per}督办阶梯")
    window, months = _window(section)
    lights: list[LightEvent] = []
    met = read_events(section, "met", lights, required=window == IN_A_ROW)
    rungs = _rungs(section)
    steps = _steps(section, read, lights)
    first = rungs[0].name if rungs else steps[0].origins[0] if steps else "无"
    start = section.text("start", required=False, default=first)
    closes = _closes(section, start, lights)
    unless = read_when(section, "unless", read)
    named = [start, *(rung.name for rung in rungs)]
    for step in steps:
        named += [*(name for name in step.origins if name != ANY), step.to]
    ladder = Ladder(
        head=head,
        per=per,
        window=window,
        months=months,
        met=met,
        start=start,
        states=tuple(dict.fromkeys(named)),
        rungs=rungs,
        steps=steps,
        closes=closes,
        unless=unless,
        lights=tuple(dict.fromkeys(lights)),
    )
    section.finish()
    if steps:
        _check(section, ladder)
    return ladder


def _window(section: Section) -> tuple[str, int]:
    text = section.text("window", required=False, default=WHOLE)
    match = _ROLLING.fullmatch(text)
    if match and int(match[1]) > 0:
        return text, int(match[1])
    return section.choice("window", (*WINDOWS, "12个月"), default=WHOLE), 0


def _rungs(section: Section) -> tuple[Rung, ...]:
    rungs = []
    for number, table in enumerate(section.tables("states"), 1):
        if isinstance(table, str):
            table = {"name": table}
        row = Section(table, f"{section.place}的states第{number}项", section.faults)
        name, by = row.text("name"), row.text("by", required=False)
        rungs.append(Rung(name, by, row.text("how", required=False), read_span(row, "limit")))
        row.finish()
    return tuple(rungs)


def _steps(section: Section, read: ReadCondition, lights: list[LightEvent]) -> tuple[Step, ...]:
    steps = [
        _step(Section(table, f"{section.place}第{number}级", section.faults), read, lights)
        for number, table in enumerate(section.tables("steps"), 1)
    ]
    if not steps:
        section.fault("没有“steps”", 'steps = [{from = "无", on = "…", to = "…"}]')
    return tuple(step for step in steps if step.origins and step.on and step.to)


def _step(row: Section, read: ReadCondition, lights: list[LightEvent]) -> Step:
    by_order = row.peek("limit") == BY_ORDER
    on = row.text("on") if row.peek("on") is None else _one_event(row, lights)
    step = Step(
        origins=read_texts(row, "from", required=True),
        on=on,
        to=row.text("to"),
        do=read_acts(row, "do", read),
        limit=None if by_order else read_span(row, "limit"),
        by_order=by_order,
        order=row.text("order", required=False),
        when=read_when(row, "when", read),
        unless=read_when(row, "unless", read),
        clause=row.text("clause", required=False),
    )
    row.finish()
    if by_order and step.on in {one.name for one in lights}:
        row.fault(f"亮灯没有单子，不能写limit = “{BY_ORDER}”", '写成limit = "15日"')
    if step.order and not (by_order and step.on == OVERDUE):
        remedy = f"别的一级，期限登记在“{step.on}”上"
        row.fault(f"“order”只写在on = “{OVERDUE}”、limit = “{BY_ORDER}”的一级", remedy)
    return step


def _one_event(row: Section, lights: list[LightEvent]) -> str:
    names = read_events(row, "on", lights)
    if len(names) > 1:
        row.fault("“on”只写一件事", f"几件事各写一级；几种灯写在一个is里：{FORM}")
    return names[0] if names else ""


def _closes(section: Section, start: str, lights: list[LightEvent]) -> tuple[Close, ...]:
    closes = []
    for number, table in enumerate(section.tables("close"), 1):
        row = Section(table, f"{section.place}的close第{number}项", section.faults)
        origins = read_texts(row, "from")
        on = read_events(row, "on", lights, required=True)
        keeps = row.flag("keep")
        if keeps and "to" in row:
            row.fault("“keep”与“to”只能写一个")
        to = row.text("to", required=False, default=start)
        closes.append(Close(origins, on, to, keeps))
        row.finish()
    return tuple(closes)


def limit_of(ladder: Ladder, step: Step) -> Span | None:
    """The time that the state entered by a step is given: the step's own, the state's, or that
    of its only act with one."""
    rung = ladder.rung(step.to)
    if step.limit or step.by_order:
        return step.limit
    if rung and rung.limit:
        return rung.limit
    spans = {act.within for act in step.do if act.within}
    return spans.pop() if len(spans) == 1 else None


def _check(section: Section, ladder: Ladder) -> None:
    """Nothing ambiguous, nothing unreachable, no time limit missing."""
    known = {rung.name for rung in ladder.rungs}
    for name in ladder.states if known else ():
        if name not in known:
            section.fault(f"“states”里没有状态“{name}”", f"已有：{'、'.join(sorted(known))}")
    for close in ladder.closes:
        for name in (*close.origins, close.to):
            if name not in ladder.states:
                section.fault(
                    f"close里的状态“{name}”不在阶梯里", f"已有：{'、'.join(ladder.states)}"
                )
    _check_twice(section, ladder)
    _check_reached(section, ladder)
    _check_limits(section, ladder)
    closing = {name for close in ladder.closes for name in close.on} | set(ladder.met)
    for name in sorted(closing & {step.on for step in ladder.steps}):
        section.fault(f"“{name}”既升级又销号，分不清")
    _check_lights(section, ladder)
    orders = {step.order for step in ladder.steps if step.order}
    for name in sorted(orders & {*closing, *ladder.counted}):
        section.fault(f"“{name}”既登记期限，又升级或销号，分不清")


def _check_lights(section: Section, ladder: Ladder) -> None:
    """One round may be one event of a ladder only, or it would climb two steps at once."""
    seen: set[str] = set()
    for light in ladder.lights:
        for label in sorted(seen.intersection(light.labels)):
            section.fault(f"“{label}”写在两种不同的is里，一期会算两件事", "每处的is写得相同")
        seen.update(light.labels)


def leaves(step: Step, state: str) -> bool:
    """Whether a step starts from a state."""
    return state in step.origins or (ANY in step.origins and state != step.to)


def _check_twice(section: Section, ladder: Ladder) -> None:
    for state in ladder.states:
        seen: set[str] = set()
        for step in ladder.steps:
            if not leaves(step, state):
                continue
            if step.on in seen:
                section.fault(
                    f"“{state}”遇到“{step.on}”已有没有条件的一级，后面的到不了",
                    "给前一级写when，或删去一级",
                )
            if step.when is None and step.unless is None:
                seen.add(step.on)


def _check_reached(section: Section, ladder: Ladder) -> None:
    reached = {ladder.start} | {close.to for close in ladder.closes if not close.keeps}
    grows = True
    while grows:
        more = {
            step.to
            for step in ladder.steps
            if any(leaves(step, state) for state in reached) and step.to not in reached
        }
        reached |= more
        grows = bool(more)
    for name in ladder.states:
        if name not in reached:
            section.fault(f"状态“{name}”到不了", f"从“{ladder.start}”起没有一级通到它")


def _check_limits(section: Section, ladder: Ladder) -> None:
    for state in ladder.states:
        if not any(step.on == OVERDUE and leaves(step, state) for step in ladder.steps):
            continue
        for step in ladder.steps:
            if step.to == state and not step.by_order and limit_of(ladder, step) is None:
                section.fault(
                    f"“{state}”有“逾期”一级，却没有写时限",
                    f'在通到“{state}”的一级写limit = "15日"，每单不同的写limit = "{BY_ORDER}"',
                )
                break
            if step.to == state and step.by_order and step.on == OVERDUE and not step.order:
                what = f"“{state}”是到期升来的，没有写期限登记在哪件事上"
                section.fault(what, f'写order = "{state}发出"，发单时登记，值是到期日')
                break
            limit = limit_of(ladder, step) if step.to == state else None
            if limit is not None and limit.count == 0:
                section.fault(f"“{state}”的时限是0，会当场逾期")
                break
