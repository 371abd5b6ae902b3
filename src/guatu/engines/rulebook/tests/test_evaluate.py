"""Combining dimensions, printed comparison, derived measures, and the words of reasons."""

from __future__ import annotations

import pytest

from guatu.core.ratio import Rounding
from guatu.engines.rulebook import Settings, Severity, compile_book, find_book, parse_book
from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.wording import money_text, value_text

BOOK = """
book = {id = "b", version = 1, from = 2025-01-01, subject = "项目", compare = "COMPARE",\
 title = "试", source = "试"}
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "与时间进度差 > -10*百分点", give = {severity = "ok"}},
  {when = "与时间进度差 <= -10*百分点", give = {severity = "warning"}},
]
"""


def light(compare: str, settings: Settings, plan: int, done: int, month: int) -> Severity:
    book = parse_book(BOOK.replace("COMPARE", compare), source="b")
    facts = {"年度计划投资": plan, "本年累计完成投资": done, "时间进度": (month, 12)}
    return compile_book(book, settings).verdict(facts).overall


def test_printed_comparison_uses_the_digits_of_the_settings() -> None:
    # 73.36 % against 83.33 %: the gap is −9.9733 points, printed −10 or −9.97.
    case = (10_000, 7_336, 10)
    assert light("unrounded", Settings(digits=0), *case) is Severity.OK
    assert light("printed", Settings(digits=0), *case) is Severity.WARNING
    assert light("printed", Settings(digits=2), *case) is Severity.OK
    only_gap = Settings(digits=2, digits_of={"与时间进度差": 1})
    assert light("printed", only_gap, *case) is Severity.WARNING
    cut = Settings(digits=0, rounding=Rounding.TRUNCATE)
    assert light("printed", cut, *case) is Severity.OK
    cut_gap = Settings(digits=0, rounding_of={"与时间进度差": Rounding.TRUNCATE})
    assert light("printed", cut_gap, *case) is Severity.OK


def test_printed_gap_may_be_the_difference_of_printed_rates() -> None:
    # 73.36 − 83.33 at one digit: 73.4 − 83.3 = −9.9, the exact gap rounds to −10.0.
    case = (10_000, 7_336, 10)
    assert light("printed", Settings(digits=1), *case) is Severity.WARNING
    assert light("printed", Settings(digits=1, gap="rounded"), *case) is Severity.OK


TWO = """
book = {id = "b", version = 1, from = 2025-01-01, subject = "项目", compare = "unrounded",\
 title = "试", source = "试"}
[[light]]
dimension = "甲"
clause = "一"
missing = "无数据"
cases = [
  {when = "开工后月数 == 1*个月", give = {severity = "ok"}},
  {when = "开工后月数 == 2*个月", give = {severity = "notice"}},
  {when = "开工后月数 == 3*个月", give = {severity = "not_due"}},
]
[[light]]
dimension = "乙"
clause = "二"
missing = "无数据"
cases = [
  {when = "开工逾期月数 == 1*个月", give = {severity = "notice", label = "橙", colour = "orange"}},
  {when = "开工逾期月数 == 2*个月", give = {severity = "serious"}},
]
"""


@pytest.mark.parametrize(
    ("first", "second", "overall"),
    [
        (1, 2, "serious"),
        (1, None, "ok"),
        (None, 1, "notice"),
        (None, None, "no_data"),
        (9, None, "undecided"),
        (9, 1, "notice"),
        (3, None, "no_data"),
        (3, 9, "undecided"),
        (3, 1, "notice"),
    ],
)
def test_a_light_is_the_worst_of_the_dimensions_that_have_data(
    first: int | None, second: int | None, overall: str
) -> None:
    evaluator = compile_book(parse_book(TWO, source="b"))
    assert evaluator.verdict({"开工后月数": first, "开工逾期月数": second}).overall == overall


def test_a_tie_takes_the_label_of_the_dimension_named_first() -> None:
    evaluator = compile_book(parse_book(TWO, source="b"))
    verdict = evaluator.verdict({"开工后月数": 2, "开工逾期月数": 1})
    assert (verdict.overall, verdict.label, verdict.lights[1].label) == ("notice", "蓝", "橙")


def test_a_later_case_does_not_overtake_an_unknown_one() -> None:
    text = TWO.replace("开工后月数 == 1*个月", "已入库")
    evaluator = compile_book(parse_book(text, source="b"))
    verdict = evaluator.verdict({"开工后月数": 2})
    assert verdict.lights[0].severity is Severity.NO_DATA
    assert verdict.lights[0].rule == "甲.缺数据"


def test_the_evaluator_names_the_facts_it_reads() -> None:
    assert compile_book(find_book("default")).measures == (
        "年度计划投资",
        "本期应报",
        "时间进度",
        "本年累计完成投资",
    )


@pytest.mark.parametrize("progress", [None, (0, 12), (1, 0)])
def test_no_time_progress_is_no_data_for_a_quotient(progress: object) -> None:
    evaluator = compile_book(find_book("RB02"))
    facts = {"年度计划投资": 10**8, "本年累计完成投资": 1, "时间进度": progress}
    assert evaluator.verdict(facts).overall is Severity.NO_DATA


def test_a_reason_says_rule_figures_and_limit() -> None:
    evaluator = compile_book(find_book("default"))
    (reason,) = evaluator.explain(
        {"年度计划投资": 10_000, "本年累计完成投资": 3_980, "时间进度": (9, 12)}
    )
    assert reason._asdict() == {
        "rule": "进度.4",
        "clause": "三",
        "measure": "落后时间进度",
        "value": "35.20个百分点",
        "limit": "超过30个百分点",
        "text": "完成率低于时间进度35.20个百分点，达到红灯界线（落后时间进度超过30个百分点）",
    }


def test_a_project_ahead_is_not_said_to_lag_by_less_than_nothing() -> None:
    evaluator = compile_book(find_book("default"))
    (reason,) = evaluator.explain(
        {"年度计划投资": 10_000, "本年累计完成投资": 8_264, "时间进度": (9, 12)}
    )
    assert reason.limit == "不落后于时间进度"
    assert reason.text == "完成率高于时间进度7.64个百分点，符合绿灯条件（不落后于时间进度）"


def test_a_reason_shows_on_which_side_of_the_limit_a_value_lies() -> None:
    evaluator = compile_book(find_book("default"))
    (reason,) = evaluator.explain(
        {"年度计划投资": 10**12, "本年累计完成投资": 45 * 10**10 - 1, "时间进度": (9, 12)}
    )
    assert reason.value == "30.0000000001个百分点"


def test_reasons_come_worst_dimension_first_and_name_assumptions() -> None:
    evaluator = compile_book(find_book("RB01"))
    reasons = evaluator.explain(
        {
            "年度计划投资": 100,
            "本年累计完成投资": 100,
            "时间进度": (9, 12),
            "按计划开工": False,
            "已开工": False,
            "计划开工本月": True,
            "开工逾期月数": 1,
        }
    )
    assert [reason.rule for reason in reasons[:3]] == ["开工.5", "开工.5", "进度.1"]
    assert reasons[1].value == "是（无记录，按约定）"


def test_a_reason_out_of_an_interpretation_names_who_decided() -> None:
    (reason,) = compile_book(find_book("RB02")).explain(
        {"年度计划投资": 20_000_000, "本年累计完成投资": 100, "时间进度": (6, 12)}
    )
    assert "原文未明，本书编写者解释" in reason.text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (100_000_000, "1亿元"),
        (647_400_000, "64740万元"),
        (1_250_000_000, "12.5亿元"),
        (10_000_000, "1000万元"),
        (9_999_999, "9999999元"),
        (-100_000, "-10万元"),
        (0, "0元"),
    ],
)
def test_money_is_shown_exactly(yuan: int, text: str) -> None:
    assert money_text(yuan) == text


def test_a_missing_value_is_said_to_be_missing() -> None:
    assert value_text(None, standard_catalogue()["总投资"]) == "缺数据"
