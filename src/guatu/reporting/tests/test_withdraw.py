from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.assessment.services.close import close_round
from guatu.core.errors import Conflict, NotAllowed, NotFound, RoundClosed
from guatu.core.periods import parse_period
from guatu.files.models import Mapping
from guatu.journal.models import Entry
from guatu.journal.queries import verify
from guatu.ledger.queries import project_index
from guatu.organisation.queries import region_names
from guatu.planning.models import DateFact
from guatu.reporting.intake.answers import FOR_GOOD, TAKEN
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import AnswerWithdrawal, Figure, IntakeQuestion, Report
from guatu.reporting.services.answers import GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.rounds import start_round
from guatu.reporting.services.withdraw import RESTORED, Withdrawn, withdraw_answer
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


def give(desk: IntakeDesk, code: str, kind: AnswerKind, value: str = "", why: str = "") -> int:
    """The id of the answer."""
    asked = IntakeQuestion.objects.filter(code=code, state=QuestionState.OPEN).order_by("pk")[0]
    command = GiveAnswer(kind, value, why)
    return answer_question(desk.office, desk.round, asked.pk, command).answer_id


def take_back(desk: IntakeDesk, answer_id: int) -> Withdrawn:
    done = withdraw_answer(desk.office, desk.round, answer_id)
    assert verify().problems == []
    return done


def test_a_figure_that_an_answer_brought_goes_and_the_alias_is_forgotten(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    answer = give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    assert (figure(PARK), open_codes()) == (900, [])
    done = take_back(desk, answer)
    assert (done.taken_back, len(done.reopened), done.kept) == (1, 1, [])
    assert (figure(PARK), open_codes()) == (None, ["unknown-project"])
    assert not Report.objects.exists()
    assert project_index().named("江北材料园") == set()
    desk.take(desk.file("乙.csv", report_line("江北材料园", "950")))
    assert figure(PARK) is None
    assert Entry.objects.filter(act="answer.withdrawn").count() == 1


def test_what_stood_before_comes_back_as_a_row_of_its_own(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "800", "P-1", 形象进度="桩基")))
    desk.take(desk.file("甲更正.csv", report_line(PARK, "约900", "P-1", 形象进度="主体")))
    answer = give(desk, "approximate", AnswerKind.CELL, "9050000")
    assert (figure(PARK), Report.objects.get().progress_text) == (905, "主体")
    take_back(desk, answer)
    assert (figure(PARK), Report.objects.get().progress_text) == (800, "桩基")
    assert Figure.objects.get(is_current=True).reason == RESTORED
    assert Figure.objects.count() == 3
    again = give(desk, "approximate", AnswerKind.CELL, "9100000")
    assert (figure(PARK), open_codes()) == (910, [])
    take_back(desk, again)
    assert figure(PARK) == 800


def test_a_unit_of_a_column_is_forgotten_with_all_its_rows(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲9月.csv", head, (PARK, "900"), (ROAD, "100"))
    desk.take(Upload("甲9月.csv", path.read_bytes()))
    answer = give(desk, "unit-missing", AnswerKind.UNIT, "万元")
    assert (figure(PARK), figure(ROAD), Mapping.objects.count()) == (900, 100, 1)
    done = take_back(desk, answer)
    assert (figure(PARK), figure(ROAD), Mapping.objects.count()) == (None, None, 0)
    assert len(done.reopened) == 2
    give(desk, "unit-missing", AnswerKind.UNIT, "元")
    assert Figure.objects.filter(is_current=True, value=900).exists()


def test_columns_that_somebody_else_decided_since_stay(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲9月.csv", head, (PARK, "900"))
    desk.take(Upload("甲9月.csv", path.read_bytes()))
    answer = give(desk, "unit-missing", AnswerKind.UNIT, "万元")
    kept = Mapping.objects.get()
    changed = kept.columns.replace(
        '"columns": {', '"columns": {"年度计划": {"field": "年度计划投资", "unit": "亿元"}, '
    )
    Mapping.objects.filter(pk=kept.pk).update(columns=changed)
    withdraw_answer(desk.office, desk.round, answer)
    assert "年度计划投资" in Mapping.objects.get().columns
    assert "本年累计完成投资" not in Mapping.objects.get().columns


def test_a_region_is_unknown_again(desk: IntakeDesk) -> None:
    lines = [
        report_line(PLANT, "70", 所属地区="临江新城"),
        report_line(ROAD, "5", 所属地区="临江新城"),
    ]
    desk.take(desk.file("甲.csv", *lines))
    before = open_codes()
    answer = give(desk, "unknown-region", AnswerKind.REGION, str(desk.people.regions["临江区"]))
    assert figure(PLANT) == 70
    take_back(desk, answer)
    assert (figure(PLANT), open_codes()) == (None, before)
    assert region_names().find("临江新城") is None
    give(desk, "unknown-region", AnswerKind.REGION, str(desk.people.regions["临江区"]))
    assert figure(PLANT) == 70


def test_a_date_is_taken_back(desk: IntakeDesk) -> None:
    path = desk.folder / "甲.xlsx"
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）", "实际开工时间")
    put_workbook(path, head, (PARK, "P-1", 900, 2026.1))
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    answer = give(desk, "month-ambiguous", AnswerKind.CELL, "2026-01-31/month")
    assert DateFact.objects.filter(kind="actual").get().on == date(2026, 1, 31)
    take_back(desk, answer)
    assert DateFact.objects.filter(kind="actual").latest("seq").on is None
    put_workbook(path, head, (PARK, "P-1", 905, 2026.1))
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    assert open_codes() == ["month-ambiguous"]


def test_an_accepted_figure_is_questioned_again(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1", 年度计划完成率="90%")))
    answer = give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实")
    assert Report.objects.get().state == ReportState.ACCEPTED
    take_back(desk, answer)
    assert Report.objects.get().state == ReportState.QUESTIONED
    assert (figure(PARK), open_codes()) == (900, ["rate-contradicts"])


def test_what_was_left_out_for_good_is_asked_again(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("别市的项目", "1")))
    answer = give(desk, "unknown-project", AnswerKind.DISMISS, FOR_GOOD, "不是本清单项目")
    take_back(desk, answer)
    assert open_codes() == ["unknown-project"]
    desk.take(desk.file("甲.csv", report_line("别市的项目", "2")))
    assert open_codes() == ["unknown-project"]


def test_of_two_rows_neither_is_in_again(desk: IntakeDesk) -> None:
    lines = report_line(PARK, "900", "P-1"), report_line(PARK, "800", "P-1")
    desk.take(desk.file("甲.csv", *lines))
    choices = Facts.from_json(IntakeQuestion.objects.filter(code="duplicate-row")[0].facts).choices
    answer = give(desk, "duplicate-row", AnswerKind.ROW, choices[1][0])
    assert figure(PARK) == 800
    take_back(desk, answer)
    assert (figure(PARK), open_codes()) == (None, ["duplicate-row"])


def test_a_whole_table_goes_with_the_questions_it_raised(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资（万元）")
    title = ("2026年8月重点项目进度表",)
    path = put_table(desk.folder / "甲.csv", title, head, (PARK, "900"), ("没有的", "1"))
    desk.take(Upload("甲.csv", path.read_bytes()))
    answer = give(desk, "wrong-period", AnswerKind.TABLE, TAKEN)
    assert (figure(PARK), open_codes()) == (900, ["unknown-project"])
    done = take_back(desk, answer)
    assert (figure(PARK), open_codes()) == (None, ["wrong-period"])
    assert len(done.gone) == 1


def test_what_rests_on_an_answer_is_taken_back_first(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900", 年度计划完成率="90%")))
    first = give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    second = give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实")
    with pytest.raises(Conflict, match="先撤回"):
        take_back(desk, first)
    take_back(desk, second)
    take_back(desk, first)
    assert (figure(PARK), open_codes()) == (None, ["unknown-project"])


def test_what_came_since_stands(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    answer = give(desk, "approximate", AnswerKind.CELL, "9050000")
    desk.take(desk.file("甲更正.csv", report_line(PARK, "950", "P-1")))
    done = take_back(desk, answer)
    assert (done.kept, done.reopened) == ([PARK], [])
    assert (figure(PARK), open_codes()) == (950, [])
    assert Report.objects.count() == 1


def test_an_answer_is_taken_back_once_by_the_office_while_the_round_is_open(
    desk: IntakeDesk,
) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    answer = give(desk, "approximate", AnswerKind.CELL, "9050000")
    for name in ("viewer", "reporter", "leader", "reviewer"):
        with pytest.raises(NotAllowed):
            withdraw_answer(desk.people.act_as(name), desk.round, answer)
    other = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    with pytest.raises(NotFound):
        withdraw_answer(desk.office, other, answer)
    take_back(desk, answer)
    with pytest.raises(Conflict, match="已经撤回"):
        take_back(desk, answer)
    again = give(desk, "approximate", AnswerKind.CELL, "9050000")
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        take_back(desk, again)
    assert (figure(PARK), AnswerWithdrawal.objects.count()) == (905, 1)


def test_a_withdrawn_answer_does_not_come_back_through_another(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    first = give(desk, "approximate", AnswerKind.CELL, "9050000")
    desk.take(desk.file("甲更正.csv", report_line(PARK, "约950", "P-1")))
    second = give(desk, "approximate", AnswerKind.CELL, "9550000")
    assert take_back(desk, first).kept == [PARK]
    take_back(desk, second)
    assert figure(PARK) is None
    assert question("approximate").state == QuestionState.OPEN


def test_two_answers_to_one_project_are_taken_back_one_after_the_other(desk: IntakeDesk) -> None:
    """What the first withdrawal puts back was brought by the other answer, and goes with it."""
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    first = give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    desk.take(desk.file("甲更正.csv", report_line(PARK, "约950", "P-1")))
    second = give(desk, "approximate", AnswerKind.CELL, "9550000")
    take_back(desk, second)
    assert figure(PARK) == 900
    done = take_back(desk, first)
    assert (done.taken_back, done.kept) == (1, [])
    assert (figure(PARK), open_codes()) == (None, ["approximate", "unknown-project"])
    assert not Report.objects.exists()


def test_a_figure_put_back_is_none_that_came_since(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1", 年度计划完成率="90%")))
    accepted = give(desk, "rate-contradicts", AnswerKind.ACCEPT, why="电话核实")
    desk.take(desk.file("甲更正.csv", report_line(PARK, "约950", "P-1")))
    take_back(desk, give(desk, "approximate", AnswerKind.CELL, "9550000"))
    assert take_back(desk, accepted).kept == []
    assert (figure(PARK), open_codes()) == (900, ["approximate", "rate-contradicts"])
    assert Report.objects.get().state == ReportState.QUESTIONED


def test_a_figure_that_came_between_two_answers_comes_back(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    first = give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    desk.take(desk.file("甲更正.csv", report_line(PARK, "930", "P-1")))
    desk.take(desk.file("甲再更正.csv", report_line(PARK, "约950", "P-1")))
    second = give(desk, "approximate", AnswerKind.CELL, "9550000")
    assert take_back(desk, first).kept == [PARK]
    take_back(desk, second)
    assert figure(PARK) == 930


def test_a_date_does_not_come_back_through_another_answer(desk: IntakeDesk) -> None:
    path = desk.folder / "甲.xlsx"
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）", "实际开工时间")
    answers = []
    for raw, told in ((2026.1, "2026-01-31/month"), (2025.1, "2025-10-31/month")):
        put_workbook(path, head, (PARK, "P-1", 900, raw))
        desk.take(Upload("甲.xlsx", path.read_bytes()))
        answers.append(give(desk, "month-ambiguous", AnswerKind.CELL, told))
    first, second = answers
    take_back(desk, second)
    assert DateFact.objects.filter(kind="actual").latest("seq").on == date(2026, 1, 31)
    take_back(desk, first)
    assert DateFact.objects.filter(kind="actual").latest("seq").on is None


def test_what_is_open_again_is_asked_about_the_newest_file(desk: IntakeDesk) -> None:
    desk.take(desk.file("江北区发展改革局9月.csv", report_line("江北材料园", "900")))
    answer = give(desk, "unknown-project", AnswerKind.DISMISS, "", "不是本清单项目")
    desk.take(desk.file("江北区发展改革局9月更正.csv", report_line("江北材料园", "950")))
    done = take_back(desk, answer)
    opened = IntakeQuestion.objects.get(state=QuestionState.OPEN)
    assert (done.reopened, opened.imported.name) == ([opened.pk], "江北区发展改革局9月更正.csv")
    give(desk, "unknown-project", AnswerKind.PROJECT, str(project(PARK).pk))
    assert figure(PARK) == 950
