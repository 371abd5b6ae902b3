from __future__ import annotations

from datetime import date

import pytest

from guatu.core.errors import BadInput
from guatu.engines.sheets import Cell
from guatu.files.models import Import
from guatu.files.types import ImportState
from guatu.ledger.models import Project
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, IntakeQuestion, Report
from guatu.reporting.tests.reports import (
    PARK,
    ROAD,
    Desk,
    counts,
    figure,
)
from tests.tables import (
    codes,
    put_table,
    report_line,
    row_counts,
    take_reports,
)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        (report_line("没有的项目", 5), "unknown-project"),
        (report_line("污水厂", 5), "ambiguous-project"),
        (report_line(PARK, 5, 所属地区="临江区"), "other-place"),
        (report_line(ROAD, 5, "P-1"), "code-and-name-disagree"),
        (report_line("", 5, "P-99"), "no-name"),
        (report_line(PARK, "约5000"), "approximate"),
        (report_line(PARK, "三成"), "approximate"),
        (report_line(PARK, "停工"), "status-word"),
        (report_line(PARK, "nan"), "not-a-number"),
        (report_line(PARK, "inf"), "not-a-number"),
        (report_line(PARK, "0.00001"), "fraction-of-yuan"),
        (report_line(PARK, "99999999999999"), "too-large"),
        (report_line(PARK, "（500）"), "bracketed-number"),
        (report_line(PARK, "-500"), "negative-figure"),
        (report_line(PARK, "—"), "no-figure"),
        (report_line(PARK, "", **{"本月完成投资（万元）": 500}), "month-only"),
        (report_line(PARK, 70_000_000), "above-total-investment"),
        (report_line("一标段", 300), "part-of-package"),
        (report_line(PARK, 500, 实际开工时间="尽快"), "not-a-date"),
        (report_line(PARK, 500, "2.4E+17"), "code-ruined"),
    ],
)
def test_a_doubtful_row_waits_with_its_question_and_the_good_one_enters(
    desk: Desk, line: dict[str, Cell], question: str
) -> None:
    taken = desk.take(report_line("管网打包", 800), line)
    assert codes(taken.waiting) == [question]
    assert counts(taken) == (1, 0, 0, 1)
    [fault] = taken.waiting
    assert fault.file == "月报.csv"
    assert fault.cell.endswith("3")
    assert fault.remedy
    asked = IntakeQuestion.objects.get()
    assert (asked.code, asked.is_waiting, asked.state) == (question, True, "open")
    assert Figure.objects.count() == 1
    assert Import.objects.latest("pk").state == ImportState.PARTLY


def test_a_report_makes_no_projects(desk: Desk) -> None:
    before = Project.objects.count()
    desk.take(report_line("全新项目", 5, "N-1"))
    assert Project.objects.count() == before


def test_two_differing_rows_of_one_project_in_a_file_both_wait(desk: Desk) -> None:
    taken = desk.take(report_line(PARK, 500), report_line(PARK, 600, "P-1"), report_line(ROAD, 5))
    assert codes(taken.waiting) == ["duplicate-row", "duplicate-row"]
    assert "第2行、月报.csv第3行" in taken.waiting[0].what
    assert (figure(PARK), figure(ROAD)) == (None, 5)


def test_two_equal_rows_of_one_project_are_one(desk: Desk) -> None:
    taken = desk.take(report_line(PARK, 500), report_line(PARK, 500, "P-1"))
    assert counts(taken) == (1, 0, 0, 0)
    assert figure(PARK) == 500


def test_sub_items_below_a_package_bring_nothing_and_are_not_asked_about(desk: Desk) -> None:
    path = put_table(
        desk.folder / "包.csv",
        ["序号", "项目名称", "是否打包", "本年累计完成投资（万元）"],
        ["1", "管网打包", "是", "900"],
        ["1.1", "一标段", "", "400"],
        ["1.2", "二标段", "", "500"],
    )
    taken = take_reports(desk.office, path)
    assert (counts(taken), taken.waiting) == ((1, 0, 0, 0), [])
    assert (figure("管网打包"), figure("一标段")) == (900, None)


def test_dates_and_words_of_a_listed_part_are_its_own(desk: Desk) -> None:
    path = put_table(
        desk.folder / "包.csv",
        ["序号", "项目名称", "是否打包", "本年累计完成投资（万元）", "实际开工时间", "形象进度"],
        ["1", "管网打包", "是", "900", "", ""],
        ["1.1", "一标段", "", "400", "2026年9月3日", "基础完成"],
        ["1.2", "二标段", "", "500", "2026年9月3日", "基础完成"],
    )
    taken = take_reports(desk.office, path, dry_run=True)
    assert (counts(taken), taken.waiting) == ((2, 0, 0, 0), [])
    taken = take_reports(desk.office, path)
    assert (counts(taken), codes(taken.notices)) == ((2, 0, 0, 0), ["part-unlisted"])
    assert (figure("管网打包"), figure("一标段")) == (900, None)
    fact = DateFact.objects.get(project__name="一标段", kind="actual")
    assert (fact.milestone, fact.on) == ("start", date(2026, 9, 3))
    assert Report.objects.get(project__name="一标段").progress_text == "基础完成"
    before = row_counts()
    assert counts(take_reports(desk.office, path)) == (0, 0, 2, 0)
    assert row_counts() == before


def test_a_part_on_a_line_of_its_own_reports_its_start_without_money(desk: Desk) -> None:
    line = report_line("一标段", "", 实际开工时间="2026年12月3日", 形象进度="未开工")
    taken = desk.take(line)
    assert (counts(taken), codes(taken.questioned)) == ((1, 0, 0, 0), ["date-in-the-future"])
    assert not DateFact.objects.filter(project__name="一标段", kind="actual").exists()


@pytest.mark.parametrize(
    ("line", "waiting"),
    [
        (report_line(PARK, 5, 所属地区="虚设区"), ["unknown-region"]),
        (report_line("污水厂", 5, 所属地区="虚设区"), ["unknown-region"]),
        (report_line("没有的项目", 5, 所属地区="虚设区"), ["unknown-region", "unknown-project"]),
        (report_line(PARK, 5, "P-1", 所属地区="虚设区"), []),
        (report_line(PARK, 5, 所属地区="江 北"), []),
    ],
)
def test_a_name_in_a_place_nobody_knows_is_not_certain_without_its_code(
    desk: Desk, line: dict[str, Cell], waiting: list[str]
) -> None:
    taken = desk.take(line)
    assert codes(taken.waiting) == waiting
    assert counts(taken) == ((0, 0, 0, 1) if waiting else (1, 0, 0, 0))
    if waiting:
        asked = taken.waiting[0]
        assert (asked.cell, "“虚设区”" in asked.what) == ("D2", True)
        assert "请先随清单导入" in asked.remedy
    elif line["所属地区"] == "虚设区":
        assert codes(taken.notices) == ["unknown-region"]


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"核减原因": "因" * 301}, False),
        ({"核减原因": "因" * 300}, True),
        ({"备注": "审计核减。" + "其他情况" * 100}, True),
        ({"本年累计完成投资（万元）": "0" * 200 + "5"}, False),
        ({"实际开工时间": "2026年" + " " * 100 + "9月"}, False),
    ],
)
def test_a_text_that_would_be_cut_off_is_asked(
    desk: Desk, cells: dict[str, Cell], kept: bool
) -> None:
    taken = desk.take({**report_line(PARK, 5), **cells})
    assert codes(taken.waiting) == ([] if kept else ["text-too-long"])
    assert Figure.objects.exists() == kept
    if "备注" in cells:
        assert Figure.objects.get().reason == "审计核减"


def test_a_file_whose_name_would_be_cut_off_is_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="文件名超过200字"):
        desk.take(report_line(PARK, 5), name="a" * 197 + ".csv")
    assert not Import.objects.filter(kind="reports").exists()


def test_a_doubt_about_a_plan_s_columns_keeps_no_report_waiting(desk: Desk) -> None:
    taken = desk.take(report_line(PARK, 5, **{"上半年计划（万元）": 1, "1-6月计划（万元）": 2}))
    assert counts(taken) == (1, 0, 0, 0)


def test_a_table_of_another_month_waits_as_a_whole(desk: Desk) -> None:
    path = put_table(
        desk.folder / "八月.csv",
        ["2026年8月重点项目进度表（单位：万元）"],
        ["项目名称", "本年累计完成投资"],
        [PARK, "500"],
        [ROAD, "600"],
    )
    taken = take_reports(desk.office, path)
    assert codes(taken.waiting) == ["wrong-period"]
    assert "（共2行）" in taken.waiting[0].what
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["姓名", "电话"], ["王一", "123"]], "no-table"),
        ([["项目名称", "本年累计完成投资（万元）"]], "no-rows"),
        ([[""]], "empty-file"),
    ],
)
def test_a_file_without_rows_is_refused_and_the_others_enter(
    desk: Desk, rows: list[list[str]], fault: str
) -> None:
    bad = put_table(desk.folder / "坏.csv", *rows)
    before = row_counts()
    with pytest.raises(BadInput) as refused:
        take_reports(desk.office, bad)
    assert row_counts() == before
    [told] = refused.value.faults
    assert told.file == "坏.csv"
    taken = take_reports(desk.office, bad, desk.file("好.csv", report_line(PARK, 5)))
    assert [f.code for f in taken.refused] == [told.code]
    assert told.code in (fault, "empty-workbook", "nothing-in-it")
    assert counts(taken) == (1, 0, 0, 0)
    assert [f.is_refused for f in taken.files] == [True, False]
