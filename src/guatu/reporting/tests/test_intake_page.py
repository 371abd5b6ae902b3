from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project
from guatu.organisation.services.users import create_person
from guatu.reporting.intake.asking import words_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import (
    CallNote,
    Delivery,
    Figure,
    IntakeAnswer,
    IntakeQuestion,
    QuickFigure,
    Report,
)
from guatu.reporting.queries import Standing, entry_version, standings
from guatu.reporting.services.deliveries import Upload, receive
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import (
    PARK,
    PLANT,
    ROAD,
    IntakeDesk,
    figure,
    make_desk,
    project,
    question,
)
from guatu.reporting.types import DeliveryState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import put_table, put_workbook, report_line

ODD = ("<script>alert(1)</script>", "=1+1", "长" * 10_000, "‮表", "'; DROP TABLE x; --")


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)


@pytest.fixture
def office(desk: IntakeDesk) -> Client:
    return desk.browser()


def page(desk: IntakeDesk, client: Client) -> str:
    return client.get(desk.url("intake")).content.decode()


def test_the_desk_shows_what_came_and_who_is_missing(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1"), report_line("没有的", "1")))
    text = page(desk, office)
    for words in (
        "收表台",
        '1<span class="unit"> / 5个，',
        "甲.csv",
        "是哪个项目？",
        ROAD,
        "【催报】",
    ):
        assert words in text, words
    assert f'代报{PARK}"' not in text


def test_a_form_without_script_drops_and_takes_in_at_once(desk: IntakeDesk, office: Client) -> None:
    files = [
        desk.file("甲.csv", report_line(PARK, "900", "P-1")),
        desk.file("乙.csv", report_line(ROAD, "100", "P-2")),
    ]
    assert desk.drop(office, *files).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.DONE
    assert (figure(PARK), figure(ROAD)) == (900, 100)


def test_the_same_token_twice_has_one_effect(desk: IntakeDesk, office: Client) -> None:
    token, file = new_token(), desk.file("甲.csv", report_line(PARK, "900", "P-1"))
    answers = [desk.drop(office, file, token=token).status_code for _ in range(3)]
    assert answers == [302, 302, 302]
    assert Delivery.objects.count() == 1
    assert Figure.objects.count() == 1
    other = desk.file("乙.csv", report_line(ROAD, "5", "P-2"))
    assert desk.drop(office, other, token=token).status_code == 409


def test_files_sent_by_script_are_taken_in_afterwards(desk: IntakeDesk, office: Client) -> None:
    drop = new_token()
    for n, name in enumerate((PARK, ROAD)):
        file = desk.file(f"{n}.csv", report_line(name, "7", f"P-{n + 1}"))
        answer = desk.drop(office, file, token=f"{drop}-{n}", drop=drop, more="1")
        assert answer.status_code == 200
    assert not Report.objects.exists()
    delivery = Delivery.objects.get()
    text = office.get(desk.url("intake-files")).content.decode()
    assert "未处理完" in text
    url = desk.url("intake-take-in", delivery_id=delivery.pk)
    assert office.post(url, headers={"HX-Request": "true"}).status_code == 200
    assert office.post(url).status_code == 302
    assert Report.objects.count() == 2


def test_asking_how_far_it_is_does_not_keep_a_session_alive(
    desk: IntakeDesk, office: Client
) -> None:
    receive(desk.office, desk.round, "k", [desk.file("甲.csv", report_line(PARK, "900"))])
    office.get(desk.url("intake-files"), headers={"X-Guatu-Background": "1"})
    assert "seen_at" not in office.session


def test_a_locked_round_takes_nothing(desk: IntakeDesk, office: Client) -> None:
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    answer = desk.drop(office, desk.file("甲.csv", report_line(PARK, "9")))
    assert (answer.status_code, "已锁定" in answer.content.decode()) == (409, True)
    assert "不再收表" in page(desk, office)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "name", ["intake-deliver", "intake-take-in", "intake-answer", "intake-note"]
)
def test_acts_are_posted(desk: IntakeDesk, office: Client, name: str) -> None:
    ids = {
        "intake-take-in": {"delivery_id": 1},
        "intake-answer": {"question_id": 1},
        "intake-note": {"organisation_id": 1},
    }
    assert office.get(desk.url(name, **ids.get(name, {}))).status_code == 405


@pytest.mark.parametrize("number", [0, 999_999, 2**70])
def test_unknown_ids_are_not_found(desk: IntakeDesk, office: Client, number: int) -> None:
    token = {TOKEN_FIELD: new_token()}
    assert office.get(reverse("intake", args=[number])).status_code == 404
    assert office.get(desk.url("proxy-entry", project_id=number)).status_code == 404
    for name, key in (
        ("intake-take-in", "delivery_id"),
        ("intake-answer", "question_id"),
        ("intake-note", "organisation_id"),
    ):
        assert office.post(desk.url(name, **{key: number}), token).status_code == 404, name


def test_a_question_is_answered_in_place(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    asked = question("unknown-project")
    found = office.get(desk.url("intake-projects"), {"project_text": "材料"}).content.decode()
    assert f'value="project:{project(PARK).pk}"' in found
    wrong = desk.answer(asked, "project", project_text="材料")
    assert (wrong.status_code, PARK in wrong.content.decode()) == (422, True)
    right = desk.answer(asked, "project", project=str(project(PARK).pk))
    assert (right.status_code, figure(PARK)) == (302, 900)
    assert desk.answer(asked, "project", project="1").status_code == 409


def test_an_answer_by_htmx_says_what_happened(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    url = desk.url("intake-answer", question_id=question("approximate").pk)
    headers = {"HX-Request": "true"}
    for n, (fields, status) in enumerate(
        (
            ({"answer": "figure", "wan": "九百"}, 422),
            ({"answer": "figure", "wan": ODD[0]}, 422),
            ({"answer": "choice:99"}, 422),
            ({"answer": ""}, 422),
            ({"answer": "dismiss", "why_not": ""}, 422),
            ({"answer": "", "wan": "900", "why_not": "两样"}, 422),
            ({"answer": "figure", "wan": "900"}, 200),
        )
    ):
        answer = office.post(url, {TOKEN_FIELD: f"{new_token()}{n}", **fields}, headers=headers)
        assert answer.status_code == status, fields
        assert "<html" not in answer.content.decode()
    assert "入库1行" in answer.content.decode()
    assert IntakeAnswer.objects.get().value == "9000000"


def test_odd_texts_in_files_are_shown_as_they_are(desk: IntakeDesk, office: Client) -> None:
    lines = [report_line(text, "1") for text in ODD]
    desk.take(desk.file("甲.csv", *lines), Upload(f"{ODD[1]}.csv", b"\xff\x00"))
    text = page(desk, office)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def proxy_fields(desk: IntakeDesk, **other: str) -> dict[str, str]:
    return {
        TOKEN_FIELD: new_token(),
        "year": "900",
        "source": "phone",
        "said_by": "老王",
        "said_at": "2026-10-10T10:20",
        "seen": entry_version(desk.round, project(PARK).pk),
        **other,
    }


def test_entering_for_a_unit(desk: IntakeDesk, office: Client) -> None:
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    assert "代报" in office.get(url).content.decode()
    assert office.post(url, proxy_fields(desk)).status_code == 302
    assert figure(PARK) == 900
    assert "代报待确认" in page(desk, office)
    again = office.get(url).content.decode()
    assert 'value="900"' in again


def test_a_unit_corrects_itself_on_the_telephone(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "800", "P-1")))
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    for year in ("900", "950"):
        told = office.post(url, proxy_fields(desk, year=year, reason="电话核实"))
        assert told.status_code == 302
        assert figure(PARK) == int(year)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "2099-01-01T00:00", "9999-12-31T23:59"])
def test_nobody_said_it_then(desk: IntakeDesk, office: Client, moment: str) -> None:
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    told = office.post(url, proxy_fields(desk, said_at=moment))
    assert (told.status_code, "报送时间不对" in told.content.decode()) == (422, True)
    for field in ("started_on", "completed_on"):
        told = office.post(url, proxy_fields(desk, **{field: moment[:10]}))
        assert told.status_code == 422, field


def test_two_who_enter_at_once_lose_no_word(desk: IntakeDesk, office: Client) -> None:
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    first, second = proxy_fields(desk), proxy_fields(desk, year="950", progress="我填的进度")
    assert office.post(url, first).status_code == 302
    told = desk.browser("second_office").post(url, second)
    text = told.content.decode()
    assert told.status_code == 409
    assert "我填的进度" in text
    assert 'value="950"' in text
    assert "900" in text
    seen = entry_version(desk.round, project(PARK).pk)
    assert f'value="{seen}"' in text


@pytest.mark.parametrize("wrong", [*ODD, "", "1e400", "nan", "1.00001"])
def test_a_wrong_amount_stays_on_its_form(desk: IntakeDesk, office: Client, wrong: str) -> None:
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    told = office.post(url, proxy_fields(desk, year=wrong, progress="我填的"))
    assert (told.status_code, "我填的" in told.content.decode()) == (422, True)
    assert not Report.objects.exists()


def test_fields_of_the_model_that_are_not_on_the_form_change_nothing(
    desk: IntakeDesk, office: Client
) -> None:
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    office.post(url, proxy_fields(desk, state="accepted", by="别人", version="9"))
    report = Report.objects.get()
    assert (report.state, report.by) == ("proxy_unconfirmed", "office")


def test_a_call_is_noted_and_shown(desk: IntakeDesk, office: Client) -> None:
    url = desk.url("intake-note", organisation_id=desk.people.organisations[UNIT])
    assert office.post(url, {TOKEN_FIELD: new_token(), "text": "答应下午报"}).status_code == 302
    assert "答应下午报" in page(desk, office)
    for text in ("", ODD[2]):
        assert office.post(url, {TOKEN_FIELD: new_token(), "text": text}).status_code == 422
    assert CallNote.objects.count() == 1


def test_quick_figures_are_saved_together_and_gone_after_locking(
    desk: IntakeDesk, office: Client
) -> None:
    url = desk.url("quick-figures")
    park, road = (f"value-{project(name).pk}" for name in (PARK, ROAD))

    def post(**fields: str) -> int:
        return office.post(url, {TOKEN_FIELD: new_token(), **fields}).status_code

    assert post(**{park: "1234", road: "  ", "value-x": "1"}) == 302
    assert QuickFigure.objects.count() == 1
    assert post(**{park: "1300", road: "50"}) == 302
    text = office.get(url).content.decode()
    assert 'class="quick">1,300' in text
    assert "50" in text
    for value in ("x", ODD[0], "1e400"):
        wrong = office.post(url, {TOKEN_FIELD: new_token(), park: "77", road: value})
        told = wrong.content.decode()
        assert (wrong.status_code, 'value="77"' in told, "请按万元填数" in told) == (
            422,
            True,
            True,
        )
    assert post() == post(**{park: "", "value": "3"}) == 422
    assert post(**{"value-999999": "3", park: "5"}) == 404
    assert post(**{park: "99999999999999"}) == 422
    assert QuickFigure.objects.count() == 3
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "1,300" not in office.get(url).content.decode()


def test_quick_figures_stand_beside_plan_and_last_figure_of_one_unit(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    url = reverse("quick-figures", args=[october.pk])
    text = office.get(url).content.decode()
    assert '900 <span class="faint">9月30日' in text
    unit = str(desk.people.organisations[OTHER_UNIT])
    chosen = office.get(url, {"unit": unit}).content.decode()
    assert ("科创中心" in chosen, PARK in chosen) == (True, False)
    for odd in ("x", "999999", ODD[2]):
        assert office.get(url, {"unit": odd}).status_code == 200


def test_a_question_of_an_amount_says_the_column_and_the_last_figure(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("九月.csv", report_line(PARK, "900", "P-1")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    later.take(desk.file("十月.csv", report_line(PARK, "正在统计", "P-1")))
    told = " ".join(re.sub(r"<[^>]+>", " ", page(later, office)).split())
    assert "9月底累计 900万元" in told
    assert "（本年累计完成投资）" in told


def test_a_round_is_opened_from_the_list_of_months(desk: IntakeDesk, office: Client) -> None:
    months = office.get(reverse("months")).content.decode()
    for words in (
        "2026年9月",
        '<option value="2026-10" selected>2026年10月</option>',
        '<option value="2026-Q4">2026年第四季度</option>',
        '<optgroup label="旬">',
    ):
        assert words in months, words
    for words in ('value="2026-09"', 'value="2026-11"', 'value="2026-W53"'):
        assert words not in months, words
    fields = {"list": str(desk.round.list_id), "period": "2026-10"}
    answer = office.post(reverse("months-open"), {TOKEN_FIELD: new_token(), **fields})
    assert answer.status_code == 302
    for period in ("2026-12", "2025-01", "x", "", "2026-01+02x", ODD[0]):
        wrong = {TOKEN_FIELD: new_token(), **fields, "period": period}
        told = office.post(reverse("months-open"), wrong)
        assert told.status_code == 422, period
        assert not re.search(r"2021-|guatu ", told.content.decode()), period
    assert "请从列表里选，如“2026年10月”" in told.content.decode()


def test_rounds_are_found_as_people_call_them(desk: IntakeDesk, office: Client) -> None:
    for text, is_found in (("2026年9月", True), ("9月", True), ("2026-09", True), ("8月", False)):
        found = office.get(reverse("months"), {"q": text, "state": "open"}).content.decode()
        assert ("收表台</a>" in found) == is_found, text


def test_who_may_open_nothing_sees_no_column_for_it(desk: IntakeDesk) -> None:
    text = desk.browser("reporter").get(reverse("months")).content.decode()
    assert "2026年9月" in text
    assert "进入" not in text


def test_a_missing_unit_is_asked_once_for_its_column(desk: IntakeDesk, office: Client) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲.csv", head, (PARK, "9000.0"), (ROAD, "100"))
    desk.take(Upload("甲.csv", path.read_bytes()))
    text = page(desk, office)
    assert text.count("金额是什么单位？") == 1
    assert f"{PARK}、{ROAD}，共2行" in text
    assert "万元（即9,000万元）" in text
    assert "疑问（1条待答复，0条待核实）" in text
    assert standings([desk.round])[desk.round.pk].to_answer == 1
    first = IntakeQuestion.objects.order_by("pk")[0]
    assert desk.answer(first, "choice:0").status_code == 302
    assert (figure(PARK), figure(ROAD)) == (9000, 100)
    assert standings([desk.round])[desk.round.pk] == Standing(5, 2, 0, 0, 0)


def test_a_question_says_what_the_cell_shows_and_what_to_do(
    desk: IntakeDesk, office: Client
) -> None:
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）", "年度计划完成率")
    path = desk.folder / "甲.xlsx"
    put_workbook(
        path,
        head,
        (PARK, 2.40199012104051e19, 900, None),
        (ROAD, "P-2", 64_830_000, None),
        ("科创中心", "P-5", 805, "905%"),
    )
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    text = page(desk, office)
    for words in (
        "代码已变成2.40E+19，末几位丢失",
        "64,830,000万元（6,483.00亿元）",
        "完成率写905.0%，按所报数字是6.7%",
    ):
        assert words in text, words
    for words in ("e+19", f"{PARK}：", "64830000万元", "表中写905.0%", "Sheet1"):
        assert words not in text, words


@pytest.mark.parametrize(
    ("code", "raw", "words"),
    [
        ("fraction-of-yuan", "3522.12345", "按四舍五入到元记"),
        ("formula-without-value", "", "保存后重发"),
        ("cell-error", "#REF!", "改正公式后重发"),
        ("no-figure", "", "请问清后代报"),
    ],
)
def test_every_message_says_what_to_do(code: str, raw: str, words: str) -> None:
    assert words in words_of(code, Facts(name=PARK, field="本年累计完成投资", raw=raw), "")


def test_each_question_has_one_answer_that_stands_out(desk: IntakeDesk, office: Client) -> None:
    lines = (
        report_line(PARK, "约900", "P-1"),
        report_line("江北材料园", "9"),
        report_line(ROAD, "-5", "P-2"),
        report_line(PLANT, "70"),
    )
    desk.take(desk.file("甲.csv", *lines))
    text = page(desk, office)
    forms = re.findall(r'<form class="question".*?</form>', text, re.DOTALL)
    assert len(forms) == 4
    for form in forms:
        assert form.count("btn-primary") == 1, form
        assert form.count("<details") == 1
        assert form.index("<details") < form.index('value="dismiss')


def test_the_enter_key_answers_with_what_was_typed(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    assert desk.answer(question("approximate"), "", wan="905").status_code == 302
    assert figure(PARK) == 905


def test_a_near_project_is_one_press_away(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line("江北新材料产业园区", "900")))
    asked = question("unknown-project")
    pressed = f"project:{project(PARK).pk}"
    assert f'value="{pressed}"' in page(desk, office)
    assert desk.answer(asked, pressed).status_code == 302
    assert figure(PARK) == 900


def test_whom_to_call_stands_beside_what_is_missing(desk: IntakeDesk, office: Client) -> None:
    assert f'<a href="{reverse("admin-people")}"' in page(desk, office)
    create_person(
        desk.people.console,
        "赵三",
        organisation_id=desk.people.organisations[UNIT],
        phone="0791-8888666",
    )
    assert "赵三 0791-8888666" in page(desk, office)


def test_units_of_which_all_came_are_folded_away(desk: IntakeDesk, office: Client) -> None:
    names = ((PARK, "P-1", ""), (ROAD, "P-2", ""), (PLANT, "", "江北区"))
    lines = [report_line(name, "9", code, 所属地区=region) for name, code, region in names]
    desk.take(desk.file("甲.csv", *lines))
    text = page(desk, office)
    assert "未报（1个单位，2个项目）" in text
    assert text.index("已来表的单位（1）") < text.index(f"<li>{UNIT} 3/3")


def test_dropping_files_comes_before_locking_until_everything_is_there(
    desk: IntakeDesk, office: Client
) -> None:
    lock = re.compile(r'<a class="btn (btn-\S+)" href="[^"]*">锁定本期')
    found = lock.search(page(desk, office))
    assert found is not None
    assert found[1] == "btn-outline-primary"
    names = ((PARK, "P-1", ""), (ROAD, "P-2", ""), ("科创中心", "P-5", ""))
    lines = [report_line(name, "9", code) for name, code, _ in names]
    lines += [report_line(PLANT, "9", 所属地区=region) for region in ("江北区", "临江区")]
    desk.take(desk.file("甲.csv", *lines))
    found = lock.search(page(desk, office))
    assert found is not None
    assert found[1] == "btn-primary"


def test_a_file_shows_what_is_asked_about_it_now(desk: IntakeDesk, office: Client) -> None:
    line = report_line(ROAD, "100", "P-2", 年度计划完成率="90%")
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1"), line))
    assert "现在待答复1、待核实1" in page(desk, office)
    assert desk.answer(question("approximate"), "figure", wan="900").status_code == 302
    text = page(desk, office)
    assert "现在待答复0、待核实1" in text
    assert "部分待答复" not in text


@pytest.mark.parametrize("name", ["intake", "quick-figures", "intake-files"])
def test_queries_do_not_grow_with_rows(desk: IntakeDesk, office: Client, name: str) -> None:
    desk.take(desk.file("甲.csv", *(report_line(f"没有{n}", "1") for n in range(3))))
    few = _queries(office, desk.url(name))
    with journal.act(desk.people.console, "more.made") as act:
        for n in range(20):
            pattern = Project.objects.get(name=PARK)
            made = Project(uid=f"{n:032x}", name=f"项目{n}", region_id=pattern.region_id)
            act.write(made)
            entry = ListEntry.objects.filter(project=pattern)[0]
            act.write(
                ListEntry(
                    list_id=entry.list_id,
                    project=made,
                    serial_no=100 + n,
                    joined_on=entry.joined_on,
                )
            )
    desk.take(desk.file("乙.csv", *(report_line(f"没有的{n}", "1") for n in range(12))))
    many = _queries(office, desk.url(name))
    assert many <= few
    assert many <= 12


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_lists_are_exported(desk: IntakeDesk, office: Client) -> None:
    for url in (desk.url("intake-missing-export"), reverse("months-export")):
        answer = office.get(url)
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"
