"""Procedures in a run: which facts they look at, what they leave in doubt."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example
from hypothesis import given as drawn
from hypothesis import strategies as st

from guatu.engines.rulebook import Book
from guatu.engines.rulebook.fact_file import read_population
from guatu.engines.rulebook.procedures import ClockStatus, Outcome
from guatu.engines.rulebook.proceeding import Proceedings
from guatu.engines.rulebook.run import Subject, run_book
from guatu.engines.rulebook.tests.books_read import AS_OF, book_of, derived, faults_of, given
from guatu.engines.rulebook.types import Kind, Record

D = date.fromisoformat


def told(book: Book, as_of: date = AS_OF, /, **facts: object) -> Proceedings:
    raw = {"as_of": as_of.isoformat(), "subjects": [{"id": "甲", **facts}]}
    population = read_population(raw, book, source="facts")
    return run_book(book, population.subjects, as_of=as_of).outcomes[0].proceedings


def dues(found: Proceedings, act: str) -> list[str]:
    return [one.on.isoformat() for one in found.dues if one.act == act]


MEETING = '[[calendar]]\nact = "例会"\nevery = "周"\ndue = {weekday = "周五"}\n'
BEFORE = '[[calendar]]\nact = "材料"\ndue = {before = "例会", minus = "2工作日"}\n'


@pytest.mark.parametrize("tables", [(MEETING, BEFORE), (BEFORE, MEETING)])
def test_a_calendar_is_counted_from_the_act_of_another(tables: tuple[str, ...]) -> None:
    found = told(book_of(*tables), D("2025-09-08"))
    assert dues(found, "材料")[:2] == ["2025-09-10", "2025-09-17"]


AGREED = given("合同另有约定", "是否") + given("约定天数", "天数")
PAYMENT = """
[[clock]]
name = "付款"
starts = "验收合格"
ends = "付清"
limit = [{when = "合同另有约定", of = "约定天数"}, {limit = "30日"}]
"""


@pytest.mark.parametrize(
    ("facts", "status", "due"),
    [
        ({"合同另有约定": False}, ClockStatus.RUNNING, "2025-10-10"),
        ({"合同另有约定": True, "约定天数": 15}, ClockStatus.OVERDUE, "2025-09-25"),
        ({"合同另有约定": True, "约定天数": 0}, ClockStatus.OVERDUE, "2025-09-10"),
        ({"合同另有约定": True}, ClockStatus.UNDECIDED, "None"),
        ({"合同另有约定": True, "约定天数": 10**9}, ClockStatus.UNDECIDED, "None"),
    ],
)
def test_a_limit_may_be_a_measure(facts: dict[str, object], status: ClockStatus, due: str) -> None:
    found = told(book_of(AGREED, PAYMENT), 验收合格=["2025-09-10"], **facts).clocks["付款"]
    assert (found.status, str(found.due_on)) == (status, due)


def test_a_limit_that_follows_from_others_counts_in_its_own_unit_and_is_never_negative() -> None:
    days = ("unit = '工作日'",)
    how = 'choose = [{when = "合同另有约定", named = "约定工作日"}, {give = "10工作日"}]'
    tables = (
        given("合同另有约定", "是否"),
        given("约定工作日", "天数", *days),
        derived("限期", "天数", how, *days),
        PAYMENT.replace(
            '[{when = "合同另有约定", of = "约定天数"}, {limit = "30日"}]', '{of = "限期"}'
        ),
    )
    book, passed = book_of(*tables), ["2025-09-10"]
    found = told(book, 验收合格=passed, 合同另有约定=False).clocks["付款"]
    assert (found.unit, str(found.due_on)) == ("工作日", "2025-09-24")
    facts: dict[str, object] = {"合同另有约定": True, "约定工作日": -1}
    assert "负数" in told(book, 验收合格=passed, **facts).clocks["付款"].why


@pytest.mark.parametrize(
    ("of", "fault"),
    [("约定天敌", "时限“付款”：不认识的量“约定天敌”。是不是“约定天数”"),
     ("合同另有约定", "“合同另有约定”是是否，这里要天数、月数"),
     ("走访天数", "“走访天数”是单位的量，不能用于项目")],
)  # fmt: skip
def test_a_limit_must_be_a_measure_of_days_or_months(of: str, fault: str) -> None:
    other = given("走访天数", "天数", subject="单位")
    assert fault in faults_of(AGREED, other, PAYMENT.replace("约定天数", of))


OUTSIDE = '[[calendar]]\nact = "报表"\ndue = {after = "开网", plus = "3日"}\n'


def test_an_event_without_a_register_is_a_doubt_and_an_empty_one_is_none() -> None:
    book = book_of(OUTSIDE)
    assert told(book).doubts == ("报表：还没有“开网”的日期",)
    assert told(book, 开网=[]).doubts == ()
    assert dues(told(book, 开网=["2025-09-29"]), "报表") == ["2025-10-02"]


def test_years_ahead_without_holidays_do_not_hide_what_is_missing() -> None:
    monthly = '[[calendar]]\nact = "月报"\ndue = {after = "月末", plus = "5工作日"}\n'
    found = told(book_of(monthly, OUTSIDE), D("2026-09-30"))
    assert found.doubts == ("报表：还没有“开网”的日期",)


def test_events_that_only_a_denser_calendar_names_can_be_given() -> None:
    book = book_of(
        given("红灯", "是否"),
        '[[calendar]]\nact = "报表"\nevery = "月"\ndue = {date = "25日"}\n'
        'denser = {when = "红灯", every = "周", due = {after = "亮灯", plus = "3日"}}\n',
    )
    found = told(book, 红灯=True, 亮灯=["2025-09-29"])
    assert dues(found, "报表") == ["2025-10-02"]
    assert dues(told(book, 红灯=False), "报表")[0] == "2025-10-25"


FLOW = '[[workflow]]\nname = "专班"\nwhen = "列入"\nsteps = ["开办", "用地"]\n'


@pytest.mark.parametrize(
    ("listed", "step", "doubts"),
    [
        (True, "用地", ()),
        (False, None, ()),
        (None, None, ("缺数据，不能判断“列入”",)),
    ],
)
def test_a_workflow_stands_at_a_step_only_where_it_applies(
    listed: bool | None, step: str | None, doubts: tuple[str, ...]
) -> None:
    found = told(book_of(given("列入", "是否"), FLOW), 列入=listed, 开办=["2025-09-01"])
    assert (found.works["专班"].step if "专班" in found.works else None) == step
    assert found.doubts == doubts


def test_a_duty_that_may_not_apply_is_a_doubt() -> None:
    duty = '[[duty]]\nwho = "领导"\nwhat = "走访"\nevery = "月"\nwhen = "包联"\nmissed = ["提醒"]\n'
    book = book_of(given("包联", "是否"), duty)
    found = told(book, 走访=[])
    assert (found.duties["走访"], found.acts) == ((), ())
    assert found.doubts == ("缺数据，不能判断“包联”",)
    assert [one.due.act.act for one in told(book, 包联=True, 走访=[]).acts] == ["提醒"]


CLOCK = '[[clock]]\nname = "整改"\nstarts = "最近检查"\nends = "整改完成"\nlimit = "10日"\n'


def test_a_clock_may_start_on_a_derived_day() -> None:
    book = book_of(
        given("初查", "日期"),
        given("复查", "日期"),
        derived("最近检查", "日期", 'latest = ["初查", "复查"]'),
        CLOCK,
    )
    found = told(book, 初查="2025-09-01", 复查="2025-09-15").clocks["整改"]
    assert (found.status, found.due_on) == (ClockStatus.OVERDUE, D("2025-09-25"))
    assert told(book).clocks["整改"].status is ClockStatus.NOT_STARTED


def test_a_day_that_no_rule_names_is_read_from_the_facts() -> None:
    book = book_of(CLOCK.replace("最近检查", "实际开工时间"))
    found = told(book, 实际开工时间="2025-09-25").clocks["整改"]
    assert (found.status, found.left) == (ClockStatus.RUNNING, 5)


ORDER = '[[sequence]]\nname = "前期"\norder = ["可研", "初设"]\n'


def test_an_item_without_a_register_is_no_violation() -> None:
    book = book_of(ORDER)
    unknown = told(book, 初设=["2025-09-01"])
    assert unknown.violations == ()
    assert unknown.doubts == ("“初设”已办，“可研”没有登记，不能判断先后",)
    known = told(book, 初设=["2025-09-01"], 可研=[])
    assert (known.violations, known.doubts) == (("“初设”已办，“可研”还没有办",), ())


LADDER = '[[ladder]]\nname = "督办"\nsteps = [{from = "无", on = "未完成", to = "白单"}]\n'


def test_a_ladder_without_a_register_stands_nowhere() -> None:
    book = book_of(LADDER)
    absent = told(book)
    assert absent.ladders == {}
    assert absent.doubts == ("“督办”的事没有登记，不能判断到了哪一级",)
    empty = told(book, 未完成=[])
    assert (empty.ladders["督办"].state, empty.doubts) == ("无", ())
    assert told(book, 未完成=["2025-09-01"]).ladders["督办"].state == "白单"


def test_a_book_may_take_an_absent_register_for_an_empty_one() -> None:
    assumed = (
        '[[assume]]\nmeasure = "未完成"\nclause = "一"\nvalue = []\n'
        'interpretation = {by = "重点办", on = 2025-03-01, why = "没有登记的当作没有"}\n'
    )
    assert told(book_of(LADDER, assumed)).ladders["督办"].state == "无"


LIST = (
    '[[checklist]]\nname = "材料"\nall_of = ["立项文件"]\non_missing = "补正"\nlimit = "5工作日"\n'
)


@pytest.mark.parametrize(
    ("received", "outcome", "mend_by"),
    [
        # 28 September is a Sunday that is worked, 1–8 October are free, the 11th is worked.
        (None, Outcome.GAPS, "2025-10-14"),
        ("2025-09-24", Outcome.GAPS, "2025-09-30"),
        ("2025-09-23", Outcome.REFUSED, "2025-09-29"),
    ],
)
def test_papers_are_mended_within_the_limit_from_the_day_they_came(
    received: str | None, outcome: Outcome, mend_by: str
) -> None:
    found = told(book_of(LIST), 材料=[], 材料收到=received).checklists["材料"]
    assert (found.outcome, found.mend_by) == (outcome, D(mend_by))


def test_a_list_without_a_limit_asks_for_no_day() -> None:
    names = [one.name for one in book_of(LIST).measures]
    assert names == ["材料", "材料收到"]
    refusing = LIST.replace('on_missing = "补正"\nlimit = "5工作日"\n', "")
    assert [one.name for one in book_of(refusing).measures] == ["材料"]


@pytest.mark.parametrize("table", [MEETING, FLOW.replace('when = "列入"\n', ""), LADDER, CLOCK])
def test_a_procedure_about_an_unknown_kind_of_subject_is_refused(table: str) -> None:
    told_faults = faults_of(f'{table}subject = "项木"\n')
    assert "“subject”不能是“项木”" in told_faults
    assert "是不是“项目”" in told_faults
    assert book_of(f'{table}subject = "项目"\n').procedures


EVERYTHING = book_of(
    MEETING, BEFORE, OUTSIDE, LADDER, LIST, ORDER, FLOW.replace('when = "列入"\n', ""),
    CLOCK.replace("最近检查", "受理").replace("10日", "120个月"),
    '[[calendar]]\nact = "月报"\ndue = {after = "月末", plus = "5工作日", on_holiday = "顺延"}\n',
    '[[duty]]\nwho = "领导"\nwhat = "走访"\nevery = "双周"\nstart = 2025-01-06\n',
)  # fmt: skip
DATES = st.dates(date.min, date.max) | st.sampled_from([date.min, date(9999, 12, 27), date.max])


@drawn(DATES, DATES)
@example(date.max, date.max)
@example(date.min, date.min)
def test_no_day_there_is_breaks_a_run(as_of: date, happened: date) -> None:
    facts: dict[str, object] = {"期末": as_of, "材料": ()}
    for measure in EVERYTHING.measures:
        if measure.kind is Kind.RECORDS:
            facts[measure.name] = (Record(happened),)
    found = run_book(EVERYTHING, [Subject("甲", "项目", facts)], as_of=as_of).outcomes[0]
    assert all(one.on >= as_of for one in found.proceedings.dues)
