from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.core.ratio import Rounding
from guatu.engines.rulebook import Evaluator, Settings, compile_book, find_book
from guatu.engines.rulebook.sql import Relation, RowReader, SqlLights, compile_sql, conditions
from guatu.engines.rulebook.sql.frame import Frame
from guatu.engines.rulebook.sql.integers import Pair
from guatu.engines.rulebook.sql.tests.databases import Database
from guatu.engines.rulebook.sql.tests.invented import LARGEST, facts_of, row_of, schema_of
from guatu.engines.rulebook.types import Operand, Severity

BOOKS = (
    ("default", "项目"),
    ("RB01", "项目"),
    ("RB02", "项目"),
    ("RB02", "地区"),
    ("RB03", "项目"),
)
BOUNDS = {"年度计划投资": LARGEST, "本年累计完成投资": LARGEST, "总投资": LARGEST}
BOUNDS |= {"时间进度": 30_000, "资金支付率": 30_000, "要求支付率": 30_000}
PRINTED = (
    Settings(digits=1),
    Settings(digits=0, gap="rounded"),
    Settings(digits=2, rounding=Rounding.TRUNCATE),
    Settings(digits=1, digits_of={"时间进度": 2}, rounding=Rounding.TRUNCATE, gap="rounded"),
)


def compiled(
    word: str, subject: str, database: Database, *, printed: Settings | None = None
) -> tuple[Evaluator, SqlLights]:
    book = find_book(word)
    if printed is not None:
        book = replace(book, compare="printed")
    evaluator = compile_book(book, printed, subject=subject)
    plan = compile_sql(
        book, printed, subject=subject, dialect=database.dialect, relation=Relation(bounds=BOUNDS)
    )
    return evaluator, plan


def differing(
    evaluator: Evaluator, plan: SqlLights, sql: str, database: Database, seeds: list[int]
) -> Iterator[tuple[dict[str, Any], object, object]]:
    """The subjects about which the two back-ends do not say the same."""
    facts = [facts_of(seed, plan.columns) for seed in seeds]
    rows = [row_of(key, one, plan.columns) for key, one in enumerate(facts)]
    source = database.load(schema_of(plan.columns), rows)
    reader = RowReader(plan)
    answered = sorted(database.rows(sql.replace("{source}", source)))
    assert [row[0] for row in answered] == list(range(len(facts)))
    for one, row in zip(facts, answered, strict=True):
        expected = (evaluator.verdict(one), _compared(evaluator, plan, one))
        found = (reader.verdict(row), reader.values(row))
        if expected != found:
            yield one, expected, found


def _compared(evaluator: Evaluator, plan: SqlLights, facts: dict[str, Any]) -> dict[str, Any]:
    frame: list[Any] = []
    for load in evaluator.plan.loads:
        frame.append(load(facts, frame))
    slots = evaluator.plan.slots
    return {value.measure: frame[slots[value.measure]] for value in plan.values}


@pytest.mark.parametrize(("word", "subject"), BOOKS)
def test_every_row_is_judged_as_the_scalar_evaluator_does(
    database: Database, word: str, subject: str
) -> None:
    evaluator, plan = compiled(word, subject, database)
    found = list(differing(evaluator, plan, plan.sql("{source}"), database, list(range(4_000))))
    assert not found[:1]


@pytest.mark.parametrize("printed", PRINTED, ids=range(len(PRINTED)))
@pytest.mark.parametrize("word", ["default", "RB02", "RB03"])
def test_books_that_compare_what_is_printed(
    database: Database, word: str, printed: Settings
) -> None:
    evaluator, plan = compiled(word, "项目", database, printed=printed)
    found = list(differing(evaluator, plan, plan.sql("{source}"), database, list(range(1_000))))
    assert not found[:1]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seeds=st.lists(st.integers(0, 2**64), min_size=1, max_size=60))
@pytest.mark.parametrize(("word", "subject"), BOOKS)
def test_any_facts(database: Database, word: str, subject: str, seeds: list[int]) -> None:
    evaluator, plan = compiled(word, subject, database)
    assert not list(differing(evaluator, plan, plan.sql("{source}"), database, seeds))[:1]


TWINS = {
    "an edge that no longer belongs": ("default", r"<= 0\)", "< 0)"),
    "an open edge that now belongs": ("default", r" < ", " <= "),
    "unknown overtaken by a later case": ("RB01", r"WHEN b\d+ IS NULL THEN \d+", ""),
    "a plan of zero divided by": ("default", r"WHEN x\d+ > 0 ", "WHEN TRUE "),
    "a zero pace divided by": ("RB03", r"CASE WHEN x\d+_n > 0 THEN", "CASE WHEN TRUE THEN"),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_wrong_twin_is_found(database: Database, twin: str) -> None:
    word, right, wrong = TWINS[twin]
    evaluator, plan = compiled(word, "项目", database)
    sql = plan.sql("{source}")
    spoilt = re.sub(right, wrong, sql)
    assert spoilt != sql
    assert list(differing(evaluator, plan, spoilt, database, list(range(4_000))))


def test_a_twin_that_divides_floats_is_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compared as doubles, operands over 2^53 fall on the wrong side of an edge."""

    def divided(frame: Frame, left: Operand, sign: str, right: Operand) -> str:
        sides = []
        for operand in (left, right):
            value = conditions._operand(frame, operand)
            kind = "DOUBLE PRECISION" if database.dialect.name == "postgres" else "DOUBLE"
            if isinstance(value, Pair):
                sides.append(
                    f"CAST({value.top.sql} AS {kind}) / CAST({value.bottom.sql} AS {kind})"
                )
            else:
                sides.append(value.sql)
        return f"({sides[0]} {sign} {sides[1]})"

    monkeypatch.setattr(conditions, "_compared", divided)
    evaluator, plan = compiled("default", "项目", database)
    found = list(differing(evaluator, plan, plan.sql("{source}"), database, list(range(4_000))))
    assert found


def test_facts_reach_every_outcome() -> None:
    """The invented facts leave no light of the four books unlit: else equality says little."""
    for word, subject in BOOKS:
        evaluator = compile_book(find_book(word), subject=subject)
        plan = compile_sql(find_book(word), subject=subject)
        said = set()
        overall = set()
        for seed in range(4_000):
            verdict = evaluator.verdict(facts_of(seed, plan.columns))
            said |= {light.rule for light in verdict.lights}
            overall.add(verdict.overall)
        expected = {case.id for light in plan.lights for case in light.cases}
        assert expected <= said, expected - said
        assert Severity.SERIOUS in overall
