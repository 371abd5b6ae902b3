"""A draft is checked as a folder is: the same faults, with the names of the three files."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook import check_file, installed_books
from guatu.engines.rulebook.books import EXAMPLES, SHELF, TEXT, book_text
from guatu.engines.rulebook.checking import Checked, check_texts
from guatu.engines.rulebook.tables import LONGEST


def texts(book_id: str = "default") -> list[str]:
    folder = SHELF / book_id
    beside = [(folder / name).read_text("utf-8") for name in (TEXT, EXAMPLES)]
    return [book_text(book_id), *beside]


def codes(checked: Checked) -> list[str]:
    return [one.code for one in checked.faults]


@pytest.mark.parametrize("book_id", ["default", "RB01-yinchuan-lights", "RB80-luoyang-gov-invest"])
def test_texts_are_checked_as_their_folder_is(book_id: str) -> None:
    assert book_id in installed_books()
    of_folder, of_texts = check_file(SHELF / book_id), check_texts(*texts(book_id))
    assert of_texts.book == of_folder.book
    assert of_texts.examples == of_folder.examples
    assert codes(of_texts) == codes(of_folder)


@pytest.mark.parametrize(
    ("which", "old", "new", "code", "file"),
    [
        (0, "compare", "compares", "unknown-key", "rulebook.toml"),
        (0, "[book]", "[book", "bad-toml", "rulebook.toml"),
        (0, "10*百分点 <= 落后", "15*百分点 <= 落后", "gap", "rulebook.toml"),
        (0, "年度计划投资 > 0", "年计划投资 > 0", "bad-condition", "rulebook.toml"),
        (0, "[book]", "format = 99\n[book]", "newer-format", "rulebook.toml"),
        (1, "## 一、范围", "## 七、范围", "clause", "rulebook.toml"),
        (2, '"650万元"', '"651万元"', "example-differs", "examples.toml"),
    ],
)
def test_a_fault_is_named_with_its_file(
    which: int, old: str, new: str, code: str, file: str
) -> None:
    told = texts()
    assert old in told[which]
    told[which] = told[which].replace(old, new)
    found = check_texts(*told).faults
    assert (code, file) in {(one.code, one.file) for one in found}


def test_an_empty_text_is_a_missing_one() -> None:
    assert codes(check_texts(texts()[0], " \n", "")) == ["no-text", "no-examples"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_ten_megabytes_are_refused_at_once(which: int) -> None:
    told = texts()
    told[which] += "#" * 10_000_000
    assert codes(check_texts(*told)) == ["too-long"]
    assert len(told[which]) > LONGEST
