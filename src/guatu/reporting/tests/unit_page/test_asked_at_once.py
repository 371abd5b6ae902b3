"""Questions of the book as a unit sends in: shown before the report counts, answered once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from guatu.core.errors import NotAllowed
from guatu.journal import services as journal
from guatu.journal.queries import verify
from guatu.ledger.models import ListEntry, Project, RecordedValue, Term
from guatu.ledger.types import SubjectKind, Vocabulary
from guatu.planning.models import AnnualPlan
from guatu.reporting.asking import later
from guatu.reporting.asking.gathering import gather
from guatu.reporting.asking.measures import heaps_of, paces_of
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import Figure, Report
from guatu.reporting.services import asked_at_once
from guatu.reporting.services.figure_questions import (
    answer_question,
    ask_round,
    ask_when_stored,
)
from guatu.reporting.services.rounds import ensure_indicators
from guatu.reporting.services.submit import submit_report
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_submit import FULL, command, next_month, submit
from guatu.reporting.types import (
    INVESTMENT,
    FigureQuestionKind,
    FigureQuestionState,
    ReportState,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import report_line

OPEN, ANSWERED, WITHDRAWN = FigureQuestionState
WHY = "含土地费"


def contract(desk: IntakeDesk, wan: int, on: date = date(2026, 1, 1)) -> None:
    """Record what the park's contracts come to."""
    with journal.act(desk.office, "value.recorded") as act:
        act.write(
            RecordedValue(
                subject=SubjectKind.PROJECT,
                project=project(PARK),
                measure="合同金额",
                form="yuan",
                value=str(wan * WAN),
                on=on,
                by="office",
                at=act.at,
            )
        )


def asked() -> FigureQuestion:
    return FigureQuestion.objects.get()


def test_it_is_asked_before_it_counts_and_its_explanation_is_the_answer(desk: IntakeDesk) -> None:
    contract(desk, 800)
    first = submit(desk, year=900, life=900)
    assert first.report is None
    assert [one.code for one in first.questions] == ["above-contract"]
    assert "900万元" in first.questions[0].what
    assert not Report.objects.exists()
    assert not FigureQuestion.objects.exists()
    done = submit(desk, year=900, life=900, explanation=WHY)
    assert done.report is not None
    assert done.report.state == ReportState.QUESTIONED
    assert done.report.asked == asked().text
    assert (asked().state, asked().answer, asked().answered_by) == (ANSWERED, WHY, "reporter")
    assert Figure.objects.filter(reason=WHY).count() == 0
    assert verify().problems == []


def test_what_was_answered_is_never_asked_again(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract(desk, 800)
    submit(desk, year=900, life=900, explanation=WHY)
    assert ask_round(desk.office, desk.round).raised == 0
    later_on = next_month(desk, monkeypatch)
    assert submit(later_on, year=950, life=950).questions == []
    assert ask_round(desk.office, later_on.round).raised == 0
    assert FigureQuestion.objects.count() == 1
    contract(desk, 850, date(2026, 9, 1))
    again = submit(later_on, year=960, life=960)
    assert [one.code for one in again.questions] == ["above-contract"]


def test_what_the_judge_asks_is_not_asked_twice_nor_later(desk: IntakeDesk) -> None:
    total = (project(PARK).total_yuan or 0) // WAN
    first = submit(desk, year=total + 1, life=total + 1)
    assert [one.code for one in first.questions] == ["above-total-investment"]
    submit(desk, year=total + 1, life=total + 1, explanation="总投资已调整")
    assert ask_round(desk.office, desk.round).raised == 0
    assert asked().answer == "总投资已调整"


def test_a_mended_figure_takes_an_open_question_with_it(desk: IntakeDesk) -> None:
    contract(desk, 800)
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    assert asked().state == OPEN
    done = submit(desk, year=700, life=700)
    assert done.report is not None
    assert done.report.state == ReportState.SUBMITTED
    assert asked().state == WITHDRAWN
    back = submit(desk, year=900, life=900, explanation=WHY)
    assert back.report is not None
    assert (asked().state, asked().answer) == (ANSWERED, WHY)


def test_what_is_still_open_about_the_class_keeps_it_in_question(desk: IntakeDesk) -> None:
    submit(desk, year=700, life=700)
    with journal.act(desk.office, "test.asked") as act:
        act.write(
            FigureQuestion(
                project=project(PARK),
                organisation_id=Report.objects.get().organisation_id,
                period=desk.round.period,
                kind=FigureQuestionKind.OFF_PACE,
                clause="八",
                book_version=1,
                text="与同类项目的进度差距大",
                facts="{}",
                facts_key="k",
                raised_at=act.at,
            )
        )
    done = submit(desk, year=701, life=701)
    assert done.report is not None
    assert Report.objects.get().state == ReportState.QUESTIONED
    assert asked().state == OPEN


def put_class(desk: IntakeDesk, count: int, yuan: int) -> None:
    """Others of the park's nature and sector, all at one pace, and the park's own sector."""
    pattern = ListEntry.objects.get(project__name=PARK, list=desk.round.list)
    sector = Term.objects.filter(vocabulary=Vocabulary.SECTOR).first()
    with journal.act(desk.office, "test.class") as act:
        indicator = ensure_indicators(act)[INVESTMENT]
        pattern.project.sector = sector
        act.write(pattern.project)
        for number in range(count):
            one = Project(
                uid=f"same-{number}",
                name=f"同类{number}",
                region=pattern.project.region,
                sector=sector,
            )
            act.write(one)
            entry = ListEntry(
                list=pattern.list,
                project=one,
                serial_no=50 + number,
                nature=pattern.nature,
                joined_on=pattern.joined_on,
            )
            act.write(entry)
            act.write(AnnualPlan(entry=entry, amount_yuan=1_000 * WAN, by="office", at=act.at))
            act.write(
                Figure(
                    project=one,
                    indicator=indicator,
                    as_of=desk.round.period.last_on,
                    value=yuan + number * 10 * WAN,
                    by="office",
                    at=act.at,
                )
            )


def test_the_pace_of_its_class_is_asked_about_once_it_is_stored(
    desk: IntakeDesk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    submit(desk, year=1, life=1)
    put_class(desk, 9, 100 * WAN)
    with django_capture_on_commit_callbacks(execute=True):
        done = submit(desk, year=9_900, life=9_900)
    assert done.report is not None
    assert done.report.state == ReportState.SUBMITTED
    assert asked().kind == FigureQuestionKind.OFF_PACE
    assert Report.objects.get().state == ReportState.QUESTIONED
    assert ask_round(desk.office, desk.round).raised == 0
    with django_capture_on_commit_callbacks(execute=True):
        submit(desk, year=150, life=150, explanation="上次写错")
    assert asked().state == WITHDRAWN


def test_what_one_project_is_held_against_is_what_the_whole_list_says(desk: IntakeDesk) -> None:
    put_class(desk, 9, 100 * WAN)
    submit(desk, year=300, life=300)
    submit(desk, name=ROAD, year=500, life=500)
    entry = ListEntry.objects.select_related("project").get(
        project__name=PARK, list=desk.round.list
    )
    courses = gather(desk.round).courses
    whole = paces_of(courses)
    with CaptureQueriesContext(connection) as seen:
        pace = later.pace_of_class(desk.round, entry)
    assert pace == whole[entry.project_id]
    assert len(seen) == 1
    unit = Report.objects.get(project__name=PARK).organisation_id
    assert unit is not None
    with CaptureQueriesContext(connection) as seen:
        heap = later.heap_of_unit(desk.round, unit)
    assert heap == heaps_of(courses)[unit]
    assert len(seen) == 2


def test_a_report_stands_though_asking_fails(
    desk: IntakeDesk,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(asked_at_once, "pace_of_class", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert submit(desk, year=700, life=700).report is not None
    monkeypatch.setattr("guatu.reporting.services.figure_questions.gather", broken)
    with django_capture_on_commit_callbacks(execute=True):
        ask_when_stored(desk.office, desk.round, {project(PARK).pk})
    assert Report.objects.get().state == ReportState.SUBMITTED


def test_a_report_with_questions_takes_at_most_twenty_statements(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=800, life=800)
    contract(desk, 850)
    on = next_month(desk, monkeypatch)
    actor = on.people.act_as("reporter")
    counts: list[int] = []
    for told in (
        command(on, **{**FULL, "life": 900, "explanation": WHY}),
        None,
        None,
    ):
        one = told or command(
            on, year=910 + len(counts), month=110 + len(counts), life=910 + len(counts)
        )
        with CaptureQueriesContext(connection) as seen:
            assert submit_report(actor, one).report is not None
        counts.append(len(seen))
    assert max(counts) <= 20, counts


def test_only_the_unit_asked_or_the_office_answers(desk: IntakeDesk) -> None:
    contract(desk, 800)
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    for who in ("outsider", "viewer", "reviewer"):
        with pytest.raises(NotAllowed):
            answer_question(desk.people.act_as(who), desk.round, asked().pk, answer=WHY, seen=1)
    assert asked().state == OPEN
    answer_question(desk.people.act_as("reporter"), desk.round, asked().pk, answer=WHY, seen=1)
    assert asked().state == ANSWERED


def test_the_unit_sees_its_questions_where_it_reports(desk: IntakeDesk) -> None:
    contract(desk, 800)
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    unit = desk.browser("reporter")
    page = unit.get(reverse("my-reports")).content.decode()
    assert "1条疑问待答复" in page
    assert reverse("figure-questions", args=[desk.round.pk]) in page
    answer_question(desk.people.act_as("reporter"), desk.round, asked().pk, answer=WHY, seen=1)
    assert "疑问待答复" not in unit.get(reverse("my-reports")).content.decode()


def test_the_form_shows_the_question_and_keeps_what_was_typed(desk: IntakeDesk) -> None:
    contract(desk, 800)
    unit = desk.browser("reporter")
    url = reverse("report-form", args=[desk.round.pk, project(PARK).pk])
    seen = command(desk).seen
    typed = {"year": "900", "life": "900", "progress": "三层", "seen": seen}
    asked_now = unit.post(url, {**typed, TOKEN_FIELD: new_token()})
    assert asked_now.status_code == 422
    page = asked_now.content.decode()
    assert "累计数超过合同金额" in page
    assert "三层" in page
    done = unit.post(url, {**typed, "explanation": WHY, TOKEN_FIELD: new_token()})
    assert done.status_code == 302
    assert WHY in desk.browser("office").get(reverse("reviews")).content.decode()


def test_without_a_sector_there_is_no_class(desk: IntakeDesk) -> None:
    entry = ListEntry.objects.select_related("project").get(
        project__name=PARK, list=desk.round.list
    )
    assert later.pace_of_class(desk.round, without_sector(entry)) is None


def without_sector(entry: ListEntry) -> ListEntry:
    entry.project.sector = None
    return entry
