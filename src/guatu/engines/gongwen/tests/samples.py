"""Documents that several tests set."""

from __future__ import annotations

import random
from datetime import date

from guatu.engines.gongwen.types import (
    Align,
    Annex,
    Column,
    Document,
    HeadCell,
    Heading,
    Number,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
)

ISSUER = "江源市重点项目建设办公室"
FIGURES = (
    "截至10月31日，累计完成投资629.00亿元，年度计划完成率97.2%，"
    "高于时间进度13.8个百分点，同比增长5.3%。"
)
PLAIN = "推进重点项目建设要抓好前期工作落实要素保障压实各方责任"


def signed(*, sealed: bool = True, issuer: str = ISSUER) -> Signature:
    return Signature(issuer, date(2026, 11, 3), sealed=sealed)


def letter(*texts: str, sealed: bool = True, annexes: tuple[Annex, ...] = ()) -> Document:
    """A document with a red head and one paragraph for each text."""
    return Document(
        title="关于江源市2026年1—10月重点项目推进情况的通报",
        addressee="各县（市、区）人民政府，市直有关单位",
        blocks=tuple(map(Paragraph.of, texts)),
        signature=signed(sealed=sealed),
        logo=f"{ISSUER}文件",
        number=Number("江重办", 2026, 7),
        annexes=annexes,
    )


def region_table(rows: int) -> Annex:
    head = (
        (HeadCell("地区", rows=2), HeadCell("投资", columns=2)),
        (HeadCell("年度计划"), HeadCell("累计完成")),
    )
    return Annex(
        "2026年1—10月重点项目分地区完成情况表",
        Table(
            (Column(3), Column(2, Align.RIGHT), Column(2, Align.RIGHT)),
            head,
            tuple(Row((f"第{n}片区", "12.00", "9.75")) for n in range(1, rows + 1)),
            unit="单位：亿元",
        ),
        notes=("注：按台账顺序排列。",),
    )


def long_rows(rows: int) -> Annex:
    texts = ("一号产业园", "征地拆迁滞后，剩余12户未签约，电力迁改方案尚未批复，影响主体施工。" * 2)
    columns = (Column(1, Align.LEFT), Column(2, Align.LEFT))
    head = ((HeadCell("项目名称"), HeadCell("存在问题")),)
    return Annex("滞后项目清单", Table(columns, head, (Row(texts),) * rows))


def mixed(seed: int, paragraphs: int) -> Document:
    """Paragraphs as circulars have them: 汉字 with figures, brackets and stops."""
    chance = random.Random(seed)
    blocks: list[Heading | Paragraph] = []
    for at in range(paragraphs):
        if at % 5 == 0:
            blocks.append(Heading(1, "总体情况"))
        if at % 5 == 2:
            blocks.append(Heading(2, "分地区情况"))
        text = FIGURES * chance.randint(0, 3) + PLAIN[: chance.randint(4, 26)]
        blocks.append(Paragraph((Run("一是"), Run(text + "。"))))
    return Document(
        title="关于推进情况的通报",
        addressee="各县（市、区）人民政府",
        blocks=tuple(blocks),
        signature=signed(sealed=bool(seed % 2)),
        logo=f"{ISSUER}文件" if seed % 3 else None,
    )
