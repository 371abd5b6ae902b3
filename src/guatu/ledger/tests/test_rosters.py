"""Lists and vocabularies are searched, filtered and exported; parts stand below a package."""

from __future__ import annotations

import io
import re

from django.urls import reverse
from openpyxl import load_workbook

from guatu.ledger.models import Project
from guatu.ledger.services import ListWords, add_term, make_list
from guatu.ledger.tests.town import LINKED, OWN, Town


def exported(town: Town, name: str, query: str = "", who: str = "office") -> list[list[object]]:
    answer = town.client(who).get(f"{reverse(name)}?{query}")
    assert answer.status_code == 200
    sheet = load_workbook(
        io.BytesIO(b"".join(answer)) if answer.streaming else io.BytesIO(answer.content)
    ).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_lists_are_searched_filtered_and_exported_alike(town: Town) -> None:
    words = ListWords(2026, "大会战", level="市级", state="draft", parent_id=town.listing.pk)
    make_list(town.people.act_as("office"), words)
    office = town.client()
    for query, there, gone in (
        ("", {"重点项目", "大会战"}, set()),
        ("q=会战", {"大会战"}, {"重点项目"}),
        ("state=draft", {"大会战"}, {"重点项目"}),
        ("year=2025", {"重点项目", "大会战"}, set()),
    ):
        page = office.get(f"{reverse('lists')}?{query}").content.decode()
        table = page[page.index("<table") : page.index("</table>")]
        names = set(re.findall(r">2026年([^<]+)</a>", table))
        assert there <= names
        assert not gone & names
        told = str(exported(town, "lists-export", query))
        assert all(name in told for name in there)
        assert not any(name in told for name in gone)
    assert '<span class="set-in">└ <a' in office.get(reverse("lists")).content.decode()
    assert "大会战" not in str(exported(town, "lists-export", who="outsider"))


def test_terms_are_searched_filtered_and_exported_alike(town: Town) -> None:
    add_term(town.people.act_as("office"), "没有项目的行业")
    used = town.project().sector
    assert used is not None
    page = town.client().get(f"{reverse('terms')}?used=yes").content.decode()
    assert used.name in page
    assert "没有项目的行业" not in page
    told = str(exported(town, "terms-export", "q=没有项目"))
    assert "没有项目的行业" in told
    assert used.name not in told
    assert "改名" not in told


def test_parts_and_later_phases_are_set_in(town: Town) -> None:
    Project.objects.filter(name=LINKED).update(phase_of=town.project(OWN))
    page = town.client().get(reverse("list", args=[town.listing.pk])).content.decode()
    assert re.search(rf'<span class="set-in">└ <a [^>]*>{LINKED}</a>', page)
    assert not re.search(rf'<span class="set-in">└ <a [^>]*>{OWN}</a>', page)
