"""A whole invented year on the platform, by the people whose work it is (M-A10, M-B11, M-C1).

Units apply and report on their own account or send workbooks, reviewers accept, the office issues,
adjusts, locks and corrects with a second person. `Year.check` sets every figure of the platform
beside the one that `sums` worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from guatu.assessment import queries as assessment
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Result, Run, Snapshot
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import correct_round
from guatu.core.periods import PeriodKey, parse_period
from guatu.journal.types import Actor
from guatu.ledger.making import queries as making
from guatu.ledger.making import services as lists
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.services import SaveApplication
from guatu.ledger.making.types import (
    ApplicationWords,
    CallWords,
    Decision,
    Readiness,
    VersionKind,
)
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.queries import find_list
from guatu.ledger.types import Nature
from guatu.organisation.services.policy import switch_on
from guatu.organisation.types import SwitchName
from guatu.planning.making.services import Adjusted, AdjustList, IssueList, adjust_list, issue_list
from guatu.reporting.models import Report, Round
from guatu.reporting.queries import entry_versions
from guatu.reporting.rules import Amounts
from guatu.reporting.services.review import accept_reports
from guatu.reporting.services.roll_over import OpenYear, YearOpened, open_year
from guatu.reporting.services.rounds import start_round
from guatu.reporting.services.submit import SubmitReport, submit_report
from guatu.reporting.types import ReportState
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import project_row, put_list, put_report, report_line, take_list, take_reports
from tests.year import sums
from tests.year.town import NORTH, OLD, REFUSED, RIVER, UNCHANGED, YEAR, Works

LIST = "重点项目"
WAN = 10_000
UNITS = {NORTH: (UNIT, "reporter"), RIVER: (OTHER_UNIT, "outsider")}
EXPLAINED = "已与合同和进度款核对，按实际完成填报"


@dataclass(slots=True)
class Check:
    """One figure: when, what it is, worked out by hand, told by the platform."""

    on: date
    what: str
    own: object
    told: object


@dataclass(slots=True)
class Year:
    """The journey so far."""

    people: Cast
    folder: Path
    move: Callable[[date], None]
    today: date = date(2026, 1, 1)
    checks: list[Check] = field(default_factory=list)
    assessed: dict[int, Assessed] = field(default_factory=dict)
    """The newest assessment of each month."""

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    @property
    def second(self) -> Actor:
        return self.people.act_as("second_office")

    @property
    def listing(self) -> ProjectList:
        return find_list(2027, LIST)

    def on(self, year: int, month: int, day: int) -> None:
        """Go to a day."""
        self.today = date(year, month, day)
        self.move(self.today)

    def check(self, what: str, own: object, told: object) -> None:
        """Keep a figure beside its own; raises AssertionError where they differ."""
        self.checks.append(Check(self.today, what, own, told))
        assert told == own, f"{self.today} {what}: by hand {own}, platform {told}"

    # The year before.

    def old_list(self) -> None:
        """The list of 2026."""
        self.on(2026, 3, 1)
        lines = (
            project_row(
                name,
                f"2026-990100-04-01-{at:06}",
                所属地区=region,
                责任单位=UNITS[region][0],
                计划开工时间="2026年5月" if done else "2027年4月",
                **{"总投资（万元）": str(total), "年度计划投资（万元）": str(plan)},
            )
            for at, (name, region, total, plan, done, _, _) in enumerate(OLD, 1)
        )
        take_list(self.office, put_list(self.folder / "2026.csv", *lines))

    def december(self) -> None:
        """Its last month, reported and locked in January."""
        self.on(2027, 1, 3)
        path = put_report(
            self.folder / "2026-12.csv",
            *(
                report_line(
                    name,
                    str(done),
                    自开工累计完成投资=f"{life}万元",
                    实际开工时间="2026年5月6日" if done else "",
                    实际竣工时间=completed,
                )
                for name, _, _, _, done, life, completed in OLD
            ),
        )
        take_reports(self.office, path, period="2026-12")
        old = find_list(2026, LIST)
        close_round(self.office, old, parse_period("2026-12"), approver=self.second)

    # Making the list.

    def call_for_projects(self) -> ListCall:
        """Units apply in November; the office decides and puts the draft before the meeting."""
        self.on(2026, 11, 5)
        words = CallWords(2027, LIST, date(2026, 11, 1), date(2026, 12, 20), "")
        call = lists.open_call(self.office, words)
        known = dict(Project.objects.values_list("name", "pk"))
        for one in (*YEAR, REFUSED):
            self._apply(call, one, known.get(one.name))
        self._decide(call, [w for w in YEAR if w.issued], Decision.IN, "")
        self._decide(call, [w for w in YEAR if not w.issued], Decision.RESERVE, "用地未批")
        self._decide(call, [REFUSED], Decision.OUT, "规模不够")
        lists.make_version(self.office, call.pk, VersionKind.REVIEWED, basis="市政府常务会议")
        return call

    def _apply(self, call: ListCall, one: Works, project_id: int | None) -> None:
        unit, who = UNITS[one.region]
        plan = one.issued or dict(one.plans).get(one.joined) or 1_000
        words = ApplicationWords(
            name=one.name,
            region_id=self.people.regions[one.region],
            nature=Nature.CONTINUING if one.before else Nature.NEW,
            project_id=project_id,
            site=f"{one.name}一号地",
            total_yuan=one.total * WAN,
            plan_yuan=plan * WAN,
            starts_by=None if one.before else date(2027, 4, 30),
            completes_by=date(2028, 12, 31),
            land=Readiness.DONE,
            money=Readiness.DONE,
            approvals=Readiness.DONE,
        )
        command = SaveApplication(call.pk, self.people.organisations[unit], words)
        lists.submit_application(self.people.act_as(who), command)

    def _decide(self, call: ListCall, works: list[Works], decision: Decision, reason: str) -> None:
        names = {one.name for one in works}
        picked = {
            one.pk: one.version for one in Application.objects.filter(call=call, name__in=names)
        }
        lists.decide(self.office, call.pk, picked, decision=decision, reason=reason)

    def roll_over(self, to: int) -> YearOpened:
        """Open a year out of the one before."""
        return open_year(self.office, OpenYear(to, to - 1))

    def issue(self, call: ListCall) -> None:
        """The list goes out."""
        version = ListCall.objects.get(pk=call.pk).version
        command = IssueList("江重办〔2027〕3号", self.today, version)
        issue_list(self.office, call.pk, command)

    def adjust(
        self,
        number: str,
        *,
        admits: str = "",
        exits: str = "",
        plans: dict[str, int] | None = None,
    ) -> Adjusted:
        """Admit, let go, re-plan by name; plans in 万元."""
        held = ListEntry.objects.filter(list=self.listing)
        entry = dict(held.values_list("project__name", "pk"))
        spare = Application.objects.filter(name=admits).values_list("pk", flat=True)
        command = AdjustList(
            number,
            self.today,
            "年中调整",
            admits=list(spare) if admits else (),
            exits=[entry[exits]] if exits else (),
            plans={entry[name]: amount * WAN for name, amount in (plans or {}).items()},
        )
        return adjust_list(self.office, self.listing.pk, command)

    # The months.

    def month(self, number: int) -> Snapshot:
        """One round: opened, reported, reviewed, locked by two, assessed."""
        period = parse_period(f"2027-{number:02}")
        self.on(*_after(period))
        the_round = start_round(self.office, self.listing, period)
        told = [one for one in YEAR if one.is_on(number) and one.done[number - 1] is not None]
        for one in told:
            if one.region == NORTH or (number, one.name) == UNCHANGED:
                self._report(the_round, one, number)
        lines = [
            report_line(one.name, str(one.done[number - 1]), 原因说明=EXPLAINED)
            for one in told
            if one.region == RIVER and (number, one.name) != UNCHANGED
        ]
        path = put_report(self.folder / f"{period.key}.csv", *lines)
        taken = take_reports(self.office, path, period=period.key)
        self.check(f"{period.label}待答复的行", 0, sum(f.waiting for f in taken.files))
        self._accept(the_round)
        snapshot = close_round(self.office, self.listing, period, approver=self.second)
        self.assessed[number] = assess_for_record(self.office, snapshot)
        return snapshot

    def _report(self, the_round: Round, one: Works, number: int) -> None:
        pk = Project.objects.get(name=one.name).pk
        yuan = (one.done[number - 1] or 0) * WAN
        is_unchanged = (number, one.name) == UNCHANGED
        command = SubmitReport(
            round_id=the_round.pk,
            project_id=pk,
            seen=entry_versions(the_round, [pk])[pk],
            amounts=Amounts() if is_unchanged else _amounts(one, number, yuan),
            is_unchanged=is_unchanged,
            explanation=EXPLAINED,
        )
        done = submit_report(self.people.act_as(UNITS[one.region][1]), command)
        assert done.report is not None, (one.name, number, done.questions)

    def _accept(self, the_round: Round) -> None:
        waiting = Report.objects.filter(
            period=the_round.period, state__in=(ReportState.SUBMITTED, ReportState.QUESTIONED)
        )
        if chosen := dict(waiting.values_list("pk", "version")):
            accept_reports(self.office, chosen)

    def correct(self, number: int, one: Works) -> Snapshot:
        """A figure of a locked round put right, with reason and second person."""
        yuan = sums.told(one, number)
        path = put_report(self.folder / f"更正{number}.csv", report_line(one.name, str(yuan)))
        period = parse_period(f"2027-{number:02}")
        done = correct_round(
            self.office, self.listing, period, [path], reason="复核后更正", approver=self.second
        )
        assert done.snapshot is not None
        assert done.changed == [one.name]
        self.assessed[number] = assess_for_record(self.office, done.snapshot)
        return done.snapshot

    def rank(self) -> None:
        """Places may be shown, with their basis."""
        switch_on(
            self.people.console, SwitchName.RANKINGS, basis="江办〔2027〕1号", scope="各区",
            until=date(2028, 3, 31),
        )  # fmt: skip

    # What the platform says.

    def results(self, number: int) -> dict[tuple[str, str], Result]:
        """The run of record of a month by kind and key; projects by name."""
        the_round = Round.objects.get(list=self.listing, period__key=f"2027-{number:02}")
        run = assessment.run_of_record(self.listing.pk, the_round.pk)
        assert isinstance(run, Run)
        return {
            (row.subject_kind, row.project.name if row.project else row.subject_key): row
            for row in run.results.select_related("project")
        }

    def standing(self) -> list[str]:
        """Who stands on the year's list now."""
        return [entry.project.name for entry in making.standing_on(self.listing.pk)]


def _amounts(one: Works, number: int, yuan: int) -> Amounts:
    """The year's figure; of a project that is new also that since its start, for the first time."""
    is_first = number == one.joined and not one.before
    return Amounts(year_yuan=yuan, life_yuan=yuan if is_first else None)


def _after(period: PeriodKey) -> tuple[int, int, int]:
    """The third day after a month."""
    last = period.last_on
    return (last.year + last.month // 12, last.month % 12 + 1, 3)
