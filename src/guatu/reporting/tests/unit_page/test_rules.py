from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.reporting import rules
from guatu.reporting.review.rules import settled_state
from guatu.reporting.rules import Amounts, Last, Standing, in_step, state_words

CUT_OFF, DUE = date(2026, 9, 30), date(2026, 10, 12)
OCTOBER = date(2026, 10, 1)
SEPTEMBER = Last(year_yuan=900, life_yuan=2000, on=date(2026, 9, 30), life_on=date(2026, 9, 30),
                 is_next=True)  # fmt: skip


@pytest.mark.parametrize(
    ("standing", "today", "words"),
    [
        (Standing(), date(2026, 9, 20), "未到期"),
        (Standing(), CUT_OFF, "待报"),
        (Standing(), DUE, "待报"),
        (Standing(), date(2026, 10, 13), "逾期未报"),
        (Standing(has_draft=True), date(2026, 9, 20), "已暂存"),
        (Standing(has_draft=True), date(2026, 10, 13), "逾期未报"),
        (Standing(state="submitted", source="unit", sent_on=DUE), DUE, "已报送"),
        (Standing(state="submitted", source="unit", sent_on=date(2026, 10, 13)), DUE, "逾期报送"),
        (Standing(state="submitted", source="unit", is_unchanged=True, sent_on=DUE), DUE,
         "本期无变化"),
        (Standing(state="questioned", source="unit"), DUE, "待核实"),
        (Standing(state="returned", source="unit", has_draft=True), DUE, "已退回"),
        (Standing(state="accepted", source="unit"), DUE, "已审核"),
        (Standing(state="accepted", source="workbook"), DUE, "已审核"),
        (Standing(state="proxy_unconfirmed", source="phone"), DUE, "代报待确认"),
    ],
)  # fmt: skip
def test_the_words_of_a_report(standing: Standing, today: date, words: str) -> None:
    assert state_words(standing, cut_off_on=CUT_OFF, due_on=DUE, today=today) == words


@pytest.mark.parametrize(
    ("typed", "last", "first_on", "kept"),
    [
        (Amounts(), SEPTEMBER, OCTOBER, None),
        (Amounts(month_yuan=5), Last(year_yuan=900, on=date(2026, 8, 31)), OCTOBER, None),
        (Amounts(month_yuan=5), Last(), date(2026, 1, 1), (5, 5, None)),
        (Amounts(year_yuan=7), Last(), date(2026, 1, 1), (7, 7, None)),
        (Amounts(year_yuan=7), Last(), OCTOBER, (7, None, None)),
        (Amounts(year_yuan=950, life_yuan=2000), SEPTEMBER, OCTOBER, (950, 50, 2050)),
        (Amounts(year_yuan=950, life_yuan=3000), SEPTEMBER, OCTOBER, (950, 50, 3000)),
        (Amounts(year_yuan=900, month_yuan=0), SEPTEMBER, OCTOBER, (900, 0, 2000)),
        (Amounts(year_yuan=800), SEPTEMBER, OCTOBER, (800, -100, 1900)),
    ],
)
def test_figures_in_step(
    typed: Amounts, last: Last, first_on: date, kept: tuple[int | None, ...] | None
) -> None:
    found = in_step(typed, last, first_on=first_on)
    told = None if found is None else (found.year_yuan, found.month_yuan, found.life_yuan)
    assert told == kept


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_either_typed_gives_the_same(before: int, step: int) -> None:
    last = Last(year_yuan=before, on=date(2026, 9, 30), is_next=True)
    by_month = in_step(Amounts(month_yuan=step), last, first_on=OCTOBER)
    by_year = in_step(Amounts(year_yuan=before + step), last, first_on=OCTOBER)
    assert by_month == by_year == Amounts(year_yuan=before + step, month_yuan=step)


def test_what_a_reviewer_accepted_is_not_sent_again() -> None:
    assert not rules.may_send("accepted", "unit")
    assert rules.may_send("accepted", "workbook")
    assert rules.may_send("returned", "unit")


@pytest.mark.parametrize(
    ("source", "by_reviewer", "state"),
    [
        ("unit", False, "submitted"),
        ("unit", True, "submitted"),
        ("workbook", True, "submitted"),
        ("workbook", False, "accepted"),
        ("phone", False, "accepted"),
    ],
)
def test_what_waits_for_a_reviewer_once_nothing_is_asked(
    source: str, by_reviewer: bool, state: str
) -> None:
    assert settled_state(source, by_reviewer=by_reviewer) == state
