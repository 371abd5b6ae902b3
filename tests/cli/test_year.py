"""guatu year issue and adjust, and how opening, issuing and adjusting meet."""

from __future__ import annotations

import pytest

from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.making.models import Adjustment, ListVersion
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.types import ListState
from guatu.organisation.queries import root_organisation
from guatu.planning import queries as planning
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from guatu.reporting.models import Figure, Round
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT
from tests.cli.calls import LIST, PARK, Guatu
from tests.tables import put_list

NUMBER, CHANGE = "江重办〔2027〕1号", "江重办〔2027〕9号"
ISSUE = ("year", "issue", 2027, "--number", NUMBER, "--on", "2027-02-10")


@pytest.fixture
def making(guatu: Guatu, monkeypatch: pytest.MonkeyPatch) -> Making:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    return make_making(guatu.people)


def take_2026(guatu: Guatu) -> None:
    ran = guatu(
        "import", "ledger", put_list(guatu.folder / "清单.csv", *LIST), "--year", 2026,
        "--create-missing",
    )  # fmt: skip
    assert ran.code == 0, ran.err


def reviewed(making: Making, **changes: object) -> None:
    making.decide(making.apply(**changes))  # type: ignore[arg-type]
    making.review()


def test_a_year_is_issued_and_adjusted_by_command(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-01")
    ran = guatu(*ISSUE, "--basis", "市政府常务会议")
    assert (ran.code, "1个项目，年度计划" in ran.out) == (0, True), ran
    version = ListVersion.objects.get(kind="issued")
    assert (version.outside_number, version.basis) == (NUMBER, "市政府常务会议")
    told = guatu(
        "year", "adjust", 2027, "--number", CHANGE, "--reason", "规划调整",
        "--plan", "江北智算中心=12000",
    )  # fmt: skip
    assert told.code == 0
    entry = ListEntry.objects.get(list__year=2027)
    assert planning.plans_of([entry.pk]) == {entry.pk: 12_000 * 10_000}


def test_what_comes_twice_or_too_early_is_told(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    adjusting = ("year", "adjust", 2027, "--reason", "调整", "--plan", "江北智算中心=12000")
    monkeypatch.setenv("GUATU_TODAY", "2027-03-01")
    (line,) = guatu.refused(*adjusting, "--number", CHANGE)
    assert "2027年重点项目还没有印发" in line
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    reviewed(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-01")
    assert guatu(*ISSUE).code == 0
    (line,) = guatu.refused(*ISSUE)
    assert "2027年重点项目已经印发" in line
    (line,) = guatu.refused(*adjusting, "--number", NUMBER)
    assert "是印发清单的文号" in line
    assert guatu(*adjusting, "--number", CHANGE).code == 0
    again = (*adjusting[:-1], "江北智算中心=13000")
    (line,) = guatu.refused(*again, "--number", CHANGE)
    assert "已经办过调整" in line
    assert Adjustment.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--plan", "江北智算中心"), "没有写明计划"),
        (("--plan", "江北智算中心=NaN"), "没有写明计划"),
        (("--plan", "江北智算中心=-5"), "不可能"),
        (("--exit", "不存在"), "没有名称或代码为“不存在”的项目"),
        (("--join", "=5"), "没有要调整的项目"),
        (("--admit", "不存在"), "没有已审定"),
        ((), "没有要调整的项目"),
    ],
)
def test_an_adjustment_that_cannot_be_meant_is_refused(
    guatu: Guatu,
    making: Making,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: str,
) -> None:
    reviewed(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-01")
    assert guatu(*ISSUE).code == 0
    lines = guatu.refused("year", "adjust", 2027, "--number", CHANGE, "--reason", "调整", *words)
    assert told in lines[0]


def test_no_call_of_a_year_is_told(guatu: Guatu, making: Making) -> None:
    (line,) = guatu.refused("year", "issue", 2031, "--number", NUMBER)
    assert "2031年没有申报通知" in line


def test_the_provisional_list_keeps_its_reports_when_it_is_issued(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_2026(guatu)
    park = Project.objects.get(name=PARK)
    reviewed(making, name=PARK, project_id=park.pk, national_code="P-1", nature="continuing")
    monkeypatch.setenv("GUATU_TODAY", "2027-01-02")
    assert guatu("year", "open", 2027, "--from", 2026, "--provisional").code == 0
    listing = ProjectList.objects.get(year=2027)
    before = ListEntry.objects.get(list=listing, project=park)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-05")
    with journal.act(making.office, "round.opened") as act:
        indicator = ensure_indicators(act)[INVESTMENT]
        the_round = open_round(act, listing, parse_period("2027-01+02"))
        act.write(
            Figure(project=park, indicator=indicator, as_of="2027-02-28", value=YI,
                   state="known", source="unit", by="x", at=act.at)
        )  # fmt: skip
    assert guatu(*ISSUE).code == 0
    listing.refresh_from_db()
    after = ListEntry.objects.get(list=listing, project=park)
    assert ProjectList.objects.filter(year=2027).count() == 1
    assert (listing.state, after.pk, after.joined_on) == (
        ListState.ISSUED, before.pk, before.joined_on,
    )  # fmt: skip
    assert Round.objects.get().pk == the_round.pk
    assert Figure.objects.filter(project=park, value=YI).exists()
    left = ListEntry.objects.filter(list=listing, left_on__isnull=False)
    assert {one.reason for one in left} == {f"未列入{NUMBER}"}
    (line,) = guatu.refused("year", "open", 2027, "--from", 2026)
    assert "2027年已由" in line


def test_a_list_that_is_issued_first_is_not_made_again(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_2026(guatu)
    park = Project.objects.get(name=PARK)
    reviewed(making, name=PARK, project_id=park.pk, national_code="P-1", nature="continuing")
    monkeypatch.setenv("GUATU_TODAY", "2026-12-31")
    assert guatu(*ISSUE[:-1], "2026-12-31").code == 0
    ran = guatu("year", "open", 2027, "--from", 2026)
    assert (ran.code, "已经印发，不另建" in ran.out, "还有2个不在列" in ran.out) == (0, True, True)
    assert ProjectList.objects.filter(year=2027).count() == 1
    assert ListEntry.objects.filter(list__year=2027).count() == 1
    (line,) = guatu.refused("year", "open", 2027, "--from", 2026)
    assert "一年只结转一次" in line


def test_a_draft_of_the_same_name_stands_in_the_way(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_2026(guatu)
    old = ProjectList.objects.get()
    with journal.act(making.office, "list.made") as act:
        act.write(
            ProjectList(
                owner_organisation_id=old.owner_organisation_id, year=2027, name=old.name,
                state=ListState.DRAFT,
            )
        )  # fmt: skip
    monkeypatch.setenv("GUATU_TODAY", "2026-12-31")
    (line,) = guatu.refused("year", "open", 2027, "--from", 2026)
    assert "（草稿）" in line


def test_a_provisional_list_of_another_name_is_taken_by_choice(
    guatu: Guatu, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    with journal.act(making.office, "list.made") as act:
        kept = ProjectList(
            owner_organisation_id=root_organisation().pk, year=2027, name="重大项目",
            state=ListState.DRAFT,
        )  # fmt: skip
        act.write(kept)
    reviewed(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-03-01")
    (line,) = guatu.refused(*ISSUE)
    assert "“重大项目”与申报通知的名称“重点项目”不同" in line
    (line,) = guatu.refused(*ISSUE, "--replaces", "没有的")
    assert "没有名为“没有的”的清单" in line
    assert guatu(*ISSUE, "--replaces", "重大项目").code == 0
    kept.refresh_from_db()
    assert (kept.name, kept.state) == ("重点项目", ListState.ISSUED)
    assert ProjectList.objects.filter(year=2027).count() == 1
