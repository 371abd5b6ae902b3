"""What a circular needs: exact figures of one closed round, and how the office prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio, Rounding
from guatu.engines.gongwen.types import Number
from guatu.engines.rulebook import Severity

LIGHTS = (Severity.SERIOUS, Severity.WARNING)
"""The lights that a circular names projects for, the graver one first."""


UNREPORTED = "（本期未报）"
"""Behind the name of a project that said nothing this time."""


class StartRate(StrEnum):
    """The denominator of the start rate (figures.md 5, architecture §7)."""

    PLANNED = "planned"
    DUE = "due"
    ALL = "all"
    UNDERWAY = "underway"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Starts:
    """Starts by the as-of date: started = due − overdue + early.

    `rate` is what `CircularStyle.start_rate` asks for, as counts; None without a denominator.
    """

    planned: int = 0
    due: int = 0
    started: int = 0
    early: int = 0
    overdue: int = 0
    rate: Ratio | None = None
    unknown_nature: int = 0
    """Planned to start this year, but not said to be new or continuing: in no other count."""


@dataclass(frozen=True, slots=True)
class IssuedFigures:
    """The same of the projects and plans of the list as it was issued (印发稿, M-A10)."""

    annual_plan_yuan: int
    completed_yuan: int | None
    rate: Ratio | None
    start_rate: Ratio | None = None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of all projects or of one region. Money in whole yuan, rates as exact ratios.

    `completed_yuan` is None when no project has data. `rate` is Σ known completed ÷ Σ plan of
    the projects in scope, None without a plan or without data. `year_on_year` is delta ÷ base
    (None: unknown, or base not positive). `time_progress` None: the circular's own.
    """

    projects: int
    annual_plan_yuan: int
    completed_yuan: int | None
    rate: Ratio | None
    projects_unpacked: int | None = None
    without_plan: int = 0
    outside_scope: int = 0
    """Projects with a plan that the rule book leaves out of the rates."""
    no_data: int = 0
    questioned: int = 0
    """Figures marked 待核实; they are in the sums."""
    unconfirmed: int = 0
    """Figures that the office entered for a unit (代报) and the unit has not confirmed."""
    unreviewed: int = 0
    """Figures that a unit sent in and nobody has reviewed; they are in the sums."""
    year_on_year: Ratio | None = None
    compared: int | None = None
    """Projects with data this and last year, on which `year_on_year` rests; None: all."""
    starts: Starts = field(default_factory=Starts)
    serious: int = 0
    warning: int = 0
    time_progress: Ratio | None = None
    issued: IssuedFigures | None = None
    """None where there are no others: nothing was issued, or the list stands as it was."""


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """One region in the ledger's order. `rank` counts within `rank_class` (counties and functional
    zones apart) by the measure `ranked_by`; all are used only while the switch `rankings` is on."""

    name: str
    figures: GroupFigures
    rank: int | None = None
    rank_class: str = ""
    ranked_by: str = "completion_rate"


@dataclass(frozen=True, slots=True)
class LaggingProject:
    """A project with one of the `LIGHTS`, as the circular reports it.

    `reason` is the rule's own words, `problem` the unit's 存在问题; both may be empty.
    """

    name: str
    region: str
    unit: str
    severity: Severity
    annual_plan_yuan: int | None
    completed_yuan: int | None
    rate: Ratio | None
    reason: str = ""
    problem: str = ""
    time_progress: Ratio | None = None


@dataclass(frozen=True, slots=True)
class PreviousLights:
    """The lights of the round before: its name as printed (`1—9月`) and the two counts.

    Where another set of projects was judged then, all four counts are of the `compared` ones, which
    have a light and data in both rounds; else `compared` is None and now is the circular's total.
    A project that merely stopped reporting has not improved.
    """

    title: str
    serious: int
    warning: int
    compared: int | None = None
    serious_now: int = 0
    warning_now: int = 0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The year's sum is below that of the round before, `title`, and why: projects that have no
    figure any more, that left the list or its scope, whose own figure became smaller."""

    title: str
    completed_yuan: int
    silent: int = 0
    left: int = 0
    reduced: int = 0


@dataclass(frozen=True, slots=True)
class Rankings:
    """On what basis ranks are shown, for what, and until when: the switch `rankings`."""

    basis: str
    scope: str
    until: date | None


@dataclass(frozen=True, slots=True)
class CircularStyle:
    """The city's settings that a circular obeys: words, digits, rounding, switches, limits."""

    city: str
    issuer: str
    addressee: str
    logo: str | None = None
    number_word: str = ""
    sealed: bool = True
    subject: str = "重点项目"
    scope_word: str = "全市"
    progress_word: str = "时间进度"
    serious_word: str = "红灯"
    warning_word: str = "黄灯"
    rate_digits: int = 1
    yi_digits: int = 2
    wan_digits: int = 0
    money_unit: str = "亿元"
    """`万元`: all money in 万元; `亿元`: large amounts in 亿元, small ones in 万元."""
    rounding: Rounding = Rounding.HALF_UP
    gap_from_rounded: bool = False
    start_rate: StartRate = StartRate.PLANNED
    rankings: Rankings | None = None
    """None: no ranks."""
    digits_by: Mapping[str, int] = field(default_factory=dict)
    """Digits of single measures, by the names of `guatu assess`; the others have `rate_digits`."""
    rounding_by: Mapping[str, Rounding] = field(default_factory=dict)
    named_projects: int = 10
    """Projects described in the body for each light; the rest stand in an annex."""

    @property
    def start_word(self) -> str:
        """What the start rate is called by its denominator."""
        return "开复工率" if self.start_rate is StartRate.RESUMED else "开工率"

    def digits_for(self, measure: str) -> int:
        """Decimal places of a percentage."""
        return self.digits_by.get(measure, self.rate_digits)

    def rounding_for(self, measure: str) -> Rounding:
        """Half up or cut off."""
        return self.rounding_by.get(measure, self.rounding)


@dataclass(frozen=True, slots=True)
class CircularFigures:
    """Everything the circular of one round says. Regions and responsible units in the ledger's
    order; `overdue` are the names of the projects that should have started; `copied_to` is 抄送."""

    period: PeriodKey
    cut_off_on: date
    time_progress: Ratio
    total: GroupFigures
    style: CircularStyle
    regions: tuple[RegionFigures, ...] = ()
    units: tuple[RegionFigures, ...] = ()
    lagging: tuple[LaggingProject, ...] = ()
    overdue: tuple[str, ...] = ()
    previous: PreviousLights | None = None
    shortfall: Shortfall | None = None
    locked_on: date | None = None
    revision: int = 1
    dated_on: date | None = None
    number: Number | None = None
    copied_to: str = ""
    other_basis: str = ""
    """Why this year's figures rest on another basis than last year's, if they do (M-C6)."""
    is_compared: bool = True
    """False: on bases so different that no growth is told."""
