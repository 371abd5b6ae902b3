"""Cumulative investment through a year: seasonal weights, noise, and a legal negative month."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

MONTHS = ("01+02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
# Slow before and during the festival, quick before the half year and the year's end.
WEIGHTS = (8, 8, 9, 10, 12, 8, 9, 11, 10, 9, 8)
"""One weight for each key of MONTHS; January and February are one period."""


def periods(year: int, until: str = "12") -> tuple[str, ...]:
    """The year's period keys up to and with the month `until`."""
    return tuple(f"{year}-{month}" for month in MONTHS[: MONTHS.index(until) + 1])


def last_month(period: str) -> int:
    """The last calendar month a key of `periods` covers: 2 for `2025-01+02`."""
    return int(period[-2:])


def first_period(year: int, month: int) -> str:
    """The key of the period that holds a calendar month."""
    return periods(year)[max(0, month - 2)]


def cumulative(
    rng: Random, keys: Sequence[str], *, target: int, from_month: int, step: int
) -> dict[str, int]:
    """Rise from nothing before `from_month` to `target` yuan at the last key, in whole `step`s."""
    increments = [
        weight * rng.uniform(0.45, 1.55) if last_month(key) >= from_month else 0.0
        for key, weight in zip(keys, WEIGHTS, strict=False)
    ]
    whole = sum(increments)
    if not whole:
        return dict.fromkeys(keys, 0)
    done, values = 0.0, {}
    for key, increment in zip(keys, increments, strict=True):
        done += increment
        values[key] = int(target * done / whole) // step * step
    values[keys[-1]] = target
    return values


def taken_back(values: dict[str, int], key: str, *, share: float, step: int) -> None:
    """Make `key` a negative month: its cumulative falls below the month before (核减)."""
    keys = list(values)
    before = values[keys[keys.index(key) - 1]]
    values[key] = before - max(step, int(before * share) // step * step)
