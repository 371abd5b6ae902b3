"""Two people at one form: nothing that either of them wrote is lost unseen."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from guatu.ledger.models import Project, ProjectList
from guatu.ledger.tests.town import Town
from guatu.ui.tokens import TOKEN_FIELD, new_token

_INPUT = re.compile(r"<input ([^>]*)>")
_AREA = re.compile(r'<textarea name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', re.S)
_SELECT = re.compile(r'<select name="([^"]+)".*?</select>', re.S)


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back of the page's first form."""
    page = page[page.index('<section class="') :]
    page = page[page.index("<form") : page.index("</form>")]
    found: dict[str, str] = {}
    for tag in _INPUT.findall(page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") not in ("checkbox", "radio") or " checked" in tag:
            usual = "on" if told.get("type") == "checkbox" else ""
            found[told["name"]] = unescape(told.get("value", usual))
    for name, text in _AREA.findall(page):
        found[name] = unescape(text)
    for select in _SELECT.finditer(page):
        chosen = re.search(r'value="([^"]*)" selected', select[0])
        found[select[1]] = chosen[1] if chosen else ""
    return found | {TOKEN_FIELD: new_token()}


def opened(client: Client, address: str) -> dict[str, str]:
    return form_of(client.get(address).content.decode())


@pytest.fixture
def address(town: Town) -> str:
    return reverse("project-edit", args=[town.project().pk])


def conflict(town: Town, address: str) -> tuple[Client, str]:
    """Both change the stage, the first the content, the second the site."""
    first, second = town.client(), town.client("second_office")
    his, mine = opened(first, address), opened(second, address)
    his |= {"stage": "他写的阶段", "content": "他写的内容"}
    mine |= {"stage": "我写的阶段", "site": "我写的地点"}
    assert first.post(address, his).status_code == 302
    page = second.post(address, mine)
    assert page.status_code == 409
    return second, page.content.decode()


def stored(town: Town) -> tuple[str, str, str]:
    project = Project.objects.get(pk=town.project().pk)
    return project.stage, project.content, project.site


def test_only_what_both_touched_or_the_other_changed_is_asked(town: Town, address: str) -> None:
    _, page = conflict(town, address)
    asked = dict(re.findall(r'name="take-(\w+)" value="(\w+)" checked', page))
    assert asked == {"stage": "mine", "content": "theirs"}
    for words in ("我写的阶段", "他写的阶段", "他写的内容", "我写的地点"):
        assert words in page


def test_without_a_choice_each_field_keeps_who_changed_it(town: Town, address: str) -> None:
    second, page = conflict(town, address)
    assert second.post(address, form_of(page)).status_code == 302
    assert stored(town) == ("我写的阶段", "他写的内容", "我写的地点")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ({"take-stage": "theirs"}, ("他写的阶段", "他写的内容", "我写的地点")),
        ({"take": "theirs"}, ("他写的阶段", "他写的内容", "我写的地点")),
        ({"take-content": "mine"}, ("我写的阶段", "", "我写的地点")),
        ({"take": "mine"}, ("我写的阶段", "", "我写的地点")),
    ],
)
def test_the_editor_chooses_whose_words_are_kept(
    town: Town, address: str, choice: dict[str, str], kept: tuple[str, str, str]
) -> None:
    before = town.project().content
    second, page = conflict(town, address)
    assert second.post(address, form_of(page) | choice).status_code == 302
    assert stored(town) == (kept[0], kept[1] or before, kept[2])


def test_a_third_editor_or_a_slip_loses_nothing_that_was_typed(town: Town, address: str) -> None:
    second, page = conflict(town, address)
    answer = form_of(page) | {"take-stage": "theirs"}
    third = opened(town.client(), address) | {"stage": "第三种阶段"}
    town.client().post(address, third)
    again = second.post(address, answer)
    text = again.content.decode()
    assert again.status_code == 409
    assert "我写的阶段" in text
    assert "第三种阶段" in text
    assert stored(town)[0] == "第三种阶段"
    wrong = second.post(address, form_of(text) | {"total": "许多"})
    assert wrong.status_code == 422
    assert "我写的阶段" in wrong.content.decode()
    assert "写成数字" in wrong.content.decode()


def test_a_list_s_words_are_compared_too(town: Town) -> None:
    listing = ProjectList.objects.get(pk=town.entry().list_id)
    address = reverse("list-edit", args=[listing.pk])
    first, second = town.client(), town.client("second_office")
    his, mine = opened(first, address), opened(second, address)
    first.post(address, his | {"level": "省级", "name": "他起的名"})
    page = second.post(address, mine | {"level": "县级"})
    text = page.content.decode()
    assert page.status_code == 409
    asked = dict(re.findall(r'name="take-(\w+)" value="(\w+)" checked', text))
    assert asked == {"level": "mine", "name": "theirs"}
    for words in ("省级", "县级", "他起的名"):
        assert words in text
    assert second.post(address, form_of(text)).status_code == 302
    listing.refresh_from_db()
    assert (listing.level, listing.name) == ("县级", "他起的名")


def test_saved_twice_alike_is_no_question(town: Town, address: str) -> None:
    first, second = town.client(), town.client("second_office")
    his, mine = opened(first, address), opened(second, address)
    first.post(address, his | {"stage": "在建"})
    page = second.post(address, mine | {"stage": "在建"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "没有不同" in text
    assert 'name="take-' not in text
    assert second.post(address, form_of(text)).status_code == 302
