"""Every book on the shelf that lights lamps; and gates, grades, lists, exemptions together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from guatu.engines.rulebook import Book, find_book, installed_books, parse_book
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.run import Subject
from guatu.engines.rulebook.sql import Column, RowReader, compile_sql
from guatu.engines.rulebook.sql.tests.databases import Database
from guatu.engines.rulebook.sql.tests.invented import facts_of, row_of, schema_of, words_of
from guatu.engines.rulebook.types import Settings

NAMES = """
[book]
id = "x"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
title = "x"
source = "x"
[[scope]]
clause = "一"
when = "总投资 > 10*元"
missing = "在范围"
[[scope]]
clause = "一"
when = "投资类别 in ('甲', '乙')"
missing = "待定"
[[measure]]
name = "得数"
kind = "个数"
meaning = "x"
data = "x"
[[measure]]
name = "名次"
kind = "个数"
from = {rank = {of = "得数", order = "高者在前", ties = "并列跳号"}}
[[measure]]
name = "情有可原"
kind = "是否"
meaning = "x"
data = "x"
[[grade]]
name = "等次"
clause = "二"
missing = "未评"
cases = [{when = "得数 >= 8", give = "好"}, {when = "得数 >= 3", give = "中"}]
overlap = "先者为准"
[[list]]
name = "先进"
clause = "三"
when = "名次 <= 60 and 等次 == '好'"
missing = "待定"
[[exempt]]
name = "容错"
clause = "四"
when = "情有可原 and 得数 < 5"
waives = ["等次灯"]
[[light]]
id = "等次灯"
dimension = "等次"
clause = "五"
missing = "无数据"
cases = [
  {when = "列入先进", give = {severity = "ok", label = "绿", colour = "green"}},
  {when = "等次 in ('好', '中')", give = {severity = "notice", label = "蓝", colour = "blue"}},
  {when = "等次 == '未评'", give = {severity = "serious", label = "红", colour = "red"}},
]
overlap = "先者为准"
[[light]]
dimension = "名次"
clause = "六"
missing = "无数据"
[[light.cases]]
when = "容错 or 名次 > 100"
give = {severity = "warning", label = "黄", colour = "yellow"}
"""


def alike(book: Book, kind: str, database: Database, facts: list[dict[str, Any]]) -> set[str]:
    """The rules that spoke, once both back-ends have said the same of every subject."""
    plan = compile_sql(book, subject=kind, dialect=database.dialect)
    evaluator, reader = Evaluator(book, Settings(), kind), RowReader(plan)
    subjects = [Subject(str(key), kind, one) for key, one in enumerate(facts)]
    frames = evaluator.frames([one.facts for one in subjects])
    rows = [row_of(key, one, plan.columns) for key, one in enumerate(facts)]
    source = database.load(schema_of(plan.columns), rows)
    said = set()
    found = sorted(database.rows(plan.sql(source)))
    assert len(found) == len(facts)
    for row in found:
        verdict = evaluator.verdict_of(frames[row[0]])
        assert reader.verdict(row) == verdict, facts[row[0]]
        said |= {light.rule for light in verdict.lights}
    return said


@pytest.mark.parametrize("word", installed_books())
def test_a_book_on_the_shelf(database: Database, word: str) -> None:
    """Books without lamps have nothing to say here."""
    book = find_book(word)
    for kind in dict.fromkeys(light.subject for light in book.lights):
        columns = compile_sql(book, subject=kind).columns
        words = [*words_of(book), "别的"]
        everyone = [invented(seed, columns, words) for seed in range(1_000)]
        assert len(alike(book, kind, database, everyone)) > 1


def invented(seed: int, columns: Sequence[Column], words: Sequence[str]) -> dict[str, Any]:
    """Facts within the bounds that are planned for, with the words that the book knows."""
    chance, facts = random.Random(seed), facts_of(seed, columns)
    for column in columns:
        value = facts[column.measure]
        if isinstance(value, str):
            facts[column.measure] = chance.choice(words)
        if isinstance(value, int) and not isinstance(value, bool):
            facts[column.measure] = max(-(10**15), min(10**15, value))
    return facts


def test_names_that_rules_give(database: Database) -> None:
    """Gates decide who is ranked, graded and listed; exemptions who has no light."""
    chance, everyone = random.Random(7), []
    for _ in range(500):
        facts: dict[str, Any] = {
            "总投资": chance.choice((5, 10, 11, 100, None)),
            "投资类别": chance.choice("甲乙乙甲丙") if chance.random() < 0.9 else None,
            "得数": chance.randrange(12) if chance.random() < 0.9 else None,
            "情有可原": chance.choice((True, False, None)),
        }
        everyone.append(facts)
    said = alike(parse_book(NAMES, source="x"), "项目", database, everyone)
    assert "等次灯.豁免" in said
    assert len(said) >= 6, said
