"""A small city for the wall's tests: one list, half of it a leader's, two locked rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.test import Client

from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.core.periods import month_end, parse_period
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.types import Nature, ResponsibilityRole
from guatu.organisation.models import User
from guatu.organisation.queries import root_organisation
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT, ReportSource, ReportState
from tests.factories import LEADER, OTHER_UNIT, SINCE, UNIT, Cast

YEAR = 2026
WAN = 10_000
PLAN = 1_000 * WAN
ROUNDS = ("2026-08", "2026-09")
OPEN = "2026-10"
TODAY = date(2026, 10, 31)

DONE = {"2026-08": 700, "2026-09": 300}
"""Done in 万元, of 1,000 planned: who falls behind. The others have done 760 and stay green."""


@dataclass(slots=True)
class City:
    """The people, the list and its rounds; the first half of the projects is the leader's."""

    people: Cast
    listing: ProjectList
    rounds: dict[str, Round]
    projects: list[Project]

    @property
    def mine(self) -> list[Project]:
        """The leader's."""
        return self.projects[: len(self.projects) // 2]

    @property
    def others(self) -> list[Project]:
        """Those of the other unit."""
        return self.projects[len(self.projects) // 2 :]

    def browser(self, name: str) -> Client:
        """A signed-in browser of one of the cast."""
        return browser_of(self.people, name)


def browser_of(people: Cast, name: str) -> Client:
    """A signed-in browser."""
    browser = Client()
    user = User.objects.get(pk=getattr(people, name).pk)
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    return browser


def make_city(
    people: Cast,
    *,
    size: int = 6,
    name: str = "重点项目",
    first: int = 0,
    ago: dict[int, int] | None = None,
) -> City:
    """`size` projects with plan, slices, dates, reports and figures; August and September locked.

    In September the first project of each half has fallen far behind, and the second one of each
    has started; the last of the leader's said nothing. `ago` are 万元 that some of them, by their
    place, had done by September a year before.
    """
    with journal.act(people.console, "test.made") as act:
        listing = ProjectList(owner_organisation=root_organisation(), year=YEAR, name=name)
        act.write(listing)
        ensure_indicators(act)
        projects = [
            _project(act, people, listing, first + n, is_mine=n < size // 2) for n in range(size)
        ]
        for place, wan in (ago or {}).items():
            figure = Figure(
                project=projects[place],
                indicator=ensure_indicators(act)[INVESTMENT],
                as_of=month_end(YEAR - 1, 9),
                value=wan * WAN,
                by="test",
                at=act.at,
            )
            act.write(figure)
    rounds = {}
    for key in ROUNDS:
        rounds[key] = _round(people, listing, projects, key)
    with journal.act(people.console, "test.made") as act:
        rounds[OPEN] = open_round(act, listing, parse_period(OPEN))
    return City(people, listing, rounds, projects)


def _project(act: Act, people: Cast, listing: ProjectList, n: int, *, is_mine: bool) -> Project:
    region, unit = ("江北区", UNIT) if is_mine else ("临江区", OTHER_UNIT)
    project = Project(
        uid=f"{n:032x}",
        national_code=f"2601-990102-04-01-{n:06d}",
        name=f"{'滨江' if is_mine else '他山'}产业园{n}号",
        region_id=people.regions[region],
        content="新建厂房",
        total_yuan=5 * PLAN,
    )
    act.write(project)
    entry = ListEntry(
        list=listing,
        project=project,
        serial_no=n + 1,
        nature=Nature.NEW,
        joined_on=date(YEAR, 1, 1),
    )
    act.write(entry)
    plan = AnnualPlan(entry=entry, amount_yuan=PLAN, by="test", at=act.at)
    act.write(plan)
    act.write(PlanSlice(plan=plan, as_of=date(YEAR, 9, 30), cumulative=PLAN // 2))
    for seq, day in enumerate((date(YEAR, 3, 31), date(YEAR, 6, 30)), start=1):
        act.write(
            DateFact(
                project=project,
                entry=entry,
                milestone=Milestone.START,
                kind=DateKind.PLANNED,
                on=day,
                seq=seq,
                by="test",
                at=act.at,
            )
        )
    duty = Responsibility(
        project=project,
        role=ResponsibilityRole.LEAD,
        organisation_id=people.organisations[unit],
        valid_from=SINCE,
    )
    act.write(duty)
    if is_mine:
        leader = Responsibility(
            project=project,
            role=ResponsibilityRole.LEADER,
            person_id=people.persons[LEADER],
            valid_from=SINCE,
        )
        act.write(leader)
    return project


def _round(people: Cast, listing: ProjectList, projects: list[Project], key: str) -> Round:
    period = parse_period(key)
    half = len(projects) // 2
    with journal.act(people.console, "test.made") as act:
        the_round = open_round(act, listing, period)
        indicator = ensure_indicators(act)[INVESTMENT]
        for n, project in enumerate(projects):
            if key == ROUNDS[-1] and n == half - 1:
                continue
            if key == ROUNDS[-1] and n % half == 1:
                start = DateFact(
                    project=project,
                    milestone=Milestone.START,
                    kind=DateKind.ACTUAL,
                    on=date(YEAR, 9, 10),
                    seq=1,
                    by="test",
                    at=act.at,
                )
                act.write(start)
            report = Report(
                project=project,
                period=the_round.period,
                source=ReportSource.WORKBOOK,
                state=ReportState.ACCEPTED,
                progress_text=f"{key}主体施工",
                problem_text="缺土地指标" if n == 0 else "",
                by="test",
                at=act.at,
            )
            act.write(report)
            figure = Figure(
                project=project,
                indicator=indicator,
                as_of=month_end(YEAR, period.last_on.month),
                value=(DONE[key] if n % half == 0 else 760) * WAN,
                report=report,
                cell="清单!G8",
                by="test",
                at=act.at,
            )
            act.write(figure)
    assess_for_record(people.console, close_round(people.console, listing, period))
    the_round.refresh_from_db()
    return the_round
