from __future__ import annotations

import io

import docx
import pytest
from docx.enum.section import WD_ORIENT

from guatu.engines.gongwen.landscape import WIDTH, WideAnnex, render_wide
from guatu.engines.gongwen.types import Align, Column, GongwenError, HeadCell, Row, Table


def annex(*rows: Row, title: str = "2027年重点项目清单") -> WideAnnex:
    table = Table(
        (Column(1), Column(4, Align.LEFT), Column(2, Align.RIGHT)),
        ((HeadCell("序号"), HeadCell("项目名称"), HeadCell("总投资")),),
        rows or (Row(("1", "江北智算中心", "50,000")),),
        unit="单位：万元",
    )
    return WideAnnex(title, table, number="江重办〔2027〕3号", notes=("注：按地区排列。",))


def test_the_page_lies_and_the_head_is_repeated() -> None:
    opened = docx.Document(io.BytesIO(render_wide(annex())))
    (section,) = opened.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height
    (table,) = opened.tables
    assert sum(int(one) for one in table._tbl.xpath(".//w:gridCol/@w:w")) == WIDTH
    assert len(table._tbl.xpath(".//w:tblHeader")) == 1
    said = [one.text for one in opened.paragraphs]
    assert said[0] == "附件"
    assert "江重办〔2027〕3号" in said


def test_it_is_the_same_each_time() -> None:
    assert render_wide(annex()) == render_wide(annex())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (annex(Row(("1", "少一列"))), "table-row"),
        (annex(Row(("1", "换\n行", "2"))), "control-character"),
        (annex(title=" "), "annex-title-empty"),
    ],
)
def test_what_cannot_be_set_is_refused(wrong: WideAnnex, code: str) -> None:
    with pytest.raises(GongwenError) as error:
        render_wide(wrong)
    assert code in [fault.code for fault in error.value.faults]
