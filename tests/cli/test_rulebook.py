"""guatu rulebook check | explain | run: files and books published here in, lines or
JSON out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guatu.assessment.models import RuleBookVersion
from guatu.core import clock
from guatu.engines.rulebook import parse_book
from guatu.journal import services as journal
from tests.cli.calls import Guatu
from tests.factories import Cast

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
    ("word", "meant"),
    [
        ("三亚", "RB02-sanya-cards"),
        ("三亚办法", "RB02-sanya-cards"),
        ("sanya", "RB02-sanya-cards"),
        ("RB02-sania-card", "RB02-sanya-cards"),
    ],
)
@pytest.mark.parametrize("act", ["check", "explain"])
def test_an_unknown_id_is_answered_with_few_that_may_be_meant(
    guatu: Guatu, word: str, meant: str, act: str
) -> None:
    [fault] = guatu.refused("rulebook", act, word)
    assert f"是不是“{meant}”（三亚市" in fault
    assert fault.count("（") <= 3


def test_a_word_that_no_book_has_is_not_answered_with_a_wall(guatu: Guatu) -> None:
    """Twin: nothing near, nothing suggested."""
    [fault] = guatu.refused("rulebook", "check", "qwxyz")
    assert "docs/rulebooks/published.md" in fault
    assert "RB" not in fault
    [fault] = guatu.refused("rulebook", "check", "RB")
    assert fault.count("RB") == 4


def published(people: Cast, toml: str, number: int = 1) -> None:
    """The book as one that was published here."""
    book = parse_book(toml, source="own")
    row = RuleBookVersion(
        book=book.id,
        book_version=number,
        toml=toml,
        text=TEXT,
        examples=EXAMPLES,
        digest=book.digest,
        published_by="office",
        is_own=True,
        at=clock.now(),
        valid_from=book.valid_from,
    )
    with journal.act(people.console, "test.published") as act:
        act.write(row)


OWN = BOOK.replace('id = "b"', 'id = "own-city"').replace("试办法", "江源市办法")


def test_a_book_published_here_is_found_by_its_id(
    guatu: Guatu, people: Cast, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    row = {"id": "甲", "年度计划投资": 100, "本年累计完成投资": 50}
    facts.write_text(json.dumps({"as_of": "2026-09-30", "subjects": [row]}), "utf-8")
    acts = (("check",), ("explain",), ("run", "--facts", facts))
    for act, *more in acts:
        assert "没有办法" in guatu.refused("rulebook", act, "own-city", *more)[0]
    published(people, OWN)
    assert "own-city 第1版：亮灯1个维度" in guatu("rulebook", "check", "OWN-CITY").out
    assert "江源市办法（own-city 第1版" in guatu("rulebook", "explain", "own-city").out
    ran = guatu("rulebook", "run", "own-city", "--facts", facts).json
    assert ran["rulebook"]["id"] == "own-city"
    assert "是不是“own-city”（江源市办法）" in guatu.refused("rulebook", "explain", "江源")[0]


def test_of_a_book_published_here_the_version_of_today_is_taken(guatu: Guatu, people: Cast) -> None:
    later = OWN.replace("version = 1", "version = 2")
    published(people, OWN)
    published(people, later.replace("2025-01-01", "2026-10-01"), 2)
    published(people, later.replace("version = 2", "version = 3").replace("2025-", "2027-"), 3)
    assert "own-city 第2版" in guatu("rulebook", "explain", "own-city").out


@pytest.mark.parametrize(("given", "light"), [({}, "red"), ({"时间进度": "50%"}, "green")])
def test_time_progress_follows_from_the_day_unless_it_is_given(
    guatu: Guatu, folder: Path, tmp_path: Path, given: dict[str, str], light: str
) -> None:
    facts = tmp_path / "facts.json"
    row = {"id": "甲", "年度计划投资": 100, "本年累计完成投资": 50, **given}
    facts.write_text(json.dumps({"as_of": "2026-09-30", "subjects": [row]}), "utf-8")
    [got] = guatu("rulebook", "run", folder, "--facts", facts).json["results"]
    assert got["light"]["colour"] == light


def test_time_progress_that_is_written_as_missing_stays_missing(
    guatu: Guatu, folder: Path, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    row = {"id": "甲", "年度计划投资": 100, "本年累计完成投资": 50, "时间进度": None}
    facts.write_text(json.dumps({"as_of": "2026-09-30", "subjects": [row]}), "utf-8")
    [got] = guatu("rulebook", "run", folder, "--facts", facts).json["results"]
    assert got["light"]["severity"] == "no_data"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("rulebook.toml", "<= 10*百分点", "<= 9*百分点", "有没写到的情形"),
        ("rulebook.toml", "落后时间进度 > 10", "落后时间进展 > 10", "是不是“落后时间进度”"),
        ("rulebook.toml", "[[light]]", "[[lights]]", "不认识的键“lights”"),
        ("rulebook.toml", "book =", "format = 3\nbook =", "先升级程序"),
        ("examples.toml", '"ok"', '"serious"', "应为红（serious），算得绿（ok）"),
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
        ("{", "不是JSON：第1行第2列写得不对"),
        ('{"as_of": "2026-09-30",\n "subjects": [}', "不是JSON：第2行第15列写得不对"),
        ('{"subjects": ' + "9" * 5_000 + "}", "不是JSON：有的数太长"),
        ("[]", "最外层应是一个对象"),
        ('{"as_of": "2026-09-30", "subjects": [{"id": "甲", "完成绿": 1}]}', "不认识的量“完成绿”"),
        ('{"as_of": 1e999, "subjects": []}', "as_of"),
        ("[" * 100_000, "不是JSON：括号套得太深"),
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
