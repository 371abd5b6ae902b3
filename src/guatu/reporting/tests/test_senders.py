from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, NotAllowed, RoundClosed
from guatu.core.periods import parse_period
from guatu.files.senders import is_telling, sender_of, stem_of
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.organisation import queries as organisation
from guatu.organisation.services import NewOrganisation, create_organisations
from guatu.organisation.types import OrganisationKind
from guatu.reporting.intake.answers import FOR_GOOD
from guatu.reporting.models import DeliveredFile, IntakeQuestion
from guatu.reporting.services.answers import GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.rounds import start_round
from guatu.reporting.services.senders import assign_sender
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, figure, make_desk, project, question
from guatu.reporting.types import AnswerKind, QuestionState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import DEPARTMENT_UNIT, OTHER_UNIT, UNIT, Cast
from tests.tables import (
    project_row,
    put_list,
    put_report,
    put_table,
    report_line,
    take_list,
    take_reports,
)

HOUSING, ROADS, TRAFFIC = "临江区住房和城乡建设局", "江源市交通投资集团有限公司", "市交通运输局"


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-11-10")
    linjiang = people.regions["临江区"]
    with journal.act(people.console, "test.units") as act:
        units = [
            NewOrganisation(HOUSING, region_id=linjiang),
            NewOrganisation(ROADS, OrganisationKind.COMPANY, aliases=("江源交投",)),
            NewOrganisation(TRAFFIC),
        ]
        create_organisations(act, units)
    return make_desk(people, tmp_path)


def unit_id(name: str) -> int:
    found = organisation.organisation_names().find(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("file", "title", "sender"),
    [
        ("临江住建局10月.csv", "", HOUSING),
        ("10月 临江区住建.xlsx", "", HOUSING),
        ("住建局10月.csv", "", ""),
        ("交投集团10月投资进度.xlsx", "", ROADS),
        ("交投.xlsx", "", ROADS),
        ("交通局10月.xlsx", "", TRAFFIC),
        ("临江区交通局10月.xlsx", "", ""),
        ("临江交通.xlsx", "", ""),
        ("交通项目10月.xlsx", "", ""),
        ("江北区10月重点项目进度表.xlsx", "", UNIT),
        ("江北10月.xlsx", "", UNIT),
        ("江北区教育项目.xlsx", "", ""),
        ("江北区、临江区10月.xlsx", "", ""),
        ("10月.xlsx", f"{HOUSING}10月进度表", HOUSING),
        ("10月（报市自然资源局）.xlsx", "江北区10月进度", UNIT),
        ("交通局、自然资源局.xlsx", "", ""),
        ("自规局.xlsx", "", DEPARTMENT_UNIT),
        ("新建 Microsoft Excel 工作表.xlsx", "", ""),
    ],
)
def test_a_sender_is_known_by_the_words_people_use(
    desk: IntakeDesk, file: str, title: str, sender: str
) -> None:
    names = organisation.organisation_names().official
    found = sender_of(file, title, organisation.units_as_spoken(), names)
    assert found.name == sender


@pytest.mark.parametrize(
    ("name", "stem", "tells"),
    [
        ("卫健委-项目进度1030.xlsx", "卫健委项目进度", True),
        ("卫健委-项目进度1130(2).xlsx", "卫健委项目进度", True),
        ("甲9月改.csv", "甲", True),
        ("10月重点项目进度表（最终版）.xlsx", "重点项目进度表", False),
        ("新建 Microsoft Excel 工作表.xlsx", "新建microsoftexcel工作表", False),
    ],
)
def test_what_stays_of_a_name_when_it_is_sent_again(name: str, stem: str, tells: bool) -> None:
    assert (stem_of(name), is_telling(stem_of(name))) == (stem, tells)


def delivered(name: str) -> DeliveredFile:
    return DeliveredFile.objects.select_related("blob").filter(name=name).order_by("-pk")[0]


def test_a_sender_said_by_hand_is_remembered_for_the_name(desk: IntakeDesk) -> None:
    desk.take(desk.file("老王9月.csv", report_line(PARK, "900", "P-1")))
    assert delivered("老王9月.csv").sender == ""
    assign_sender(desk.office, desk.round, delivered("老王9月.csv"), unit_id(OTHER_UNIT))
    assert delivered("老王9月.csv").sender == OTHER_UNIT
    assert Entry.objects.filter(act="file.sender_assigned").count() == 1
    desk.take(desk.file("老王9月改.csv", report_line(PARK, "910", "P-1")))
    assert (delivered("老王9月改.csv").sender, figure(PARK)) == (OTHER_UNIT, 910)
    assert delivered("老王9月改.csv").replaces == "老王9月.csv"
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = IntakeDesk(desk.people, desk.folder, october)
    later.take(later.file("老王10月.csv", report_line(PARK, "950", "P-1")))
    assert delivered("老王10月.csv").sender == OTHER_UNIT


def test_a_name_that_says_nothing_is_remembered_for_its_content_alone(desk: IntakeDesk) -> None:
    desk.take(desk.file("进度表.csv", report_line(PARK, "900", "P-1")))
    assign_sender(desk.office, desk.round, delivered("进度表.csv"), unit_id(UNIT))
    desk.take(desk.file("9月进度表.csv", report_line(ROAD, "5", "P-2")))
    assert (delivered("进度表.csv").sender, delivered("9月进度表.csv").sender) == (UNIT, "")


def test_what_was_answered_before_the_sender_was_known_still_holds(desk: IntakeDesk) -> None:
    desk.take(desk.file("老王.csv", report_line("别市的项目", "1"), report_line("又一个", "2")))
    first, second = IntakeQuestion.objects.filter(code="unknown-project").order_by("pk")
    leave_out = GiveAnswer(AnswerKind.DISMISS, FOR_GOOD, "不是本清单项目")
    answer_question(desk.office, desk.round, first.pk, leave_out)
    assign_sender(desk.office, desk.round, delivered("老王.csv"), unit_id(UNIT))
    is_park = GiveAnswer(AnswerKind.PROJECT, str(project(PARK).pk))
    answer_question(desk.office, desk.round, second.pk, is_park)
    assert figure(PARK) == 2
    lines = report_line("别市的项目", "3"), report_line("又一个", "4")
    desk.take(desk.file("老王改.csv", *lines))
    assert figure(PARK) == 4
    assert not IntakeQuestion.objects.filter(state=QuestionState.OPEN).exists()


def test_two_files_of_what_proves_to_be_one_unit_are_no_disagreement(desk: IntakeDesk) -> None:
    desk.take(desk.file(f"{UNIT}9月.csv", report_line(PARK, "900", "P-1")))
    desk.take(desk.file("老王.csv", report_line(PARK, "950", "P-1")))
    assert figure(PARK) == 950 or question("two-senders")
    assign_sender(desk.office, desk.round, delivered("老王.csv"), unit_id(UNIT))
    assert figure(PARK) == 950
    assert not IntakeQuestion.objects.filter(state=QuestionState.OPEN).exists()


def test_the_columns_of_a_unit_are_known_once_its_file_is(desk: IntakeDesk) -> None:
    head = ("项目名称", "本年累计完成投资")
    for name, row in ((f"{UNIT}9月.csv", PARK), ("老王.csv", ROAD)):
        path = put_table(desk.folder / name, head, (row, "900"))
        desk.take(Upload(name, path.read_bytes()))
    first = IntakeQuestion.objects.order_by("pk")[0]
    answer_question(desk.office, desk.round, first.pk, GiveAnswer(AnswerKind.UNIT, "万元"))
    assert (figure(PARK), figure(ROAD)) == (900, None)
    assert assign_sender(desk.office, desk.round, delivered("老王.csv"), unit_id(UNIT)) == 1
    assert figure(ROAD) == 900


def test_a_second_table_of_a_unit_leaves_the_questions_of_its_first(desk: IntakeDesk) -> None:
    desk.take(desk.file("江北区（工业）9月.csv", report_line("没有的", "1")))
    desk.take(desk.file("江北区（基础设施）9月.csv", report_line(ROAD, "5", "P-2")))
    assert {one.sender for one in DeliveredFile.objects.all()} == {UNIT}
    assert delivered("江北区（基础设施）9月.csv").replaces == ""
    assert question("unknown-project").imported.name == "江北区（工业）9月.csv"
    desk.take(desk.file("江北区（工业）9月（更正）.csv", report_line(PARK, "5", "P-1")))
    assert not IntakeQuestion.objects.filter(state=QuestionState.OPEN).exists()


def test_who_may_say_it_and_what(desk: IntakeDesk) -> None:
    desk.take(desk.file("老王.csv", report_line(PARK, "900", "P-1")))
    file = delivered("老王.csv")
    for wrong in (0, 999_999, organisation.root_organisation().pk):
        with pytest.raises(BadInput):
            assign_sender(desk.office, desk.round, file, wrong)
    with pytest.raises(NotAllowed):
        assign_sender(desk.people.act_as("reporter"), desk.round, file, unit_id(UNIT))
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        assign_sender(desk.office, desk.round, file, unit_id(UNIT))


def test_the_file_s_row_offers_the_units(desk: IntakeDesk) -> None:
    office: Client = desk.browser()
    desk.take(desk.file("老王.csv", report_line(PARK, "900", "P-1")))
    text = office.get(desk.url("intake")).content.decode()
    assert "未识别，请选择" in text
    url = desk.url("intake-sender", file_id=delivered("老王.csv").pk)
    assert url in text
    assert office.get(url).status_code == 200
    for wrong in ("", "x", "9" * 40, "<script>"):
        assert office.post(url, {TOKEN_FIELD: new_token(), "sender": wrong}).status_code == 422
    chosen = str(unit_id(UNIT))
    assert office.post(url, {TOKEN_FIELD: new_token(), "sender": chosen}).status_code == 302
    after = office.get(desk.url("intake")).content.decode()
    assert ("未识别" in after, UNIT in after) == (False, True)
    assert office.get(desk.url("intake-sender", file_id=999_999)).status_code == 404


def test_a_file_of_one_units_projects_is_the_units(people: Cast, tmp_path: Path) -> None:
    rows = [project_row(f"学校{n}", f"P-{n}") for n in range(1, 5)]
    strange = project_row("他处", "P-9", 责任单位=OTHER_UNIT)
    take_list(people.console, put_list(tmp_path / "清单.csv", *rows, strange))
    schools = [report_line(f"学校{n}", "900", f"P-{n}") for n in range(1, 5)]
    taken = {}
    for name, lines in {
        "教育项目10月.csv": schools[:3],
        "两个项目.csv": schools[:2],
        "混合项目.csv": [*schools[1:], report_line("他处", "5", "P-9")],
    }.items():
        done = take_reports(people.act_as("office"), put_report(tmp_path / name, *lines))
        taken[name] = done.files[0].sender
        told = "都由江北区发展改革局负责" in str([one.what for one in done.notices])
        assert told == bool(taken[name])
    assert list(taken.values()) == [UNIT, "", ""]
