from __future__ import annotations

from datetime import date

import pytest

from guatu.engines.rulebook.procedures import (
    ItemPath,
    item_path,
    order_violations,
    ready_items,
)
from guatu.engines.rulebook.procedures.tests.tables_read import (
    faults_of,
    knowing,
    procedures_of,
)

D = date.fromisoformat

FLOW = """
item = [
  {name = "备案", limit = "即办"},
  {name = "方案", limit = "7工作日", after = "备案"},
  {name = "环评", group = "并联", limit = "7工作日", after = "方案", waive = {when = "区域评估"}},
  {name = "水保", group = "并联", limit = "5工作日", after = "方案"},
  {name = "节能", group = "并联", limit = "6工作日", after = "备案"},
  {name = "初设", limit = "7工作日", after = "并联", skip = {when = "小项目"}},
  {name = "施工图", limit = "15工作日", after = "初设"},
  {name = "施工许可", limit = "1工作日", after = "施工图", merge = {with = [
    "施工图"], when = "低风险", as = "图审与许可", limit = "5工作日"}},
]
total_limit = [
  {name = "全程", limit = "37工作日"},
  {name = "尾段", limit = "16工作日", of = ["施工图", "施工许可"]},
]
waiver = {name = "评估成果", when = "区域成果", items = ["并联"]}
"""
KNOWN = {"区域评估": False, "小项目": False, "低风险": False, "区域成果": False}


def path(**facts: bool) -> ItemPath:
    found = procedures_of(FLOW)
    return item_path(
        found.items,
        totals=found.totals,
        waivers=found.waivers,
        holds=knowing(**(KNOWN | facts)),
    )


def test_parallel_block_and_serial_tail_have_a_total() -> None:
    found = path()
    assert found.takes == 37
    assert found.critical == ("方案", "环评", "初设", "施工图", "施工许可")
    times = {one.name: (one.begins, one.ends) for one in found.items}
    assert times["环评"] == (7, 14)
    # A block begins together, though 节能 could have begun before 方案 was done.
    assert times["节能"] == (7, 13)
    assert [(check.takes, check.fits) for check in found.totals] == [(37, True), (16, True)]
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("facts", "takes", "dropped"),
    [
        ({"区域评估": True}, 36, {"环评": "免办（区域评估）"}),
        ({"小项目": True}, 30, {"初设": "不办（小项目）"}),
        ({"低风险": True}, 26, {"施工图": "与“施工许可”合并办理"}),
        (
            {"区域成果": True},
            30,
            dict.fromkeys(("环评", "水保", "节能"), "免办（评估成果）"),
        ),
    ],
)
def test_what_falls_away_shortens_the_path(
    facts: dict[str, bool], takes: int, dropped: dict[str, str]
) -> None:
    found = path(**facts)
    assert found.takes == takes
    assert dict(found.dropped) == dropped


def test_merged_items_carry_their_new_name_and_keep_the_chain() -> None:
    found = path(低风险=True)
    merged = next(one for one in found.items if one.name == "图审与许可")
    assert (merged.begins, merged.limit) == (21, 5)


def test_unknown_condition_keeps_the_item_with_a_doubt() -> None:
    found = procedures_of(FLOW)
    unknown = item_path(found.items)
    assert unknown.takes == 37
    assert "缺数据，不能判断“小项目”" in unknown.doubts


def test_total_that_is_exceeded_says_by_how_much() -> None:
    text = FLOW.replace("37工作日", "30工作日")
    found = procedures_of(text.replace('name = "全程"', 'name = "全程", when = "低风险"'))
    checked = item_path(found.items, totals=found.totals, holds=knowing(**KNOWN | {"低风险": True}))
    assert checked.totals[0].why == "合计26个工作日，总时限30个工作日"
    assert "合计37个工作日，总时限30个工作日，超出7个工作日" not in faults_of(text)


def test_total_of_unconditional_items_is_checked_when_read() -> None:
    lines = """
item = [{name = "甲", limit = "11工作日"}, {name = "乙", limit = "12工作日", after = "甲"}]
total_limit = {name = "核准", limit = "22工作日"}
"""
    assert "合计23个工作日，总时限22个工作日，超出1个工作日" in faults_of(lines)
    assert faults_of(lines.replace("12工作日", "11工作日")) == ""


def test_item_that_may_be_skipped_is_listed_as_optional() -> None:
    found = procedures_of(
        'item = {name="初步设计审批", limit="20工作日", skip={when="小项目", may=true}}'
    )
    told = item_path(found.items, holds=knowing(小项目=True))
    assert (told.takes, told.optional) == (20, ("初步设计审批",))


def test_ready_items_follow_what_is_done() -> None:
    found = procedures_of(FLOW)
    holds = knowing(**KNOWN)
    assert ready_items(found.items, (), holds=holds) == ("备案",)
    assert ready_items(found.items, ("备案", "方案"), holds=holds) == ("环评", "水保", "节能")


def test_alternatives_and_early_review() -> None:
    found = procedures_of("""
item = [
  {name = "核准"}, {name = "备案"},
  {name = "用地", after_any = [["核准", "备案"]]},
  {name = "规划", after = "用地", pre_review = true},
]
""")
    assert ready_items(found.items, ()) == ("核准", "备案", "规划")
    assert "用地" in ready_items(found.items, ("备案",))
    assert item_path(found.items).unknown == ("核准", "备案", "用地", "规划")


BRANCHES = """
item = [
  {name = "核准", limit = "20工作日", when = "要核准"},
  {name = "备案", limit = "3工作日", when = "要备案"},
  {name = "评估", limit = "9工作日", group = "并联"},
  {name = "用地", limit = "5工作日", after = "选址", after_any = [["核准", "备案"]]},
  {name = "选址", limit = "2工作日"},
  {name = "规划", limit = "5工作日", after_any = [["并联", "核准"]], group = "并联二"},
  {name = "消防", limit = "1工作日", group = "并联二"},
]
"""


@pytest.mark.parametrize(
    ("facts", "begins"),
    [
        # The earliest alternative is enough; what `after` names is needed beside it.
        ({"要核准": True, "要备案": True}, {"用地": 3, "规划": 9, "消防": 9}),
        # One that fell away is no way round the other.
        ({"要核准": True, "要备案": False}, {"用地": 20, "规划": 9, "消防": 9}),
        ({"要核准": False, "要备案": True}, {"用地": 3, "规划": 9, "消防": 9}),
        ({"要核准": False, "要备案": False}, {"用地": 2, "规划": 9, "消防": 9}),
    ],
)
def test_an_item_begins_when_the_earliest_alternative_ends(
    facts: dict[str, bool], begins: dict[str, int]
) -> None:
    found = item_path(procedures_of(BRANCHES).items, holds=knowing(**facts))
    assert {one.name: one.begins for one in found.items if one.name in begins} == begins
    assert found.critical


def test_an_alternative_that_fell_away_does_not_make_an_item_ready() -> None:
    items = procedures_of(BRANCHES).items
    holds = knowing(要核准=True, 要备案=False)
    assert "用地" not in ready_items(items, ("选址",), holds=holds)
    assert "用地" in ready_items(items, ("选址", "核准"), holds=holds)
    assert "规划" in ready_items(items, ("评估",), holds=holds)


def test_what_stood_behind_a_dropped_item_keeps_its_alternatives() -> None:
    text = BRANCHES.replace('{name = "用地", limit', '{name = "用地", when = "要用地", limit')
    text = text.replace('{name = "选址",', '{name = "开工", after = "用地"}, {name = "选址",')
    holds = knowing(要核准=True, 要备案=True, 要用地=False)
    found = item_path(procedures_of(text).items, holds=holds)
    assert next(one.begins for one in found.items if one.name == "开工") == 3


ORDER = """
sequence = {name = "前期", order = ["建议书", "可研", "初设"], needs = {"可研" = ["规划", "环评"]}}
"""


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ({}, ()),
        (
            {
                "建议书": "2026-01-01",
                "规划": "2026-01-02",
                "环评": "2026-01-03",
                "可研": "2026-01-03",
            },
            (),
        ),
        ({"初设": "2026-03-01"}, ("“初设”已办，“可研”还没有办",)),
        (
            {
                "建议书": "2026-01-01",
                "规划": "2026-02-02",
                "环评": "2026-01-03",
                "可研": "2026-02-01",
            },
            ("“规划”办在“可研”之后（2026-02-02、2026-02-01）",),
        ),
    ],
)
def test_violations_of_the_order_are_listed(done: dict[str, str], told: tuple[str, ...]) -> None:
    sequence = procedures_of(ORDER).sequences[0]
    assert order_violations(sequence, {name: D(on) for name, on in done.items()}) == told


def test_an_item_without_a_register_is_a_doubt() -> None:
    sequence, doubts = procedures_of(ORDER).sequences[0], list[str]()
    done = {"可研": D("2026-02-01"), "规划": D("2026-03-01")}
    told = order_violations(sequence, done, doubts=doubts, unknown={"建议书"})
    assert told == (
        "“规划”办在“可研”之后（2026-03-01、2026-02-01）",
        "“可研”已办，“环评”还没有办",
    )
    assert doubts == ["“可研”已办，“建议书”没有登记，不能判断先后"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('item = {name="甲", limit="7日"}', "时限按工作日写"),
        ('item = {name="甲", after="乙"}', "提到的“乙”没有写"),
        ('item = [{name="甲", after="乙"}, {name="乙", after="甲"}]', "事项的先后成了圈"),
        ('item = [{name="甲"}, {name="甲"}]', "“甲”写了两次"),
        ('item = {name="甲", skip={may=true}}', "缺少“when”"),
        ('sequence = {name="甲", order=["乙"]}', "写order（先后）或needs（前置）"),
        ('sequence = {name="甲", order=["乙","丙"], needs={"乙"=["丙"]}}', "先后成了圈"),
        ('item = {name="甲"}\nwaiver = {name="免", items=["丁"]}', "提到的“丁”没有写"),
    ],
)
def test_faults_name_the_mistake(lines: str, fault: str) -> None:
    assert fault in faults_of(lines)
