from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.rulebook.procedures import TABLES, Procedures, read_procedures
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    procedures_of,
    read_flag,
)
from guatu.engines.rulebook.sections import Faults, Section

SAMPLE = """
[ladder]
per = "任务"
window = "自然年"
steps = [
  {from = "无", on = "未按节点完成", to = "白单", do = [{act = "书面说明", to = "市政府", within = "7日"}]},
  {from = "白单", on = "未按节点完成", to = "黄单", do = [{act = "约谈", by = "分管副市长"}]}]
[[calendar]]
act = "月报"
due = {after = "月末", plus = "5工作日", on_holiday = "顺延"}
"""
MANUAL = Path(__file__).parents[6].joinpath("docs/rulebooks/procedures.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)


def _tables(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _tables(inner))]
    if isinstance(value, list):
        return [found for inner in value for found in _tables(inner)]
    return []


KEYS = sorted({key for block in BLOCKS for table in _tables(tomllib.loads(block)) for key in table})
WORDS = ("月末", "25日", "周五", "5工作日", "无", "逾期", "约谈", "月", "双周", "甲", "", "按单")
LEAVES = st.one_of(
    st.sampled_from(WORDS),
    st.integers(-3, 9),
    st.booleans(),
    st.floats(allow_nan=True),
    st.just(date(1, 1, 1)),
    st.text(max_size=5),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


def test_published_sample_is_read_as_it_stands() -> None:
    found = procedures_of(SAMPLE)
    assert found.ladders[0].states == ("无", "白单", "黄单")
    assert found.calendars[0].act == "月报"
    assert found.calendars[0].rhythm.every == "月"


def test_a_book_without_procedures_is_empty() -> None:
    assert not procedures_of("")
    assert not Procedures()


@given(st.dictionaries(st.sampled_from(TABLES), VALUES, min_size=1, max_size=3))
def test_whatever_is_written_gives_faults_and_no_exception(table: dict[str, object]) -> None:
    faults = Faults("rulebook.toml")
    read_procedures(Section(table, "", faults), lambda _: read_flag)
    assert all(str(fault) for fault in faults.found)


@given(st.data())
def test_a_table_of_the_manual_with_one_broken_value_never_crashes(data: st.DataObject) -> None:
    book = tomllib.loads(data.draw(st.sampled_from(BLOCKS)))
    broken = data.draw(st.sampled_from(_tables(book)))
    broken[data.draw(st.sampled_from(sorted(broken)))] = data.draw(VALUES)
    faults = Faults("rulebook.toml")
    read_procedures(Section(book, "", faults), lambda _: read_flag)
    assert all(str(fault) for fault in faults.found)


def test_a_name_written_twice_is_found() -> None:
    twice = '[[clock]]\nname="甲"\nstarts="乙"\nlimit="7日"\n' * 2
    assert "“甲”写了两次" in faults_of(twice)
