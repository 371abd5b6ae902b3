from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guatu.engines.sheets import RowPlace
from guatu.reporting.intake.judge import Background, Question
from guatu.reporting.intake.likely import with_evidence
from guatu.reporting.intake.rows import CellText, ReportRow

WAN = 10_000
NOTHING = Background(
    plan_yuan=None,
    total_yuan=None,
    before_yuan=None,
    before_on=None,
    last_year_yuan=None,
    is_last_year_closed=False,
    started_on=None,
    completed_on=None,
)
OCTOBER, JANUARY = "2026-10-31/month", "2026-01-31/month"
AS_OF = date(2026, 10, 31)
MONTHS = tuple(date(2026, month, 28) for month in range(2, 10))


def likely(
    code: str, field: str, raw: str, known: Background | None, as_of: date = AS_OF
) -> tuple[str, str]:
    row = ReportRow(RowPlace("甲.xlsx", "进度", 3), "滨江路改造", None, "")
    row.cells["C3"] = CellText(field, raw, field)
    asked = with_evidence(Question(code, "？", "", "C3", is_waiting=True), row, known, as_of)
    return asked.likely, asked.why


@pytest.mark.parametrize(
    ("known", "as_of", "value"),
    [
        (NOTHING, AS_OF, ""),
        (None, AS_OF, ""),
        (NOTHING, date(2026, 9, 30), JANUARY),
        (NOTHING, date(2025, 12, 31), ""),
        (replace(NOTHING, planned_start_on=date(2026, 10, 1)), AS_OF, OCTOBER),
        (replace(NOTHING, planned_start_on=date(2026, 2, 1)), AS_OF, JANUARY),
        (replace(NOTHING, planned_start_on=date(2026, 6, 1)), AS_OF, ""),
        (replace(NOTHING, reported_on=MONTHS), AS_OF, OCTOBER),
        (replace(NOTHING, reported_on=(date(2025, 9, 30),)), AS_OF, ""),
        (
            replace(NOTHING, reported_on=MONTHS, planned_start_on=date(2026, 10, 1)),
            AS_OF,
            OCTOBER,
        ),
        (replace(NOTHING, reported_on=MONTHS, planned_start_on=date(2026, 1, 1)), AS_OF, ""),
        (replace(NOTHING, reported_on=MONTHS, started_on=date(2026, 1, 31)), AS_OF, ""),
    ],
)
def test_january_or_october_by_the_context(
    known: Background | None, as_of: date, value: str
) -> None:
    assert likely("month-ambiguous", "实际开工时间", "2026.1", known, as_of)[0] == value


def test_the_evidence_is_told() -> None:
    known = replace(NOTHING, reported_on=MONTHS)
    told = likely("month-ambiguous", "实际开工时间", "2026.1", known)
    assert told[1] == "2—9月各期没有报过开工"


def test_what_started_later_was_not_completed_in_january() -> None:
    known = replace(NOTHING, started_on=date(2026, 3, 1))
    assert likely("month-ambiguous", "实际竣工时间", "2026.1", known)[0] == OCTOBER


@pytest.mark.parametrize(
    ("known", "raw", "unit"),
    [
        (NOTHING, "9000", ""),
        (replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN), "9000", "万元"),
        (replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN), "0.9", "亿元"),
        (
            replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN),
            "90,000,000",
            "元",
        ),
        (replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN), "-5", ""),
        (replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN), "不清楚", ""),
        (replace(NOTHING, total_yuan=90_000_000 * WAN, before_yuan=1), "9000", ""),
    ],
)
def test_the_unit_in_which_an_amount_agrees(known: Background, raw: str, unit: str) -> None:
    assert likely("unit-missing", "本年累计完成投资", raw, known)[0] == unit


def test_a_slip_of_the_unit_by_plan_and_total() -> None:
    known = replace(NOTHING, plan_yuan=12_000 * WAN, total_yuan=50_000 * WAN)
    told = likely("above-total-investment", "本年累计完成投资", "90000000", known)
    assert told == (str(90_000_000), "与年度计划12,000万元（1.20亿元）相称")
    assert likely("approximate", "本年累计完成投资", "约9000", known) == ("", "")
