"""guatu rulebook check | explain | run: files in, lines or JSON out, no database touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calls import Guatu

BOOK = """
book = {id = "b", version = 1, from = 2025-01-01, subject = "项目", compare = "unrounded", title = "试办法", source = "试"}
[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "落后时间进度 > 10*百分点", give = {severity = "serious"}},
  {when = "落后时间进度 <= 10*百分点", give = {severity = "ok"}},
]
"""  # noqa: E501
TEXT = "# 试办法\n\n出处：试\n\n## 一\n\n落后10个百分点以上亮红灯，否则绿灯。\n"
EXAMPLES = """
[[example]]
name = "落后10个百分点整"
facts = {"落后时间进度" = "10百分点"}
expect = {overall = "ok"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "b"
    place.mkdir()
    (place / "rulebook.toml").write_text(BOOK, "utf-8")
    (place / "text.md").write_text(TEXT, "utf-8")
    (place / "examples.toml").write_text(EXAMPLES, "utf-8")
    return place


def test_a_sound_book_is_told_with_its_counts(guatu: Guatu, folder: Path) -> None:
    ran = guatu("rulebook", "check", folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "b 第1版：亮灯1个维度；算例1个。没有问题。\n"


def test_installed_books_are_found_by_their_beginning(guatu: Guatu) -> None:
    assert guatu("rulebook", "check", "RB03").code == 0
    assert "没有办法“RB99”" in guatu.refused("rulebook", "check", "RB99")[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rulebook.toml", "<= 10*百分点", "<= 9*百分点", "有没写到的情形"),
        ("rulebook.toml", "落后时间进度 > 10", "落后时间进展 > 10", "是不是“落后时间进度”"),
        ("rulebook.toml", "[[light]]", "[[lights]]", "不认识的键“lights”"),
        ("rulebook.toml", "book =", "format = 3\nbook =", "先升级程序"),
        ("examples.toml", '"ok"', '"serious"', "应为serious，算得ok"),
        ("text.md", "## 一", "## 二", "在text.md里没有"),
    ],
)
def test_a_faulty_book_is_refused_with_a_line(
    guatu: Guatu, folder: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    assert any(said in line for line in guatu.refused("rulebook", "check", folder))


def test_a_book_is_read_aloud_under_its_clauses(guatu: Guatu, folder: Path) -> None:
    out = guatu("rulebook", "explain", folder).out
    assert out.startswith("试办法（b 第1版，2025-01-01起）\n")
    assert "【一】" in out
    assert "落后时间进度超过10个百分点，亮红灯" in out


def test_facts_are_judged_and_say_why_and_what_would_change(
    guatu: Guatu, folder: Path, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    subject = {"id": "甲", "年度计划投资": 100, "本年累计完成投资": 60, "时间进度": "3/4"}
    facts.write_text(json.dumps({"as_of": "2026-09-30", "subjects": [subject]}), "utf-8")
    row = guatu("rulebook", "run", folder, "--facts", facts, "--change", "甲").json["results"][0]
    assert row["lights"][0]["severity"] == "serious"
    assert row["why"] == [
        "完成率低于时间进度15.00个百分点，达到红灯界线（落后时间进度超过10个百分点）"
    ]
    assert any("本年累计完成投资由60元变为65元，进度灯由红变为绿" in one for one in row["change"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "不是JSON"),
        ("[]", "最外层应是一个对象"),
        ('{"as_of": "2026-09-30", "subjects": [{"id": "甲", "完成绿": 1}]}', "不认识的量“完成绿”"),
        ('{"as_of": 1e999, "subjects": []}', "as_of"),
        ("[" * 100_000, "不是JSON"),
    ],
)
def test_wrong_facts_are_refused(
    guatu: Guatu, folder: Path, tmp_path: Path, text: str, said: str
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(text, "utf-8")
    assert said in guatu.refused("rulebook", "run", folder, "--facts", facts)[0]


def test_files_that_are_not_there_are_named(guatu: Guatu, folder: Path, tmp_path: Path) -> None:
    assert "没有" in guatu.refused("rulebook", "check", tmp_path / "nowhere/rulebook.toml")[0]
    refused = guatu.refused("rulebook", "run", folder, "--facts", tmp_path / "none.json")
    assert "打不开" in refused[0]
    assert (
        "没有对象“乙”"
        in guatu.refused("rulebook", "run", folder, "--facts", _empty(tmp_path), "--change", "乙")[
            0
        ]
    )


def _empty(place: Path) -> Path:
    facts = place / "empty.json"
    facts.write_text('{"as_of": "2026-09-30", "subjects": []}', "utf-8")
    return facts
