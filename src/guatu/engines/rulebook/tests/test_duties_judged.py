"""A duty of a period is open while the period runs, and judged on its last day."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.engines.rulebook import parse_book
from guatu.engines.rulebook.results_of_procedures import DUTY_WORDS
from guatu.engines.rulebook.run import Subject, run_book
from guatu.engines.rulebook.types import Record

TEXT = """
[book]
id = "duty-sample"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
title = "t"
source = "s"
[[duty]]
name = "走访"
clause = "一"
who = ["责任领导"]
what = "到企业"
at_least = 2
every = "月"
missed = [{act = "提醒"}]
"""


@pytest.mark.parametrize(
    ("as_of", "visits", "word", "acts"),
    [
        (date(2025, 9, 29), [date(2025, 9, 3)], "未到期", []),
        (date(2025, 9, 30), [date(2025, 9, 3)], "没做到", ["提醒"]),
        (date(2025, 9, 30), [date(2025, 9, 3), date(2025, 9, 30)], "做到", []),
        (date(2025, 9, 29), [date(2025, 9, 3), date(2025, 9, 30)], "未到期", []),
        (date(2025, 9, 30), [date(2025, 8, 3), date(2025, 9, 30), date(2025, 10, 1)], "没做到", ["提醒"]),
        (date(2025, 10, 1), [date(2025, 9, 3)], "未到期", []),
    ],
)  # fmt: skip
def test_a_period_that_ends_on_the_day_is_over(
    as_of: date, visits: list[date], word: str, acts: list[str]
) -> None:
    book = parse_book(TEXT, source="duty-sample")
    facts = {"期末": as_of, "走访": tuple(Record(on) for on in visits)}
    outcome = run_book(book, [Subject("甲", "项目", facts)], as_of=as_of).outcomes[0]
    assert [
        DUTY_WORDS[one.status] for found in outcome.proceedings.duties.values() for one in found
    ] == [word]
    assert [one.act.act for one in outcome.acts] == acts


def test_without_any_register_nothing_is_said() -> None:
    book = parse_book(TEXT, source="duty-sample")
    facts = {"期末": date(2025, 9, 30)}
    outcome = run_book(book, [Subject("甲", "项目", facts)], as_of=date(2025, 9, 30)).outcomes[0]
    assert outcome.proceedings.duties == {}
