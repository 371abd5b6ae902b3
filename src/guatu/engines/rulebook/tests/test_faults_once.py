"""One mistake is told once, and hides no other of the same book."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.engines.rulebook import check_folder
from guatu.engines.rulebook.checking.book import check_texts
from guatu.engines.rulebook.tests.books_read import HEAD

BOOK = """
[[measure]]
name = "迟报"
kind = "KIND"
meaning = "试"
data = "试"
[[light]]
dimension = "进度"
clause = "CLAUSE"
missing = "无数据"
cases = [
  {when = "RATE < 10*百分点", give = {severity = "notice"}},
  {when = "落后时间进度 >= 30*百分点", give = {severity = "serious"}},
  {when = "10*百分点 <= 落后时间进度 < EDGE*百分点", give = {severity = "warning"}},
]
[[list]]
name = "迟报单"
clause = "二"
when = "迟报 >= 10*天"
missing = "不列入"
[[part]]
name = "及时"
clause = "二"
full = 10
missing = "无数据"
steps = {of = "迟报", target = "10天", step = "5天", up = 0, down = 2, partial = "只计整步", better = "少"}
"""
TEXT = "# 试\n\n出处：试\n\n## 一\n\n试。\n\n## 二\n\n试。\n"
GOOD = {"KIND": "天数", "CLAUSE": "一", "RATE": "落后时间进度", "EDGE": "30"}


def told(**changed: str) -> list[str]:
    toml = HEAD + BOOK
    for word, value in (GOOD | changed).items():
        toml = toml.replace(word, value)
    found = check_texts(toml, TEXT, "").faults
    return [f"{one.what} {one.remedy}" for one in found if one.code != "no-examples"]


def test_the_book_itself_is_sound() -> None:
    assert told() == []


@pytest.mark.parametrize("kind", ["天", "日子"])
def test_a_wrong_kind_is_told_once(kind: str) -> None:
    faults = told(KIND=kind)
    assert len(faults) == 1
    assert f"“kind”不能是“{kind}”" in faults[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CLAUSE": "九"}, "条款“九”在text.md里没有"),
        ({"EDGE": "35"}, "第2条与第3条重叠"),
    ],
)
def test_an_unknown_measure_hides_no_other_fault(changed: dict[str, str], said: str) -> None:
    faults = told(RATE="投资完成率", **changed)
    assert any("不认识的量“投资完成率” 是不是“年度计划完成率”" in one for one in faults)
    assert any(said in one for one in faults)
    assert len(faults) == 2
    assert len(told(RATE="投资完成率")) == 1
    assert any(said in one for one in told(**changed))


def test_the_same_is_told_of_a_file(tmp_path: Path) -> None:
    toml = HEAD + BOOK
    for word, value in (GOOD | {"RATE": "投资完成率", "EDGE": "35", "CLAUSE": "九"}).items():
        toml = toml.replace(word, value)
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "rulebook.toml").write_text(toml, "utf-8")
    (folder / "text.md").write_text(TEXT, "utf-8")
    lines = "\n".join(str(one) for one in check_folder(folder))
    assert all(word in lines for word in ("不认识的量", "重叠", "条款“九”"))
