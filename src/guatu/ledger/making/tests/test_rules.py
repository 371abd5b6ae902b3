from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.ledger.making import comparing, rules
from guatu.ledger.making.rules import Applied, Candidate
from guatu.ledger.making.types import (
    ApplicationState,
    ApplicationWords,
    Decision,
    ListedRow,
    Readiness,
)
from guatu.ledger.matching import KnownProject, ProjectIndex
from guatu.ledger.types import Nature

WHOLE = ApplicationWords(
    name="江北智算中心",
    region_id=1,
    nature=Nature.NEW,
    national_code="P-1",
    total_yuan=10,
    plan_yuan=5,
    starts_by=date(2027, 3, 31),
    completes_by=date(2028, 3, 31),
    land=Readiness.DONE,
    money=Readiness.NOT_NEEDED,
    approvals=Readiness.DONE,
)
INDEX = ProjectIndex.of(
    [
        KnownProject(1, "2601-01", "江北数据中心项目", 1, aliases=("江北机房",)),
        KnownProject(2, None, "临江污水处理厂一期", 1),
    ]
)


def test_nothing_is_missing_of_a_whole_application() -> None:
    assert rules.missing(WHOLE) == ()
    assert rules.submit_faults(WHOLE, year=2027) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"land": Readiness.UNDERWAY, "land_note": "待批"}, "土地（办理中：待批）"),
        ({"money": Readiness.LACKING}, "资金（未落实）"),
        ({"approvals": Readiness.UNSAID}, "审批（未填）"),
        ({"starts_by": None}, "开工月份"),
        ({"completes_by": None}, "竣工月份"),
        ({"national_code": ""}, "项目代码"),
        ({"plan_yuan": None}, "年度计划投资"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], name: str) -> None:
    assert rules.missing(replace(WHOLE, **changes)) == (name,)  # type: ignore[arg-type]


def test_a_continuing_project_is_not_asked_when_it_starts() -> None:
    words = replace(WHOLE, nature=Nature.CONTINUING, starts_by=None)
    assert rules.missing(words) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nature": ""}, "no-nature"),
        ({"total_yuan": None}, "no-total"),
        ({"plan_yuan": None}, "no-plan"),
        ({"land": ""}, "no-land"),
        ({"total_yuan": -1}, "negative-total"),
        ({"total_yuan": 10**18}, "large-total"),
        ({"plan_yuan": 11}, "plan-above-total"),
        ({"completes_by": date(2027, 2, 28)}, "completes-before-start"),
        ({"starts_by": date(2026, 12, 31)}, "start-in-past"),
        ({"starts_by": None, "completes_by": date(2026, 12, 31)}, "completed-in-past"),
    ],
)
def test_what_cannot_be_submitted(changes: dict[str, object], code: str) -> None:
    words = replace(WHOLE, **changes)  # type: ignore[arg-type]
    assert code in {fault.code for fault in rules.submit_faults(words, year=2027)}


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (Applied(1, "别的名称", "2601－01"), "代码相同"),
        (Applied(1, "江北机房"), "曾用此名"),
        (Applied(1, "江北数据中心"), "名称只差词尾"),
        (Applied(1, "新的", site="江北大道1号", owner="城投"), "业主和地点相同"),
    ],
)
def test_a_second_row_of_a_known_project_is_found(one: Applied, why: str) -> None:
    found = rules.likenesses([one], INDEX, places={1: ("江北大道1号", "城投")})[1]
    assert [(like.project_id, like.why) for like in found] == [(1, why)]


def test_phases_and_named_projects_are_no_likeness() -> None:
    applied = [Applied(1, "临江污水处理厂二期"), Applied(2, "江北数据中心", project_id=1)]
    assert rules.likenesses(applied, INDEX) == {1: [], 2: []}


def test_two_applications_for_one_project_are_told() -> None:
    applied = [Applied(1, "甲", project_id=1, unit="一局"), Applied(2, "乙", project_id=1)]
    found = rules.likenesses(applied, INDEX)
    assert [like.application_id for like in found[1]] == [2]
    assert [like.why for like in found[2]] == ["申报的是同一个项目"]


def test_what_is_not_listed_needs_a_reason() -> None:
    one = Candidate("甲", ApplicationState.SUBMITTED)
    for decision in (Decision.OUT, Decision.RESERVE):
        assert rules.decision_faults([one], decision=decision, reason=" ")
        assert not rules.decision_faults([one], decision=decision, reason="用地未批")
    assert not rules.decision_faults([one], decision=Decision.IN, reason="")
    returned = replace(one, state=ApplicationState.RETURNED)
    assert rules.decision_faults([returned], decision=Decision.IN, reason="")


def test_one_project_stands_on_a_list_once() -> None:
    rows = [
        ListedRow(1, "甲", code="P-1", plan_yuan=1),
        ListedRow(2, "乙", code="p－1", plan_yuan=1),
    ]
    faults = rules.issue_faults(rows, has_reviewed=True)
    assert [fault.code for fault in faults] == ["twice-on-list"]
    assert {"no-reviewed", "empty-list"} == {
        fault.code for fault in rules.issue_faults([], has_reviewed=False)
    }


ROWS = st.lists(
    st.builds(
        ListedRow,
        serial_no=st.integers(1, 9),
        name=st.just("甲"),
        region=st.sampled_from(["", "江北区", "临江区"]),
        total_yuan=st.none() | st.integers(0, 10**13),
        plan_yuan=st.none() | st.integers(0, 10**13),
    ),
    max_size=20,
)


@given(this=ROWS, last=ROWS)
def test_the_groups_of_both_years_sum_up_to_the_whole(
    this: list[ListedRow], last: list[ListedRow]
) -> None:
    groups = comparing.compared_totals(this, last, lambda row: row.region)
    for rows, parts in (
        (this, [one.this for one in groups]),
        (last, [one.last for one in groups]),
    ):
        whole = comparing.total_of(rows)
        assert sum(one.count for one in parts) == whole.count
        assert sum(one.total_yuan for one in parts) == whole.total_yuan
        assert sum(one.plan_yuan for one in parts) == whole.plan_yuan


def test_versions_tell_what_came_went_and_changed() -> None:
    kept = ListedRow(1, "甲", application_id=1, plan_yuan=10_000)
    gone = ListedRow(2, "乙", application_id=2)
    new = ListedRow(1, "丙", application_id=3)
    changed = replace(kept, serial_no=2, project_id=7, plan_yuan=20_000)
    found = comparing.compared_versions([kept, gone], [new, changed])
    assert [(one.kind, one.name) for one in found] == [
        ("新增", "丙"),
        ("变更", "甲"),
        ("删去", "乙"),
    ]
    assert found[1].fields == (("年度计划投资", "1万元", "2万元"),)
    adjusted = replace(changed, application_id=None)
    assert comparing.compared_versions([changed], [adjusted]) == []
