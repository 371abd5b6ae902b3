"""Words that a reader needs: what a record holds, what an office means by another name."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.tests.books_read import book_of, faults_of, given
from guatu.engines.rulebook.types import Kind, Record
from guatu.engines.rulebook.wording import value_text

JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)
LIGHTS = standard_catalogue()["往期总灯"]
LATE = standard_catalogue()["月报缺报"]


@pytest.mark.parametrize(
    ("records", "text"),
    [
        (
            (Record(JULY, "黄"), Record(AUGUST, "绿")),
            "2条记录（2025年7月31日“黄”，2025年8月31日“绿”）",
        ),
        ((Record(JULY, None),), "1条记录（2025年7月31日）"),
        ((Record(JULY, "黄", "重点办"),), "1条记录（2025年7月31日“黄”（重点办））"),
        ((), "没有记录"),
    ],
)
def test_records_are_told_with_their_values(records: tuple[Record, ...], text: str) -> None:
    assert value_text(records, LIGHTS) == text


def test_records_that_only_happened_are_told_by_their_days() -> None:
    assert value_text((Record(JULY),), LATE) == "1条记录（2025年7月31日）"


def test_numbers_in_records_have_their_unit() -> None:
    book = book_of(
        given("月考评得分", "记录", 'value = "分数"'),
        '[[list]]\nname = "单"\nclause = "一"\nwhen = "年度计划投资 > 0"\nmissing = "待定"\n',
    )
    measure = next(one for one in book.measures if one.kind is Kind.RECORDS)
    assert value_text((Record(JULY, (173, 2)),), measure) == "1条记录（2025年7月31日86.5分）"


def test_of_many_records_the_newest_are_told() -> None:
    text = value_text(tuple(Record(date(2025, 1, n), "黄") for n in range(1, 9)), LIGHTS)
    assert text.startswith("8条记录（最近为2025年1月3日“黄”")
    assert text.count("黄") == 6


@pytest.mark.parametrize(
    ("word", "meant"),
    [("投资完成率", "年度计划完成率"), ("当年计划投资", "年度计划投资"), ("属地", "所属地区")],
)
def test_what_offices_call_a_measure_is_suggested_and_not_read(word: str, meant: str) -> None:
    table = f'[[list]]\nname = "单"\nclause = "一"\nwhen = "{word} > 0"\nmissing = "待定"\n'
    assert f"不认识的量“{word}”。是不是“{meant}”。" in faults_of(table)


def test_a_word_nobody_uses_is_suggested_by_its_spelling() -> None:
    """Twin: the table does not answer for what it does not have."""
    assert "是不是“时间进度”" in standard_catalogue().suggestion("时间进渡")
    words = [word for one in standard_catalogue().measures for word in one.like]
    assert len(words) == len(set(words))
    assert not any(standard_catalogue().find(word) for word in words)
