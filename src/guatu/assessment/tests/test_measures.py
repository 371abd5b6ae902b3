from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Totals
from guatu.assessment.presenters import figures
from guatu.assessment.tests.subjects import a_subject, assessed, subjects_drawn
from guatu.assessment.types import Subject
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import Severity
from guatu.ledger.types import Nature

NEW, CONTINUING = Nature.NEW.value, Nature.CONTINUING.value
SPRING, AUTUMN = date(2026, 3, 31), date(2026, 11, 30)


PACED = Conventions(time_progress="plan")


def total(*subjects: Subject, **conventions: Any) -> Totals:
    return assessed(*subjects, **conventions).total


def test_a_rate_is_what_is_known_over_the_plan_of_all_in_scope() -> None:
    got = total(a_subject(1, done=9_000), a_subject(2, done=None), a_subject(3, done=3_000))
    assert (got.completed_yuan, got.annual_plan_yuan) == (12_000, 36_000)
    assert got.completion_rate == Ratio(12_000, 36_000)
    assert (got.projects, got.in_scope, got.without_data) == (3, 3, 1)


def test_nothing_is_carried_forward_from_an_earlier_month() -> None:
    august = a_subject(1, done=None)
    august.investment = [*august.investment, *a_subject(2).investment]
    august.investment[0] = august.investment[0]._replace(as_of=date(2026, 8, 31))
    got = total(august)
    assert (got.completed_yuan, got.completion_rate, got.without_data) == (None, None, 1)


@pytest.mark.parametrize("plan", [None, 0])
def test_a_project_without_a_plan_is_out_of_scope_and_its_money_stands_beside(
    plan: int | None,
) -> None:
    got = total(a_subject(1), a_subject(2, plan_yuan=plan, done=700))
    assert (got.in_scope, got.completed_yuan, got.outside_scope_yuan) == (1, 9_000, 700)
    assert got.completion_rate == Ratio(9_000, 12_000)


def test_a_project_that_is_not_appraised_counts_as_a_project_only() -> None:
    got = total(a_subject(1), a_subject(2, is_appraised=False, done=700))
    assert (got.projects, got.in_scope, got.outside_scope_yuan) == (2, 1, 700)


def test_no_plan_at_all_gives_no_rate() -> None:
    assert total(a_subject(1, plan_yuan=0)).completion_rate is None
    assert total().completion_rate is None


def test_a_reduction_below_zero_is_subtracted() -> None:
    assert total(a_subject(1, done=9_000), a_subject(2, done=-1_000)).completed_yuan == 8_000


def test_marked_figures_count_and_are_counted() -> None:
    got = total(a_subject(1, mark="待核实"), a_subject(2), a_subject(3, mark="代报待确认"))
    assert (got.completed_yuan, got.marked) == (27_000, 2)


@pytest.mark.parametrize(
    ("pairs", "growth"),
    [
        ([(9_000, 7_500)], Ratio(1_500, 7_500)),
        ([(9_000, 0)], None),
        ([(9_000, None)], None),
        ([(None, 5_000)], None),
        ([(0, 5_000)], Ratio(-5_000, 5_000)),
        ([(9_000, -5)], None),
    ],
)
def test_year_on_year_is_the_step_over_last_year_s_figure(
    pairs: list[tuple[int | None, int | None]], growth: Ratio | None
) -> None:
    got = total(*(a_subject(n, done=done, ago=ago) for n, (done, ago) in enumerate(pairs, 1)))
    assert got.year_on_year == growth


def test_the_projects_own_plans_give_the_time_progress() -> None:
    got = total(
        a_subject(1, slice_yuan=6_000), a_subject(2, slice_yuan=9_000), time_progress="plan"
    )
    assert got.time_progress(PACED) == Ratio(15_000, 24_000)
    assert total(a_subject(1)).time_progress(PACED) is None


def test_slices_of_some_projects_are_divided_by_the_plans_of_these() -> None:
    whole = assessed(
        a_subject(1, slice_yuan=6_000),
        a_subject(2),
        a_subject(3, slice_yuan=0, plan_yuan=4_000, region="临江区"),
        a_subject(4, slice_yuan=500, plan_yuan=None),
        a_subject(5, slice_yuan=500, is_appraised=False),
        a_subject(6, region="望湖县"),
        time_progress="plan",
    )
    assert whole.total.time_progress(PACED) == Ratio(6_000, 16_000)
    assert (whole.total.sliced, whole.total.in_scope) == (2, 4)
    by_region = {
        group.key: (group.totals.time_progress(PACED), group.totals.sliced)
        for group in whole.groups["region"]
    }
    assert by_region == {
        "江北区": (Ratio(6_000, 12_000), 1), "临江区": (Ratio(0, 4_000), 1), "望湖县": (None, 0)
    }  # fmt: skip


def test_the_json_says_on_how_many_projects_a_planned_time_progress_rests() -> None:
    subjects = (a_subject(1, slice_yuan=6_000), a_subject(2), a_subject(3))
    paced = assessed(*subjects, time_progress="plan")
    told = figures(paced.total, paced.conventions)
    assert (told["time_progress"], told["time_progress_projects"], told["in_scope"]) == (
        "50.0", 1, 3,
    )  # fmt: skip
    none = assessed(a_subject(2), time_progress="plan")
    told = figures(none.total, none.conventions)
    assert (told["time_progress"], told["time_progress_projects"]) == (None, 0)
    assert told["gap_to_time_progress"] is None
    assert paced.notices == ("时间进度按1个有分期计划的项目计算，范围内共3个",)
    assert none.measured[0].verdict.overall is Severity.NO_DATA
    months = assessed(*subjects)
    assert figures(months.total, months.conventions)["time_progress_projects"] is None
    assert months.notices == ()


STARTS = (
    a_subject(1, planned_start=SPRING, actual_start=date(2026, 4, 2)),
    a_subject(2, planned_start=SPRING),
    a_subject(3, planned_start=AUTUMN, actual_start=date(2026, 8, 1)),
    a_subject(4, planned_start=AUTUMN),
    a_subject(5, planned_start=AUTUMN, actual_start=date(2026, 10, 1)),
    a_subject(6, planned_start=date(2027, 1, 31), actual_start=date(2026, 9, 30)),
    a_subject(7, planned_start=date(2025, 5, 31), actual_start=date(2025, 5, 1)),
    a_subject(8, nature=CONTINUING, planned_start=SPRING, actual_start=SPRING, done=5),
    a_subject(9, nature=CONTINUING, done=None),
)


def test_starts_are_counted_on_the_last_day() -> None:
    got = total(*STARTS)
    assert (got.planned_starts, got.due_starts, got.started) == (5, 2, 2)
    assert (got.early_starts, got.overdue_starts) == (1, 1)


@pytest.mark.parametrize(
    ("period", "counts"),
    [("2026-W53", (5, 5, 3, 0)), ("2026-W01", (5, 0, 0, 0)), ("2027-W01", (1, 0, 1, 1))],
)
def test_a_week_across_new_year_counts_the_starts_of_its_own_year(
    period: str, counts: tuple[int, ...]
) -> None:
    got = total(*STARTS, period=period)
    assert (got.planned_starts, got.due_starts, got.started, got.early_starts) == counts


def test_starts_of_unknown_nature_are_counted_apart() -> None:
    unknown = [a_subject(10 + at, nature="", planned_start=day) for at, day in
               enumerate((SPRING, AUTUMN, date(2027, 1, 31), None))]  # fmt: skip
    got = total(*STARTS, *unknown)
    assert got.starts_of_unknown_nature == 2
    assert (got.planned_starts, got.due_starts) == (5, 2)
    assert total(*STARTS).starts_of_unknown_nature == 0


@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        ("planned", Ratio(2, 5)),
        ("due", Ratio(2, 2)),
        ("all", Ratio(5, 9)),
        ("underway", Ratio(6, 9)),
        ("resumed", Ratio(5, 9)),
    ],
)
def test_the_start_rate_has_the_denominator_the_city_chose(kind: str, rate: Ratio) -> None:
    got = total(*STARTS, start_rate=kind)
    assert got.start_rate(Conventions(start_rate=kind)) == rate


@pytest.mark.parametrize("kind", ["planned", "due", "all", "underway", "resumed"])
def test_nothing_to_divide_by_gives_no_start_rate(kind: str) -> None:
    assert total(start_rate=kind).start_rate(Conventions(start_rate=kind)) is None


@pytest.mark.parametrize(("how", "counted"), [("listed", 2), ("unpacked", 9)])
def test_packages_count_as_listed_or_unpacked(how: str, counted: int) -> None:
    got = total(
        a_subject(1, parts=8, plan_yuan=100), a_subject(2, plan_yuan=100), package_count=how
    )
    assert (got.counted, got.projects, got.projects_unpacked) == (counted, 2, 9)
    assert got.annual_plan_yuan == 200, "money does not change with unpacking"


# --- laws --------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(subjects_drawn(), st.sampled_from(["planned", "due", "all", "underway", "resumed"]))
def test_started_is_due_less_overdue_plus_early(subjects: list[Subject], kind: str) -> None:
    got = total(*subjects, start_rate=kind)
    assert got.started == got.due_starts - got.overdue_starts + got.early_starts
    assert 0 <= got.due_starts <= got.planned_starts <= got.projects <= got.projects_unpacked
    rate = got.start_rate(Conventions(start_rate=kind))
    if kind in ("planned", "all", "underway", "resumed") and rate is not None:
        assert 0 <= rate.as_fraction() <= 1


SUMS = (
    "projects", "projects_unpacked", "in_scope", "without_data", "marked", "annual_plan_yuan",
    "outside_scope_yuan", "planned_starts", "due_starts", "started", "early_starts",
    "overdue_starts", "counted", "with_start", "under_way", "resumed",
)  # fmt: skip


@settings(max_examples=40)
@given(subjects_drawn())
def test_the_groups_of_every_kind_add_up_to_the_total(subjects: list[Subject]) -> None:
    whole = assessed(*subjects)
    for groups in whole.groups.values():
        for name in SUMS:
            assert sum(getattr(g.totals, name) for g in groups) == getattr(whole.total, name)
        for name in ("completed_yuan", "last_year_yuan"):
            known = [getattr(g.totals, name) for g in groups]
            parts = [value for value in known if value is not None]
            assert (sum(parts) if parts else None) == getattr(whole.total, name)
        for light, count in whole.total.lights.items():
            assert sum(g.totals.lights[light] for g in groups) == count


@settings(max_examples=40)
@given(subjects_drawn())
def test_every_project_has_one_light_and_stands_in_one_group(subjects: list[Subject]) -> None:
    whole = assessed(*subjects)
    assert sum(whole.total.lights.values()) == len(subjects)
    for groups in whole.groups.values():
        ids = [one.subject.id for group in groups for one in group.members]
        assert sorted(ids) == [s.id for s in subjects]


@settings(max_examples=40)
@given(subjects_drawn(), st.integers(1, 10**12))
def test_more_done_never_lowers_a_rate(subjects: list[Subject], more: int) -> None:
    before = total(*subjects).completion_rate
    for subject in subjects:
        subject.investment = [f._replace(value=f.value + more) for f in subject.investment]
    after = total(*subjects).completion_rate
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after.as_fraction() >= before.as_fraction() >= Fraction(0)
