from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.core.errors import BadInput, NotAllowed, NotFound
from guatu.engines.sheets import Cell, ColumnMapping, MappedColumn
from guatu.files.models import Import, Mapping
from guatu.files.types import ImportState
from guatu.journal import queries as journal
from guatu.journal.models import Entry
from guatu.journal.types import Actor
from guatu.ledger.models import (
    ListEntry,
    Project,
    ProjectAlias,
    ProjectList,
    Responsibility,
    Term,
)
from guatu.ledger.types import DEFAULT_LIST, ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.models import Organisation, OrganisationName, Person, Region
from guatu.organisation.types import OrganisationKind
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.services import ListTaken
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import codes, project_row, put_list, put_table, row_counts, take_list

WAN = 10_000
type Take = Callable[..., ListTaken]


@pytest.fixture
def office(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-31")
    return people.act_as("office")


@pytest.fixture
def take(office: Actor, tmp_path: Path) -> Take:
    """Write lines as a list and take it in: `take(line, …, option=value)`."""

    def take_in(*lines: dict[str, Cell], name: str = "清单.csv", **options: Any) -> ListTaken:
        return take_list(office, put_list(tmp_path / name, *lines), **options)

    return take_in


def counts(taken: ListTaken) -> tuple[int, int, int, int]:
    return taken.new, taken.changed, taken.same, taken.doubtful


def project(name: str) -> Project:
    return Project.objects.get(name=name)


def plans(name: str) -> list[tuple[int, int]]:
    rows = AnnualPlan.objects.filter(entry__project__name=name).order_by("plan_version")
    return [(row.plan_version, row.amount_yuan) for row in rows]


def slices(name: str) -> list[tuple[int, str, int]]:
    """Plan version, last day and cumulative 万元 of each slice."""
    rows = PlanSlice.objects.filter(plan__entry__project__name=name).select_related("plan")
    ordered = rows.order_by("plan__plan_version", "as_of")
    return [(r.plan.plan_version, f"{r.as_of:%m-%d}", r.cumulative // WAN) for r in ordered]


def refused(take: Take, *lines: dict[str, Cell], **options: Any) -> list[str]:
    """Codes of the faults; nothing may be changed by the refused call."""
    before = row_counts()
    with pytest.raises(BadInput) as error:
        take(*lines, **options)
    assert row_counts() == before
    return codes(error.value.faults)


# --- what is new, changed, the same ------------------------------------------------------------


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


def test_a_changed_plan_is_a_second_version_and_the_first_one_stays(take: Take) -> None:
    take(project_row("甲", "P-1"))
    assert counts(take(project_row("甲", "P-1", **{"年度计划投资（万元）": "9000"}))) == (
        0,
        1,
        0,
        0,
    )
    assert plans("甲") == [(1, 12_000 * WAN), (2, 9_000 * WAN)]


def test_a_plan_of_nothing_is_a_plan(take: Take) -> None:
    take(project_row("甲", "P-1", **{"年度计划投资（万元）": "0"}))
    assert plans("甲") == [(1, 0)]


def test_cumulative_plans_of_several_months_are_slices_of_the_plan(take: Take) -> None:
    taken = take(
        project_row(
            "甲",
            **{
                "一季度计划（万元）": "1000",
                "截至6月底计划（亿元）": "0.3",
                "1—9月计划（元）": "70000000",
                "10月底累计计划": "8000万元",
            },
        )
    )
    assert (counts(taken), plans("甲")) == ((1, 0, 0, 0), [(1, 12_000 * WAN)])
    assert slices("甲") == [
        (1, "03-31", 1_000),
        (1, "06-30", 3_000),
        (1, "09-30", 7_000),
        (1, "10-31", 8_000),
    ]
    assert not journal.verify().problems


def test_a_changed_slice_is_a_new_version_of_the_plan_with_all_its_slices(take: Take) -> None:
    given = {"上半年计划（万元）": "5000", "1-9月计划（万元）": "7000"}
    take(project_row("甲", "P-1", **given), project_row("乙", "P-2", **given))
    before = row_counts()
    assert counts(take(project_row("甲", "P-1", **given))) == (0, 0, 1, 0)
    assert counts(take(project_row("甲", "P-1"))) == (0, 0, 1, 0), "no column says nothing"
    assert row_counts() == before
    change = project_row("甲", "P-1", **{"1-9月计划（万元）": "7500"})
    assert counts(take(change, dry_run=True)) == (0, 1, 0, 0)
    assert row_counts() == before
    assert counts(take(change)) == (0, 1, 0, 0)
    assert plans("甲") == [(1, 12_000 * WAN), (2, 12_000 * WAN)]
    first = [(1, "06-30", 5_000), (1, "09-30", 7_000)]
    assert slices("甲") == [*first, (2, "06-30", 5_000), (2, "09-30", 7_500)]
    take(project_row("甲", "P-1", **{"年度计划投资（万元）": "13000"}))
    assert slices("甲")[4:] == [(3, "06-30", 5_000), (3, "09-30", 7_500)]
    assert slices("乙") == first


def test_a_slice_is_measured_against_what_the_plan_holds_already(take: Take) -> None:
    take(project_row("甲", "P-1", **{"1-9月计划（万元）": "7000"}))
    lowered = project_row("甲", "P-1", **{"年度计划投资（万元）": "6000"})
    assert refused(take, lowered) == ["slice-above-plan"]
    earlier = project_row("甲", "P-1", **{"上半年计划（万元）": "8000"})
    assert refused(take, earlier) == ["slices-fall"]
    assert counts(take({**lowered, "1-9月计划（万元）": "4000"})) == (0, 1, 0, 0)
    assert slices("甲") == [(1, "09-30", 7_000), (2, "09-30", 4_000)]


def test_columns_that_are_no_cumulative_plan_are_told_and_two_of_one_month_asked(
    take: Take,
) -> None:
    taken = take(
        project_row("甲", "P-1", **{"4-6月计划（万元）": "1", "截至目前计划（万元）": "1"})
    )
    assert [f.code for f in taken.notices if "计划" in f.what] == ["slice-unclear"] * 2
    assert slices("甲") == []
    twice = project_row("乙", **{"上半年计划（万元）": "1", "1-6月计划（万元）": "1"})
    assert "duplicate-field" in refused(take, twice)


def test_a_doubt_about_a_column_that_a_list_leaves_aside_refuses_nothing(take: Take) -> None:
    cells = {"本年累计完成投资（万元）": "5", "本年完成投资（万元）": "6", "入库状态": "不知道"}
    taken = take(project_row("甲", "P-1", **cells, 本月完成投资="7"))
    assert (counts(taken), taken.faults) == ((1, 0, 0, 0), [])
    told = {f.code: f.what for f in taken.notices}
    assert "本年累计完成投资" in told["figures-aside"]
    assert "入库状态" in told["columns-aside"]


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


# --- which project is meant --------------------------------------------------------------------


def test_a_renamed_project_keeps_its_old_name_as_alias(take: Take) -> None:
    take(project_row("老名称水厂", "P-1"))
    take(project_row("新名称水厂", "P-1"))
    assert project("新名称水厂").aliases.get().name == "老名称水厂"


def test_the_old_name_in_an_old_file_does_not_rename_it_back(take: Take) -> None:
    take(project_row("老名称水厂", "P-1"))
    take(project_row("新名称水厂", "P-1"))
    for line in (project_row("老名称水厂", "P-1"), project_row("老名称水厂")):
        assert counts(take(line)) == (0, 0, 1, 0)
    assert Project.objects.get().name == "新名称水厂"
    assert ProjectAlias.objects.count() == 1


def test_a_code_in_other_width_and_case_is_the_same_code(take: Take) -> None:
    take(project_row("甲", "2401-ab-001"))
    assert counts(take(project_row("甲", "２４０１－AB－001"))) == (0, 0, 1, 0)
    assert Project.objects.get().national_code == "2401-ab-001"


def test_a_project_gets_its_code_when_it_is_filed(take: Take) -> None:
    take(project_row("甲"))
    assert counts(take(project_row("甲", "P-1"))) == (0, 1, 0, 0)
    assert Project.objects.get().national_code == "P-1"


def test_one_name_in_two_places_is_two_projects(take: Take) -> None:
    take(project_row("污水厂"))
    taken = take(
        project_row("污水厂"),
        project_row("污水厂", 所属地区="临江区"),
        project_row("污水厂", 所属地区="新设区"),
    )
    assert counts(taken) == (2, 0, 1, 0)
    assert Project.objects.filter(name="污水厂").count() == 3


def test_one_name_with_two_codes_is_two_projects(take: Take) -> None:
    assert counts(take(project_row("路网", "P-1"), project_row("路网", "P-2"))) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((project_row("甲", "P-1"), project_row("乙", "P-1")), "duplicate-project"),
        ((project_row("甲", "P-1"), project_row("乙", "p－1")), "duplicate-project"),
        ((project_row("甲", "P-1"), project_row("甲", "P-1")), "repeated-row"),
        ((project_row("甲"), project_row("甲", 建设性质="续建")), "duplicate-project"),
        ((project_row("甲", "P-1"), project_row("甲")), "duplicate-project"),
        ((project_row("已有", "P-0"), project_row("已有")), "duplicate-project"),
        ((project_row("已有"), project_row("别名")), "duplicate-project"),
        ((project_row("另一个", "P-0"),), "code-and-name-disagree"),
    ],
)
def test_two_rows_of_one_project_are_refused(
    take: Take, lines: tuple[dict[str, Cell], ...], fault: str
) -> None:
    take(project_row("别名", "P-0"))
    take(project_row("已有", "P-0"), project_row("另一个", "P-9"))
    assert set(refused(take, *lines)) == {fault}


# --- all or nothing ----------------------------------------------------------------------------

BAD: list[tuple[dict[str, Cell], str]] = [
    ({"项目名称": ""}, "no-name"),
    ({"项目名称": "长" * 301}, "text-too-long"),
    ({"项目代码": "9" * 41}, "text-too-long"),
    ({"所属地区": "区" * 101}, "text-too-long"),
    ({"责任单位": "局" * 201}, "text-too-long"),
    ({"行业领域": "业" * 101}, "text-too-long"),
    ({"建设地点": "路" * 301}, "text-too-long"),
    ({"项目层级": "级" * 41}, "text-too-long"),
    ({"项目阶段": "段" * 41}, "text-too-long"),
    ({"计划开工时间": "2026年" + " " * 100 + "3月"}, "text-too-long"),
    ({"包联领导": "名" * 101}, "text-too-long"),
    ({"年度计划投资（万元）": "-5"}, "negative-amount"),
    ({"总投资（万元）": "-1"}, "negative-amount"),
    ({"总投资（万元）": "nan"}, "not-a-number"),
    ({"总投资（万元）": "99999999999999"}, "too-large"),
    ({"年度计划投资（万元）": "约5000"}, "approximate"),
    ({"年度计划投资（万元）": "0.00001"}, "fraction-of-yuan"),
    ({"子项目数": "-3"}, "bad-parts"),
    ({"子项目数": "99999999999"}, "bad-parts"),
    ({"计划开工时间": "尽快"}, "not-a-date"),
    ({"计划开工时间": "2026年初"}, "coarse-date"),
    ({"上半年计划（万元）": "8000", "1—9月计划（万元）": "7000"}, "slices-fall"),
    ({"截至9月底计划（万元）": "12001"}, "slice-above-plan"),
    ({"截至9月底计划（万元）": "-1"}, "negative-amount"),
    ({"截至9月底计划（万元）": "约5"}, "approximate"),
    ({"截至9月底计划（万元）": "5", "年度计划投资（万元）": ""}, "slice-without-plan"),
    ({"建设性质": "改造"}, "choice-unknown"),
    ({"所属打包项目": "没有的包"}, "unknown-package"),
    ({"所属打包项目": "坏行"}, "unknown-package"),
]


@pytest.mark.parametrize(("cells", "fault"), BAD)
def test_one_bad_row_refuses_the_whole_list_and_changes_nothing(
    take: Take, cells: dict[str, Cell], fault: str
) -> None:
    bad = {**project_row("坏行", "P-2"), **cells}
    assert fault in refused(take, project_row("好行", "P-1"), bad)


@pytest.mark.parametrize(("cells", "fault"), BAD)
def test_with_skip_doubtful_the_bad_row_is_named_and_the_good_one_enters(
    take: Take, cells: dict[str, Cell], fault: str
) -> None:
    bad = {**project_row("坏行", "P-2"), **cells}
    taken = take(project_row("好行", "P-1"), bad, skips_doubtful=True)
    assert counts(taken) == (1, 0, 0, 1)
    assert fault in codes(taken.faults)
    assert all(f.file == "清单.csv" and f.cell for f in taken.faults)
    assert [p.name for p in Project.objects.all()] == ["好行"]
    assert Import.objects.get().state == ImportState.PARTLY


def test_a_left_out_row_makes_no_region_and_no_unit(take: Take) -> None:
    bad = project_row("坏", "P-2", 所属地区="虚设区", 责任单位="虚设局", **{"总投资（万元）": "-1"})
    taken = take(project_row("好", "P-1"), bad, skips_doubtful=True)
    assert counts(taken) == (1, 0, 0, 1)
    assert not OrganisationName.objects.filter(name="虚设局").exists()
    assert organisation.region_names().find("虚设区") is None


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"所属地区": "江被区"}, "unknown-region"),
        ({"责任单位": "江北发展局"}, "unknown-organisation"),
        ({"行业领域": "新行业"}, "unknown-sector"),
    ],
)
def test_unknown_names_are_refused_unless_they_may_be_made(
    take: Take, cells: dict[str, Cell], fault: str
) -> None:
    take(project_row("别的", "P-0"))
    line = {**project_row("甲", "P-1"), **cells}
    assert refused(take, line, creates_missing=False) == [fault]
    assert counts(take(line)) == (1, 0, 0, 0)


def test_an_unknown_name_is_refused_with_the_one_probably_meant(take: Take) -> None:
    with pytest.raises(BadInput, match=r"是不是江北区.*；确属新增请加--create-missing"):
        take(project_row("甲", "P-1", 所属地区="江被区"), creates_missing=False)


def test_two_spellings_of_a_new_name_make_one(take: Take) -> None:
    regions, units = Region.objects.count(), Organisation.objects.count()
    take(
        project_row("甲", 所属地区="东湖区", 责任单位="东湖 区发改局", 行业领域="农业"),
        project_row("乙", 所属地区="东 湖区", 责任单位="东湖区发改局", 行业领域="农 业"),
    )
    assert Region.objects.count() == regions + 1
    assert Organisation.objects.count() == units + 1
    assert Term.objects.count() == 1


def test_aliases_of_regions_and_units_are_known(take: Take, people: Cast) -> None:
    line = project_row("甲", 所属地区="江北", 责任单位="江北发改局", 行业领域="")
    assert counts(take(line, creates_missing=False)) == (1, 0, 0, 0)
    duty = Responsibility.objects.get(role=ResponsibilityRole.LEAD)
    assert duty.organisation_id == people.organisations[UNIT]


def test_a_fault_in_one_file_keeps_the_others_out(office: Actor, tmp_path: Path) -> None:
    good = put_list(tmp_path / "好.csv", project_row("甲"))
    bad = put_table(tmp_path / "坏.csv", ["这不是", "清单"])
    before = row_counts()
    with pytest.raises(BadInput, match=r"文件“坏\.csv”：没有找到项目表"):
        take_list(office, good, bad)
    assert row_counts() == before


def test_a_list_with_a_head_and_no_rows_is_said_to_be_empty(take: Take) -> None:
    assert refused(take) == ["no-rows"]


# --- packages and dates ------------------------------------------------------------------------


def test_parts_name_their_package_in_any_order(take: Take) -> None:
    take(
        project_row("园区一号楼", 所属打包项目="产业园", **{"年度计划投资（万元）": ""}),
        project_row("产业园", "P-1", 子项目数="3"),
    )
    package = project("产业园")
    assert (package.is_package, package.declared_parts) == (True, 3)
    assert project("园区一号楼").package == package


def test_a_part_of_a_package_that_is_known_already(take: Take) -> None:
    take(project_row("产业园", "P-1"))
    taken = take(project_row("产业园", "P-1"), project_row("二号楼", 所属打包项目="产业园"))
    assert counts(taken) == (1, 1, 0, 0), "the package itself changed: it became one"
    taken = take(project_row("三号楼", 所属打包项目="产业园"))
    assert counts(taken) == (1, 0, 0, 0)
    assert project("产业园").parts.count() == 2


def test_sub_items_below_a_package_belong_to_it_and_bring_no_plan(
    office: Actor, tmp_path: Path
) -> None:
    path = put_table(
        tmp_path / "清单.csv",
        ["序号", "项目名称", "所属地区", "是否打包", "年度计划投资（万元）"],
        ["1", "道路改造", "江北区", "是", "900"],
        ["1.1", "一号路", "江北区", "", "400"],
        ["1.2", "二号路", "江北区", "", "500"],
        ["2", "水厂", "江北区", "否", "100"],
    )
    assert counts(take_list(office, path)) == (4, 0, 0, 0)
    package = project("道路改造")
    assert {p.name for p in package.parts.all()} == {"一号路", "二号路"}
    assert project("水厂").package is None
    assert sorted(AnnualPlan.objects.values_list("amount_yuan", flat=True)) == [
        100 * WAN,
        900 * WAN,
    ]


@pytest.mark.parametrize(
    "parents",
    [
        {"甲": "乙", "乙": "甲"},
        {"甲": "乙", "乙": "丙", "丙": "甲"},
        {"甲": "乙", "乙": "丙", "丙": ""},
        {"甲": "乙", "乙": "没有", "丁": "甲"},
    ],
)
def test_packages_in_packages_and_in_rings_are_refused(take: Take, parents: dict[str, str]) -> None:
    lines = [project_row(name, 所属打包项目=parent) for name, parent in parents.items()]
    assert set(refused(take, *lines)) == {"unknown-package"}
    taken = take(*lines, skips_doubtful=True)
    assert taken.new + taken.doubtful == len(lines)
    assert not Project.objects.filter(package__package__isnull=False).exists()


def test_a_package_name_that_two_projects_bear_is_asked(take: Take) -> None:
    take(project_row("管网", 所属地区="江北区"), project_row("管网", 所属地区="临江区"))
    assert refused(take, project_row("一标段", 所属打包项目="管网")) == ["unknown-package"]


def test_a_package_with_parts_cannot_become_a_part(take: Take) -> None:
    take(project_row("园", "P-1"), project_row("楼", 所属打包项目="园"), project_row("城", "P-2"))
    assert refused(take, project_row("园", "P-1", 所属打包项目="城")) == ["unknown-package"]
    assert refused(take, project_row("灯", 所属打包项目="楼")) == ["unknown-package"]


@pytest.mark.parametrize(
    ("text", "on", "precision"),
    [
        ("2026年3月18日", date(2026, 3, 18), "day"),
        ("2026年3月", date(2026, 3, 31), "month"),
        ("2026年5月上旬", date(2026, 5, 10), "ten-day"),
        ("2026年", date(2026, 12, 31), "year"),
    ],
)
def test_a_date_keeps_how_exactly_it_was_given(
    take: Take, text: str, on: date, precision: str
) -> None:
    take(project_row("甲", 计划开工时间=text))
    fact = DateFact.objects.get()
    assert (fact.on, fact.precision, fact.raw_text, fact.seq) == (on, precision, text, 1)


def test_a_moved_date_is_one_more_fact_and_the_first_promise_stays(take: Take) -> None:
    for text in ("2026年3月", "2026年6月", "2026年6月", "2026年6月30日"):
        take(project_row("甲", "P-1", 计划开工时间=text))
    facts = DateFact.objects.order_by("seq").values_list("seq", "on", "precision")
    assert list(facts) == [
        (1, date(2026, 3, 31), "month"),
        (2, date(2026, 6, 30), "month"),
        (3, date(2026, 6, 30), "day"),
    ]


# --- trials, lists, mappings -------------------------------------------------------------------


def test_a_dry_run_counts_and_leaves_nothing(take: Take, blobs: Callable[[], set[str]]) -> None:
    take(project_row("甲", "P-1"))
    before, files = row_counts(), blobs()
    line = project_row(
        "乙", "P-2", 所属地区="新区", 责任单位="新局", 包联领导="新人", 业主单位="新公司"
    )
    changed = project_row("甲", "P-1", **{"年度计划投资（万元）": "1"})
    assert counts(take(line, changed, dry_run=True)) == (1, 1, 0, 0)
    assert (row_counts(), blobs()) == (before, files)
    assert plans("甲") == [(1, 12_000 * WAN)]
    assert counts(take(line, changed)) == (1, 1, 0, 0)


def test_a_dry_run_names_the_same_faults(take: Take) -> None:
    bad = project_row("甲", "P-1", **{"总投资（万元）": "-1"})
    assert refused(take, bad, dry_run=True) == ["negative-amount"]


def test_two_lists_in_one_year_must_be_named(take: Take) -> None:
    take(project_row("甲", "P-1"))
    take(project_row("乙", "P-2"), list_name="前期项目")
    before = row_counts()
    with pytest.raises(NotFound, match="请用--list写明是哪一份"):
        take(project_row("丙", "P-3"))
    assert row_counts() == before
    assert counts(take(project_row("丙", "P-3"), list_name="前期项目")) == (1, 0, 0, 0)
    listing = ProjectList.objects.get(name="前期项目")
    assert set(listing.entries.values_list("project__name", flat=True)) == {"乙", "丙"}


def test_two_lists_of_one_name_are_told_apart_or_refused(take: Take, people: Cast) -> None:
    take(project_row("甲", "P-1"))
    ProjectList.objects.create(
        owner_organisation_id=people.organisations[UNIT], year=2026, name=DEFAULT_LIST
    )
    for name in (DEFAULT_LIST, f"2026年{DEFAULT_LIST}"):
        assert refused(take, project_row("乙", "P-2"), list_name=name) == ["ambiguous-list"]
    with pytest.raises(NotFound, match="有2份清单"):
        take(project_row("乙", "P-2"))
    assert counts(take(project_row("乙", "P-2"), list_name="前期项目")) == (1, 0, 0, 0)


def test_a_list_is_found_by_the_name_it_is_printed_with(take: Take) -> None:
    take(project_row("甲", "P-1"))
    take(project_row("乙", "P-2"), list_name=f"2026年{DEFAULT_LIST}")
    assert ProjectList.objects.get().entries.count() == 2


def test_a_project_on_two_lists_is_one_project_with_two_plans(take: Take) -> None:
    take(project_row("甲", "P-1"))
    take(project_row("甲", "P-1", **{"年度计划投资（万元）": "7"}), list_name="省重点")
    assert Project.objects.count() == 1
    assert plans("甲") == [(1, 12_000 * WAN), (1, 7 * WAN)]


def test_a_mapping_is_used_and_remembered_for_its_sender(take: Take) -> None:
    mapping = ColumnMapping({"干啥的": MappedColumn("建设内容")})
    line = {**project_row("甲", "P-1"), "干啥的": "盖楼"}
    take(line, mapping=mapping, save_mapping_for="江北区发改局")
    assert project("甲").content == "盖楼"
    assert "干啥的" in Mapping.objects.get(sender="江北区发改局").columns


def test_a_mapping_is_remembered_also_when_the_list_brings_nothing_new(take: Take) -> None:
    take(project_row("甲", "P-1"))
    mapping = ColumnMapping({"项目名称": MappedColumn("项目名称")})
    take(project_row("甲", "P-1"), mapping=mapping, save_mapping_for="江北区发改局")
    assert Mapping.objects.filter(sender="江北区发改局").exists()
    assert Import.objects.count() == 1


def test_there_must_be_a_mapping_to_be_remembered(take: Take) -> None:
    assert refused(take, project_row("甲"), save_mapping_for="江北区发改局") == ["no-mapping"]


def test_figure_columns_are_left_aside_with_a_notice(take: Take) -> None:
    taken = take(project_row("甲", "P-1", **{"本年累计完成投资（万元）": "800"}, 形象进度="封顶"))
    assert counts(taken) == (1, 0, 0, 0)
    notice = next(f for f in taken.notices if f.code == "figures-aside")
    assert "本年累计完成投资" in notice.what
    assert "形象进度" in notice.what


def test_a_list_of_another_year_is_noticed(office: Actor, tmp_path: Path) -> None:
    path = put_table(
        tmp_path / "清单.csv",
        ["2025年江源市重点项目清单（单位：万元）"],
        ["项目名称", "所属地区", "总投资"],
        ["甲", "江北区", "900"],
    )
    assert "other-year" in codes(take_list(office, path).notices)
    assert "other-year" not in codes(take_list(office, path, year=2025).notices)


def test_the_act_bears_its_actor_and_every_row_is_journalled(take: Take) -> None:
    take(project_row("甲", "P-1"))
    entry = Entry.objects.latest("seq")
    assert (entry.act, entry.actor_text) == ("list.taken_in", "office")
    assert Import.objects.get().by == "office"
    assert not journal.verify().problems


@pytest.mark.parametrize("who", ["reporter", "reviewer", "viewer", "outsider", "leader"])
def test_only_the_office_takes_lists_in(people: Cast, tmp_path: Path, who: str) -> None:
    path = put_list(tmp_path / "清单.csv", project_row("甲"))
    before = row_counts()
    with pytest.raises(NotAllowed, match=f"账号“{who}”没有这项权限"):
        take_list(people.act_as(who), path)
    assert row_counts() == before
