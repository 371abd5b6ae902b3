"""核对数字: what an editor changed, and what the run says instead."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from guatu.core.ratio import Ratio
from guatu.engines.gongwen.reading import read_docx
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import GongwenError
from guatu.publishing.checking.check import Checked, Expected, Verdict, check
from guatu.publishing.checking.figures import figures_in, plain
from guatu.publishing.circular.compose import compose
from guatu.publishing.circular.tests.samples import YI, figures, group, project, region
from guatu.publishing.circular.types import CircularFigures, Starts


def some() -> CircularFigures:
    starts = Starts(6, 5, 4, early=1, overdue=2, rate=Ratio(4, 6))
    total = group(projects=12, no_data=2, serious=1, warning=1, starts=starts)
    lagging = (project("一号产业园"), project("二号桥", serious=False))
    return figures(total, region("江北区"), region("临江区", done=5 * YI), lagging=lagging)


def edited(old: str = "", new: str = "", *, in_table: bool = False, added: str = "") -> bytes:
    """The circular as somebody saved it after changing one text."""
    document = docx.Document(io.BytesIO(render(compose(some()))))
    places = (
        [c.paragraphs[0] for t in document.tables for row in t.rows for c in row.cells]
        if in_table
        else document.paragraphs
    )
    hit = next(p for p in places if old in p.text) if old else None
    if hit is not None:
        text = hit.text.replace(old, new, 1)
        for run in hit.runs[1:]:
            run.text = ""
        hit.runs[0].text = text
    if added:
        document.add_paragraph(added)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def checked(data: bytes) -> Checked:
    return check(read_docx(data), Expected.of(compose(some())))


def test_an_unchanged_circular_agrees_everywhere() -> None:
    found = checked(edited())
    assert found.differing == ()
    assert len(found.agreeing) > 40
    assert [one.text for one in found.unknown] == []


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("90.0%", "91.0%", "90.0%"),
        ("90.00亿元", "9.00亿元", "90.00亿元"),
        ("已开工4个", "已开工5个", "4个"),
        ("低于时间进度63.3个百分点", "低于时间进度3.3个百分点", "63.3个百分点"),
        ("红灯项目1个", "红灯项目3个", "1个"),
    ],
)
def test_one_changed_figure_is_found_with_its_place_and_the_right_value(
    old: str, new: str, right: str
) -> None:
    found = checked(edited(old, new))
    [one] = found.differing
    assert (one.right, one.place[:1], one.place[-1:]) == (right, "第", "段")
    assert one.found in new
    assert new.replace("（", "(") in one.text


def test_a_changed_figure_within_a_reworded_sentence_is_found() -> None:
    found = checked(edited("累计完成投资90.00亿元", "全市上下累计完成投资达到95.00亿元"))
    assert [(one.found, one.right) for one in found.differing] == [("95.00亿元", "90.00亿元")]


def test_a_turned_word_is_found() -> None:
    found = checked(edited("低于时间进度63.3个百分点", "高于时间进度63.3个百分点"))
    assert [(one.found, one.right) for one in found.differing] == [
        ("高于63.3个百分点", "低于63.3个百分点")
    ]


def test_the_same_money_in_another_unit_agrees() -> None:
    found = checked(edited("累计完成投资90.00亿元", "累计完成投资900000万元"))
    assert found.differing == ()


def test_a_changed_cell_of_the_annex_is_found() -> None:
    found = checked(edited("50.0", "55.0", in_table=True))
    [one] = found.differing
    assert (one.found, one.right) == ("55.0", "50.0")
    assert "临江区" in one.place
    assert "完成率" in one.place


def test_a_new_figure_is_left_to_a_person() -> None:
    found = checked(edited(added="下一步新增督导组7个，覆盖3个片区。"))
    told = {one.found for one in found.unknown}
    assert {"7个", "3个"} <= told
    assert found.differing == ()


def test_a_foreign_table_is_named() -> None:
    document = docx.Document()
    document.add_table(2, 2).cell(0, 0).text = "别的表"
    out = io.BytesIO()
    document.save(out)
    assert checked(out.getvalue()).notices == ("第1张表不是系统生成的附表，没有核对",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,234.5万元", "1234.50万元", True),
        ("１２％", "12%", True),
        ("8.40亿元", "84000万元", True),
        ("5个", "5%", False),
        ("-3%", "3%", False),
    ],
)
def test_figures_are_compared_by_value(one: str, other: str, same: bool) -> None:
    [mine], [its] = figures_in(plain(one)), figures_in(plain(other))
    assert mine.agrees_with(its) is same


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BOMB = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04broken",
        b"%PDF-1.7",
        archive(**{"other.xml": b"<a/>"}),
        archive(**{"word/document.xml": b"<a/>"}),
        archive(**{"word/document.xml": b"<not closed"}),
        archive(**{"word/document.xml": BOMB}),
        archive(**{"word/document.xml": b" " * (41 * 1024 * 1024)}),
        edited()[:-200],
    ],
)
def test_wrong_files_are_refused(data: bytes) -> None:
    with pytest.raises(GongwenError):
        read_docx(data)


def test_deep_nesting_costs_nothing() -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    deep = b"<w:sdt>" * 5_000 + b"<w:p/>" + b"</w:sdt>" * 5_000
    body = f"<w:document {w}><w:body>".encode() + deep + b"</w:body></w:document>"
    assert read_docx(archive(**{"word/document.xml": body})).paragraphs == ()


def test_verdicts_are_counted() -> None:
    found = checked(edited("90.0%", "91.0%"))
    total = len(found.agreeing) + len(found.differing) + len(found.unknown)
    assert total == len(found.findings)
    assert found.of(Verdict.DIFFERS) == found.differing


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("已开工4个", "已开工五个", "4个"),
        ("年度计划完成率90.0%", "年度计划完成率百分之八十", "90.0%"),
    ],
)
def test_a_figure_in_characters_is_compared_like_digits(old: str, new: str, right: str) -> None:
    [one] = checked(edited(old, new)).differing
    assert one.found in new
    assert one.right == right


@pytest.mark.parametrize(
    ("old", "new"),
    [("已开工4个", "已开工四个"), ("年度计划完成率90.0%", "年度计划完成率百分之九十")],
)
def test_the_same_figure_in_characters_agrees(old: str, new: str) -> None:
    found = checked(edited(old, new))
    assert found.differing == ()
    assert found.unknown == ()


def test_a_figure_in_characters_that_the_run_does_not_tell_is_listed() -> None:
    found = checked(edited(added="下一步新增督导组七个。"))
    assert [one.found for one in found.unknown] == ["七个"]


def test_the_imprint_is_no_table_of_figures() -> None:
    assert checked(edited()).notices == ()
