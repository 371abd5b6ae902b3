from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from guatu.assessment import queries
from guatu.assessment.models import Snapshot
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import correct_round
from guatu.assessment.tests.rounds import LIST, PARK, PLANT, ROAD, WAN, Office, content, subject
from guatu.assessment.types import MARK_QUESTIONED
from guatu.core.errors import BadInput, GuatuError, NotAllowed, NotFound
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.files.models import Import
from guatu.files.types import ImportKind
from guatu.journal import queries as journal
from guatu.journal.models import Entry
from guatu.ledger.queries import find_list
from guatu.reporting.models import Figure
from tests.factories import OTHER_UNIT, UNIT
from tests.tables import codes, project_row, put_report, report_line, row_counts, take_reports


def refused(office: Office, *lines: dict[str, Cell], **options: str) -> list[str]:
    """Codes of the faults; a refused correction leaves everything as it was."""
    before = row_counts()
    with pytest.raises(GuatuError) as error:
        office.correct(*lines, **options)
    assert row_counts() == before
    return codes(error.value.faults)


def test_a_correction_makes_the_next_revision_with_reason_and_approver(office: Office) -> None:
    first = office.closed_september()
    done = office.correct(report_line(PARK, 7_500))
    assert done.snapshot is not None
    assert (done.snapshot.revision, done.changed) == (2, [PARK])
    assert office.round().revision == 2
    assert subject(done.snapshot, PARK).investment[-1].value == 7_500 * WAN
    assert subject(first, PARK).investment[-1].value == 7_000 * WAN
    new = Figure.objects.get(project__name=PARK, as_of=date(2026, 9, 30), is_current=True)
    assert (new.reason, new.approved_by) == ("复核后更正", "控制台（一人办理）")
    assert new.supersedes is not None
    assert new.supersedes.value == 7_000 * WAN
    assert Import.objects.latest("pk").kind == ImportKind.CORRECTION
    body = Entry.objects.get(seq=done.snapshot.journal_seq).body
    assert '"reason":"复核后更正"' in body
    assert not journal.verify().problems


def test_a_revision_changes_what_the_correction_says_and_nothing_else(office: Office) -> None:
    first = office.closed_september()
    office.list_in(
        project_row(
            PARK,
            "P-1",
            所属地区="临江区",
            责任单位=OTHER_UNIT,
            实际开工时间="2026年1月1日",
            实际竣工时间="2026年9月1日",
            **{"年度计划投资（万元）": "1", "总投资（万元）": "2000000"},
        ),
        project_row(ROAD, "P-2", **{"年度计划投资（万元）": "2"}),
        project_row("后来列入", "P-9"),
    )
    office.correct(report_line(PARK, 6_100), period="2026-08")
    office.report(
        report_line(PARK, 7_900, 形象进度="封顶", 实际开工时间="2026年4月1日"), period="2026-10"
    )
    done = office.correct(report_line(PARK, 7_500))
    assert done.snapshot is not None
    before, after = content(first), content(done.snapshot)
    expected = [
        replace(s, investment=[*s.investment[:-1], s.investment[-1]._replace(value=7_500 * WAN)])
        if s.name == PARK
        else s
        for s in before.subjects
    ]
    assert [asdict(s) for s in after.subjects] == [asdict(s) for s in expected]
    assert replace(after, revision=1, subjects=[]) == replace(before, subjects=[])


def test_a_second_correction_stands_on_the_first(office: Office) -> None:
    office.closed_september()
    office.correct(report_line(PARK, 7_500))
    done = office.correct(report_line(ROAD, 9_100), name="二.csv")
    assert done.snapshot is not None
    assert done.snapshot.revision == 3
    values = {s.name: s.investment[-1].value // WAN for s in content(done.snapshot).subjects[:2]}
    assert values == {PARK: 7_500, ROAD: 9_100}
    assert list(
        Snapshot.objects.filter(round=office.round()).values_list("revision", flat=True)
    ) == [
        1,
        2,
        3,
    ]


def test_a_project_that_had_no_figure_gets_one(office: Office) -> None:
    office.closed_september()
    done = office.correct(report_line(PLANT, 300, 形象进度="围挡"))
    assert done.snapshot is not None
    plant = subject(done.snapshot, PLANT)
    assert (plant.investment[0].value, plant.progress) == (300 * WAN, "围挡")


def test_a_corrected_start_and_text_are_in_the_revision(office: Office) -> None:
    office.closed_september()
    done = office.correct(
        report_line(PARK, 7_000, 实际开工时间="2026年3月20日", 存在问题="缺用地指标")
    )
    assert done.snapshot is not None
    park = subject(done.snapshot, PARK)
    assert (park.actual_start, park.problem) == (date(2026, 3, 20), "缺用地指标")
    assert park.progress == "主体", "a blank cell erases nothing"


def test_a_reason_settles_the_mark_of_a_questioned_figure(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 6_000), period="2026-08")
    office.close("2026-08")
    office.report(report_line(PARK, 5_000))
    assert subject(office.close(), PARK).investment[-1].mark == MARK_QUESTIONED
    done = office.correct(report_line(PARK, 5_000, 核减原因="审计核减"))
    assert done.snapshot is not None
    assert [f.mark for f in subject(done.snapshot, PARK).investment] == ["", ""]


def test_an_unchanged_correction_makes_no_revision_and_no_row(office: Office) -> None:
    office.closed_september()
    before = row_counts()
    done = office.correct(report_line(PARK, 7_000), report_line(ROAD, 9_000))
    assert (done.snapshot, done.changed) == (None, [])
    assert row_counts() == before
    assert office.round().revision == 1


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_correction_needs_a_reason(office: Office, reason: str) -> None:
    office.closed_september()
    assert refused(office, report_line(PARK, 7_500), reason=reason) == ["no-reason"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (report_line("没有的项目", 5), "unknown-project"),
        (report_line(ROAD, "约9000"), "approximate"),
        (report_line(ROAD, "停工"), "status-word"),
        (report_line(ROAD, ""), "no-figure"),
        (report_line(PARK, 7_600), "duplicate-row"),
    ],
)
def test_one_waiting_row_refuses_the_whole_correction(
    office: Office, line: dict[str, Cell], code: str
) -> None:
    office.closed_september()
    assert code in refused(office, report_line(PARK, 7_500), line)
    assert office.round().revision == 1


def test_the_reason_of_a_correction_explains_a_reduction(office: Office) -> None:
    office.closed_september()
    done = office.correct(report_line(PARK, -5))
    assert done.snapshot is not None
    assert done.taken.questioned == []


def test_an_open_round_is_not_corrected(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    assert refused(office, report_line(PARK, 7_500)) == ["not-closed"]


def test_a_round_never_opened_is_not_corrected(office: Office) -> None:
    office.list_in(*LIST)
    with pytest.raises(NotFound, match="没有2026年7月这一期"):
        office.correct(report_line(PARK, 7_500), period="2026-07")


def test_a_project_that_joined_after_closing_cannot_be_corrected_into_it(office: Office) -> None:
    office.closed_september()
    office.list_in(project_row("后来列入", "P-9"))
    lines = (report_line(PARK, 7_500), report_line("后来列入", 5))
    assert refused(office, *lines) == ["not-in-snapshot"]


def test_an_unreadable_file_refuses_the_correction(office: Office) -> None:
    office.closed_september()
    before = row_counts()
    bad = office.folder / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    good = put_report(office.folder / "好.csv", report_line(PARK, 7_500))
    with pytest.raises(BadInput, match="坏"):
        correct_round(
            office.console, office.listing, parse_period("2026-09"), [good, bad], reason="更正"
        )
    assert row_counts() == before


def test_a_user_needs_a_second_person(office: Office) -> None:
    office.closed_september()
    path = put_report(office.folder / "更正.csv", report_line(PARK, 7_500))
    people, period = office.people, parse_period("2026-09")
    clerk, second = people.act_as("office"), people.act_as("second_office")
    before = row_counts()
    for actor, approver in (
        (clerk, None),
        (clerk, clerk),
        (clerk, people.act_as("reviewer")),
        (people.act_as("reporter"), clerk),
        (people.act_as("outsider"), clerk),
    ):
        with pytest.raises(NotAllowed):
            correct_round(actor, office.listing, period, [path], reason="更正", approver=approver)
    assert row_counts() == before
    correct_round(clerk, office.listing, period, [path], reason="更正", approver=second)
    assert Figure.objects.latest("pk").approved_by == "office2"


def test_another_unit_s_file_may_correct_because_two_people_answer_for_it(office: Office) -> None:
    office.list_in(*LIST)
    path = put_report(office.folder / f"{UNIT}9月.csv", report_line(PARK, 7_000))
    office.report(report_line(ROAD, 9_000))
    take_reports(office.console, path)
    office.close()
    done = office.correct(report_line(PARK, 7_500), name="江源城投集团9月.csv")
    assert done.changed == [PARK]


def test_later_closed_rounds_that_hold_the_figure_are_listed_and_not_changed(
    office: Office,
) -> None:
    office.closed_september()
    august, september = office.round("2026-08"), office.round()
    office.list_in(project_row(PLANT, "P-3", 所属地区="临江区"), list_name="前期项目")
    office.report(report_line(PLANT, 5), period="2026-10", list_name="前期项目")
    office.report(report_line(PARK, 7_900), period="2026-10", list_name="重点项目")
    digest = queries.newest_snapshot(september).content_sm3
    done = office.correct(report_line(PARK, 6_100), period="2026-08")
    assert done.touched_rounds == ["2026年重点项目 · 2026年9月"]
    assert office.round("2026-08").revision == august.revision + 1
    assert queries.newest_snapshot(september).content_sm3 == digest
    assert office.round().revision == 1


def test_a_closed_round_of_another_list_on_the_same_day_is_listed(office: Office) -> None:
    office.list_in(*LIST)
    office.list_in(project_row(PARK, "P-1"), list_name="省重点")
    for name in ("重点项目", "省重点"):
        office.report(report_line(PARK, 7_000), list_name=name)
    office.close()
    close_round(office.console, find_list(2026, "省重点"), parse_period("2026-09"))
    done = office.correct(report_line(PARK, 7_500))
    assert done.touched_rounds == ["2026年省重点 · 2026年9月"]


def test_a_correction_leaves_its_files_and_old_revisions_readable(
    office: Office, tmp_path: Path
) -> None:
    office.closed_september()
    office.correct(report_line(PARK, 7_500))
    the_round = office.round()
    values = [
        subject(queries.snapshot_of(the_round, revision), PARK).investment[-1].value // WAN
        for revision in (1, 2, None)
    ]
    assert values == [7_000, 7_500, 7_500]
    with pytest.raises(NotFound, match="没有第3版。现有第1到第2版"):
        queries.snapshot_of(the_round, 3)
