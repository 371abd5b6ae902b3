from __future__ import annotations

import pytest

from guatu.engines.sheets import Cell
from guatu.journal import queries as journal
from guatu.reporting.models import Figure, IntakeQuestion, Report
from guatu.reporting.tests.reports import (
    PARK,
    ROAD,
    WAN,
    Desk,
    counts,
    figure,
    open_questions,
)
from guatu.reporting.types import QuestionState, ReportState
from tests.factories import UNIT
from tests.tables import (
    codes,
    report_line,
    row_counts,
    take_reports,
)


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    lines = (
        report_line(PARK, 800, 实际开工时间="2026年8月12日", 形象进度="主体"),
        report_line("没有的项目", 5),
        report_line("污水厂", 6),
        report_line(ROAD, "约7"),
        report_line("管网打包", -3),
    )
    first = desk.take(*lines)
    before = row_counts()
    again = desk.take(*lines)
    assert row_counts() == before
    assert counts(again) == (0, 0, 1, counts(first)[3])
    assert codes(again.waiting) == codes(first.waiting)
    renamed = desk.take(*lines, name="月报（最终版）.csv")
    assert row_counts() == before
    assert counts(renamed) == (0, 0, 1, 4)


def test_a_resent_file_replaces_its_own_rows_only(desk: Desk) -> None:
    desk.take(report_line(PARK, 700), report_line(ROAD, 300), name=f"{UNIT}9月.csv")
    desk.take(report_line("管网打包", 50), name="江源城投集团9月.csv")
    taken = desk.take(report_line(PARK, 720), report_line(ROAD, 300), name=f"{UNIT}9月（修改）.csv")
    assert counts(taken) == (0, 1, 1, 0)
    assert [figure(name) for name in (PARK, ROAD, "管网打包")] == [720, 300, 50]


def test_a_resent_file_that_leaves_a_row_out_takes_nothing_back(desk: Desk) -> None:
    desk.take(report_line(PARK, 700), report_line(ROAD, 300), name=f"{UNIT}9月.csv")
    desk.take(report_line(PARK, 710), name=f"{UNIT}9月补报.csv")
    assert (figure(PARK), figure(ROAD)) == (710, 300)


def test_a_changed_figure_supersedes_the_old_one_which_stays(desk: Desk) -> None:
    for wan in (700, 710, 720):
        desk.take(report_line(PARK, wan), name=f"{UNIT}v{wan}.csv")
    first, second, third = Figure.objects.order_by("pk")
    assert [f.value for f in (first, second, third)] == [w * WAN for w in (700, 710, 720)]
    assert [f.is_current for f in (first, second, third)] == [False, False, True]
    assert (third.supersedes, second.supersedes, first.supersedes) == (second, first, None)
    assert not journal.verify().problems


def test_a_blank_progress_does_not_erase_what_was_said(desk: Desk) -> None:
    desk.take(report_line(PARK, 700, 形象进度="主体封顶", 存在问题="缺电"))
    assert counts(desk.take(report_line(PARK, 710), name="月报补报.csv")) == (0, 1, 0, 0)
    report = Report.objects.get()
    assert (report.progress_text, report.problem_text) == ("主体封顶", "缺电")


def test_files_of_two_units_that_disagree_in_one_call_both_wait(desk: Desk) -> None:
    taken = take_reports(
        desk.office,
        desk.file(f"{UNIT}.csv", report_line(PARK, 700)),
        desk.file("江源城投集团.csv", report_line(PARK, 800)),
    )
    assert codes(taken.waiting) == ["duplicate-row", "duplicate-row"]
    assert figure(PARK) is None


def test_another_unit_s_different_figure_later_is_a_question_not_a_second_row(desk: Desk) -> None:
    desk.take(report_line(PARK, 700), name=f"{UNIT}9月.csv")
    taken = desk.take(report_line(PARK, 800), name="江源城投集团9月.csv")
    assert codes(taken.waiting) == ["two-senders"]
    assert f"{UNIT}9月.csv" in taken.waiting[0].what
    assert figure(PARK) == 700
    same = desk.take(report_line(PARK, 700), name="江源城投集团9月改.csv")
    assert (counts(same), same.waiting) == ((0, 0, 1, 0), [])


def test_files_whose_senders_nobody_knows_are_told_apart_by_their_names(desk: Desk) -> None:
    desk.take(report_line(PARK, 700), name="2026年9月甲街道月报.csv")
    taken = desk.take(report_line(PARK, 800), name="乙镇月报9月.csv")
    assert codes(taken.waiting) == ["two-senders"]
    for told in ("2026年9月甲街道月报.csv", "700万元", "乙镇月报9月.csv", "800万元"):
        assert told in taken.waiting[0].what
    assert figure(PARK) == 700
    same = desk.take(report_line(PARK, 700), name="乙镇月报9月改.csv")
    assert (counts(same), same.waiting) == ((0, 0, 1, 0), [])
    for wan, name in ((710, "甲街道月报（最终版）(2).csv"), (720, "甲街道月报10月5日补报.csv")):
        assert counts(desk.take(report_line(PARK, wan), name=name)) == (0, 1, 0, 0)
    assert (figure(PARK), open_questions()) == (720, [])


def test_files_of_one_name_from_two_folders_are_two_files(desk: Desk) -> None:
    one = desk.file("江北/9月.csv", report_line(PARK, 700))
    two = desk.file("临江/9月.csv", report_line("污水厂", 300, 所属地区="临江区"))
    taken = take_reports(desk.office, one, two, one)
    assert [f.name for f in taken.files] == ["江北/9月.csv", "临江/9月.csv"]
    assert [(f.new, f.waiting) for f in taken.files] == [(1, 0), (1, 0)]


def test_a_later_version_in_one_call_wins_over_the_earlier(desk: Desk) -> None:
    taken = take_reports(
        desk.office,
        desk.file(f"{UNIT}9月（最终版2）.csv", report_line(PARK, 720)),
        desk.file(f"{UNIT}9月.csv", report_line(PARK, 700)),
    )
    assert (figure(PARK), taken.waiting) == (720, [])


def test_a_question_about_a_figure_is_settled_by_a_better_figure(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    desk.take(report_line(PARK, 800), name=f"{UNIT}.csv")
    assert open_questions() == ["below-last-month"]
    desk.take(report_line(PARK, 950), name=f"{UNIT}改.csv")
    assert open_questions() == []
    assert IntakeQuestion.objects.get().state == QuestionState.SUPERSEDED
    assert Report.objects.get(period__key="2026-09").state == ReportState.ACCEPTED


def test_a_row_that_waits_does_not_settle_what_was_asked_about_the_figure_in_force(
    desk: Desk,
) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    desk.take(report_line(PARK, 800), name=f"{UNIT}.csv")
    desk.take(report_line(PARK, -5), name=f"{UNIT}改.csv")
    assert open_questions() == ["below-last-month", "negative-figure"]
    desk.take(report_line(PARK, 950), name=f"{UNIT}改2.csv")
    assert open_questions() == []


@pytest.mark.parametrize("bad", [report_line(PARK, "约700"), report_line("江北新材料园", 700)])
def test_a_waiting_row_is_settled_when_its_sender_sends_it_right(
    desk: Desk, bad: dict[str, Cell]
) -> None:
    desk.take(bad, name=f"{UNIT}9月.csv")
    assert len(open_questions()) == 1
    desk.take(report_line(PARK, 700), name=f"{UNIT}9月更正.csv")
    assert open_questions() == []
    assert figure(PARK) == 700


def test_one_sender_s_answer_does_not_settle_the_other_s_same_question(desk: Desk) -> None:
    for sender in (UNIT, "江源城投集团"):
        desk.take(report_line("没有的项目", 5, 备注=sender), name=f"{sender}9月.csv")
    assert open_questions() == ["unknown-project", "unknown-project"]
    desk.take(report_line(PARK, 5), name=f"{UNIT}9月改.csv")
    left = IntakeQuestion.objects.get(state=QuestionState.OPEN)
    assert left.imported.name == "江源城投集团9月.csv"
