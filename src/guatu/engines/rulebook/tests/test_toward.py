"""还差多少: only what work moves, only as far as the book asks, every answer tried."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.core.ratio import Ratio
from guatu.engines.rulebook import AS_OF, compile_book, find_book
from guatu.engines.rulebook.change import changes
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.run import Subject, run_book
from guatu.engines.rulebook.tests.books_read import book_of, faults_of, given
from guatu.engines.rulebook.toward import ways

AS = date(2026, 9, 30)
WAN = 10_000
LIGHT = '[[light]]\ndimension = "{}"\nclause = "一"\nmissing = "无数据"\ncases = [{}]\n'


def case(when: str, severity: str) -> str:
    return f'{{when = "{when}", give = {{severity = "{severity}"}}}}'


def light(dimension: str, *cases: tuple[str, str]) -> str:
    return LIGHT.format(dimension, ", ".join(case(*one) for one in cases))


def facts(done: int | None, **more: object) -> dict[str, object]:
    return {
        AS_OF: AS, "本年累计完成投资": done, "年度计划投资": 1_000 * WAN,
        "时间进度": Ratio(3, 4), "本期应报": True, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def default() -> Evaluator:
    return compile_book(find_book("default"))


@pytest.mark.parametrize(
    ("done", "told"),
    [
        # 75 % of 1,000: red under 450, yellow up to 650, green from 750.
        (300 * WAN, [("还差150万元", "黄"), ("还差450万元", "绿")]),
        (500 * WAN, [("还差150.01万元", "蓝"), ("还差250万元", "绿")]),
        (700 * WAN, [("还差50万元", "绿")]),
        (750 * WAN, []),
        (None, []),
    ],
)
def test_the_next_light_and_green_are_told(
    default: Evaluator, done: int | None, told: list[tuple[str, str]]
) -> None:
    found = ways(default, facts(done))
    assert [(one.text.removeprefix(one.measure), one.label) for one in found] == told
    assert {one.measure for one in found} <= {"本年累计完成投资"}


@pytest.mark.parametrize("done", [0, 1, 123_456_789 // 40, 300 * WAN, 449 * WAN + 9_999])
def test_a_step_less_than_told_is_not_enough(default: Evaluator, done: int) -> None:
    """Twin: what is told turns the light, 0.01万元 less does not."""
    for way in ways(default, facts(done)):
        words = way.text.removeprefix("本年累计完成投资还差").replace(",", "")
        short = round(float(words.removesuffix("万元")) * WAN)
        labels = [default.verdict(facts(done + short - less)).label for less in (0, 100)]
        assert labels[0] == way.label
        assert labels[1] != way.label


def test_nobody_is_told_to_cut_the_plan_or_not_to_be_asked(default: Evaluator) -> None:
    """Twin: a smaller plan would change the light; a figure of the book itself is found."""
    plan, done = "年度计划投资", facts(300 * WAN)
    subject = Subject("1", "项目", done)
    book = find_book("default")
    found = changes(run_book(book, [subject], as_of=AS), [subject], "1")
    assert {one.measure for one in found} == {"本年累计完成投资"}
    assert [one.is_by_work for one in found] == sorted(one.is_by_work for one in found)[::-1]
    less = {**done, plan: 310 * WAN}
    assert default.verdict(less).label != default.verdict(done).label
    own = book_of(
        given("质量分", "个数"), light("质量", ("质量分 >= 8", "ok"), ("质量分 < 8", "serious"))
    )
    weak = Subject("1", "项目", {"质量分": 5})
    assert [one.measure for one in changes(run_book(own, [weak], as_of=AS), [weak], "1")] == [
        "质量分"
    ]
    assert not any(one.measure in ("年度计划投资", "本期应报") for one in ways(default, facts(0)))


def test_to_have_begun_is_one_deed() -> None:
    book = book_of(
        light("开工", ("开工逾期月数 >= 2*个月", "serious"), ("开工逾期月数 < 2*个月", "ok"))
    )
    late = {"已开工": False, "开工逾期月数": 3, "计划开工时间": date(2026, 7, 1)}
    (way,) = ways(compile_book(book), facts(0, **late))
    assert (way.text, way.label) == ("本期末以前开工", "绿")
    begun = {"已开工": True, "开工逾期月数": 0, "计划开工时间": date(2026, 7, 1)}
    assert ways(compile_book(book), facts(0, **begun)) == ()


OPEN = ("未销号问题 >= 3", "serious"), ("未销号问题 < 3", "ok")


def test_an_own_figure_is_told_where_the_book_says_that_work_moves_it() -> None:
    told = book_of(given("未销号问题", "个数", 'by_work = "less"'), light("问题", *OPEN))
    (way,) = ways(compile_book(told), facts(0, 未销号问题=5))
    assert (way.text, way.label) == ("未销号问题还要减少3个", "绿")
    silent = book_of(given("未销号问题", "个数"), light("问题", *OPEN))
    assert ways(compile_book(silent), facts(0, 未销号问题=5)) == ()


def test_one_of_two_dimensions_leaves_the_whole_light() -> None:
    pace = light("进度", ("年度计划完成率 < 60*百分比", "serious"),
                 ("年度计划完成率 >= 60*百分比", "ok"))  # fmt: skip
    book = book_of(given("未销号问题", "个数", 'by_work = "less"'), pace, light("问题", *OPEN))
    found = ways(compile_book(book), facts(300 * WAN, 未销号问题=5))
    assert [(one.dimension, one.label, one.overall) for one in found] == [
        ("进度", "绿", "红"), ("问题", "绿", "红"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "line", "words"),
    [("文字", 'by_work = "more"', "by_work"), ("个数", 'by_work = "better"', "better")],
)
def test_by_work_is_read_strictly(kind: str, line: str, words: str) -> None:
    assert words in faults_of(given("甲", kind, line), light("问题", *OPEN))
