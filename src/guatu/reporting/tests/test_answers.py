from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound, RoundClosed
from guatu.core.periods import parse_period
from guatu.files.models import Mapping
from guatu.journal.queries import verify
from guatu.ledger.models import Project, ProjectAlias
from guatu.planning.models import DateFact
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.intake.answers import FOR_GOOD, NOT_TAKEN, TAKEN
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import IntakeAnswer, IntakeQuestion, Report
from guatu.reporting.services.answers import Answered, GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.figure_questions import answer_question as answer_asked
from guatu.reporting.services.review import question_reports
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import (
    PARK,
    PLANT,
    ROAD,
    IntakeDesk,
    figure,
    make_desk,
    open_codes,
    project,
    question,
)
from guatu.reporting.types import AnswerKind, QuestionState, ReportState
from tests.factories import Cast
from tests.tables import put_table, put_workbook, report_line


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-11-10")
    return make_desk(people, tmp_path)


def give(desk: IntakeDesk, code: str, kind: AnswerKind, value: str = "", why: str = "") -> Answered:
    asked = question(code)
    return answer_question(desk.office, desk.round, asked.pk, GiveAnswer(kind, value, why))


def test_an_unknown_name_is_learned_and_its_row_enters(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900"), report_line(ROAD, "5")))
    done = give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    assert (done.entered, done.waiting, figure(PARK)) == (1, [], 900)
    assert ProjectAlias.objects.get().name == "江北材料园"
    assert open_codes() == []
    desk.take(desk.file("甲更正.csv", report_line("江北材料园", "950")))
    assert figure(PARK) == 950


def test_one_name_of_two_projects_is_remembered_for_its_sender(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PLANT, "70")))
    wanted = Project.objects.get(name=PLANT, region_id=desk.people.regions["临江区"]).pk
    give(desk, "ambiguous-project", AnswerKind.PROJECT, str(wanted))
    assert Report.objects.get().project_id == wanted
    assert not ProjectAlias.objects.exists()
    desk.take(desk.file("甲更正.csv", report_line(PLANT, "75")))
    assert figure(PLANT) == 75


def test_a_project_of_another_list_or_none_is_refused(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("没有的", "9")))
    for value in ("", "999999", "x", "9" * 30):
        with pytest.raises(BadInput):
            give(desk, "unknown-project", AnswerKind.PROJECT, value)
    assert open_codes() == ["unknown-project"]


def test_an_unknown_region_becomes_an_alias(desk: IntakeDesk) -> None:
    line = report_line(PLANT, "70", 所属地区="临江新城")
    desk.take(desk.file("甲.csv", line))
    done = give(desk, "unknown-region", AnswerKind.REGION, str(desk.people.regions["临江区"]))
    assert done.entered == 1
    assert figure(PLANT) == 70


def test_january_or_october_is_remembered_for_the_same_words(desk: IntakeDesk) -> None:
    path = desk.folder / "甲.xlsx"
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）", "实际开工时间")
    put_workbook(path, head, (PARK, "P-1", 900, 2026.1))
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    assert Facts.from_json(question("month-ambiguous").facts).raw == "2026.1"
    give(desk, "month-ambiguous", AnswerKind.CELL, "2026-01-31/month")
    assert (figure(PARK), open_codes()) == (900, [])
    assert DateFact.objects.filter(kind="actual").get().on == date(2026, 1, 31)
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    put_workbook(path, head, (PARK, "P-1", 950, 2026.1))
    later = IntakeDesk(desk.people, desk.folder, october)
    later.take(Upload("甲.xlsx", path.read_bytes()))
    assert open_codes() == []


def test_a_missing_unit_is_remembered_for_the_sender(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲9月.csv", head, (PARK, "900"), (ROAD, "100"))
    desk.take(Upload("甲9月.csv", path.read_bytes()))
    assert open_codes() == ["unit-missing", "unit-missing"]
    one = IntakeQuestion.objects.filter(code="unit-missing").order_by("pk")[0]
    done = answer_question(desk.office, desk.round, one.pk, GiveAnswer(AnswerKind.UNIT, "万元"))
    assert (done.entered, figure(PARK), figure(ROAD)) == (2, 900, 100)
    assert open_codes() == []
    assert Mapping.objects.count() == 1


def test_a_slip_of_the_unit_is_put_right_for_its_cell(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "9000000", "P-1")))
    give(desk, "above-total-investment", AnswerKind.CELL, "9000000")
    assert (figure(PARK), open_codes()) == (900, [])


def test_a_figure_is_accepted_with_a_reason_and_the_report_is_sure_again(desk: IntakeDesk) -> None:
    line = report_line(PARK, "900", "P-1", 年度计划完成率="90%")
    desk.take(desk.file("甲.csv", line))
    assert Report.objects.get().state == ReportState.QUESTIONED
    with pytest.raises(BadInput):
        give(desk, "rate-contradicts", AnswerKind.ACCEPT)
    give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实，完成率算错")
    assert Report.objects.get().state == ReportState.ACCEPTED
    desk.take(desk.file("甲再报.csv", line, report_line(ROAD, "1", "P-2")))
    assert (open_codes(), Report.objects.get(project=project(PARK)).state) == (
        [],
        ReportState.ACCEPTED,
    )


def test_the_desk_does_not_decide_for_a_reviewer_who_asks(desk: IntakeDesk) -> None:
    """What the desk settles leaves the report 待核实 while a reviewer's question is open, and for
    the reviewer once its unit has answered."""
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1", 年度计划完成率="90%")))
    report = Report.objects.get()
    question_reports(desk.office, {report.pk: report.version}, reason="请附凭证")
    asked = FigureQuestion.objects.get()
    give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实，完成率算错")
    assert Report.objects.get().state == ReportState.QUESTIONED
    unit = desk.people.act_as("reporter")
    answer_asked(unit, desk.round, asked.pk, answer="已附", seen=asked.version)
    assert Report.objects.get().state == ReportState.SUBMITTED


def test_what_a_reviewer_asked_and_the_unit_answered_waits_for_him(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1", 年度计划完成率="90%")))
    report = Report.objects.get()
    question_reports(desk.office, {report.pk: report.version}, reason="请附凭证")
    asked = FigureQuestion.objects.get()
    unit = desk.people.act_as("reporter")
    answer_asked(unit, desk.round, asked.pk, answer="已附", seen=asked.version)
    assert Report.objects.get().state == ReportState.QUESTIONED
    give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实，完成率算错")
    assert Report.objects.get().state == ReportState.SUBMITTED


def test_a_waiting_figure_is_accepted_and_enters(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "-5", "P-1")))
    give(desk, "negative-figure", AnswerKind.ACCEPT, why="审计核减")
    assert (figure(PARK), open_codes()) == (-5, [])


def test_of_two_rows_the_chosen_one_enters(desk: IntakeDesk) -> None:
    lines = report_line(PARK, "900", "P-1"), report_line(PARK, "800", "P-1")
    desk.take(desk.file("甲.csv", *lines))
    choices = Facts.from_json(question("duplicate-row").facts).choices
    give(desk, "duplicate-row", AnswerKind.ROW, choices[1][0])
    assert (figure(PARK), open_codes()) == (800, [])
    desk.take(desk.file("甲.csv", *lines))
    assert (figure(PARK), open_codes()) == (800, [])


@pytest.mark.parametrize(("chosen", "value"), [(0, 900), (1, 950)])
def test_of_two_senders_the_chosen_one_holds(desk: IntakeDesk, chosen: int, value: int) -> None:
    desk.take(desk.file("江北区发展改革局.csv", report_line(PARK, "900", "P-1")))
    desk.take(desk.file("市自然资源和规划局.csv", report_line(PARK, "950", "P-1")))
    choices = Facts.from_json(question("two-senders").facts).choices
    give(desk, "two-senders", AnswerKind.SENDER, choices[chosen][0])
    assert (figure(PARK), open_codes()) == (value, [])
    desk.take(desk.file("市自然资源和规划局.csv", report_line(PARK, "950", "P-1")))
    assert (figure(PARK), open_codes()) == (value, [])


def test_a_table_of_another_month_is_taken_or_left_out(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资（万元）")
    title = ("2026年8月重点项目进度表",)
    for name, value, amount in (("甲", TAKEN, 900), ("乙", NOT_TAKEN, 900)):
        path = put_table(desk.folder / f"{name}.csv", title, head, (PARK, "900"), (name, "1"))
        desk.take(Upload(f"{name}.csv", path.read_bytes()))
        give(desk, "wrong-period", AnswerKind.TABLE, value)
        assert figure(PARK) == amount
        unknown = IntakeQuestion.objects.filter(state=QuestionState.OPEN, code="unknown-project")
        assert unknown.count() == 1  # of the table that was taken
    assert "wrong-period" not in open_codes()


def test_what_is_not_ours_is_not_asked_again(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("别市的项目", "1")))
    with pytest.raises(BadInput):
        give(desk, "unknown-project", AnswerKind.DISMISS, FOR_GOOD)
    give(desk, "unknown-project", AnswerKind.DISMISS, FOR_GOOD, "不是本清单项目")
    desk.take(desk.file("甲.csv", report_line("别市的项目", "2"), report_line(PARK, "9")))
    assert (open_codes(), figure(PARK)) == ([], 9)


def test_only_the_row_that_waited_enters(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("旧名", "1"), report_line(ROAD, "100", "P-2")))
    desk.take(desk.file("乙.csv", report_line(ROAD, "120", "P-2")))
    if open_codes() != ["unknown-project"]:  # two files without a known sender
        give(desk, "two-senders", AnswerKind.SENDER, _last_choice("two-senders"))
    assert figure(ROAD) == 120
    give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    assert (figure(PARK), figure(ROAD)) == (1, 120)


def _last_choice(code: str) -> str:
    return Facts.from_json(question(code).facts).choices[-1][0]


def test_a_question_is_answered_once_and_by_the_office(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("旧名", "1")))
    asked = question("unknown-project")
    command = GiveAnswer(AnswerKind.PROJECT, str(project(PARK).pk))
    for name in ("viewer", "reporter", "leader", "reviewer"):
        with pytest.raises(NotAllowed):
            answer_question(desk.people.act_as(name), desk.round, asked.pk, command)
    other = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    with pytest.raises(NotFound):
        answer_question(desk.office, other, asked.pk, command)
    with pytest.raises(BadInput):
        answer_question(desk.office, desk.round, asked.pk, GiveAnswer(AnswerKind.UNIT, "万元"))
    answer_question(desk.office, desk.round, asked.pk, command)
    with pytest.raises(Conflict, match="office"):
        answer_question(desk.office, desk.round, asked.pk, command)
    assert IntakeAnswer.objects.count() == 1
    assert verify().problems == []


def test_nothing_is_answered_in_a_locked_round(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("旧名", "1")))
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
