"""What a campaign's result paper is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.assessment.models import Snapshot
from guatu.engines.rulebook.types import LAGGING


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A light as a run gave it: verdict and the book's word for it; empty: none."""

    verdict: str = ""
    label: str = ""

    @property
    def lags(self) -> bool:
        """Whether it says that the project is behind."""
        return self.verdict in LAGGING


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One project at the beginning and at the end; money in yuan, None where nothing is known."""

    name: str
    plan_yuan: int | None
    before_yuan: int | None
    completed_yuan: int | None
    before: Light
    now: Light

    @property
    def since_yuan(self) -> int | None:
        """What was done since the campaign began, where both figures are known."""
        if self.completed_yuan is None or self.before_yuan is None:
            return None
        return self.completed_yuan - self.before_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFigures:
    """A campaign in figures: its paper, its days, and its projects in the last locked round before
    it began and in the newest one up to its end."""

    name: str
    plan_paper: str
    plan_number: str
    led_by: str
    body: str
    from_on: date
    last_on: date
    end_reason: str
    snapshot: Snapshot
    basis: str
    """Day, revision and rule book behind the figures of the end."""
    title: str
    """How papers name the cumulative figures of the end: 2026年1—9月."""
    before_label: str
    """The round of the beginning; empty where there is none and its figures start at zero."""
    plan_yuan: int
    completed_yuan: int | None
    rate: str
    """Printed percentage of the annual plan; empty where there is none."""
    without_data: int
    rows: tuple[ResultRow, ...]

    @property
    def since_yuan(self) -> int | None:
        """What its projects did since it began: of those alone that have both figures."""
        known = [one.since_yuan for one in self.rows if one.since_yuan is not None]
        return sum(known) if known else None

    @property
    def still_open(self) -> list[ResultRow]:
        """The projects that are still behind at the end."""
        return [one for one in self.rows if one.now.lags]

    @property
    def caught_up(self) -> list[ResultRow]:
        """The projects that were behind at the beginning and are not at the end."""
        return [
            one for one in self.rows if one.before.lags and one.now.verdict and not one.now.lags
        ]

    @property
    def fell_behind(self) -> list[ResultRow]:
        """The projects that fell behind while it ran."""
        return [
            one for one in self.rows if one.now.lags and one.before.verdict and not one.before.lags
        ]
