"""What the invented city consists of: frozen values, made once by `city.generate`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Nature(StrEnum):
    """建设性质 of a ledger entry."""

    NEW = "新建"
    CONTINUED = "续建"


class Precision(StrEnum):
    """How exactly a date is known; `Day.on` is then the last day it can mean."""

    DAY = "day"
    TEN_DAY = "ten-day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Day:
    """A date with its precision: 2026年6月 is 2026-06-30 with precision month."""

    on: date
    precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True)
class Region:
    """The city (parent None) or one of its districts, counties and functional zones."""

    code: str
    name: str
    kind: str
    parent: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sector:
    """行业领域."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A reporting unit: bureau, county bureau, park committee or state company.

    `region` is the city's code for city-level units. `contact` and `phone` are plainly invented.
    """

    key: str
    name: str
    kind: str
    region: str
    aliases: tuple[str, ...]
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project, package or sub-project. Money is whole yuan.

    `aliases` are known to the ledger; `former_name` is not: a file that uses it needs a question.
    `actual_start` and `actual_completion` are the truth, October 2026 included. `done_before_yuan`
    is what was invested before 2025. `story` names the part it plays in the planted faults.
    A sub-project has `package` set and no money; a package known by number has `declared_parts`.
    """

    key: str
    name: str
    code: str | None
    region: str
    sector: str
    lead: str
    owner: str
    leader: str
    total_yuan: int
    done_before_yuan: int = 0
    aliases: tuple[str, ...] = ()
    former_name: str = ""
    is_package: bool = False
    declared_parts: int | None = None
    package: str | None = None
    phase_of: str | None = None
    actual_start: Day | None = None
    actual_completion: Day | None = None
    story: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A project's line in the ledger of one year, with what was promised for it."""

    year: int
    serial: int
    project: str
    nature: Nature
    plan_yuan: int
    planned_start: Day
    planned_completion: Day


@dataclass(frozen=True, slots=True)
class Problem:
    """存在问题: its kind (用地, 征拆, 资金 …) and the sentence as written."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One project in one period. `completed_yuan` is cumulative from 1 January.

    None means no figure (sub-projects have none). `actual_start` and `actual_completion` are
    those that fall into this period. `reason` explains a negative month (核减).
    """

    period: str
    project: str
    completed_yuan: int | None
    last_year_yuan: int | None
    progress: str
    problems: tuple[Problem, ...] = ()
    actual_start: Day | None = None
    actual_completion: Day | None = None
    reason: str = ""


@dataclass(frozen=True)
class City:
    """Everything invented, in ledger order. `reports` hold the closed periods and the open one."""

    seed: int
    name: str
    today: date
    open_period: str
    closed_periods: tuple[str, ...]
    regions: tuple[Region, ...]
    sectors: tuple[Sector, ...]
    organisations: tuple[Organisation, ...]
    projects: tuple[Project, ...]
    entries: tuple[Entry, ...]
    reports: tuple[Report, ...]

    @cached_property
    def project(self) -> dict[str, Project]:
        """Projects by key."""
        return {project.key: project for project in self.projects}

    @cached_property
    def organisation(self) -> dict[str, Organisation]:
        """Organisations by key."""
        return {organisation.key: organisation for organisation in self.organisations}

    @cached_property
    def region(self) -> dict[str, Region]:
        """Regions by code."""
        return {region.code: region for region in self.regions}

    @cached_property
    def sector(self) -> dict[str, Sector]:
        """Sectors by code."""
        return {sector.code: sector for sector in self.sectors}

    @cached_property
    def entry(self) -> dict[tuple[int, str], Entry]:
        """Ledger entries by year and project key."""
        return {(entry.year, entry.project): entry for entry in self.entries}

    @cached_property
    def report(self) -> dict[tuple[str, str], Report]:
        """Reports by period and project key; absent where nobody reported."""
        return {(report.period, report.project): report for report in self.reports}

    @cached_property
    def parts(self) -> dict[str, tuple[Project, ...]]:
        """Sub-projects by the key of their package."""
        found: dict[str, list[Project]] = {}
        for project in self.projects:
            if project.package:
                found.setdefault(project.package, []).append(project)
        return {key: tuple(parts) for key, parts in found.items()}

    def entries_of(self, year: int) -> tuple[Entry, ...]:
        """A year's ledger in serial order, sub-projects behind their package."""
        return tuple(entry for entry in self.entries if entry.year == year)

    def listed(self, year: int) -> tuple[Entry, ...]:
        """A year's ledger as counted: packages once, sub-projects not."""
        return tuple(e for e in self.entries_of(year) if self.project[e.project].package is None)

    def reports_of(self, period: str) -> tuple[Report, ...]:
        """All reports of a period, in ledger order."""
        return tuple(report for report in self.reports if report.period == period)
