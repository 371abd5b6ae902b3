"""Procedures read aloud: who, what, when, with the clause."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook import find_book, installed_books, parse_book
from guatu.engines.rulebook.reciting import recite

HEAD = """
[book]
id = "x"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
"""


def said(toml: str) -> list[str]:
    return [one.text for one in recite(parse_book(HEAD + toml, source="x"))]


@pytest.mark.parametrize(
    ("toml", "sentences"),
    [
        (
            '[[calendar]]\nact = "月报"\nclause = "一"\nby = "责任单位"\nto = "项目办"\n'
            'due = {after = "月末", plus = "5工作日", on_holiday = "顺延"}',
            ["责任单位每月“月报”，交项目办：月末后5个工作日，遇放假顺延"],
        ),
        (
            '[[calendar]]\nact = "周报汇总"\nevery = "周"\ndue = {weekday = "周五"}\n'
            'then = {act = "报送", weekday = "下周一", on_holiday = "提前"}',
            ["每周“周报汇总”：周五；接着“报送”：下周一，遇放假提前"],
        ),
        (
            '[[clock]]\nname = "审批"\nclause = "二"\nstarts = "受理"\nends = "批复"\n'
            'limit = "20工作日"\npromised = "1工作日"\npause = [{name = "评估", max = "30工作日"}]\n'
            'restart = "补正材料"\nover = [{act = "督办函", by = "重点办"}]',
            [
                "审批：自“受理”起至“批复”止，限20个工作日，承诺1个工作日",
                "审批：“评估开始”至“评估结束”的时间不计，最多扣除30个工作日",
                "审批：“补正材料”后重新起算",
                "审批：逾期的，重点办督办函",
            ],
        ),
        (
            '[[ladder]]\nname = "三单"\nclause = "三"\nper = "任务"\nwindow = "自然年"\n'
            'steps = [{from = "无", on = "未按节点完成", to = "白单", limit = "7日"},'
            ' {from = "白单", on = "逾期", to = "黄单", do = [{act = "约谈", by = "分管副市长"}]}]\n'
            'close = {on = "销号", to = "无"}',
            [
                "三单：按任务按自然年计次，从“无”开始",
                "从“无”，未按节点完成的，进入“白单”，限7日",
                "从“白单”，到期没有了结的，进入“黄单”，分管副市长约谈",
                "销号即了结，回到“无”",
            ],
        ),
        (
            '[[checklist]]\nname = "验收"\nclause = "四"\nall_of = ["申请"]\n'
            'any_of = [["竣工图", "测绘图"]]\non_missing = "补正"\nlimit = "即办"',
            [
                "验收：应有申请；竣工图、测绘图至少一项",
                "验收：缺项不全的，补正，当日补齐",
            ],
        ),
        (
            '[[duty]]\nwho = "包联领导"\nname = "现场调研"\nclause = "五"\nwhat = "到项目调研"\n'
            'every = "月"\nat_least = 2\nrecord = true',
            ["包联领导每月至少2次到项目调研，须有记录"],
        ),
    ],
)
def test_a_procedure_is_said_as_an_official_would(toml: str, sentences: list[str]) -> None:
    assert said(toml) == sentences


def test_items_totals_and_orders_are_said() -> None:
    told = said(
        '[[item]]\nname = "立项"\nclause = "一"\nby = "发改委"\nlimit = "3工作日"\n'
        '[[item]]\nname = "环评"\nclause = "一"\nlimit = "5工作日"\nafter = ["立项"]\n'
        '[[total_limit]]\nname = "合计"\nclause = "一"\nlimit = "8工作日"\n'
        '[[sequence]]\nname = "先后"\nclause = "二"\norder = ["可研", "初设"]\n'
    )
    assert told == [
        "“立项”由发改委办理，限3个工作日",
        "“环评”，限5个工作日，在立项之后",
        "合计：全部事项合计限8个工作日",
        "先后：先后为可研、初设",
    ]


@pytest.mark.parametrize("book_id", installed_books())
def test_every_procedure_of_every_book_is_said_under_its_clause(book_id: str) -> None:
    book = find_book(book_id)
    told = recite(book)
    assert len({one.rule for one in told}) == len(told)
    if not book.procedures:
        return
    names = {one.rule.rpartition(".")[0] for one in told}
    for table in book.procedures.__dataclass_fields__:
        for rule in getattr(book.procedures, table):
            assert rule.head.name in names, rule.head.name
