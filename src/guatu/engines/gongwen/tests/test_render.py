import io
import re
import zipfile
from datetime import date

import docx
import pytest

from guatu.engines.gongwen.layout import fill
from guatu.engines.gongwen.numbering import chinese_number, heading_texts
from guatu.engines.gongwen.pieces import Piece, Role, parts
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.tests.samples import letter, mixed, region_table
from guatu.engines.gongwen.types import (
    Document,
    GongwenError,
    Heading,
    Number,
    Paragraph,
    Run,
    Signature,
)


def member(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


SAMPLE = letter("正文。", annexes=(region_table(3),))


def test_the_same_document_gives_the_same_bytes() -> None:
    first = render(SAMPLE)
    assert render(SAMPLE) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_library_reads_it_back() -> None:
    opened = docx.Document(io.BytesIO(render(SAMPLE)))
    texts = [paragraph.text for paragraph in opened.paragraphs]
    assert "各县（市、区）人民政府，市直有关单位：" in texts
    assert "附件：2026年1—10月重点项目分地区完成情况表" in texts
    assert opened.core_properties.title == "关于江源市2026年1—10月重点项目推进情况的通报"
    assert opened.core_properties.created is not None
    assert opened.core_properties.created.date() == date(2026, 11, 3)
    assert len(opened.tables[0].rows) == 5


def test_the_grid_is_written_as_measured() -> None:
    body = member(render(SAMPLE), "word/document.xml")
    assert '<w:docGrid w:type="lines" w:linePitch="579"/>' in body
    assert 'w:top="2098"' in body
    styles = member(render(SAMPLE), "word/styles.xml")
    assert '<w:spacing w:val="-5"/>' in styles
    assert 'w:line="579" w:lineRule="exact"' in styles
    assert 'w:firstLineChars="200" w:firstLine="632"' in styles
    assert "auto" not in re.findall(r'w:lineRule="(\w+)"', styles)
    assert "evenAndOddHeaders" in member(render(SAMPLE), "word/settings.xml")


def test_no_theme_font_and_nothing_of_the_library_s_template_is_left() -> None:
    content = render(SAMPLE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        everything = "".join(
            package.read(name).decode() for name in names if name.endswith((".xml", ".rels"))
        )
    assert "Theme=" not in everything
    assert not {n for n in names if "theme" in n or "thumbnail" in n or "customXml" in n}
    assert '<w:altName w:val="仿宋"/>' in member(content, "word/fontTable.xml")
    assert "python-docx" not in everything


def test_every_run_names_all_four_fonts() -> None:
    runs = re.findall(r"<w:rFonts ([^>]*)/>", member(render(mixed(1, 8)), "word/document.xml"))
    assert runs
    for attributes in runs:
        for slot in ("ascii", "hAnsi", "eastAsia", "cs", 'hint="eastAsia"'):
            assert f"w:{slot}" in attributes


def test_what_the_author_must_write_is_marked() -> None:
    blocks = (Paragraph((Run("（由起草人补写）", marked=True),)),)
    content = render(Document("关于推进情况的通报", "各县", blocks, None))
    assert '<w:highlight w:val="yellow"/>' in member(content, "word/document.xml")


@pytest.mark.parametrize(
    ("value", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五")]
)
def test_chinese_numbers(value: int, text: str) -> None:
    assert chinese_number(value) == text


def test_numbers_beyond_99_are_refused() -> None:
    with pytest.raises(GongwenError):
        chinese_number(100)


def test_headings_are_numbered_and_restart_below_their_parent() -> None:
    levels = (1, 2, 2, 3, 4, 4, 3, 2, 1, 2)
    texts = heading_texts([Heading(level, "题") for level in levels])
    assert [text.removesuffix("题") for text in texts.values()] == [
        "一、", "（一）", "（二）", "1.", "（1）", "（2）", "2.", "（三）", "二、", "（一）",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number("江重办", 2026, 7), "江重办〔2026〕7号"),
        (Number("江重办", 2026), "江重办〔2026〕　　号"),
    ],
)
def test_the_number_line(number: Number, text: str) -> None:
    assert number.text == text


def signature_indents(signature: Signature) -> tuple[int, int]:
    document = Document("关于推进情况的通报", "各县", (Paragraph.of("甲"),), signature)
    placed = parts(document, fill(document))
    issuer, day = (p for p in placed if isinstance(p, Piece) and p.role is Role.SIGNATURE)
    return issuer.right_indent, day.right_indent


def test_a_sealed_signature_is_centred_over_the_date() -> None:
    issuer, day = signature_indents(Signature("江源市", date(2026, 11, 3)))
    assert day == 4 * 316
    assert issuer > day
    assert signature_indents(Signature("江" * 28, date(2026, 11, 3)))[0] == 0


def test_an_unsealed_date_starts_two_characters_right_of_the_issuer() -> None:
    issuer, day = signature_indents(
        Signature("江源市重点项目建设办公室", date(2026, 11, 3), sealed=False)
    )
    assert issuer == 632
    assert day >= 632
    issuer, day = signature_indents(Signature("江源市", date(2026, 11, 3), sealed=False))
    assert day == 632
    assert issuer > 632


def test_a_date_may_be_left_open() -> None:
    assert "年　　月　　日" in Signature("江源市", None).date_text
