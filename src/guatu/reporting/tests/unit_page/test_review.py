from __future__ import annotations

from typing import Any

import pytest

from guatu.assessment.freezing import content_of
from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound, RoundClosed
from guatu.journal.models import Entry
from guatu.ledger.models import Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.models import User
from guatu.reporting.models import Report
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.services.review import accept_reports, reopen_reports, return_reports
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_submit import submit
from guatu.reporting.types import ReportSource, ReportState, Verdict
from tests.factories import SINCE, UNIT


def sent(desk: IntakeDesk, name: str = PARK, **other: Any) -> Report:
    report = submit(desk, name, **{"year": 900, **other}).report
    assert report is not None
    return report


def versions(*reports: Report) -> dict[int, int]:
    return dict(
        Report.objects.filter(pk__in=[one.pk for one in reports]).values_list("pk", "version")
    )


def reviewed_by_the_unit(*names: str) -> None:
    for name in names:
        Responsibility.objects.create(
            project=project(name),
            role=ResponsibilityRole.REVIEWER,
            organisation_id=project(name).responsibilities.get(role="lead").organisation_id,
            valid_from=SINCE,
        )


def test_the_office_accepts_a_batch(desk: IntakeDesk) -> None:
    both = [sent(desk), sent(desk, ROAD)]
    before = Entry.objects.count()
    accept_reports(desk.office, versions(*both))
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.ACCEPTED}
    assert Entry.objects.count() == before + 1
    note = ReviewNote.objects.first()
    assert note is not None
    assert (note.verdict, note.organisation_id, note.by) == (Verdict.ACCEPTED, None, "office")


def test_a_report_is_returned_with_what_is_asked_and_sent_again(desk: IntakeDesk) -> None:
    report = sent(desk)
    return_reports(desk.office, versions(report), reason="形象进度与投资不符")
    assert Report.objects.get().state == ReportState.RETURNED
    assert ReviewNote.objects.get().reason == "形象进度与投资不符"
    again = sent(desk, year=850)
    assert again.state == ReportState.SUBMITTED
    assert report.submitted_at is not None
    assert again.submitted_at == report.submitted_at < again.at


def test_what_is_returned_does_not_count_and_what_is_unreviewed_does_with_its_mark(
    desk: IntakeDesk,
) -> None:
    returned, kept = sent(desk), sent(desk, ROAD)
    return_reports(desk.office, versions(returned), reason="请核实")
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    content = content_of(desk.round, 1)
    marks = {one.id: [figure.mark for figure in one.investment] for one in content.subjects}
    assert marks[returned.project_id] == []
    assert marks[kept.project_id] == ["未审核"]


def test_accepting_settles_what_the_unit_explained(desk: IntakeDesk) -> None:
    report = sent(desk, year=-5, explanation="审计核减")
    assert report.state == ReportState.QUESTIONED
    accept_reports(desk.office, versions(report))
    assert Report.objects.get().state == ReportState.ACCEPTED


def test_an_acceptance_is_taken_back_until_the_round_is_locked(desk: IntakeDesk) -> None:
    plain, asked = sent(desk), sent(desk, ROAD, year=-5, explanation="审计核减")
    accept_reports(desk.office, versions(plain, asked))
    reopen_reports(desk.office, versions(plain, asked), reason="点错了")
    states = dict(Report.objects.values_list("pk", "state"))
    assert states == {plain.pk: ReportState.SUBMITTED, asked.pk: ReportState.QUESTIONED}
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        accept_reports(desk.office, versions(plain))


def test_a_unit_named_for_it_reviews_and_the_office_may_return_what_it_accepted(
    desk: IntakeDesk,
) -> None:
    report = sent(desk)
    reviewer = desk.people.act_as("reviewer")
    with pytest.raises(NotFound):
        accept_reports(reviewer, versions(report))
    reviewed_by_the_unit(PARK)
    accept_reports(reviewer, versions(report))
    assert ReviewNote.objects.get().organisation_id == desk.people.organisations[UNIT]
    return_reports(desk.office, versions(report), reason="请补说明")
    assert Report.objects.get().state == ReportState.RETURNED


def test_a_batch_is_decided_as_a_whole(desk: IntakeDesk) -> None:
    done, fresh = sent(desk), sent(desk, ROAD)
    stale = versions(done, fresh)
    accept_reports(desk.office, versions(done))
    with pytest.raises(Conflict, match="刚被"):
        accept_reports(desk.office, stale)
    assert Report.objects.get(pk=fresh.pk).state == ReportState.SUBMITTED


def test_nobody_reviews_what_he_sent_in(desk: IntakeDesk) -> None:
    report = sent(desk)
    Report.objects.update(by="office")
    with pytest.raises(NotAllowed, match="自己"):
        accept_reports(desk.office, versions(report))
    User.objects.filter(login__in=("reporter", "office2")).update(
        person=desk.people.persons["周正明"]
    )
    Report.objects.update(by="reporter")
    with pytest.raises(NotAllowed, match="自己"):
        accept_reports(desk.people.act_as("second_office"), versions(report))


@pytest.mark.parametrize("who", ["reporter", "viewer", "leader", "department", "system"])
def test_others_may_not_review(desk: IntakeDesk, who: str) -> None:
    report = sent(desk)
    with pytest.raises(NotAllowed):
        accept_reports(desk.people.act_as(who), versions(report))


def test_what_a_workbook_brought_is_not_reviewed_here(desk: IntakeDesk) -> None:
    report = sent(desk)
    Report.objects.update(source=ReportSource.WORKBOOK)
    with pytest.raises(NotFound):
        accept_reports(desk.office, versions(report))


def test_a_return_needs_its_reason(desk: IntakeDesk) -> None:
    report = sent(desk)
    for reason in (" ", "长" * 301):
        with pytest.raises(BadInput):
            return_reports(desk.office, versions(report), reason=reason)
    with pytest.raises(BadInput):
        accept_reports(desk.office, {})
    with pytest.raises(NotFound):
        accept_reports(desk.office, {10**20: 1})
