from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.journal.models import Entry
from guatu.ledger.models import Project, ProjectList, Responsibility
from guatu.ledger.services import AssignDuty, assign_duty
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.models import Person, User
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import project_row, put_list, take_list

pytestmark = pytest.mark.django_db
FIRST, SECOND = "江北新材料产业园", "滨江路改造"
DAY = date(2026, 3, 1)


@pytest.fixture
def listing(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectList:
    monkeypatch.setenv("GUATU_TODAY", "2026-03-10")
    rows = (project_row(FIRST, "P-1"), project_row(SECOND, "P-2"))
    take_list(people.console, put_list(tmp_path / "清单.csv", *rows))
    return ProjectList.objects.get()


def client(people: Cast, who: str = "office") -> Client:
    browser = Client()
    user = User.objects.get(pk=getattr(people, who).pk)
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    return browser


def typed(listing: ProjectList, table: str, **changes: Any) -> dict[str, Any]:
    told = {"list": listing.pk, "valid_from": DAY.isoformat(), "basis": "江重办〔2026〕5号"}
    return {**told, "table": table, **changes, TOKEN_FIELD: new_token()}


def preview(people: Cast, listing: ProjectList, table: str, **changes: Any) -> HttpResponse:
    answer = client(people).post(reverse("assign-many"), typed(listing, table, **changes))
    assert isinstance(answer, HttpResponse)
    return answer


def confirm(people: Cast, listing: ProjectList, table: str, **changes: Any) -> HttpResponse:
    page = preview(people, listing, table, **changes).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    answer = client(people).post(
        reverse("assign-many-apply"), typed(listing, table, seen=seen, **changes)
    )
    assert isinstance(answer, HttpResponse)
    return answer


def leader_of(name: str) -> str:
    row = Responsibility.objects.get(
        project__name=name, role=ResponsibilityRole.LEADER, valid_to__isnull=True
    )
    assert row.person is not None
    return row.person.name


def test_a_pasted_table_changes_leaders_and_units_in_one_act(
    people: Cast, listing: ProjectList
) -> None:
    table = f"项目\t包联领导\t责任单位\n{FIRST}\t周正明\t{OTHER_UNIT}\nP-2\t周正明\t"
    before = Entry.objects.count()
    assert confirm(people, listing, table).status_code == 302
    assert Entry.objects.count() == before + 1
    assert (leader_of(FIRST), leader_of(SECOND)) == ("周正明", "周正明")
    leads = Responsibility.objects.filter(
        project__name=FIRST, role=ResponsibilityRole.LEAD, valid_to__isnull=True
    )
    assert [one.organisation_id for one in leads] == [people.organisations[OTHER_UNIT]]
    page = preview(people, listing, table).content.decode()
    assert "和现在一样" in page


def test_who_took_over_ends_the_day_before(people: Cast, listing: ProjectList) -> None:
    confirm(people, listing, f"{FIRST}\t周正明")
    again = confirm(
        people, listing, f"{FIRST}\t李文博", valid_from="2026-03-05", creates_persons="on"
    )
    assert again.status_code == 302
    rows = Responsibility.objects.filter(project__name=FIRST, role=ResponsibilityRole.LEADER)
    spans = [(one.valid_from, one.valid_to) for one in rows.order_by("pk")]
    assert spans == [(DAY, date(2026, 3, 4)), (date(2026, 3, 5), None)]
    early = confirm(people, listing, f"{FIRST}\t周正明", valid_from="2026-02-01")
    assert early.status_code == 422
    assert "接替日期不能更早" in early.content.decode()
    assert leader_of(FIRST) == "李文博"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("没有的项目\t周正明", "找不到这个项目"),
        ("\t周正明", "没有写项目"),
        (f"{FIRST}\t", "没有写由谁承担"),
        (f"{FIRST}\t周正明\n{FIRST}\t周正明", "与第1行是同一个项目"),
        (f"项目\t责任单位\n{FIRST}\t没有的局", "没有这个单位"),
        (f"项目\t包联领导\n{FIRST}\t{'长' * 60}", "姓名太长"),
        (f"{FIRST}\t新来的人", "确属新增的请勾选"),
        ("<script>alert(1)</script>\t=1+1", "找不到这个项目"),
    ],
)
def test_a_row_in_question_keeps_all_from_being_done(
    people: Cast, listing: ProjectList, table: str, told: str
) -> None:
    page = preview(people, listing, f"{table}\n{SECOND}\t周正明").content.decode()
    assert told in page
    assert "确认登记" not in page
    assert "<script>alert" not in page
    before = Entry.objects.count()
    assert confirm(people, listing, f"{table}\n{SECOND}\t周正明").status_code in (409, 422)
    assert (Entry.objects.count(), Person.objects.filter(name="新来的人").exists()) == (
        before, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"table": ""}, "请填写分工表"),
        ({"table": f"项目\t颜色\n{FIRST}\t红"}, "不是一种责任"),
        ({"table": f"项目\n{FIRST}"}, "表头只有项目"),
        ({"basis": ""}, "请填写依据"),
        ({"valid_from": "三月"}, "从哪天起"),
        ({"list": "999"}, "清单"),
    ],
)
def test_bad_input_is_told_at_its_field(
    people: Cast, listing: ProjectList, changes: dict[str, str], told: str
) -> None:
    answer = client(people).post(
        reverse("assign-many"), typed(listing, f"{FIRST}\t周正明") | changes
    )
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (422, True)


def test_a_change_in_between_stops_the_confirmation(people: Cast, listing: ProjectList) -> None:
    table = f"{FIRST}\t周正明"
    page = preview(people, listing, table).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    duty = AssignDuty(
        ResponsibilityRole.LEADER, DAY, "会议", person_name="李文博", creates_person=True
    )
    assign_duty(people.act_as("office"), Project.objects.get(name=FIRST).pk, duty)
    answer = client(people).post(reverse("assign-many-apply"), typed(listing, table, seen=seen))
    assert answer.status_code == 409
    assert leader_of(FIRST) == "李文博"


def test_only_the_office_assigns(people: Cast, listing: ProjectList) -> None:
    for who in ("viewer", "reporter", "outsider", "leader"):
        assert client(people, who).get(reverse("assign-many")).status_code == 403
    assert client(people).get(reverse("assign-many-apply")).status_code == 405


def test_the_annex_stands_under_its_leaders(people: Cast, listing: ProjectList) -> None:
    confirm(people, listing, f"{SECOND}\t周正明")
    answer = client(people).get(reverse("assignments-docx"), {"list": listing.pk})
    rows = docx.Document(io.BytesIO(answer.content)).tables[0].rows
    said = [[cell.text for cell in row.cells] for row in rows]
    assert [row[1] for row in said[1:]] == [
        "周正明（1个）", SECOND, "未明确包联领导（1个）", FIRST,
    ]  # fmt: skip
    assert (said[2][0], said[2][3]) == ("1", UNIT)


def test_queries_do_not_grow_with_the_rows(people: Cast, listing: ProjectList) -> None:
    def count(table: str) -> int:
        browser = client(people)
        browser.get(reverse("assign-many"))
        with CaptureQueriesContext(connection) as caught:
            browser.post(reverse("assign-many"), typed(listing, table))
        return len(caught)

    assert count(f"{FIRST}\t周正明") == count(f"{FIRST}\t周正明\n{SECOND}\t周正明") <= 12
