"""Limits of a book that a city may set otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.rulebook import (
    RulebookError,
    find_book,
    limits_of,
    parts_of_limits,
    read_limit,
    read_limits,
)
from guatu.engines.rulebook.run import Subject, run_book

BOOK = find_book("questions")
LIMITS = limits_of(BOOK)


def test_limits_are_the_measures_with_one_value_and_told_as_written() -> None:
    wanted = {
        "支付核对起点": "1000万元",
        "支付占完成下限": "30%",
        "与计划相同次数界线": "3次",
        "高于同类界线": "30个百分点",
        "整数占比界线": "80%",
    }
    assert {name: LIMITS[name].text for name in wanted} == wanted
    assert "阶段下限" not in LIMITS
    assert limits_of(find_book("default")) == {}


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("支付占完成下限", "25%", (1, 4)),
        ("支付占完成下限", "２５％", (1, 4)),
        ("支付占完成下限", "12.5%", (1, 8)),
        ("高于同类界线", "25百分点", (1, 4)),
        ("支付核对起点", "2000万元", 20_000_000),
        ("支付核对起点", "0.5亿元", 50_000_000),
        ("与计划相同次数界线", "4", 4),
        ("与计划相同次数界线", "４次", 4),
    ],
)
def test_a_limit_is_read_as_people_write_it(name: str, typed: str, value: object) -> None:
    assert read_limit(LIMITS[name], typed) == value
    assert read_limits(BOOK, f"{name}={typed}") == {name: value}


@pytest.mark.parametrize("name", ["支付占完成下限", "支付核对起点", "与计划相同次数界线"])
@pytest.mark.parametrize(
    "typed",
    [
        "", "三成", "-5%", "-3", "0", "0%", "0万元", "NaN", "nan%", "inf", "1e3", "1/3", "1000000000000000000",
        "1000000000000000000%", "1000000000000000000亿元", "=1+1", "<script>", "30%,高于同类界线=1%",
        "９" * 400, "true", "2026-01-01", "3个月", "²",
    ],
)  # fmt: skip
def test_a_bad_limit_is_refused_in_one_clear_line(name: str, typed: str) -> None:
    with pytest.raises(RulebookError) as refused:
        read_limit(LIMITS[name], typed)
    (fault,) = refused.value.faults
    assert name in fault.what
    assert fault.remedy.startswith("请写")
    assert len(str(fault)) < 100


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("支付占完成=25%", "没有界线“支付占完成”"),
        ("支付占完成下限=25%,支付占完成下限=20%", "写了两次"),
        ("支付占完成下限", "不能是“”"),
        ("随便", "没有界线“随便”"),
    ],
)
def test_a_setting_names_what_it_cannot_take(text: str, told: str) -> None:
    with pytest.raises(RulebookError) as refused:
        read_limits(BOOK, text)
    assert told in str(refused.value.faults[0])


@given(st.integers(1, 10_000_000))
def test_what_is_told_of_a_limit_reads_as_the_same(scaled: int) -> None:
    limit = LIMITS["支付占完成下限"]
    value = read_limit(limit, f"{scaled // 10_000}.{scaled % 10_000:04}%")
    assert read_limit(limit, limit.told(value)) == value


@given(st.text(max_size=60))
def test_any_text_is_cut_into_parts_and_random_ones_are_refused(text: str) -> None:
    if parts_of_limits(text):
        with pytest.raises(RulebookError):
            read_limits(BOOK, text)
    else:
        assert read_limits(BOOK, text) == {}


@pytest.mark.parametrize(("stated", "is_asked"), [({}, True), ({"支付占完成下限": (1, 5)}, False)])
def test_a_limit_that_the_facts_state_stands_against_the_books(
    stated: dict[str, object], is_asked: bool
) -> None:
    facts = {"自开工累计": 20_000_000, "累计支付": 5_000_000, **stated}
    run = run_book(BOOK, [Subject("1", "填报数", facts)], as_of=date(2026, 9, 30))
    found = {one.name: one.is_on for one in run.outcomes[0].lists}
    assert found["与支付数差距大"] is is_asked
