"""Clocks (办理时限): from what event, how long, what stops and what restarts them. Reading only."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.procedures.acts import Act, read_acts
from guatu.engines.rulebook.procedures.calendars import Shift
from guatu.engines.rulebook.procedures.durations import Span, Unit
from guatu.engines.rulebook.procedures.reading import (
    Head,
    ReadCondition,
    SpanCase,
    When,
    read_head,
    read_natural,
    read_span,
    read_span_cases,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.sections import Section


@dataclass(frozen=True, slots=True)
class Start:
    """An event that starts the clock when its condition holds."""

    when: When | None
    event: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Time not counted: after event `begins`, up to and with event `ends`, at most `most`.

    `counts_last`: the day of `ends` counts again.
    """

    name: str
    begins: str
    ends: str
    most: Span | None
    counts_last: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, when the event of its approval falls on or before the due day."""

    event: str
    by: tuple[str, ...]
    span: Span
    times: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the limit; the names of a parallel block run side by side within `span`."""

    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. `limits` and `at_least` are cases: the first that holds decides."""

    head: Head
    when: When | None
    starts: tuple[Start, ...]
    ends: tuple[str, ...]
    limits: tuple[SpanCase, ...]
    promised: Span | None
    at_least: tuple[SpanCase, ...]
    pauses: tuple[Pause, ...]
    restarts: tuple[str, ...]
    extension: Extension | None
    parts: tuple[Part, ...]
    shift: Shift
    over: tuple[Act, ...]


def read_clock(section: Section, read: ReadCondition) -> Clock:
    """One `[[clock]]`. Notes every fault; the result is only good when there is none."""
    head = read_head(section)
    clock = Clock(
        head=head,
        when=read_when(section, "when", read),
        starts=_starts(section, read),
        ends=read_texts(section, "ends"),
        limits=read_span_cases(section, "limit", read, may_measure=True),
        promised=read_span(section, "promised"),
        at_least=read_span_cases(section, "at_least", read, may_measure=True),
        pauses=_pauses(section),
        restarts=read_texts(section, "restart"),
        extension=_extension(section),
        parts=_parts(section),
        shift=Shift(section.choice("on_holiday", _SHIFTS, default=Shift.STAYS)),
        over=read_acts(section, "over", read),
    )
    if not clock.limits and not clock.at_least:
        section.fault("既没有“limit”，也没有“at_least”", '写limit = "20工作日"')
    _check_parts(section, clock)
    _check_units(section, clock)
    section.finish()
    return clock


_LAST_DAY = ("不计", "计入")
_SHIFTS = (Shift.STAYS, Shift.LATER, Shift.EARLIER)


def _starts(section: Section, read: ReadCondition) -> tuple[Start, ...]:
    value = section.peek("starts")
    if not isinstance(value, list | dict):
        event = section.text("starts")
        return (Start(None, event),) if event else ()
    starts = []
    for number, table in enumerate(section.tables("starts"), 1):
        if isinstance(table, str):
            table = {"on": table}
        row = Section(table, f"{section.place}的starts第{number}项", section.faults)
        starts.append(Start(read_when(row, "when", read), row.text("on")))
        row.finish()
    if any(start.when is None for start in starts[:-1]):
        section.fault("“starts”里没有条件的一项之后不能再写", "没有条件的放在最后")
    return tuple(starts)


def _pauses(section: Section) -> tuple[Pause, ...]:
    pauses = []
    for number, table in enumerate(section.tables("pause"), 1):
        if isinstance(table, str):
            table = {"name": table}
        row = Section(table, f"{section.place}的pause第{number}项", section.faults)
        name = row.text("name")
        begins = row.text("from", required=False, default=f"{name}开始")
        ends = row.text("to", required=False, default=f"{name}结束")
        last_day = row.choice("last_day", _LAST_DAY, default="不计")
        most = read_span(row, "max")
        pauses.append(Pause(name, begins, ends, most, counts_last=last_day == "计入"))
        row.finish()
    return tuple(pauses)


def _extension(section: Section) -> Extension | None:
    if "extend" not in section:
        return None
    row = Section(section.peek("extend"), f"{section.place}的extend", section.faults)
    event = row.text("on", required=False, default="批准延期")
    span, by = read_span(row, "limit", required=True), read_texts(row, "by")
    times = read_natural(row, "times", default=1)
    row.finish()
    return Extension(event, by, span, times) if span else None


def _parts(section: Section) -> tuple[Part, ...]:
    parts = []
    for number, table in enumerate(section.tables("parts"), 1):
        row = Section(table, f"{section.place}的parts第{number}项", section.faults)
        if ("name" in row) == ("together" in row):
            row.fault("“name”（一项）与“together”（并联的几项）写且只写一个")
        names = read_texts(row, "together") or (row.text("name", required=False),)
        span = read_span(row, "limit", required=True)
        row.finish()
        if span:
            parts.append(Part(names, span))
    return tuple(parts)


def _check_parts(section: Section, clock: Clock) -> None:
    """The serial parts of a limit must sum to it (RB71: 16 = 15 + 1)."""
    if not clock.parts:
        return
    limit = clock.limits[0].span if clock.limits else None
    if limit is None or len(clock.limits) != 1 or clock.limits[0].when:
        section.fault("分段的时限只能有一个写明时长的“limit”")
        return
    if {part.span.unit for part in clock.parts} != {limit.unit}:
        section.fault(f"各段与总时限的单位要一致，总时限是{limit}")
        return
    total = sum(part.span.count for part in clock.parts)
    if total != limit.count:
        told = "＋".join(str(part.span.count) for part in clock.parts)
        section.fault(f"各段之和{told}＝{total}，与总时限{limit}不符", code="bad-sum")


def _check_units(section: Section, clock: Clock) -> None:
    spans = [case.span for case in clock.limits if case.span]
    spans += [clock.promised] if clock.promised else []
    spans += [clock.extension.span] if clock.extension else []
    by_hour = {span.unit is Unit.HOUR for span in spans}
    by_hour |= {False for case in clock.limits if case.of}
    if True in by_hour and any(pause.counts_last for pause in clock.pauses):
        section.fault("按小时的时限按钟点算，不写“last_day”")
    if len(by_hour) > 1:
        section.fault("同一个时限里，小时与日不能混用", "都写成小时，或都写成日")
    names = [start.event for start in clock.starts]
    if set(names) & set(clock.ends):
        section.fault("起算与办结是同一件事")
    if set(clock.restarts) & set(clock.ends):
        section.fault("重新起算与办结是同一件事")
