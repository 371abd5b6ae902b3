"""Approval items (审批事项): limits, predecessors, what is merged, skipped or waived. Reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from guatu.engines.rulebook.procedures.durations import Span, Unit
from guatu.engines.rulebook.procedures.reading import (
    Head,
    ReadCondition,
    SpanCase,
    When,
    read_head,
    read_span,
    read_span_cases,
    read_texts,
    read_when,
    read_word_lists,
)
from guatu.engines.rulebook.sections import Section


@dataclass(frozen=True, slots=True)
class Release:
    """A condition under which an item falls away; `may`: it may be skipped, need not."""

    when: When
    may: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """Items decided together with this one, under a name of their own and a limit of their own."""

    items: tuple[str, ...]
    when: When | None
    name: str
    limit: Span | None


@dataclass(frozen=True, slots=True)
class Item:
    """One approval item. `after` are all needed; of each `after_any` at least one.

    Items of one `group` run side by side: they begin together and count as long as the longest.
    `pre_review`: it may be looked at before its predecessors are decided.
    """

    head: Head
    by: tuple[str, ...]
    limits: tuple[SpanCase, ...]
    after: tuple[str, ...]
    after_any: tuple[tuple[str, ...], ...]
    group: str
    when: When | None
    skip: Release | None
    waive: Release | None
    merge: Merge | None
    pre_review: bool


@dataclass(frozen=True, slots=True)
class Waiver:
    """Items that fall away together (区域评估), or need only be looked at once."""

    head: Head
    when: When | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TotalLimit:
    """A limit for several items together; without `of` for all of them."""

    head: Head
    when: When | None
    limit: Span
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Precedence:
    """What must come before what: a chain, and what each of some items needs first."""

    head: Head
    when: When | None
    order: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]


def read_item(section: Section, read: ReadCondition) -> Item:
    """One `[[item]]`. Notes every fault."""
    head = read_head(section)
    item = Item(
        head=head,
        by=read_texts(section, "by"),
        limits=read_span_cases(section, "limit", read),
        after=read_texts(section, "after"),
        after_any=_alternatives(section),
        group=section.text("group", required=False),
        when=read_when(section, "when", read),
        skip=_release(section, "skip", read),
        waive=_release(section, "waive", read),
        merge=_merge(section, read),
        pre_review=section.flag("pre_review"),
    )
    if any(case.span and case.span.unit is not Unit.WORKDAY for case in item.limits):
        section.fault("审批事项的时限按工作日写", 'limit = "7工作日"，当场办结的写“即办”')
    section.finish()
    return item


def _alternatives(section: Section) -> tuple[tuple[str, ...], ...]:
    rows = section.tables("after_any")
    if rows and all(isinstance(row, str) for row in rows):
        return (read_texts(section, "after_any"),)
    groups = []
    for number, row in enumerate(rows, 1):
        inner = Section({"after_any": row}, f"{section.place}第{number}组", section.faults)
        groups.append(read_texts(inner, "after_any", required=True))
    return tuple(groups)


def _release(section: Section, key: str, read: ReadCondition) -> Release | None:
    if key not in section:
        return None
    row = Section(section.peek(key), f"{section.place}的{key}", section.faults)
    if "when" not in row:
        row.fault("缺少“when”", "写明什么情况下不办")
    when, may = read_when(row, "when", read), row.flag("may")
    row.finish()
    return Release(when, may) if when else None


def _merge(section: Section, read: ReadCondition) -> Merge | None:
    if "merge" not in section:
        return None
    row = Section(section.peek("merge"), f"{section.place}的merge", section.faults)
    merge = Merge(
        read_texts(row, "with", required=True),
        read_when(row, "when", read),
        row.text("as", required=False),
        read_span(row, "limit"),
    )
    row.finish()
    return merge


def read_waiver(section: Section, read: ReadCondition) -> Waiver:
    """One `[[waiver]]`."""
    head = read_head(section)
    items = read_texts(section, "items", required=True)
    waiver = Waiver(head, read_when(section, "when", read), items)
    section.finish()
    return waiver


def read_total_limit(section: Section, read: ReadCondition) -> TotalLimit:
    """One `[[total_limit]]`."""
    head = read_head(section)
    limit = read_span(section, "limit", required=True)
    if limit and limit.unit is not Unit.WORKDAY:
        section.fault("总时限按工作日写")
    of, when = read_texts(section, "of"), read_when(section, "when", read)
    section.finish()
    return TotalLimit(head, when, limit or Span(0, Unit.WORKDAY), of)


def read_sequence(section: Section, read: ReadCondition) -> Precedence:
    """One `[[sequence]]`."""
    head = read_head(section)
    order, needs = read_texts(section, "order"), read_word_lists(section, "needs")
    if len(order) < 2 and not needs:
        section.fault("写order（先后）或needs（前置）", 'order = ["项目建议书", "可行性研究报告"]')
    sequence = Precedence(head, read_when(section, "when", read), order, needs)
    section.finish()
    edges = {**needs}
    for earlier, later in pairwise(order):
        edges[later] = (*edges.get(later, ()), earlier)
    told = cycle_of(edges)
    if told:
        section.fault(f"先后成了圈：{told}", code="cycle")
    return sequence


def cycle_of(edges: Mapping[str, Sequence[str]]) -> str:
    """The first circle among predecessors, as `甲→乙→甲`; empty when there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return "→".join(reversed(error.args[1]))
    return ""


def check_items(
    section: Section,
    items: Sequence[Item],
    totals: Sequence[TotalLimit],
    waivers: Sequence[Waiver],
) -> None:
    """Names that are not there, doubles, circles, among all items of a book."""
    names = [item.head.name for item in items]
    groups = {item.group for item in items if item.group}
    known = set(names) | groups
    for name in sorted({name for name in names if names.count(name) > 1} | (groups & set(names))):
        section.fault(f"事项或并联组“{name}”写了两次")
    for item in items:
        place = f"事项“{item.head.name}”"
        needed = (*item.after, *(name for group in item.after_any for name in group))
        _refer(section, place, needed, known)
        if item.merge:
            _refer(section, f"{place}的merge", item.merge.items, set(names))
    for total in totals:
        _refer(section, f"总时限“{total.head.name}”", total.of, known)
    if items:
        for waiver in waivers:
            _refer(section, f"免办“{waiver.head.name}”", waiver.items, known)
    told = cycle_of(predecessors(items))
    if told:
        section.fault(f"事项的先后成了圈：{told}", code="cycle")


def predecessors(items: Sequence[Item]) -> dict[str, tuple[str, ...]]:
    """Of each item the items before it, groups spelled out, alternatives counted as all."""
    members: dict[str, list[str]] = {}
    for item in items:
        if item.group:
            members.setdefault(item.group, []).append(item.head.name)
    found = {}
    for item in items:
        needed = (*item.after, *(name for group in item.after_any for name in group))
        found[item.head.name] = tuple(one for name in needed for one in members.get(name, [name]))
    return found


def _refer(section: Section, place: str, named: Sequence[str], known: set[str]) -> None:
    for name in named:
        if name not in known:
            told = "、".join(sorted(known))
            section.fault(f"{place}提到的“{name}”没有写", f"已有：{told}", code="unknown-item")
