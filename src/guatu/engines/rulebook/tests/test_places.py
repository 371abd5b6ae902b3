"""Every value stands where it is said to stand; numbers are changed there and nowhere else."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.rulebook import installed_books, parse_book
from guatu.engines.rulebook.books import EXAMPLES, SHELF, book_text
from guatu.engines.rulebook.numbers import NUMBER, numbers_of, rule_ids, with_numbers
from guatu.engines.rulebook.places import Path, line_of, places_of
from guatu.engines.rulebook.reciting import recite

SAMPLE = """\
# 说明
[book]
id = "x" # 编号
"中文.键" = 'a"b'
a.b = {c = [1, 2, {d = "e"}], f = 2025-03-01}

[[light]]
dimension = "进度"
cases = [
  {when = "-5*百分点 <= 落后 < 10*百分点", give = {severity = "ok"}}, # 一行
  {when = "落后 >= 10*百分点"},
]

[[light]]
says = \"\"\"
多行 "引号" # 不是注释
\"\"\"\"
[[light.each]]
points = -0.5
within = "7工作日"
"""


def reached(table: Any, path: Path) -> Any:
    for key in path:
        table = table[key]
    return table


def misplaced(text: str, places: dict[Path, Any]) -> list[Path]:
    """The values whose stretch does not read as the value itself."""
    table = tomllib.loads(text)
    return [
        path
        for path, place in places.items()
        if tomllib.loads(f"x = {text[place.start : place.end]}")["x"] != reached(table, path)
    ]


@pytest.mark.parametrize("book_id", installed_books())
def test_every_value_of_every_book_stands_in_its_place(book_id: str) -> None:
    for text in (book_text(book_id), (SHELF / book_id / EXAMPLES).read_text("utf-8")):
        places = places_of(text)
        assert places
        assert misplaced(text, places) == []


def test_a_place_that_is_off_by_one_would_be_found() -> None:
    places = places_of(SAMPLE)
    path: Path = ("book", "a", "b", "c", 1)
    moved = type(places[path])(places[path].start - 3, places[path].end - 3)
    assert misplaced(SAMPLE, {path: moved}) == [path]


def test_dotted_quoted_nested_and_long_values_are_placed() -> None:
    places = places_of(SAMPLE)
    assert misplaced(SAMPLE, places) == []
    assert ("book", "中文.键") in places
    assert ("light", 0, "cases", 1, "when") in places
    assert ("light", 1, "each", 0, "points") in places
    assert line_of(SAMPLE, places[("light", 1, "says")].start) == 15


LEAVES = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=12),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab中.", min_size=1), inner, max_size=3),
    ),
    max_leaves=8,
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return "{" + ", ".join(f"{written(k)} = {written(v)}" for k, v in value.items()) + "}"


@given(st.dictionaries(st.text("abc节", min_size=1, max_size=3), VALUES, max_size=4))
def test_places_hold_for_any_values(table: dict[str, Any]) -> None:
    text = "".join(f"{written(key)} = {written(value)} # 注\n" for key, value in table.items())
    assert misplaced(text, places_of(text)) == []


def test_what_is_no_toml_has_no_places_and_no_numbers() -> None:
    with pytest.raises(ValueError, match="end of document"):
        places_of("a = [")
    assert numbers_of("a = [") == ()
    assert with_numbers("a = [", {"x": "1"}) == "a = ["


def test_the_numbers_of_conditions_amounts_and_spans_are_found() -> None:
    found = {one.key: (one.before, one.written, one.after) for one in numbers_of(SAMPLE)}
    assert found == {
        "light/0/cases/0/when#0": ("", "-5", "*百分点 <= 落后 < 10*百分点"),
        "light/0/cases/0/when#1": ("-5*百分点 <= 落后 < ", "10", "*百分点"),
        "light/0/cases/1/when#0": ("落后 >= ", "10", "*百分点"),
        "light/1/each/0/points#0": ("", "-0.5", ""),
        "light/1/each/0/within#0": ("", "7", "工作日"),
    }


def test_changed_numbers_change_nothing_else() -> None:
    text = with_numbers(SAMPLE, {"light/0/cases/1/when#0": "15", "light/1/each/0/points#0": "-1"})
    assert text == SAMPLE.replace('"落后 >= 10*', '"落后 >= 15*').replace("-0.5", "-1")


@pytest.mark.parametrize("told", ["", "十", "1e3", "1;", '5" }', "--1", "9" * 30])
def test_what_is_no_number_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="不是数"):
        with_numbers(SAMPLE, {"light/0/cases/1/when#0": told})


@pytest.mark.parametrize("book_id", installed_books())
def test_every_number_belongs_to_a_rule_that_can_be_said(book_id: str) -> None:
    text = book_text(book_id)
    book = parse_book(text, source="")
    said = {one.rule for one in recite(book)}
    for number in numbers_of(text):
        assert NUMBER.fullmatch(number.written)
        assert text[number.place.start : number.place.end] == number.written
        for rule in rule_ids(book, number.rule):
            known = rule in said or any(one.startswith(rule) for one in said)
            assert known or rule not in {light.id for light in book.lights}, (number.key, rule)
    assert with_numbers(text, {}) == text
    assert parse_book(with_numbers(text, {}), source="").digest == book.digest
