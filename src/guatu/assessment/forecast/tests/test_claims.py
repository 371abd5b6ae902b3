"""What the unit, the rules and the forecast say of one project."""

from __future__ import annotations

import pytest

from guatu.assessment.forecast.claims import (
    HARD,
    HOPEFUL,
    Claim,
    Voice,
    disagreement,
    forecast_says,
    rules_say,
    unit_says,
)
from guatu.assessment.forecast.types import Estimate
from guatu.assessment.tests.subjects import a_subject
from guatu.engines.rulebook import Severity

PLAN = 1_000


def told(p80: int, p50: int, p20: int) -> Estimate:
    return Estimate(p80, p50, p20, 40, 200)


@pytest.mark.parametrize(
    ("problem", "voice"),
    [
        ("", Voice.GOOD),
        ("无", Voice.GOOD),
        ("暂无。", Voice.GOOD),
        (" / ", Voice.GOOD),
        ("无存在问题", Voice.GOOD),
        ("无法取得用地批复", Voice.OPEN),
        ("专项债资金尚未到位", Voice.OPEN),
    ],
)
def test_the_line_of_problems_speaks_for_the_unit(problem: str, voice: Voice) -> None:
    assert unit_says(a_subject(problem=problem)).voice is voice


def test_without_a_report_the_unit_says_nothing() -> None:
    claim = unit_says(a_subject(report_state=""))
    assert claim == Claim(None, "没有月报")


def test_a_judgement_of_the_ledger_goes_before_the_report() -> None:
    assert unit_says(a_subject(judgements={HARD: True})).voice is Voice.DIFFICULT
    hopeful = a_subject(judgements={HOPEFUL: True, HARD: False}, problem="资金未到位")
    assert unit_says(hopeful).voice is Voice.GOOD


@pytest.mark.parametrize(
    ("severity", "voice"),
    [
        (Severity.OK, Voice.GOOD),
        (Severity.NOTICE, Voice.OPEN),
        (Severity.WARNING, Voice.DIFFICULT),
        (Severity.SERIOUS, Voice.DIFFICULT),
        (Severity.NO_DATA, None),
        (Severity.NOT_IN_SCOPE, None),
        ("", None),
        ("purple", None),
    ],
)
def test_a_light_speaks_only_where_it_is_a_verdict(severity: str, voice: Voice | None) -> None:
    assert rules_say(severity, "灯").voice is voice


@pytest.mark.parametrize(
    ("estimate", "voice"),
    [
        (told(1_000, 1_010, 1_020), Voice.GOOD),
        (told(999, 1_010, 1_020), Voice.OPEN),
        (told(700, 900, 1_000), Voice.OPEN),
        (told(700, 900, 999), Voice.DIFFICULT),
        (Estimate(900, 900, 900, 0, 200, is_finished=True), None),
        (None, None),
    ],
)
def test_the_forecast_speaks_where_the_chance_is_four_in_five(
    estimate: Estimate | None, voice: Voice | None
) -> None:
    assert forecast_says(estimate, PLAN).voice is voice


def test_nobody_disagrees_with_himself() -> None:
    one = Claim(Voice.GOOD, "没有报问题")
    nothing = disagreement(one, Claim(None, ""), Claim(None, ""), p50=None, plan_yuan=PLAN)
    assert (nothing.spread, nothing.points, nothing.words) == (0, 0, "")


def test_a_unit_without_problems_under_a_red_light_disagrees_most() -> None:
    unit, red = Claim(Voice.GOOD, "没有报问题"), Claim(Voice.DIFFICULT, "红")
    computed = forecast_says(told(300, 400, 500), PLAN)
    found = disagreement(unit, red, computed, p50=400, plan_yuan=PLAN)
    assert (found.spread, found.points) == (2, 600_000)
    assert found.words == "单位没有报问题，灯红，预测多半完不成"


def test_an_open_question_is_half_a_disagreement() -> None:
    unit, light = Claim(Voice.GOOD, "没有报问题"), Claim(Voice.GOOD, "绿")
    computed = forecast_says(told(900, 1_050, 1_100), PLAN)
    found = disagreement(unit, light, computed, p50=1_050, plan_yuan=PLAN)
    assert (found.spread, found.points) == (1, 50_000)


def test_a_plan_of_nothing_divides_nothing() -> None:
    found = disagreement(
        Claim(Voice.GOOD, ""), Claim(Voice.DIFFICULT, "红"), Claim(None, ""), p50=5, plan_yuan=0
    )
    assert found.points == 0
