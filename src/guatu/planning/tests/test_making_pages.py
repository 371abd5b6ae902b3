from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.journal import services as journal
from guatu.ledger.making import queries, services
from guatu.ledger.making.comparing import Total
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.types import ApplicationState, CallWords, Decision
from guatu.ledger.models import Project, ProjectList
from guatu.ledger.types import ListState
from guatu.organisation.models import User
from guatu.organisation.queries import root_organisation
from guatu.planning.making import presenters
from guatu.planning.making.last_year import last_year_of
from guatu.planning.making.services import AdjustList, adjust_list, issue_list
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import DEPARTMENT_UNIT, UNIT, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def making(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Making:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    return make_making(people)


def client(making: Making, who: str) -> Client:
    browser = Client()
    user = User.objects.get(pk=getattr(making.people, who).pk)
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    return browser


def get(making: Making, name: str, *ids: int, who: str = "office", query: str = "") -> str:
    page = client(making, who).get(reverse(name, args=ids) + query)
    assert page.status_code == 200
    return page.content.decode()


def post(
    making: Making, name: str, /, *ids: int, who: str = "office", **fields: Any
) -> HttpResponse:
    data = {**fields, TOKEN_FIELD: new_token()}
    answer = client(making, who).post(reverse(name, args=ids), data)
    assert isinstance(answer, HttpResponse)
    return answer


def typed(making: Making, **changes: Any) -> dict[str, Any]:
    return {
        "version": 0,
        "act": "submit",
        "organisation": making.people.organisations[UNIT],
        "name": "江北智算中心",
        "region": making.people.regions["江北区"],
        "nature": "new",
        "total": "50000",
        "plan": "１００００",
        "starts_by": "2027-03",
        "completes_by": "2028-12",
        "land": "done",
        "money": "done",
        "approvals": "underway",
        "approvals_note": "可研待批",
        **changes,
    }


def issued(making: Making) -> ProjectList:
    one = making.apply()
    making.decide(one)
    making.review()
    listing = issue_list(making.office, making.call.pk, making.issuing()).list
    assert listing is not None
    return listing


def test_a_unit_applies_by_page_and_the_office_sees_what_is_missing(making: Making) -> None:
    assert "2027年重点项目" in get(making, "applications", who="reporter")
    answer = post(making, "application-new", making.call.pk, who="reporter", **typed(making))
    assert answer.status_code == 302
    one = Application.objects.get()
    assert (one.state, one.plan_yuan, one.starts_by) == (
        ApplicationState.SUBMITTED, YI, date(2027, 3, 31),
    )  # fmt: skip
    page = get(making, "list-call", making.call.pk)
    assert "审批（办理中：可研待批）" in page
    assert "项目代码" in page
    assert "江北智算中心" in get(making, "applications", who="reporter")
    assert "江北智算中心" not in get(making, "applications", who="outsider")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", "1" + "0" * 18),
        ("total", "NaN"),
        ("total", "=1+1"),
        ("total", "<script>alert(1)</script>"),
        ("total", "-5"),
        ("total", "五万"),
        ("plan", "60000"),
        ("plan", "1e999"),
        ("plan", ""),
        ("starts_by", "2027-13"),
        ("starts_by", "2026-03"),
        ("starts_by", "=NOW()"),
        ("completes_by", "2027-02"),
        ("completes_by", "٢٠٢٧-٠٣"),
        ("name", "名" * 10_000),
        ("name", "隐\u202e藏"),
        ("name", ""),
        ("region", "0"),
        ("region", "x"),
        ("land", "maybe"),
        ("land", ""),
        ("project", "没有的项目"),
        ("organisation", "1"),
        ("act", "drop"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    making: Making, field: str, value: str
) -> None:
    answer = post(
        making, "application-new", making.call.pk, who="reporter",
        **typed(making, **{field: value}),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "可研待批" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert not Application.objects.exists()


def test_the_office_does_not_write_a_units_application(making: Making) -> None:
    one = making.apply()
    answer = post(making, "application", one.pk, **typed(making, name="改"))
    assert answer.status_code == 403
    answer = post(making, "application", one.pk, who="outsider", **typed(making, name="改"))
    assert answer.status_code == 404


def test_the_desk_decides_returns_and_asks_in_batches(making: Making) -> None:
    one, other = making.apply(), making.apply("临江港区", who="outsider")
    ids = [f"{one.pk}.{one.version}", f"{other.pk}.{other.version}"]
    answer = post(making, "list-call-decide", making.call.pk, id=ids, decision="out")
    assert answer.status_code == 422
    assert "请写原因" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 2
    answer = post(
        making, "list-call-ask", making.call.pk, id=ids, departments=f"{DEPARTMENT_UNIT}、没有的局"
    )
    assert answer.status_code == 422
    answer = post(making, "list-call-ask", making.call.pk, id=ids, departments=DEPARTMENT_UNIT)
    assert answer.status_code == 302
    assert (
        post(making, "list-call-decide", making.call.pk, id=ids, decision="in").status_code == 302
    )
    stale = post(making, "list-call-decide", making.call.pk, id=ids, decision="")
    assert stale.status_code == 409
    answer = post(making, "list-call-return", making.call.pk, id=[f"{one.pk}.2"], reason="补批文")
    assert answer.status_code == 302
    assert "补批文" in get(making, "applications", who="reporter")


@pytest.mark.parametrize("ids", [["x"], ["1"], ["1.1;"], ["9" * 30 + ".1"], ["٣.١"], []])
def test_ticks_that_name_nothing_do_nothing(making: Making, ids: list[str]) -> None:
    making.apply()
    answer = post(making, "list-call-decide", making.call.pk, id=ids, decision="in")
    assert answer.status_code == 422


def test_the_desk_filters_sorts_and_exports(making: Making) -> None:
    making.apply()
    making.apply("临江港区", who="outsider", starts_by=None)
    page = get(making, "list-call", making.call.pk, query="?q=港区&sort=-plan&whole=no")
    assert "临江港区" in page
    assert "江北智算中心" not in page
    browser = client(making, "office")
    answer = browser.get(reverse("list-call-export", args=[making.call.pk]) + "?q=港区")
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert sum("临江港区" in map(str, row) for row in rows) == 1
    assert not any("江北智算中心" in map(str, row) for row in rows)


def test_a_department_gives_its_opinion(making: Making) -> None:
    one = making.apply()
    unit = making.people.organisations[DEPARTMENT_UNIT]
    services.ask_opinions(making.office, making.call.pk, {one.pk: one.version}, [unit])
    assert "待提意见" in get(making, "opinions", who="department")
    answer = post(making, "opinion", one.pk, who="department", organisation=unit, stance="disagree")
    assert answer.status_code == 422
    answer = post(
        making, "opinion", one.pk, who="department",
        organisation=unit, stance="conditional", text="先补规划",
    )  # fmt: skip
    assert answer.status_code == 302
    assert "有条件同意" in get(making, "list-call", making.call.pk)
    assert "先补规划" in get(making, "application", one.pk)
    assert "先补规划" not in get(making, "application", one.pk, who="reporter")


def test_look_alikes_are_settled_on_the_applications_page(making: Making) -> None:
    one, again = making.apply(), making.apply("江北智算中心项目", who="outsider", site="")
    page = get(making, "application", again.pk)
    assert "名称只差词尾" in page
    assert "名称只差词尾" not in get(making, "application", again.pk, who="outsider")
    answer = post(making, "application-identity", again.pk, version=again.version)
    assert answer.status_code == 302
    assert Application.objects.get(pk=again.pk).is_confirmed_new
    assert one.pk != again.pk


def test_a_list_is_issued_by_page_once(making: Making) -> None:
    one = making.apply()
    making.decide(one)
    making.review()
    assert "送审稿1" in get(making, "list-call-issue", making.call.pk)
    call = ListCall.objects.get()
    fields: dict[str, Any] = {"version": call.version, "outside_number": "1号", "on": "2026-11-20"}
    assert post(making, "list-call-issue", making.call.pk, **fields).status_code == 422
    answer = post(making, "list-call-issue", making.call.pk, is_checked="on", **fields)
    assert answer.status_code == 302
    again = post(making, "list-call-issue", making.call.pk, is_checked="on", **fields)
    assert again.status_code == 409
    assert "只印发一次" in get(making, "list-call-issue", making.call.pk)
    assert "印发稿1" in get(making, "list-call-versions", making.call.pk)


def test_the_page_asks_what_becomes_of_a_list_of_another_name(making: Making) -> None:
    with journal.act(making.office, "list.made") as act:
        kept = ProjectList(
            owner_organisation=root_organisation(), year=2027, name="重大项目",
            state=ListState.DRAFT,
        )  # fmt: skip
        act.write(kept)
    making.decide(making.apply())
    assert "is_checked" not in get(making, "list-call-issue", making.call.pk)
    making.review()
    assert "由它接替：2027年重大项目" in get(making, "list-call-issue", making.call.pk)
    fields: dict[str, Any] = {
        "version": ListCall.objects.get().version, "outside_number": "1号", "on": "2026-11-20",
        "is_checked": "on",
    }  # fmt: skip
    answer = post(making, "list-call-issue", making.call.pk, **fields)
    assert answer.status_code == 422
    assert "请写明由它接替" in answer.content.decode()
    answer = post(making, "list-call-issue", making.call.pk, **fields, replaces="0")
    assert answer.status_code == 302
    assert ProjectList.objects.filter(year=2027).count() == 2


def test_a_list_is_adjusted_by_page(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = issued(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-08-20")
    entry = queries.standing_on(listing.pk)[0]
    fields: dict[str, Any] = {
        "outside_number": "30号", "on": "2027-08-20", "reason": "年中", "is_checked": "on",
    }  # fmt: skip
    for bad in ("10^18", "NaN", "=1", "1" + "0" * 18, "<script>"):
        answer = post(making, "list-adjust", listing.pk, **fields, **{f"plan-{entry.pk}": bad})
        assert answer.status_code == 422, bad
    answer = post(making, "list-adjust", listing.pk, **fields, joins="没有的项目 5")
    assert answer.status_code == 422
    answer = post(making, "list-adjust", listing.pk, **fields, **{f"plan-{entry.pk}": "2亿元"})
    assert answer.status_code == 302
    page = get(making, "list-adjustments", listing.pk)
    assert "第1次调整 · 30号" in page
    assert "10,000" in page
    assert "20,000" in page


def test_totals_stand_beside_last_years(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(making)
    monkeypatch.setenv("GUATU_TODAY", "2027-11-20")
    listing = ProjectList.objects.get()
    entry = queries.standing_on(listing.pk)[0]
    command = AdjustList("2号", date(2027, 8, 1), "加码", plans={entry.pk: 3 * YI})
    adjust_list(making.office, listing.pk, command)
    call = ListCall.objects.create(
        year=2028, name="重点项目", opens_on=date(2027, 10, 1), closes_on=date(2027, 12, 1)
    )
    page = get(making, "list-call-totals", call.pk)
    assert "2027年重点项目" in page
    assert "-30,000" in page
    export = client(making, "office").get(reverse("list-call-totals-export", args=[call.pk]))
    assert len(load_workbook(io.BytesIO(export.content)).worksheets) == 5


def test_both_years_are_summed_as_by_hand(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    """2027: 5亿 with 1亿 planned in 江北区, and a part of it that counts nothing.

    2028: 7亿 with 3亿 planned in 临江区.
    """
    making.decide(making.apply(), making.apply("江北智算中心二标段", plan_yuan=2 * YI))
    making.review()
    issue_list(making.office, making.call.pk, making.issuing())
    listing = ProjectList.objects.get()
    whole, part = (entry.project for entry in queries.standing_on(listing.pk))
    Project.objects.filter(pk=part.pk).update(package=whole)
    monkeypatch.setenv("GUATU_TODAY", "2027-11-20")
    words = CallWords(2028, "重点项目", date(2027, 10, 1), date(2027, 12, 1), "")
    later = replace(making, call=services.open_call(making.office, words))
    region = making.people.regions["临江区"]
    one = later.apply(
        "临江码头", region_id=region, total_yuan=7 * YI, plan_yuan=3 * YI,
        starts_by=date(2028, 3, 31), completes_by=date(2029, 6, 30),
    )  # fmt: skip
    later.decide(one)
    shown = presenters.totals_page(later.call, QueryDict())
    assert shown["whole"].this == Total(1, 7 * YI, 3 * YI)
    assert shown["whole"].last == Total(1, 5 * YI, YI)
    told = last_year_of(later.call)
    assert told is not None
    assert (told.label, told.total) == ("2027年重点项目", Total(1, 5 * YI, YI))
    groups = {label: {row.label: row for row in grid.rows} for label, grid in shown["tables"]}
    by_region = groups["地区"]
    assert (by_region["临江区"].count_change, by_region["临江区"].plan_change) == (1, 3 * YI)
    assert (by_region["江北区"].count_change, by_region["江北区"].plan_change) == (-1, -YI)
    assert groups["单位"][UNIT].plan_change == 2 * YI
    assert [row.this.total_yuan for row in groups["建设性质"].values()] == [7 * YI]
    page = get(later, "list-call", later.call.pk)
    for figure in ("2028年定为列入的", "70,000", "30,000", "2027年重点项目", "50,000", "10,000"):
        assert figure in page
    assert "列入 · 条件有缺</dt><dd>1 · 1<" in page


@pytest.mark.parametrize(
    "name", ["list-calls", "list-call", "list-call-totals", "list-call-versions", "applications"]
)
def test_queries_do_not_grow_with_the_rows(making: Making, name: str) -> None:
    who = "reporter" if name == "applications" else "office"
    ids = [] if name in ("list-calls", "applications") else [making.call.pk]
    making.apply()

    def count() -> int:
        browser = client(making, who)
        browser.get(reverse(name, args=ids))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(reverse(name, args=ids)).status_code == 200
        return len(seen)

    before = count()
    for at in range(6):
        making.apply(f"江北第{at}项目")
    assert count() == before
    assert before <= 12, before


def test_a_versions_annex_is_a_workbook(making: Making) -> None:
    making.decide(making.apply(), decision=Decision.RESERVE, reason="=1+1")
    making.review()
    found = queries.versions_of(making.call)[0]
    answer = client(making, "office").get(reverse("list-version", args=[found.pk]))
    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).worksheets[0].rows
             for cell in row]  # fmt: skip
    assert any(cell.value == "江北智算中心" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_an_annex_is_a_document_with_sums_by_group(making: Making) -> None:
    one = making.apply()
    other = making.apply("临江码头", content="第一行\r\n第二行")
    out = making.apply("江北会展中心")
    making.decide(one, other)
    making.decide(out, decision=Decision.OUT, reason="条件不成熟")
    making.review()
    reviewed = making.call.versions.get()
    answer = client(making, "office").get(
        reverse("list-version-docx", args=[reviewed.pk]), {"group": "nature"}
    )
    opened = docx.Document(io.BytesIO(answer.content))
    cells = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert cells[1][1] == "合计（2个）"
    assert "建设性质" not in cells[0]
    assert cells[1][5:7] == ["100,000", "20,000"]
    assert cells[2][:2] == ["一", "新建（2个）"]
    assert [row[:2] for row in cells[3:]] == [["1", "江北智算中心"], ["2", "临江码头"]]
    assert "第一行 第二行" in cells[4][4]
    assert "2027年重点项目清单（送审稿1）" in [p.text for p in opened.paragraphs]
    assert client(making, "reporter").get(answer.request["PATH_INFO"]).status_code == 403
