from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.core.periods import parse_period
from guatu.journal.models import Entry
from guatu.organisation.models import Organisation
from guatu.planning.models import DateFact
from guatu.reporting.models import (
    Figure,
    IntakeQuestion,
    ProxyConfirmation,
    ProxyNote,
    QuickFigure,
    Report,
)
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.chasing import note_call, note_quick_figures
from guatu.reporting.services.proxy import (
    Entered,
    EnterFor,
    Said,
    confirm_for_unit,
    enter_for_unit,
)
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, figure, project
from guatu.reporting.types import QuestionState, ReportSource, ReportState
from tests.factories import UNIT
from tests.tables import report_line


def said(**other: Any) -> Said:
    values = {
        "source": ReportSource.PHONE,
        "said_by": "江北区发改局老王",
        "said_at": clock.now(),
        **other,
    }
    return Said(**values)


def row(desk: IntakeDesk, name: str, wan: int | None = None, **other: Any) -> EnterFor:
    one = project(name)
    values = {"seen": entry_versions(desk.round, [one.pk])[one.pk], **other}
    return EnterFor(one, year_yuan=None if wan is None else wan * WAN, **values)


def enter(desk: IntakeDesk, wan: int | None = None, **other: Any) -> Entered:
    told = {name: other.pop(name) for name in ("source", "said_by", "said_at") if name in other}
    return enter_for_unit(desk.office, desk.round, said(**told), [row(desk, PARK, wan, **other)])


def codes(entered: Entered, name: str = PARK) -> list[str]:
    """What one project is asked."""
    return [one.code for one in entered.questions.get(project(name).pk, ())]


def october(desk: IntakeDesk) -> IntakeDesk:
    """The next round: the park has reported 900 in September."""
    enter(desk, 900, progress="主体", problem="缺砂石")
    return replace(desk, round=start_round(desk.office, desk.round.list, parse_period("2026-10")))


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
    assert codes(asked) == ["negative-figure"]
    assert not Report.objects.exists()
    assert not enter(desk, -5, reason="审计核减").is_refused
    assert figure(PARK) == -5


def test_a_day_in_the_future_is_never_accepted(desk: IntakeDesk) -> None:
    asked = enter(desk, 5, started_on=date(2027, 1, 1), reason="说是明年")
    assert codes(asked) == ["date-in-the-future"]


def test_it_settles_what_was_asked_about_the_project(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1"), report_line(ROAD, "约1")))
    enter(desk, 900)
    left = IntakeQuestion.objects.filter(state=QuestionState.OPEN)
    assert [one.project_id for one in left] == [project(ROAD).pk]


def test_the_second_of_two_is_told(desk: IntakeDesk) -> None:
    seen = entry_versions(desk.round, [project(PARK).pk])[project(PARK).pk]
    enter(desk, 900)
    assert enter(desk, 950, seen=seen).changed == {project(PARK).pk}
    assert figure(PARK) == 900


@pytest.mark.parametrize(
    "wrong",
    [
        {"said_by": " "},
        {"said_by": "王" * 101},
        {"source": ReportSource.UNIT},
    ],
)
def test_wrong_words_are_refused(desk: IntakeDesk, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        enter(desk, 1, **wrong)


@pytest.mark.parametrize("wrong", [{"reason": "长" * 301}, {"progress": "长" * 10_000}])
def test_overlong_words_of_a_row_are_told_beside_it(
    desk: IntakeDesk, wrong: dict[str, object]
) -> None:
    assert list(enter(desk, 1, **wrong).faults) == [project(PARK).pk]
    assert not Report.objects.exists()


def test_a_unit_is_entered_in_one_act_or_not_at_all(desk: IntakeDesk) -> None:
    lines = [row(desk, PARK, 900), row(desk, ROAD, -5)]
    refused = enter_for_unit(desk.office, desk.round, said(), lines)
    assert (codes(refused), codes(refused, ROAD)) == ([], ["negative-figure"])
    assert not Report.objects.exists()
    before = Entry.objects.count()
    lines[1] = row(desk, ROAD, -5, reason="审计核减")
    done = enter_for_unit(desk.office, desk.round, said(), lines)
    assert len(done.reports) == 2
    assert (figure(PARK), figure(ROAD)) == (900, -5)
    assert Entry.objects.count() == before + 1
    assert ProxyNote.objects.filter(said_by="江北区发改局老王").count() == 2


def test_no_figure_and_no_word_of_no_change_is_asked_for(desk: IntakeDesk) -> None:
    later = october(desk)
    refused = enter(later, progress="还是主体")
    assert [one.code for one in refused.faults[project(PARK).pk]] == ["no-figure"]
    assert not Report.objects.filter(period=later.round.period).exists()


def test_no_change_takes_the_last_figure_and_words(desk: IntakeDesk) -> None:
    later = october(desk)
    done = enter(later, is_unchanged=True)
    told = done.reports[0]
    assert (told.progress_text, told.problem_text) == ("主体", "缺砂石")
    assert Figure.objects.get(as_of=date(2026, 10, 31)).value == 900 * WAN


def test_no_change_and_another_figure_contradict(desk: IntakeDesk) -> None:
    refused = enter(october(desk), 950, is_unchanged=True)
    assert [one.code for one in refused.faults[project(PARK).pk]] == ["changed-after-all"]


def test_no_change_needs_something_before(desk: IntakeDesk) -> None:
    refused = enter(desk, is_unchanged=True)
    assert [one.code for one in refused.faults[project(PARK).pk]] == ["nothing-before"]


def test_nothing_said_is_nothing_to_save(desk: IntakeDesk) -> None:
    with pytest.raises(BadInput, match="没有填"):
        enter_for_unit(desk.office, desk.round, said(), [])


def test_the_office_notes_that_a_unit_confirmed(desk: IntakeDesk) -> None:
    report = enter(desk, 900).reports[0]
    confirm_for_unit(desk.office, desk.round, [report.pk], said(), text="逐项念过")
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED
    assert ProxyConfirmation.objects.get().text == "逐项念过"
    with pytest.raises(Conflict):
        confirm_for_unit(desk.office, desk.round, [report.pk], said(), text="再记一次")


def test_a_confirmation_needs_words_and_a_report_of_the_round(desk: IntakeDesk) -> None:
    report = enter(desk, 900).reports[0]
    for text in ("", " ", "长" * 301):
        with pytest.raises(BadInput):
            confirm_for_unit(desk.office, desk.round, [report.pk], said(), text=text)
    with pytest.raises(BadInput):
        confirm_for_unit(desk.office, desk.round, [], said(), text="念过")
    with pytest.raises(Conflict):
        confirm_for_unit(desk.office, desk.round, [report.pk + 1], said(), text="念过")
    actor = desk.people.act_as("viewer")
    with pytest.raises(NotAllowed):
        confirm_for_unit(actor, desk.round, [report.pk], said(), text="念过")
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        confirm_for_unit(desk.office, desk.round, [report.pk], said(), text="念过")


def test_nothing_is_entered_into_a_locked_round_or_by_others(desk: IntakeDesk) -> None:
    actor, entries = desk.people.act_as("viewer"), [row(desk, PARK, 1)]
    with pytest.raises(NotAllowed):
        enter_for_unit(actor, desk.round, said(), entries)
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
