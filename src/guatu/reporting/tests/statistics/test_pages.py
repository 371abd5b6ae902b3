from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.ledger.models import ListEntry, Project
from guatu.reporting.models import Figure, Indicator
from guatu.reporting.statistics.models import Registration, Statistician
from guatu.reporting.statistics.services import Told, record_statistics
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, project
from guatu.reporting.types import INVESTMENT, FigureSource
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import UNIT
from tests.tables import report_line

AS_OF = date(2026, 9, 30)


def post(client: Client, address: str, **typed: str) -> HttpResponse:
    return client.post(address, {TOKEN_FIELD: new_token(), **typed})  # type: ignore[return-value]


@pytest.fixture
def both(desk: IntakeDesk) -> IntakeDesk:
    """A month with our figures of two projects and theirs of one."""
    desk.take(desk.file("甲.csv", report_line(PARK, "1000"), report_line(ROAD, "500")))
    record_statistics(
        desk.office, AS_OF, [Told(project(PARK).pk, 700 * WAN, True, date(2026, 2, 1))]
    )
    return desk


def page(desk: IntakeDesk, who: str = "office", query: str = "") -> str:
    response = desk.browser(who).get(f"{reverse('statistics')}?round={desk.round.pk}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_both_figures_stand_side_by_side(both: IntakeDesk) -> None:
    told = page(both)
    for words in (">1,000<", ">700<", ">300<", "42.9%", "差距大", "2026-02-01", "口径不同"):
        assert words in told, words
    assert PARK in page(both, query="&standing=large")
    assert ROAD not in page(both, query="&standing=large")


def test_units_see_their_own_projects_only(both: IntakeDesk) -> None:
    assert "科创中心" not in page(both, "reporter")
    assert PARK in page(both, "reporter")
    assert PARK not in page(both, "outsider")


def test_the_export_holds_what_the_page_shows(both: IntakeDesk) -> None:
    content = both.browser().get(f"{reverse('statistics-export')}?round={both.round.pk}").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {PARK, "1000", "700", "300"} <= cells


def test_a_month_is_pasted_previewed_and_confirmed(both: IntakeDesk) -> None:
    office, text = both.browser(), f"P-1\t800\n{ROAD}\t480\t2026-03-01"
    preview = post(office, both.url("statistics-preview"), unit="万元", text=text, reason="核增")
    told = preview.content.decode()
    assert "更正" in told
    assert "新增" in told
    assert "其中更正1个" in told
    assert Figure.objects.filter(source=FigureSource.STATISTICS).count() == 1
    seen = told.split('name="seen" value="')[1].split('"')[0]
    typed = {"unit": "万元", "text": text, "reason": "核增", "seen": seen}
    done = post(office, both.url("statistics-record"), **typed)
    assert done.status_code == 302
    values = Figure.objects.filter(source=FigureSource.STATISTICS, is_current=True)
    assert set(values.values_list("value", flat=True)) == {800 * WAN, 480 * WAN}
    again = post(office, both.url("statistics-record"), **typed)
    assert again.status_code == 409


def test_what_was_pasted_stays_where_it_is_refused(both: IntakeDesk) -> None:
    text = "没有的项目<script>\t1"
    answer = post(both.browser(), both.url("statistics-preview"), unit="万元", text=text)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "不在这份清单里" in told
    assert "没有的项目&lt;script&gt;" in told
    assert "<script>\t1" not in told
    huge = post(
        both.browser(), both.url("statistics-preview"), unit="万元", text="P-1\t" + "9" * 18
    )
    assert huge.status_code in (200, 422)


def test_the_project_page_takes_figures_registration_and_materials(both: IntakeDesk) -> None:
    pk, office = project(ROAD).pk, both.browser()
    typed = {"round": "2026-09", "amount": "450"}
    assert post(office, reverse("statistics-figure", args=[pk]), **typed).status_code == 302
    refused = post(office, reverse("statistics-figure", args=[pk]), round="2026-09", amount="=1")
    assert refused.status_code == 422
    since = {"is_counted": "yes", "counted_since": "2026-05-01", "version": "0"}
    address = reverse("statistics-registration", args=[pk])
    assert post(office, address, **since).status_code == 302
    assert Registration.objects.get(project=pk).counted_since == date(2026, 5, 1)
    stale = post(office, address, **since)
    assert stale.status_code == 409
    told = office.get(reverse("project-statistics", args=[pk])).content.decode()
    assert "450" in told
    assert "2026-05-01起" in told
    assert "施工合同" in told
    kind = told.split('name="kind" value="')[1].split('"')[0]
    material = {"kind": kind, "state": "held", "reference": "江发改1号", "version": "0"}
    address = reverse("statistics-material", args=[pk])
    assert post(office, address, **material).status_code == 302
    wrong = post(office, address, **{**material, "state": "held", "on": "2999-01-01"})
    assert wrong.status_code == 422
    assert "江发改1号" in wrong.content.decode()


def test_a_statistician_is_named_and_ended(both: IntakeDesk) -> None:
    office, unit = both.browser(), both.people.organisations[UNIT]
    typed = {
        "organisation": str(unit),
        "name": "统计甲",
        "phone": "123",
        "valid_from": "2026-01-01",
    }
    assert post(office, reverse("statistician-new"), **typed).status_code == 302
    person = Statistician.objects.get()
    assert "统计甲（123）" in page(both)
    assert "统计甲（123）" not in page(both, "viewer")
    address = reverse("statistician-end", args=[person.pk])
    early = post(office, address, until="2025-01-01", version="1")
    assert early.status_code == 422
    assert post(office, address, until="2026-09-01", version="1").status_code == 302


def test_a_basis_is_changed_on_its_page(both: IntakeDesk) -> None:
    office, pk = both.browser(), Indicator.objects.get(code=INVESTMENT).pk
    address = reverse("basis", args=[pk])
    typed = {"source": "statistics", "coverage": "society", "scope": "全部", "method": "",
             "valid_from": "2026-01-01", "reason": "统计制度"}  # fmt: skip
    assert post(office, address, **typed).status_code == 302
    assert post(office, address, **typed).status_code == 422
    assert post(both.browser("viewer"), address, **typed).status_code == 403
    assert "全社会口径" in office.get(address).content.decode()
    post(office, address, **{**typed, "source": "unit", "coverage": "county", "scope": "清单"})
    assert "口径不同，不比" in page(both)
    assert "42.9%" not in page(both)


def test_the_page_takes_few_queries_whatever_the_rows(both: IntakeDesk) -> None:
    counts = []
    browser = both.browser()
    page(both)  # what a first request reads once is no matter here
    browser.get(reverse("statistics"))
    for more in range(2):
        for n in range(more * 5):
            one = Project.objects.filter(name=PARK).earliest("pk")
            entry = one.entries.get()
            one.pk, one.uid, one.national_code = None, f"{n:032x}", f"N-{n}"
            one._state.adding = True
            one.save()
            ListEntry.objects.create(
                list=entry.list, project=one, serial_no=90 + n, joined_on=entry.joined_on
            )
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(f"{reverse('statistics')}?round={both.round.pk}")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts
