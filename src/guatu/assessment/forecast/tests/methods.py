"""The other ways to forecast that were tried, and invented cities to try them on.

Kept so that the choice in docs/adr/0014-forecast.md can be measured again. Every method tells P50
and P80 as shares of the plan from past (done, end) pairs of one month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from statistics import median

from guatu.assessment.forecast.rules import Pool, forecast, quantile, state_of
from guatu.assessment.forecast.types import LAST_MONTH, SCALE, Estimate, Record
from guatu.assessment.forecasting import month_within
from guatu.demo.city import generate

MONTHS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
EVEN = (8, 8, 9, 10, 12, 8, 9, 11, 10, 9, 8)
RUSH = (4, 4, 5, 6, 10, 6, 7, 9, 9, 14, 26)
PLAN = 100_000_000

Told = tuple[int, int] | None
"""P50 and P80 in millionths of the plan."""
Method = Callable[[Record, int, Sequence[Record]], Told]


def plain_pace(own: Record, month: int, past: Sequence[Record]) -> Told:
    """Done × 12 ÷ month; it has no range."""
    share = _share(own, month) * LAST_MONTH // month
    return share, share


def own_curve(own: Record, month: int, past: Sequence[Record]) -> Told:
    """The share of the year that the project itself had done by that month last year."""
    before = [one for one in past if one.project == own.project and one.year == own.year - 1]
    if not before or before[0].done[month] <= 0:
        return None
    share = _share(own, month) * (before[0].end or 0) // before[0].done[month]
    return share, share


def class_ratio(own: Record, month: int, past: Sequence[Record]) -> Told:
    """Done × the class's (year's whole ÷ done by that month)."""
    ratios = sorted((one.end or 0) * SCALE // one.done[month] for one in past if one.done[month])
    if len(ratios) < 20:
        return None
    done = _share(own, month)
    return done * quantile(ratios, 5) // SCALE, done * quantile(ratios, 8) // SCALE


def class_remainder(own: Record, month: int, past: Sequence[Record]) -> Told:
    """Done + what the rest of the year brought the whole class."""
    rests = sorted(_end(one, month) - _share(one, month) for one in past)
    return _plus(own, month, rests)


def class_end(own: Record, month: int, past: Sequence[Record]) -> Told:
    """How the class ended, whatever the project has done itself."""
    ends = sorted(_end(one, month) for one in past)
    done = _share(own, month)
    return max(done, quantile(ends, 5)), max(done, quantile(ends, 8))


def blend(own: Record, month: int, past: Sequence[Record]) -> Told:
    """Half the class's remainder, half its end."""
    left, right = class_remainder(own, month, past), class_end(own, month, past)
    if left is None or right is None:
        return None
    return (left[0] + right[0]) // 2, (left[1] + right[1]) // 2


def nearest_share(own: Record, month: int, past: Sequence[Record]) -> Told:
    """The remainder of those nearest by what they had done, without their recent pace."""
    count = min(40, max(20, len(past) // 4))
    near = sorted(past, key=lambda one: (abs(_share(one, month) - _share(own, month)), one.project))
    return _plus(own, month, sorted(_end(o, month) - _share(o, month) for o in near[:count]))


def however_far(own: Record, month: int, past: Sequence[Record]) -> Told:
    """The remainder of those nearest by share and pace, started or not, even where none is near."""
    here = state_of(own, month)

    def distance(one: Record) -> tuple[int, int]:
        state = state_of(one, month)
        return abs(state.share - here.share) + abs(state.gain - here.gain), one.project

    near = sorted(past, key=distance)[: min(40, max(20, len(past) // 4))]
    return _plus(own, month, sorted(_end(o, month) - _share(o, month) for o in near))


def chosen(own: Record, month: int, pool: Pool, *, alone: bool) -> Told:
    """The method of `guatu.assessment.forecast.rules`."""
    told = forecast(own, month, pool, leave_out=own.project if alone else None)
    if not isinstance(told, Estimate):
        return None
    plan = own.plans[month]
    return told.p50 * SCALE // plan, told.p80 * SCALE // plan


CHOSEN = "near ones by share and pace"
FAR_TOO = "nearest by share and pace, however far"
REFUSED = "the same where the chosen one says nothing"
METHODS: dict[str, Method] = {
    "plain pace": plain_pace,
    "own last year's curve": own_curve,
    "class ratio": class_ratio,
    "class remainder": class_remainder,
    "class end": class_end,
    "half and half": blend,
    "nearest by share": nearest_share,
    FAR_TOO: however_far,
}


def _share(one: Record, month: int) -> int:
    return one.done[month] * SCALE // one.plans[month]


def _end(one: Record, month: int) -> int:
    return (one.end or 0) * SCALE // one.plans[month]


def _plus(own: Record, month: int, rests: Sequence[int]) -> Told:
    done = _share(own, month)
    return done + max(0, quantile(rests, 5)), done + max(0, quantile(rests, 8))


def measured(
    past: Sequence[Record],
    tested: Sequence[Record],
    *,
    months: Sequence[int],
    alone: bool = False,
) -> dict[str, tuple[int, float, float, float]]:
    """For each method: forecasts, median and mean absolute error in points, coverage in percent.

    `alone`: each project is forecast from the others, where past and tested are the same year.
    """
    errors: dict[str, list[int]] = {name: [] for name in (*METHODS, CHOSEN, REFUSED)}
    reached: dict[str, int] = dict.fromkeys(errors, 0)
    for month in months:
        known = [one for one in past if month in one.done and one.end is not None]
        pool = Pool(known, month)
        for own in tested:
            if month not in own.done or own.end is None or own.months(month) < 2:
                continue
            others = [one for one in known if not (alone and one.project == own.project)]
            found = {name: tell(own, month, others) for name, tell in METHODS.items()}
            found[CHOSEN] = chosen(own, month, pool, alone=alone)
            if found[CHOSEN] is None:
                # Methods compare on the same projects; what the chosen one refuses is told apart.
                found = {REFUSED: found[FAR_TOO]}
            for name, told in found.items():
                if told is not None:
                    errors[name].append(abs(told[0] - _end(own, month)))
                    reached[name] += _end(own, month) >= told[1]
    return {
        name: (
            len(found),
            median(found) / 10_000,
            sum(found) / len(found) / 10_000,
            100 * reached[name] / len(found),
        )
        for name, found in errors.items()
        if found
    }


def demo_year() -> list[Record]:
    """2025 of the demo city: the one year that it has closed."""
    city, found = generate(), []
    for entry in city.listed(2025):
        if not entry.plan_yuan:
            continue
        done = {}
        for month in MONTHS:
            key = "2025-01+02" if month == 2 else f"2025-{month:02d}"
            report = city.report.get((key, entry.project))
            if report is not None and report.completed_yuan is not None:
                done[month] = report.completed_yuan
        plans = dict.fromkeys(MONTHS, entry.plan_yuan)
        start = city.project[entry.project].actual_start
        found.append(
            Record(
                int(entry.project[1:]),
                2025,
                done,
                plans,
                done.get(12),
                started=month_within(start.on if start else None, 2025),
            )
        )
    return found


Kind = Callable[[Random, float], tuple[float, int, Sequence[float], float]]
"""Draws how a year goes: its whole as a share of the plan, first month, weights, month it stops."""


def _planned(rng: Random, shift: float) -> tuple[float, int, Sequence[float], float]:
    return rng.uniform(0.88, 1.1) + shift, rng.choice((2, 2, 2, 4, 6)), EVEN, LAST_MONTH


def _paced(rng: Random, shift: float) -> tuple[float, int, Sequence[float], float]:
    return max(0.05, rng.gauss(0.93 + shift, 0.28)), rng.choice((2, 2, 2, 4)), EVEN, LAST_MONTH


def _stuck(rng: Random, shift: float) -> tuple[float, int, Sequence[float], float]:
    drawn = rng.random()
    if drawn < 0.15:
        return rng.uniform(0.9, 1.1), 2, RUSH, rng.choice(MONTHS)
    if drawn < 0.4:
        return max(0.02, rng.uniform(0.3, 1.05) + shift), rng.choice((5, 7, 9)), RUSH, LAST_MONTH
    return max(0.1, rng.gauss(1 + shift, 0.08)), 2, RUSH, LAST_MONTH


def _mixed(rng: Random, shift: float) -> tuple[float, int, Sequence[float], float]:
    return rng.choice((_planned, _paced, _stuck))(rng, shift)


CITIES: dict[str, Kind] = {
    "driven by the plan": _planned,
    "driven by pace": _paced,
    "some stuck, a rush at the end": _stuck,
    "all three": _mixed,
}


def invented(
    kind: Kind, *, seed: str, count: int = 120, years: int = 3, keeps_shape: bool = False
) -> dict[int, list[Record]]:
    """Years of an invented city; each year is better or worse as a whole by up to five points.

    `keeps_shape`: a project spends its money in the same months every year.
    """
    rng = Random(seed)
    shapes = [[rng.uniform(0.3, 2.0) for _ in MONTHS] for _ in range(count)]
    found: dict[int, list[Record]] = {}
    for year in range(2026 - years, 2026):
        shift = rng.uniform(-0.05, 0.05)
        found[year] = [
            _drawn(rng, number, year, kind(rng, shift), shapes[number] if keeps_shape else None)
            for number in range(count)
        ]
    return found


def _drawn(
    rng: Random,
    number: int,
    year: int,
    going: tuple[float, int, Sequence[float], float],
    shape: Sequence[float] | None,
) -> Record:
    whole, first, weights, stop = going
    even = shape or [1.0] * len(MONTHS)
    steps = [
        weight * own * rng.uniform(0.5, 1.5) if month >= first else 0.0
        for month, weight, own in zip(MONTHS, weights, even, strict=True)
    ]
    every, run, done = sum(steps) or 1.0, 0.0, {}
    for month, step in zip(MONTHS, steps, strict=True):
        run += step if month <= stop else 0.0
        done[month] = int(PLAN * whole * run / every)
    return Record(number, year, done, dict.fromkeys(MONTHS, PLAN), done[LAST_MONTH])
