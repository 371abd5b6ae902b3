"""`generate`: the whole invented city from one seed, the same objects every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

from guatu.demo.curves import cumulative, first_period, last_month, periods, taken_back
from guatu.demo.drafts import WAN, Draft, draft_all
from guatu.demo.names import CITY, PROBLEMS, PROGRESS, REGIONS, SECTORS, UNITS
from guatu.demo.types import (
    City,
    Day,
    Entry,
    Nature,
    Organisation,
    Problem,
    Project,
    Report,
)

OPEN_PERIOD = "2026-10"
CLOSED_2025 = periods(2025)
CLOSED_2026 = periods(2026, "09")
# Units that keep their figures to the hundred yuan; all others round to 万元.
EXACT_UNITS = ("ljfg", "swjt")
NEGATIVE_MONTHS = ("2025-07", "2025-11", "2026-04", "2026-08")
BANDS = {"ok": (0.836, 1.02), "notice": (0.742, 0.830), "warning": (0.545, 0.728),
         "serious": (0.06, 0.52)}  # fmt: skip
"""Completion rates at the end of October for each light of the default book."""


def generate(seed: int = 2026) -> City:
    """Invent 江源市（虚构）. The same seed gives equal objects on every machine."""
    rng = Random(f"guatu-demo-{seed}")
    drafts = draft_all(rng)
    lights = _deal_lights(rng, drafts)
    figures = {draft.key: _figures(rng, draft, lights.get(draft.key, "ok")) for draft in drafts}
    reasons = _take_back(rng, drafts, figures)
    projects = tuple(_projects(drafts))
    return City(
        seed=seed,
        name=CITY,
        today=date(2026, 10, 31),
        open_period=OPEN_PERIOD,
        closed_periods=CLOSED_2025 + CLOSED_2026,
        regions=REGIONS,
        sectors=SECTORS,
        organisations=tuple(_organisations()),
        projects=projects,
        entries=tuple(_entries(2025, drafts)) + tuple(_entries(2026, drafts)),
        reports=tuple(_reports(rng, drafts, figures, reasons, lights)),
    )


def _organisations() -> Iterator[Organisation]:
    for number, unit in enumerate(UNITS, 1):
        yield Organisation(
            unit.key, unit.name, unit.kind, unit.region, unit.aliases,
            contact=f"联络员{number:02d}", phone=f"000-{number:07d}",
        )  # fmt: skip


def _deal_lights(rng: Random, drafts: list[Draft]) -> dict[str, str]:
    """Deal 60 / 20 / 13 / 7 % among the projects with a plan; what has not begun is behind."""
    lights = {}
    free = []
    for draft in drafts:
        if not draft.in_2026 or not draft.plan_2026:
            continue
        if draft.actual_completion:
            lights[draft.key] = "ok"
        elif draft.actual_start is None:
            lights[draft.key] = "serious"
        else:
            free.append(draft)
    count = len(lights) + len(free)
    serious = sum(light == "serious" for light in lights.values())
    deck = ["serious"] * max(4, round(count * 0.07) - serious)
    deck += ["warning"] * round(count * 0.13) + ["notice"] * round(count * 0.20)
    deck += ["ok"] * (len(free) - len(deck))
    rng.shuffle(deck)
    return lights | {draft.key: light for draft, light in zip(free, deck, strict=True)}


def _step(draft: Draft) -> int:
    return 100 if draft.unit.key in EXACT_UNITS else WAN


def _begin(draft: Draft, year: int) -> int:
    """The month money begins to flow; preparatory money flows before a start."""
    start = draft.actual_start
    if start is None or (start.on.year == year and start.on.month > 9):
        return 6
    return start.on.month if start.on.year == year else 1


def _figures(rng: Random, draft: Draft, light: str) -> dict[str, int]:
    values: dict[str, int] = {}
    step = _step(draft)
    if draft.in_2025:
        target = int(draft.plan_2025 * rng.uniform(0.88, 1.1)) // step * step
        begin = _begin(draft, 2025)
        values |= cumulative(rng, CLOSED_2025, target=target, from_month=begin, step=step)
    if draft.in_2026:
        share = rng.uniform(*BANDS[light])
        if draft.actual_start is None:
            share = min(share, 0.18)
        target = int(draft.plan_2026 * share) // step * step
        keys = (*CLOSED_2026, OPEN_PERIOD)
        story = draft.story
        if story is None or story.october is None or story.september is None:
            begin = _begin(draft, 2026)
            values |= cumulative(rng, keys, target=target, from_month=begin, step=step)
        else:
            september = story.september * WAN
            values |= cumulative(rng, CLOSED_2026, target=september, from_month=3, step=step)
            values[OPEN_PERIOD] = story.october * WAN
    return values


def _take_back(
    rng: Random, drafts: list[Draft], figures: dict[str, dict[str, int]]
) -> dict[tuple[str, str], str]:
    """Plant legal negative months in the closed rounds; returns their reasons."""
    able = [d for d in drafts if d.in_2025 and d.in_2026 and d.story is None and d.plan_2026]
    reasons = {
        (OPEN_PERIOD, d.key): "审计核减已报工程量330万元"
        for d in drafts
        if d.story is not None and d.story.code == "negative-month"
    }
    for draft, key in zip(rng.sample(able, len(NEGATIVE_MONTHS)), NEGATIVE_MONTHS, strict=True):
        year = {k: v for k, v in figures[draft.key].items() if k.startswith(key[:4])}
        taken_back(year, key, share=0.06, step=_step(draft))
        figures[draft.key] |= year
        reasons[key, draft.key] = "结算审减，核减前期多报投资"
    return reasons


def _projects(drafts: list[Draft]) -> Iterator[Project]:
    number = len(drafts)
    for draft in drafts:
        story = draft.story
        parts = story.parts if story else ()
        package = Project(
            draft.key, draft.name, draft.code, draft.region, draft.sector, draft.unit.key,
            draft.owner, draft.leader, draft.total, draft.done_before, draft.aliases,
            former_name=story.former if story else "",
            is_package=bool(parts) or bool(story and story.declared),
            declared_parts=story.declared if story else None,
            phase_of=draft.phase_of.key if draft.phase_of else None,
            actual_start=draft.actual_start,
            actual_completion=draft.actual_completion,
            story=story.code if story else "",
        )  # fmt: skip
        yield package
        for name in parts:
            number += 1
            draft.parts.append(f"P{number:03d}")
            yield Project(
                f"P{number:03d}", name, None, draft.region, draft.sector, draft.unit.key,
                draft.owner, draft.leader, 0, package=draft.key,
                actual_start=draft.actual_start,
            )  # fmt: skip


def _entries(year: int, drafts: list[Draft]) -> Iterator[Entry]:
    serial = 0
    for draft in drafts:
        if not (draft.in_2025 if year == 2025 else draft.in_2026):
            continue
        started = draft.actual_start.on.year if draft.actual_start else year
        is_new = draft.is_new if year == 2026 else started == 2025
        plan = draft.plan_2025 if year == 2025 else draft.plan_2026
        for key in (draft.key, *draft.parts):
            serial += 1
            yield Entry(
                year, serial, key, Nature.NEW if is_new else Nature.CONTINUED,
                plan if key == draft.key else 0, draft.planned_start, draft.planned_completion,
            )  # fmt: skip


def _reports(
    rng: Random,
    drafts: list[Draft],
    figures: dict[str, dict[str, int]],
    reasons: dict[tuple[str, str], str],
    lights: dict[str, str],
) -> Iterator[Report]:
    said: set[tuple[str, str]] = set()
    for period in (*CLOSED_2025, *CLOSED_2026, OPEN_PERIOD):
        for draft in drafts:
            values = figures[draft.key]
            if period not in values:
                continue
            kept = bool(draft.story) or (period, draft.key) in reasons or period == OPEN_PERIOD
            if not kept and rng.random() < 0.02:
                continue
            said.add((period, draft.key))
            earlier = f"{int(period[:4]) - 1}{period[4:]}"
            progress = _progress(rng, draft, values, period)
            problems = _problems(rng, lights.get(draft.key, "ok") if period[:4] == "2026" else "ok")
            start, completion = (
                _within(day, period) for day in (draft.actual_start, draft.actual_completion)
            )
            yield Report(
                period, draft.key, values[period],
                values.get(earlier) if (earlier, draft.key) in said else None,
                progress, problems, start, completion, reasons.get((period, draft.key), ""),
            )  # fmt: skip
            for key in draft.parts:
                yield Report(period, key, None, None, _progress(rng, draft, values, period),
                             actual_start=start)  # fmt: skip


def _within(day: Day | None, period: str) -> Day | None:
    """The date if it falls into this period."""
    if day is None or day.on.year != int(period[:4]):
        return None
    return day if first_period(day.on.year, day.on.month) == period else None


def _progress(rng: Random, draft: Draft, values: dict[str, int], period: str) -> str:
    year, month = int(period[:4]), last_month(period)
    if _begun(draft.actual_completion, year, month):
        return rng.choice(PROGRESS[5])
    if not _begun(draft.actual_start, year, month):
        return rng.choice(PROGRESS[0])
    done = draft.done_before + values[period]
    if year == 2026:
        done += values.get("2025-12", 0)
    return rng.choice(PROGRESS[1 + min(3, done * 4 // max(1, draft.total))])


def _begun(day: Day | None, year: int, month: int) -> bool:
    return day is not None and (day.on.year, day.on.month) <= (year, month)


def _problems(rng: Random, light: str) -> tuple[Problem, ...]:
    chance = {"ok": 0.08, "notice": 0.3, "warning": 0.7, "serious": 0.9}[light]
    if rng.random() >= chance:
        return ()
    kinds: Iterable[str] = rng.sample(list(PROBLEMS), 1 if rng.random() < 0.75 else 2)
    return tuple(Problem(kind, rng.choice(PROBLEMS[kind])) for kind in kinds)
