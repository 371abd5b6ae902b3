"""Score cards: each operator as a function of the frame, exact fractions (M-G1).

None is no data. Nothing is rounded here; a score is rounded once, when it is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from guatu.engines.rulebook.derive import Facts, fraction, pair_of
from guatu.engines.rulebook.facts import AS_OF
from guatu.engines.rulebook.points import (
    clamped,
    of_beyond,
    of_efficacy,
    of_marginal,
    of_rank,
    of_series,
    of_steps,
)
from guatu.engines.rulebook.spans import period_number, within
from guatu.engines.rulebook.types import (
    Absent,
    Awarded,
    Blend,
    Condition,
    Each,
    Efficacy,
    Kind,
    Marginal,
    Operator,
    Part,
    PointsCases,
    PointsTable,
    Proportional,
    RankPoints,
    Score,
    Series,
    Steps,
    Window,
)

if TYPE_CHECKING:
    from guatu.engines.rulebook.catalogue import Catalogue
    from guatu.engines.rulebook.conditions import Frame, Test
    from guatu.engines.rulebook.frame import FrameBuilder, Load

type Points = Callable[[Frame], Fraction | None]
type EachPoints = Callable[[Facts, Frame], tuple[Fraction, int]]
"""Points of an event rule and how many events there were."""


def compile_operator(operator: Operator | None, full: Fraction, builder: FrameBuilder) -> Points:
    """A part's operator as a function of the frame."""
    match operator:
        case None:
            return lambda _: full
        case Steps():
            return _on(builder, operator.of, lambda v: of_steps(operator, full, v))
        case Proportional():
            return _on(builder, operator.of, lambda v: _proportional(operator, full, v))
        case Marginal():
            return _on(builder, operator.of, lambda v: of_marginal(operator, v))
        case Series():
            return _on(builder, operator.of, lambda v: of_series(operator, v))
        case PointsCases():
            return _cases(operator, builder)
        case PointsTable():
            return _table(operator, builder)
        case RankPoints():
            return _rank_points(operator, builder)
        case Efficacy():
            return _efficacy(operator, full, builder)
        case Blend():
            return _blend(operator, builder)
        case Awarded():
            return _awarded(operator, builder)


def _on(builder: FrameBuilder, name: str, points: Callable[[Fraction], Fraction | None]) -> Points:
    slot = builder.exact(name)

    def load(frame: Frame) -> Fraction | None:
        value = frame[slot]
        return None if value is None else points(fraction(value))

    return load


def _proportional(rule: Proportional, full: Fraction, value: Fraction) -> Fraction:
    points = max(full * value / fraction(rule.target), Fraction(0))
    return clamped(points, None, rule.most)


def _cases(rule: PointsCases, builder: FrameBuilder) -> Points:
    lines = [
        (
            builder.test(case.when),
            Fraction(*case.points),
            builder.exact(case.named) if case.named else None,
            None if case.beyond is None else (case.beyond, builder.exact(case.beyond.of)),
        )
        for case in rule.cases
    ]
    otherwise = None if rule.otherwise is None else Fraction(*rule.otherwise)

    def load(frame: Frame) -> Fraction | None:
        for test, points, slot, beyond in lines:
            holds = test(frame)
            if holds is None:
                return None
            if not holds:
                continue
            if slot is not None:
                return None if frame[slot] is None else Fraction(*frame[slot])
            if beyond is None:
                return points
            value = frame[beyond[1]]
            return None if value is None else points + of_beyond(beyond[0], fraction(value))
        return otherwise

    return load


def _table(rule: PointsTable, builder: FrameBuilder) -> Points:
    slot, rows = builder.exact(rule.of), {key: Fraction(*points) for key, points in rule.rows}
    otherwise = None if rule.otherwise is None else Fraction(*rule.otherwise)

    def load(frame: Frame) -> Fraction | None:
        value = frame[slot]
        return None if value is None else rows.get(value, otherwise)

    return load


def _rank_points(rule: RankPoints, builder: FrameBuilder) -> Points:
    rank, size = builder.exact(rule.rank), builder.exact(rule.size)

    def load(frame: Frame) -> Fraction | None:
        if frame[rank] is None or frame[size] is None:
            return None
        return of_rank(rule, frame[rank], frame[size])

    return load


def _efficacy(rule: Efficacy, full: Fraction, builder: FrameBuilder) -> Points:
    slot = builder.exact(rule.of)
    best, worst = (
        _mark(builder, value, name)
        for value, name in ((rule.best, rule.best_named), (rule.worst, rule.worst_named))
    )

    def load(frame: Frame) -> Fraction | None:
        value, high, low = frame[slot], best(frame), worst(frame)
        if value is None or high is None or low is None:
            return None
        return of_efficacy(rule, full, fraction(value), high, low)

    return load


def _mark(builder: FrameBuilder, value: Any, name: str) -> Points:
    if not name:
        fixed = fraction(value)
        return lambda _: fixed
    return _on(builder, name, lambda found: found)


def _blend(rule: Blend, builder: FrameBuilder) -> Points:
    terms = [
        (builder.exact(name), Fraction(*weight))
        for name, weight in zip(rule.of, rule.weights, strict=True)
    ]

    def load(frame: Frame) -> Fraction | None:
        known = [(frame[slot], weight) for slot, weight in terms if frame[slot] is not None]
        if not known or (len(known) < len(terms) and not rule.skip):
            return None
        total = sum((weight for _, weight in known), Fraction(0))
        return sum((Fraction(*value) * weight for value, weight in known), Fraction(0)) / total

    return load


def _awarded(rule: Awarded, builder: FrameBuilder) -> Points:
    """The points somebody gave; outside the range they count as not given."""
    slot, low = builder.exact(rule.named), Fraction(*rule.lowest)
    high = None if rule.highest is None else Fraction(*rule.highest)

    def load(frame: Frame) -> Fraction | None:
        if frame[slot] is None:
            return None
        value = Fraction(*frame[slot])
        return value if low <= value and (high is None or value <= high) else None

    return load


class Names(Protocol):
    """What an event rule is compiled against: a frame being laid out, or one that stands."""

    catalogue: Catalogue

    def exact(self, name: str) -> int:
        """The slot of a name's exact value."""

    def test(self, condition: Condition) -> Test:
        """The closure of a condition."""


def compile_each(each: Each, builder: Names) -> EachPoints:
    """Points of one event rule; nothing recorded is nothing to add or deduct."""
    points = Fraction(*each.points)
    cap = None if each.cap is None else Fraction(*each.cap)

    def limited(value: Fraction, limit: Fraction | None) -> Fraction:
        if limit is None:
            return value
        return max(value, limit) if limit < 0 else min(value, limit)

    if each.stated is not None:
        test = builder.test(each.stated.when)
        return lambda _, frame: (points, 1) if test(frame) else (Fraction(0), 0)
    slot, kind = builder.exact(each.event), builder.catalogue[each.event].kind
    if kind is not Kind.RECORDS:

        def counted(_: Facts, frame: Frame) -> tuple[Fraction, int]:
            count = int(frame[slot] or 0)
            return limited(points * count, cap), count

        return counted
    window = Window(each.within, each.months, None)
    per = each.cap_per

    def recorded(facts: Facts, frame: Frame) -> tuple[Fraction, int]:
        as_of: Any = facts.get(AS_OF)
        if not frame[slot] or as_of is None:
            return Fraction(0), 0
        events = within(frame[slot], window, as_of)
        worth = [points * (fraction(e.value or 0) if each.per_value else 1) for e in events]
        if per is not None:
            sums: dict[int, Fraction] = {}
            for event, value in zip(events, worth, strict=True):
                key = period_number(event.on, per[0])
                sums[key] = sums.get(key, Fraction(0)) + value
            worth = [limited(value, Fraction(*per[1])) for value in sums.values()]
        return limited(sum(worth, Fraction(0)), cap), len(events)

    return recorded


def of_events(found: list[tuple[Each, Fraction]]) -> Fraction:
    """All event rules together; of one `group` only the weightiest counts."""
    total, groups = Fraction(0), dict[str, Fraction]()
    for each, value in found:
        if not each.group:
            total += value
        elif abs(value) > abs(groups.get(each.group, Fraction(0))):
            groups[each.group] = value
    return total + sum(groups.values(), Fraction(0))


def part_load(part: Part, builder: FrameBuilder, waived: Callable[[str], Any]) -> Load:
    """The points of a part as a pair, None without data (or left out)."""
    base = compile_operator(part.operator, Fraction(*part.full), builder)
    override = builder.exact(part.override) if part.override else None
    events = [(each, compile_each(each, builder), waived(each.id)) for each in part.each]
    zero = None if part.zero_when is None else builder.test(part.zero_when.when)
    absent = None if isinstance(part.absent, Absent) else Fraction(*part.absent)

    def load(facts: Facts, frame: Frame) -> Any:
        points = base(frame)
        if override is not None and frame[override] is not None:
            points = Fraction(*frame[override])
        if points is None:
            points = absent
        if points is None:
            return None
        found = [
            (each, rule(facts, frame)[0])
            for each, rule, exempt in events
            if exempt is None or exempt(frame) is not True
        ]
        points += of_events(found)
        if zero is not None and zero(frame):
            points = Fraction(0)
        return pair_of(clamped(points, part.floor, part.cap))

    return load


def score_load(score: Score, parts: dict[str, Part], builder: FrameBuilder) -> Load:
    """The sum of the parts as a pair, vetoes applied; None where a part is missing.

    `rescaled` stretches the parts with a full mark over those left out; bonuses and deductions
    (full 0) are added as they are.
    """
    weights = score.weights or ((1, 1),) * len(score.parts)
    terms = [
        (builder.exact(name), Fraction(*weight), parts.get(name))
        for name, weight in zip(score.parts, weights, strict=True)
    ]
    vetoes = [(builder.test(veto.stated.when), veto.points) for veto in score.vetoes]

    def load(_: Facts, frame: Frame) -> Any:
        for test, points in vetoes:
            if points is not None and test(frame):
                return points
        total, left_out, extra = Fraction(0), Fraction(0), Fraction(0)
        for slot, weight, part in terms:
            value = frame[slot]
            if value is not None and part is not None and not part.full[0]:
                extra += weight * Fraction(*value)
            elif value is not None:
                total += weight * Fraction(*value)
            elif part is not None and part.absent is Absent.LEFT_OUT:
                left_out += weight * Fraction(*part.full)
            else:
                return None
        if left_out and all(frame[slot] is None for slot, _, _ in terms):
            return None
        if score.rescaled and left_out and score.full is not None:
            full = Fraction(*score.full)
            if full <= left_out:
                return None
            total = total * full / (full - left_out)
        return pair_of(clamped(total + extra, score.floor, score.cap))

    return load
