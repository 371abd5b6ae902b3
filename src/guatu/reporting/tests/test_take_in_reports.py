from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import Corrected, correct_round
from guatu.core.errors import BadInput, NotAllowed, NotFound, RoundClosed
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.files.models import Import
from guatu.files.types import ImportState
from guatu.journal import queries as journal
from guatu.journal.types import Actor
from guatu.ledger.models import Project
from guatu.ledger.queries import find_list
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, IntakeQuestion, Report, Round
from guatu.reporting.services.intake import ReportsTaken
from guatu.reporting.types import INVESTMENT, QuestionState, ReportState
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import (
    codes,
    project_row,
    put_list,
    put_report,
    put_table,
    report_line,
    row_counts,
    take_list,
    take_reports,
)

WAN = 10_000
AS_OF = date(2026, 9, 30)


@dataclass(frozen=True)
class Desk:
    """A list of four projects and a package, and a folder for what units send."""

    people: Cast
    folder: Path

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    def file(self, name: str, *lines: dict[str, Cell]) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        return put_report(path, *lines)

    def take(
        self,
        *lines: dict[str, Cell],
        name: str = "月报.csv",
        period: str = "2026-09",
        **options: Any,
    ) -> ReportsTaken:
        return take_reports(self.office, self.file(name, *lines), period=period, **options)

    def list_of(self, year: int) -> None:
        """The park on the list of another year."""
        path = put_list(self.folder / f"{year}.csv", project_row(PARK, "P-1"))
        take_list(self.people.console, path, year=year)

    def close(self, period: str) -> None:
        key = parse_period(period)
        close_round(self.people.console, find_list(key.year, None), key)


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    lines = (
        project_row("江北新材料产业园", "P-1"),
        project_row("滨江路改造", "P-2"),
        project_row("污水厂", 所属地区="江北区"),
        project_row("污水厂", 所属地区="临江区", 责任单位=OTHER_UNIT),
        project_row("管网打包", "P-5", 是否打包="是"),
        project_row("一标段", 所属打包项目="管网打包", **{"年度计划投资（万元）": ""}),
    )
    take_list(people.console, put_list(tmp_path / "清单.csv", *lines))
    return Desk(people, tmp_path)


PARK, ROAD = "江北新材料产业园", "滨江路改造"


def figure(name: str, as_of: date = AS_OF, indicator: str = INVESTMENT) -> int | None:
    """The figure in force, in 万元."""
    found = Figure.objects.filter(
        project__name=name, as_of=as_of, indicator__code=indicator, is_current=True
    ).first()
    return None if found is None or found.value is None else found.value // WAN


def counts(taken: ReportsTaken) -> tuple[int, int, int, int]:
    """New, changed, same, waiting rows of the whole call."""
    files = taken.files
    return (
        sum(f.new for f in files),
        sum(f.changed for f in files),
        sum(f.same for f in files),
        sum(f.waiting for f in files),
    )


def open_questions() -> list[str]:
    rows = IntakeQuestion.objects.filter(state=QuestionState.OPEN).order_by("pk")
    return list(rows.values_list("code", flat=True))


# --- opening -----------------------------------------------------------------------------------


def test_the_first_report_of_a_period_opens_its_round(desk: Desk) -> None:
    assert counts(desk.take(report_line(PARK, 7_000))) == (1, 0, 0, 0)
    the_round = Round.objects.get()
    assert (the_round.period.key, the_round.state) == ("2026-09", "open")
    stored = Figure.objects.get()
    assert (stored.value, stored.as_of, stored.by) == (7_000 * WAN, AS_OF, "office")
    assert (stored.raw_text, stored.cell) == ("7000", "!C2")
    report = Report.objects.get()
    assert (report.state, report.organisation_id) == (
        ReportState.ACCEPTED,
        desk.people.organisations[UNIT],
    )
    assert stored.report == report
    assert not journal.verify().problems


@pytest.mark.parametrize(
    ("first", "second"),
    [("2026-01+02", "2026-01"), ("2026-01+02", "2026-02"), ("2026-02", "2026-01+02")],
)
def test_a_merged_period_and_its_months_exclude_each_other(
    desk: Desk, first: str, second: str
) -> None:
    desk.take(report_line(PARK, 1_000), period=first)
    before = row_counts()
    with pytest.raises(BadInput, match="重叠"):
        desk.take(report_line(PARK, 1_000), period=second)
    assert row_counts() == before


@pytest.mark.parametrize("period", ["2025-09", "2027-01"])
def test_a_year_without_a_list_is_refused(desk: Desk, period: str) -> None:
    before = row_counts()
    with pytest.raises(NotFound, match=r"年没有清单.*guatu import ledger"):
        desk.take(report_line(PARK, 1_000), period=period)
    assert row_counts() == before


def test_with_two_lists_one_must_be_named(desk: Desk) -> None:
    second = put_list(desk.folder / "二.csv", project_row(PARK, "P-1"))
    take_list(desk.people.console, second, list_name="省重点")
    with pytest.raises(NotFound, match="请用--list写明是哪一份"):
        desk.take(report_line(PARK, 1_000))
    assert counts(desk.take(report_line(PARK, 1_000), list_name="省重点")) == (1, 0, 0, 0)


def test_a_project_that_is_not_on_the_list_is_not_reported_on_it(desk: Desk) -> None:
    take_list(
        desk.people.console,
        put_list(desk.folder / "二.csv", project_row("别处", "X-1")),
        list_name="省重点",
    )
    taken = desk.take(report_line("别处", 5, "X-1"), list_name="重点项目")
    assert codes(taken.waiting) == ["unknown-project"]
    assert not Figure.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader", "viewer", "outsider"])
def test_only_the_office_takes_reports_in(desk: Desk, who: str) -> None:
    path = desk.file("r.csv", report_line(PARK, 5))
    before = row_counts()
    with pytest.raises(NotAllowed, match=f"账号“{who}”没有这项权限"):
        take_reports(desk.people.act_as(who), path)
    assert row_counts() == before


# --- rows that wait ----------------------------------------------------------------------------


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
        assert "--create-missing" in asked.remedy
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


# --- figures that are asked about but taken ----------------------------------------------------


def test_a_figure_below_last_month_s_enters_as_questioned(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    taken = desk.take(report_line(PARK, 800))
    assert (counts(taken), codes(taken.questioned)) == ((1, 0, 0, 0), ["below-last-month"])
    assert figure(PARK) == 800
    report = Report.objects.get(period__key="2026-09")
    assert report.state == ReportState.QUESTIONED
    assert open_questions() == ["below-last-month"]


def test_a_reduction_with_its_reason_is_accepted(desk: Desk) -> None:
    desk.take(report_line(PARK, 900), period="2026-08")
    taken = desk.take(report_line(PARK, 800, **{"本月完成投资（万元）": -100}, 核减原因="审计核减"))
    assert (taken.questioned, taken.waiting) == ([], [])
    stored = Figure.objects.get(indicator__code="investment_month")
    assert (stored.value, stored.reason) == (-100 * WAN, "审计核减")
    assert Report.objects.get(period__key="2026-09").state == ReportState.ACCEPTED


def test_last_month_means_the_last_one_of_this_year(desk: Desk) -> None:
    desk.list_of(2025)
    desk.take(report_line(PARK, 9_000), period="2025-12")
    assert desk.take(report_line(PARK, 100), period="2026-01+02").questioned == []


@pytest.mark.parametrize("closes", [False, True])
def test_last_year_s_figure_is_stored_only_where_none_is_accepted_and_nothing_closed(
    desk: Desk, closes: bool
) -> None:
    desk.list_of(2025)
    if closes:
        desk.take(report_line("没有", 1), period="2025-09")
        desk.close("2025-09")
    taken = desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 500}))
    assert figure(PARK, date(2025, 9, 30)) == (None if closes else 500)
    assert codes(taken.questioned) == (["last-year-closed"] if closes else [])


def test_a_differing_last_year_s_figure_is_a_question_and_never_a_correction(desk: Desk) -> None:
    desk.list_of(2025)
    desk.take(report_line(PARK, 500), period="2025-09")
    taken = desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 501}))
    assert codes(taken.questioned) == ["last-year-differs"]
    assert figure(PARK, date(2025, 9, 30)) == 500
    assert Figure.objects.filter(as_of=date(2025, 9, 30)).count() == 1


def test_last_year_s_figure_of_the_end_of_february(desk: Desk) -> None:
    desk.list_of(2028)
    desk.take(report_line(PARK, 700, **{"上年同期累计完成投资（万元）": 500}), period="2028-01+02")
    assert figure(PARK, date(2028, 2, 29)) == 700
    assert figure(PARK, date(2027, 2, 28)) == 500


def test_an_actual_start_becomes_a_date_fact(desk: Desk) -> None:
    desk.take(report_line(PARK, 700, 实际开工时间="2026年9月12日", 实际竣工时间="2026年9月30日"))
    facts = DateFact.objects.filter(kind="actual").order_by("milestone")
    assert [(f.milestone, f.on, f.seq) for f in facts] == [
        ("completion", AS_OF, 1),
        ("start", date(2026, 9, 12), 1),
    ]


def test_a_coarser_statement_of_a_known_day_changes_nothing(desk: Desk) -> None:
    desk.take(report_line(PARK, 700, 实际开工时间="2026年8月12日"))
    taken = desk.take(report_line(PARK, 800, 实际开工时间="2026年8月"), name="月报(2).csv")
    assert (counts(taken), taken.questioned) == ((0, 1, 0, 0), [])
    assert DateFact.objects.get(kind="actual").on == date(2026, 8, 12)


# --- sent again --------------------------------------------------------------------------------


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


# --- questions are settled ---------------------------------------------------------------------


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


# --- closed, trial, odd names ------------------------------------------------------------------


def test_a_closed_round_takes_nothing(desk: Desk) -> None:
    desk.take(report_line(PARK, 700))
    desk.close("2026-09")
    before = row_counts()
    for lines in ((report_line(PARK, 710),), (report_line(ROAD, 5),), (report_line("没有", 1),)):
        with pytest.raises(RoundClosed, match="已锁定，数字不能再改"):
            desk.take(*lines, name="补.csv")
        with pytest.raises(RoundClosed):
            desk.take(*lines, name="补.csv", dry_run=True)
    assert row_counts() == before


def test_a_correction_leaves_parts_as_they_are_and_its_reason_whole(desk: Desk) -> None:
    desk.take(report_line("管网打包", 700))
    desk.close("2026-09")
    path = desk.file(
        "更正.csv",
        report_line("管网打包", 690),
        report_line("一标段", "", 实际开工时间="2026年9月3日"),
    )

    def correct(reason: str) -> Corrected:
        key, actor = parse_period("2026-09"), desk.people.console
        return correct_round(actor, find_list(2026, None), key, [path], reason=reason)

    with pytest.raises(BadInput, match="更正理由超过300字"):
        correct("因" * 301)
    corrected = correct("审计核减")
    assert corrected.changed == ["管网打包"]
    assert "part-not-corrected" in codes(corrected.taken.notices)
    assert not DateFact.objects.filter(project__name="一标段", kind="actual").exists()


def test_a_closed_round_of_another_list_protects_the_projects_they_share(desk: Desk) -> None:
    second = put_list(desk.folder / "二.csv", project_row(PARK, "P-1"))
    take_list(desk.people.console, second, list_name="省重点")
    desk.take(report_line(PARK, 700), list_name="省重点")
    close_round(desk.people.console, find_list(2026, "省重点"), parse_period("2026-09"))
    lines = (report_line(PARK, 710), report_line(ROAD, 5))
    taken = desk.take(*lines, list_name="重点项目")
    assert (counts(taken), codes(taken.waiting)) == ((1, 0, 0, 1), ["locked-elsewhere"])
    held = Figure.objects.get(project__name=PARK, is_current=True, indicator__code="investment")
    assert held.value == 700 * 10_000
    assert codes(desk.take(report_line(PARK, 700), list_name="重点项目").waiting) == []


def test_a_dry_run_tells_everything_and_leaves_nothing(
    desk: Desk, blobs: Callable[[], set[str]]
) -> None:
    before, files = row_counts(), blobs()
    lines = (report_line(PARK, 700, 实际开工时间="2026年9月2日"), report_line("没有的项目", 5))
    trial = desk.take(*lines, dry_run=True)
    assert (counts(trial), codes(trial.waiting)) == ((1, 0, 0, 1), ["unknown-project"])
    assert (row_counts(), blobs()) == (before, files)
    assert counts(desk.take(*lines)) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "name",
    [
        "9月 进度(最终版2).csv",
        "'; DROP TABLE reporting_figure; --.csv",
        "$(reboot).csv",
        "\u202e表.csv",
        "换\n行.csv",
        "坏\udcff字节.csv",
        "长" * 80 + ".csv",
        ".csv",
    ],
)
def test_odd_file_names_are_only_names(desk: Desk, name: str) -> None:
    taken = desk.take(report_line(PARK, 700), report_line("没有", 1), name=name)
    assert counts(taken) == (1, 0, 0, 1)
    assert all(len(str(fault).splitlines()) == 1 for fault in taken.waiting)
    assert "\u202e" not in str(taken.waiting[0])
    assert not journal.verify().problems
