from __future__ import annotations

import pytest
from django.urls import reverse

from guatu.assessment.freezing import content_of
from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotFound, RoundClosed
from guatu.journal.types import Actor
from guatu.ledger.models import Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.services import change_settings
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import Report
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.services.figure_questions import answer_question, ask_round
from guatu.reporting.services.review import (
    accept_reports,
    question_reports,
    reopen_reports,
    return_reports,
)
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_review import reviewed_by_the_unit, sent, versions
from guatu.reporting.types import (
    FigureQuestionState,
    QuestionState,
    ReportSource,
    ReportState,
    Verdict,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, SINCE
from tests.tables import report_line


@pytest.fixture
def levels(desk: IntakeDesk) -> IntakeDesk:
    """Two levels; the park and the road are reviewed by the unit first."""
    change_settings(desk.people.console, {"review-levels": "两审"})
    reviewed_by_the_unit(PARK, ROAD)
    return desk


def reviewer(desk: IntakeDesk) -> Actor:
    return desk.people.act_as("reviewer")


def state(report: Report) -> tuple[str, int]:
    found = Report.objects.get(pk=report.pk)
    return found.state, found.review_level


def test_the_units_acceptance_is_the_first_and_the_offices_the_last(levels: IntakeDesk) -> None:
    report = sent(levels)
    accept_reports(reviewer(levels), versions(report))
    assert state(report) == (ReportState.SUBMITTED, 1)
    with pytest.raises(Conflict, match="已一审通过"):
        accept_reports(reviewer(levels), versions(report))
    accept_reports(levels.office, versions(report))
    assert state(report) == (ReportState.ACCEPTED, 2)
    notes = list(ReviewNote.objects.order_by("pk").values_list("verdict", "level"))
    assert notes == [(Verdict.ACCEPTED, 1), (Verdict.ACCEPTED, 2)]
    for act in (return_reports, reopen_reports, question_reports):
        with pytest.raises(Conflict, match="项目办已审核"):
            act(reviewer(levels), versions(report), reason="请核实")


def test_the_office_may_go_first_with_a_reason(levels: IntakeDesk) -> None:
    report = sent(levels)
    with pytest.raises(BadInput, match="越级"):
        accept_reports(levels.office, versions(report))
    assert state(report) == (ReportState.SUBMITTED, 0)
    accept_reports(levels.office, versions(report), reason="审核单位出差，今晚要数")
    assert state(report) == (ReportState.ACCEPTED, 2)


@pytest.mark.parametrize("who", ["reviewer", "office"])
def test_a_return_at_any_level_begins_the_levels_again(levels: IntakeDesk, who: str) -> None:
    report = sent(levels)
    accept_reports(reviewer(levels), versions(report))
    return_reports(levels.people.act_as(who), versions(report), reason="请核实")
    assert state(report) == (ReportState.RETURNED, 0)
    sent(levels, year=850)
    assert state(report) == (ReportState.SUBMITTED, 0)
    with pytest.raises(BadInput, match="越级"):
        accept_reports(levels.office, versions(report))


def test_taking_back_goes_back_one_level(levels: IntakeDesk) -> None:
    report = sent(levels)
    accept_reports(reviewer(levels), versions(report))
    reopen_reports(reviewer(levels), versions(report), reason="点错了")
    assert state(report) == (ReportState.SUBMITTED, 0)
    accept_reports(reviewer(levels), versions(report))
    accept_reports(levels.office, versions(report))
    reopen_reports(levels.office, versions(report), reason="点错了")
    assert state(report) == (ReportState.SUBMITTED, 1)


def test_the_territory_reviews_what_another_unit_reports_where_there_are_two_levels(
    desk: IntakeDesk,
) -> None:
    report = sent(desk, "科创中心", who="outsider")
    Responsibility.objects.create(
        project=project("科创中心"),
        role=ResponsibilityRole.TERRITORY,
        organisation=project(PARK).responsibilities.get(role="lead").organisation,
        valid_from=SINCE,
    )
    with pytest.raises(NotFound):
        accept_reports(reviewer(desk), versions(report))
    change_settings(desk.people.console, {"review-levels": "两审"})
    accept_reports(reviewer(desk), versions(report))
    assert state(report) == (ReportState.SUBMITTED, 1)


def test_a_batch_is_one_level_or_nothing(levels: IntakeDesk) -> None:
    first, second = sent(levels), sent(levels, ROAD)
    accept_reports(reviewer(levels), versions(first))
    with pytest.raises(BadInput, match="越级"):
        accept_reports(levels.office, versions(first, second))
    assert state(first) == (ReportState.SUBMITTED, 1)
    accept_reports(reviewer(levels), versions(second))
    accept_reports(levels.office, versions(first, second))
    assert {state(first), state(second)} == {(ReportState.ACCEPTED, 2)}


def test_the_queue_says_whose_turn_it_is(levels: IntakeDesk) -> None:
    report = sent(levels)
    unit, office = levels.browser("reviewer"), levels.browser("office")
    url = reverse("reviews")
    assert PARK in unit.get(f"{url}?state=mine").content.decode()
    assert PARK not in office.get(f"{url}?state=mine").content.decode()
    accept_reports(reviewer(levels), versions(report))
    assert PARK not in unit.get(f"{url}?state=mine").content.decode()
    page = office.get(f"{url}?state=mine").content.decode()
    assert PARK in page
    assert "已报送，一审通过" in page
    wrong = office.post(
        reverse("reviews-decide"),
        {TOKEN_FIELD: new_token(), "verdict": "questioned", "reason": "",
         "id": f"{report.pk}.{Report.objects.get().version}"},
    )  # fmt: skip
    assert wrong.status_code == 422
    words = levels.browser("reporter").get(reverse("project-quantities", args=[project(PARK).pk]))
    assert "一审，项目办二审" in words.content.decode()


def test_a_disagreement_is_a_question_that_the_unit_answers_once(levels: IntakeDesk) -> None:
    report = sent(levels)
    question_reports(reviewer(levels), versions(report), reason="照片里还是二层，为什么报封顶？")
    assert state(report) == (ReportState.QUESTIONED, 0)
    asked = FigureQuestion.objects.get()
    assert asked.organisation_id == report.organisation_id
    ask_round(levels.office, levels.round)
    asked.refresh_from_db()
    assert asked.state == FigureQuestionState.OPEN
    form = reverse("report-form", args=[levels.round.pk, report.project_id])
    assert "照片里还是二层" in levels.browser("reporter").get(form).content.decode()
    page = reverse("figure-question", args=[levels.round.pk, asked.pk])
    other = levels.browser("outsider").post(page, {TOKEN_FIELD: new_token(), "answer": "无"})
    assert other.status_code == 404
    typed = {TOKEN_FIELD: new_token(), "answer": "照片是上月的", "seen": str(asked.version)}
    assert levels.browser("reporter").post(page, typed).status_code == 302
    assert state(report) == (ReportState.SUBMITTED, 0)
    again = {**typed, TOKEN_FIELD: new_token()}
    assert levels.browser("reporter").post(page, again).status_code == 409
    assert "照片是上月的" in levels.browser("reviewer").get(reverse("reviews")).content.decode()
    accept_reports(reviewer(levels), versions(report))
    assert state(report) == (ReportState.SUBMITTED, 1)


def test_a_questioned_report_counts_with_its_mark_and_accepting_closes_the_question(
    desk: IntakeDesk,
) -> None:
    asked, plain = sent(desk), sent(desk, ROAD)
    question_reports(desk.office, versions(asked, plain), reason="请核对")
    accept_reports(desk.office, versions(plain))
    states = set(FigureQuestion.objects.values_list("project_id", "state"))
    assert states == {
        (asked.project_id, FigureQuestionState.OPEN),
        (plain.project_id, FigureQuestionState.WITHDRAWN),
    }
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    marks = {
        one.id: [figure.mark for figure in one.investment]
        for one in content_of(desk.round, 1).subjects
    }
    assert marks[asked.project_id] == ["待核实"]
    question = FigureQuestion.objects.get(state=FigureQuestionState.OPEN)
    with pytest.raises(RoundClosed):
        answer_question(
            desk.people.act_as("reporter"), desk.round, question.pk,
            answer="对的", seen=question.version,
        )  # fmt: skip


def test_two_reviewers_at_once_are_one_verdict(levels: IntakeDesk) -> None:
    report = sent(levels)
    shown = versions(report)
    accept_reports(reviewer(levels), shown)
    with pytest.raises(Conflict, match="刚被"):
        question_reports(levels.office, shown, reason="请核实")


def test_what_a_workbook_brought_in_doubt_is_reviewed_too(desk: IntakeDesk) -> None:
    desk.take(desk.file("八月.csv", report_line(PARK, "900", 项目代码="P-1")))
    taken = Report.objects.get()
    assert (taken.source, taken.state) == (ReportSource.WORKBOOK, ReportState.ACCEPTED)
    page = desk.browser().get(reverse("reviews") + "?state=").content.decode()
    assert PARK not in page
    with pytest.raises(NotFound):
        return_reports(desk.office, versions(taken), reason="请核实")
    Report.objects.update(state=ReportState.QUESTIONED)
    page = desk.browser().get(reverse("reviews") + "?source=workbook").content.decode()
    assert PARK in page
    question_reports(desk.office, versions(taken), reason="是不是多写一个零")
    asked = FigureQuestion.objects.get()
    answer_question(
        desk.people.act_as("reporter"), desk.round, asked.pk, answer="没有", seen=asked.version
    )
    assert Report.objects.get().state == ReportState.SUBMITTED
    accept_reports(desk.office, versions(taken))
    assert Report.objects.get().state == ReportState.ACCEPTED
    assert not taken.project.intakequestion_set.filter(state=QuestionState.OPEN).exists()


def test_another_units_reviewer_sees_nothing(levels: IntakeDesk) -> None:
    report = sent(levels, "科创中心", who="outsider")
    assert OTHER_UNIT
    for act in (return_reports, question_reports, reopen_reports):
        with pytest.raises(NotFound):
            act(reviewer(levels), versions(report), reason="请核实")
