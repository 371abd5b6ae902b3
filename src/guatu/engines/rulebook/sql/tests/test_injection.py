"""Nothing a book's author or a caller writes becomes SQL: names, labels, values, sources."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from guatu.engines.rulebook import compile_book, parse_book, standard_catalogue
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.sql import (
    DUCKDB,
    POSTGRES,
    SPARK,
    NotInSql,
    Relation,
    RowReader,
    compile_sql,
)
from guatu.engines.rulebook.sql.tests.databases import Database
from guatu.engines.rulebook.sql.tests.invented import row_of, schema_of
from guatu.engines.rulebook.types import Kind, Measure, Member

HOSTILE = (
    "'; DROP TABLE facts; --",
    "\\'; DROP TABLE facts; --",
    "' OR '1'='1",
    "${env:HOME}",
    "%s %(x)s {source}",
    'a"b`c',
    "\\u0027",
    "换\n行\t",
)
PLAIN = """
[book]
id = "x"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
title = "x"
source = "x"
[[light]]
dimension = "类别"
clause = "一"
missing = "无数据"
[[light.cases]]
when = "投资类别 in ('甲', '乙')"
give = {severity = "ok", label = "绿", colour = "green"}
"""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_only_a_text(database: Database, hostile: str) -> None:
    book = parse_book(PLAIN, source="x")
    light = book.lights[0]
    case = replace(light.cases[0], when=Member("投资类别", (hostile,), False))
    case = replace(case, give=replace(case.give, label=hostile))
    book = replace(book, lights=(replace(light, dimension=hostile, cases=(case,)),))
    plan = compile_sql(book, dialect=database.dialect)
    rows = [
        row_of(key, {"投资类别": words}, plan.columns)
        for key, words in enumerate((hostile, "别的"))
    ]
    source = database.load(schema_of(plan.columns), rows)
    reader, evaluator = RowReader(plan), compile_book(book)
    for row in sorted(database.rows(plan.sql(source))):
        words = (hostile, "别的")[row[0]]
        assert reader.verdict(row) == evaluator.verdict({"投资类别": words})
        assert reader.values(row) == {"投资类别": words}


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES, SPARK], ids=lambda d: d.name)
def test_a_measure_by_a_hostile_name_is_a_number(dialect: object) -> None:
    name = '投"; DROP TABLE facts; --'
    measure = Measure(name, Kind.YUAN, "元", "", "", True, ("项目",))
    catalogue = Catalogue((*standard_catalogue().measures, measure))
    book = parse_book(PLAIN, source="x")
    light = book.lights[0]
    case = replace(light.cases[0], when=Member(name, (1, 2), True))
    book = replace(book, lights=(replace(light, cases=(case,)),))
    sql = compile_sql(book, catalogue=catalogue, dialect=dialect).sql("t")  # type: ignore[arg-type]
    assert "DROP" not in sql
    assert re.fullmatch(r"[A-Za-z0-9_ ,()*+<>=.%/-]+", sql)


@pytest.mark.parametrize("name", ["", "a b", "a;b", "甲", "A", 'a"', "x" * 60, "1a"])
def test_a_callers_column_has_a_plain_name(name: str) -> None:
    with pytest.raises(NotInSql):
        compile_sql(parse_book(PLAIN, source="x"), relation=Relation(keep=(name,)))


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES, SPARK], ids=lambda d: d.name)
def test_texts_that_no_database_stores_are_refused(dialect: object) -> None:
    for text in ("a\0b", "\ud800"):
        with pytest.raises(NotInSql):
            dialect.quoted(text)  # type: ignore[attr-defined]
    assert dialect.source('a"b`c', "d") in ('"a""b`c"."d"', '`a"b``c`.`d`')  # type: ignore[attr-defined]
