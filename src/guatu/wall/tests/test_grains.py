"""Every grain of a round opens, is due, reminds and closes once; doubtful clocks are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from conftest import Today
from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict
from guatu.core.periods import parse_period
from guatu.journal.models import Entry
from guatu.organisation.queries import work_calendar
from guatu.reporting import queries as reporting
from guatu.reporting.due.limiting import opening_notices
from guatu.reporting.due.rules import earliest_deadline, is_workday
from guatu.reporting.due.services import ChangeDays, Missing, change_days, remind
from guatu.reporting.services import rounds
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.tests.city import City
from tests.factories import UNIT

pytestmark = pytest.mark.django_db

KEYS = (
    "2026-01+02", "2026-07", "2026-W40", "2026-09-T3", "2026-10-B1", "2026-Q3", "2026-H1", "2026",
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_each_grain_opens_is_due_reminds_and_closes_once(city: City, key: str) -> None:
    office, period = city.people.act_as("office"), parse_period(key)
    the_round = rounds.start_round(office, city.listing, period)
    assert rounds.start_round(office, city.listing, period) == the_round
    assert period.first_on <= the_round.cut_off_on <= period.last_on
    assert the_round.due_on > the_round.cut_off_on
    calendar = work_calendar()
    assert is_workday(the_round.due_on, calendar)
    standing = reporting.standings([the_round])[the_round.pk]
    assert standing.expected == len(city.projects)
    missing = [Missing(city.people.organisations[UNIT], 3, f"{period.label}请报送")]
    deadline = earliest_deadline(clock.today(), calendar)
    told = remind(office, the_round, missing, deadline)
    assert len(told.to_copy) == 1
    assert remind(office, the_round, missing, deadline).skipped == 1
    close_round(city.people.console, city.listing, period)
    with pytest.raises(Conflict, match="已经锁定"):
        close_round(city.people.console, city.listing, period)


def test_months_that_are_merged_stand_for_both(city: City) -> None:
    office = city.people.act_as("office")
    merged = rounds.start_round(office, city.listing, parse_period("2026-01+02"))
    assert (merged.period.first_on, merged.period.last_on) == (date(2026, 1, 1), date(2026, 2, 28))
    for key in ("2026-01", "2026-02"):
        with pytest.raises(BadInput, match="重叠"):
            rounds.start_round(office, city.listing, parse_period(key))


def test_opening_before_the_former_is_locked_is_told(city: City, today: Today) -> None:
    today(date(2026, 11, 3))
    office = city.browser("office")
    typed = {TOKEN_FIELD: new_token(), "list": city.listing.pk, "period": "2026-11"}
    page = office.post(reverse("months-open"), typed, follow=True).content.decode()
    assert "前面的2026年10月还没有锁定" in page
    with pytest.raises(Conflict, match="请按先后顺序锁定"):
        close_round(city.people.console, city.listing, parse_period("2026-11"))


def test_a_round_that_is_due_already_says_so_when_opened(city: City) -> None:
    late = rounds.start_round(city.people.act_as("office"), city.listing, parse_period("2026-07"))
    assert any("已过" in one for one in opening_notices(late))


def test_a_due_day_before_the_cut_off_is_refused(city: City) -> None:
    the_round = city.rounds["2026-10"]
    command = ChangeDays(date(2026, 10, 31), date(2026, 10, 30), "节前")
    with pytest.raises(BadInput, match="报送截止早于数据截止"):
        change_days(city.people.act_as("office"), the_round, command, the_round.version)


def test_a_clock_that_jumped_back_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rounds.clock_fault() is None  # the calendar is moved on purpose
    newest = Entry.objects.order_by("-at").values_list("at", flat=True)[0]
    monkeypatch.setattr(clock, "is_pretended", lambda: False)
    monkeypatch.setattr(clock, "now", lambda: newest - timedelta(days=40))
    fault = rounds.clock_fault()
    assert fault is not None
    assert "比服务器现在的" in fault.what
    with pytest.raises(BadInput, match=r"服务器今天是.*请系统管理员核对服务器时间"):
        rounds.start_round(city.people.act_as("office"), city.listing, parse_period("2026-10-T3"))
