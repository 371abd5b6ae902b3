from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction

from guatu.core.clock import CHINA
from guatu.core.errors import BadInput, NotFound, RoundClosed
from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import Project, ProjectList
from guatu.organisation.services import change_settings
from guatu.reporting import queries
from guatu.reporting.models import Indicator, Period, Round
from guatu.reporting.services import rounds
from guatu.reporting.types import RoundState
from tests.factories import Cast
from tests.tables import project_row, put_list, row_counts, take_list

type Open = Callable[[str], Round]


@pytest.fixture
def listing(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectList:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    path = put_list(tmp_path / "清单.csv", project_row("甲", "P-1"), project_row("乙", "P-2"))
    take_list(people.console, path)
    return ProjectList.objects.get()


@pytest.fixture
def open_key(people: Cast, listing: ProjectList) -> Open:
    def opening(key: str) -> Round:
        with journal.act(people.console, "test.opened") as act:
            return rounds.open_round(act, listing, parse_period(key))

    return opening


def test_a_round_is_opened_once(open_key: Open) -> None:
    first = open_key("2026-09")
    before = row_counts()
    assert open_key("2026-09") == first
    assert row_counts() == before
    assert (first.state, first.revision) == (RoundState.OPEN, 0)
    assert (first.period.first_on, first.period.last_on) == (date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("earlier", "key"),
    [
        ("2026-01+02", "2026-01"),
        ("2026-01+02", "2026-02"),
        ("2026-01", "2026-01+02"),
        ("2026-02", "2026-01+02"),
    ],
)
def test_merged_and_single_months_exclude_each_other(
    open_key: Open, earlier: str, key: str
) -> None:
    open_key(earlier)
    with pytest.raises(BadInput, match="重叠"):
        open_key(key)
    assert Round.objects.count() == 1


@pytest.mark.parametrize("key", ["2026-03", "2026-Q1", "2026-01-T1", "2026", "2026-W05"])
def test_other_periods_stand_beside_a_merged_one(open_key: Open, key: str) -> None:
    open_key("2026-01+02")
    assert open_key(key).period.key == key


@pytest.mark.parametrize("key", ["2025-12", "2027-01", "2025", "2027-W01"])
def test_a_period_of_another_year_is_refused(open_key: Open, key: str) -> None:
    with pytest.raises(BadInput, match="不属于2026年重点项目的年度"):
        open_key(key)
    assert not Period.objects.exists()


def test_the_cut_off_is_the_setting_s_day_and_the_due_day_counts_working_days(
    people: Cast, open_key: Open
) -> None:
    assert open_key("2026-08").cut_off_on == date(2026, 8, 31)
    change_settings(people.console, {"cut-off-day": "25"})
    september = open_key("2026-09")
    assert september.cut_off_on == date(2026, 9, 25)
    # 25 September 2026 is the Mid-Autumn holiday until the 27th.
    assert september.due_at.astimezone(CHINA).date() == date(2026, 9, 30)
    assert september.period.last_on == date(2026, 9, 30)
    assert open_key("2026-01+02").cut_off_on == date(2026, 2, 25)
    assert open_key("2026-Q3").cut_off_on == date(2026, 9, 30)


def test_a_year_whose_holidays_nobody_knows_yet_can_be_opened(
    people: Cast, tmp_path: Path, listing: ProjectList
) -> None:
    take_list(people.console, put_list(tmp_path / "远.csv", project_row("丙", "P-3")), year=2090)
    far = ProjectList.objects.get(year=2090)
    with journal.act(people.console, "test.opened") as act:
        opened = rounds.open_round(act, far, parse_period("2090-09"))
    assert opened.due_at.astimezone(CHINA).date() == date(2090, 10, 5)


def test_indicators_are_made_once(people: Cast) -> None:
    for _ in range(2):
        with journal.act(people.console, "test.made") as act:
            assert len(rounds.ensure_indicators(act)) == 3
    assert Indicator.objects.count() == 3


def test_a_round_that_nobody_opened_is_not_found(listing: ProjectList) -> None:
    with pytest.raises(NotFound, match="没有2026年9月这一期"):
        queries.find_round(listing, parse_period("2026-09"))


def test_closed_rounds_are_named_when_they_must_be_open(open_key: Open) -> None:
    one = open_key("2026-09")
    rounds.require_open([one])
    one.state = RoundState.CLOSED
    with pytest.raises(RoundClosed, match=r"2026年重点项目 · 2026年9月已锁定.*请办理更正"):
        rounds.require_open([one])


def test_rounds_that_hold_a_project_are_locked_on_all_lists_and_days(
    people: Cast, tmp_path: Path, open_key: Open
) -> None:
    second = put_list(tmp_path / "二.csv", project_row("乙", "P-2"), project_row("丙", "P-3"))
    take_list(people.console, second, list_name="省重点")
    take_list(people.console, put_list(tmp_path / "去年.csv", project_row("甲", "P-1")), year=2025)
    main = open_key("2026-09")
    with journal.act(people.console, "test.opened") as act:
        other = rounds.open_round(
            act, ProjectList.objects.get(name="省重点"), parse_period("2026-09")
        )
        ago = rounds.open_round(act, ProjectList.objects.get(year=2025), parse_period("2025-09"))
    august = open_key("2026-08")
    pk = dict(Project.objects.values_list("name", "pk"))
    on, year_ago = date(2026, 9, 30), date(2025, 9, 30)
    for names, days, also, expected in (
        (["甲"], [on], [], [main]),
        (["乙"], [on], [], [main, other]),
        (["丙"], [on], [], [other]),
        (["丙"], [on], [august.pk], [other, august]),
        (["甲"], [on, year_ago], [], [main, ago]),
        ([], [on], [], []),
    ):
        with transaction.atomic():
            locked = rounds.lock_rounds_holding([pk[n] for n in names], *days, also=also)
        assert locked == sorted(expected, key=lambda r: r.pk), names


def test_many_projects_lock_no_round_of_a_list_without_them(
    people: Cast, tmp_path: Path, open_key: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "IDS_AT_ONCE", 1)
    take_list(
        people.console, put_list(tmp_path / "二.csv", project_row("丙", "P-3")), list_name="省重点"
    )
    main = open_key("2026-09")
    with journal.act(people.console, "test.opened") as act:
        rounds.open_round(act, ProjectList.objects.get(name="省重点"), parse_period("2026-09"))
    wanted = Project.objects.filter(name__in=("甲", "乙")).values_list("pk", flat=True)
    assert rounds.lock_rounds_holding(wanted, date(2026, 9, 30)) == [main]


def test_a_lock_outside_a_transaction_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(AssertionError, match="locks nothing"):
        rounds.lock_rounds([1])
