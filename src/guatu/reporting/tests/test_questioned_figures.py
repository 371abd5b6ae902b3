from __future__ import annotations

from datetime import date

import pytest

from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, Report
from guatu.reporting.tests.reports import (
    AS_OF,
    PARK,
    WAN,
    Desk,
    counts,
    figure,
    open_questions,
)
from guatu.reporting.types import ReportState
from tests.tables import (
    codes,
    report_line,
)


def test_a_figure_below_last_month_s_enters_as_questioned(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    taken = desk.take(report_line(PARK, 800))
    assert (counts(taken), codes(taken.questioned)) == ((1, 0, 0, 0), ["below-last-month"])
    assert figure(PARK) == 800
    report = Report.objects.get(period__key="2026-09")
    assert report.state == ReportState.QUESTIONED
    assert open_questions() == ["below-last-month"]


def test_a_reduction_with_its_reason_is_accepted(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    taken = desk.take(report_line(PARK, 800, **{"本月完成投资（万元）": -100}, 核减原因="审计核减"))
    assert (taken.questioned, taken.waiting) == ([], [])
    stored = Figure.objects.get(indicator__code="investment_month")
    assert (stored.value, stored.reason) == (-100 * WAN, "审计核减")
    assert Report.objects.get(period__key="2026-09").state == ReportState.ACCEPTED


def test_last_month_means_the_last_one_of_this_year(desk: Desk) -> None:
    desk.list_of(2025)
    desk.take(report_line(PARK, 9_000), period="2025-12")
    assert desk.take(report_line(PARK, 100), period="2026-01+02").questioned == []


@pytest.mark.parametrize("closes", [False, True])
def test_last_year_s_figure_is_stored_only_where_none_is_accepted_and_nothing_closed(
    desk: Desk, closes: bool
) -> None:
    desk.list_of(2025)
    if closes:
        desk.take(report_line("没有", 1), period="2025-09")
        desk.close("2025-09")
    taken = desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 500}))
    assert figure(PARK, date(2025, 9, 30)) == (None if closes else 500)
    assert codes(taken.questioned) == (["last-year-closed"] if closes else [])


def test_a_differing_last_year_s_figure_is_a_question_and_never_a_correction(desk: Desk) -> None:
    desk.list_of(2025)
    desk.take(report_line(PARK, 500), period="2025-09")
    taken = desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 501}))
    assert codes(taken.questioned) == ["last-year-differs"]
    assert figure(PARK, date(2025, 9, 30)) == 500
    assert Figure.objects.filter(as_of=date(2025, 9, 30)).count() == 1


def test_last_year_s_figure_of_the_end_of_february(desk: Desk) -> None:
    desk.list_of(2028)
    desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 500}), period="2028-01+02")
    assert figure(PARK, date(2028, 2, 29)) == 700
    assert figure(PARK, date(2027, 2, 28)) == 500


def test_an_actual_start_becomes_a_date_fact(desk: Desk) -> None:
    desk.take(report_line(PARK, 700, 实际开工时间="2026年9月12日", 实际竣工时间="2026年9月30日"))
    facts = DateFact.objects.filter(kind="actual").order_by("milestone")
    assert [(f.milestone, f.on, f.seq) for f in facts] == [
        ("completion", AS_OF, 1),
        ("start", date(2026, 9, 12), 1),
    ]


def test_a_coarser_statement_of_a_known_day_changes_nothing(desk: Desk) -> None:
    desk.take(report_line(PARK, 700, 实际开工时间="2026年8月12日"))
    taken = desk.take(report_line(PARK, 800, 实际开工时间="2026年8月"), name="月报(2).csv")
    assert (counts(taken), taken.questioned) == ((0, 1, 0, 0), [])
    assert DateFact.objects.get(kind="actual").on == date(2026, 8, 12)
