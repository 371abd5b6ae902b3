"""Which projects stand in which year's ledger, with names, money, promised and real dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from guatu.demo.names import INDUSTRY, LEADERS, PLACES, SERVICE, SHORT, SITES, UNITS, WORKS, Unit
from guatu.demo.stories import STORIES, Story
from guatu.demo.types import Day, Precision

WAN = 10_000
AS_OF = date(2026, 10, 31)
FILED_BY = date(2026, 12, 31)
# Only units that report properly lead projects that are promised for November or December.
LATE_PLANNERS = ("gxj", "ljfg", "jkq", "gxq", "jtjt")
FINISHED_2025 = 45
OVERDUE = 10
PREPARED = 7


@dataclass(slots=True)
class Draft:
    """A project being drawn. Years are the ledgers it stands in."""

    unit: Unit
    name: str
    sector: str
    region: str
    is_new: bool
    in_2025: bool
    in_2026: bool
    planned_start: Day
    planned_completion: Day
    actual_start: Day | None
    actual_completion: Day | None
    plan_2025: int = 0
    plan_2026: int = 0
    done_before: int = 0
    total: int = 0
    code: str | None = None
    owner: str = ""
    leader: str = ""
    aliases: tuple[str, ...] = ()
    phase_of: Draft | None = None
    story: Story | None = None
    key: str = ""
    parts: list[str] = field(default_factory=list)


def day_of(text: str) -> Day:
    """`2026-06-15` is a day, `2026-06` the month (its last day)."""
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return Day(date(year, month, monthrange(year, month)[1]), Precision.MONTH)
    return Day(date.fromisoformat(text))


def _month(year: int, month: int) -> Day:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Day(date(year, month, monthrange(year, month)[1]), Precision.MONTH)


class Namer:
    """Invents names that no other project carries, in any of their short forms."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = {story.name for story in STORIES}

    def name(self, region: str, sector: str, suffix: str = "") -> str:
        """A free name: place, site, work."""
        while True:
            core = self._rng.choice(SITES) + self._rng.choice(WORKS[sector])
            if core not in self._taken:
                self._taken.add(core)
                return SHORT[region] + core + suffix


def draft_all(rng: Random) -> list[Draft]:
    """Every project of both ledgers, unit by unit, without sub-projects."""
    namer = Namer(rng)
    drafts: list[Draft] = []
    for unit in UNITS:
        drafts += _of_unit(rng, unit, namer)
    _overdue_and_prepared(rng, drafts)
    codes = set[str]()
    for number, draft in enumerate(drafts, 1):
        draft.key = f"P{number:03d}"
        _money(rng, draft)
        _people(rng, draft)
        _code(rng, draft, codes)
    return drafts


def _of_unit(rng: Random, unit: Unit, namer: Namer) -> Iterator[Draft]:
    told: dict[str, Draft] = {}
    stories = [story for story in STORIES if story.unit == unit.key]
    for story in stories:
        draft = _told(rng, unit, story)
        draft.phase_of = told.get(story.phase_of)
        told[story.code] = draft
        yield draft
    rest = unit.size - len(stories)
    continued = round(rest * 0.66)
    phase_one: Draft | None = None
    for n in range(continued):
        suffix = "（一期）" if n == 1 and unit.size >= 8 else ""
        draft = _continued(rng, unit, namer, suffix)
        phase_one = draft if suffix else phase_one
        yield draft
    for n in range(rest - continued):
        draft = _new(rng, unit, namer, late=n == 0 and unit.key in LATE_PLANNERS)
        if n == 1 and phase_one is not None and unit.size >= 10:
            draft.name = phase_one.name.replace("（一期）", "（二期）")
            draft.sector, draft.region = phase_one.sector, phase_one.region
            draft.phase_of = phase_one
        yield draft
    for _ in range(max(1, round(unit.size * FINISHED_2025 / 320))):
        yield _finished(rng, unit, namer)


def _place(rng: Random, unit: Unit) -> str:
    return rng.choice(PLACES).code if unit.region not in {p.code for p in PLACES} else unit.region


def _told(rng: Random, unit: Unit, story: Story) -> Draft:
    if story.is_new:
        start = day_of(story.started) if story.started else None
        planned = day_of(story.planned)
    else:
        start = day_of(story.started or f"2024-{rng.randint(3, 12):02d}-{rng.randint(1, 28):02d}")
        planned = _month(start.on.year, start.on.month)
    due = day_of(story.due) if story.due else _month(2026, rng.randint(12, 30))
    return Draft(
        unit, story.name, story.sector, story.region or _place(rng, unit), story.is_new,
        in_2025=not story.is_new, in_2026=True, planned_start=planned, planned_completion=due,
        actual_start=start, actual_completion=day_of(story.completed) if story.completed else None,
        aliases=(story.alias,) if story.alias else (), story=story,
    )  # fmt: skip


def _continued(rng: Random, unit: Unit, namer: Namer, suffix: str) -> Draft:
    region, sector = _place(rng, unit), rng.choice(unit.sectors)
    year = rng.choice((2023, 2024, 2024, 2025, 2025))
    start = date(year, rng.randint(2, 11), rng.randint(1, 28))
    due = _month(2026, rng.randint(9, 26))
    completed = None
    if due.on <= AS_OF and rng.random() < 0.75:
        completed = Day(date(2026, rng.randint(6, 9), rng.randint(1, 28)))
    draft = Draft(
        unit, namer.name(region, sector, suffix), sector, region, is_new=False,
        in_2025=True, in_2026=True,
        planned_start=_month(start.year, start.month - rng.choice((0, 0, 0, 1))),
        planned_completion=due, actual_start=Day(start), actual_completion=completed,
    )  # fmt: skip
    if rng.random() < 0.18 and not suffix:
        draft.aliases = (draft.name.removeprefix(SHORT[region]),)
    return draft


def _new(rng: Random, unit: Unit, namer: Namer, *, late: bool) -> Draft:
    region, sector = _place(rng, unit), rng.choice(unit.sectors)
    month = (
        rng.choice((11, 12)) if late else rng.choice((2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10))
    )
    planned = _month(2026, month)
    start = None
    if not late:
        begun = planned.on - timedelta(days=rng.randint(-40, 24))
        start = Day(min(begun, date(2026, 10, rng.randint(9, 25))))
    return Draft(
        unit, namer.name(region, sector), sector, region, is_new=True, in_2025=False,
        in_2026=True, planned_start=planned, planned_completion=_month(2027, rng.randint(3, 24)),
        actual_start=start, actual_completion=None,
    )  # fmt: skip


def _finished(rng: Random, unit: Unit, namer: Namer) -> Draft:
    region, sector = _place(rng, unit), rng.choice(unit.sectors)
    start = date(rng.choice((2023, 2024)), rng.randint(2, 11), rng.randint(1, 28))
    completed = date(2025, rng.randint(5, 12), rng.randint(1, 28))
    return Draft(
        unit, namer.name(region, sector), sector, region, is_new=False, in_2025=True,
        in_2026=False, planned_start=_month(start.year, start.month),
        planned_completion=_month(2025, 12), actual_start=Day(start),
        actual_completion=Day(completed),
    )  # fmt: skip


def _overdue_and_prepared(rng: Random, drafts: list[Draft]) -> None:
    """Some new projects never started; some are only being prepared for next year."""
    new = [d for d in drafts if d.is_new and d.story is None and d.planned_start.on <= AS_OF]
    chosen = rng.sample(new, OVERDUE + PREPARED)
    for draft in chosen[:OVERDUE]:
        draft.actual_start = None
    for draft in chosen[OVERDUE:]:
        draft.actual_start = None
        draft.planned_start = _month(2027, rng.randint(2, 6))
        draft.planned_completion = _month(2028, rng.randint(6, 18))


def _money(rng: Random, draft: Draft) -> None:
    def amount() -> int:
        return rng.choice((12, 18, 20, 25, 30, 36, 45, 50, 60, 80, 100, 120, 150, 240, 360, 600))

    factor = rng.choice((80, 100, 100, 120)) * WAN
    draft.plan_2025 = amount() * factor if draft.in_2025 else 0
    draft.plan_2026 = amount() * factor if draft.in_2026 else 0
    if draft.planned_start.on.year > 2026:
        draft.plan_2026 = 0
    if draft.story is not None and draft.story.plan is not None:
        draft.plan_2026 = draft.story.plan * WAN
    started_before = draft.actual_start is not None and draft.actual_start.on.year < 2025
    draft.done_before = amount() * factor if started_before else 0
    this_year = max(draft.plan_2026, amount() * factor if draft.plan_2026 == 0 else 0)
    spent = draft.done_before + draft.plan_2025 * 115 // 100 + this_year * 115 // 100
    later = 0 if draft.actual_completion else amount() * factor
    draft.total = -(-(spent + later) // (100 * WAN)) * 100 * WAN


def _people(rng: Random, draft: Draft) -> None:
    draft.leader = rng.choice(LEADERS)
    if draft.unit.kind == "company":
        draft.owner = draft.unit.name
    elif draft.sector in (INDUSTRY, SERVICE):
        draft.owner = f"示例企业{rng.randint(1, 90):02d}"
    else:
        draft.owner = f"示例建设公司{rng.randint(1, 40):02d}"
    if draft.phase_of is not None:
        draft.owner = draft.phase_of.owner
    if draft.story is not None and draft.story.code in {"look-alike", "repeated-start"}:
        draft.owner = "示例建设公司41"


def _code(rng: Random, draft: Draft, taken: set[str]) -> None:
    story = draft.story
    has_code = story.has_code if story else rng.random() < (0.8 if draft.is_new else 0.95)
    if not has_code:
        return
    filed = min(draft.planned_start.on, FILED_BY) - timedelta(days=rng.randint(150, 400))
    while True:
        tail = f"{rng.randint(100_000, 999_999)}"
        if tail not in taken:
            taken.add(tail)
            kind = rng.choice(("04-01", "04-02", "04-05", "07-02"))
            draft.code = f"{filed:%y%m}-{draft.region}-{kind}-{tail}"
            return
