"""Weeks across New Year, from the report to the snapshot: the period's year, not the day's."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.assessment.models import Snapshot
from guatu.assessment.presenters import assessment_json
from guatu.assessment.services.assess import AssessRound, assess_round
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import correct_round
from guatu.assessment.tests.rounds import PARK, WAN, Office, subject
from guatu.core.periods import parse_period
from guatu.ledger.queries import find_list
from tests.tables import (
    codes,
    project_row,
    put_list,
    put_report,
    report_line,
    take_list,
    take_reports,
)

LAST_YEAR = "上年同期累计完成投资（万元）"


def list_in(office: Office, year: int) -> None:
    path = put_list(office.folder / f"{year}.csv", project_row(PARK, "P-1"))
    take_list(office.console, path, year=year)


def report(office: Office, period: str, wan: int, **cells: str | int) -> list[str]:
    """Codes of what is asked or refused."""
    path = put_report(office.folder / f"{period}-{wan}.csv", report_line(PARK, wan, "", **cells))
    taken = take_reports(office.console, path, period=period)
    return codes([*taken.questioned, *taken.waiting, *taken.refused])


def close(office: Office, period: str) -> Snapshot:
    key = parse_period(period)
    return close_round(office.console, find_list(key.year, None), key)


def values(snapshot: Snapshot) -> list[tuple[date, int]]:
    return [(f.as_of, f.value // WAN) for f in subject(snapshot, PARK).investment]


@pytest.mark.parametrize(
    ("period", "progress", "gap"),
    [("2026-W53", "100.0", "-25.0"), ("2026-W01", "8.3", "66.7")],
)
def test_a_week_across_new_year_is_assessed_in_its_own_year(
    office: Office, period: str, progress: str, gap: str
) -> None:
    list_in(office, 2026)
    assert report(office, period, 9_000) == []
    snapshot = close(office, period)
    made = assess_round(office.console, snapshot, AssessRound())
    total = assessment_json(made, snapshot)["total"]
    assert (total["completion_rate"], total["time_progress"]) == ("75.0", progress)
    assert total["gap_to_time_progress"] == gap
    assert total["planned_starts"] == 1, "planned for March of the list's year"


@pytest.mark.parametrize(
    "period", ["2026-09", "2026-09-T2", "2026-09-B1", "2026-09-14", "2026-W36", "2026-W53"]
)
def test_last_year_s_figure_is_stored_and_read_for_the_same_period(
    office: Office, period: str
) -> None:
    list_in(office, 2026)
    assert report(office, period, 6_000, **{LAST_YEAR: 4_000}) == []
    made = assess_round(office.console, close(office, period), AssessRound())
    assert made.measured[0].last_year_yuan == 4_000 * WAN
    assert made.total.compared == 1


def test_the_week_s_own_figure_of_last_year_is_what_it_is_compared_with(office: Office) -> None:
    for year, week, wan in ((2025, "2025-W52", 8_000), (2026, "2026-W53", 9_000)):
        list_in(office, year)
        report(office, week, wan)
    snapshot = close(office, "2026-W53")
    assert values(snapshot) == [(date(2025, 12, 28), 8_000), (date(2027, 1, 3), 9_000)]
    made = assess_round(office.console, snapshot, AssessRound())
    assert made.measured[0].last_year_yuan == 8_000 * WAN


def test_figures_of_the_new_year_s_first_days_are_not_the_old_year_s(office: Office) -> None:
    for year in (2026, 2027):
        list_in(office, year)
    report(office, "2026-W52", 11_000)
    close(office, "2026-W52")
    report(office, "2027-01-02", 10)
    assert report(office, "2026-W53", 11_500) == []
    assert values(close(office, "2026-W53"))[-2:] == [
        (date(2026, 12, 27), 11_000),
        (date(2027, 1, 3), 11_500),
    ]


def test_the_old_year_s_last_week_is_not_the_new_year_s_first_figure(office: Office) -> None:
    for year in (2026, 2027):
        list_in(office, year)
    report(office, "2026-W53", 11_500)
    assert report(office, "2027-01", 300) == [], "300 is no fall from 11,500"
    made = assess_round(office.console, close(office, "2027-01"), AssessRound())
    assert made.total.completed_yuan == 300 * WAN


def test_a_week_below_the_week_before_it_is_questioned_across_new_year(office: Office) -> None:
    list_in(office, 2026)
    report(office, "2026-W52", 11_000)
    assert len(report(office, "2026-W53", 10_000)) == 1


def test_a_correction_of_the_last_week_touches_the_next_year_s_rounds(office: Office) -> None:
    for year in (2026, 2027, 2028):
        list_in(office, year)
    for key in ("2026-W53", "2027-W01", "2027-W52", "2028-W01"):
        report(office, key, 9_000)
        close(office, key)
    path = put_report(office.folder / "更正.csv", report_line(PARK, 9_500))
    week = parse_period("2026-W53")
    done = correct_round(office.console, find_list(2026, None), week, [path], reason="复核")
    assert done.touched_rounds == ["2027年重点项目 · 2027年第1周", "2027年重点项目 · 2027年第52周"]
