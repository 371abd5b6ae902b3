"""`guatu rulebook run --facts` with files that are no facts, `check` with books full of faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.cli.commands.rulebook import MOST_FAULTS
from tests.cli.calls import Guatu

FACTS = '{"as_of": "2026-09-30", "subjects": [{"id": "P1", "年度计划投资": 1000}]}'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("1000", "1E+99999999999999999999", "有的数太长", id="exponent"),
        pytest.param("1000", "1" + "0" * 5000, "有的数太长", id="digits"),
        pytest.param("1000", "1e400", "不能是", id="power"),
        pytest.param("1000", "NaN", "不能是", id="no number"),
        pytest.param("1000", "[" * 100_000, "括号套得太深", id="deep"),
        pytest.param("1000", '1, "年度计划投资": 2', "写了两次", id="twice"),
        pytest.param('"P1"', '"\\ud800"', "残缺", id="half a letter"),
        pytest.param('"年度计划投资"', '"\\ud800"', "残缺", id="half a name"),
        pytest.param('"P1"', '"a\\u202eb"', "看不见的字符", id="direction"),
        pytest.param('"P1"', '"a\\nb"', "看不见的字符", id="line"),
        pytest.param('"P1"', f'"{"长" * 10_000}"', "太长", id="long"),
        pytest.param('"年度计划投资"', f'"{"长" * 10_000}"', "不认识的量", id="long name"),
        pytest.param(
            "1000}", f"1{''.join(f', "k{one}": 1' for one in range(3_000))}}}", "太多", id="many"
        ),
        pytest.param('"P1"', "1" + "0" * 4000, "太长", id="long number"),
    ],
)
def test_bad_facts_are_one_line(
    guatu: Guatu, tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(FACTS, "utf-8")
    assert guatu("rulebook", "run", "default", "--facts", file).code == 0
    file.write_text(FACTS.replace(old, new, 1), "utf-8")
    refused = guatu("rulebook", "run", "default", "--facts", file)
    assert refused.code == 2
    assert told in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert len(refused.err) < 500


def test_whole_letters_written_by_halves_are_read(guatu: Guatu, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(FACTS.replace('"P1"', '"\\ud840\\udc00"'), "utf-8")
    assert guatu("rulebook", "run", "default", "--facts", file).code == 0


def test_of_many_subjects_the_first_faults_are_told(guatu: Guatu, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    many = ",".join(f'{{"id": "{number}", "无此量": 1}}' for number in range(500))
    file.write_text(f'{{"as_of": "2026-09-30", "subjects": [{many}]}}', "utf-8")
    refused = guatu("rulebook", "run", "default", "--facts", file)
    assert refused.code == 2
    assert len(refused.err.strip().splitlines()) == MOST_FAULTS


def test_of_many_faults_the_first_are_printed(guatu: Guatu, tmp_path: Path) -> None:
    file = tmp_path / "book.toml"
    file.write_text("".join(f"[t{number}]\n" for number in range(300)), "utf-8")
    refused = guatu("rulebook", "check", file)
    assert refused.code == 2
    lines = refused.err.strip().splitlines()
    assert len(lines) == MOST_FAULTS + 1
    assert lines[-1].startswith("另有")
