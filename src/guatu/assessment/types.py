"""What is frozen, and what is computed from it: plain values, no database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.db import models

from guatu.core.periods import PeriodKey, parse_period


class FrozenFigure(NamedTuple):
    """One cumulative value as it stood at closing. `mark` is empty, 待核实 or 代报待确认."""

    as_of: date
    value: int
    mark: str


class FrozenEntry(NamedTuple):
    """One recorded value that stood at closing: the day it speaks of, until when it holds, and
    the value as canonical JSON."""

    on: date
    valid_to: date | None
    value: str


class Recorded(NamedTuple):
    """What was recorded of one measure up to the round's last day, oldest first; `form` says what
    the values are (`ratio`, `records:text`)."""

    measure: str
    form: str
    entries: tuple[FrozenEntry, ...]


class IssuedPlan(NamedTuple):
    """What the issued version of the list (印发稿) said of a project: plan in yuan, whose it was,
    its nature and planned start. Region and unit are called as on the day of closing."""

    plan_yuan: int | None
    region: str
    unit: str
    sector: str
    nature: str
    planned_start: date | None


class FrozenCurve(NamedTuple):
    """The decreed curve in force at closing: by each day so much of the year, as two integers."""

    name: str
    version: int
    points: tuple[tuple[date, int, int], ...]


@dataclass(slots=True)
class Subject:
    """One project of a snapshot with everything its assessment needs. Money in yuan.

    Names are as printed on the day of closing. `parts` is how many projects a package unfolds
    to (1 for a plain project). A sub-project of a package is not a subject of its own.
    `issued` is None where the issued version does not name it, or there is none.
    """

    id: int
    serial: int
    code: str | None
    name: str
    region_id: int
    region: str
    unit_id: int | None
    unit: str
    sector: str
    nature: str
    is_appraised: bool
    parts: int
    total_yuan: int | None
    plan_yuan: int | None
    slice_yuan: int | None
    planned_start: date | None
    actual_start: date | None
    planned_completion: date | None
    actual_completion: date | None
    is_registered: bool | None
    judgements: dict[str, bool]
    report_state: str
    progress: str
    problem: str
    investment: list[FrozenFigure] = field(default_factory=list)
    investment_total: list[FrozenFigure] = field(default_factory=list)
    recorded: tuple[Recorded, ...] = ()
    issued: IssuedPlan | None = None

    def figure_at(self, day: date) -> FrozenFigure | None:
        """The year's cumulative investment reported for exactly that day; nothing is carried."""
        for one in reversed(self.investment):
            if one.as_of == day:
                return one
        return None


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region as printed, in the ledger's order."""

    id: int
    name: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A unit or a region with what was recorded of it. `kind` is the rule books' word."""

    kind: str
    id: int
    name: str
    recorded: tuple[Recorded, ...]


@dataclass(slots=True)
class Content:
    """The whole content of a snapshot. `year` is the list's, and so the period's accounting year:
    the day `as_of` of a week may lie after it. `workdays` are the office's own lines of the
    calendar: what counts working days counts them by these, whatever the table says later.

    `issue` is the number of the issued version of the list, None where there is none; `exited` are
    the projects that it names and that are no subjects any more. `curve` is the decreed one."""

    list_name: str
    year: int
    period: str
    as_of: date
    cut_off_on: date
    revision: int
    regions: list[RegionRow]
    subjects: list[Subject]
    others: list[Spoken] = field(default_factory=list)
    workdays: tuple[tuple[date, bool], ...] = ()
    issue: str | None = None
    exited: list[Subject] = field(default_factory=list)
    curve: FrozenCurve | None = None

    @property
    def schema(self) -> int:
        """The oldest form that can hold this content: contents of before keep their digests."""
        return 1 if self.issue is None and self.curve is None else 2

    def narrowed(self, project_ids: Collection[int]) -> Content:
        """With some of the projects alone, of those that have left too."""
        subjects, exited = (
            [one for one in some if one.id in project_ids] for some in (self.subjects, self.exited)
        )
        return replace(self, subjects=subjects, exited=exited)

    @property
    def period_key(self) -> PeriodKey:
        """The period as a value: its year, last day and the same period a year before."""
        return parse_period(self.period)


MARK_QUESTIONED = "待核实"
MARK_PROXY = "代报待确认"
MARK_UNREVIEWED = "未审核"
"""The unit sent it in and nobody has reviewed it: it counts, and how many there are is printed."""


class RequestKind(models.TextChoices):
    """What is asked of a second person."""

    CLOSE = "close", "锁定"
    CORRECT = "correct", "更正"


class RequestEnd(models.TextChoices):
    """How a request ends that nobody confirms."""

    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"


class DraftState(models.TextChoices):
    """Where a draft of a rule book stands."""

    DRAFT = "draft", "起草"
    SUBMITTED = "submitted", "待发布"
    PUBLISHED = "published", "已发布"
    DROPPED = "dropped", "已作废"
