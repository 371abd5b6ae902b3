from __future__ import annotations

from datetime import date

import pytest

from guatu.journal import queries as journal
from guatu.ledger.models import (
    ListEntry,
    Project,
    ProjectList,
    Responsibility,
    Term,
)
from guatu.ledger.types import DEFAULT_LIST, ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.models import OrganisationName, Person
from guatu.organisation.types import OrganisationKind
from guatu.planning.tests.taking import WAN, Take, counts, plans, project
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import project_row, row_counts


def test_a_new_list_is_stored_with_everything_its_rows_say(take: Take, people: Cast) -> None:
    taken = take(
        project_row(
            "江北新材料产业园",
            "P-1",
            建设内容="厂房三栋",
            建设地点="江北大道1号",
            项目层级="省重点",
            项目阶段="在建",
            业主单位="江北新材料有限公司",
            包联领导="王一、李二",
            联络员="赵三",
        )
    )
    assert counts(taken) == (1, 0, 0, 0)
    one = project("江北新材料产业园")
    assert one.region_id == people.regions["江北区"]
    assert (one.national_code, one.total_yuan) == ("P-1", 50_000 * WAN)
    assert (one.content, one.site, one.stage) == ("厂房三栋", "江北大道1号", "在建")
    assert one.sector == Term.objects.get(name="工业")
    entry = ListEntry.objects.get(project=one)
    assert (entry.serial_no, entry.tier, entry.nature) == (1, "省重点", "new")
    assert plans(one.name) == [(1, 12_000 * WAN)]
    roles = Responsibility.objects.filter(project=one, valid_to=None).order_by("pk")
    assert sorted(r.role for r in roles) == ["lead", "leader", "leader", "liaison", "owner"]
    owner = OrganisationName.objects.get(name="江北新材料有限公司").organisation
    assert owner.kind == OrganisationKind.OWNER
    assert not journal.verify().problems


def test_the_year_s_list_gets_the_usual_name_and_the_root_owns_it(take: Take) -> None:
    take(project_row("甲"))
    listing = ProjectList.objects.get()
    assert (listing.year, listing.name) == (2026, DEFAULT_LIST)
    assert listing.owner_organisation == organisation.root_organisation()


def test_rows_are_counted_as_new_changed_and_same(take: Take) -> None:
    take(project_row("甲", "P-1"), project_row("乙", "P-2"))
    taken = take(
        project_row("甲", "P-1"),
        project_row("乙", "P-2", **{"总投资（万元）": "60000"}),
        project_row("丙", "P-3"),
    )
    assert counts(taken) == (1, 1, 1, 0)
    assert project("乙").total_yuan == 60_000 * WAN
    assert list(ListEntry.objects.order_by("pk").values_list("serial_no", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("name", ["清单.csv", "清单（最终版）.csv"])
def test_the_same_content_twice_writes_no_row_in_any_table(take: Take, name: str) -> None:
    lines = (
        project_row("甲", "P-1", 包联领导="王一", 业主单位="甲公司", 实际开工时间="2026年2月3日"),
        project_row("产业园", "P-2", 是否打包="是", 子项目数="2"),
        project_row("产业园一号楼", 所属打包项目="产业园"),
        project_row("乙", 所属地区="临江区", 责任单位=OTHER_UNIT),
    )
    take(*lines)
    before = row_counts()
    assert counts(take(*lines, name=name)) == (0, 0, len(lines), 0)
    assert row_counts() == before


def test_a_blank_cell_never_erases(take: Take) -> None:
    take(project_row("甲", "P-1", 建设内容="厂房", 包联领导="王一", 项目层级="省重点"))
    before = row_counts()
    taken = take({"项目名称": "甲", "项目代码": "P-1"})
    assert counts(taken) == (0, 0, 1, 0)
    assert row_counts() == before
    assert (project("甲").content, plans("甲")) == ("厂房", [(1, 12_000 * WAN)])


def test_a_project_that_left_the_list_joins_again_when_the_list_names_it(take: Take) -> None:
    take(project_row("甲", "P-1"), project_row("乙", "P-2"))
    ListEntry.objects.filter(project__name="甲").update(left_on=date(2026, 6, 30), reason="退出")
    taken = take(project_row("甲", "P-1"), project_row("乙", "P-2"))
    assert (counts(taken), taken.changed_names) == ((0, 1, 1, 0), ["甲"])
    assert [f.what for f in taken.notices if f.code == "rejoined"] == [
        "“甲”曾于2026-06-30退出清单，本次重新列入"
    ]
    entry = ListEntry.objects.get(project__name="甲")
    assert (entry.left_on, entry.reason, entry.serial_no) == (None, "", 1)
    assert entry.joined_on == date(2026, 1, 1)
    assert counts(take(project_row("甲", "P-1"))) == (0, 0, 1, 0)


def test_a_changed_unit_ends_the_old_responsibility_the_day_before(take: Take) -> None:
    take(project_row("甲", "P-1"))
    assert counts(take(project_row("甲", "P-1", 责任单位=OTHER_UNIT))) == (0, 1, 0, 0)
    old, new = Responsibility.objects.filter(role=ResponsibilityRole.LEAD).order_by("pk")
    assert (old.valid_from, old.valid_to) == (date(2026, 1, 1), date(2026, 10, 30))
    assert (new.valid_from, new.valid_to) == (date(2026, 10, 31), None)


def test_a_further_leader_joins_and_the_one_who_stays_keeps_his_day(take: Take) -> None:
    take(project_row("甲", "P-1", 包联领导="王一、李二"))
    take(project_row("甲", "P-1", 包联领导="李二，李二，赵三"))
    duties = Responsibility.objects.filter(role=ResponsibilityRole.LEADER).select_related("person")
    assert {(d.person and d.person.name, d.valid_to is None) for d in duties} == {
        ("王一", False),
        ("李二", True),
        ("赵三", True),
    }
    assert Person.objects.filter(name="李二").count() == 1


def test_tier_and_nature_of_an_entry_follow_the_list(take: Take) -> None:
    take(project_row("甲", "P-1", 项目层级="市重点"))
    taken = take(project_row("甲", "P-1", 项目层级="省重点", 建设性质="续建"))
    assert counts(taken) == (0, 1, 0, 0)
    entry = ListEntry.objects.get()
    assert (entry.tier, entry.nature) == ("省重点", "continuing")


def test_next_year_s_list_takes_the_same_projects(take: Take) -> None:
    take(project_row("甲", "P-1"))
    take(project_row("甲", "P-1"), year=2027)
    assert Project.objects.count() == 1
    assert sorted(ListEntry.objects.values_list("list__year", flat=True)) == [2026, 2027]


def test_every_changed_field_is_told_with_old_and_new(take: Take) -> None:
    take(project_row("甲", "P-1", 包联领导="王一", 计划开工时间="2026年3月"))
    taken = take(
        project_row(
            "甲二", "P-1", 责任单位=OTHER_UNIT, 包联领导="李二", 建设性质="续建",
            计划开工时间="2026年6月", 行业领域="农业",
            **{"总投资（万元）": "60000", "年度计划投资（万元）": "9000"},
            **{"1-6月计划（万元）": "500"},
        )
    )  # fmt: skip
    assert {one.project for one in taken.differences} == {"甲二"}
    assert {one.field: (one.old, one.new) for one in taken.differences} == {
        "项目名称": ("甲", "甲二"),
        "行业领域": ("工业", "农业"),
        "总投资": ("50,000万元（5.00亿元）", "60,000万元（6.00亿元）"),
        "建设性质": ("新建", "续建"),
        "年度计划投资": ("12,000万元（1.20亿元）", "9,000万元"),
        "截至6月底计划": ("", "500万元"),
        "计划开工": ("2026年3月", "2026年6月"),
        "责任单位": (UNIT, OTHER_UNIT),
        "包联领导": ("王一", "李二"),
    }


def test_a_table_that_is_mostly_new_beside_a_list_is_told(take: Take) -> None:
    first = take(project_row("甲", "P-1"), project_row("乙", "P-2"))
    assert not first.is_mostly_new
    second = take(project_row("甲", "P-1"), project_row("丙"), project_row("丁"), dry_run=True)
    assert (second.is_mostly_new, second.held) == (True, 2)
    assert not take(project_row("甲", "P-1"), project_row("丙"), dry_run=True).is_mostly_new
