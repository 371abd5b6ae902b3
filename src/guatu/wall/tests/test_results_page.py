"""进展: groups in ledger order beside target and average, rows behind every number, no leaks."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from conftest import Today
from guatu.organisation.services import switch_on
from guatu.organisation.types import SwitchName
from guatu.wall.tests.city import ROUNDS, TODAY, City, make_city
from tests.factories import OTHER_UNIT, UNIT, Cast


def get(city: City, who: str, path: str) -> str:
    response = city.browser(who).get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def page_of(city: City, key: str = ROUNDS[-1]) -> str:
    return f"/results/{city.rounds[key].pk}/"


def test_the_plain_address_leads_to_the_newest_round(city: City) -> None:
    response = city.browser("office").get("/results/")
    assert (response.status_code, response["Location"]) == (302, page_of(city))


def test_any_locked_round_can_be_chosen(city: City) -> None:
    page = get(city, "office", page_of(city, ROUNDS[0]))
    assert "2026年1—8月进展" in page
    assert all(f"重点项目 {key}" in page for key in ROUNDS)


def test_an_open_round_has_no_results(city: City) -> None:
    assert city.browser("office").get(page_of(city, "2026-10")).status_code == 404


@pytest.mark.parametrize("by", ["region", "unit", "sector"])
def test_groups_stand_in_ledger_order_with_their_average(city: City, by: str) -> None:
    page = get(city, "office", f"{page_of(city)}?by={by}")
    names = {
        "region": ("江北区", "临江区"),
        "unit": (UNIT, OTHER_UNIT),
        "sector": ("（未注明）",) * 2,
    }
    first, second = names[by]
    assert page.index(f">{first}") <= page.index(f">{second}")
    assert "同类平均" in page
    assert "不排名" in page


def test_a_leader_sees_neither_other_groups_nor_their_sums(city: City) -> None:
    page = get(city, "leader", page_of(city))
    assert "江北区" in page
    assert "临江区" not in page
    assert "0.30" in page
    assert "0.60" not in page


def test_ranks_show_with_the_switch_its_basis_and_end_only(city: City) -> None:
    assert "位次" not in get(city, "office", page_of(city))
    switch_on(
        city.people.console,
        SwitchName.RANKINGS,
        basis="江办〔2026〕3号",
        scope="全市",
        until=date(2026, 12, 31),
    )
    page = get(city, "office", page_of(city))
    assert "位次" in page
    assert "江办〔2026〕3号" in page
    assert "到2026-12-31止" in page
    assert "位次" not in get(city, "leader", page_of(city))


def test_every_number_opens_as_many_rows(city: City) -> None:
    rows = f"{page_of(city)}rows/"
    assert "共6条" in get(city, "office", rows)
    assert "共3条" in get(city, "office", f"{rows}?by=region&key=江北区")
    assert "共1条" in get(city, "office", f"{rows}?by=region&key=江北区&light=serious")
    assert "共1条" in get(city, "office", f"{rows}?by=region&key=江北区&what=started")
    assert "共2条" in get(city, "office", f"{rows}?by=region&key=江北区&what=overdue")
    assert "共1条" in get(city, "office", f"{rows}?what=no-data")
    assert "没有符合条件的项目" in get(city, "office", f"{rows}?by=region&key=没有区")


def test_the_rows_of_a_leader_are_his_own(city: City) -> None:
    page = get(city, "leader", f"{page_of(city)}rows/?by=region&key=临江区")
    assert "没有符合条件的项目" in page
    assert "他山" not in page


def test_sums_under_the_rows_are_the_numbers_they_explain(city: City) -> None:
    page = get(city, "office", f"{page_of(city)}rows/?by=region&key=江北区")
    assert "合计（计入3个）" in page
    assert ">0.30<" in page


@pytest.mark.parametrize("sort", ["name", "-plan", "done", "-rate", "ago", "light", "nonsense"])
def test_rows_take_every_order(city: City, sort: str) -> None:
    assert "共6条" in get(city, "office", f"{page_of(city)}rows/?sort={sort}")


def test_exports_hold_what_the_pages_show(city: City) -> None:
    for path, height in (("export/?by=region", 2 + 1), ("rows/export/?what=started", 2)):
        response = city.browser("office").get(page_of(city) + path)
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert sheet is not None
        heads = [row[0].row for row in sheet.iter_rows() if row[1].value in ("项目数", "项目名称")]
        assert sheet.max_row - int(heads[0] or 0) == height


def test_an_outsider_sees_only_his_own_region(city: City) -> None:
    page = get(city, "outsider", page_of(city))
    assert "临江区" in page
    assert "江北区" not in page


def test_why_names_rule_clause_figures_and_book(city: City) -> None:
    address = f"{page_of(city)}why/{city.projects[0].pk}/"
    page = get(city, "office", address)
    for words in ("条款三", "落后时间进度", "1000万元", "300万元", "default第1版", "sm3:"):
        assert words in page, words
    part = city.browser("office").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "落后时间进度" in part


def test_why_of_a_project_that_is_not_his_does_not_exist(city: City) -> None:
    address = f"{page_of(city)}why/{city.others[0].pk}/"
    assert city.browser("leader").get(address).status_code == 404
    assert city.browser("office").get(f"{page_of(city)}why/99999999/").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "?by=unit", "rows/", "rows/?what=overdue&q=产业", "why/{}/"], ids=str
)
@pytest.mark.parametrize("who", ["office", "leader"])
def test_queries_are_few_and_do_not_grow(people: Cast, today: Today, path: str, who: str) -> None:
    today(TODAY)
    counts = []
    for size in (6, 12):
        city = make_city(people, size=size, name=f"清单{size}", first=size * 10)
        browser, address = city.browser(who), page_of(city) + path.format(city.projects[0].pk)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.parametrize(
    "query",
    ["by=<script>&key=<script>", "light=x&what=y&page=-1&sort=", "q=" + "长" * 10_000, "page=9e9"],
)
def test_bad_input_filters_nothing_and_prints_no_script(city: City, query: str) -> None:
    page = get(city, "office", f"{page_of(city)}rows/?{query}")
    assert "<script>" not in page.replace("<script src", "")


def test_strange_rounds_are_not_found(city: City) -> None:
    browser = city.browser("office")
    assert browser.get("/results/?round=99999999999999999999").status_code == 302
    assert browser.get("/results/999999999999999999999999/").status_code == 404
    assert browser.post(page_of(city)).status_code == 405
