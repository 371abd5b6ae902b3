from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from guatu.demo.arithmetic import expected, facts, percent
from guatu.demo.tests.reading import Forty
from guatu.demo.types import City

COUNTS = ("projects", "projects_unpacked", "annual_plan_yuan", "completed_yuan", "without_data",
          "planned_starts", "due_starts", "started", "early_starts", "overdue_starts")  # fmt: skip


@pytest.fixture(scope="module")
def result(city: City, forty: Forty) -> dict[str, Any]:
    return expected(city, forty.planted)


def everything(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [result["total"], *(g for groups in result["groups"].values() for g in groups)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(6290, 6474), "97.2"),
        (Fraction(10, 12), "83.3"),
        (Fraction(5, 10000), "0.1"),
        (Fraction(-5, 10000), "-0.1"),
        (Fraction(-4, 10000), "0.0"),
        (Fraction(309, 1000), "30.9"),
        (None, None),
    ],
)
def test_percentages_are_rounded_half_up_once(value: Fraction | None, text: str | None) -> None:
    assert percent(value) == text


def test_started_is_due_minus_overdue_plus_early(result: dict[str, Any]) -> None:
    for group in everything(result):
        rest = group["due_starts"] - group["overdue_starts"] + group["early_starts"]
        assert group["started"] == rest
    assert result["total"]["early_starts"] >= 1
    assert result["total"]["overdue_starts"] >= 5


@pytest.mark.parametrize("by", ["region", "unit", "sector"])
def test_groups_add_up_to_the_total(result: dict[str, Any], by: str) -> None:
    groups = result["groups"][by]
    for count in COUNTS:
        assert sum(group[count] or 0 for group in groups) == result["total"][count]
    for severity, number in result["total"]["lights"].items():
        assert sum(group["lights"][severity] for group in groups) == number


def test_every_listed_project_has_exactly_one_light(result: dict[str, Any]) -> None:
    for group in everything(result):
        assert sum(group["lights"].values()) == group["projects"]
        assert group["lights"]["no_data"] == group["without_data"]


def test_edges_of_the_default_book(city: City, result: dict[str, Any]) -> None:
    lights = {row["name"]: row for row in result["projects"]}
    edges = {p.story: lights[p.name] for p in city.projects if p.story and not p.package}
    assert (edges["edge-zero"]["light"], edges["edge-zero"]["gap_to_time_progress"]) == (
        "ok",
        "0.0",
    )
    assert edges["edge-ten"]["light"] == "warning"
    assert edges["edge-ten"]["gap_to_time_progress"] == "-10.0"
    assert edges["edge-thirty"]["light"] == "warning"
    assert edges["edge-thirty"]["gap_to_time_progress"] == "-30.0"
    assert edges["equals-plan"]["completion_rate"] == "100.0"
    assert edges["early-next-year"]["light"] == "not_in_scope"


def test_waiting_and_missing_rows_are_no_data(city: City, forty: Forty) -> None:
    accepted = forty.planted.accepted()
    for fact in facts(city, forty.planted):
        assert (fact.completed is None) == (fact.entry.project not in accepted)


def test_unpacked_counts_children_or_the_number(city: City, result: dict[str, Any]) -> None:
    extra = sum(len(parts) - 1 for parts in city.parts.values())
    extra += sum(p.declared_parts - 1 for p in city.projects if p.declared_parts)
    total = result["total"]
    assert total["projects_unpacked"] == total["projects"] + extra


def test_nothing_that_is_not_due_lacks_its_figure(city: City, forty: Forty) -> None:
    """So that no_data and not_due cannot be mistaken for each other in these files."""
    for fact in facts(city, forty.planted):
        if fact.completed is None and fact.entry.plan_yuan:
            assert fact.entry.planned_start.on.isoformat() <= "2026-10-31"
