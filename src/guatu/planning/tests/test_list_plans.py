from __future__ import annotations

from guatu.journal import queries as journal
from guatu.planning.tests.taking import WAN, Take, counts, plans, refused, slices
from tests.tables import project_row, row_counts


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
