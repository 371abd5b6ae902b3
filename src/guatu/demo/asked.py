"""Honest years of reports with known oddities, for trying the questions to figures (M-C2).

Apart from the demo city: nothing here is loaded anywhere. A seed gives the same years on every
machine; `asked_faults` plants what should be asked about, and keeps the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from guatu.core.periods import month_end
from guatu.demo import asked_words as words
from guatu.reporting.asking.types import Conditions, Course, Identity, Told

YEAR = 2026
MONTHS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
"""The month that each of the year's reports ends with: January goes with February."""
WEIGHTS = (8, 8, 9, 10, 12, 8, 9, 11, 10, 9, 8)
WAN = 10_000
CLASSES = 8
UNITS = 40
PROJECTS = 400


@dataclass(slots=True)
class Line:
    """One report as it is going to be told. Money in yuan, the year's cumulative."""

    month: int
    year_yuan: int
    node: str = ""
    text: str = ""
    reason: str = ""


@dataclass(slots=True)
class Life:
    """A project with the year's reports, before it becomes courses."""

    identity: Identity
    unit_id: int
    group: str
    plan_yuan: int
    total_yuan: int
    before_yuan: int
    started_on: date
    lines: list[Line]
    has_paces: bool
    contract_yuan: int | None = None
    paid_share: float | None = None
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def first_month(self) -> int:
        """The first month of the year with work."""
        return self.started_on.month if self.started_on.year == YEAR else 1

    @property
    def paces(self) -> dict[date, int]:
        """The plan's cumulative amounts at the month ends, in even parts of whole 万元."""
        if not self.has_paces:
            return {}
        return {day(month): self.plan_yuan * month // 12 // WAN * WAN for month in MONTHS}

    def life_at(self, index: int) -> int:
        """Since the start as of one report."""
        return self.before_yuan + self.lines[index].year_yuan

    def step_at(self, index: int) -> int:
        """What one report adds to the one before."""
        before = self.lines[index - 1].year_yuan if index else 0
        return self.lines[index].year_yuan - before

    def course_at(self, index: int, look_alike: Identity | None) -> Course:
        """What is known when the report of an index comes."""
        paid = self.paid_share
        return Course(
            identity=self.identity,
            unit_id=self.unit_id,
            group=self.group,
            told=tuple(
                Told(
                    as_of=day(one.month),
                    year_yuan=one.year_yuan,
                    node=one.node,
                    text=one.text,
                    reason=one.reason,
                )
                for one in self.lines[: index + 1]
            ),
            plan_yuan=self.plan_yuan,
            total_yuan=self.total_yuan,
            before_years_yuan=self.before_yuan,
            contract_yuan=self.contract_yuan,
            paid_yuan=None if paid is None else int(paid * self.life_at(index)),
            started_on=self.started_on if self.started_on <= day(MONTHS[index]) else None,
            conditions=self.conditions,
            paces=self.paces,
            look_alike=look_alike,
        )


def day(month: int) -> date:
    """The last day of a month of the year."""
    return month_end(YEAR, month)


def honest_years(seed: int, count: int = PROJECTS) -> list[Life]:
    """A city's projects of eight classes and forty units, each with eleven honest reports."""
    rng = Random(seed)
    steps = [rng.choices((1, 10, 100), (70, 22, 8))[0] * WAN for _ in range(UNITS)]
    tempers = [[weight * rng.uniform(0.8, 1.2) for weight in WEIGHTS] for _ in range(CLASSES)]
    names = words.names(rng, count)
    lives = []
    for number in range(count):
        unit, group = number % UNITS, number // 3 % CLASSES
        life = _life(rng, number, unit, group, names[number])
        _tell(rng, life, tempers[group], steps[unit])
        _take_back(rng, life, steps[unit])
        _bind(rng, life)
        _word(rng, life, group)
        lives.append(life)
    return lives


def _life(rng: Random, number: int, unit: int, group: int, name: words.Named) -> Life:
    total = int(10 ** rng.uniform(3.5, 5.3)) * WAN
    is_continuing = rng.random() < 0.65
    before = int(total * rng.uniform(0.05, 0.6)) // WAN * WAN if is_continuing else 0
    rest = total - before
    plan = max(100 * WAN, int(rest * rng.uniform(0.25, 0.85)) // (10 * WAN) * 10 * WAN)
    if is_continuing:
        started = date(YEAR - rng.randint(1, 2), rng.randint(1, 12), rng.randint(1, 28))
    else:
        started = date(YEAR, rng.randint(1, 10), rng.randint(1, 28))
    identity = Identity(
        project_id=number,
        name=name.name,
        code=f"2{rng.randint(2, 6)}01-9901{unit % 30:02d}-04-01-{number:06d}",
        region=name.region,
        site=name.site,
        owner=name.owner,
        started_on=started,
    )
    return Life(
        identity,
        unit,
        f"C{group}",
        plan,
        total,
        before,
        started,
        [],
        has_paces=rng.random() < 0.6,
    )


def _tell(rng: Random, life: Life, temper: Sequence[float], step: int) -> None:
    """The year's figures: slow or quick, a noisy month, for some a busy December."""
    first = life.first_month
    share = rng.uniform(0.7, 1.2) * ((13 - first) / 12) ** 0.8
    target = min(int(life.plan_yuan * share), life.total_yuan - life.before_yuan)
    parts = [
        weight * rng.uniform(0.45, 1.55) if month >= first else 0.0
        for month, weight in zip(MONTHS, temper, strict=True)
    ]
    if rng.random() < 0.15:
        parts[-1] *= rng.uniform(1.6, 2.5)
    if rng.random() < 0.1:
        parts[rng.randrange(len(parts) - 1)] = 0.0
    whole, done = sum(parts), 0.0
    for month, part in zip(MONTHS, parts, strict=True):
        done += part
        life.lines.append(Line(month, int(target * done / whole) // step * step))
    if life.has_paces and rng.random() < 0.06:
        # 时间过半、任务过半: some are just on the plan in June, or for two months.
        for index in (4, 5)[: rng.randint(1, 2)]:
            planned = life.paces[day(MONTHS[index])]
            if life.lines[index - 1].year_yuan <= planned <= life.lines[index + 1].year_yuan:
                life.lines[index].year_yuan = planned


def _take_back(rng: Random, life: Life, step: int) -> None:
    """Now and then something is taken back, with its reason."""
    if rng.random() > 0.05:
        return
    index = rng.randrange(2, len(MONTHS))
    cut = int(life.step_at(index) + life.lines[index - 1].year_yuan * rng.uniform(0.01, 0.1))
    cut = max(step, cut // step * step)
    if life.lines[index].year_yuan <= cut:
        return
    for line in life.lines[index:]:
        line.year_yuan -= cut
    life.lines[index].reason = rng.choice(words.REDUCTIONS)


def _bind(rng: Random, life: Life) -> None:
    """What is recorded of contract, payment and the conditions of the start, where it is."""
    end = life.before_yuan + max(line.year_yuan for line in life.lines)
    if rng.random() < 0.5:
        life.contract_yuan = max(int(life.total_yuan * rng.uniform(0.7, 0.95)), int(end * 1.01))
    if rng.random() < 0.45:
        life.paid_share = min(0.95, max(0.22, rng.gauss(0.65, 0.13)))
    if rng.random() < 0.6:
        known = [rng.random() < 0.8 for _ in range(3)]
        days = [words.earlier(rng, life.started_on) if one else None for one in known]
        life.conditions = Conditions(land_on=days[0], money_on=days[1], approval_on=days[2])


def _word(rng: Random, life: Life, group: int) -> None:
    """Nodes and texts that fit what was done, said the way units say it."""
    speed = rng.gauss(0, 0.08)
    for index, line in enumerate(life.lines):
        is_begun = day(line.month) >= life.started_on
        built = life.life_at(index) / life.total_yuan + speed if is_begun else 0.0
        if rng.random() < 0.85:
            line.node = words.node(rng, group, built, is_begun=is_begun)
        if rng.random() < 0.75:
            line.text = words.text(
                rng,
                year_yuan=line.year_yuan,
                life_yuan=life.life_at(index),
                plan_yuan=life.plan_yuan,
                step_yuan=life.step_at(index),
                node=line.node,
                is_begun=is_begun,
            )
