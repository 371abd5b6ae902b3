"""Every kind of question at its border: asked on one side, silent on the other and where nothing
is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.core.periods import month_end
from guatu.reporting.asking.judging import BOOK_KINDS, ask_reports, ask_units, kind_of
from guatu.reporting.asking.limits import question_book
from guatu.reporting.asking.tests.courses import ME, WAN, course, kinds, rival, told
from guatu.reporting.asking.types import Conditions, Identity
from guatu.reporting.types import FigureQuestionKind

FALLS, TOTAL, CONTRACT, PAID = ("falls", "above-total", "above-contract", "above-paid")


def test_every_list_of_the_book_is_a_kind_and_every_kind_a_list() -> None:
    assert {kind_of(one.name) for one in question_book().lists} == set(BOOK_KINDS)


@pytest.mark.parametrize(
    ("now", "more", "expected"),
    [
        (800, {}, []),
        (799, {}, [FALLS]),
        (799, {"reason": "结算核减"}, []),
        (799, {"reason": "  "}, [FALLS]),
        (None, {}, []),
    ],
)
def test_a_cumulative_that_falls(
    now: int | None, more: dict[str, Any], expected: list[str]
) -> None:
    assert kinds(course(told(5, 800), told(6, now, **more))) == expected


def test_a_first_report_of_the_year_falls_from_nothing() -> None:
    assert kinds(course(told(2, 0))) == []


def test_a_life_figure_that_falls_is_asked_about_though_the_year_rises() -> None:
    one = course(told(5, 800, life_yuan=1_800 * WAN), told(6, 900, life_yuan=1_700 * WAN))
    (hit,) = ask_reports([one])
    assert hit.kind == FigureQuestionKind.FALLS
    assert "1,700万元" in hit.text


@pytest.mark.parametrize(("wan", "expected"), [(9_000, []), (9_001, [TOTAL])])
def test_above_the_total(wan: int, expected: list[str]) -> None:
    assert kinds(course(told(6, wan), plan_yuan=None)) == expected


def test_nothing_is_above_an_unknown_total_or_with_unknown_years_before() -> None:
    assert kinds(course(told(6, 99_000), plan_yuan=None, total_yuan=None)) == []
    assert kinds(course(told(6, 99_000), plan_yuan=None, before_years_yuan=None)) == []


@pytest.mark.parametrize(("contract", "expected"), [(1_500, []), (1_499, [CONTRACT]), (None, [])])
def test_above_the_contract(contract: int | None, expected: list[str]) -> None:
    yuan = None if contract is None else contract * WAN
    assert kinds(course(told(6, 500), contract_yuan=yuan)) == expected


@pytest.mark.parametrize(
    ("paid", "expected"), [(450 * WAN, []), (450 * WAN - 1, [PAID]), (None, [])]
)
def test_far_above_what_was_paid(paid: int | None, expected: list[str]) -> None:
    assert kinds(course(told(6, 500), paid_yuan=paid)) == expected


def test_a_small_sum_is_not_held_against_payment() -> None:
    assert kinds(course(told(6, 500), before_years_yuan=499 * WAN, paid_yuan=0)) == []


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, ["exactly-plan"])])
def test_exactly_the_plan_month_after_month(count: int, expected: list[str]) -> None:
    reports = [told(month, 200 * month) for month in range(7 - count, 7)]
    paces = {month_end(2026, month): 200 * month * WAN for month in range(2, 13)}
    assert kinds(course(told(3, 590), *reports, paces=paces)) == expected
    off = replace(reports[-1], year_yuan=1_200 * WAN + 1)
    assert kinds(course(told(3, 590), *reports[:-1], off, paces=paces)) == []


@pytest.mark.parametrize(
    ("november", "expected"),
    # December is 840 of 2400: 35 per cent of the year's figure and of the plan.
    [(1_560, ["year-end"]), (1_561, [])],
)
def test_a_december_that_holds_the_year(november: int, expected: list[str]) -> None:
    assert kinds(course(told(11, november), told(12, 2_400))) == expected


def test_december_of_a_project_that_began_in_autumn() -> None:
    one = course(told(11, 100), told(12, 2_400), started_on=date(2026, 8, 1), before_years_yuan=0)
    assert kinds(one) == []
    began = replace(one, started_on=date(2026, 7, 31))
    assert kinds(began) == ["year-end"]


def test_december_after_a_gap_is_not_one_month() -> None:
    assert kinds(course(told(9, 100), told(12, 2_400))) == []


RIVALS = [rival(number, 5_000 + number * 10) for number in range(8)]
"""Rates from 50 to 50.7 per cent; their median 50.35, the spread at its least, 3 points."""


@pytest.mark.parametrize(
    ("wan", "expected"), [(8_035, ["off-pace"]), (8_034, []), (1_035, ["off-pace"]), (1_036, [])]
)
def test_far_from_the_pace_of_the_class(wan: int, expected: list[str]) -> None:
    one = course(told(6, wan), plan_yuan=10_000 * WAN, total_yuan=None)
    assert kinds(one, *RIVALS) == expected


def test_a_class_of_seven_has_no_pace_and_who_began_this_year_may_be_behind() -> None:
    ahead = course(told(6, 9_900), plan_yuan=10_000 * WAN, total_yuan=None)
    assert kinds(ahead, *RIVALS[:7]) == []
    late = course(told(6, 10), plan_yuan=10_000 * WAN, total_yuan=None, started_on=date(2026, 5, 1))
    assert kinds(late, *RIVALS) == []


@pytest.mark.parametrize(
    ("node", "wan", "expected"),
    [
        ("基础施工", 4_500, []),
        ("基础施工", 4_501, ["node"]),
        ("竣工验收", 5_000, []),
        ("竣工验收", 4_999, ["node"]),
        ("", 8_900, []),
        ("正常推进", 8_900, []),
    ],
)
def test_money_against_the_node(node: str, wan: int, expected: list[str]) -> None:
    assert kinds(course(told(6, wan, node=node), plan_yuan=None)) == expected


STARTED = date(2026, 5, 10)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (Conditions(), []),
        (Conditions(land_on=STARTED, money_on=STARTED, approval_on=STARTED), []),
        (Conditions(land_on=date(2026, 5, 11)), ["conditions"]),
        (Conditions(land_on=STARTED, money_on=date(2026, 5, 11)), ["conditions"]),
        (Conditions(approval_on=date(2026, 5, 11)), ["conditions"]),
        (Conditions(lacking=("用地",)), ["conditions"]),
    ],
)
def test_a_start_before_its_conditions(conditions: Conditions, expected: list[str]) -> None:
    one = course(told(6, 100), started_on=STARTED, before_years_yuan=0, conditions=conditions)
    assert kinds(one) == expected


def test_what_the_list_lacked_says_nothing_of_an_old_start() -> None:
    assert kinds(course(told(6, 100), conditions=Conditions(lacking=("资金",)))) == []


OTHER = Identity(
    project_id=2, name="江北新材料产业园工程", code="X-1", region="甲", site="滨江路", owner="城投"
)


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        ({"name": "江北新材料产业园建设项目", "site": "滨江路"}, ["repeated"]),
        ({"name": "江北新材料产业园建设项目", "site": "别处"}, []),
        ({"name": "江北新材料产业园建设项目", "site": "别处", "owner": "城投"}, ["repeated"]),
        ({"name": "江北新材料产业园二期", "site": "滨江路"}, []),
        ({"name": "石门水库", "code": "x-1"}, ["repeated"]),
        ({"name": "江北新能源产业园", "site": "滨江路"}, []),
    ],
)
def test_a_start_that_looks_like_another(mine: dict[str, str], expected: list[str]) -> None:
    identity = replace(ME, **mine)  # type: ignore[arg-type]
    assert kinds(course(told(6, 100), identity=identity, look_alike=OTHER)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本年完成投资525万元。", ["text"]),
        ("本年完成投资524.9万元。", []),
        ("开工以来累计完成投资1500万元。", []),
        ("开工以来累计完成投资1575万元。", ["text"]),
        ("完成年度投资计划的25.8%。", []),
        ("完成年度投资计划的25.84%。", ["text"]),
        ("因资金问题停工。", ["text"]),
        ("上月停工，本月已复工。", []),
        ("项目已全面竣工。", ["text"]),
        ("主体工程已完工。", []),
        ("一标段完成投资900万元。", []),
        ("", []),
    ],
)
def test_text_against_the_figure(text: str, expected: list[str]) -> None:
    one = course(told(5, 300), told(6, 500, text=text))
    assert kinds(one) == expected


def test_a_standstill_without_new_work_contradicts_nothing() -> None:
    assert kinds(course(told(5, 500), told(6, 500, text="停工。"))) == []


def test_no_question_accuses() -> None:
    one = course(told(5, 800), told(6, 700, text="今年完成投资900万元。"), contract_yuan=1)
    hits = ask_reports([one])
    assert [hit.kind.value for hit in hits] == [FALLS, CONTRACT, "text"]
    for hit in hits:
        assert "请核实" in hit.text
        assert not set("虚假弄骗谎") & set(hit.text)


@pytest.mark.parametrize(
    ("rounds", "odd", "expected"), [(8, 2, 1), (8, 3, 0), (6, 1, 0), (7, 1, 1)]
)
def test_heaps_of_round_numbers(rounds: int, odd: int, expected: int) -> None:
    courses = [
        course(told(6, 300 if number < rounds else 337), identity=replace(ME, project_id=number))
        for number in range(rounds + odd)
    ]
    hits = ask_units(courses)
    assert len(hits) == expected
    assert all(hit.unit_id == 7 and hit.project_id is None for hit in hits)


def test_the_same_thing_has_the_same_key_next_month_and_another_when_it_changes() -> None:
    def key(month: int, total: int) -> str:
        (hit,) = ask_reports([course(told(month, 9_500 + month), plan_yuan=None,
                                     total_yuan=total * WAN)])  # fmt: skip
        return hit.key

    assert key(6, 10_000) == key(7, 10_000) != key(7, 10_001)
