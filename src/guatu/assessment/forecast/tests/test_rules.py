"""The forecast's formula and its laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.forecast.rules import (
    Pool,
    capped,
    forecast,
    group_of,
    like_wanted,
    quantile,
    state_of,
)
from guatu.assessment.forecast.types import (
    BEHIND,
    FAR_BEHIND,
    MIN_LIKE,
    NEAR,
    SCALE,
    Estimate,
    Group,
    Like,
    Reason,
    Record,
    State,
)

PLAN = 1_000_000


def record(project: int = 1, year: int = 2025, **told: Any) -> Record:
    """A project that has done 20, 40 and 60 % by March, June and September, and 95 % at the end."""
    done = told.pop("done", {3: 200_000, 6: 400_000, 9: 600_000})
    plan = told.pop("plan", PLAN)
    usual: dict[str, Any] = {"end": 950_000, "plans": dict.fromkeys(range(1, 13), plan)}
    return Record(project, year, done, **{**usual, **told})


def past(count: int = 30, *, month: int = 9) -> list[Record]:
    """Projects that stand alike at a month and end between 80 and 109 % of the plan."""
    return [
        record(number, done={3: 200_000, 6: 400_000, month: 600_000}, end=800_000 + 10_000 * number)
        for number in range(count)
    ]


def own(done: int = 600_000, **told: Any) -> Record:
    return record(99, 2026, done={3: 200_000, 6: 400_000, 9: done}, end=None, **told)


def estimate(one: Record, pool: Pool) -> Estimate:
    told = forecast(one, pool.month, pool)
    assert isinstance(told, Estimate)
    return told


def test_the_class_tells_the_rest_of_the_year() -> None:
    # 30 remainders of 20, 21 … 49 % of the plan: ranks 6, 15 and 25 of 31.
    told = estimate(own(), Pool(past(), 9))
    assert (told.p80, told.p50, told.p20) == (850_000, 940_000, 1_040_000)
    assert (told.like, told.pool) == (30, 30)
    assert not told.is_capped


def test_state_is_the_share_and_what_the_last_three_months_added() -> None:
    assert state_of(own(), 9) == State(600_000, 200_000)
    assert state_of(own(), 3) == State(200_000, 200_000)
    # No figure of three months before: the one before it.
    assert state_of(record(done={2: 100_000, 9: 600_000}), 9) == State(600_000, 500_000)


@pytest.mark.parametrize(
    ("pool", "wanted"), [(0, 20), (20, 20), (80, 20), (100, 25), (160, 40), (9_000, 40)]
)
def test_a_class_is_a_quarter_of_the_pool_within_limits(pool: int, wanted: int) -> None:
    assert like_wanted(pool) == wanted


def test_those_nearest_speak_and_the_others_are_not_asked() -> None:
    near = past(20)
    far = [
        record(100 + number, done={3: 10_000, 6: 20_000, 9: 30_000}, end=40_000)
        for number in range(60)
    ]
    told = estimate(own(), Pool([*near, *far], 9))
    assert (told.like, told.pool) == (20, 80)
    assert told.p80 > 800_000


def test_all_that_are_as_near_as_the_last_speak() -> None:
    told = estimate(own(), Pool(past(90), 9))
    assert told.like == 90


@pytest.mark.parametrize(
    ("one", "month", "reason"),
    [
        (own(plan=0), 9, Reason.NO_PLAN),
        (own(plan=-5), 9, Reason.NO_PLAN),
        (own(), 8, Reason.NO_DATA),
        (record(done={3: 1, 12: 2}, end=None), 12, Reason.YEAR_END),
        (record(done={9: 600_000}, end=None), 9, Reason.FEW_MONTHS),
    ],
)
def test_what_cannot_be_told_says_why(one: Record, month: int, reason: Reason) -> None:
    told = forecast(one, month, Pool(past(), month if month < 12 else 9))
    assert told is reason
    assert reason.text


def test_too_few_like_it_is_no_number() -> None:
    assert forecast(own(), 9, Pool([], 9)) is Reason.NO_YEARS
    assert forecast(own(), 9, Pool(past(MIN_LIKE - 1), 9)) is Reason.FEW_LIKE
    assert isinstance(forecast(own(), 9, Pool(past(MIN_LIKE), 9)), Estimate)
    # A class of exactly twenty is one too small when one of them may not speak.
    assert forecast(own(), 9, Pool(past(MIN_LIKE), 9), leave_out=3) is Reason.FEW_LIKE


def test_a_past_project_without_its_year_end_does_not_speak() -> None:
    silent = [record(200 + number, end=None) for number in range(9)]
    finished = [record(300 + number, finished=8) for number in range(9)]
    without_plan = [record(400 + number, plan=0) for number in range(9)]
    assert len(Pool([*past(), *silent, *finished, *without_plan], 9)) == 30


def test_a_finished_project_stands_where_it_is() -> None:
    told = forecast(own(970_000, finished=8), 9, Pool([], 9))
    assert isinstance(told, Estimate)
    assert (told.p80, told.p50, told.p20, told.is_finished) == (970_000, 970_000, 970_000, True)


def test_the_total_investment_is_a_ceiling_that_is_told() -> None:
    told = estimate(own(ceiling=900_000), Pool(past(), 9))
    assert (told.p80, told.p50, told.p20) == (850_000, 900_000, 900_000)
    assert told.is_capped
    # What is done stays done, though the total says otherwise.
    assert capped(own(ceiling=100), 9, 850_000) == 600_000


def test_a_project_does_not_speak_for_itself() -> None:
    pool = Pool(past(), 9)
    everybody = pool.like(State(600_000, 200_000)).rests
    others = pool.like(State(600_000, 200_000), leave_out=0).rests
    assert len(everybody) == len(others) + 1
    assert everybody[1:] == others


@pytest.mark.parametrize(
    ("tenths", "count", "rank"),
    [(8, 4, 1), (8, 9, 2), (8, 20, 4), (5, 4, 2), (5, 20, 10), (2, 4, 4), (2, 20, 17)],
)
def test_quantiles_are_nearest_ranks_of_one_more(tenths: int, count: int, rank: int) -> None:
    assert quantile(range(1, count + 1), tenths) == rank


def test_three_values_tell_no_quantile() -> None:
    with pytest.raises(ValueError, match="8/10"):
        quantile([1, 2, 3], 8)


_SHARES = st.integers(0, 1_500_000)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    rows = draw(st.lists(st.tuples(_SHARES, _SHARES, _SHARES), min_size=20, max_size=60))
    return Pool(
        (
            record(number, done={6: min(a, b), 9: b}, end=end)
            for number, (a, b, end) in enumerate(rows)
        ),
        9,
    )


@settings(max_examples=150, deadline=None)
@given(pools(), _SHARES, _SHARES)
def test_the_cautious_value_is_never_above_the_hopeful_one(pool: Pool, a: int, b: int) -> None:
    told = forecast(own(b), 9, pool)
    if told is Reason.NONE_NEAR:
        assert len(pool.like(state_of(own(b), 9)).rests) < MIN_LIKE
        return
    assert isinstance(told, Estimate)
    assert b <= told.p80 <= told.p50 <= told.p20
    assert MIN_LIKE <= told.like <= told.pool
    assert told.stood[0] <= told.stood[1]
    assert max(told.stood[1] - b, b - told.stood[0]) <= NEAR


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-SCALE, 2 * SCALE), min_size=20, max_size=60), _SHARES, _SHARES)
def test_of_the_same_class_who_has_done_more_is_never_told_less(
    rests: list[int], one: int, other: int
) -> None:
    less, more = sorted((one, other))

    class SameClass(Pool):
        def like(self, state: State, *, leave_out: int | None = None) -> Like:
            return Like(tuple(sorted(rests)))

        def __len__(self) -> int:
            return len(rests)

    pool = SameClass([], 9)
    lower, upper = estimate(own(less), pool), estimate(own(more), pool)
    assert lower.p80 <= upper.p80
    assert lower.p50 <= upper.p50
    assert lower.p20 <= upper.p20


@settings(max_examples=100, deadline=None)
@given(pools(), _SHARES, _SHARES, st.booleans())
def test_the_nearest_are_those_that_a_full_search_finds(
    pool: Pool, share: int, gain: int, is_started: bool
) -> None:
    side = pool._sides[is_started]
    every = sorted((abs(s - share) + abs(g - gain), rest) for s, g, rest, *_ in side)
    near = [one for one in every if one[0] <= NEAR]
    limit = near[min(like_wanted(len(side)), len(near)) - 1][0] if near else 0
    full = tuple(sorted(rest for distance, rest in near if distance <= limit))
    assert pool.like(State(share, gain, is_started=is_started)).rests == full


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 60), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(count: int, random: Any) -> None:
    records = [record(n, done={6: 10_000 * n, 9: 600_000}, started=n % 2 * 9) for n in range(count)]
    shuffled = records.copy()
    random.shuffle(shuffled)
    state = State(600_000, 300_000, is_started=True)
    assert Pool(shuffled, 9).like(state) == Pool(records, 9).like(state)


@pytest.mark.parametrize(
    ("done", "is_told"),
    [(600_000, True), (600_000 - NEAR // 2, True), (600_000 - NEAR // 2 - 1, False), (0, False)],
)
def test_who_has_no_near_class_is_not_forecast(done: int, is_told: bool) -> None:
    # Share and recent gain both fall behind by what is missing: the distance is twice that.
    told = forecast(own(done), 9, Pool(past(), 9))
    assert isinstance(told, Estimate) is is_told
    assert is_told or told is Reason.NONE_NEAR


def test_a_project_of_nothing_is_not_forecast_by_those_at_work() -> None:
    idle = record(99, 2026, done={3: 0, 6: 0, 9: 0}, end=None)
    assert forecast(idle, 9, Pool(past(), 9)) is Reason.NONE_NEAR
    others = [record(200 + n, done={3: 0, 6: 0, 9: 0}, end=10_000 * n) for n in range(20)]
    told = estimate(idle, Pool([*past(), *others], 9))
    assert (told.like, told.stood, told.ended) == (20, (0, 0), (0, 190_000))


def test_who_has_not_started_is_not_forecast_by_who_has() -> None:
    at_work = [record(n, done=one.done, end=one.end, started=2) for n, one in enumerate(past())]
    waiting = own()
    assert forecast(waiting, 9, Pool(at_work, 9)) is Reason.NONE_NEAR
    assert isinstance(forecast(own(started=9), 9, Pool(at_work, 9)), Estimate)
    # Works that begin in October had not begun in September.
    assert forecast(own(started=10), 9, Pool(at_work, 9)) is Reason.NONE_NEAR


def test_the_class_tells_where_it_stood_and_ended() -> None:
    told = estimate(own(), Pool(past(), 9))
    assert (told.stood, told.ended) == ((600_000, 600_000), (800_000, 1_090_000))


@pytest.mark.parametrize(
    ("done", "started", "group"),
    [
        (750_000, None, Group.NOT_STARTED),
        (750_000, 10, Group.NOT_STARTED),
        (750_000 - FAR_BEHIND - 1, 0, Group.FAR),
        (750_000 - FAR_BEHIND, 0, Group.BEHIND),
        (750_000 - BEHIND - 1, 0, Group.BEHIND),
        (750_000 - BEHIND, 0, Group.ON_PACE),
        (990_000, 9, Group.ON_PACE),
    ],
)
def test_a_group_is_how_far_behind_the_calendar(
    done: int, started: int | None, group: Group
) -> None:
    assert group_of(own(done, started=started), 9) is group
    assert group.text
