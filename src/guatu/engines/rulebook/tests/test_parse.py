"""Reading a book: every fault at once, with its place; a digest of the content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.engines.rulebook import (
    RulebookError,
    check_folder,
    compile_book,
    parse_book,
    parse_examples,
    read_facts,
    standard_catalogue,
)

HEAD = (
    'book = {id = "b", version = 1, from = 2025-01-01, subject = "项目",'
    ' compare = "unrounded", title = "试", source = "试"}\n'
)
LIGHT = """
[[light]]
dimension = "进度"
clause = "第二条"
missing = "无数据"
cases = [{when = "落后时间进度 <= 0", give = {severity = "ok"}}]
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        parse_book(text, source="b/rulebook.toml")
    assert all(fault.file == "b/rulebook.toml" for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def test_a_small_book_reads() -> None:
    book = parse_book(HEAD + LIGHT, source="b")
    assert book.lights[0].cases[0].id == "进度.1"
    assert book.combine == "worst"
    assert book.digest.startswith("sm3:")
    assert len(book.digest) == 4 + 64


def test_the_digest_ignores_comments_spacing_and_order_of_keys() -> None:
    one = parse_book(HEAD + LIGHT, source="b")
    two = parse_book(
        "# 说明\n" + HEAD.replace('id = "b", version = 1', 'version=1,   id="b"') + LIGHT + "\n\n",
        source="elsewhere",
    )
    assert one.digest == two.digest
    three = parse_book(HEAD + LIGHT.replace("<= 0", "< 0"), source="b")
    assert three.digest != one.digest


def test_all_faults_come_at_once_with_rule_and_clause() -> None:
    lines = faults_of(
        HEAD.replace('"unrounded"', '"rounded"')
        + LIGHT.replace('missing = "无数据"\n', "").replace("落后时间进度", "落后进度")
        + LIGHT.replace('"ok"', '"bad"').replace("cases", 'note = "x"\ncases')
    )
    text = "\n".join(lines)
    assert "文件“b/rulebook.toml”：规则“进度”（第二条）：没有写明缺数据怎么办" in text
    assert "规则“进度”（第二条）第1条界线：不认识的量“落后进度”" in text
    assert "落后时间进度" in text
    assert "“compare”不能是“rounded”" in text
    assert "不认识的键“note”" in text
    assert "“severity”不能是“bad”" in text
    assert "同一维度写了两次" in text


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ("", "缺少“id”"),
        (HEAD, "没有一条规则"),
        (HEAD + "light = 3", "应是一个表"),
        (HEAD + '[[light]]\ndimension = "进度"\nclause = "一"\nmissing = "无数据"', "cases"),
        (HEAD + LIGHT.replace('clause = "第二条"\n', ""), "缺少“clause”"),
        (HEAD + LIGHT.replace("give = {severity", "give = {"), "不合TOML"),
        (HEAD + LIGHT.replace('missing = "无数据"', 'missing = "不知道"'), "“missing”不能是"),
        (HEAD + 'combine = "mean"\n' + LIGHT, "“combine”不能是“mean”"),
        (HEAD + LIGHT.replace(', give = {severity = "ok"}', ""), "缺少“give”"),
        (HEAD + LIGHT.replace('"ok"}', '"ok", colour = "pink"}'), "“colour”不能是“pink”"),
        (HEAD + LIGHT.replace('"ok"}}', '"ok"}, interpretation = {by = "甲"}}'), "缺少“why”"),
        (HEAD + LIGHT.replace('"ok"}}', '"ok"}, interpretation = {why = "甲"}}'), "缺少“by”"),
        (HEAD.replace("2025-01-01", '"2025"') + LIGHT, "应是日期"),
        (HEAD.replace("version = 1", "version = 0") + LIGHT, "正整数"),
        (HEAD.replace("version = 1", "version = true") + LIGHT, "正整数"),
        (HEAD.replace('"b"', '"../b"') + LIGHT, "写法不对"),
        (HEAD.replace("2025-01-01", "2025-01-01, until = 2024-01-01") + LIGHT, "早于"),
        (HEAD + '[scope]\nwhen = "总投资 > 0"\nclause = "一"' + LIGHT, "没有写明缺数据"),
        (HEAD + '[[assume]]\nmeasure = "已入库"\nvalue = true\nclause = "一"' + LIGHT, "谁（by）"),
        (
            HEAD
            + '[[assume]]\nmeasure = "已入裤"\nvalue = 1\nclause = "一"\n'
            + 'interpretation = {by = "甲", on = 2025-01-01, why = "乙"}'
            + LIGHT,
            "是不是“已入库”",
        ),
        (HEAD + '[labels]\nok = {label = "好", colour = "x"}' + LIGHT, "“colour”不能是"),
        (HEAD + LIGHT.replace('"ok"}}', '"ok"}, id = "进度"}'), "重复"),
        ("x = " + "[" * 3000, "不合TOML"),
        ("x = 1" + " " * 500_000, "太长"),
    ],
)
def test_a_wrong_book_is_refused_with_its_reason(wrong: str, part: str) -> None:
    assert any(part in line for line in faults_of(wrong))


def test_missing_may_be_a_light_of_its_own() -> None:
    text = HEAD + LIGHT.replace('"无数据"', '{severity = "serious", label = "红（未报）"}')
    verdict = compile_book(parse_book(text, source="b")).verdict({})
    assert (verdict.overall, verdict.label, verdict.colour) == ("serious", "红（未报）", "red")


def test_facts_are_read_from_json_or_refused() -> None:
    assert read_facts(
        {"年度投资计划": "0.5亿元", "时间进度": "77.5%", "要求支付率": [9, 12], "已开工": None}
    ) == {"年度计划投资": 50_000_000, "时间进度": (31, 40), "要求支付率": (9, 12), "已开工": None}
    bad: dict[str, object] = {
        "总投资": "0.00001万元",
        "时间进度": [1, 0],
        "已开工": 1,
        "开工后月数": True,
        "计划开工时间": "9月",
        "总投姿": 1,
        "本年完成投资": 1,
        "本年累计完成投资": 1,
        "要求支付率": 0.8,
        "行业领域": 3,
    }
    with pytest.raises(RulebookError) as caught:
        read_facts(bad, place="P1")
    assert len(caught.value.faults) == len(bad) - 1
    assert "是不是“总投资”" in str(caught.value)


def test_wrong_examples_are_refused_with_all_faults() -> None:
    text = """
    [[example]]
    facts = {"总投姿" = 1}
    expect = {overall = "fine", lights = {"进度" = "x"}}
    [[example]]
    name = "二"
    """
    with pytest.raises(RulebookError) as caught:
        parse_examples(text, parse_book(HEAD + LIGHT, source="b"), source="examples.toml")
    assert len(caught.value.faults) >= 5
    with pytest.raises(RulebookError, match="TOML"):
        parse_examples("[[", parse_book(HEAD + LIGHT, source="b"), source="examples.toml")


DOC = Path(__file__).parents[5] / "docs" / "rulebooks" / "measures.md"


def test_the_paper_on_rule_books_lists_every_measure() -> None:
    rows = dict(re.findall(r"^\| (\S+) \| ([^|]+) \|", DOC.read_text("utf-8"), re.MULTILINE))
    for measure in standard_catalogue().measures:
        assert rows.get(measure.name) == measure.unit, measure.name


PAPERS = sorted(DOC.parent.glob("*.md"))


def test_the_book_in_the_paper_passes_its_check(tmp_path: Path) -> None:
    paper = (DOC.parent / "README.md").read_text("utf-8")
    tables = re.findall(r"```toml\n(.*?)```", paper, re.DOTALL)
    texts = re.findall(r"```markdown\n(.*?)```", paper, re.DOTALL)
    folder = tmp_path / "my-city"
    folder.mkdir()
    (folder / "rulebook.toml").write_text(tables[0], "utf-8")
    (folder / "examples.toml").write_text(tables[1], "utf-8")
    (folder / "text.md").write_text(texts[0], "utf-8")
    assert check_folder(folder) == ()
    (folder / "examples.toml").write_text(tables[1].replace("6499999", "6500000"), "utf-8")
    assert [fault.code for fault in check_folder(folder)] == ["example-differs"] * 2
