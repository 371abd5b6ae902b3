"""Values of the forecast: records in, estimates out. Money in yuan, shares in millionths."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

SCALE = 1_000_000
"""Shares of a plan are whole millionths, rounded down: exact to compare, the same everywhere."""
LAST_MONTH = 12


class Reason(StrEnum):
    """Why there is no number. The text is what a page says."""

    NO_PLAN = "no-plan"
    NO_DATA = "no-data"
    YEAR_END = "year-end"
    NOT_MONTH_END = "not-month-end"
    NO_YEARS = "no-years"
    FEW_MONTHS = "few-months"
    FEW_LIKE = "few-like"
    NONE_NEAR = "none-near"

    @property
    def text(self) -> str:
        """The reason in words."""
        return _TEXTS[self]

    @property
    def short(self) -> str:
        """The reason in a cell of a table."""
        return _SHORT[self]


MIN_MONTHS = 2
"""Figures of this year that a project's own record needs: one alone tells no pace."""
MIN_LIKE = 20
"""Past projects with a figure of the same month that a class needs: P80 of fewer rests on three."""
NEAR = 150_000
"""How far from a project those may stand that speak for it, |s − s'| + |g − g'|: 15 points."""

_TEXTS = {
    Reason.NO_PLAN: "没有年度计划或不计入完成率",
    Reason.NO_DATA: "本期没有完成数",
    Reason.YEAR_END: "本期已是年末，全年数就是完成数",
    Reason.NOT_MONTH_END: "本期不在月末，没有同月份的往年数可比",
    Reason.NO_YEARS: "本清单还没有锁定到年末的往年",
    Reason.FEW_MONTHS: f"本年有数的期数不足{MIN_MONTHS}期，看不出进度快慢",
    Reason.FEW_LIKE: f"往年同一月份有数、年末也有数的项目不足{MIN_LIKE}个",
    Reason.NONE_NEAR: (
        f"没有接近的同类，不作预测（往年同一月份与它相差{NEAR // 10_000}个百分点以内的"
        f"不足{MIN_LIKE}个）"
    ),
}

_SHORT = {
    Reason.NO_PLAN: "没有计划",
    Reason.NO_DATA: "没有数",
    Reason.YEAR_END: "已是年末",
    Reason.NOT_MONTH_END: "不在月末",
    Reason.NO_YEARS: "没有往年",
    Reason.FEW_MONTHS: "期数太少",
    Reason.FEW_LIKE: "同类太少",
    Reason.NONE_NEAR: "没有接近的同类",
}


class Group(StrEnum):
    """How a project stands to the calendar: errors are told for its own group. The text is what a
    page says."""

    NOT_STARTED = "not-started"
    FAR = "far"
    BEHIND = "behind"
    ON_PACE = "on-pace"

    @property
    def text(self) -> str:
        """The group in words."""
        return _GROUPS[self]


FAR_BEHIND, BEHIND = 150_000, 50_000
"""Shares of the plan by which a project is behind the share of the year that has passed."""

_GROUPS = {
    Group.NOT_STARTED: "未开工",
    Group.FAR: f"落后{FAR_BEHIND // 10_000}点以上",
    Group.BEHIND: f"落后{BEHIND // 10_000}至{FAR_BEHIND // 10_000}点",
    Group.ON_PACE: "接近或超前",
}


class Way(StrEnum):
    """What a back-test let itself know. The text is what a page says of it."""

    EARLIER = "earlier"
    OTHER_YEAR = "other-year"
    OTHER_PROJECTS = "other-projects"

    @property
    def text(self) -> str:
        """The way in words."""
        return _WAYS[self]


_WAYS = {
    Way.EARLIER: "每一年只用它以前的年度来预测",
    Way.OTHER_YEAR: "只有两个往年，互相检验：较早的一年用较晚的一年来预测，比实际使用时知道得多",
    Way.OTHER_PROJECTS: (
        "只有一个往年，逐个项目检验：用同年其他项目来预测这一个，年与年之间的差别还没有检验到，"
        "实际误差会更大"
    ),
}


@dataclass(slots=True)
class Record:
    """One project in one year as the rounds told it, by month of the round's last day.

    `done` is the year's cumulative investment, `plans` the annual plan, both as known then. `end`
    is the year's whole, None while unknown. `ceiling` is what the total investment leaves for the
    year. `started` and `finished` are the months of actual start and completion, 0 where they came
    before this year.
    """

    project: int
    year: int
    done: dict[int, int] = field(default_factory=dict)
    plans: dict[int, int] = field(default_factory=dict)
    end: int | None = None
    ceiling: int | None = None
    finished: int | None = None
    started: int | None = None

    def is_told(self, month: int) -> bool:
        """Whether the month has a figure and a plan to measure it by."""
        return month in self.done and self.plans.get(month, 0) > 0

    def months(self, until: int) -> int:
        """How many figures the year has up to and with a month."""
        return sum(1 for month in self.done if month <= until)

    def is_finished(self, month: int) -> bool:
        """Whether the works were complete by the end of that month."""
        return self.finished is not None and self.finished <= month

    def is_started(self, month: int) -> bool:
        """Whether the works had begun by the end of that month."""
        return self.started is not None and self.started <= month


@dataclass(frozen=True, slots=True)
class State:
    """How a project stands at the end of a month: share of the plan done, and how much of it in
    the last three months; whether works have begun."""

    share: int
    gain: int
    is_started: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """The past projects that speak for a state, in millionths of their plans: what the rest of the
    year brought them, ascending; how much they had done then and at the year's end, least and
    most."""

    rests: tuple[int, ...] = ()
    stood: tuple[int, int] = (0, 0)
    ended: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The year's whole in yuan: `p80` is reached with 80 % probability, `p50` with 50 %, `p20`
    with 20 %; p80 ≤ p50 ≤ p20, none below what is done.

    `like` are the projects it rests on, `pool` those they were chosen from; `stood` and `ended`
    are their least and most share of the plan at the month and at the year's end. `is_capped` says
    that the total investment held it down, `is_finished` that the works are complete and the
    figure stands.
    """

    p80: int
    p50: int
    p20: int
    like: int
    pool: int
    is_capped: bool = False
    is_finished: bool = False
    stood: tuple[int, int] = (0, 0)
    ended: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class BackTested:
    """What the forecasts of one closed year and month were worth; `year` 0 is all years together.

    `error` is the median absolute error of P50 in millionths of the plan, `naive_error` that of
    the plain pace (done × 12 ÷ month) on the same projects; `covered` of the `tested` ended at or
    above P80. `untold` more had no near class and were not forecast. `group` None is all together.
    """

    year: int
    month: int
    way: Way
    tested: int
    covered: int
    error: int
    naive_error: int
    untold: int = 0
    group: Group | None = None
