"""登记 of texts: the values of the book are offered; of packages only the whole is listed."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.assessment.tests.own_measures import adopt, asked
from guatu.journal import services as journal
from guatu.ledger.models import RecordedValue
from guatu.wall.tests.city import City
from guatu.wall.tests.test_records_pages import DAY, post, text

BOOK = """
book = {id = "classes", version = 1, from = 2026-01-01, subject = "项目", compare = "unrounded"}
[labels]
serious = {label = "红", colour = "red"}
ok = {label = "绿", colour = "green"}
[[measure]]
name = "类别"
kind = "文字"
meaning = "评级"
data = "项目办评"
DECLARED
[[light]]
dimension = "评级"
clause = "一"
missing = "无数据"
overlap = "先者为准"
cases = [
  {when = "类别 == 'A'", give = {severity = "ok"}},
  {when = "类别 in ('B', 'C')", give = {severity = "serious"}},
  {when = "年度计划投资 > 0", give = {severity = "ok"}},
]
"""
DECLARED = BOOK.replace("DECLARED", 'values = ["A", "B", "C"]')
COMPARED = BOOK.replace("DECLARED", "")
DESK = "/records/?measure=project:类别"


def add(city: City, value: str) -> Any:
    address = f"/projects/{city.projects[0].pk}/records/add/"
    typed = {"measure": "类别", "on": DAY, "basis": "", "value": value}
    return post(city.browser("office"), address, **typed)


def test_the_texts_that_rules_compare_with_are_found(city: City) -> None:
    adopt(city.people, COMPARED)
    assert asked("类别").compared == ("A", "B", "C")
    adopt(city.people, DECLARED.replace('"classes"', '"declared"'))
    assert asked("类别").compared == ()


def test_texts_compared_with_are_offered_and_others_warned_about(city: City) -> None:
    adopt(city.people, COMPARED)
    browser = city.browser("office")
    page = text(browser.get(DESK))
    assert '<datalist id="compared"><option value="A"><option value="B"><option value="C">' in page
    assert page.count('list="compared"') == len(city.projects)
    own = text(browser.get(f"/projects/{city.projects[0].pk}/records/"))
    assert '<datalist id="compared-类别">' in own
    assert 'list="compared-类别"' in own
    # Another text may be meant: it is taken, and the writer is told.
    assert add(city, "甲").status_code == 302
    assert RecordedValue.objects.filter(value='"甲"').exists()


@pytest.mark.parametrize(("value", "is_warned"), [("甲", True), ("a", True), (" A ", False)])
def test_a_stranger_is_told_after_saving(city: City, value: str, is_warned: bool) -> None:
    adopt(city.people, COMPARED)
    browser = city.browser("office")
    typed = {f"v{city.projects[0].pk}": value, "on": DAY, "basis": "", "measure": "project:类别"}
    typed["list"] = str(city.listing.pk)
    saved = post(browser, "/records/save/", **typed)
    assert saved.status_code == 302
    page = text(browser.get(saved["Location"]))
    assert ("不是办法里“类别”写的值" in page) is is_warned


def test_declared_values_are_picked_and_others_refused(city: City) -> None:
    adopt(city.people, DECLARED)
    page = text(city.browser("office").get(DESK))
    assert "<datalist" not in page
    assert page.count('<option value="B">B</option>') == len(city.projects)
    assert add(city, "甲").status_code == 422
    assert not RecordedValue.objects.exists()
    assert add(city, "B").status_code == 302


def test_a_part_of_a_listed_package_is_not_listed_by_itself(city: City) -> None:
    adopt(city.people, COMPARED)
    package, part = city.projects[:2]
    browser = city.browser("office")
    assert part.name in text(browser.get(DESK))
    with journal.act(city.people.console, "test.made") as act:
        part.package, package.is_package = package, True
        act.write(part)
        act.write(package)
    page = text(browser.get(DESK))
    assert part.name not in page
    assert package.name in page
    assert "子项目随打包项目评" in page
