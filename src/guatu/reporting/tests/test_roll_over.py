from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from guatu.assessment.queries import snapshot_content
from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, NotAllowed, NotFound
from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.services import ListWords, add_to_list, leave_list, make_list
from guatu.ledger.types import ListState, Nature, ResponsibilityRole
from guatu.organisation.models import User
from guatu.planning import queries as planning
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.models import Figure, Round
from guatu.reporting.services.roll_over import OpenYear, YearOpened, open_year
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import codes, project_row, put_list, row_counts, take_list

WAN = 10_000
STARTED, WAITING, DONE, LEFT, PART, PACKAGE = (
    "江北新材料产业园", "江北快速路", "江北污水处理厂", "江北冷链", "江北柳林路片区", "江北改造",
)  # fmt: skip
ROLL = OpenYear(2027, 2026)


@pytest.fixture
def listing(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectList:
    """A year's list of six, one completed, one that left, a package and its part."""
    monkeypatch.setenv("GUATU_TODAY", "2026-12-31")
    new = {"建设性质": "新建"}
    path = put_list(
        tmp_path / "清单.csv",
        project_row(
            STARTED, "P-1", 实际开工时间="2026年3月1日", 计划竣工时间="2026年11月1日", **new
        ),
        project_row(WAITING, "P-2", 计划竣工时间="2028年1月1日", **new),
        project_row(DONE, "P-3", 实际竣工时间="2026年12月31日", **new),
        project_row(LEFT, "P-4", **new),
        project_row(PACKAGE, "P-5", 是否打包="是", 子项目数="3", 建设性质="续建"),
        project_row(
            PART, 所属打包项目=PACKAGE, **{"总投资（万元）": "", "年度计划投资（万元）": ""}
        ),
    )
    take_list(people.console, path)
    left = ListEntry.objects.get(project__name=LEFT)
    office = people.act_as("office")
    leave_list(office, left.pk, left_on=date(2026, 6, 30), reason="调整", version=left.version)
    return ProjectList.objects.get()


def opened(people: Cast, command: OpenYear = ROLL) -> YearOpened:
    return open_year(people.act_as("office"), command)


def carried() -> dict[str, ListEntry]:
    rows = ListEntry.objects.filter(list__year=2027).select_related("project", "list")
    return {row.project.name: row for row in rows.order_by("serial_no")}


def refused(people: Cast, command: OpenYear = ROLL) -> list[str]:
    before = row_counts()
    with pytest.raises(BadInput) as error:
        opened(people, command)
    assert row_counts() == before
    return codes(error.value.faults)


def test_what_goes_on_is_carried_and_what_is_done_stays(people: Cast, listing: ProjectList) -> None:
    (told,) = opened(people).lists
    rows = carried()
    assert list(rows) == [STARTED, WAITING, PACKAGE, PART]
    assert [row.serial_no for row in rows.values()] == [1, 2, 3, 4]
    natures = {name: row.nature for name, row in rows.items()}
    assert natures[STARTED] == natures[PACKAGE] == Nature.CONTINUING
    assert natures[WAITING] == Nature.NEW
    assert {row.joined_on for row in rows.values()} == {date(2027, 1, 1)}
    assert rows[STARTED].joined_by == "由2026年重点项目第1号结转"
    assert Project.objects.get(name=DONE).stage == "竣工"
    assert Project.objects.get(name=STARTED).stage != "竣工"
    assert (told.carried, told.completed, told.past_due) == (4, 1, 1)
    # The old list stands as it was.
    assert ListEntry.objects.filter(list=listing).count() == 6


def test_the_list_is_provisional_or_approved(people: Cast, listing: ProjectList) -> None:
    assert opened(people).lists[0].listing.state == ListState.DRAFT


def test_approved_where_it_is_not_provisional(people: Cast, listing: ProjectList) -> None:
    told = opened(people, OpenYear(2027, 2026, is_provisional=False))
    assert told.lists[0].listing.state == ListState.APPROVED


def test_completion_in_the_new_year_is_not_of_the_old_one(
    people: Cast, listing: ProjectList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2027-01-20")
    with journal.act(people.console, "demo.written") as act:
        act.write(
            DateFact(
                project=Project.objects.get(name=STARTED),
                milestone=Milestone.COMPLETION,
                kind=DateKind.ACTUAL,
                on=date(2027, 1, 10),
                seq=1,
                by="x",
                at=act.at,
            )
        )
    opened(people)
    assert STARTED in carried()


def test_sub_lists_go_along(people: Cast, listing: ProjectList) -> None:
    office = people.act_as("office")
    sub = make_list(office, ListWords(2026, "大会战", state="issued", parent_id=listing.pk))
    projects = list(Project.objects.filter(name__in=[STARTED, DONE]))
    add_to_list(office, sub.pk, projects, basis="方案")
    told = opened(people)
    upper, lower = (one.listing for one in told.lists)
    assert (lower.parent_id, lower.name) == (upper.pk, "大会战")
    assert ListEntry.objects.get(list=lower).project.name == STARTED


def test_an_open_round_is_named(people: Cast, listing: ProjectList) -> None:
    with journal.act(people.console, "demo.written") as act:
        ensure_indicators(act)
        open_round(act, listing, parse_period("2026-12"))
    with pytest.raises(BadInput) as error:
        opened(people)
    (fault,) = error.value.faults
    assert (fault.code, "2026年12月" in fault.what) == ("rounds-open", True)
    assert ProjectList.objects.count() == 1
    close_round(people.console, listing, parse_period("2026-12"))
    opened(people)


def test_what_is_refused(
    people: Cast, listing: ProjectList, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(people, OpenYear(2028, 2026)) == ["not-next-year"]
    assert refused(people, OpenYear(2026, 2026)) == ["not-next-year"]
    with pytest.raises(NotFound):
        opened(people, OpenYear(2031, 2030))
    monkeypatch.setenv("GUATU_TODAY", "2026-12-30")
    assert refused(people) == ["year-not-over"]
    monkeypatch.setenv("GUATU_TODAY", "2027-01-01")
    opened(people)
    assert refused(people) == ["opened-already"]


def test_only_the_office_opens_a_year(people: Cast, listing: ProjectList) -> None:
    for who in ("viewer", "reporter", "outsider", "reviewer"):
        with pytest.raises(NotAllowed):
            open_year(people.act_as(who), ROLL)


def test_who_answers_stays(people: Cast, listing: ProjectList) -> None:
    before = list(Responsibility.objects.order_by("pk").values())
    (told,) = opened(people).lists
    assert list(Responsibility.objects.order_by("pk").values()) == before
    led = Responsibility.objects.filter(
        role=ResponsibilityRole.LEAD, project__in=[row.project_id for row in carried().values()]
    )
    assert told.without_lead == len(carried()) - led.values("project_id").distinct().count()


def test_the_year_begins_at_zero_and_since_start_goes_on(
    people: Cast, listing: ProjectList, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project.objects.get(name=STARTED)

    def figure(code: str, on: date, yuan: int) -> None:
        with journal.act(people.console, "demo.written") as act:
            indicator = ensure_indicators(act)[code]
            act.write(
                Figure(project=project, indicator=indicator, as_of=on, value=yuan,
                       state="known", source="unit", by="x", at=act.at)
            )  # fmt: skip

    figure(INVESTMENT, date(2026, 12, 31), 900 * WAN)
    figure(INVESTMENT_TOTAL, date(2026, 12, 31), 1_700 * WAN)
    opened(people)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-05")
    figure(INVESTMENT, date(2027, 2, 28), 50 * WAN)
    figure(INVESTMENT_TOTAL, date(2027, 2, 28), 1_750 * WAN)
    new = ProjectList.objects.get(year=2027)
    with journal.act(people.console, "demo.written") as act:
        open_round(act, new, parse_period("2027-01+02"))
    content = snapshot_content(close_round(people.console, new, parse_period("2027-01+02")))
    subject = next(one for one in content.subjects if one.name == STARTED)
    now = subject.figure_at(date(2027, 2, 28))
    assert (now and now.value, subject.plan_yuan) == (50 * WAN, None)
    assert [one.value // WAN for one in subject.investment_total] == [1_700, 1_750]
    assert {one.name for one in content.subjects} == {STARTED, WAITING, PACKAGE}


def test_years_past_completion(people: Cast, listing: ProjectList) -> None:
    ids = list(Project.objects.values_list("pk", flat=True))
    started = Project.objects.get(name=STARTED).pk
    assert planning.years_past_completion(ids, 2026) == {}
    assert planning.years_past_completion(ids, 2028)[started] == 2


def test_the_page_opens_the_year(people: Cast, listing: ProjectList) -> None:
    browser = Client()
    user = User.objects.get(pk=people.office.pk)
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    address = reverse("list-open-year")
    assert "2026年 → 2027年" in browser.get(address).content.decode()
    data = {"from_year": "2026", "state": "provisional"}
    page = browser.post(address, {**data, TOKEN_FIELD: new_token()}, follow=True)
    assert "结转4个" in page.content.decode()
    again = browser.post(address, {**data, TOKEN_FIELD: new_token()})
    assert (again.status_code, "2027年已由" in again.content.decode()) == (422, True)
    assert Round.objects.filter(list__year=2027).count() == 0
