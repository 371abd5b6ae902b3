"""All procedure tables of one book, read from its root table in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from guatu.engines.rulebook.procedures.calendars import Calendar, read_calendar
from guatu.engines.rulebook.procedures.checklists import Checklist, read_checklist
from guatu.engines.rulebook.procedures.clocks import Clock, read_clock
from guatu.engines.rulebook.procedures.duties import Duty, read_duty
from guatu.engines.rulebook.procedures.item_paths import item_path
from guatu.engines.rulebook.procedures.items import (
    Item,
    Precedence,
    TotalLimit,
    Waiver,
    check_items,
    read_item,
    read_sequence,
    read_total_limit,
    read_waiver,
)
from guatu.engines.rulebook.procedures.ladders import Ladder, read_ladder
from guatu.engines.rulebook.procedures.reading import Head, ReadCondition
from guatu.engines.rulebook.procedures.workflows import Workflow, read_workflow
from guatu.engines.rulebook.sections import Section

TABLES = (
    "calendar",
    "clock",
    "ladder",
    "checklist",
    "item",
    "total_limit",
    "waiver",
    "sequence",
    "workflow",
    "duty",
)
"""The keys of a book's root that hold procedures."""


@dataclass(frozen=True, slots=True)
class Procedures:
    """Everything of a book that is a procedure. Empty for a book that only judges."""

    calendars: tuple[Calendar, ...] = ()
    clocks: tuple[Clock, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    items: tuple[Item, ...] = ()
    totals: tuple[TotalLimit, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    sequences: tuple[Precedence, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads of all procedures: name, clause, subject."""
        return tuple(rule.head for one in fields(self) for rule in getattr(self, one.name))

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


type ReadFor = Callable[[str], ReadCondition]
"""What reads conditions about a kind of subject ("" for the book's main one)."""


def read_procedures(root: Section, read: ReadFor) -> Procedures:
    """Read every procedure table of a book; faults are noted in `root.faults`.

    `read(subject)(section, key)` reads the condition under a key and notes its faults. The
    caller finishes `root` itself.
    """
    found = Procedures(
        calendars=_each(root, "calendar", "日历", read_calendar, read),
        clocks=_each(root, "clock", "时限", read_clock, read),
        ladders=_each(root, "ladder", "阶梯", read_ladder, read),
        checklists=_each(root, "checklist", "清单", read_checklist, read),
        items=_each(root, "item", "事项", read_item, read),
        totals=_each(root, "total_limit", "总时限", read_total_limit, read),
        waivers=_each(root, "waiver", "免办", read_waiver, read),
        sequences=_each(root, "sequence", "先后", read_sequence, read),
        workflows=_each(root, "workflow", "流程", read_workflow, read),
        duties=_each(root, "duty", "职责", read_duty, read),
    )
    named = [
        ("时限", [one.head.name for one in found.clocks]),
        ("阶梯", [one.head.name for one in found.ladders]),
        ("清单", [one.head.name for one in found.checklists]),
        ("流程", [one.head.name for one in found.workflows]),
    ]
    for word, names in named:
        _refuse_doubles(root, word, names)
    _check_path(root, found)
    return found


def _each[T](
    root: Section,
    key: str,
    word: str,
    read_one: Callable[[Section, ReadCondition], T],
    read: ReadFor,
) -> tuple[T, ...]:
    rows = root.tables(key)
    found = []
    for number, row in enumerate(rows, 1):
        section = Section(row, f"{word}{number}" if len(rows) > 1 else word, root.faults)
        subject = row.get("subject", "") if isinstance(row, dict) else ""
        found.append(read_one(section, read(subject if isinstance(subject, str) else "")))
    return tuple(found)


def _refuse_doubles(root: Section, word: str, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.faults.add(word, f"“{name}”写了两次", "每个name不能相同", code="double-name")


def _check_path(root: Section, found: Procedures) -> None:
    """Names among items; where no condition plays a part, the totals too."""
    before = len(root.faults.found)
    check_items(root, found.items, found.totals, found.waivers)
    if len(root.faults.found) > before:
        return
    free = [total for total in found.totals if total.when is None]
    path = item_path(found.items, totals=free)
    if path.doubts:
        return
    for check in path.totals:
        if check.fits is False:
            root.faults.add(f"总时限“{check.name}”", check.why, code="bad-sum")
