"""What a snapshot takes from the tables: each list's own promises, each list's own projects."""

from __future__ import annotations

from datetime import date

from guatu.assessment import queries
from guatu.assessment.services.close import close_round
from guatu.assessment.tests.rounds import Office
from guatu.core.periods import parse_period
from guatu.journal import services as writing
from guatu.ledger.queries import find_list
from guatu.organisation.models import RegionName
from guatu.planning.models import AnnualPlan, PlanSlice
from guatu.reporting.models import Figure, Report
from tests.tables import project_row, put_list, put_report, report_line, take_list, take_reports

NAME, PART, PACKAGE = "滨江产业园", "二号厂房", "厂房打包项目"


def test_next_years_list_does_not_rewrite_this_years_promise(office: Office) -> None:
    office.list_in(project_row(NAME, "P-1", 计划开工时间="2026年10月"))
    later = put_list(office.folder / "明年.csv", project_row(NAME, "P-1", 计划开工时间="2027年3月"))
    take_list(office.console, later, year=2027)
    office.report(report_line(NAME, 100), period="2026-12")
    [subject] = queries.snapshot_content(office.close("2026-12")).subjects
    assert subject.planned_start == date(2026, 10, 31)


def test_what_this_list_does_not_promise_stands_as_an_earlier_one_did(office: Office) -> None:
    office.list_in(project_row(NAME, "P-1", 计划开工时间="2026年10月"))
    later = put_list(office.folder / "明年.csv", project_row(NAME, "P-1", 计划开工时间=""))
    take_list(office.console, later, year=2027)
    report = put_report(office.folder / "一月.csv", report_line(NAME, 10))
    take_reports(office.console, report, period="2027-01")
    snapshot = close_round(office.console, find_list(2027, None), parse_period("2027-01"))
    [subject] = queries.snapshot_content(snapshot).subjects
    assert subject.planned_start == date(2026, 10, 31)


def test_a_part_stands_for_itself_on_a_list_without_its_package(office: Office) -> None:
    office.list_in(project_row(PART, "P-2"), list_name="重点项目")
    other = put_list(
        office.folder / "另一份.csv",
        project_row(PACKAGE, "P-3", 是否打包="是"),
        project_row(PART, "P-2", 所属打包项目=PACKAGE),
    )
    take_list(office.console, other, list_name="市重点")
    report = put_report(office.folder / "月报.csv", report_line(PART, 300))
    taken = take_reports(office.console, report, list_name="重点项目")
    assert taken.waiting == []
    snapshot = close_round(office.console, office.listing, parse_period("2026-09"))
    assert [s.name for s in queries.snapshot_content(snapshot).subjects] == [PART]


def test_an_emptied_problem_column_clears_the_problem_a_missing_one_does_not(
    office: Office,
) -> None:
    office.list_in(project_row(NAME, "P-1"))
    office.report(report_line(NAME, 100, 存在问题="征地难"))
    office.report(report_line(NAME, 110))
    assert Report.objects.get().problem_text == "征地难"
    office.report(report_line(NAME, 120, 存在问题=""))
    assert Report.objects.get().problem_text == ""
    assert Figure.objects.filter(is_current=True, as_of=date(2026, 9, 30)).get().value == 1_200_000


def slices(office: Office, entry_plans: dict[str, list[tuple[date, int]]]) -> None:
    rows = [
        PlanSlice(plan=AnnualPlan.objects.get(entry__project__name=name), as_of=day, cumulative=n)
        for name, given in entry_plans.items()
        for day, n in given
    ]
    with writing.act(office.console, "test.sliced") as act:
        act.add_all(rows)


def test_a_plan_s_slice_is_the_last_one_by_the_day_and_zero_before_the_first(
    office: Office,
) -> None:
    names = ("到期", "之前", "未到", "没有")
    office.list_in(*(project_row(name, f"P-{n}") for n, name in enumerate(names)))
    end, later = date(2026, 9, 30), date(2026, 12, 31)
    slices(
        office,
        {
            "到期": [(date(2026, 6, 30), 40), (end, 70), (later, 100)],
            "之前": [(later, 100), (date(2026, 6, 30), 40)],
            "未到": [(later, 100)],
        },
    )
    office.report(report_line("到期", 100))
    frozen = queries.snapshot_content(office.close()).subjects
    assert [s.slice_yuan for s in frozen] == [70, 40, 0, None]


def test_a_region_s_code_is_the_one_of_the_last_day(office: Office) -> None:
    office.list_in(project_row(NAME, "P-1"))
    office.report(report_line(NAME, 100))
    region = RegionName.objects.get(name="江北区")
    newer = RegionName(
        region=region.region, name="江北区", code="990199", valid_from=date(2026, 10, 1)
    )
    with writing.act(office.console, "test.renamed") as act:
        act.write(newer)
    regions = queries.snapshot_content(office.close()).regions
    assert [r.code for r in regions if r.name == "江北区"] == [region.code]
