"""Verdicts by DuckDB are those of the scalar path, subject by subject."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from guatu.assessment.conventions import Conventions
from guatu.assessment.duck import verdicts
from guatu.assessment.judging import evaluator_of, facts_of
from guatu.assessment.types import Content, FrozenFigure, Subject
from guatu.engines.rulebook import find_book
from guatu.ledger.types import Nature

AS_OF = date(2026, 9, 30)


def content(number: int) -> Content:
    chance = random.Random(number)

    def mostly(value: Any) -> Any:
        return None if chance.random() < 0.1 else value

    def day() -> date:
        return date(2025, 6, 1) + timedelta(days=chance.randrange(600))

    subjects = [
        Subject(
            id=100 + key,
            serial=key,
            code=None,
            name=f"项目{key}",
            region_id=1,
            region=chance.choice(("甲县", "乙县", "")),
            unit_id=None,
            unit="",
            sector=chance.choice(("社会民生", "基础设施", "别的", "")),
            nature=chance.choice((Nature.NEW, Nature.CONTINUING, Nature.UNKNOWN)),
            is_appraised=True,
            parts=1,
            total_yuan=mostly(chance.randrange(10**7, 10**10)),
            plan_yuan=mostly(chance.choice((0, 12, chance.randrange(10**6, 10**9)))),
            slice_yuan=mostly(chance.randrange(0, 10**8)),
            planned_start=mostly(day()),
            actual_start=mostly(day()),
            planned_completion=None,
            actual_completion=None,
            is_registered=mostly(chance.random() < 0.5),
            judgements={"有正当理由": True} if chance.random() < 0.3 else {},
            report_state="",
            progress="",
            problem="",
            investment=[FrozenFigure(AS_OF, chance.randrange(0, 10**9), "")]
            if chance.random() < 0.9
            else [],
        )
        for key in range(number)
    ]
    return Content("重点项目", 2026, "2026-09", AS_OF, date(2026, 10, 10), 1, [], subjects)


@pytest.mark.parametrize("word", ["default", "RB01", "RB02", "RB03"])
@pytest.mark.parametrize("pace", ["months", "days", "plan", "decreed:25"])
def test_every_subject_has_the_scalar_verdict(word: str, pace: str) -> None:
    book, conventions, round_ = find_book(word), Conventions(time_progress=pace), content(300)
    evaluator = evaluator_of(book, conventions)
    expected = [
        evaluator.verdict(facts_of(one, round_.period_key, conventions)) for one in round_.subjects
    ]
    assert verdicts(round_, book, conventions) == expected
    assert len(set(expected)) > 2


def test_an_empty_round() -> None:
    assert verdicts(content(0), find_book("default"), Conventions()) == []
