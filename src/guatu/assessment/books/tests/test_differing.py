"""What two versions differ in: rules as sentences, clauses word by word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.books.differing import (
    clause_changes,
    example_changes,
    head_changes,
    rule_changes,
    with_remarks,
    words_differing,
)
from guatu.assessment.books.lagging import lagging_words
from guatu.assessment.books.marked import plain_side, rendered_side
from guatu.assessment.books.queries import Version, shelf_version
from guatu.engines.rulebook import parse_book

MARKDOWN = st.text(st.sampled_from("<>&|-*#`甲乙1. \n\ue000\ue001、"), max_size=20)


def version(old: str = "", new: str = "", *, text: tuple[str, str] = ("", "")) -> Version:
    """The default book with something replaced in its rules or its clauses."""
    base = shelf_version("default")
    assert old in base.toml
    toml = base.toml.replace(old, new) if old else base.toml
    told = base.text.replace(*text) if text[0] else base.text
    return Version(parse_book(toml, source="x"), toml, told, base.examples)


def test_equal_versions_have_no_changes() -> None:
    assert rule_changes(version(), version()) == []
    assert clause_changes(version(), version()) == []


def test_a_limit_that_moved_is_told_in_its_sentence() -> None:
    found = rule_changes(version(), version("落后时间进度 > 30*", "落后时间进度 > 40*"))
    assert [one.rule for one in found] == ["进度.4"]
    assert ("gone", "30") in found[0].pieces
    assert ("new", "40") in found[0].pieces


def test_rules_that_come_and_go_are_told() -> None:
    more = '\n[[act]]\nname = "约谈"\nclause = "四"\nwhen = "进度灯 == \'红\'"\ndo = ["约谈"]\n'
    base = shelf_version("default")
    after = Version(parse_book(base.toml + more, source="x"), "", base.text, "")
    (added,) = rule_changes(base, after)
    assert (added.rule, added.old) == ("约谈", None)
    (gone,) = rule_changes(after, base)
    assert (gone.rule, gone.new) == ("约谈", None)


def test_a_clause_is_compared_word_by_word() -> None:
    (one,) = clause_changes(version(), version(text=("落后10至30个百分点", "落后10至40个百分点")))
    assert (one.name, one.how) == ("三、进度", "修改")
    assert [piece for piece in one.pieces if piece[0] != "same"] == [("gone", "30"), ("new", "40")]


def test_a_limit_that_moved_without_its_clause_is_remarked() -> None:
    old, new = version(), version("落后时间进度 > 30*", "落后时间进度 > 40*")
    (one,) = with_remarks(rule_changes(old, new), clause_changes(old, new), new)
    assert (one.place, one.how, one.remark) == ("三，进度.4", "修改", "条文没有改")
    told = version(
        "落后时间进度 > 30*",
        "落后时间进度 > 40*",
        text=("落后超过30个百分点", "落后超过40个百分点"),
    )
    (one,) = with_remarks(rule_changes(old, told), clause_changes(old, told), told)
    assert (one.how, one.remark) == ("修改", "")


def test_clauses_that_come_and_go_are_told() -> None:
    found = clause_changes(version(), version(text=("## 四、合成", "## 四、怎样合成")))
    assert [(one.name, one.how) for one in found] == [
        ("四、怎样合成", "增加"),
        ("四、合成", "删去"),
    ]


def test_title_and_examples_that_differ_are_told() -> None:
    old = version()
    new = version('title = "通用进度亮灯办法"', 'title = "江源亮灯办法"')
    (head,) = head_changes(old, new)
    assert (head.name, head.old, head.new) == ("名称", "通用进度亮灯办法", "江源亮灯办法")
    examples = old.examples.replace('"450万元"', '"350万元"').replace(
        'name = "少1元"', 'name = "少"'
    )
    found = example_changes(old, Version(old.book, old.toml, old.text, examples))
    assert [(one.name, one.how) for one in found] == [
        ("少", "增加"),
        ("落后30个百分点整", "修改"),
        ("少1元", "删去"),
    ]
    assert "<del>450</del>" in found[1].before
    assert "<ins>350</ins>" in found[1].after
    assert example_changes(old, old) == head_changes(old, old) == []


def interpreted(why: str) -> Version:
    """The default book whose red rests on an interpretation."""
    rule = 'when = "落后时间进度 > 30*百分点"'
    said = f'interpretation = {{by = "市重点办", on = 2026-01-05, why = "{why}"}}'
    return version(rule, f"{rule}, {said}")


def test_both_wordings_of_an_interpretation_are_shown() -> None:
    (one,) = rule_changes(interpreted("按整月算"), interpreted("按自然日算"))
    assert one.how == "改解释"
    assert "按<del>整月</del>算" in one.before
    assert "按<ins>自然日</ins>算" in one.after


def test_a_table_is_compared_as_a_table() -> None:
    table = "| 档 | 界线 |\n|---|---|\n| 红 | 30 |\n"
    text = ("## 四、合成\n", f"## 四、合成\n\n{table}\n")
    old, new = version(text=text), version(text=(text[0], text[1].replace("30", "40")))
    (one,) = clause_changes(old, new)
    assert "<del>30</del>" in one.before
    assert "<ins>40</ins>" in one.after
    assert one.after.count("<table") == 1
    (added,) = clause_changes(version(), new)
    assert added.after.count("<table") == 1
    assert "|" not in added.after


@given(st.lists(st.tuples(st.sampled_from(["same", "gone", "new"]), MARKDOWN), max_size=8))
def test_a_marked_side_is_well_nested_and_holds_no_foreign_markup(
    pieces: list[tuple[str, str]],
) -> None:
    for side in ("gone", "new"):
        for html in (rendered_side(pieces, side), plain_side(pieces, side)):
            assert is_well_nested(html), html


def is_well_nested(html: str) -> bool:
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)([^\s>]*)[^>]*>", html.replace("<br>", "")):
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened and "<script" not in html


def test_markup_that_is_badly_nested_would_be_found() -> None:
    assert not is_well_nested("<p><del>x</p></del>")
    assert not is_well_nested("<p><script></script></p>")


def both_limits(text: tuple[str, str] = ("", "")) -> Version:
    """Yellow ends and red begins ten points later."""
    base = shelf_version("default")
    toml = base.toml.replace("<= 30*百分点", "<= 40*百分点").replace("> 30*百分点", "> 40*百分点")
    told = base.text.replace(*text) if text[0] else base.text
    return Version(parse_book(toml, source="x"), toml, told, base.examples)


def test_a_clause_that_still_states_the_old_number_is_named() -> None:
    told = [one.what for one in lagging_words(version(), both_limits())]
    assert told == ["条文“三、进度”还写着30，规则“进度.3”“进度.4”已经不是30"]
    half = both_limits(("落后10至30个", "落后10至40个"))
    assert any("还写着30" in one.what for one in lagging_words(version(), half))


def test_a_clause_that_goes_along_is_not_named() -> None:
    base = shelf_version("default")
    body = base.text.replace("10至30个", "10至40个").replace("超过30个", "超过40个")
    new = both_limits()
    assert lagging_words(version(), Version(new.book, new.toml, body, new.examples)) == []
    assert lagging_words(version(), version()) == []


def test_an_interpretation_that_still_states_the_old_number_is_named() -> None:
    old = interpreted("超过30个才红")
    toml = old.toml.replace("<= 30*百分点", "<= 40*百分点").replace("> 30*百分点", "> 40*百分点")
    new = Version(parse_book(toml, source="x"), toml, old.text, old.examples)
    assert any("解释还写着30" in one.what for one in lagging_words(old, new))


@given(st.text("甲乙1 \n", max_size=40), st.text("甲乙1 \n", max_size=40))
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = words_differing(old, new)
    assert "".join(words for kind, words in pieces if kind != "new") == old
    assert "".join(words for kind, words in pieces if kind != "gone") == new


def test_very_long_texts_are_compared_in_a_moment() -> None:
    old, new = "甲乙\n" * 20_000, "甲丙\n" * 20_000
    assert words_differing(old, new) == [("gone", old), ("new", new)]
