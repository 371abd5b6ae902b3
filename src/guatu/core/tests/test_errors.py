from __future__ import annotations

import pytest

from guatu.core.errors import (
    BadInput,
    Conflict,
    Fault,
    GuatuError,
    NotAllowed,
    NotFound,
    RoundClosed,
)


def test_a_fault_names_its_place_what_is_wrong_and_what_to_do() -> None:
    fault = Fault(
        code="negative",
        what="累计完成投资为负数",
        remedy="请核对后重报",
        file="江北区.xlsx",
        sheet="9月",
        cell="F12",
    )
    assert (
        str(fault) == "文件“江北区.xlsx” 工作表“9月” 单元格F12：累计完成投资为负数。请核对后重报。"
    )


def test_a_fault_without_place_or_remedy_is_one_sentence() -> None:
    assert str(Fault(code="x", what="这个期别已关账")) == "这个期别已关账。"


def test_an_error_prints_one_line_for_each_fault() -> None:
    error = BadInput.of(Fault(code="x", what=f"第{n}处有错") for n in (1, 2))
    assert str(error).splitlines() == ["第1处有错。", "第2处有错。"]
    assert [fault.code for fault in error.faults] == ["x", "x"]


@pytest.mark.parametrize("kind", [BadInput, NotFound, NotAllowed, RoundClosed, Conflict])
def test_everything_refused_exits_with_two(kind: type[GuatuError]) -> None:
    error = kind(Fault("no", "不行", "换一个"))
    assert isinstance(error, kind)
    assert error.exit_code == 2
    assert str(error) == "不行。换一个。"
