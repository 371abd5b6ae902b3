from __future__ import annotations

import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.ledger.models import BulkChange, ListEntry, Project, Responsibility
from guatu.organisation.models import Person
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.tests.city import City
from tests.factories import DEPARTMENT_UNIT

CHANGE, CONFIRM, APPLY = (reverse(f"bulk-{name}") for name in ("change", "confirm", "apply"))


type Asked = dict[str, str | int | list[int]]


def token() -> dict[str, str]:
    return {TOKEN_FIELD: new_token()}


def hidden(page: str) -> dict[str, str]:
    """What the page's own form carries along."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def ids(city: City) -> list[int]:
    mine = [project.pk for project in city.mine]
    return list(ListEntry.objects.filter(project_id__in=mine).values_list("pk", flat=True))


def test_the_checked_projects_change_and_come_back(city: City) -> None:
    office = city.browser("office")
    library = office.get("/projects/").content.decode()
    assert 'name="id"' in library
    asked: Asked = {"list": city.listing.pk, "field": "lead", "scope": "chosen", "id": ids(city)}
    form = office.get(CHANGE, asked)
    text = form.content.decode()
    assert f"批量修改{len(city.mine)}个项目的责任单位" in text
    posted = {**hidden(text), "organisation": DEPARTMENT_UNIT, "basis": "8号文"}
    posted |= {"valid_from": "2026-10-31", **token()}
    confirm = office.post(CONFIRM, posted)
    text = confirm.content.decode()
    assert confirm.status_code == 200
    assert f"把{len(city.mine)}个项目的责任单位改为“{DEPARTMENT_UNIT}”" in text
    for project in city.mine:
        assert project.name in text
    acts = Entry.objects.count()
    done = office.post(APPLY, {**hidden(text), **token()})
    assert done.status_code == 302
    assert Entry.objects.count() == acts + 1
    held = Responsibility.objects.filter(project__in=city.mine, role="lead", valid_to=None)
    unit = city.people.organisations[DEPARTMENT_UNIT]
    assert set(held.values_list("organisation_id", flat=True)) == {unit}
    library = office.get("/projects/").content.decode()
    assert "最近一次批量修改" in library
    undo = reverse("bulk-undo", args=[BulkChange.objects.get().pk])
    assert office.get(undo).status_code == 405
    assert office.post(undo, token()).status_code == 302
    assert not held.filter(organisation_id=unit).exists()
    assert "最近一次批量修改" not in office.get("/projects/").content.decode()


def test_all_under_the_filters(city: City) -> None:
    office = city.browser("office")
    asked: Asked = {"list": city.listing.pk, "field": "stage", "scope": "all"}
    text = office.get(CHANGE, {**asked, "filters": "light=serious&list=99&x=1"}).content.decode()
    assert "批量修改2个项目" in text
    text = office.get(CHANGE, {**asked, "filters": ""}).content.decode()
    assert f"批量修改{len(city.projects)}个项目" in text
    text = office.post(CONFIRM, {**hidden(text), "words": "在建", **token()}).content.decode()
    office.post(APPLY, {**hidden(text), **token()})
    assert set(Project.objects.values_list("stage", flat=True)) == {"在建"}


def test_what_changed_meanwhile_is_told_and_nothing_is_done(city: City) -> None:
    office = city.browser("office")
    asked: Asked = {"list": city.listing.pk, "field": "stage", "scope": "all"}
    text = office.get(CHANGE, asked).content.decode()
    text = office.post(CONFIRM, {**hidden(text), "words": "在建", **token()}).content.decode()
    other = hidden(text)
    first = json.loads(other["before"])
    key = next(iter(first))
    one = {**other, "before": json.dumps({key: first[key]}), "words": "前期"}
    assert office.post(APPLY, {**one, **token()}).status_code == 302
    late = office.post(APPLY, {**other, **token()})
    assert late.status_code == 409
    assert "刚被别人改过" in late.content.decode()
    assert not Project.objects.filter(stage="在建").exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"before": "x"}, 422),
        ({"before": "[1]"}, 422),
        ({"before": '{"a": 1}'}, 422),
        ({"before": "{}"}, 422),
        ({"before": '{"999999": ""}'}, 409),
        ({"before": "[" * 10_000}, 422),
        ({"field": "name"}, 422),
        ({"list": "x"}, 404),
        ({"words": "长" * 10_000}, 422),
    ],
)
def test_a_bent_form_is_refused(city: City, changes: dict[str, str], status: int) -> None:
    office = city.browser("office")
    asked: Asked = {"list": city.listing.pk, "field": "stage", "scope": "all"}
    text = office.get(CHANGE, asked).content.decode()
    text = office.post(CONFIRM, {**hidden(text), "words": "在建", **token()}).content.decode()
    answer = office.post(APPLY, {**hidden(text), **changes, **token()})
    assert answer.status_code == status
    assert not BulkChange.objects.exists()


def test_the_bar_stands_above_the_rows_and_sends_a_whole_list(city: City) -> None:
    office = city.browser("office")
    page = office.get("/projects/", {"light": "serious"}).content.decode()
    form = page.split("data-selection")[1].split("</form>")[0]
    assert form.index("data-picked") < form.index("<tbody>")
    assert 'name="scope" value="all"' in form
    assert "筛选出的全部2项" in form
    posted = {"list": city.listing.pk, "field": "stage"}
    text = office.post(CHANGE, {**posted, "ids": ",".join(map(str, ids(city)))}).content.decode()
    assert f"批量修改{len(city.mine)}个项目" in text
    text = office.post(CHANGE, {**posted, "id": ids(city)[:1]}).content.decode()
    assert "批量修改1个项目" in text
    assert office.post(CHANGE, {**posted, "ids": "x,1" + "0" * 40}).status_code == 422


def test_nothing_chosen_and_wrong_words(city: City) -> None:
    office = city.browser("office")
    asked: Asked = {"list": city.listing.pk, "field": "lead", "scope": "chosen"}
    assert office.get(CHANGE, asked).status_code == 422
    text = office.get(CHANGE, {**asked, "id": ids(city)}).content.decode()
    wrong = office.post(CONFIRM, {**hidden(text), "organisation": "<b>没有</b>", **token()})
    assert wrong.status_code == 422
    assert "&lt;b&gt;没有&lt;/b&gt;" in wrong.content.decode()
    assert office.get(CONFIRM).status_code == 405


@pytest.mark.parametrize("who", ["viewer", "reporter", "leader"])
def test_others_have_neither_boxes_nor_pages(city: City, who: str) -> None:
    browser = city.browser(who)
    library = browser.get("/projects/").content.decode()
    assert "批量修改" not in library
    assert 'name="id"' not in library
    asked: Asked = {"list": city.listing.pk, "field": "lead"}
    assert browser.get(CHANGE, asked).status_code == 403
    for address in (CONFIRM, APPLY, reverse("bulk-undo", args=[1])):
        assert browser.post(address, token()).status_code == 403


def test_the_library_still_asks_few_queries(city: City) -> None:
    office = city.browser("office")
    office.get("/projects/")
    with CaptureQueriesContext(connection) as captured:
        assert office.get("/projects/").status_code == 200
    said = "\n".join(query["sql"][:160] for query in captured.captured_queries)
    assert len(captured) <= 12, said


def test_projects_that_are_not_on_the_list_make_no_empty_change(city: City) -> None:
    asked: Asked = {"list": city.listing.pk, "field": "lead", "id": [999_999], **token()}
    answer = city.browser("office").post(CHANGE, asked)
    assert answer.status_code == 422
    assert "不在清单里" in answer.content.decode()


def _leader_form(city: City, **more: str) -> tuple[Client, dict[str, str]]:
    """The form for 包联领导 of the leader's projects, opened from a library that is filtered."""
    office = city.browser("office")
    asked: Asked = {"list": city.listing.pk, "field": "leader", "id": ids(city)}
    asked["filters"] = f"list={city.listing.pk}&unit=7&page=3&light=serious"
    page = office.post(CHANGE, {**asked, **token()}).content.decode()
    posted = {**hidden(page), "valid_from": "2026-10-31", "basis": "8号文", **more, **token()}
    return office, posted


def _known(city: City, name: str) -> None:
    with journal.act(city.people.console, "test.named") as act:
        act.write(Person(name=name))


def test_a_person_is_offered_and_meant_by_brackets_of_either_width(city: City) -> None:
    _known(city, "副市长（丙）")
    office, posted = _leader_form(city, person="副市长(丙)")
    form = office.post(CHANGE, {**posted, "id": ids(city), **token()}).content.decode()
    assert '<option value="副市长（丙）">' in form
    assert 'list="names"' in form
    confirm = office.post(CONFIRM, posted)
    told = confirm.content.decode()
    assert confirm.status_code == 200
    assert "的包联领导改为“副市长（丙）”" in told
    assert "从2026-10-31起；依据：8号文" in told
    assert office.post(APPLY, {**hidden(told), **token()}).status_code == 302
    held = Responsibility.objects.filter(project__in=city.mine, role="leader", valid_to=None)
    assert {one.person.name for one in held if one.person} == {"副市长（丙）"}
    assert Person.objects.filter(name__startswith="副市长").count() == 1


def test_a_person_that_nobody_knows_is_refused_before_anything_is_to_be_confirmed(
    city: City,
) -> None:
    office, posted = _leader_form(city, person="陌生人")
    refused = office.post(CONFIRM, posted)
    assert refused.status_code == 422
    assert "台账里没有“陌生人”" in html.unescape(refused.content.decode())
    agreed = office.post(CONFIRM, {**posted, "is_new_person": "on", **token()})
    assert agreed.status_code == 200
    assert "台账里新增“陌生人”" in agreed.content.decode()


def test_the_filters_of_the_library_stand_again_afterwards(city: City) -> None:
    _known(city, "副市长（丙）")
    office, posted = _leader_form(city, person="副市长（丙）")
    told = office.post(CONFIRM, posted).content.decode()
    back = f"/projects/?list={city.listing.pk}&unit=7&light=serious"
    assert back in html.unescape(told)
    assert office.post(APPLY, {**hidden(told), **token()})["Location"] == back
