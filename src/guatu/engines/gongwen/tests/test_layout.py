import pytest

from guatu.engines.gongwen.layout import count_pages, fill, paginate
from guatu.engines.gongwen.pieces import Role, parts
from guatu.engines.gongwen.tests.samples import letter, region_table, signed
from guatu.engines.gongwen.types import (
    Annex,
    Block,
    Column,
    Document,
    GongwenError,
    HeadCell,
    Heading,
    Paragraph,
    Row,
    Table,
)


def plain(lines: int, *, sealed: bool = True, last: int = 0) -> Document:
    """Title, addressee and single-line paragraphs; `last` lines more in a last paragraph."""
    blocks = [Paragraph.of("字" * 20)] * lines
    if last:
        blocks.append(Paragraph.of("字" * (26 + 28 * (last - 1))))
    return Document("关于推进情况的通报", "各县", tuple(blocks), signed(sealed=sealed))


@pytest.mark.parametrize("lines", range(1, 60))
def test_the_signature_is_never_without_body_text(lines: int) -> None:
    for document in (plain(lines), plain(lines, sealed=False), plain(lines, last=12)):
        pages = paginate(parts(document, fill(document)))
        signing = [page for page in pages if Role.SIGNATURE in page.roles]
        assert len(signing) == 1
        assert Role.BODY in signing[0].roles


@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (14, 1), (15, 1), (16, 2), (37, 2), (38, 3)])
def test_pages_are_counted(lines: int, pages: int) -> None:
    assert count_pages(plain(lines)) == pages


def test_one_blank_line_goes_before_the_last_paragraph_moves() -> None:
    assert fill(plain(14)).before_signature == 2
    assert fill(plain(15)).before_signature == 1
    assert fill(plain(16)).before_signature == 2


def test_a_long_last_paragraph_is_helped_by_blank_lines_in_the_head() -> None:
    tried = [fill(plain(lines, last=12)) for lines in range(1, 30)]
    assert any(filling.before_title for filling in tried)


def test_a_heading_is_never_last_on_a_page() -> None:
    for lines in range(10, 24):
        blocks: tuple[Block, ...] = (Paragraph.of("字"),) * lines
        blocks += (Heading(1, "标题"), Paragraph.of("字" * 400))
        document = Document("关于推进情况的通报", "各县", blocks, signed())
        for page in paginate(parts(document, fill(document))):
            assert page.roles[-1] is not Role.HEADING_1


def test_each_annex_starts_a_page_and_repeats_its_head() -> None:
    body = count_pages(letter("正文。"))
    assert count_pages(letter("正文。", annexes=(region_table(3),))) == body + 1
    assert count_pages(letter("正文。", annexes=(region_table(60), region_table(3)))) == body + 4


def document(*blocks: Block, addressee: str = "各县") -> Document:
    return Document("关于推进情况的通报", addressee, blocks, None)


def bad_table(**changes: object) -> Annex:
    table: dict[str, object] = {
        "columns": (Column(1), Column(1)),
        "head": ((HeadCell("甲"), HeadCell("乙")),),
        "rows": (Row(("1", "2")),),
    }
    return Annex("表", Table(**(table | changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (letter(), "body-empty"),
        (letter("  "), "block-empty"),
        (letter("甲\n乙"), "control-character"),
        (document(Paragraph.of("甲"), addressee=" ："), "addressee-empty"),
        (document(Heading(5, "甲"), Paragraph.of("甲")), "heading-level"),
        (document(Paragraph.of("甲"), Heading(1, "乙")), "heading-last"),
        (Document("标题的通报", "各县", (Paragraph.of("甲"),), signed(issuer=" ")), "issuer-empty"),
        (document(Paragraph.of("甲"), addressee="县" * 900), "no-body-on-first-page"),
        (letter("甲", annexes=(bad_table(rows=(Row(("1",)),)),)), "table-row"),
        (letter("甲", annexes=(bad_table(head=((HeadCell("甲", columns=3),),)),)), "table-head"),
        (letter("甲", annexes=(bad_table(head=((HeadCell("甲"),),)),)), "table-head"),
        (letter("甲", annexes=(bad_table(columns=(Column(0), Column(1))),)), "table-columns"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_set_are_refused(bad: Document, code: str) -> None:
    with pytest.raises(GongwenError) as caught:
        fill(bad)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert caught.value.exit_code == 2
