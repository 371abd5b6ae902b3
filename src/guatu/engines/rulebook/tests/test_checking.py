"""The validator: gaps, overlaps, lines out of turn, clauses, silence; each with a twin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from guatu.core.errors import Fault
from guatu.engines.rulebook import RulebookError, check_file, check_folder, parse_book
from guatu.engines.rulebook.checking import faults_of_rules
from guatu.engines.rulebook.checking.book import further_faults
from guatu.engines.rulebook.reading.book import read_as_far, read_table
from guatu.engines.rulebook.tests.books_read import HEAD, book_of, derived, faults_of, given

SCORE = given("分", "分数")


def grade(*cases: str, more: str = "") -> str:
    lines = ",\n".join(
        f'{{when = "{when}", give = "{give}"}}' for when, give in map(str.split, cases)
    )
    return f'[[grade]]\nname = "等次"\nclause = "一"\nmissing = "缺"\n{more}\ncases = [{lines}]\n'


def told(*tables: str) -> list[str]:
    return [fault.what for fault in faults_of_rules(book_of(*tables), source="b")]


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (["分>=90 优", "60<分<90 中"], "分在60分及以下"),
        (["分>=90 优", "分<=60 差"], "分在60分与90分之间（不含两端）"),
        (["分>90 优", "60<=分<90 中", "分<60 差"], "分等于90分"),
        (["分>=90 优", "60<=分<=90 中", "分<60 差"], "第1条与第2条重叠：分等于90分时"),
        (["0<=分<=70 丁", "70<=分<=80 丙", "80<=分<=90 乙", "分>=90 甲"], "第3条与第4条重叠"),
        (["分>=60 中", "分>=90 优", "分<60 差"], "第2条永远轮不到"),
        (["分>=60 中", "分<60 差", "分>90 中"], "第3条永远轮不到"),
    ],
)
def test_gaps_overlaps_and_idle_lines_are_told(cases: list[str], words: str) -> None:
    assert any(words in line for line in told(SCORE, grade(*cases)))


def test_a_complete_book_has_none_and_stays_so_whatever_the_order() -> None:
    cases = ["分>=90 优", "60<=分<90 中", "分<60 差"]
    assert told(SCORE, grade(*cases)) == []
    assert told(SCORE, grade(*reversed(cases))) == []


def test_a_gap_left_on_purpose_and_a_stated_order_pass() -> None:
    silent = 'silent = {by = "甲", on = 2025-01-01, why = "原文未写"}'
    assert told(SCORE, grade("分>=90 优", "分<60 差", more=silent)) == []
    assert told(SCORE, grade("分>=90 优", "分>=0 差", more='overlap = "先者为准"')) == []
    assert told(SCORE, grade("分>=90 优", "分>=0 差")) != []


def test_several_measures_are_crossed() -> None:
    flag = given("事故", "是否")
    lines = told(SCORE, flag, grade("事故 差", "分>=60 中"))
    assert "例如分不到60分、事故为否" in "".join(lines) or "事故为否、分不到60分" in "".join(lines)
    assert any("重叠" in line for line in lines)


def test_two_days_are_tried_before_on_and_after_each_other() -> None:
    day = given("期限", "日期")
    assert told(day, grade("期限<期末 过期", "期限>=期末 未到")) == []
    assert any("没写到" in line for line in told(day, grade("期限<期末 过期", "期限>期末 未到")))
    assert any("重叠" in line for line in told(day, grade("期限<=期末 过期", "期限>=期末 未到")))


def chosen(*lines: str) -> str:
    taking = derived("取", "金额", f"choose = [{', '.join(lines)}]")
    return taking + '[[list]]\nname = "榜"\nclause = "一"\nwhen = "取 > 0"\nmissing = "待定"\n'


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (['{when = "分 >= 90", give = "2元"}', '{when = "分 < 60", give = "1元"}'],
         "量“取”：有没写到的情形：分在60分与90分之间"),
        (['{when = "分 >= 60", give = "2元"}', '{when = "分 >= 90", give = "1元"}', "{give = 0}"],
         "量“取”：第2条永远轮不到"),
    ],
)  # fmt: skip
def test_gaps_and_idle_lines_of_a_choice_are_told(lines: list[str], words: str) -> None:
    faults = faults_of_rules(book_of(SCORE, chosen(*lines)), source="b")
    assert words in faults[0].what
    assert "silent" not in faults[0].remedy


def test_a_choice_with_a_rest_has_no_gap_and_its_first_line_wins() -> None:
    upper = '{when = "分 >= 90", give = "2元"}'
    assert told(SCORE, chosen(upper, '{when = "分 >= 60", give = "1元"}', "{give = 0}")) == []
    assert told(SCORE, chosen(upper, '{give = "无数据"}')) == []
    assert told(SCORE, chosen(upper)) != []


def test_no_data_is_said_of_the_rest_alone() -> None:
    lines = '{when = "分 >= 90", give = "无数据"}', "{give = 0}"
    assert "“无数据”只能写在最后" in faults_of(SCORE, chosen(*lines))
    assert "“choose”是空的" in faults_of(SCORE, chosen('{give = "无数据"}'))


@for_all(st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True))
def test_bands_that_meet_have_no_fault_and_one_removed_leaves_a_gap(marks: list[int]) -> None:
    marks.sort()
    edges = [None, *marks, None]
    cases = []
    for low, high in pairwise(edges):
        left = "" if low is None else f"{low}<="
        right = "" if high is None else f"<{high}"
        cases.append(f"{left}分{right} 第{low}" if high is not None else f"分>={low} 第{low}")
    assert told(SCORE, grade(*cases)) == []
    for place in range(len(cases)):
        fewer = cases[:place] + cases[place + 1 :]
        if fewer:
            assert any("没写到" in line for line in told(SCORE, grade(*fewer)))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[[grade]]\nname = "等"\nclause = "一"\ncases = [{when = "分 > 1", give = "优"}]', "缺数据怎么办"),
        ('[[list]]\nname = "榜"\nclause = "一"\nwhen = "分 > 1"', "缺数据怎么办"),
        ('[[open]]\nclause = "一"\nquestion = "怎么算"', "缺少“interpretation”"),
        ('[[act]]\nclause = "一"\nwhen = "分 > 1"\ndo = [{act = "约弹"}]', "是不是“约谈”"),
        ('[[act]]\nclause = "一"\nwhen = "分 > 1"\ndo = [{act = "撤职"}]', "不产生对个人的处分"),
        ('[[light]]\ndimension = "进 度"\nclause = "一"\nmissing = "无数据"\n'
         'cases = [{when = "分 > 1", give = {severity = "ok"}}]', "不能有空格和标点"),
        ('[[exempt]]\nname = "容错"\nclause = "一"\nwhen = "分 > 1"\nwaives = ["没有"]', "没有“没有”这条规则"),
        ('[[grade]]\nname = "分"\nclause = "一"\nmissing = "缺"\ncases = []', "已有名为“分”的量或规则"),
    ],
)  # fmt: skip
def test_silence_and_unknown_words_are_refused(table: str, words: str) -> None:
    assert words in faults_of(SCORE, table)


def test_a_newer_format_and_a_huge_book_have_one_clear_line() -> None:
    with pytest.raises(RulebookError) as newer:
        parse_book("format = 9\n" + HEAD + "[[future]]\nx = 1\n", source="b")
    assert [str(fault) for fault in newer.value.faults] == [
        "文件“b”：这部办法是第9种格式，本程序只认到第2种。请先升级程序，再用这部办法。"
    ]
    with pytest.raises(RulebookError) as huge:
        parse_book(HEAD + "# " + "长" * 10_000_000, source="b")
    assert len(huge.value.faults) == 1
    assert "太长" in huge.value.faults[0].what


def folder_of(place: Path, **texts: str) -> Path:
    folder = place / "b"
    folder.mkdir(exist_ok=True)
    names = {"book": "rulebook.toml", "text": "text.md", "examples": "examples.toml"}
    for key, text in texts.items():
        (folder / names[key]).write_text(text, "utf-8")
    return folder


BOOK = HEAD + SCORE + grade("分>=60 中", "分<60 差")
TEXT = "# 试\n\n出处：试\n\n## 一\n\n六十分以上为中。\n"
EXAMPLES = """
[[example]]
name = "整六十"
facts = {"分" = 60}
expect = {grades = {"等次" = "中"}}
"""


def test_a_book_with_text_and_examples_passes(tmp_path: Path) -> None:
    assert check_folder(folder_of(tmp_path, book=BOOK, text=TEXT, examples=EXAMPLES)) == ()


@pytest.mark.parametrize(
    ("key", "wrong", "words"),
    [
        ("text", TEXT + "\n## 二\n\n另有规定。\n", "条款“二”没有一条规则"),
        ("text", TEXT.replace("## 一", "## 第一条"), "条款“一”在text.md里没有"),
        ("examples", EXAMPLES.replace("60}", "59}"), "“等次”应为“中”，算得“差”"),
        ("examples", EXAMPLES.replace('"分"', '"分分"'), "不认识的量“分分”"),
        ("examples", EXAMPLES.replace("等次", "等级"), "“grades”里没有“等级”"),
        ("examples", "", "没有项目的算例"),
    ],
)
def test_text_and_examples_must_fit(tmp_path: Path, key: str, wrong: str, words: str) -> None:
    texts = {"book": BOOK, "text": TEXT, "examples": EXAMPLES} | {key: wrong}
    faults = check_folder(folder_of(tmp_path, **texts))
    assert any(words in str(fault) for fault in faults), faults


def test_a_file_alone_is_checked_with_notices(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, book=BOOK)
    checked = check_file(folder / "rulebook.toml")
    assert checked.faults == ()
    assert {fault.code for fault in checked.notices} == {"no-text", "no-examples"}
    assert {fault.code for fault in check_folder(folder)} == {"no-text", "no-examples"}


@pytest.mark.parametrize(
    ("due", "is_told"),
    [
        ('{date = "25日"}', True),
        ('{date = "25日", on_holiday = "不变"}', False),
        ('{after = "月末", plus = "5日"}', True),
        ('{after = "月末", plus = "5工作日"}', False),
        ('{after = "计划开工时间", plus = "3日"}', False),
    ],
)
def test_a_calendar_silent_about_holidays_is_noticed(
    tmp_path: Path, due: str, is_told: bool
) -> None:
    calendar = f'[[calendar]]\nact = "月报"\nclause = "一"\nevery = "月"\ndue = {due}\n'
    checked = check_file(folder_of(tmp_path, book=BOOK + calendar, text=TEXT, examples=EXAMPLES))
    assert checked.faults == ()
    assert [fault.code for fault in checked.notices] == ["holiday"] * is_told


KEYS = ("name", "clause", "when", "missing", "cases", "give", "of", "full", "steps", "each", "from",
        "kind", "do", "subject", "interpretation", "value", "waives", "rank", "choose")  # fmt: skip
TABLES = ("measure", "scope", "due", "assume", "light", "part", "score", "grade", "list", "act",
          "exempt", "money", "partition", "note", "open", "labels", "book", "combine")  # fmt: skip
LEAVES = st.one_of(
    st.sampled_from(["分", "分 > 1", "优", "无数据", "金额", "50%", "约谈", "", "值"]),
    st.integers(-5, 200), st.booleans(), st.text(max_size=4), st.dates(),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=14,
)


@for_all(st.dictionaries(st.sampled_from(TABLES), VALUES, min_size=1, max_size=4))
def test_whatever_is_written_is_read_or_refused_with_lines(table: dict[str, object]) -> None:
    base: dict[str, object] = {
        "book": {"id": "b", "version": 1, "subject": "项目", "compare": "unrounded"}
    }
    faults: Sequence[Fault] = ()
    try:
        read_table(base | table, source="b")
    except RulebookError as error:
        faults = error.faults
    assert all(str(fault) for fault in faults)


@for_all(st.dictionaries(st.sampled_from(TABLES), VALUES, min_size=1, max_size=4))
def test_whatever_could_be_read_is_checked_further(table: dict[str, object]) -> None:
    base: dict[str, object] = {
        "book": {"id": "b", "version": 1, "subject": "项目", "compare": "unrounded"}
    }
    book, _ = read_as_far(base | table, source="b")
    assert all(str(fault) for fault in further_faults(book, TEXT, source="b"))
