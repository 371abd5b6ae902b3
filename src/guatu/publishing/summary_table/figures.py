"""The figures of one assessed round in the fields of a summary table (M-I2, office.md 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.types import Subject
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio, Rounding, difference
from guatu.engines.sheets.fill import (
    FieldValue,
    FillProject,
    Missing,
    RoughDay,
    Share,
    SummaryFigures,
)
from guatu.engines.sheets.fill.types import (
    COUNT,
    COUNT_UNPACKED,
    GAP,
    GROWTH,
    LIGHT,
    PROGRESS,
    RANK,
)
from guatu.ledger.types import Nature
from guatu.planning.days import GivenDays
from guatu.planning.types import DateKind, Milestone, Precision
from guatu.publishing.summary_table.scope import groups_by_members, remark, row_totals
from guatu.reporting.basis.queries import AcrossYears

TOTAL, PLAN, MONTH = "总投资", "年度计划投资", "本月完成投资"
THIS_YEAR, LAST_YEAR = "本年累计完成投资", "上年同期累计完成投资"
SINCE_START, RATE = "自开工累计完成投资", "年度计划完成率"
SUMMED = (TOTAL, PLAN, MONTH, THIS_YEAR, LAST_YEAR, SINCE_START)


@dataclass(frozen=True, slots=True)
class Words:
    """What the snapshot does not hold: further names of projects by id, of regions and units by
    printed name; words such as 包联领导 for new rows; what a report's state is called; projects
    of which a row came in that waits for an answer; how exactly dates were given; what is to be
    said of a comparison with the year before."""

    projects: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duties: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    waiting: frozenset[int] = frozenset()
    days: GivenDays = field(default_factory=GivenDays)
    across: AcrossYears = field(default_factory=AcrossYears)


def summary_figures(assessed: Assessed, period: PeriodKey, words: Words) -> SummaryFigures:
    """Everything the table of a period says.

    A sum row adds up all its projects, as the office's own formulas do, and its rate, gap and
    growth are of the sums that it prints (`row_totals`). Where the assessment leaves projects out
    of its rates, `scope_notices` tells the difference.

    本月完成 is this cumulative figure minus the one of the day before the period began, both
    from the same snapshot; the first period of a year has nothing before it. What is not known
    is `Missing` with its reason, never 0.
    """
    return SummaryFigures(
        period=period,
        cut_off_on=assessed.content.cut_off_on,
        projects=tuple(_Project(assessed, one, period, words).made() for one in assessed.measured),
        total_of=_Sums(assessed, period, is_compared=not words.across.is_refused).of,
        time_progress=assessed.conventions.decreed_or_elapsed(period),
        other_names={"region": words.regions, "unit": words.units},
        remark=remark(assessed, words.across),
    )


@dataclass(frozen=True, slots=True)
class _Project:
    """One project on its way into the table."""

    assessed: Assessed
    one: Measured
    period: PeriodKey
    words: Words

    def made(self) -> FillProject:
        """Its values, description and traits."""
        subject = self.one.subject
        nature = Nature(subject.nature).label if subject.nature else ""
        return FillProject(
            key=subject.id,
            name=subject.name,
            code=subject.code,
            other_names=self.words.projects.get(subject.id, ()),
            traits={
                "region": subject.region,
                "sector": subject.sector,
                "nature": nature,
                "unit": subject.unit,
            },
            values={**self._money(), **self._shares(), **self._texts(), **self._dates()},
            identity={
                "项目名称": subject.name,
                "项目代码": subject.code,
                "所属地区": subject.region,
                "责任单位": subject.unit,
                "行业领域": subject.sector,
                "建设性质": nature,
                "计划开工时间": self._day(Milestone.START, DateKind.PLANNED, subject.planned_start),
                "计划竣工时间": self._day(
                    Milestone.COMPLETION, DateKind.PLANNED, subject.planned_completion
                ),
                **self.words.duties.get(subject.id, {}),
            },
            parts=subject.parts,
        )

    @property
    def _missing(self) -> Missing:
        """Why there is no figure of this round; a row that waits has been reported."""
        state = self.one.subject.report_state
        if self.one.subject.id in self.words.waiting:
            return Missing("来件有疑问，待处理", is_awaited=True)
        if not state:
            return Missing("本期未报")
        return Missing(f"月报{self.words.states.get(state, state)}，没有这个数")

    def _money(self) -> dict[str, FieldValue]:
        subject = self.one.subject
        done = self.one.completed_yuan
        since_start = [f for f in subject.investment_total if f.as_of == self.period.as_of]
        return {
            TOTAL: _or(subject.total_yuan, "清单里没有总投资"),
            PLAN: _or(subject.plan_yuan, "没有年度计划"),
            THIS_YEAR: self._missing if done is None else done,
            MONTH: month_yuan(self.one, self.period, self._missing),
            LAST_YEAR: self._last_year(),
            SINCE_START: since_start[-1].value if since_start else Missing("没有自开工累计数"),
        }

    def _last_year(self) -> FieldValue:
        """A new project has no last year; that is nothing to ask about."""
        if self.one.last_year_yuan is not None:
            return self.one.last_year_yuan
        is_new = self.one.subject.nature == Nature.NEW
        return None if is_new else Missing("没有上年同期的数")

    def _shares(self) -> dict[str, FieldValue]:
        totals = total_of([self.one], self.period, self.assessed.conventions)
        is_compared = not self.words.across.is_refused
        shares = shares_of(totals, self.assessed.conventions, is_compared=is_compared)
        if self.one.completed_yuan is None and self.one.is_in_scope:
            shares |= {RATE: self._missing, GAP: self._missing}
        return shares

    def _texts(self) -> dict[str, FieldValue]:
        subject = self.one.subject
        missing = self._missing
        if subject.report_state and not missing.is_awaited:
            missing = Missing("没有填形象进度")
        return {
            "形象进度": subject.progress or missing,
            "存在问题": subject.problem or None,
            LIGHT: self.one.verdict.label or None,
        }

    def _dates(self) -> dict[str, FieldValue]:
        """A day after the period's last one is not told by this round."""
        subject, as_of = self.one.subject, self.period.as_of
        return {
            "实际开工时间": self._day(
                Milestone.START, DateKind.ACTUAL, _until(subject.actual_start, as_of)
            ),
            "实际竣工时间": self._day(
                Milestone.COMPLETION, DateKind.ACTUAL, _until(subject.actual_completion, as_of)
            ),
        }

    def _day(self, milestone: Milestone, kind: DateKind, on: date | None) -> FieldValue:
        """A date as exactly as it was given."""
        given = self.words.days.precision(self.one.subject.id, milestone, kind, on)
        if on is None or given is Precision.DAY:
            return on
        third = "上旬" if on.day <= 10 else "中旬" if on.day <= 20 else "下旬"
        month = f"{on.year}年{on.month}月{third if given is Precision.TEN_DAY else ''}"
        is_year = given is Precision.YEAR
        return RoughDay(on, f"{on.year}年" if is_year else month, has_month=not is_year)


def _until(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None


def _or(value: int | None, why: str) -> FieldValue:
    return Missing(why) if value is None else value


def month_yuan(one: Measured, period: PeriodKey, missing: Missing) -> FieldValue:
    """What was done within the period, in yuan; a negative month is legal. `missing`: what stands
    for a figure of this round that is not known."""
    if one.completed_yuan is None:
        return missing
    before = period.before_on
    if before is None:
        return one.completed_yuan
    earlier = one.subject.figure_at(before)
    if earlier is None:
        return Missing("上期没有数，算不出本期完成")
    return one.completed_yuan - earlier.value


def shares_of(
    totals: Totals, conventions: Conventions, *, is_compared: bool = True
) -> dict[str, FieldValue]:
    """Rate, gap, growth and time progress; None where the assessment has none, or where the two
    years are not compared."""
    rate, progress = totals.completion_rate, totals.time_progress(conventions)
    grown = totals.year_on_year if is_compared else None
    return {
        RATE: _share("completion_rate", rate, conventions),
        GAP: _gap(rate, progress, conventions),
        GROWTH: _share("year_on_year", grown, conventions),
        PROGRESS: _share("time_progress", progress, conventions),
    }


def _share(measure: str, ratio: Ratio | None, conventions: Conventions) -> Share | None:
    printed = conventions.percent(measure, ratio)
    if ratio is None or printed is None:
        return None
    # Excel rounds half up; an office that cuts off gets the figure that it prints.
    is_cut = conventions.rounding_for(measure) is Rounding.TRUNCATE
    return Share(_of_points(printed) if is_cut else ratio, printed)


def _gap(rate: Ratio | None, progress: Ratio | None, conventions: Conventions) -> Share | None:
    printed = conventions.gap_points(rate, progress)
    if rate is None or progress is None or printed is None:
        return None
    is_cut = conventions.rounding_for("gap_to_time_progress") is Rounding.TRUNCATE
    is_as_printed = is_cut or conventions.gap == "rounded"
    return Share(_of_points(printed) if is_as_printed else difference(rate, progress), printed)


def _of_points(printed: str) -> Ratio:
    """`"-13.8"` percentage points as a ratio."""
    whole, _, digits = printed.partition(".")
    return Ratio(int(whole + digits), 100 * 10 ** len(digits))


class _Sums:
    """Adds up any set of projects: money of all its rows, counts as the assessment does."""

    def __init__(self, assessed: Assessed, period: PeriodKey, *, is_compared: bool) -> None:
        self._assessed = assessed
        self._period = period
        self._is_compared = is_compared
        self._by_id = {one.subject.id: one for one in assessed.measured}
        self._groups = groups_by_members(assessed)

    def of(self, keys: Sequence[int]) -> dict[str, FieldValue]:
        """Money summed over what is known of the rows, the rates of these sums, counts, rank."""
        members = [self._by_id[key] for key in keys]
        assessed = self._assessed
        totals = total_of(members, self._period, assessed.conventions)
        return {
            **{name: self._sum(name, members) for name in SUMMED},
            **shares_of(
                row_totals(members, self._period),
                assessed.conventions,
                is_compared=self._is_compared,
            ),
            COUNT: totals.projects,
            COUNT_UNPACKED: totals.projects_unpacked,
            RANK: group.rank if (group := self._groups.get(frozenset(keys))) else None,
        }

    def _sum(self, name: str, members: list[Measured]) -> FieldValue:
        values = [self._value(name, one) for one in members]
        known = [value for value in values if isinstance(value, int)]
        if members and not known and name not in (TOTAL, PLAN):
            return None if name == LAST_YEAR else Missing("没有一个项目有数")
        return sum(known)

    def _value(self, name: str, one: Measured) -> FieldValue:
        subject: Subject = one.subject
        match name:
            case "总投资":
                return subject.total_yuan
            case "年度计划投资":
                return subject.plan_yuan
            case "本年累计完成投资":
                return one.completed_yuan
            case "上年同期累计完成投资":
                return one.last_year_yuan
            case "本月完成投资":
                return month_yuan(one, self._period, Missing(""))
        found = [f.value for f in subject.investment_total if f.as_of == self._period.as_of]
        return found[-1] if found else None
