from __future__ import annotations

from pathlib import Path

import pytest

from guatu.core.errors import BadInput
from guatu.engines.sheets import Cell
from guatu.files.models import Import
from guatu.files.types import ImportState
from guatu.journal.types import Actor
from guatu.ledger.models import (
    Project,
    Responsibility,
    Term,
)
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.models import Organisation, OrganisationName, Region
from guatu.planning.tests.taking import Take, counts, refused
from tests.factories import UNIT, Cast
from tests.tables import codes, project_row, put_list, put_table, row_counts, take_list

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
    with pytest.raises(BadInput, match=r"是不是江北区.*；确属新增请在导入时选“照表新增”"):
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
