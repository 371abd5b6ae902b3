from __future__ import annotations

import pytest

from guatu.core.errors import BadInput
from guatu.engines.sheets import Cell
from guatu.ledger.models import (
    Project,
    ProjectAlias,
)
from guatu.organisation import queries as organisation
from guatu.planning.tests.taking import Take, counts, project, refused
from tests.tables import project_row, row_counts


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


def without_place(line: dict[str, Cell]) -> dict[str, Cell]:
    """A line of a table that has neither region nor code, like the office's summary table."""
    return {name: cell for name, cell in line.items() if name not in ("所属地区", "项目代码")}


@pytest.mark.parametrize("region", [None, ""])
def test_a_table_without_regions_means_the_projects_there_are(
    take: Take, region: str | None
) -> None:
    lines = [project_row("甲", "P-1"), project_row("乙", 所属地区="临江区")]
    take(*lines)
    before = row_counts()
    bare = [without_place(line) | ({} if region is None else {"所属地区": ""}) for line in lines]
    assert counts(take(*bare)) == (0, 0, 2, 0)
    assert row_counts() == before
    assert project("乙").region_id == organisation.region_names().find("临江区")


def test_a_name_of_several_projects_means_the_one_on_the_list(take: Take) -> None:
    take(project_row("污水厂", "P-1", 所属地区="临江区"), list_name="前期项目")
    take(project_row("别的", "P-9"), list_name="重点项目")
    assert refused(take, project_row("污水厂"), list_name="重点项目") == ["namesake"]
    take(
        project_row("污水厂", "P-2"), project_row("污水厂", "P-1", 所属地区="临江区"),
        list_name="备选",
    )  # fmt: skip
    bare = without_place(project_row("污水厂"))
    assert counts(take(bare, list_name="前期项目")) == (0, 0, 1, 0)
    assert refused(take, bare, list_name="备选") == ["ambiguous-project"]
    assert refused(take, bare, list_name="重点项目") == ["ambiguous-project"]


def test_which_of_several_is_meant_is_asked_with_their_places(take: Take) -> None:
    take(project_row("污水厂", "P-1"), project_row("污水厂", "P-2", 所属地区="临江区"))
    with pytest.raises(BadInput) as error:
        take(without_place(project_row("污水厂")))
    [told] = error.value.faults
    assert "“污水厂”（江北区，代码P-1）、“污水厂”（临江区，代码P-2）" in told.what
    assert "项目代码或所属地区" in told.remedy


@pytest.mark.parametrize(
    "line",
    [
        project_row("污水厂", 所属地区="临江区"),
        project_row("污水厂", 所属地区="新设区"),
        project_row("污 水 厂", "P-2"),
        project_row("污水厂", "P-2", 所属地区="临江区"),
    ],
)
def test_a_second_project_of_a_known_name_is_asked_first(take: Take, line: dict[str, Cell]) -> None:
    take(project_row("污水厂", "P-1"))
    assert refused(take, line) == ["namesake"]
    taken = take(project_row("好行"), line, skips_doubtful=True)
    assert counts(taken) == (1, 0, 0, 1)
    assert Project.objects.filter(name__contains="厂").count() == 1
    assert "“污水厂”（江北区，代码P-1）" in taken.faults[0].what
    # A table that has both tells the two apart.
    assert counts(take(project_row("污水厂", "P-1"), line)) == (1, 0, 1, 0)


def test_a_part_is_the_one_of_its_own_package(take: Take) -> None:
    take(
        project_row("甲包", "P-1"), project_row("乙包", "P-2"),
        project_row("一标段", 所属打包项目="甲包"), project_row("一标段", 所属打包项目="乙包"),
    )  # fmt: skip
    again = [{"项目名称": "一标段", "所属打包项目": "乙包"}]
    assert counts(take(*again)) == (0, 0, 1, 0)
