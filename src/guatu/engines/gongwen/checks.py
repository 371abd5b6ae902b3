"""What makes a document impossible to set, said before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guatu.core.errors import Fault
from guatu.engines.gongwen.types import Document, GongwenError, Heading, Paragraph, Table


def require_settable(document: Document) -> None:
    """Raise GongwenError with every fault at once; return when the document can be set."""
    faults = tuple(_faults(document))
    if faults:
        raise GongwenError(*faults)


def require_settable_table(table: Table, title: str, texts: Iterable[str]) -> None:
    """The same for a table that is an annex by itself, with the texts around it."""
    faults = list(_table_faults(table, title))
    if not title.strip():
        faults.append(_fault("annex-title-empty", "附件标题为空", "请填写附件标题"))
    if _has_control_characters([*texts, *_texts_of(table)]):
        faults.append(_fault("control-character", "文字中含有换行或控制字符", "请删去后重试"))
    if faults:
        raise GongwenError(*faults)


def _fault(code: str, what: str, remedy: str) -> Fault:
    return Fault(code=code, what=what, remedy=remedy)


def _faults(document: Document) -> Iterator[Fault]:
    if not document.addressee.strip("：: "):
        yield _fault("addressee-empty", "主送机关为空", "请填写主送机关")
    if not any(isinstance(block, Paragraph) for block in document.blocks):
        yield _fault("body-empty", "正文为空", "请补写正文")
    elif not isinstance(document.blocks[-1], Paragraph):
        yield _fault("heading-last", "正文以标题结尾", "请在最后一个标题下补写正文")
    for block in document.blocks:
        if isinstance(block, Heading) and not 1 <= block.level <= 4:
            yield _fault("heading-level", f"标题层次{block.level}不存在", "标题层次为1至4")
        elif not block.text.strip():
            yield _fault("block-empty", "正文中有空段落或空标题", "请删去或补写")
    if document.signature and not document.signature.issuer.strip():
        yield _fault("issuer-empty", "发文机关署名为空", "请填写发文机关")
    for annex in document.annexes:
        if not annex.title.strip():
            yield _fault("annex-title-empty", "附件标题为空", "请填写附件标题")
        yield from _table_faults(annex.table, annex.title)
    if _has_control_characters(_texts(document)):
        yield _fault("control-character", "文字中含有换行或控制字符", "请删去后重试")


def _table_faults(table: Table, title: str) -> Iterator[Fault]:
    count = len(table.columns)
    if not count or any(column.share <= 0 for column in table.columns):
        yield _fault("table-columns", f"附件“{title}”的表格列宽不正确", "每列列宽应大于零")
        return
    if any(len(row.cells) != count for row in table.rows):
        yield _fault("table-row", f"附件“{title}”有的行列数与表头不一致", f"每行应为{count}列")
    if not _head_is_full(table):
        yield _fault("table-head", f"附件“{title}”的表头没有恰好铺满{count}列", "请检查合并单元格")


def _head_is_full(table: Table) -> bool:
    """Whether spans cover the head exactly, without overlap or overhang."""
    covered: set[tuple[int, int]] = set()
    rows, count = len(table.head), len(table.columns)
    for y, cells in enumerate(table.head):
        x = 0
        for cell in cells:
            while (y, x) in covered:
                x += 1
            area = {(y + b, x + a) for a in range(cell.columns) for b in range(cell.rows)}
            if not area or area & covered:
                return False
            covered |= area
    return rows > 0 and covered == {(y, x) for y in range(rows) for x in range(count)}


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title,) if isinstance(document.title, str) else document.title
    yield document.addressee
    yield document.logo or ""
    yield document.number.word if document.number else ""
    yield document.signature.issuer if document.signature else ""
    yield document.imprint.copies + document.imprint.office if document.imprint else ""
    yield from (block.text for block in document.blocks)
    for annex in document.annexes:
        yield from (annex.title, *annex.notes)
        yield from _texts_of(annex.table)


def _texts_of(table: Table) -> Iterator[str]:
    yield table.unit
    yield from (cell.text for cells in table.head for cell in cells)
    yield from (text for row in table.rows for text in row.cells)


def _has_control_characters(texts: Iterable[str]) -> bool:
    """Whether any text holds what a docx paragraph cannot: controls, lone surrogates."""
    return any(
        ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 or character in "\ufffe\uffff\x7f"
        for text in texts
        for character in text
    )
