"""还差多少 beside the reasons and on the project's page; the book is linked where it is read."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from guatu.assessment.queries import newest_snapshot
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.tests.own_measures import TEXT, adopt
from guatu.wall.standing import books
from guatu.wall.tests.city import ROUNDS, City
from guatu.wall.tests.test_why import RANKING


def why_page(city: City, place: int, who: str = "office") -> str:
    address = f"/results/{city.rounds[ROUNDS[-1]].pk}/why/{city.projects[place].pk}/"
    return str(city.browser(who).get(address).content.decode())


def project_page(city: City, place: int, who: str = "office") -> str:
    return str(city.browser(who).get(f"/projects/{city.projects[place].pk}/").content.decode())


def judge_again(city: City, book: str) -> None:
    adopt(city.people, book)
    assess_for_record(city.people.console, newest_snapshot(city.rounds[ROUNDS[-1]]))


def test_a_red_project_is_told_what_it_lacks(city: City) -> None:
    # 300 of 1,000 by September: yellow from 450, green from 750.
    told = "本年累计完成投资还差150万元可转黄，还差450万元可转绿"
    page = why_page(city, 0)
    assert told in page
    assert "按2026年9月的口径" in page
    assert f"{told}（截至2026年9月口径）" in project_page(city, 0)
    assert told in why_page(city, 0, "leader")


def test_a_green_project_is_told_nothing(city: City) -> None:
    for page in (why_page(city, 1), project_page(city, 1)):
        assert "可转" not in page


def test_no_plan_is_cut_and_no_report_called_off(city: City) -> None:
    page = why_page(city, 0)
    part = page[page.index("还差多少") : page.index("按2026年9月的口径")]
    assert "计划" not in part
    assert "应报" not in part


def test_a_rank_is_no_figure_of_ones_own(city: City) -> None:
    judge_again(city, RANKING)
    assert "随其他项目变" in why_page(city, 0) + why_page(city, 1) + why_page(city, 3)


def test_reasons_lead_to_the_rule_in_the_book(city: City) -> None:
    page = why_page(city, 0)
    found = re.search(r'href="(/rulebooks/of/default/)#([^"]+)"', page)
    assert found is not None
    reading = city.browser("office").get(found[1]).content.decode()
    assert reading.count(f'id="{unquote(found[2])}"') == 1
    assert f'href="/rulebooks/of/default/#{found[2]}"' in project_page(city, 0)
    assert '<a href="/rulebooks/of/default/">《通用进度亮灯办法》第1版</a>' in page


def test_every_anchor_stands_once(city: City) -> None:
    for name in ("default", "RB01-yinchuan-lights", "RB14-bazhong-snail"):
        reading = city.browser("leader").get(f"/rulebooks/of/{name}/").content.decode()
        anchors = re.findall(r'id="(rule-[^"]+)"', reading)
        assert anchors
        assert len(anchors) == len(set(anchors))


def test_an_own_book_is_linked_with_its_version(city: City) -> None:
    judge_again(city, TEXT)
    assert 'href="/rulebooks/of/recorded-2026/?version=1"' in why_page(city, 0)


def test_a_book_that_is_no_longer_read_is_named_without_a_link(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "installed_books", lambda: ())
    page = why_page(city, 0)
    assert "《通用进度亮灯办法》第1版" in page
    assert "/rulebooks/of/" not in page[page.index('class="why"') :]
