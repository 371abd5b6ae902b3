from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from guatu.engines.rulebook.procedures import read_procedures
from guatu.engines.rulebook.procedures.tests.tables_read import read_flag
from guatu.engines.rulebook.sections import Faults, Section

BOOKS = tomllib.loads(Path(__file__).with_name("published.toml").read_text("utf-8"))


@pytest.mark.parametrize("book", BOOKS)
def test_procedures_of_a_published_book_are_expressible(book: str) -> None:
    faults = Faults(book)
    root = Section(BOOKS[book], "", faults)
    found = read_procedures(root, read_flag)
    root.finish()
    assert [str(fault) for fault in faults.found] == []
    assert found


def test_a_mistake_in_a_published_book_is_found() -> None:
    """Twin: one wrong verb in one of them does not pass."""
    faults = Faults("RB05")
    table = {"consequence": {"name": "黄牌", "when": "不足60%", "do": ["警示"]}}
    read_procedures(Section(table, "", faults), read_flag)
    assert [fault.code for fault in faults.found] == ["unknown-act"]
