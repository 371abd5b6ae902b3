from __future__ import annotations

import pytest
from django.test import Client

from guatu.reporting.models import (
    Report,
)
from guatu.reporting.queries import entry_versions
from guatu.reporting.tests.desk import (
    PARK,
    IntakeDesk,
    figure,
    page,
    project,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import report_line

ODD = ("<script>alert(1)</script>", "=1+1", "长" * 10_000, "‮表", "'; DROP TABLE x; --")


def proxy_fields(desk: IntakeDesk, **other: str) -> dict[str, str]:
    return {
        TOKEN_FIELD: new_token(),
        "year": "900",
        "source": "phone",
        "said_by": "老王",
        "said_at": "2026-10-10T10:20",
        "seen": entry_versions(desk.round, [project(PARK).pk])[project(PARK).pk],
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
    seen = entry_versions(desk.round, [project(PARK).pk])[project(PARK).pk]
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


def test_who_came_from_a_question_goes_back_to_the_questions(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    assert f'{desk.url("intake")}#questions">不代报' in office.get(url).content.decode()
    saved = office.post(url, proxy_fields(desk))
    assert saved["Location"] == f"{desk.url('intake')}#questions"
    assert f"已代报“{PARK}”，待单位确认" in page(desk, office)
