"""CPU time of a piece of work, its children included; the calibration loop; a scratch database."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from guatu.core.errors import BadInput, Fault


def cpu_seconds() -> float:
    """User and system time of this process and its ended children, in seconds."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed[T](work: Callable[[], T]) -> tuple[T, float]:
    """The result of a piece of work and the CPU seconds it took."""
    before = cpu_seconds()
    result = work()
    return result, cpu_seconds() - before


def calibration_seconds() -> float:
    """CPU seconds of the loop that one "second" of a bar stands for (about 1 s)."""

    def loop() -> int:
        s = 0
        for i in range(10_000_000):
            s += i * i % 7
        return s

    return timed(loop)[1]


def missed_bar(figures: Mapping[str, Any], measure: str) -> str:
    """One line where a benchmark's `measure` is above its `bar`, or below its `floor`; empty
    where it keeps it."""
    value = figures[measure]
    if "floor" in figures:
        floor = figures["floor"]
        if value < floor:
            return f"测速{figures['bench']}低于下限：{measure}为{value}，下限{floor}。"
    for key, floor_key in OTHER_FLOORS:
        if floor_key in figures and figures[key] < figures[floor_key]:
            told = f"{key}为{figures[key]}，下限{figures[floor_key]}"
            return f"测速{figures['bench']}低于下限：{told}。"
    for key, bar_key in ((measure, "bar"), *OTHER_BARS):
        if bar_key not in figures:
            continue
        bar, value = figures[bar_key], figures[key]
        if key in TIMES:
            # A bar of time is as many times the calibration loop (about a second).
            bar = round(bar * figures["calibration_s"], 1)
        if value > bar:
            return f"测速{figures['bench']}超出上限：{key}为{value}，上限{bar}。"
    return ""


TIMES = frozenset({"scalar_us", "p99_s"})
OTHER_FLOORS = (("submit_ratio", "floor_submit_ratio"),)
OTHER_BARS = (
    ("ratio_1e6", "bar_1e6"),
    ("ratio_5e6", "bar_5e6"),
    ("peak_mb_5e6", "bar_mb_5e6"),
    ("scalar_us", "bar_scalar_us"),
    ("false_per_100", "bar_false_per_100"),
    ("p99_s", "bar_p99_s"),
)
"""Figures that have a bar of their own, where a benchmark gives them."""


@contextmanager
def scratch_database() -> Iterator[Path]:
    """An empty SQLite database and state folder of its own, gone afterwards.

    The benchmarks never touch the installation's data. Raises BadInput under PostgreSQL: the
    bars are stated for the embedded database.
    """
    if connection.vendor != "sqlite":
        raise BadInput(
            Fault("bench-needs-sqlite", "测速用内置的SQLite", "请去掉DATABASE_URL再运行")
        )
    before = (settings.HOME, connection.settings_dict["NAME"])
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        connection.close()
        settings.HOME = home
        connection.settings_dict["NAME"] = home / "bench.sqlite3"
        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield home
        finally:
            connection.close()
            settings.HOME, connection.settings_dict["NAME"] = before
