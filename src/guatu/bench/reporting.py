"""`guatu bench reporting`: questions to figures on invented years with a known list of answers,
and the signed workbooks of forty units there and back.

The book was tuned on seed 1 alone; the others are there to say whether that holds elsewhere.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from guatu.bench.measure import calibration_seconds, timed
from guatu.bench.workbook import bench_round_trip
from guatu.demo.asked import MONTHS
from guatu.demo.asked_faults import Answer, Years, planted_years
from guatu.reporting.asking.judging import BOOK_KINDS, ask_reports, ask_units
from guatu.reporting.asking.types import Hit
from guatu.reporting.types import FigureQuestionKind

SEEDS = (1, 2, 3, 4)
TUNED = 1


@dataclass(slots=True)
class Tally:
    """How the questions of one seed did, by kind."""

    planted: Counter[FigureQuestionKind] = field(default_factory=Counter)
    found: Counter[FigureQuestionKind] = field(default_factory=Counter)
    false: Counter[FigureQuestionKind] = field(default_factory=Counter)
    beside: Counter[FigureQuestionKind] = field(default_factory=Counter)
    """Questions about planted projects that are not the one planted: neither found nor false."""
    honest: int = 0
    reports: int = 0

    @property
    def found_share(self) -> float:
        """Per cent of the planted that were asked about."""
        return 100 * self.found.total() / max(1, self.planted.total())

    @property
    def false_per_100(self) -> float:
        """Questions to honest reports, for each hundred of them."""
        return 100 * self.false.total() / max(1, self.honest)


def bench_reporting() -> dict[str, Any]:
    """Per cent of planted faults found (floor: 90) and questions per 100 honest reports (bar: 5);
    both the worst of all seeds; beside them the workbooks of 40 units there and back.
    """
    done = {}
    seconds = 0.0
    for seed in SEEDS:
        done[seed], took = timed(partial(_tried, seed))
        seconds += took
        sys.stderr.write(table(seed, done[seed]) + "\n")
    whole = {f"found_{kind.value}": 0.0 for kind in BOOK_KINDS}
    for kind in BOOK_KINDS:
        planted = sum(one.planted[kind] for one in done.values())
        found = sum(one.found[kind] for one in done.values())
        whole[f"found_{kind.value}"] = round(100 * found / max(1, planted), 1)
        false = sum(one.false[kind] for one in done.values())
        honest = sum(one.honest for one in done.values())
        whole[f"false_{kind.value}"] = round(100 * false / max(1, honest), 2)
    return {
        "bench": "reporting",
        "reports": sum(one.reports for one in done.values()),
        "planted": sum(one.planted.total() for one in done.values()),
        "calibration_s": round(calibration_seconds(), 3),
        "ask_s": round(seconds, 3),
        "planted_found": round(min(one.found_share for one in done.values()), 1),
        "floor": 90,
        "false_per_100": round(max(one.false_per_100 for one in done.values()), 2),
        "bar_false_per_100": 5,
        **{f"planted_found_seed{seed}": round(one.found_share, 1) for seed, one in done.items()},
        **{f"false_per_100_seed{seed}": round(one.false_per_100, 2) for seed, one in done.items()},
        **whole,
        **bench_round_trip(),
    }


def _tried(seed: int) -> Tally:
    return tally(planted_years(seed))


def tally(years: Years) -> Tally:
    """Ask about every report of the years, each question once, and hold it against the answers."""
    done = Tally()
    planted = years.planted
    units = {one.unit_id for one in years.answers if one.unit_id is not None}
    asked: set[tuple[int | None, int | None, str]] = set()
    met: set[Answer] = set()
    done.planted.update(one.kind for one in years.answers)
    done.reports = len(years.lives) * len(MONTHS)
    done.honest = sum(one.identity.project_id not in planted for one in years.lives) * len(MONTHS)
    for index, courses in years.rounds():
        for hit in (*ask_reports(courses), *ask_units(courses)):
            key = hit.project_id, hit.unit_id, hit.key
            if key in asked:
                continue
            asked.add(key)
            answer = _answer(hit, index, years.answers)
            if answer is not None:
                met.add(answer)
            elif hit.project_id in planted or (hit.project_id is None and hit.unit_id in units):
                done.beside[hit.kind] += 1
            else:
                done.false[hit.kind] += 1
    done.found.update(one.kind for one in met)
    return done


def _answer(hit: Hit, index: int, answers: Sequence[Answer]) -> Answer | None:
    for one in answers:
        is_his = (
            one.project_id == hit.project_id
            if one.project_id is not None
            else hit.project_id is None and one.unit_id == hit.unit_id
        )
        if is_his and one.kind == hit.kind and one.first <= index <= one.last:
            return one
    return None


def table(seed: int, done: Tally) -> str:
    """One line a kind for people."""
    title = f"seed {seed}{' (tuned)' if seed == TUNED else ''}"
    head = f"{title:<16} {'planted':>8} {'found':>6} {'false':>6} {'beside':>7}"
    rows = [
        f"{kind.value:<16} {done.planted[kind]:>8} {done.found[kind]:>6}"
        f" {done.false[kind]:>6} {done.beside[kind]:>7}"
        for kind in BOOK_KINDS
    ]
    last = (
        f"{'all':<16} {done.planted.total():>8} {done.found.total():>6}"
        f" {done.false.total():>6} {done.beside.total():>7}"
        f"  found {done.found_share:.1f} %, {done.false_per_100:.2f} false per 100 of {done.honest}"
    )
    return "\n".join((head, *rows, last))
