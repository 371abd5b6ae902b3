"""工作台: each role's own, nobody's sums but his own, the same queries whatever the rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Today
from guatu.journal import services as journal
from guatu.organisation.services import switch_on
from guatu.organisation.types import SwitchName
from guatu.wall.tests.city import TODAY, City, browser_of, make_city
from tests.factories import Cast


def text(city: City, who: str, path: str = "/") -> str:
    response = city.browser(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_office_sees_what_is_missing_and_when_it_is_due(city: City) -> None:
    page = text(city, "office")
    assert "2026-10报送截止" in page
    assert "应报6个，已报0个" in page
    assert "处2026-10待处理疑问" in page


def test_the_totals_are_those_of_the_round(city: City) -> None:
    page = text(city, "office")
    assert "0.60 <span" in page  # six plans of 1,000 万元
    assert "6个项目" in page
    assert "2026年1—9月" in page


def test_a_leader_sees_his_own_sums_and_never_the_citys(city: City) -> None:
    """Leak by sums: totals, lights, starts and curves are of his three projects alone."""
    page = text(city, "leader")
    assert "0.30 <span" in page
    assert "3个项目" in page
    assert "0.60" not in page
    assert "6个项目" not in page
    assert "应报3个，已报0个" in page
    assert all(project.name in page for project in city.mine)
    assert not any(project.name in page for project in city.others)


def test_changes_name_lights_and_starts_by_project(city: City) -> None:
    page = text(city, "office")
    assert "灯变重 2个" in page
    assert "新开工 2个" in page
    assert "有无数据等变化 1个" in page
    assert text(city, "leader").count("灯变重 1个") == 1


@pytest.mark.parametrize("who", ["reporter", "reviewer", "department", "inspector"])
def test_who_has_no_desk_goes_to_his_projects(city: City, who: str) -> None:
    response = city.browser(who).get("/")
    assert (response.status_code, response["Location"]) == (302, "/projects/")


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_an_administrator_sees_no_business(city: City, who: str) -> None:
    user = getattr(city.people, who)
    with journal.act(city.people.console, "test.opened") as act:
        user.is_active = True
        act.write(user)
    page = text(city, who)
    assert "需要您先办的" in page
    assert "产业园" not in page
    assert "亿元" not in page


def test_the_office_is_told_of_a_switch_that_ends_soon(city: City) -> None:
    actor = city.people.console
    switch_on(
        actor,
        SwitchName.RANKINGS,
        basis="江办〔2026〕3号",
        scope="全市",
        until=date(2026, 11, 10),
    )
    assert "开关“排名”到期" in text(city, "office")
    assert "开关“排名”到期" not in text(city, "viewer")


def test_a_desk_without_a_list_says_what_to_do(people: Cast) -> None:
    page = browser_of(people, "office").get("/").content.decode()
    assert "还没有清单" in page


@pytest.mark.parametrize("who", ["office", "leader", "viewer"])
def test_the_queries_do_not_grow_with_the_rows(people: Cast, today: Today, who: str) -> None:
    today(TODAY)
    counts = []
    for size in (6, 12):
        city = make_city(people, size=size, name=f"清单{size}", first=size * 10)
        browser = city.browser(who)
        browser.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/?list={city.listing.pk}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts


def test_a_strange_address_is_the_plain_desk(city: City) -> None:
    page = text(city, "office", "/?list=99999999999999999999&list=<script>&x=1")
    assert "<script>&x" not in page
    assert "工作台" in page


def test_a_post_is_refused(city: City) -> None:
    assert city.browser("office").post("/").status_code == 405
