"""What the measures of questions are made from, and what a hit is. Money in yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.reporting.asking.limits import BOOKS_OWN, Limits
from guatu.reporting.types import FigureQuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a unit said of a project for one period. `as_of` is the period's last day."""

    as_of: date
    year_yuan: int | None
    life_yuan: int | None = None
    node: str = ""
    text: str = ""
    reason: str = ""
    """Why a figure fell (核减原因), where that was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Days on which the list says a start became possible; None where nothing is recorded.

    `lacking` are those of 用地, 资金, 审批 that the list's application says are not there.
    """

    land_on: date | None = None
    money_on: date | None = None
    approval_on: date | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells a project from others: for finding one that started before under another name."""

    project_id: int
    name: str
    code: str = ""
    region: str = ""
    site: str = ""
    owner: str = ""
    started_on: date | None = None
    phase_of: int | None = None
    package: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A project's year up to the period asked about: `told` oldest first, its last is asked about.

    `before_years_yuan` is what was done before this year, `paces` the plan's cumulative amounts by
    the periods' last days. `group` is the class whose pace it is held against.
    """

    identity: Identity
    unit_id: int | None
    group: str
    told: tuple[Told, ...]
    plan_yuan: int | None = None
    total_yuan: int | None = None
    before_years_yuan: int | None = None
    contract_yuan: int | None = None
    paid_yuan: int | None = None
    started_on: date | None = None
    conditions: Conditions = Conditions()
    paces: Mapping[date, int] = field(default_factory=dict)
    look_alike: Identity | None = None
    """The nearest of the others that had started before."""

    @property
    def now(self) -> Told:
        """The report asked about."""
        return self.told[-1]

    @property
    def earlier(self) -> Told | None:
        """The report before it in the same year that has a figure."""
        return next((one for one in reversed(self.told[:-1]) if one.year_yuan is not None), None)

    @property
    def life_yuan(self) -> int | None:
        """Since the start: as told, else earlier years and this one together."""
        return self.life_at(self.now)

    def life_at(self, told: Told) -> int | None:
        """Since the start as of one report; None where earlier years are unknown."""
        if told.life_yuan is not None:
            return told.life_yuan
        if told.year_yuan is None or self.before_years_yuan is None:
            return None
        return told.year_yuan + self.before_years_yuan

    @property
    def step_yuan(self) -> int | None:
        """What was done since the report before, or since January."""
        if self.now.year_yuan is None:
            return None
        before = self.earlier
        return self.now.year_yuan - (before.year_yuan or 0 if before else 0)


@dataclass(frozen=True, slots=True)
class Hit:
    """One question that the rule book raises: kind, clause, words, and the facts it rests on.

    `key` are those of the facts that make it the same question: while they stay, it is not asked
    again, whatever else went on.
    """

    kind: FigureQuestionKind
    clause: str
    text: str
    facts: Mapping[str, str]
    key: str
    project_id: int | None = None
    unit_id: int | None = None
    other_id: int | None = None
    """The project that it is held beside, named to whoever sees that one and to nobody else."""
    limits: Limits = BOOKS_OWN
    """What the book was asked with."""
