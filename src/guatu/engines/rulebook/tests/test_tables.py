"""Books that are too much: refused with one line before they cost time or memory."""

from __future__ import annotations

import time

import pytest

from guatu.engines.rulebook import RulebookError, parse_book
from guatu.engines.rulebook.checking import check_texts
from guatu.engines.rulebook.numbers import numbers_of, with_numbers
from guatu.engines.rulebook.places import places_of
from guatu.engines.rulebook.tables import (
    DEEPEST,
    LONGEST,
    LONGEST_TEXT,
    MOST_DIGITS,
    MOST_TABLES,
    MOST_VALUES,
    TooMuch,
    tables_of,
)

HEAD = """
[book]
id = "x"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
"""
LIGHT = """
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [{when = "落后时间进度 > 30*百分点", give = {severity = "serious", label = "LABEL"}}]
"""

TOO_MUCH = [
    pytest.param("too-long", "# " + "x" * LONGEST, id="long"),
    pytest.param("too-deep", ".".join(["a"] * 90_000) + " = 1", id="dotted"),
    pytest.param("too-deep", "[" + ".".join(["a"] * 50_000) + "]", id="heading"),
    pytest.param("too-deep", " . ".join(['"a b"'] * (DEEPEST + 1)) + " = 1", id="quoted"),
    pytest.param("too-deep", "a = " + "[" * 30 + "]" * 30, id="arrays"),
    pytest.param("too-many", "[[t]]\n" * (MOST_TABLES + 1), id="tables"),
    pytest.param("too-many", f"a = [{'1,' * (MOST_VALUES + 1)}]", id="values"),
    pytest.param("too-large", "a = 0x" + "f" * 20_000, id="hexadecimal"),
    pytest.param("too-large", f"a = -1{'0' * MOST_DIGITS}", id="digits"),
    pytest.param("too-long", f'a = "{"长" * (LONGEST_TEXT + 1)}"', id="text"),
    pytest.param("too-long", f'"{"长" * (LONGEST_TEXT + 1)}" = 1', id="name"),
    pytest.param("hidden-signs", 'a = "红\\u202e"', id="direction"),
    pytest.param("hidden-signs", 'a = "红\\u200b"', id="zero width"),
    pytest.param("hidden-signs", 'a = ["红\\u0000"]', id="null"),
    pytest.param("hidden-signs", '"a\\u0000" = 1', id="null in a name"),
]


@pytest.mark.parametrize(("code", "text"), TOO_MUCH)
def test_what_is_too_much_is_one_fault_in_no_time(code: str, text: str) -> None:
    started = time.monotonic()
    with pytest.raises(TooMuch):
        places_of(text)
    with pytest.raises(RulebookError) as refused:
        parse_book(text, source="rulebook.toml")
    assert [one.code for one in refused.value.faults] == [code]
    assert len(str(refused.value)) < 200
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "# " + "x" * (LONGEST - 2),
        ".".join(["a"] * (DEEPEST - 1)) + " = 1",
        "a = " + "[" * (DEEPEST - 2) + "]" * (DEEPEST - 2),
        "[[t]]\n" * (MOST_TABLES - 1),
        f"a = [{'1,' * MOST_VALUES}]",
        f"a = {'9' * MOST_DIGITS}",
        f'a = "{"长" * LONGEST_TEXT}"',
        'a = """一\n\t二"""',
        f'a = "{"……、。.".join("甲乙丙" * 9)}"',
    ],
)
def test_what_is_just_within_is_read(text: str) -> None:
    assert tables_of(text) is not None


@pytest.mark.parametrize(("label", "faults"), [("红" * 20, 0), ("红" * 21, 1)])
def test_a_light_is_called_by_what_a_result_can_hold(label: str, faults: int) -> None:
    found = check_texts(HEAD + LIGHT.replace("LABEL", label), "", "").faults
    assert sum("灯的名称最多20个字" in str(one) for one in found) == faults


@pytest.mark.parametrize(("dimension", "faults"), [("进" * 50, 0), ("进" * 70, 1)])
def test_a_rule_has_a_name_of_some_length(dimension: str, faults: int) -> None:
    text = HEAD + LIGHT.replace("LABEL", "红").replace("进度", dimension, 1)
    assert sum("最多60个字" in str(one) for one in check_texts(text, "", "").faults) == faults


def test_a_fault_does_not_repeat_all_that_was_written() -> None:
    text = HEAD + LIGHT.replace("LABEL", "红").replace('"serious"', f'"{"重" * LONGEST_TEXT}"')
    found = check_texts(text, "", "").faults
    assert found
    assert all(len(str(one)) < 600 for one in found)


@pytest.mark.parametrize("line", ['combine = "3天"', "depth = 3", 'what = "已开工 and 3 < 4"'])
def test_numbers_at_the_root_are_numbers_too(line: str) -> None:
    for number in numbers_of(f"{line}\n{HEAD}"):
        assert number.rule == (number.key.partition("#")[0],)


@pytest.mark.parametrize("limit", ["1e400", "0x10", "1_000", "9" * 30])
def test_what_stands_as_no_number_of_the_page_is_left_alone(limit: str) -> None:
    text = HEAD + LIGHT.replace("30*百分点", f"{limit}*百分点 and 落后时间进度 > 7*百分点")
    assert [one.written for one in numbers_of(text)] == ["7"]
    assert with_numbers(text, {}) == text


@pytest.mark.parametrize("told", ["１０", "1e400", "NaN", "=1+1", "10.", "", "9" * 16, "\u200b10"])
def test_a_number_of_the_page_is_plain_digits(told: str) -> None:
    text = HEAD + LIGHT
    key = numbers_of(text)[0].key
    assert "40*百分点" in with_numbers(text, {key: "40"})
    with pytest.raises(ValueError, match="不是数"):
        with_numbers(text, {key: told})
