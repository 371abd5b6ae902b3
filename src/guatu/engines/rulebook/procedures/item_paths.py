"""Which items a project needs, how long they take together, and whether the order was kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Needs:
    """Items before an item: all of `every`, and of each group of `some` one alternative, whose
    items are all needed."""

    every: dict[str, None] = field(default_factory=dict)
    some: list[tuple[tuple[str, ...], ...]] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """Every item before it, alternatives counted as all."""
        found = [one for group in self.some for alternative in group for one in alternative]
        return tuple(dict.fromkeys((*self.every, *found)))

    def join(self, other: _Needs) -> None:
        """Wait for what the other waits for too."""
        self.every.update(other.every)
        self.some += other.some

    def met_at(self, ends: Mapping[str, int]) -> int:
        """When all that is needed has ended; of alternatives the earliest."""
        found = [ends[name] for name in self.every]
        for group in self.some:
            found.append(min(max(ends[name] for name in one) for one in group))
        return max(found, default=0)


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
        self.needs = self._all_needs()
        self.before = {name: needs.names for name, needs in self.needs.items()}

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

    def _all_needs(self) -> dict[str, _Needs]:
        """What comes before each item that is left, through those that fell away."""
        found = {}
        for name in self.items:
            if name in self.dropped:
                continue
            absorbed = {other for other, into in self.merged.items() if into == name}
            needs = _Needs()
            for one in (name, *sorted(absorbed)):
                needs.join(self._needs(one, {name, *absorbed}))
            found[name] = needs
        return found

    def _needs(self, name: str, passed: set[str]) -> _Needs:
        item, found = self.items[name], _Needs()
        for one in item.after:
            found.join(self._live(one, passed))
        for group in item.after_any:
            lives = [self._live(one, passed).names for one in self.ways(group)]
            if all(lives):
                found.some.append(tuple(lives))
        return found

    def ways(self, group: Sequence[str]) -> list[str]:
        """The alternatives that are left; all of them where all fell away."""
        return [one for one in group if not self._is_gone(one)] or list(group)

    def _is_gone(self, named: str) -> bool:
        members = self.members.get(named, [named])
        return all(one in self.dropped and one not in self.merged for one in members)

    def _live(self, named: str, passed: set[str]) -> _Needs:
        """What stands for an item or a group: itself, what took it in, or what came before."""
        found = _Needs()
        for one in self.members.get(named, [named]):
            into = one
            while into in self.merged:
                into = self.merged[into]
            if one in passed or into in passed:
                continue
            if into not in self.dropped:
                found.every[into] = None
            elif into in self.items:
                found.join(self._needs(into, passed | {into}))
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
                ends[name] = max(self.needs[one].met_at(ends) for one in self._left_of(name))
                continue
            gate = _gate(self.items[name].group)
            is_gated = together[name] == (gate,)
            begins = ends[gate] if is_gated else self.needs[name].met_at(ends)
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
            gate = _gate(group)
            edges[gate] = tuple(dict.fromkeys((*edges.get(gate, ()), *before)))
            edges[name] = (gate,)
        return self.before if cycle_of(edges) else edges

    def _left_of(self, gate: str) -> list[str]:
        return [name for name in self.needs if _gate(self.items[name].group) == gate]


def _gate(group: str) -> str:
    return f"并联：{group}"


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
        one_each = all(
            any(settled.issuperset(run.members.get(one, [one])) for one in run.ways(group))
            for group in item.after_any
        )
        needed = [one for group in item.after for one in run.members.get(group, [group])]
        if item.pre_review or (one_each and settled.issuperset(needed)):
            ready.append(run.names.get(name, name))
    return tuple(ready)


def order_violations(
    sequence: Precedence,
    done_on: Mapping[str, date],
    *,
    holds: Holds = nothing_known,
    doubts: list[str] | None = None,
    unknown: Collection[str] = (),
) -> tuple[str, ...]:
    """What was decided before what it needs; the same day is in order (RB80).

    `unknown` are items without a register. What is unknown (such an item, whether the sequence
    applies) adds to `doubts` and is never a violation.
    """
    doubts = [] if doubts is None else doubts
    named = {*sequence.order, *sequence.needs}
    if not named & done_on.keys():
        return ()
    if not decide(sequence.when, holds, doubts):
        return ()
    pairs = [*pairwise(sequence.order)]
    pairs += [(first, later) for later, firsts in sequence.needs.items() for first in firsts]
    told = []
    for first, later in pairs:
        if later not in done_on:
            continue
        before = done_on.get(first)
        if before is None and first in unknown:
            doubts.append(f"“{later}”已办，“{first}”没有登记，不能判断先后")
        elif before is None:
            told.append(f"“{later}”已办，“{first}”还没有办")
        elif before > done_on[later]:
            days = f"{before.isoformat()}、{done_on[later].isoformat()}"
            told.append(f"“{first}”办在“{later}”之后（{days}）")
    return tuple(told)
