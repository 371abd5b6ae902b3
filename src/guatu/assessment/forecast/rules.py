"""Reference-class forecast of a year's completion (M-D7). Pure, in whole numbers.

Formula. At the end of month m a project has done a share s of its annual plan, g of it in the last
three months. Of the past projects of the same list with a figure of month m and of the year's end,
those that had started works where it has, or had not where it has not, are asked by their distance
d = |s − s'| + |g − g'|, none with d above 0.15. The nearest are its class: a quarter of them, 20 at
least, 40 at most, with all that are as near as the last. With fewer than 20 there is no forecast:
what far ones did tells little of it. The remainder r' = (end' − done') ÷ plan' of each is what the
rest of the year brought it. The forecast is

    done + plan × r,  never below done, never above what the total investment leaves,

with r the empirical quantile of the class. Of n remainders in ascending order, P80 takes the
⌊(n+1)/5⌋th, P50 the ⌊(n+1)/2⌋th, P20 the (n+1−⌊(n+1)/5⌋)th: with one more project of the same
kind the chance to end at or above P80 is at least 80 % (Vovk, Gammerman, Shafer, Algorithmic
Learning in a Random World, 2005, ch. 2).

Papers. Flyvbjerg, From Nobel Prize to Project Management: Getting Risks Right, Project Management
Journal 37(3), 2006: take the outside view, from the distribution of a class. Lipke, Schedule Is
Different, The Measurable News, 2003: the state is told in shares of the plan, so that projects of
any size compare. Docs: docs/forecast.md and adr/0014.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import heappush, heapreplace

from guatu.assessment.forecast.types import (
    BEHIND,
    FAR_BEHIND,
    LAST_MONTH,
    MIN_LIKE,
    MIN_MONTHS,
    NEAR,
    SCALE,
    Estimate,
    Group,
    Like,
    Reason,
    Record,
    State,
)

MOST_LIKE = 40
MOST_POOL = 1_000
"""Of more past projects every nth by year and number is asked: forty of a thousand are as near as
need be, and ten thousand forecasts take seconds instead of minutes."""
PACE_MONTHS = 3


def state_of(record: Record, month: int) -> State:
    """How a record stands at a month it tells (`Record.is_told`)."""
    plan = record.plans[month]
    before = [told for told in record.done if told <= month - PACE_MONTHS]
    base = record.done[max(before)] if before else 0
    done = record.done[month]
    return State(
        done * SCALE // plan, (done - base) * SCALE // plan, is_started=record.is_started(month)
    )


def group_of(record: Record, month: int) -> Group:
    """Which group's errors are told beside it, at a month it tells: whether it has started, and
    how far its share of the plan is behind the share of the year."""
    if not record.is_started(month):
        return Group.NOT_STARTED
    behind = SCALE * month // LAST_MONTH - state_of(record, month).share
    if behind > FAR_BEHIND:
        return Group.FAR
    return Group.BEHIND if behind > BEHIND else Group.ON_PACE


_Row = tuple[int, int, int, int, int]
"""Share, gain and remainder in millionths of the plan; project and year."""


class Pool:
    """Past projects at the end of one month, ordered by the share they had done: those that had
    started, and those that had not."""

    def __init__(self, records: Iterable[Record], month: int) -> None:
        """Those with a figure at the month and at the year's end, still at work."""
        self.month = month
        self._sides: dict[bool, list[_Row]] = {True: [], False: []}
        comparable = [record for record in records if is_comparable(record, month)]
        for record in evenly(comparable, MOST_POOL):
            self._sides[record.is_started(month)].append(_row(record, month))
        for side in self._sides.values():
            side.sort()
        self._known: dict[tuple[State, int | None], Like] = {}

    def __len__(self) -> int:
        return sum(len(side) for side in self._sides.values())

    def like(self, state: State, *, leave_out: int | None = None) -> Like:
        """Those of like state, none farther than NEAR. `leave_out` is a project that may not
        speak for itself."""
        key = (state, leave_out)
        found = self._known.get(key)
        if found is None:
            rows = _nearest(self._sides[state.is_started], state, leave_out)
            found = self._known[key] = _like(rows)
        return found


def _like(rows: Sequence[_Row]) -> Like:
    if not rows:
        return Like()
    stood = [row[0] for row in rows]
    ended = [row[0] + row[2] for row in rows]
    return Like(
        tuple(sorted(row[2] for row in rows)),
        (min(stood), max(stood)),
        (min(ended), max(ended)),
    )


def _nearest(rows: Sequence[_Row], state: State, leave_out: int | None) -> list[_Row]:
    """As many as a class wants, with all that are as near as the last; rows are in order."""
    wanted = like_wanted(len(rows))
    above = bisect_left(rows, state.share, key=lambda row: row[0])
    below = above - 1
    seen: list[tuple[int, _Row]] = []
    farthest: list[int] = []
    while below >= 0 or above < len(rows):
        to_below = state.share - rows[below][0] if below >= 0 else None
        to_above = rows[above][0] - state.share if above < len(rows) else None
        if to_above is None or (to_below is not None and to_below <= to_above):
            row, by_share, below = rows[below], to_below or 0, below - 1
        else:
            row, by_share, above = rows[above], to_above, above + 1
        # Everything that follows is farther by its share alone.
        if by_share > NEAR or (len(farthest) == wanted and by_share > -farthest[0]):
            break
        distance = by_share + abs(row[1] - state.gain)
        if row[3] == leave_out or distance > NEAR:
            continue
        seen.append((distance, row))
        if len(farthest) < wanted:
            heappush(farthest, -distance)
        elif distance < -farthest[0]:
            heapreplace(farthest, -distance)
    limit = -farthest[0] if farthest else 0
    return [row for distance, row in seen if distance <= limit]


def evenly(records: Sequence[Record], most: int) -> list[Record]:
    """At most so many, every nth by year and number: the same ones every time."""
    ordered = sorted(records, key=lambda one: (one.year, one.project))
    return ordered[:: max(1, -(-len(ordered) // most))]


def _row(record: Record, month: int) -> _Row:
    state = state_of(record, month)
    rest = ((record.end or 0) - record.done[month]) * SCALE // record.plans[month]
    return state.share, state.gain, rest, record.project, record.year


def is_comparable(record: Record, month: int) -> bool:
    """Whether a past record can speak for others at that month."""
    return record.is_told(month) and record.end is not None and not record.is_finished(month)


def like_wanted(pool: int) -> int:
    """How many projects make a class: a quarter of the pool, 20 at least, 40 at most."""
    return min(MOST_LIKE, max(MIN_LIKE, pool // 4))


def quantile(ascending: Sequence[int], tenths: int) -> int:
    """The value that is reached with a probability of `tenths` ÷ 10 by one more of the same kind.

    Nearest rank of n + 1; exact for any n ≥ 4 and `tenths` of 2, 5 or 8. Raises ValueError
    where so few values cannot say it.
    """
    ranks = len(ascending) + 1
    rank = ranks * (10 - tenths) // 10 if tenths >= 5 else ranks - ranks * tenths // 10
    if not 1 <= rank <= len(ascending):
        raise ValueError(f"{len(ascending)} values tell no quantile of {tenths}/10")
    return ascending[rank - 1]


def forecast(
    own: Record, month: int, pool: Pool, *, leave_out: int | None = None
) -> Estimate | Reason:
    """The year's whole as it may come, or why nothing can be said."""
    if (missing := _missing(own, month)) is not None:
        return missing
    done = own.done[month]
    if own.is_finished(month):
        return Estimate(done, done, done, 0, len(pool), is_finished=True)
    if own.months(month) < MIN_MONTHS:
        return Reason.FEW_MONTHS
    if len(pool) == 0:
        return Reason.NO_YEARS
    if len(pool) - (leave_out is not None) < MIN_LIKE:
        return Reason.FEW_LIKE
    like = pool.like(state_of(own, month), leave_out=leave_out)
    if len(like.rests) < MIN_LIKE:
        return Reason.NONE_NEAR
    free = [project(own, month, quantile(like.rests, tenths)) for tenths in (8, 5, 2)]
    p80, p50, p20 = held = [capped(own, month, value) for value in free]
    return Estimate(
        p80,
        p50,
        p20,
        len(like.rests),
        len(pool),
        is_capped=held != free,
        stood=like.stood,
        ended=like.ended,
    )


def _missing(own: Record, month: int) -> Reason | None:
    if own.plans.get(month, 0) <= 0:
        return Reason.NO_PLAN
    if month not in own.done:
        return Reason.NO_DATA
    return Reason.YEAR_END if month >= LAST_MONTH else None


def project(own: Record, month: int, rest: int) -> int:
    """Done plus that share of the plan, in yuan; a remainder below zero takes nothing back."""
    return own.done[month] + max(0, own.plans[month] * rest // SCALE)


def capped(own: Record, month: int, value: int) -> int:
    """No more than the total investment leaves for the year, and no less than is done."""
    if own.ceiling is None:
        return value
    return max(own.done[month], min(value, own.ceiling))


def plain_pace(own: Record, month: int) -> int:
    """Done × 12 ÷ month: what a forecast has to beat."""
    return own.done[month] * LAST_MONTH // month
