from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.organisation.models import Organisation
from guatu.planning.models import DateFact
from guatu.reporting.models import IntakeQuestion, ProxyNote, QuickFigure, Report
from guatu.reporting.queries import entry_version
from guatu.reporting.services.chasing import note_call, note_quick_figures
from guatu.reporting.services.proxy import Entered, EnterFor, enter_for_unit
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, figure, make_desk, project
from guatu.reporting.types import QuestionState, ReportSource, ReportState
from tests.factories import UNIT, Cast
from tests.tables import report_line


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)


def enter(desk: IntakeDesk, wan: int, **other: object) -> Entered:
    values: dict[str, object] = {
        "source": ReportSource.PHONE,
        "said_by": "江北区发改局老王",
        "said_at": clock.now(),
        "year_yuan": wan * WAN,
        "seen": entry_version(desk.round, project(PARK).pk),
        **other,
    }
    return enter_for_unit(desk.office, desk.round, project(PARK), EnterFor(**values))  # type: ignore[arg-type]


def test_what_a_unit_said_by_phone_is_a_report_to_be_confirmed(desk: IntakeDesk) -> None:
    enter(desk, 900, progress="封顶", started_on=date(2026, 3, 1))
    report = Report.objects.get()
    assert (report.state, report.source) == (ReportState.PROXY_UNCONFIRMED, ReportSource.PHONE)
    assert (report.progress_text, figure(PARK)) == ("封顶", 900)
    assert DateFact.objects.filter(kind="actual").get().on == date(2026, 3, 1)
    assert ProxyNote.objects.get().said_by == "江北区发改局老王"


def test_the_units_own_table_confirms_it(desk: IntakeDesk) -> None:
    enter(desk, 900)
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    report = Report.objects.get()
    assert (report.state, report.source) == (ReportState.ACCEPTED, ReportSource.WORKBOOK)


def test_a_doubtful_figure_is_asked_about_and_kept_with_a_reason(desk: IntakeDesk) -> None:
    asked = enter(desk, -5)
    assert [one.code for one in asked.questions] == ["negative-figure"]
    assert not Report.objects.exists()
    assert enter(desk, -5, reason="审计核减").report is not None
    assert figure(PARK) == -5


def test_a_day_in_the_future_is_never_accepted(desk: IntakeDesk) -> None:
    asked = enter(desk, 5, started_on=date(2027, 1, 1), reason="说是明年")
    assert [one.code for one in asked.questions] == ["date-in-the-future"]


def test_it_settles_what_was_asked_about_the_project(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1"), report_line(ROAD, "约1")))
    enter(desk, 900)
    left = IntakeQuestion.objects.filter(state=QuestionState.OPEN)
    assert [one.project_id for one in left] == [project(ROAD).pk]


def test_the_second_of_two_is_told(desk: IntakeDesk) -> None:
    seen = entry_version(desk.round, project(PARK).pk)
    enter(desk, 900)
    with pytest.raises(Conflict):
        enter(desk, 950, seen=seen)
    assert figure(PARK) == 900


@pytest.mark.parametrize(
    "wrong",
    [
        {"said_by": " "},
        {"said_by": "王" * 101},
        {"reason": "长" * 301},
        {"progress": "长" * 10_000},
        {"source": ReportSource.UNIT},
    ],
)
def test_wrong_words_are_refused(desk: IntakeDesk, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        enter(desk, 1, **wrong)


def test_nothing_is_entered_into_a_locked_round_or_by_others(desk: IntakeDesk) -> None:
    command = EnterFor(ReportSource.PHONE, "王", clock.now(), 1, "")
    with pytest.raises(NotAllowed):
        enter_for_unit(desk.people.act_as("viewer"), desk.round, project(PARK), command)
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        enter(desk, 1)


def test_calls_and_quick_figures_are_notes(desk: IntakeDesk) -> None:
    unit = Organisation.objects.get(pk=desk.people.organisations[UNIT])
    note = note_call(desk.office, desk.round, unit, text=" 答应下午报 ")
    assert note.text == "答应下午报"
    for text in ("", " ", "长" * 301):
        with pytest.raises(BadInput):
            note_call(desk.office, desk.round, unit, text=text)
    note_quick_figures(desk.office, desk.round, {project(PARK).pk: 5 * WAN})
    assert QuickFigure.objects.get().at_hour.minute == 0
    assert not Report.objects.exists()
    with pytest.raises(BadInput):
        note_quick_figures(desk.office, desk.round, {project(PARK).pk: 10**14})
    with pytest.raises(NotAllowed):
        note_quick_figures(desk.people.act_as("viewer"), desk.round, {project(PARK).pk: 1})
