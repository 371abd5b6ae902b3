"""Recorded values as text: typed, kept, read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.errors import BadInput
from guatu.engines.rulebook.types import Kind, Measure, Record
from guatu.ledger.values import form_of, read_aloud, read_value, restored, stored

DAY = date(2026, 9, 30)


def a_measure(kind: Kind, unit: str = "", **more: object) -> Measure:
    return Measure("某量", kind, unit, "", "督查室", False, ("项目",), **more)  # type: ignore[arg-type]


SCORED = a_measure(Kind.RECORDS, record_kind=Kind.POINTS)
EVENT = a_measure(Kind.RECORDS)


@pytest.mark.parametrize(
    ("measure", "typed", "json", "aloud"),
    [
        (a_measure(Kind.YUAN), "1000万元", "10000000", "1000万元"),
        (a_measure(Kind.YUAN), "１，０００，０００", "1000000", "100万元"),
        (a_measure(Kind.RATIO), "77.5%", "[31,40]", "77.5%"),
        (a_measure(Kind.RATIO), "77.5％", "[31,40]", "77.5%"),
        (a_measure(Kind.RATIO), "9/12", "[9,12]", "75%"),
        (a_measure(Kind.RATIO), "0", "[0,1]", "0%"),
        (a_measure(Kind.RATIO, "百分点"), "30百分点", "[3,10]", "30%"),
        (a_measure(Kind.POINTS), "86.5", "[173,2]", "86.5"),
        (a_measure(Kind.QUANTITY, "亩"), "50.5亩", "[101,2]", "50.5亩"),
        (a_measure(Kind.COUNT), "3", "3", "3"),
        (a_measure(Kind.COUNT), "-3", "-3", "-3"),
        (a_measure(Kind.MONTHS), "1年", "12", "12"),
        (a_measure(Kind.DAYS, "工作日"), "15", "15", "15"),
        (a_measure(Kind.DAY), "2025-06-30", '"2025-06-30"', "2025-06-30"),
        (a_measure(Kind.BOOL), "是", "true", "是"),
        (a_measure(Kind.BOOL), "否", "false", "否"),
        (a_measure(Kind.TEXT), " 省重点 ", '"省重点"', "省重点"),
        (a_measure(Kind.TEXT, values=("省重点",)), "省重点", '"省重点"', "省重点"),
        (SCORED, "59.5", '{"on":"2026-09-30","value":[119,2],"who":"甲"}', "59.5（甲）"),
        (EVENT, "", '{"on":"2026-09-30","who":"甲"}', "有一次（甲）"),
    ],
)
def test_what_is_typed_is_kept_exactly_and_read_back(
    measure: Measure, typed: str, json: str, aloud: str
) -> None:
    who = "甲" if measure.kind is Kind.RECORDS else ""
    fact = read_value(typed, measure, on=DAY, who=who)
    assert stored(fact) == json
    assert restored(json, form_of(measure)) == fact
    assert read_aloud(json, form_of(measure)) == aloud


@pytest.mark.parametrize(
    ("measure", "typed"),
    [
        (a_measure(Kind.YUAN), "很多"),
        (a_measure(Kind.YUAN), "0.5元"),
        (a_measure(Kind.YUAN), "9" * 30),
        (a_measure(Kind.RATIO), "1/0"),
        (a_measure(Kind.RATIO), "77.5"),
        (a_measure(Kind.QUANTITY, "亩"), "5公顷"),
        (a_measure(Kind.COUNT), "3.5"),
        (a_measure(Kind.COUNT), "true"),
        (a_measure(Kind.DAY), "2025-02-30"),
        (a_measure(Kind.BOOL), "大概"),
        (a_measure(Kind.TEXT, values=("省重点",)), "国重点"),
        (a_measure(Kind.TEXT), ""),
        (a_measure(Kind.TEXT), "文" * 201),
        (a_measure(Kind.TEXT), "a\nb"),
        (SCORED, ""),
        (SCORED, "好"),
        (EVENT, "3"),
    ],
)
def test_what_cannot_be_is_refused_in_chinese(measure: Measure, typed: str) -> None:
    with pytest.raises(BadInput) as error:
        read_value(typed, measure, on=DAY)
    assert "某量" in str(error.value) or "看不见" in str(error.value)


def test_forms_tell_apart_what_reads_otherwise() -> None:
    forms = [
        form_of(a_measure(Kind.QUANTITY, "亩")),
        form_of(a_measure(Kind.QUANTITY, "公顷")),
        form_of(a_measure(Kind.DAYS, "天")),
        form_of(a_measure(Kind.DAYS, "工作日")),
        form_of(SCORED),
        form_of(EVENT),
    ]
    assert len(set(forms)) == len(forms)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_pairs_come_back_as_they_were(top: int, bottom: int) -> None:
    assert restored(stored((top, bottom)), "ratio") == (top, bottom)
    entry = (Record(DAY, (top, bottom), "甲"),)
    assert restored(stored(entry), "records:points") == entry
