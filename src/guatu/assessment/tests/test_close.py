from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from guatu.assessment.models import Snapshot
from guatu.assessment.services.close import close_round
from guatu.assessment.tests.rounds import LIST, PARK, PLANT, ROAD, WAN, Office, content, subject
from guatu.assessment.types import MARK_QUESTIONED
from guatu.core.errors import Conflict, NotAllowed, NotFound
from guatu.core.periods import parse_period
from guatu.files.services import read_blob
from guatu.journal import queries as journal
from guatu.journal import services as writing
from guatu.journal.models import Entry
from guatu.ledger.models import Judgement, ListEntry, Project
from guatu.organisation.services import rename_organisation
from guatu.reporting.models import Report
from guatu.reporting.types import ReportState, RoundState
from tests.factories import OTHER_UNIT, UNIT
from tests.tables import project_row, report_line, row_counts


def test_closing_freezes_what_stands(office: Office) -> None:
    snapshot = office.closed_september()
    frozen = content(snapshot)
    assert (frozen.period, frozen.as_of, frozen.revision) == ("2026-09", date(2026, 9, 30), 1)
    assert [s.name for s in frozen.subjects] == [PARK, ROAD, PLANT]
    park = subject(snapshot, PARK)
    assert (park.code, park.region, park.unit, park.sector) == ("P-1", "江北区", UNIT, "工业")
    assert (park.plan_yuan, park.total_yuan) == (12_000 * WAN, 50_000 * WAN)
    assert (park.planned_start, park.actual_start) == (date(2026, 3, 31), date(2026, 3, 18))
    assert [(f.as_of.month, f.value // WAN) for f in park.investment] == [(8, 6_000), (9, 7_000)]
    assert (park.report_state, park.progress) == (ReportState.ACCEPTED, "主体")
    the_round = office.round()
    assert (the_round.state, the_round.revision) == (RoundState.CLOSED, 1)
    assert the_round.closed_by == "控制台；控制台（一人办理）"


def test_missing_reports_are_no_data_and_do_not_hinder_closing(office: Office) -> None:
    plant = subject(office.closed_september(), PLANT)
    assert (plant.investment, plant.report_state) == ([], "")


def test_the_snapshot_bears_the_number_of_its_journal_entry(office: Office) -> None:
    snapshot = office.closed_september()
    entry = Entry.objects.get(seq=snapshot.journal_seq)
    assert entry.act == "round.closed"
    assert '"period":"2026-09"' in entry.body
    tables = set(entry.change_set.values_list("table", flat=True))
    assert {"assessment_snapshot", "reporting_round", "files_blob"} <= tables
    assert not journal.verify().problems


def test_a_questioned_figure_counts_with_its_mark(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 6_000), period="2026-08")
    office.report(report_line(PARK, 5_000))
    office.close("2026-08")
    assert [f.mark for f in subject(office.close(), PARK).investment] == ["", MARK_QUESTIONED]


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (ReportState.ACCEPTED, True),
        (ReportState.QUESTIONED, True),
        (ReportState.PROXY_UNCONFIRMED, True),
        (ReportState.DRAFT, False),
        (ReportState.SUBMITTED, True),
        (ReportState.RETURNED, False),
    ],
)
def test_drafts_and_returned_reports_are_no_data(
    office: Office, state: ReportState, counts: bool
) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 5_000))
    report = Report.objects.get()
    report.state = state
    with writing.act(office.console, "test.state") as act:
        act.write(report)
    assert bool(subject(office.close(), PARK).investment) == counts


def test_waiting_rows_are_no_data(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, "约5000"), report_line(ROAD, 9_000))
    assert subject(office.close(), PARK).investment == []


def test_only_this_and_last_year_s_figures_up_to_the_day_are_frozen(office: Office) -> None:
    for year in (2024, 2025):
        office.list_in(*LIST, year=year)
        office.report(report_line(PARK, year), period=f"{year}-09")
    office.list_in(*LIST)
    for month, wan in (("09", 7_000), ("10", 8_000)):
        office.report(report_line(PARK, wan), period=f"2026-{month}")
    days = [f.as_of for f in subject(office.close(), PARK).investment]
    assert days == [date(2025, 9, 30), date(2026, 9, 30)]


def test_subjects_are_those_on_the_list_on_the_last_day(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    for name, change in (
        (ROAD, {"left_on": date(2026, 9, 30)}),
        (PLANT, {"joined_on": date(2026, 10, 1)}),
    ):
        entry = ListEntry.objects.get(project__name=name)
        for field, value in change.items():
            setattr(entry, field, value)
        with writing.act(office.console, "test.moved") as act:
            act.write(entry)
    assert [s.name for s in content(office.close()).subjects] == [PARK]


def test_a_project_removed_later_is_still_a_subject(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    for name, day in ((ROAD, date(2026, 10, 1)), (PLANT, date(2026, 9, 30))):
        project = Project.objects.get(name=name)
        project.removed_on = day
        with writing.act(office.console, "test.removed") as act:
            act.write(project)
    assert [s.name for s in content(office.close()).subjects] == [PARK, ROAD]


def test_parts_of_a_package_are_counted_and_are_no_subjects(office: Office) -> None:
    office.list_in(
        project_row("管网打包", "P-1", 是否打包="是"),
        project_row("一标段", 所属打包项目="管网打包"),
        project_row("二标段", 所属打包项目="管网打包"),
        project_row("只知其数", "P-2", 子项目数="5"),
        project_row("单个", "P-3"),
    )
    office.report(report_line("管网打包", 900))
    frozen = {s.name: s.parts for s in content(office.close()).subjects}
    assert frozen == {"管网打包": 2, "只知其数": 5, "单个": 1}


def test_names_are_frozen_as_they_were_on_the_last_day(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    unit = office.people.organisations[OTHER_UNIT]
    rename_organisation(office.console, unit, "临江区发展和改革局", valid_from=date(2026, 10, 1))
    assert subject(office.close(), PLANT).unit == OTHER_UNIT
    office.report(report_line(PLANT, 7_000), period="2026-10")
    assert subject(office.close("2026-10"), PLANT).unit == "临江区发展和改革局"


def test_a_unit_that_took_over_after_the_last_day_is_not_the_one_of_the_round(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    office.list_in(project_row(PARK, "P-1", 责任单位=OTHER_UNIT))
    assert subject(office.close(), PARK).unit == UNIT
    monkeypatch.setenv("GUATU_TODAY", "2026-11-05")
    office.report(report_line(PARK, 8_000), period="2026-10")
    assert subject(office.close("2026-10"), PARK).unit == OTHER_UNIT


def test_judgements_hold_for_their_term(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    project = Project.objects.get(name=PARK)
    day = date(2026, 9, 30)
    with writing.act(office.console, "test.judged") as act:
        for code, since, until in (
            ("有正当理由", day, None),
            ("不可抗力", day - timedelta(9), day),
            ("过期", day - timedelta(9), day - timedelta(1)),
            ("未到", day + timedelta(1), None),
        ):
            row = Judgement(
                project=project,
                code=code,
                value=True,
                valid_from=since,
                valid_to=until,
                basis="批示",
            )
            act.write(row)
    assert subject(office.close(), PARK).judgements == {"有正当理由": True, "不可抗力": True}


# --- order and repetition ----------------------------------------------------------------------


def test_an_earlier_open_round_must_be_closed_first(office: Office) -> None:
    office.list_in(*LIST)
    for period in ("2026-01+02", "2026-03", "2026-09"):
        office.report(report_line(PARK, 7_000), period=period)
    before = row_counts()
    with pytest.raises(Conflict, match=r"前面的2026年1—2月、2026年3月还没有锁定"):
        office.close()
    assert row_counts() == before
    for period in ("2026-01+02", "2026-03", "2026-09"):
        assert office.close(period).revision == 1


def test_rounds_of_another_grain_or_list_or_never_opened_do_not_count(office: Office) -> None:
    office.list_in(*LIST)
    office.list_in(*LIST, list_name="省重点")
    office.report(report_line(PARK, 5_000), period="2026-Q2", list_name="重点项目")
    office.report(report_line(PARK, 5_000), period="2026-07", list_name="省重点")
    office.report(report_line(PARK, 7_000), list_name="重点项目")
    assert office.close().round.period.key == "2026-09"


def test_a_round_is_closed_once(office: Office) -> None:
    office.closed_september()
    before = row_counts()
    with pytest.raises(Conflict, match="已经锁定。需要改数请办理更正"):
        office.close()
    assert row_counts() == before


def test_a_round_that_was_never_opened_cannot_be_closed(office: Office) -> None:
    office.list_in(*LIST)
    with pytest.raises(NotFound, match="没有2026年7月这一期"):
        office.close("2026-07")


def test_a_user_needs_a_second_person_and_both_are_recorded(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    people, period = office.people, parse_period("2026-09")
    clerk = people.act_as("office")
    before = row_counts()
    for approver in (None, clerk, people.act_as("reporter")):
        with pytest.raises(NotAllowed):
            close_round(clerk, office.listing, period, approver=approver)
    for who in ("reporter", "reviewer", "leader", "outsider", "viewer"):
        with pytest.raises(NotAllowed):
            close_round(people.act_as(who), office.listing, period, approver=clerk)
    assert row_counts() == before
    close_round(clerk, office.listing, period, approver=people.act_as("second_office"))
    assert office.round().closed_by == "office；office2"


# --- after closing -----------------------------------------------------------------------------


def test_later_changes_of_the_record_do_not_touch_the_snapshot(office: Office) -> None:
    snapshot = office.closed_september()
    frozen, stored = content(snapshot), read_blob(snapshot.blob.sm3)
    office.list_in(
        project_row(
            PARK, "P-1", 所属地区="临江区", 责任单位=OTHER_UNIT, **{"年度计划投资（万元）": "1"}
        ),
        project_row("新增", "P-9"),
    )
    office.report(report_line(PARK, 8_000, 实际开工时间="2026年4月1日"), period="2026-10")
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert (content(again), read_blob(again.blob.sm3)) == (frozen, stored)
    assert again.content_sm3 == snapshot.content_sm3


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE assessment_snapshot SET content_sm3 = '{'0' * 64}'",
        "DELETE FROM assessment_snapshot",
    ],
)
def test_the_database_refuses_to_change_a_snapshot(office: Office, statement: str) -> None:
    snapshot = office.closed_september()
    with (
        pytest.raises(DatabaseError, match="append-only table"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Snapshot.objects.get(pk=snapshot.pk).content_sm3 == snapshot.content_sm3


def test_the_same_record_closed_twice_gives_the_same_digest(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    digests = set()
    for _ in range(2):
        with transaction.atomic():
            digests.add(office.close().content_sm3)
            transaction.set_rollback(True)
    assert len(digests) == 1
