"""Events that ladders, clocks and calendars wait for: can anybody ever register them?

A misspelt event never comes, and nobody notices. So the book says which ones are registered
(`events` of `[book]`), unless something of its own brings the name: a measure, a step, an act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches

from guatu.core.errors import Fault
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.procedures import Procedures
from guatu.engines.rulebook.procedures.acts import Act
from guatu.engines.rulebook.procedures.light_events import TOTAL
from guatu.engines.rulebook.types import Book, Kind

_CONDITION = re.compile(r"[=<>!'\"]|\s(?:and|or|not|in)\s")
"""What a condition has and the name of an event has not."""


def faults_of_events(book: Book, *, source: str) -> tuple[Fault, ...]:
    """Events that nothing of the book declares or brings, each with the rule that waits."""
    if not book.procedures:
        return ()
    awaited = dict(_awaited(book.procedures))
    known = {*book.events, *_brought(book)}
    found = []
    for name, place in awaited.items():
        if _CONDITION.search(name):
            what = f"{place}：“{name}”是条件，不是一件事"
            found.append(Fault("condition-as-event", what, _mend_condition(book, name), source))
        elif name not in known:
            what = f"{place}：没有哪里写明“{name}”这件事"
            remedy = _mend(book, name, sorted(known))
            found.append(Fault("unknown-event", what, remedy, source))
    return tuple(found)


def _awaited(found: Procedures) -> Iterator[tuple[str, str]]:
    """The events that rules wait for, and the rule that does."""
    for ladder in found.ladders:
        yield from ((name, f"阶梯“{ladder.head.name}”") for name in ladder.registered)
    for clock in found.clocks:
        names = [*(one.event for one in clock.starts), *clock.ends, *clock.restarts]
        names += [clock.extension.event] if clock.extension else []
        names += [name for one in clock.pauses for name in (one.begins, one.ends)]
        yield from ((name, f"时限“{clock.head.name}”") for name in names if name)
    for calendar in found.calendars:
        yield from ((name, f"日历“{calendar.act}”") for name in sorted(calendar.events))


def _brought(book: Book) -> Iterable[str]:
    """The names that the book itself, or the platform, brings about or declares."""
    assert book.procedures is not None
    found = book.procedures
    yield from (one.name for one in book.measures if one.operator not in ("event", "output"))
    for one in standard_catalogue().measures:
        if one.kind in (Kind.RECORDS, Kind.DAY):
            yield from (one.name, *one.also)
    yield from (act for calendar in found.calendars for act in calendar.acts)
    yield from (state for ladder in found.ladders for state in ladder.states)
    for pause in (one for clock in found.clocks for one in clock.pauses):
        yield from (f"{pause.name}开始", f"{pause.name}结束")
    for flow in found.workflows:
        yield from (flow.start, *flow.stops, *(one.on for one in flow.returns))
        yield from (name for one in flow.steps for name in (one.name, one.on))
    for line in found.sequences:
        yield from (*line.order, *line.needs, *(n for one in line.needs.values() for n in one))
    yield from (one.head.name for one in found.items)
    yield from (one.head.name for one in found.checklists)
    yield from (one.head.name for one in found.duties)
    yield from (act.act for act in _acts(book))


def _acts(value: object) -> Iterator[Act]:
    """Every act that any rule of the book asks for."""
    if isinstance(value, Act):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _acts(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _acts(getattr(value, one.name))


def _mend_condition(book: Book, name: str) -> str:
    if book.lights and "灯" in name:
        return f"亮灯算一件事的，写成{_light_form(book, name)}"
    return "条件写在when里；on写一件事的名称"


def _mend(book: Book, name: str, known: list[str]) -> str:
    """The nearest name, the light that may be meant, and how to declare it."""
    declare = f'确要登记的，写进[book]：events = ["{name}"]'
    if book.lights and ("灯" in name or "亮" in name or name in _labels(book)):
        return f"总灯不用登记，写成{_light_form(book, name)}；{declare}"
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"是不是“{near[0]}”；{declare}" if near else declare


def _light_form(book: Book, name: str) -> str:
    labels = _labels(book)
    meant = next((one for one in labels if one in name), labels[0] if labels else "红")
    return f'on = {{light = "{TOTAL}", is = ["{meant}"]}}'


def _labels(book: Book) -> list[str]:
    found = [case.give.label for light in book.lights for case in light.cases]
    return sorted(set(found), key=len, reverse=True)
