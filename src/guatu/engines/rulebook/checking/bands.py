"""Gaps and overlaps between bands, and lines that never have their turn.

Conditions are piecewise constant: between two neighbouring limits of a measure nothing changes.
So it is enough to try every limit, a value between each two, and one beyond each end, for every
measure that the lines name, in all combinations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import gcd, prod

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.checking.regions import Region, region_words, regions_of
from guatu.engines.rulebook.conditions import compile_condition
from guatu.engines.rulebook.leaves import leaves_of
from guatu.engines.rulebook.types import (
    Chain,
    Comparison,
    Condition,
    Kind,
    Limit,
    Measure,
    Member,
    Named,
    Value,
)

MOST = 60_000
"""Combinations tried; beyond, only so many of them, evenly spread."""

MOST_TOLD = 3
"""Overlaps told of one rule; one mend often mends all."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Ordered lines of one rule: their conditions, and what tells two outcomes apart.

    `numbers` are the lines' own where some of the rule are left out.
    """

    place: str
    conditions: tuple[Condition, ...]
    outcomes: tuple[object, ...]
    covers_rest: bool
    first_wins: bool
    mend_gap: str = (
        '补写一条，并写明interpretation；有意留白的写silent = {by = "谁", on = 日期, why = "为何"}'
    )
    numbers: tuple[int, ...] = ()

    def number(self, place: int) -> int:
        """The number of a line in the book."""
        return self.numbers[place] if self.numbers else place + 1


def faults_of_bands(bands: Bands, catalogue: Catalogue) -> Iterable[str]:
    """Chinese lines: gaps, overlaps, lines that never have their turn."""
    axes = axes_of(bands.conditions, catalogue)
    names = [measure for measure, _ in axes]
    slots = {measure.name: place for place, measure in enumerate(names)}
    tests = [compile_condition(one, slots) for one in bands.conditions]
    gaps: list[tuple[Region, ...]] = []
    overlaps: dict[tuple[int, int], tuple[Region, ...]] = {}
    reached: set[int] = set()
    total = prod(len(regions) for _, regions in axes)
    spoken: set[Region] = set()
    for combination in _tried([regions for _, regions in axes], stride := _stride(total)):
        frame = [region.sample for region in combination]
        held = [number for number, test in enumerate(tests) if test(frame)]
        if not held:
            gaps.append(combination)
            continue
        spoken.update(region for region in combination if region.is_doubtful)
        reached.add(held[0])
        for other in held[1:]:
            if bands.outcomes[other] != bands.outcomes[held[0]]:
                overlaps.setdefault((held[0], other), combination)
    gaps = [one for one in gaps if all(r in spoken or not r.is_doubtful for r in one)]
    if gaps and not bands.covers_rest:
        yield f"有没写到的情形：{_told(gaps, names)}"
    if not bands.first_wins:
        last = sorted(overlaps)[:MOST_TOLD][-1:] or [(0, 0)]
        for (one, other), combination in sorted(overlaps.items())[:MOST_TOLD]:
            told = _combination(combination, names)
            rest = len(overlaps) - MOST_TOLD
            more = f"（另有{rest}处重叠）" if rest > 0 and (one, other) == last[0] else ""
            lines = f"第{bands.number(one)}条与第{bands.number(other)}条"
            yield f"{lines}重叠：{told}时两条都成立，结果不同{more}"
    for number in range(len(tests)):
        if number not in reached and stride == 1:
            line = f"第{bands.number(number)}条永远轮不到"
            yield f"{line}：它成立时前面总有一条已经成立，或它不可能成立"


def _stride(total: int) -> int:
    """Every how-many-th combination is tried: with no common factor, so that each region of each
    measure meets each of the others sooner or later."""
    stride = max(1, total // MOST)
    while gcd(stride, total) > 1:
        stride += 1
    return stride


def _tried(axes: Sequence[tuple[Region, ...]], stride: int) -> Iterable[tuple[Region, ...]]:
    """The combinations, all of them where they are few."""
    if stride == 1:
        return product(*axes)
    return (one for place, one in enumerate(product(*axes)) if place % stride == 0)


def is_partly_tried(bands: Bands, catalogue: Catalogue) -> bool:
    """Whether there are more combinations than are tried."""
    return prod(len(regions) for _, regions in axes_of(bands.conditions, catalogue)) > MOST


def axes_of(
    conditions: Sequence[Condition], catalogue: Catalogue
) -> list[tuple[Measure, tuple[Region, ...]]]:
    """The measures the lines name, each with the regions between which nothing changes."""
    limits: dict[str, list[Value]] = {}
    beside: list[tuple[str, str]] = []
    for condition in conditions:
        for leaf in leaves_of(condition):
            beside += _compared(leaf)
            for name, values in _limits(leaf):
                limits.setdefault(name, []).extend(values)
    # Measures compared with each other share their limits, or they would never be equal.
    for _ in beside:
        for left, right in beside:
            shared = [*limits[left], *limits[right]]
            limits[left], limits[right] = shared, shared
    return [
        (catalogue[name], regions_of(catalogue[name], values)) for name, values in limits.items()
    ]


def _limits(leaf: Condition) -> Iterable[tuple[str, list[Value]]]:
    match leaf:
        case Chain(comparisons):
            for one in comparisons:
                yield from _limits(one)
        case Comparison(Named(name), _, Limit(value)) | Comparison(Limit(value), _, Named(name)):
            yield name, [value]
        case Comparison(Named(left), _, Named(right), kind):
            # Two measures against each other: below, at and above one common mark.
            shared = [] if kind in (Kind.TEXT, Kind.BOOL) else [_mark(kind)]
            yield left, shared
            yield right, shared
        case Member(name, values):
            yield name, list(values)
        case _:
            yield leaf.name, []  # type: ignore[union-attr]


def _mark(kind: Kind) -> Value:
    """Any value well inside a kind's range."""
    if kind is Kind.DAY:
        return date(2000, 1, 1)
    return (1, 2) if kind in (Kind.RATIO, Kind.POINTS) else 1000


def _compared(leaf: Condition) -> list[tuple[str, str]]:
    match leaf:
        case Chain(comparisons):
            return [pair for one in comparisons for pair in _compared(one)]
        case Comparison(Named(left), _, Named(right)):
            return [(left, right)]
    return []


def _told(gaps: list[tuple[Region, ...]], names: list[Measure]) -> str:
    if len(names) == 1:
        return region_words([one[0] for one in gaps], names[0])
    shown = "；".join(_combination(one, names) for one in gaps[:2])
    rest = f"等{len(gaps)}种" if len(gaps) > 2 else ""
    return f"例如{shown}{rest}"


def _combination(combination: tuple[Region, ...], names: list[Measure]) -> str:
    told = [
        region_words([region], measure) for region, measure in zip(combination, names, strict=True)
    ]
    return "、".join(told)
