"""The figures of one assessed round in the fields of a summary table (M-I2, office.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, Totals, add_slice, total_of
from guatu.assessment.types import Subject
from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio, Rounding, difference
from guatu.core.yuan import wan_text
from guatu.engines.sheets.fill import (
    FieldValue,
    FillProject,
    Missing,
    RoughDay,
    Share,
    SummaryFigures,
)
from guatu.engines.sheets.fill.remark import OPENING
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

TOTAL, PLAN, MONTH = "总投资", "年度计划投资", "本月完成投资"
THIS_YEAR, LAST_YEAR = "本年累计完成投资", "上年同期累计完成投资"
SINCE_START, RATE = "自开工累计完成投资", "年度计划完成率"
SUMMED = (TOTAL, PLAN, MONTH, THIS_YEAR, LAST_YEAR, SINCE_START)


@dataclass(frozen=True, slots=True)
class Words:
    """What the snapshot does not hold: further names of projects by id, of regions and units by
    printed name; words such as 包联领导 for new rows; what a report's state is called; projects
    of which a row came in that waits for an answer; how exactly dates were given."""

    projects: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duties: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    waiting: frozenset[int] = frozenset()
    days: GivenDays = field(default_factory=GivenDays)


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
        total_of=_Sums(assessed, period).of,
        time_progress=assessed.conventions.decreed_or_elapsed(period),
        other_names={"region": words.regions, "unit": words.units},
        remark=_remark(assessed),
    )


def row_totals(members: Iterable[Measured], period: PeriodKey) -> Totals:
    """The money of a sum row, of all its projects in the rule book's scope or not: so that the
    rate beside plan and done is their quotient."""
    totals = Totals(period)
    for one in members:
        subject, done = one.subject, one.completed_yuan
        totals.annual_plan_yuan += subject.plan_yuan or 0
        add_slice(totals, subject)
        if done is None:
            continue
        totals.completed_yuan = (totals.completed_yuan or 0) + done
        if one.last_year_yuan is not None:
            totals.compared += 1
            totals.compared_yuan += done
            totals.last_year_yuan = (totals.last_year_yuan or 0) + one.last_year_yuan
    return totals


def scope_notices(assessed: Assessed, rows: Iterable[frozenset[int]] = ()) -> list[Fault]:
    """Where the table's sums and the circular's differ: the table adds up every row it has.

    `rows` are the projects of the sum rows that the table has; of those that the assessment
    knows as a group, a rate that differs is named.
    """
    outside = [one for one in assessed.measured if not one.is_in_scope]
    done = sum(one.completed_yuan or 0 for one in outside)
    plan = sum(one.subject.plan_yuan or 0 for one in outside)
    if not done and not plan:
        return []
    what = (
        f"{len(outside)}个项目不计入完成率（计划{wan_text(plan)}万元、完成{wan_text(done)}万元），"
        "表中各级合计和合计行的完成率包含它们，通报不包含"
    )
    told = [Fault("outside-scope", what)]
    for name, members, totals in _sums_of(assessed, rows):
        told += _other_rate(assessed, name, row_totals(members, totals.period), totals)
    return told


def _sums_of(
    assessed: Assessed, rows: Iterable[frozenset[int]]
) -> Iterator[tuple[str, list[Measured], Totals]]:
    """The whole, then the assessment's groups that stand in the table as a sum row."""
    everything = frozenset(one.subject.id for one in assessed.measured)
    yield "合计", assessed.measured, assessed.total
    known = _groups_by_members(assessed)
    for keys in dict.fromkeys(rows):
        group = known.get(keys)
        if group is not None and keys != everything:
            yield group.key, group.members, group.totals


def _groups_by_members(assessed: Assessed) -> dict[frozenset[int], Group]:
    """The assessment's groups by their projects' ids; of groups of the same projects the region,
    then the unit."""
    found: dict[frozenset[int], Group] = {}
    for groups in assessed.groups.values():
        for group in groups:
            found.setdefault(frozenset(one.subject.id for one in group.members), group)
    return found


def _other_rate(assessed: Assessed, name: str, row: Totals, run: Totals) -> list[Fault]:
    rates = _two_rates(assessed, row, run)
    if rates is None:
        return []
    what = f"“{name}”按表中全部项目{rates[0]}，按计入完成率的{run.in_scope}个项目{rates[1]}"
    return [Fault("rate-of-scope", what, "表中用前者，通报和排名用后者")]


def _two_rates(assessed: Assessed, row: Totals, run: Totals) -> tuple[str, str] | None:
    """The rate of a sum row and the run's, as printed; None where they are the same."""
    whole, inside = (
        assessed.conventions.percent("completion_rate", one.completion_rate) for one in (row, run)
    )
    if whole == inside:
        return None
    of_all, of_scope = ("没有完成率" if p is None else f"完成率{p}%" for p in (whole, inside))
    return of_all, of_scope


def _remark(assessed: Assessed) -> str:
    """For the table's note line: what the rate of its sum is of, where the circular's differs."""
    run = assessed.total
    rates = _two_rates(assessed, row_totals(assessed.measured, run.period), run)
    issued = _as_issued(assessed)
    if rates is None:
        return issued
    told = f"{OPENING}，{rates[0]}；计入完成率的{run.in_scope}个项目{rates[1]}，通报用后者。"
    return told + issued


def _as_issued(assessed: Assessed) -> str:
    """The rate of the list as issued (M-A10), where the list was adjusted since."""
    issued = assessed.issued.total if assessed.issued else None
    if issued is None or issued.completion_rate is None:
        return ""
    percent = assessed.conventions.percent("completion_rate", issued.completion_rate)
    plan = wan_text(issued.annual_plan_yuan)
    return f"表中计划为调整稿；按印发稿的年度计划{plan}万元，完成率{percent}%。"


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
        shares = shares_of(totals, self.assessed.conventions)
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


def shares_of(totals: Totals, conventions: Conventions) -> dict[str, FieldValue]:
    """Rate, gap, growth and time progress; None where the assessment has none."""
    rate, progress = totals.completion_rate, totals.time_progress(conventions)
    return {
        RATE: _share("completion_rate", rate, conventions),
        GAP: _gap(rate, progress, conventions),
        GROWTH: _share("year_on_year", totals.year_on_year, conventions),
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

    def __init__(self, assessed: Assessed, period: PeriodKey) -> None:
        self._assessed = assessed
        self._period = period
        self._by_id = {one.subject.id: one for one in assessed.measured}
        self._groups = _groups_by_members(assessed)

    def of(self, keys: Sequence[int]) -> dict[str, FieldValue]:
        """Money summed over what is known of the rows, the rates of these sums, counts, rank."""
        members = [self._by_id[key] for key in keys]
        assessed = self._assessed
        totals = total_of(members, self._period, assessed.conventions)
        return {
            **{name: self._sum(name, members) for name in SUMMED},
            **shares_of(row_totals(members, self._period), assessed.conventions),
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
