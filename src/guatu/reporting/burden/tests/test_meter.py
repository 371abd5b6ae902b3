from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting.burden.meter import (
    Asked,
    Bearer,
    Listed,
    by_month,
    counted,
    expected,
    fillings,
    reporting_unit,
)
from guatu.reporting.burden.types import FormCadence, Source

TODAY = date(2026, 10, 31)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("cadence", "since", "until", "due"),
    [
        (FormCadence.ONCE, "03-05", "06-30", ["03-05"]),
        (FormCadence.WEEK, "03-02", "03-17", ["03-02", "03-09", "03-16"]),
        (FormCadence.MONTH, "03-05", "05-10", ["03-31", "04-30", "05-10"]),
        (FormCadence.MONTH, "03-05", "03-31", ["03-31"]),
        (FormCadence.QUARTER, "02-01", "07-01", ["03-31", "06-30", "07-01"]),
        (FormCadence.HALF_YEAR, "01-01", "12-31", ["06-30", "12-31"]),
        (FormCadence.YEAR, "04-01", "12-31", ["12-31"]),
        (FormCadence.MONTH, "05-10", "05-09", []),
    ],
)
def test_a_form_is_due_as_often_as_it_says(
    cadence: FormCadence, since: str, until: str, due: list[str]
) -> None:
    assert list(fillings(cadence, day(since), day(until))) == [day(one) for one in due]


@given(
    st.sampled_from(FormCadence),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(0, 800),
)
def test_due_days_rise_and_stay_within(cadence: FormCadence, since: date, days: int) -> None:
    until = date.fromordinal(since.toordinal() + days)
    due = list(fillings(cadence, since, until))
    assert due == sorted(set(due))
    assert due
    assert since <= due[0]
    assert due[-1] <= until


def asked(month: int, cells: int, year: int = 2026, unit: int = 1, what: str = "月报") -> Asked:
    return Asked(unit, year, month, Source.REPORTS, what, cells)


def test_a_year_is_compared_with_the_same_months_of_the_last() -> None:
    rows = [asked(3, 12), asked(10, 12), asked(9, 30, 2025), asked(11, 40, 2025)]
    count = counted(rows, TODAY, lambda one: one.unit_id)[1]
    assert (count.now, count.then, count.last_year) == (24, 30, 70)
    assert (count.change, count.change_share) == (-6, "-20.0%")
    assert by_month(rows, 2026)[10] == (11, 0, 40)


def test_nothing_asked_a_year_ago_gives_no_share() -> None:
    count = counted([asked(3, 12)], TODAY, lambda one: one.what)["月报"]
    assert (count.change, count.change_share) == (12, "")


def listed(project: int, package: int | None = None, **days: date) -> Listed:
    joined = days.get("joined", date(2026, 1, 1))
    return Listed(1, project, package, joined, days.get("left"), days.get("removed"))


def test_a_round_expects_what_stood_on_its_list_that_day() -> None:
    entries = [
        listed(1),
        listed(2, package=1),
        listed(3, package=9),
        listed(4, left=day("10-01")),
        listed(5, joined=day("10-15")),
        listed(6, removed=day("09-01")),
    ]
    assert sorted(expected(entries, day("09-30"))) == [1, 3, 4]
    assert sorted(expected(entries, day("10-31"))) == [1, 3, 5]


def test_the_unit_named_for_reporting_wins_over_the_lead() -> None:
    lead = Bearer(1, False, date(2020, 1, 1), None, 1)
    later = Bearer(2, False, day("06-01"), None, 2)
    named = Bearer(3, True, day("01-01"), day("06-30"), 3)
    assert reporting_unit([lead, later, named], day("06-15")) == 3
    assert reporting_unit([lead, later, named], day("07-01")) == 2
    assert reporting_unit([lead, later], day("05-01")) == 1
    assert reporting_unit([], day("05-01")) is None
