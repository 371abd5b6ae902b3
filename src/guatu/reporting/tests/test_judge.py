from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.ratio import Ratio
from guatu.engines.sheets import Flag, FlagKind, RowPlace
from guatu.reporting.intake.judge import Background, Judged, earliest, judge
from guatu.reporting.intake.rows import ActualDate, Amount, ReportRow

WAN = 10_000
AS_OF = date(2026, 9, 30)
BACKGROUND = Background(
    plan_yuan=12_000 * WAN,
    total_yuan=50_000 * WAN,
    before_yuan=6_000 * WAN,
    before_on=date(2026, 8, 31),
    last_year_yuan=None,
    is_last_year_closed=False,
    started_on=None,
    completed_on=None,
)
YEAR, MONTH = "本年累计完成投资", "本月完成投资"
AGO, LIFE = "上年同期累计完成投资", "自开工累计完成投资"


def row(
    amounts: dict[str, int] | None = None,
    dates: dict[str, tuple[date, str]] | None = None,
    reason: str = "",
) -> ReportRow:
    """A report of 7,000 万元, or of other amounts in 万元."""
    given = {YEAR: 7_000} if amounts is None else amounts
    return ReportRow(
        place=RowPlace("f.xlsx", "表", 5, "A5"),
        name="甲",
        code=None,
        region="",
        amounts={name: Amount(wan * WAN, str(wan), "C5") for name, wan in given.items()},
        dates={
            name: ActualDate(on, precision, "", "D5")
            for name, (on, precision) in (dates or {}).items()
        },
        reason=reason,
    )


def judged(one: ReportRow, **known: object) -> Judged:
    return judge(one, 7, replace(BACKGROUND, **known), AS_OF)  # type: ignore[arg-type]


def told(one: Judged) -> list[str]:
    return [question.code for question in one.questions]


CASES: list[tuple[str, ReportRow, dict[str, object], list[str], bool]] = [
    ("a usual figure", row(), {}, [], False),
    ("the same as last month", row({YEAR: 6_000}), {}, [], False),
    ("nothing done yet", row({YEAR: 0}), {"before_yuan": None, "before_on": None}, [], False),
    ("below last month", row({YEAR: 5_999}), {}, ["below-last-month"], False),
    ("below last month with a reason", row({YEAR: 5_999}, reason="审计核减"), {}, [], False),
    ("negative", row({YEAR: -1}), {}, ["negative-figure"], True),
    ("negative with a reason", row({YEAR: -1}, reason="全额核减"), {}, [], False),
    ("since the start negative", row({YEAR: 7_000, LIFE: -1}), {}, ["negative-figure"], True),
    ("last year negative", row({YEAR: 7_000, AGO: -1}), {}, ["negative-figure"], True),
    ("above the plan", row({YEAR: 13_000}), {}, [], False),
    ("above the total", row({YEAR: 50_001}), {}, ["above-total-investment"], False),
    ("no total known", row({YEAR: 50_001}), {"total_yuan": None}, [], False),
    ("yuan for wan", row({YEAR: 70_000_000}), {}, ["above-total-investment"], True),
    ("no figure", row({}), {}, ["no-figure"], True),
    ("no figure and no plan", row({}), {"plan_yuan": None}, [], False),
    ("only the month", row({MONTH: 5}), {}, ["month-only"], True),
    ("the month fits", row({YEAR: 7_000, MONTH: 1_000}), {}, [], False),
    ("the month does not fit", row({YEAR: 7_000, MONTH: 900}), {}, ["month-mismatch"], False),
    (
        "the month cannot be told when a month is missing",
        row({YEAR: 7_000, MONTH: 400}), {"before_on": date(2026, 7, 31)}, [], False,
    ),
    (
        "a negative month with a reason",
        row({YEAR: 5_000, MONTH: -1_000}, reason="审计核减"), {}, [], False,
    ),
    (
        "a negative month without a reason",
        row({YEAR: 5_000, MONTH: -1_000}), {}, ["below-last-month"], False,
    ),
    (
        "a negative month of a first report",
        row({YEAR: 5_000, MONTH: -1}), {"before_yuan": None, "before_on": None},
        ["negative-month"], False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "known", "questions", "waits"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_figure_is_taken_asked_about_or_kept_waiting(
    one: ReportRow, known: dict[str, object], questions: list[str], waits: bool
) -> None:
    verdict = judged(one, **known)
    assert (told(verdict), verdict.is_waiting) == (questions, waits)
    assert verdict.is_questioned == (bool(questions) and not waits)
    assert all(question.what and question.remedy for question in verdict.questions)


@pytest.mark.parametrize(
    ("known", "takes", "questions"),
    [
        ({}, True, []),
        ({"last_year_yuan": 5_000 * WAN}, False, []),
        ({"last_year_yuan": 5_001 * WAN}, False, ["last-year-differs"]),
        ({"is_last_year_closed": True}, False, ["last-year-closed"]),
        ({"last_year_yuan": 5_000 * WAN, "is_last_year_closed": True}, False, []),
    ],
)
def test_last_year_s_figure_is_taken_only_where_none_is_accepted(
    known: dict[str, object], takes: bool, questions: list[str]
) -> None:
    verdict = judged(row({YEAR: 7_000, AGO: 5_000}), **known)
    assert (verdict.takes_last_year, told(verdict), verdict.is_waiting) == (takes, questions, False)


def test_a_waiting_row_takes_neither_last_year_s_figure_nor_dates() -> None:
    verdict = judged(row({YEAR: -5, AGO: 5_000}, {"start": (date(2026, 9, 1), "day")}))
    assert verdict.is_waiting
    assert not verdict.takes_last_year
    assert not verdict.takes_dates


SEPTEMBER, DAY = date(2026, 9, 30), date(2026, 9, 12)


@pytest.mark.parametrize(
    ("given_date", "known", "takes", "questions"),
    [
        ((DAY, "day"), {}, True, []),
        ((SEPTEMBER, "month"), {}, True, []),
        ((date(2026, 10, 1), "day"), {}, False, ["date-in-the-future"]),
        ((date(2026, 10, 31), "month"), {}, False, ["date-in-the-future"]),
        ((date(2026, 10, 10), "ten-day"), {}, False, ["date-in-the-future"]),
        ((date(2026, 12, 31), "year"), {}, True, []),
        ((DAY, "day"), {"started_on": DAY}, False, []),
        ((SEPTEMBER, "month"), {"started_on": DAY}, False, []),
        (
            (DAY, "day"), {"started_on": SEPTEMBER, "started_precision": "month"}, True, [],
        ),
        ((DAY, "day"), {"started_on": date(2026, 9, 2)}, True, ["date-changed"]),
        (
            (DAY, "day"),
            {"started_on": date(2026, 8, 31), "started_precision": "month"},
            True,
            ["date-changed"],
        ),
        ((DAY, "day"), {"started_look_alike": "甲二号"}, True, ["repeated-start"]),
        ((DAY, "day"), {"started_on": DAY, "started_look_alike": "甲二号"}, False, []),
    ],
)  # fmt: skip
def test_a_start_is_taken_unless_it_is_known_or_lies_ahead(
    given_date: tuple[date, str], known: dict[str, object], takes: bool, questions: list[str]
) -> None:
    verdict = judged(row(dates={"start": given_date}), **known)
    assert ("start" in verdict.takes_dates, told(verdict)) == (takes, questions)
    assert not verdict.is_waiting


@pytest.mark.parametrize(
    ("kind", "waits"),
    [
        (FlagKind.NOTE, False),
        (FlagKind.DOUBTFUL, True),
        (FlagKind.UNREADABLE, True),
        (FlagKind.REFUSED, True),
    ],
)
def test_a_cell_that_is_more_than_noted_keeps_the_row_waiting(kind: FlagKind, waits: bool) -> None:
    flag = Flag("odd", kind, "有疑问", "请核对")
    one = row()
    one.amounts[YEAR] = Amount(7_000 * WAN, "7000", "C5", (flag,))
    verdict = judged(one)
    assert (told(verdict), verdict.is_waiting) == (["odd"] if waits else [], waits)


@pytest.mark.parametrize(
    ("printed", "questions"),
    [
        (Ratio(5833, 10_000), []),
        (Ratio(583, 1_000), []),
        (Ratio(58, 100), []),
        (Ratio(5_833, 100), ["rate-contradicts"]),
        (Ratio(60, 100), ["rate-contradicts"]),
    ],
)
def test_a_printed_rate_that_its_inputs_contradict_is_asked_about(
    printed: Ratio, questions: list[str]
) -> None:
    one = row()
    one.printed_rate = (printed, "E5")
    verdict = judged(one)
    assert (told(verdict), verdict.is_waiting) == (questions, False)


@given(st.dates(), st.sampled_from(["day", "ten-day", "month", "year"]))
def test_the_earliest_day_is_never_after_the_date_and_in_the_same_span(
    on: date, precision: str
) -> None:
    first = earliest(on, precision)
    assert first <= on
    assert first.year == on.year
    assert earliest(first, precision) == first
    if precision != "year":
        assert first.month == on.month


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_without_a_reason_a_figure_below_last_month_s_is_always_asked_about(
    before: int, yuan: int
) -> None:
    one = row()
    one.amounts[YEAR] = Amount(yuan, str(yuan), "C5")
    verdict = judged(one, before_yuan=before, total_yuan=None)
    assert ("below-last-month" in told(verdict)) == (yuan < before)
    assert not verdict.is_waiting
