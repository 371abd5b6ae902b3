from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.engines.rulebook.procedures import TABLES, VERBS
from guatu.engines.rulebook.procedures.tests.tables_read import faults_of

MANUAL = Path(__file__).parents[6].joinpath("docs/rulebooks/procedures.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", MANUAL, re.S)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_manual_can_be_read(number: int) -> None:
    assert faults_of(EXAMPLES[number]) == ""


def test_the_manual_names_every_table_and_every_verb() -> None:
    assert [table for table in TABLES if f"[[{table}]]" not in MANUAL] == []
    listed = MANUAL.split("| 类别 | 动词 |")[1].split("\n\n")[0]
    words = set(re.split(r"[|、\n ]+", listed))
    assert sorted(VERBS.keys() - words) == []


def test_an_example_with_a_wrong_key_does_not_pass() -> None:
    """Twin: the check of the examples can fail."""
    assert "不认识的键“dew”" in faults_of(EXAMPLES[0].replace("due =", "dew ="))
