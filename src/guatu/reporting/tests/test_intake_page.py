from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project
from guatu.reporting.models import CallNote, Delivery, Figure, IntakeAnswer, QuickFigure, Report
from guatu.reporting.queries import entry_version
from guatu.reporting.services.deliveries import Upload, receive
from guatu.reporting.tests.desk import (
    PARK,
    PERIOD,
    ROAD,
    IntakeDesk,
    figure,
    make_desk,
    project,
    question,
)
from guatu.reporting.types import DeliveryState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import UNIT, Cast
from tests.tables import report_line

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
        '1<span class="unit"> / 5个',
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
    assert f'value="{project(PARK).pk}"' in found
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
            ({"answer": "dismiss", "reason": ""}, 422),
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


def test_quick_figures_are_gone_after_locking(desk: IntakeDesk, office: Client) -> None:
    url = desk.url("quick-figures")
    fields = {TOKEN_FIELD: new_token(), "project": str(project(PARK).pk), "value": "1234"}
    assert office.post(url, fields).status_code == 302
    assert 'class="quick">1234' in office.get(url).content.decode()
    for value in ("", "x", ODD[0]):
        wrong = {**fields, TOKEN_FIELD: new_token(), "value": value}
        assert office.post(url, wrong).status_code == 422
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "1234" not in office.get(url).content.decode()
    assert QuickFigure.objects.count() == 1


def test_a_round_is_opened_from_the_list_of_months(desk: IntakeDesk, office: Client) -> None:
    months = office.get(reverse("months")).content.decode()
    assert PERIOD in months
    assert "2026-10" in months
    fields = {"list": str(desk.round.list_id), "period": "2026-10"}
    answer = office.post(reverse("months-open"), {TOKEN_FIELD: new_token(), **fields})
    assert answer.status_code == 302
    for period in ("2026-12", "2025-01", "x", "2026-01+02x", ODD[0]):
        wrong = {TOKEN_FIELD: new_token(), **fields, "period": period}
        assert office.post(reverse("months-open"), wrong).status_code == 422, period


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
