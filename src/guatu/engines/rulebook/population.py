"""What a subject is among others: ranks, means of its group, sums of its members. Exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guatu.engines.rulebook.conditions import Frame, Test
from guatu.engines.rulebook.dependencies import JUDGED_NAME
from guatu.engines.rulebook.derive import fraction, pair_of
from guatu.engines.rulebook.types import PAIRED, Kind, Measure, Members, Peers, Ranking

if TYPE_CHECKING:
    from guatu.engines.rulebook.frame import FrameBuilder


@dataclass(frozen=True, slots=True)
class Kindred:
    """All subjects of one kind: their ids and frames, and the slots of their names."""

    ids: tuple[str, ...]
    frames: Sequence[Frame]
    exact: Mapping[str, int]
    tests: Mapping[str, Test]


type Others = Mapping[str, Kindred]
type Spread = Callable[[Sequence[str], Sequence[Frame], Others], list[Any]]
"""Ids and frames of all subjects of a kind → one value each."""


def _everybody(among: Test | None, judged: int | None, frames: Sequence[Frame]) -> list[bool]:
    """Who counts: whom the book judges, and who meets the condition."""
    return [
        (judged is None or frame[judged] is True) and (among is None or among(frame) is True)
        for frame in frames
    ]


def _rank(measure: Measure, builder: FrameBuilder) -> Spread:
    """Rank 1 is best; ties share a rank, the next is skipped (or not, where dense)."""
    ranking = measure.detail
    assert isinstance(ranking, Ranking)
    slot = builder.exact(measure.of[0])
    group = builder.exact(ranking.within) if ranking.within else None
    among = builder.test(ranking.among.when) if ranking.among else None
    judged = builder.judged()

    def spread(_: Sequence[str], frames: Sequence[Frame], __: Others) -> list[Any]:
        competes = _everybody(among, judged, frames)
        classes: dict[Hashable, list[int]] = defaultdict(list)
        for index, frame in enumerate(frames):
            key = None if group is None else frame[group]
            known = group is None or key is not None
            if competes[index] and known and frame[slot] is not None:
                classes[key].append(index)
        ranks: list[Any] = [None] * len(frames)
        best_first = ranking.lowest_first is ranking.from_last
        for members in classes.values():
            keys = {index: _order(frames[index][slot]) for index in members}
            ordered = sorted(members, key=keys.__getitem__, reverse=best_first)
            _give_ranks(ordered, keys, ranks, dense=ranking.ties == "dense")
        return ranks

    return spread


def _order(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else fraction(value)


def _give_ranks(
    ordered: Sequence[int], keys: Mapping[int, Any], ranks: list[Any], *, dense: bool
) -> None:
    rank, before = 0, None
    for place, index in enumerate(ordered, 1):
        if before is None or keys[index] != before:
            rank = rank + 1 if dense else place
        before = keys[index]
        ranks[index] = rank


def _taken(take: str, values: Sequence[Any], size: int, *, skips: bool, kind: Kind) -> Any:
    """What is taken of a group's known values; `size` counts all of the group. The sum of a
    group without members is its kind's nothing."""
    if take == "count":
        return size
    if not skips and len(values) < size:
        return None
    if not values:
        return None if size or take != "sum" else (0, 1) if kind in PAIRED else 0
    if take in ("highest", "lowest"):
        return (max if take == "highest" else min)(values, key=fraction)
    total = sum(map(fraction, values), Fraction(0))
    if take == "mean":
        return pair_of(total / len(values))
    return pair_of(total) if isinstance(values[0], tuple) else int(total)


def _peers(measure: Measure, builder: FrameBuilder) -> Spread:
    """Of all subjects of the same group; those without the measure are left out."""
    peers = measure.detail
    assert isinstance(peers, Peers)
    slot = builder.exact(measure.of[0]) if measure.of else None
    group = builder.exact(peers.within) if peers.within else None
    among = builder.test(peers.among.when) if peers.among else None
    judged = builder.judged()

    def spread(_: Sequence[str], frames: Sequence[Frame], __: Others) -> list[Any]:
        counts = _everybody(among, judged, frames)
        values: dict[Hashable, list[Any]] = defaultdict(list)
        sizes: dict[Hashable, int] = defaultdict(int)
        keys = [None if group is None else frame[group] for frame in frames]
        for key, frame, is_in in zip(keys, frames, counts, strict=True):
            if not is_in:
                continue
            sizes[key] += 1
            if slot is not None and frame[slot] is not None:
                values[key].append(frame[slot])
        found = {
            key: _taken(peers.take, values[key], size, skips=peers.skips, kind=measure.kind)
            for key, size in sizes.items()
        }
        return [
            None if group is not None and key is None else found.get(key, _nothing(peers.take))
            for key in keys
        ]

    return spread


def _nothing(take: str) -> Any:
    return 0 if take == "count" else None


def _members(measure: Measure, _: FrameBuilder) -> Spread:
    """Of subjects of another kind that name this one; without any, a count and a sum are 0."""
    detail = measure.detail
    assert isinstance(detail, Members)
    name = measure.of[0] if measure.of else ""

    def spread(ids: Sequence[str], frames: Sequence[Frame], others: Others) -> list[Any]:
        kin = others.get(detail.over)
        if kin is None:
            return [None] * len(frames)
        by = kin.exact[detail.by]
        slot = kin.exact[name] if name else None
        among = None if detail.among is None else kin.tests[detail.among.text]
        values: dict[Hashable, list[Any]] = defaultdict(list)
        sizes: dict[Hashable, int] = defaultdict(int)
        for frame, is_in in zip(
            kin.frames, _everybody(among, kin.exact.get(JUDGED_NAME), kin.frames), strict=True
        ):
            if not is_in or frame[by] is None:
                continue
            sizes[frame[by]] += 1
            if slot is not None and frame[slot] is not None:
                values[frame[by]].append(frame[slot])
        return [
            _taken(detail.take, values[one], sizes[one], skips=detail.skips, kind=measure.kind)
            for one in ids
        ]

    return spread


SPREADS: Mapping[str, Callable[[Measure, FrameBuilder], Spread]] = {
    "rank": _rank,
    "peers": _peers,
    "members": _members,
}
"""The operators that need the whole population."""
