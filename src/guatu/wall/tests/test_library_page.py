"""The library on screen, on a phone and on paper; what stands around every page."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Today
from guatu.journal import services as journal
from guatu.ledger.models import Project, Term
from guatu.organisation.models import OrganisationName, User
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.tests.city import TODAY, City, make_city
from tests.factories import OTHER_UNIT, UNIT, Cast

LIBRARY = reverse("library")


def test_a_long_list_is_printed_whole(people: Cast, today: Today) -> None:
    today(TODAY)
    office = make_city(people, size=54).browser("office")
    part = office.get(LIBRARY).content.decode()
    assert part.count('name="id"') == 50
    assert "第1—50条，共54条" in part
    assert 'href="?rows=all" data-all' in part
    with CaptureQueriesContext(connection) as captured:
        whole = office.get(LIBRARY, {"rows": "all"}).content.decode()
    assert len(captured) <= 12
    assert whole.count('name="id"') == 54
    assert "第1—54条，共54条" in whole
    assert "data-all" not in whole
    assert office.get(LIBRARY, {"rows": "all", "page": "9" * 8}).status_code == 200


def test_paper_and_phone_have_their_columns(city: City) -> None:
    office = city.browser("office")
    page = office.get(LIBRARY).content.decode()
    assert '<table class="grid is-wide">' in page
    assert "打印日期：2026年10月31日" in page
    assert page.count('<td class="pick no-print">') == 6
    for label, kind in (("项目名称", "wide names"), ("完成率", "num"), ("灯", "tight")):
        assert f'<th scope="col" class="{kind}"' in page, label
    assert '<th scope="col" class="num minor" aria-sort' in page  # the serial, left out on phones


def test_a_part_stands_a_step_to_the_right(city: City) -> None:
    whole, part, *_ = city.projects
    Project.objects.filter(pk=part.pk).update(package=whole)
    page = city.browser("office").get(LIBRARY).content.decode()
    assert page.count('class="below-one"') == 1
    assert f'<span class="below-one" title="子项目"><a href="/projects/{part.pk}/">' in page


def test_two_exports_of_one_list_have_two_names(city: City) -> None:
    office = city.browser("office")
    answers = [
        office.get(reverse("library-export")),
        office.get(reverse("list-export", args=[city.listing.pk])),
    ]
    names = {answer.headers["Content-Disposition"] for answer in answers}
    assert len(names) == 2
    sheet = openpyxl.load_workbook(io.BytesIO(answers[0].content)).active
    assert sheet is not None
    cells = {head.value: cell for head, cell in zip(sheet[3], sheet[4], strict=True)}
    rate, plan = cells["完成率"], cells["年度计划（亿元）"]
    assert (rate.value, rate.number_format) == (0.3, "0.0%")
    assert (plan.value, plan.number_format) == (0.1, "#,##0.00")


def test_the_head_names_the_person_and_the_unit(city: City) -> None:
    user = User.objects.select_related("person").get(pk=city.people.leader.pk)
    assert user.person is not None
    page = city.browser("leader").get(LIBRARY).content.decode()
    head = page.split('<div class="who">')[1].split("</div>")[0]
    assert user.person.name in head
    assert f'title="登录名：{user.login}"' in head
    assert f">{user.login}<" not in head


def test_an_account_without_a_person_is_called_by_its_role(city: City) -> None:
    User.objects.filter(pk=city.people.office.pk).update(person=None)
    head = city.browser("office").get(LIBRARY).content.decode().split('<div class="who">')[1]
    assert ">项目办<span" in head
    User.objects.filter(pk=city.people.audit.pk).update(is_active=True, set_up_due=False)
    page = city.browser("audit").get("/").content.decode()
    assert ">审计管理员" in page.split('<div class="who">')[1]


@pytest.mark.parametrize("name", ["months-open", "bulk-apply"])
def test_an_address_without_a_page_says_where_to_go(city: City, name: str) -> None:
    answer = city.browser("office").get(reverse(name))
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    said = answer.content.decode()
    assert "不能直接打开" in said
    assert "请从页面上的按钮进入" in said


def test_the_filter_of_units_offers_those_of_the_projects_seen(city: City) -> None:
    unit, other = (city.people.organisations[name] for name in (UNIT, OTHER_UNIT))
    office = city.browser("office")
    page = office.get(LIBRARY).content.decode()
    offered = _options(page, "f-unit")
    assert {unit: UNIT, other: OTHER_UNIT} == offered
    narrowed = office.get(LIBRARY, {"unit": other}).content.decode()
    assert narrowed.count('name="id"') == len(city.others)
    assert f'<option value="{other}" selected>' in narrowed
    assert all(project.name not in narrowed for project in city.mine)
    assert _options(city.browser("leader").get(LIBRARY).content.decode(), "f-unit") == {unit: UNIT}
    answer = office.get(reverse("library-export"), {"unit": other})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = {cell.value for row in sheet for cell in row}
    assert {project.name for project in city.others} <= cells
    assert not {project.name for project in city.mine} & cells
    posted = {"list": city.listing.pk, "query": f"unit={other}", "name": "他山"}
    kept = office.post(reverse("view-save"), {**posted, TOKEN_FIELD: new_token()})
    assert f"unit={other}" in kept.headers["Location"]


def test_a_renamed_unit_is_offered_by_its_newest_name(city: City) -> None:
    unit = city.people.organisations[UNIT]
    with journal.act(city.people.console, "test.made") as act:
        act.write(
            OrganisationName(
                organisation_id=unit, kind="official", name="滨江新局", valid_from=date(2026, 3, 1)
            )
        )
    page = city.browser("leader").get(LIBRARY).content.decode()
    assert _options(page, "f-unit") == {unit: "滨江新局"}


def test_the_filter_of_sectors_offers_those_of_the_projects_seen(city: City) -> None:
    with journal.act(city.people.console, "test.made") as act:
        for project, name in ((city.mine[0], "交通"), (city.others[0], "水利")):
            act.write(sector := Term(vocabulary="sector", code=name, name=name))
            Project.objects.filter(pk=project.pk).update(sector=sector)
    page = city.browser("leader").get(LIBRARY).content.decode()
    assert set(_options(page, "f-sector").values()) == {"交通"}


def _options(page: str, name: str) -> dict[int, str]:
    select = page.split(f'id="{name}"')[1].split("</select>")[0]
    return {int(pk): told for pk, told in re.findall(r'value="(\d+)"[^>]*>([^<]+)<', select)}


def test_parts_of_packages_are_told_from_what_is_counted(city: City) -> None:
    part, package = city.projects[1], city.projects[0]
    browser = city.browser("office")
    assert "打包项目的子项目" not in browser.get("/projects/").content.decode()
    with journal.act(city.people.console, "test.packed") as act:
        part.package = package
        act.write(part)
    told = "6个＝统计5个＋打包项目的子项目1个（随打包项目统计，不另计）"
    assert f"清单在册{told}" in browser.get("/projects/").content.decode()
    assert "筛选出1个＝统计0个" in browser.get(f"/projects/?q={part.name}").content.decode()
