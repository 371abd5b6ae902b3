"""The library on screen, on a phone and on paper; what stands around every page."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Today
from guatu.ledger.models import Project
from guatu.organisation.models import User
from guatu.wall.tests.city import TODAY, City, make_city
from tests.factories import Cast

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


@pytest.mark.parametrize("name", ["months-open", "bulk-apply"])
def test_an_address_without_a_page_says_where_to_go(city: City, name: str) -> None:
    answer = city.browser("office").get(reverse(name))
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    said = answer.content.decode()
    assert "不能直接打开" in said
    assert "请从页面上的按钮进入" in said
