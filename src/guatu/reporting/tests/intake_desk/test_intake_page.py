from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project
from guatu.organisation.services.users import create_person
from guatu.reporting.models import (
    CallNote,
    Delivery,
    Figure,
    Report,
)
from guatu.reporting.services.deliveries import Upload, receive
from guatu.reporting.tests.desk import (
    PARK,
    PLANT,
    ROAD,
    IntakeDesk,
    figure,
    page,
)
from guatu.reporting.types import DeliveryState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import UNIT
from tests.tables import report_line

ODD = ("<script>alert(1)</script>", "=1+1", "长" * 10_000, "‮表", "'; DROP TABLE x; --")


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
    "name",
    ["intake-deliver", "intake-take-in", "intake-answer", "intake-note", "intake-withdraw"],
)
def test_acts_are_posted(desk: IntakeDesk, office: Client, name: str) -> None:
    ids = {
        "intake-take-in": {"delivery_id": 1},
        "intake-answer": {"question_id": 1},
        "intake-note": {"organisation_id": 1},
        "intake-withdraw": {"answer_id": 1},
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


def test_odd_texts_in_files_are_shown_as_they_are(desk: IntakeDesk, office: Client) -> None:
    lines = [report_line(text, "1") for text in ODD]
    desk.take(desk.file("甲.csv", *lines), Upload(f"{ODD[1]}.csv", b"\xff\x00"))
    text = page(desk, office)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_call_is_noted_and_shown(desk: IntakeDesk, office: Client) -> None:
    url = desk.url("intake-note", organisation_id=desk.people.organisations[UNIT])
    assert office.post(url, {TOKEN_FIELD: new_token(), "text": "答应下午报"}).status_code == 302
    assert "答应下午报" in page(desk, office)
    for text in ("", ODD[2]):
        assert office.post(url, {TOKEN_FIELD: new_token(), "text": text}).status_code == 422
    assert CallNote.objects.count() == 1


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


@pytest.mark.parametrize("name", ["intake", "quick-figures", "intake-files"])
def test_queries_do_not_grow_with_rows(desk: IntakeDesk, office: Client, name: str) -> None:
    asked = report_line(PARK, "约900", "P-1"), report_line(ROAD, "1", "P-2", 年度计划完成率="90%")
    unknown = (report_line(f"没有{n}", "1") for n in range(3))
    desk.take(desk.file("甲.csv", *asked, report_line("江北材料园", "2"), *unknown))
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
    unknown = (report_line(f"没有的{n}", "1") for n in range(12))
    more = (report_line(f"项目{n}", f"约{n}") for n in range(20))
    desk.take(desk.file("乙.csv", *unknown, *more), desk.file("丙.csv", report_line(PLANT, "1")))
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
