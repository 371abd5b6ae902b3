from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guatu.core.errors import NotAllowed, NotFound
from guatu.engines.sheets import ColumnMapping, MappedColumn
from guatu.files.models import Import, Mapping
from guatu.journal import queries as journal
from guatu.journal.models import Entry
from guatu.journal.types import Actor
from guatu.ledger.models import (
    Project,
    ProjectList,
)
from guatu.ledger.types import DEFAULT_LIST
from guatu.planning.tests.taking import WAN, Take, counts, plans, project, refused
from tests.factories import UNIT, Cast
from tests.tables import codes, project_row, put_list, put_table, row_counts, take_list


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
    with pytest.raises(NotFound, match="请写明是哪一份"):
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
