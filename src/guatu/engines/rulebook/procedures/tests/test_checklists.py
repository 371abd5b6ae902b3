from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook.procedures import (
    ChecklistVerdict,
    Outcome,
    Paper,
    judge_checklist,
)
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

DAYS = WorkCalendar()
D = date.fromisoformat
SEVEN = ("项目名称", "地点", "开工时间", "拍摄时间", "核实人姓名", "核实人单位职务", "核实人电话")

REGISTER = """
name = "入库材料"
all_of = [
  "立项文件",
  {doc = "申请文件", copies = 3},
  {doc = "现场照片", fields = ["项目名称", "地点", "开工时间", "拍摄时间",
   "核实人姓名", "核实人单位职务", "核实人电话"]},
  {doc = "平台页面", accepts = {"状态" = ["通过审批", "已办结"]}},
]
any_of = [["施工合同", "开工令"]]
substitute = [{for = "立项文件", with = "会议纪要", needs_reason = true}]
consistency = [{same = ["施工合同.项目名称", "现场照片.项目名称"], why = "同一项目"}]
"""
FULL = {
    "立项文件": Paper("立项文件"),
    "申请文件": Paper("申请文件", copies=3),
    "现场照片": Paper("现场照片", dict.fromkeys(SEVEN, "甲")),
    "平台页面": Paper("平台页面", {"状态": "通过审批"}),
    "施工合同": Paper("施工合同", {"项目名称": "甲"}),
}


def judged(
    lines: str,
    papers: dict[str, Paper],
    *,
    now: str = "2026-09-01",
    reasons: dict[str, str] | None = None,
    **facts: bool,
) -> ChecklistVerdict:
    return judge_checklist(
        procedures_of(f"[[checklist]]\n{lines}").checklists[0],
        list(papers.values()),
        received_on=D("2026-09-01"),
        now=D(now),
        days=DAYS,
        reasons=reasons,
        holds=knowing(**facts),
    )


def without(*names: str, **others: Paper) -> dict[str, Paper]:
    return {name: paper for name, paper in FULL.items() if name not in names} | others


def test_complete_papers_pass() -> None:
    assert judged(REGISTER, FULL).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("papers", "what"),
    [
        (without("立项文件"), "缺“立项文件”"),
        (without(申请文件=Paper("申请文件", copies=2)), "“申请文件”要3份，只有2份"),
        (
            without(现场照片=Paper("现场照片", dict.fromkeys(SEVEN[:-1], "甲"))),
            "“现场照片”没有写明核实人电话",
        ),
        (
            without(现场照片=Paper("现场照片", dict.fromkeys(SEVEN, "甲") | {"地点": " "})),
            "“现场照片”没有写明地点",
        ),
        (
            without(平台页面=Paper("平台页面", {"状态": "受理"})),
            "“平台页面”的状态是“受理”，应是通过审批、已办结",
        ),
        (without("施工合同"), "“施工合同、开工令”至少要有一项"),
        (
            without(施工合同=Paper("施工合同", {"项目名称": "乙"})),
            "不一致：施工合同.项目名称是“乙”，现场照片.项目名称是“甲”（同一项目）",
        ),
    ],
)
def test_each_gap_is_named_and_refused(papers: dict[str, Paper], what: str) -> None:
    verdict = judged(REGISTER, papers)
    assert verdict.outcome is Outcome.REFUSED
    assert [gap.what for gap in verdict.gaps] == [what]


def test_one_of_a_group_is_enough() -> None:
    assert judged(REGISTER, without("施工合同", 开工令=Paper("开工令"))).outcome is Outcome.PASSED


def test_substitute_needs_its_reason() -> None:
    papers = without("立项文件", 会议纪要=Paper("会议纪要"))
    bare = judged(REGISTER, papers)
    assert bare.gaps[0].what == "用“会议纪要”代替“立项文件”，没有说明理由"
    told = judged(REGISTER, papers, reasons={"立项文件": "应急抢险工程"})
    assert told.outcome is Outcome.PASSED
    assert told.sentences[0] == "以“会议纪要”代替“立项文件”，理由：应急抢险工程"


LENIENT = (
    REGISTER + 'on_missing = "容缺"\nlenient = ["平台页面"]\nlimit = "10工作日"\npromise = true\n'
)


@pytest.mark.parametrize(
    ("missing", "now", "outcome"),
    [
        ((), "2026-09-01", Outcome.PASSED),
        (("平台页面",), "2026-09-01", Outcome.GAPS),
        (("平台页面",), "2026-09-15", Outcome.GAPS),
        (("平台页面",), "2026-09-16", Outcome.REFUSED),
        (("平台页面", "立项文件"), "2026-09-01", Outcome.REFUSED),
    ],
)
def test_accepted_with_gaps_until_the_limit(
    missing: tuple[str, ...], now: str, outcome: Outcome
) -> None:
    verdict = judged(LENIENT, without(*missing), now=now)
    assert verdict.outcome is outcome
    if outcome is Outcome.GAPS:
        assert verdict.mend_by == D("2026-09-15")
        assert verdict.sentences[-1] == "容缺受理，作出书面承诺后先受理，请在2026-09-15前补齐"


def test_amendment_is_asked_for_once_with_every_gap() -> None:
    lines = REGISTER + 'on_missing = "补正"\nlimit = "5日"\n'
    verdict = judged(lines, without("立项文件", "施工合同"))
    assert verdict.outcome is Outcome.GAPS
    assert len(verdict.gaps) == 2
    assert verdict.sentences[-1] == "一次告知，请在2026-09-06前补齐"


SUMS = """
name = "合计"
all_of = ["概算"]
consistency = [
  {sum = ["概算.建安", "概算.设备"], equals = "概算.总投资"},
  {order = ["概算.批复日期", "概算.开工日期"]},
]
"""


@pytest.mark.parametrize(
    ("fields", "passes"),
    [
        ({"建安": "1,000.10", "设备": 2, "总投资": "1002.1"}, True),
        ({"建安": "1000.1", "设备": 2, "总投资": "1002.2"}, False),
        ({"建安": "很多", "设备": 2, "总投资": "1002.2"}, False),
        ({"建安": 1, "设备": 2, "总投资": 3, "开工日期": "2025-12-31"}, False),
        ({"建安": 1, "设备": 2}, False),
    ],
)
def test_sums_and_orders_of_dates_agree(fields: dict[str, object], passes: bool) -> None:
    dates = {"批复日期": "2026-01-01", "开工日期": "2026-02-01"}
    verdict = judged(SUMS, {"概算": Paper("概算", dates | fields)})
    assert (verdict.outcome is Outcome.PASSED) is passes


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("2025年9月5日", "2025年10月1日", Outcome.PASSED),
        ("2025.9.5", "2025-10-01", Outcome.PASSED),
        (D("2025-09-05"), "2025/10/1", Outcome.PASSED),
        ("2025年10月1日", "2025年9月5日", Outcome.REFUSED),
        ("2025-09-05", "2025年9月5日", Outcome.PASSED),
        (9, "10", Outcome.PASSED),
        ("1,000", "999", Outcome.REFUSED),
        ("去年", "2025-09-05", Outcome.UNDECIDED),
        ("9", "2025-09-05", Outcome.UNDECIDED),
        ("2025年2月30日", "2025-09-05", Outcome.UNDECIDED),
        ("甲", "乙", Outcome.UNDECIDED),
    ],
)
def test_order_is_of_days_or_of_numbers(first: object, second: object, outcome: Outcome) -> None:
    lines = 'name = "先后"\nall_of = ["甲"]\nconsistency = [{order = ["甲.批复", "甲.开工"]}]'
    verdict = judged(lines, {"甲": Paper("甲", {"批复": first, "开工": second})})
    assert verdict.outcome is outcome
    if outcome is Outcome.UNDECIDED:
        told = f"不能比较先后：甲.批复是“{first}”，甲.开工是“{second}”"
        assert verdict.doubts == (told,)


def test_unknown_condition_is_undecided() -> None:
    lines = 'name="甲"\nall_of=["乙", {doc="丙", when="涉及用地"}]'
    papers = {"乙": Paper("乙")}
    assert judged(lines, papers).outcome is Outcome.UNDECIDED
    assert judged(lines, papers, 涉及用地=False).outcome is Outcome.PASSED
    assert judged(lines, papers, 涉及用地=True).outcome is Outcome.REFUSED


def test_values_that_do_not_count_are_refused() -> None:
    lines = 'name="开工"\nall_of=[{doc="开工照片", refuses={"形象"=["平场"]}}]'
    level = judged(lines, {"开工照片": Paper("开工照片", {"形象": "平场"})})
    assert level.gaps[0].what == "“开工照片”的形象是“平场”，不算数"
    dug = judged(lines, {"开工照片": Paper("开工照片", {"形象": "基础开挖"})})
    assert dug.outcome is Outcome.PASSED


@given(st.sets(st.sampled_from(sorted(FULL))), st.sampled_from(sorted(FULL)))
def test_one_paper_more_never_adds_a_gap_about_missing(handed: set[str], more: str) -> None:
    fewer = judged(REGISTER, {name: FULL[name] for name in handed})
    after = judged(REGISTER, {name: FULL[name] for name in handed | {more}})
    assert {gap.what for gap in after.gaps} <= {gap.what for gap in fewer.gaps}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('name="甲"', "没有写材料"),
        ('name="甲"\nall_of=["乙","乙"]', "材料“乙”写了两次"),
        ('name="甲"\nall_of=["乙"]\nsubstitute=[{for="丙", with="丁"}]', "被替代的“丙”不在材料里"),
        ('name="甲"\nall_of=["乙"]\non_missing="容缺"', "缺少“limit”"),
        ('name="甲"\nall_of=["乙"]\nlenient=["乙"]', "on_missing应是“容缺”"),
        ('name="甲"\nany_of=[["乙"]]', "any_of第1组应是两项以上"),
        ('name="甲"\nall_of=["乙"]\nconsistency=[{same=["乙.名称"]}]', "“same”至少写两项"),
        ('name="甲"\nall_of=[{dco="乙"}]', "不认识的键“dco”。是不是“doc”"),
    ],
)
def test_faults_name_the_mistake(lines: str, fault: str) -> None:
    assert fault in faults_of(f"[[checklist]]\n{lines}")
