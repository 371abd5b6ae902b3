from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.journal.types import Actor
from guatu.ledger.models import (
    Project,
)
from guatu.planning.models import AnnualPlan, DateFact
from guatu.planning.tests.taking import WAN, Take, counts, project, refused
from tests.tables import project_row, put_table, take_list


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
