from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.conventions import Conventions
from guatu.engines.sheets.vocabulary import load_vocabulary
from guatu.reporting.burden.holders import held_faults, holder_of, plain
from guatu.reporting.unit.form import ReportForm
from guatu.wall.library import columns


@pytest.mark.parametrize(
    ("asked", "field", "place"),
    [
        ("总投资", "总投资", "项目库"),
        ("总投资（万元）", "总投资", "项目库"),
        ("总投资(单位：亿元)", "总投资", "项目库"),
        ("１．项目总投资额（万元）", "总投资", "项目库"),
        ("（2）计划 总投资", "总投资", "项目库"),
        ("* 项 目 名 称：", "项目名称", "项目库"),
        ("建设单位", "业主单位", "项目库"),
        ("2026年投资计划（万元）", "年度计划投资", "年度清单"),
        ("9月完成投资", "本月完成投资", "月报"),
        ("1-9月完成投资〔亿元〕", "本年累计完成投资", "月报"),
        ("工程形象进度", "形象进度", "月报"),
        ("存在困难和问题", "存在问题", "月报"),
        ("包抓领导", "包联领导", "责任"),
        ("手机号", "联系电话", "责任"),
        ("完成率（%）", "年度计划完成率", "进展"),
        ("时间进度", "时间进度", "进展"),
        ("亮灯情况", "亮灯", "进展"),
        ("开工时间(计划)", "计划开工时间", "项目库"),
    ],
)
def test_what_the_platform_holds_is_found(asked: str, field: str, place: str) -> None:
    found = holder_of(asked)
    assert found is not None
    assert (found.field, found.place.name) == (field, place)
    assert field in found.words


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "　",
        "（万元）",
        "序号",
        "备注",
        "农民工工资专户开户行",
        "今年用工人数（人）",
        "拖欠中小企业账款（万元）",
        "总投资（其中中央资金）",
        "建设内容变更次数",
        "海绵城市面积（公顷）",
        "<script>alert(1)</script>",
    ],
)
def test_what_nobody_holds_is_not_found(asked: str) -> None:
    assert holder_of(asked) is None


def test_every_field_of_our_own_form_has_a_holder() -> None:
    labels = [str(field.label) for name, field in ReportForm.base_fields.items() if name != "seen"]
    nobodys = [one for one in labels if holder_of(one) is None]
    assert nobodys == ["情况说明"]


def test_every_field_that_tables_of_units_carry_has_a_holder() -> None:
    nobodys = [name for name in load_vocabulary().fields if holder_of(name) is None]
    assert nobodys == ["序号", "备注"]


def test_every_column_of_the_library_has_a_holder() -> None:
    shown = columns.columns("万元", cast(Conventions, None))
    nobodys = [one.label for one in shown if holder_of(one.label) is None]
    assert set(nobodys) <= {"序号"}


def test_a_fault_names_field_holder_and_what_to_do() -> None:
    (fault,) = held_faults(["用工人数", "总投资（万元）"])
    assert fault.code == "field-held"
    assert "总投资（万元）" in fault.what
    assert "项目库" in fault.what
    assert "项目办" in fault.what


@given(st.text(max_size=60))
def test_any_text_is_compared_without_harm(text: str) -> None:
    found = holder_of(text)
    assert found is None or found.field
    assert plain(plain(text)) == plain(plain(plain(text)))


@given(st.sampled_from(sorted(load_vocabulary().fields)), st.sampled_from(["", "（万元）", "(％)"]))
def test_units_and_brackets_do_not_hide_a_holder(name: str, unit: str) -> None:
    assert holder_of(f" {name}{unit}：") == holder_of(name)
