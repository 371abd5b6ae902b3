"""Which items a project needs, how long they take together, and whether the order was kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from itertools import pairwise

from guatu.engines.rulebook.procedures.durations import Span
from guatu.engines.rulebook.procedures.items import (
    Item,
    Precedence,
    TotalLimit,
    Waiver,
    cycle_of,
)
from guatu.engines.rulebook.procedures.reading import Holds, choose_span, decide, nothing_known


@dataclass(frozen=True, slots=True)
class Timed:
    """One item on the path: working days after the first application at which it begins, ends."""

    name: str
    begins: int
    ends: int
    limit: int | None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A total limit beside what its items take; `fits` is None when a limit is unknown."""

    name: str
    limit: int
    takes: int
    fits: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class ItemPath:
    """The items of one project, in order, in working days.

    `critical` is a chain that takes as long as all together; `dropped` says why items fell away;
    `unknown` are items without a stated limit, counted as none.
    """

    items: tuple[Timed, ...]
    critical: tuple[str, ...]
    takes: int
    dropped: Mapping[str, str]
    optional: tuple[str, ...]
    unknown: tuple[str, ...]
    totals: tuple[TotalCheck, ...]
    doubts: tuple[str, ...]


def item_path(
    items: Sequence[Item],
    *,
    totals: Sequence[TotalLimit] = (),
    waivers: Sequence[Waiver] = (),
    holds: Holds = nothing_known,
) -> ItemPath:
    """Serial and parallel limits of the items a project needs, and the check of the totals.

    An item whose falling away cannot be decided stays, with a doubt. What it stood between
    stays joined: successors of a dropped item follow its predecessors.
    """
    run = _Run(items, waivers, holds)
    plan = run.timed()
    takes = max((one.ends for one in plan), default=0)
    unknown = tuple(one.name for one in plan if one.limit is None)
    checks = tuple(
        check for total in totals if (check := _total(total, run, plan, holds)) is not None
    )
    return ItemPath(
        items=plan,
        critical=_critical(plan),
        takes=takes,
        dropped=run.dropped,
        optional=tuple(run.optional),
        unknown=unknown,
        totals=checks,
        doubts=tuple(dict.fromkeys(run.doubts)),
    )


class _Run:
    """One project's items: what falls away, what is merged, then the times."""

    def __init__(self, items: Sequence[Item], waivers: Sequence[Waiver], holds: Holds) -> None:
        self.holds = holds
        self.doubts: list[str] = []
        self.dropped: dict[str, str] = {}
        self.optional: list[str] = []
        self.items = {item.head.name: item for item in items}
        self.members: dict[str, list[str]] = {}
        for item in items:
            if item.group:
                self.members.setdefault(item.group, []).append(item.head.name)
        self.merged: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.own_limit: dict[str, Span] = {}
        for item in items:
            self._drop(item)
        for waiver in waivers:
            self._waive(waiver)
        for item in items:
            self._merge(item)
        self.before = self._before()

    def _drop(self, item: Item) -> None:
        name = item.head.name
        if item.when is not None and decide(item.when, self.holds, self.doubts) is False:
            self.dropped[name] = f"不适用（{item.when.text}）"
        for release, word in ((item.waive, "免办"), (item.skip, "不办")):
            if release is None or not decide(release.when, self.holds, self.doubts):
                continue
            if release.may:
                self.optional.append(name)
            else:
                self.dropped[name] = f"{word}（{release.when.text}）"

    def _waive(self, waiver: Waiver) -> None:
        if not decide(waiver.when, self.holds, self.doubts):
            return
        for named in waiver.items:
            for name in self.members.get(named, [named]):
                if name in self.items:
                    self.dropped.setdefault(name, f"免办（{waiver.head.name}）")

    def _merge(self, item: Item) -> None:
        merge, name = item.merge, item.head.name
        if merge is None or name in self.dropped or name in self.merged:
            return
        if not decide(merge.when, self.holds, self.doubts):
            return
        for other in merge.items:
            if other not in self.dropped:
                self.merged[other] = name
                self.dropped[other] = f"与“{name}”合并办理"
        self.names[name] = merge.name or name
        if merge.limit:
            self.own_limit[name] = merge.limit

    def _before(self) -> dict[str, tuple[str, ...]]:
        """Predecessors of each item that is left, through those that fell away."""
        found = {}
        for name in self.items:
            if name in self.dropped:
                continue
            absorbed = [other for other, into in self.merged.items() if into == name]
            direct: dict[str, None] = {}
            for one in (name, *absorbed):
                direct.update(dict.fromkeys(self._live(one, {name})))
            direct.pop(name, None)
            found[name] = tuple(direct)
        return found

    def _live(self, name: str, passed: set[str]) -> list[str]:
        item = self.items[name]
        needed = [*item.after, *(one for group in item.after_any for one in group)]
        found: list[str] = []
        for group in needed:
            for one in self.members.get(group, [group]):
                if one in passed:
                    continue
                if one in self.merged:
                    found.append(self.merged[one])
                elif one not in self.dropped:
                    found.append(one)
                elif one in self.items:
                    found += self._live(one, passed | {one})
        return found

    def _limit(self, name: str) -> int | None:
        own = self.own_limit.get(name)
        span = own or choose_span(self.items[name].limits, self.holds, self.doubts)
        return span.count if span else None

    def timed(self) -> tuple[Timed, ...]:
        """Begin and end of each item: after all before it; a group begins together."""
        told = cycle_of(self.before)
        if told:
            self.doubts.append(f"事项的先后成了圈：{told}")
            return ()
        ends: dict[str, int] = {}
        found = []
        together = self._together()
        for name in TopologicalSorter(together).static_order():
            if name not in self.before:
                # A group's gate: all its members begin when the last of them could.
                ends[name] = max((ends[one] for one in together[name]), default=0)
                continue
            begins = max((ends[one] for one in together[name]), default=0)
            limit = self._limit(name)
            ends[name] = begins + (limit or 0)
            shown = self.names.get(name, name)
            found.append(Timed(shown, begins, ends[name], limit, self.items[name].by))
        order = {self.names.get(name, name): number for number, name in enumerate(self.items)}
        return tuple(sorted(found, key=lambda one: (one.begins, order[one.name])))

    def _together(self) -> dict[str, tuple[str, ...]]:
        edges: dict[str, tuple[str, ...]] = {}
        for name, before in self.before.items():
            group = self.items[name].group
            if not group:
                edges[name] = before
                continue
            gate = f"并联：{group}"
            edges[gate] = tuple(dict.fromkeys((*edges.get(gate, ()), *before)))
            edges[name] = (gate,)
        return self.before if cycle_of(edges) else edges


def _critical(plan: Sequence[Timed]) -> tuple[str, ...]:
    """A chain back from an item that ends last, each link ending where the next begins."""
    chain: list[str] = []
    point = max((one.ends for one in plan), default=0)
    while point > 0:
        # Times are whole sums of limits, so something with a limit ends at every such point.
        link = next(one for one in plan if one.ends == point and one.limit)
        chain.append(link.name)
        point = link.begins
    return tuple(reversed(chain))


def _total(total: TotalLimit, run: _Run, plan: Sequence[Timed], holds: Holds) -> TotalCheck | None:
    if not decide(total.when, holds, run.doubts):
        return None
    wanted = {
        run.names.get(run.merged.get(one, one), run.merged.get(one, one))
        for name in total.of
        for one in run.members.get(name, [name])
    }
    chosen = [one for one in plan if not wanted or one.name in wanted]
    first = min((one.begins for one in chosen), default=0)
    takes = max((one.ends for one in chosen), default=0) - first
    unknown = [one.name for one in chosen if one.limit is None]
    limit = total.limit.count
    fits: bool | None = takes <= limit
    told = f"合计{takes}个工作日，总时限{limit}个工作日"
    if takes > limit:
        told += f"，超出{takes - limit}个工作日"
    elif unknown:
        fits = None
        told += f"；没有写时限：{'、'.join(unknown)}"
    return TotalCheck(total.head.name, limit, takes, fits, told)


def ready_items(
    items: Sequence[Item],
    done: Collection[str],
    *,
    waivers: Sequence[Waiver] = (),
    holds: Holds = nothing_known,
) -> tuple[str, ...]:
    """Items that can begin now: all before them are done, of alternatives at least one.

    Items that allow it may be looked at before that (预审) and are listed too.
    """
    run = _Run(items, waivers, holds)
    settled = set(done) | run.dropped.keys()
    ready = []
    for name, item in run.items.items():
        if name in settled:
            continue
        needed = [one for group in item.after for one in run.members.get(group, [group])]
        one_each = all(any(one in settled for one in group) for group in item.after_any)
        if item.pre_review or (one_each and all(one in settled for one in needed)):
            ready.append(run.names.get(name, name))
    return tuple(ready)


def order_violations(
    sequence: Precedence,
    done_on: Mapping[str, date],
    *,
    holds: Holds = nothing_known,
    doubts: list[str] | None = None,
) -> tuple[str, ...]:
    """What was decided before what it needs; the same day is in order (RB80).

    Whether the sequence applies may be unknown: that is a doubt, never a violation.
    """
    named = {*sequence.order, *sequence.needs}
    if not named & done_on.keys():
        return ()
    if not decide(sequence.when, holds, [] if doubts is None else doubts):
        return ()
    pairs = [*pairwise(sequence.order)]
    pairs += [(first, later) for later, firsts in sequence.needs.items() for first in firsts]
    told = []
    for first, later in pairs:
        if later not in done_on:
            continue
        before = done_on.get(first)
        if before is None:
            told.append(f"“{later}”已办，“{first}”还没有办")
        elif before > done_on[later]:
            days = f"{before.isoformat()}、{done_on[later].isoformat()}"
            told.append(f"“{first}”办在“{later}”之后（{days}）")
    return tuple(told)
