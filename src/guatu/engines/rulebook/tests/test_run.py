"""A whole book run: the published sample, the keys of the contract, reasons, what would change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.engines.rulebook import RulebookError, find_book, parse_book
from guatu.engines.rulebook.answer import run_json
from guatu.engines.rulebook.fact_file import read_population
from guatu.engines.rulebook.reciting import recite
from guatu.engines.rulebook.run import run_book
from guatu.engines.rulebook.tests.books_read import answer, answers, book_of, derived, given

SAMPLE = """
book = {id = "sample", version = 1, from = 2025-01-01, subject = "项目", compare = "unrounded"}
[[light]]
dimension = "进度"
clause = "2"
missing = "无数据"
cases = [
  {when = "落后时间进度 > 30*百分点", give = {severity = "serious", label = "红"}},
  {when = "10*百分点 <= 落后时间进度 <= 30*百分点", give = {severity = "warning", label = "黄"}},
  {when = "落后时间进度 <= 0", give = {severity = "ok", label = "绿"}},
  {when = "0 < 落后时间进度 < 10*百分点", give = {severity = "ok", label = "绿"}, interpretation = {by = "重点办", on = 2025-03-01, why = "原文未写"}}]
[[part]]
name = "年度投资"
full = 40
missing = "无数据"
steps = {of = "年度计划完成率", target = 100, step = 2, up = 1, down = 1, partial = "whole", clamp = [-15, 15]}
each = [{event = "月报缺报", points = -1, cap = -12}]
[ladder]
per = "任务"
window = "自然年"
steps = [
  {from = "无", on = "未按节点完成", to = "白单", do = [{act = "书面说明", to = "市政府", within = "7日"}]},
  {from = "白单", on = "未按节点完成", to = "黄单", do = [{act = "约谈", by = "分管副市长"}]}]
[[calendar]]
act = "月报"
due = {after = "月末", plus = "5工作日", on_holiday = "顺延"}
"""
FACTS = {
    "as_of": "2026-09-30",
    "subjects": [
        {
            "id": "P1",
            "年度计划投资": 600000000,
            "本年完成投资": 310000000,
            "时间进度": "9/12",
            "月报缺报": [{"on": "2026-03-31"}],
            "未按节点完成": [{"on": "2026-03-31"}, {"on": "2026-06-30"}],
            "无正当理由": None,
            "所属地区": "江北区",
        }
    ],
}


def sample_row(facts: object = FACTS, *, change: str | None = None) -> dict[str, Any]:
    book = parse_book(SAMPLE, source="sample")
    population = read_population(facts, book, source="facts")
    run = run_book(book, population.subjects, as_of=population.as_of)
    row: dict[str, Any] = run_json(run, population, change=change)["results"][0]
    return row


def test_the_published_sample_gives_the_keys_of_the_contract() -> None:
    row = sample_row()
    assert row["id"] == "P1"
    light = row["lights"][0]
    assert (light["dimension"], light["severity"], light["label"], light["clause"]) == (
        "进度", "warning", "黄", "2",
    )  # fmt: skip
    # 51.67 % done: 48.33 points below, 24 whole steps, clamped to −15; one report missing.
    assert row["parts"] == [{"name": "年度投资", "points": "24"}]
    assert row["score"] == "24"
    assert row["state"] == "黄单"
    assert [(act["act"], act["by"]) for act in row["acts"]] == [("约谈", "分管副市长")]
    # 1–8 October are free; 9, 10, 12, 13, 14 October are worked (10 is a Saturday worked).
    assert [(due["act"], due["on"]) for due in row["due"]] == [("月报", "2026-10-13")]
    assert row["money_yuan"] is None
    assert row["rank"] is None
    assert any("完成率低于时间进度23.33个百分点" in text for text in row["why"])
    assert any("月报缺报1次，-1分；得24分" in text for text in row["why"])


def test_what_would_change_the_light_is_the_nearest_yuan() -> None:
    texts = sample_row(change="P1")["change"]
    assert any("本年累计完成投资由3.1亿元变为390000001元，进度灯由黄变为绿" in one for one in texts)
    assert any("本年累计完成投资由3.1亿元变为269999999元，进度灯由黄变为红" in one for one in texts)


def test_a_change_by_less_changes_nothing() -> None:
    """Twin: one yuan short of what is told, the light is as it was."""
    for yuan, label in ((390_000_000, "黄"), (390_000_001, "绿"), (270_000_000, "黄")):
        one = {**FACTS["subjects"][0], "本年完成投资": yuan}  # type: ignore[dict-item]
        assert sample_row({**FACTS, "subjects": [one]})["lights"][0]["label"] == label


def test_every_rule_of_a_book_is_told_with_its_clause() -> None:
    book = find_book("RB03-wuhan-major")
    told = {sentence.rule: sentence for sentence in recite(book)}
    assert {case.id for light in book.lights for case in light.cases} <= told.keys()
    assert "序时完成比不到60%" in told["进度.1"].text
    assert all(sentence.clause for sentence in told.values())


GATED = (
    given("率", "比率"),
    given("组", "文字"),
    derived("名次", "个数", 'rank = {of = "率", ties = "并列跳号"}'),
    """
[[scope]]
clause = "一"
when = "组 == '甲'"
missing = "不在范围"
[[list]]
name = "榜"
clause = "一"
when = "名次 <= 1"
missing = "不列入"
do = [{act = "表彰"}]
[[grade]]
name = "等次"
clause = "一"
missing = "缺"
cases = [{when = "率 >= 50*百分比", give = "优"}, {when = "率 < 50*百分比", give = "差"}]
[[part]]
name = "分"
clause = "一"
full = 10
missing = 0
proportional = {of = "率", target = 100, most = "满分"}
[[money]]
name = "奖"
clause = "一"
way = "奖励"
when = "名次 <= 1"
amount = "1万元"
""",
)


def test_who_does_not_pass_the_gates_has_nothing_and_ranks_with_nobody() -> None:
    rows = answers(
        book_of(*GATED),
        {"id": "1", "组": "甲", "率": "60%"},
        {"id": "2", "组": "乙", "率": "90%"},
        {"id": "3", "率": "95%"},
    )
    assert [row["rank"] for row in rows] == [1, None, None]
    assert [row["lists"][0]["status"] for row in rows] == ["列入", "不列入", "不列入"]
    assert [row["grades"][0]["label"] for row in rows] == ["优", "不在范围", "不在范围"]
    assert [row["parts"][0]["points"] for row in rows] == ["6", None, None]
    assert [row["money_yuan"] for row in rows] == [10000, None, None]
    assert [len(row["acts"]) for row in rows] == [1, 0, 0]


MONEY = """
[[money]]
name = "奖"
clause = "一"
way = "奖励"
when = "率 >= 60*百分比"
line = {of = "率", low = "60%", low_amount = "0元", high = "100%", high_amount = "100万元"}
late = {of = "迟月", less = "10%"}
most = "50万元"
[[money]]
name = "预付"
clause = "一"
way = "预付"
when = "率 > 0"
of = "总额"
share = "33%"
"""


@pytest.mark.parametrize(
    ("rate", "late", "award"),
    [("59%", 0, None), ("60%", 0, 0), ("70%", 0, 250_000), ("70%", 1, 225_000), ("70%", 11, 0),
     ("100%", 0, 500_000), ("100%", 6, 400_000)],
)  # fmt: skip
def test_money_follows_a_line_less_for_each_month_late(rate: str, late: int, award: int) -> None:
    book = book_of(given("率", "比率"), given("迟月", "月数"), given("总额", "金额"), MONEY)
    row = answer(book, 率=rate, 迟月=late, 总额=5)
    found = {one["name"]: one["yuan"] for one in row["money"]}
    assert found.get("奖") == award
    assert found["预付"] == 2  # 1.65 yuan, half up


EXEMPT = """
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [{when = "率 < 50*百分比", give = {severity = "serious"}, do = [{act = "约谈"}]},
         {when = "率 >= 50*百分比", give = {severity = "ok"}}]
[[list]]
name = "黑榜"
clause = "一"
when = "进度灯 == '红'"
may_skip = "不可抗力"
missing = "不列入"
[[act]]
name = "通报"
clause = "一"
when = "总灯 == '红'"
unless = "不可抗力"
do = [{act = "通报批评"}]
[[exempt]]
name = "容错"
clause = "一"
when = "已报备"
waives = ["进度"]
do = [{act = "免责"}]
"""


@pytest.mark.parametrize(
    ("facts", "label", "status", "acts"),
    [
        ({"已报备": False, "不可抗力": False}, "红", "列入", ["约谈", "通报批评"]),
        ({"已报备": False, "不可抗力": True}, "红", "可不列入", ["约谈"]),
        ({"已报备": False}, "红", "列入", ["约谈"]),
        ({"已报备": True, "不可抗力": False}, "免予评价", "不列入", ["免责"]),
    ],
)
def test_exemptions_and_exceptions(
    facts: dict[str, object], label: str, status: str, acts: list[str]
) -> None:
    book = book_of(given("率", "比率"), given("不可抗力", "是否"), given("已报备", "是否"), EXEMPT)
    row = answer(book, 率="40%", **facts)
    assert row["light"]["label"] == label
    assert row["lists"][0]["status"] == status
    assert [one["act"] for one in row["acts"]] == acts


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "最外层应是一个对象"),
        ({"as_of": "2026-13-01", "subjects": []}, "as_of"),
        ({"as_of": "2026-09-30", "subject": []}, "不认识的键“subject”"),
        ({"as_of": "2026-09-30", "subjects": [1]}, "第1个对象"),
        ({"as_of": "2026-09-30", "subjects": [{"id": "甲"}, {"id": "甲"}]}, "写了两次"),
        ({"as_of": "2026-09-30", "subjects": [{"id": "甲", "subject": "月亮"}]}, "不管“月亮”"),
        ({"as_of": "2026-09-30", "subjects": [{"id": "甲", "年度计划投姿": 1}]}, "是不是“年度计划投资”"),
        ({"as_of": "2026-09-30", "subjects": [{"id": "甲", "年度计划投资": "很多"}]}, "不能是“很多”"),
        ({"as_of": "2026-09-30", "subjects": [{"id": "甲", "月报缺报": [{"off": 1}]}]}, "月报缺报"),
        ({"as_of": "2026-09-30", "subjects": [{"id": [], "年度计划投资": 1}]}, "id应是文字"),
    ],
)  # fmt: skip
def test_wrong_facts_are_refused_with_their_place(raw: object, words: str) -> None:
    book = parse_book(SAMPLE, source="sample")
    with pytest.raises(RulebookError) as caught:
        read_population(raw, book, source="facts.json")
    assert any(words in str(fault) for fault in caught.value.faults)


def test_partitions_add_up_to_all() -> None:
    state = given("状态", "文字", 'values = ["已开工", "推进中"]')
    rule = '[[partition]]\nname = "处置"\nclause = "一"\nof = "状态"\n'
    book = book_of(state, rule)
    raw = {"as_of": "2026-09-30", "subjects": [{"id": "1", "状态": "已开工"}, {"id": "2"}]}
    population = read_population(raw, book, source="f")
    run = run_book(book, population.subjects, as_of=date(2026, 9, 30))
    assert run_json(run, population)["partitions"] == [
        {"name": "处置", "total": 2, "counts": {"已开工": 1, "推进中": 0}, "unknown": 1}
    ]


@pytest.mark.parametrize(
    ("tables", "facts", "told"),
    [
        # Found by its literal though the first step, and every fourfold one, changes nothing.
        (
            (given("次", "个数"), 'when = "次 == 2"', 'when = "次 != 2"'),
            {"次": 0},
            "次由0个变为2个，进度灯由绿变为红，总灯由绿变为红",
        ),
        (
            (
                given("额", "金额"),
                'when = "1000*万元 <= 额 <= 1200*万元"',
                'when = "额 < 1000*万元 or 额 > 1200*万元"',
            ),
            {"额": "500万元"},
            "额由500万元变为1000万元，进度灯由绿变为红，总灯由绿变为红",
        ),
    ],
)
def test_what_would_change_is_looked_for_at_every_limit(
    tables: tuple[str, str, str], facts: dict[str, object], told: str
) -> None:
    measure, red, green = tables
    light = (
        '[[light]]\ndimension = "进度"\nclause = "一"\nmissing = "无数据"\ncases = ['
        f'{{{red}, give = {{severity = "serious"}}}}, {{{green}, give = {{severity = "ok"}}}}]\n'
    )
    book = book_of(measure, light)
    raw = {"as_of": "2025-09-30", "subjects": [{"id": "甲", **facts}]}
    population = read_population(raw, book, source="f")
    run = run_book(book, population.subjects, as_of=population.as_of)
    assert told in run_json(run, population, change="甲")["results"][0]["change"]


def test_what_follows_from_dates_of_start_is_found_by_itself() -> None:
    rule = '[[list]]\nname = "应开未开"\nclause = "一"\nwhen = "开工逾期月数 >= 2*个月"\nmissing = "待定"\n'
    book = book_of(rule)
    rows = answers(
        book,
        {"id": "1", "计划开工时间": "2025-08-31"},
        {"id": "2", "计划开工时间": "2025-08-31", "实际开工时间": "2025-09-01"},
        {"id": "3", "计划开工时间": "2025-08-31", "开工逾期月数": 0},
        {"id": "4"},
    )
    status = [row["lists"][0]["status"] for row in rows]
    assert status == ["列入", "不列入", "不列入", "待定"]
