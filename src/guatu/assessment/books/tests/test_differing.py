"""What two versions differ in: rules as sentences, clauses word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.books.differing import clause_changes, rule_changes, words_differing
from guatu.assessment.books.queries import Version, shelf_version
from guatu.engines.rulebook import parse_book


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


def test_clauses_that_come_and_go_are_told() -> None:
    found = clause_changes(version(), version(text=("## 四、合成", "## 四、怎样合成")))
    assert [(one.name, one.how) for one in found] == [
        ("四、怎样合成", "增加"),
        ("四、合成", "删去"),
    ]


@given(st.text("甲乙1 \n", max_size=40), st.text("甲乙1 \n", max_size=40))
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = words_differing(old, new)
    assert "".join(words for kind, words in pieces if kind != "new") == old
    assert "".join(words for kind, words in pieces if kind != "gone") == new


def test_very_long_texts_are_compared_in_a_moment() -> None:
    old, new = "甲乙\n" * 20_000, "甲丙\n" * 20_000
    assert words_differing(old, new) == [("gone", old), ("new", new)]
