from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.journal import services as journal
from guatu.ledger import services
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.services import AssignDuty, ListWords
from guatu.ledger.tests.town import BIG, LINKED, OTHERS, OWN, PART, TODAY, Town, token
from guatu.ledger.types import ResponsibilityRole
from tests.factories import DEPARTMENT_UNIT, UNIT
from tests.tables import project_row, put_list, take_list

PAGES = ("lists", "list", "responsibilities", "terms", "views")


def at(town: Town, name: str, query: str = "") -> str:
    address = reverse(name, args=[town.listing.pk] if name.startswith("list") and name != "lists"
                      else [])  # fmt: skip
    return address + query


def text(town: Town, name: str, who: str = "office", query: str = "") -> str:
    page = town.client(who).get(at(town, name, query))
    assert page.status_code == 200
    return page.content.decode()


def sheet(content: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(content)).worksheets[0].values)


def test_counts_and_totals_never_double(town: Town) -> None:
    words = ListWords(2026, "大会战", level="市级", state="issued", parent_id=town.listing.pk)
    sub = services.make_list(town.office, words)
    services.add_to_list(town.office, sub.pk, [town.project(BIG)], basis="方案")
    page = text(town, "lists")
    assert page.index("2026年重点项目") < page.index("2026年大会战")
    assert "20.00" in page
    own = text(town, "list")
    assert "20.00<" in own
    assert "大会战" in own
    assert f"属于{BIG}" in own


def test_each_sees_only_his_own_projects_sums(town: Town) -> None:
    page = text(town, "list", "reporter")
    assert OWN in page
    assert OTHERS not in page
    assert "15.00<" in page
    assert "20.00" not in text(town, "lists", "reporter")
    assert OTHERS not in text(town, "responsibilities", "reporter")
    assert "环保" not in text(town, "terms", "reporter")
    assert "环保" in text(town, "terms")


@pytest.mark.parametrize("name", PAGES)
def test_pages_without_anything_say_what_to_do(town: Town, name: str) -> None:
    if name != "list":
        assert "empty" in text(town, name, "inspector")


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("?q=快速", LINKED, OWN),
        ("?q=P-3", OTHERS, OWN),
        ("?state=packages", BIG, OWN),
        ("?state=parts", PART, OWN),
        ("?state=phases", "没有符合条件", OWN),
        ("?state=left", "没有符合条件", OWN),
        ("?state=x&sort=x&page=x&list=<script>", OWN, "<script>"),
        ("?q=" + "长" * 10_000, "没有符合条件", OWN),
    ],
)
def test_search_and_state(town: Town, query: str, there: str, not_there: str) -> None:
    page = text(town, "list", query=query)
    assert there in page
    assert not_there not in page


def test_the_export_has_the_same_rows(town: Town) -> None:
    page = town.client("viewer").get(at(town, "list-export", "?q=江北&sort=-serial"))
    names = [row[1] for row in sheet(page.content)[2:]]
    assert names == [PART, BIG, LINKED, OWN]
    assert town.client("outsider").get(at(town, "list-export", "?q=江北")).status_code == 200


def test_making_and_changing_a_list(town: Town) -> None:
    office = town.client()
    posted = {"version": 0, "year": 2026, "name": "大会战", "level": "市级", "state": "draft"}
    made = office.post(reverse("list-new"), {**posted, "parent": town.listing.pk, **token()})
    sub = ProjectList.objects.get(name="大会战")
    assert made["Location"] == reverse("list", args=[sub.pk])
    edit = reverse("list-edit", args=[sub.pk])
    changed = {**posted, "version": 1, "state": "issued", "parent": town.listing.pk}
    assert office.post(edit, {**changed, **token()}).status_code == 302
    late = office.post(edit, {**changed, "name": "百日攻坚", **token()})
    assert late.status_code == 409
    assert "别人刚改为：“大会战”" in late.content.decode()
    assert "百日攻坚" in late.content.decode()
    same = office.post(reverse("list-new"), {**posted, **token()})
    assert "已有“大会战”" in same.content.decode()


def test_adding_projects_by_name_and_code(town: Town) -> None:
    words = ListWords(2026, "大会战", state="issued", parent_id=town.listing.pk)
    sub = services.make_list(town.office, words)
    add = reverse("list-add", args=[sub.pk])
    office = town.client()
    wrong = office.post(add, {"names": f"P-1\n没有这个\n{LINKED}", "basis": "方案", **token()})
    assert wrong.status_code == 422
    assert "“没有这个”没有这个项目" in wrong.content.decode()
    assert not ListEntry.objects.filter(list=sub).exists()
    right = office.post(add, {"names": f"P-1\n\n {LINKED} ", "basis": "方案", **token()})
    assert right.status_code == 302
    assert ListEntry.objects.filter(list=sub).count() == 2


def test_the_matrix_flags_gaps(town: Town) -> None:
    page = text(town, "responsibilities")
    assert UNIT in page
    assert 'class="gap"' in page
    leaderless = text(town, "responsibilities", query="?gap=leader")
    assert OWN in leaderless
    assert LINKED not in leaderless
    assert OWN in text(town, "responsibilities", query="?gap=any")
    assert "没有符合条件" in text(town, "responsibilities", query="?gap=lead")
    assert "没有符合条件" in text(town, "responsibilities", query="?q=<b>&gap=x")
    with journal.act(town.people.console, "test.written") as act:
        for role in ("lead", "territory", "owner", "leader", "liaison", "reporter", "reviewer"):
            act.write(
                Responsibility(
                    project=town.project(),
                    role=role,
                    organisation_id=town.people.organisations[UNIT],
                    valid_from=TODAY,
                )
            )
    assert OWN not in text(town, "responsibilities", query="?gap=any")
    rows = sheet(town.client().get(at(town, "responsibilities-export", "?gap=any")).content)
    assert "缺" in rows[2]
    assert {row[1] for row in rows[2:]} == {LINKED, OTHERS, BIG, PART}


def test_a_bearer_of_tomorrow_is_not_shown_today(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = town.people.organisations[DEPARTMENT_UNIT]
    duty = AssignDuty(ResponsibilityRole.LEAD, date(2026, 12, 31), "8号文", organisation_id=unit)
    services.assign_duty(town.office, town.project().pk, duty)
    row = [r for r in sheet(town.client().get(at(town, "responsibilities-export")).content)
           if r[1] == OWN]  # fmt: skip
    assert row[0][3] == UNIT
    assert UNIT in town.client().get("/projects/").content.decode()
    monkeypatch.setenv("GUATU_TODAY", "2026-12-31")
    row = [r for r in sheet(town.client().get(at(town, "responsibilities-export")).content)
           if r[1] == OWN]  # fmt: skip
    assert row[0][3] == DEPARTMENT_UNIT


def test_words_on_their_pages(town: Town) -> None:
    office = town.client()
    assert office.post(reverse("term-add"), {"name": "文旅", **token()}).status_code == 302
    assert office.post(reverse("term-add"), {"name": "长" * 10_000, **token()}).status_code == 422
    again = office.post(reverse("term-add"), {"name": "文旅", **token()})
    assert "已有“文旅”" in again.content.decode()
    industry, green = town.project().sector, town.project(OTHERS).sector
    assert industry is not None
    assert green is not None
    merge = reverse("term-merge", args=[green.pk])
    assert office.post(merge, {"into": green.pk, **token()}).status_code == 422
    assert office.post(merge, {"into": industry.pk, **token()}).status_code == 302
    assert office.get(reverse("term", args=[green.pk])).status_code == 404
    rename = reverse("term-rename", args=[industry.pk])
    assert office.post(rename, {"name": "制造业", **token()}).status_code == 302
    remove = reverse("term-remove", args=[industry.pk])
    assert office.post(remove, token()).status_code == 422
    assert office.get(remove).status_code == 405
    assert "制造业" in text(town, "terms")


def test_saved_views(town: Town) -> None:
    reporter = town.client("reporter")
    query = "q=江北&sort=-total&col=name&evil=1&page=7&list=99"
    posted = {"name": "江北大的", "list": town.listing.pk, "query": query}
    saved = reporter.post(reverse("view-save"), {**posted, **token()})
    assert saved.status_code == 302
    assert "evil" not in saved["Location"]
    assert f"list={town.listing.pk}" in saved["Location"]
    assert "page" not in saved["Location"]
    assert "江北大的" in text(town, "views", "reporter")
    assert "江北大的" not in text(town, "views", "viewer")
    assert "江北大的" in reporter.get("/projects/").content.decode()
    shared = {**posted, "is_shared": "on"}
    assert reporter.post(reverse("view-save"), {**shared, **token()}).status_code == 403
    town.client().post(reverse("view-save"), {**shared, "name": "大家看", **token()})
    assert "大家看" in reporter.get("/projects/").content.decode()
    wrong = {**posted, "name": "长" * 41}
    assert reporter.post(reverse("view-save"), {**wrong, **token()}).status_code == 422
    unseen = {**posted, "list": 10**30}
    assert reporter.post(reverse("view-save"), {**unseen, **token()}).status_code == 404


def test_queries_do_not_grow_with_the_rows(town: Town, tmp_path: Path) -> None:
    def asked() -> dict[str, int]:
        found = {}
        for name in PAGES:
            for who in ("office", "reporter"):
                browser = town.client(who)
                browser.get(at(town, name))
                with CaptureQueriesContext(connection) as captured:
                    assert browser.get(at(town, name)).status_code == 200
                found[f"{name} {who}"] = len(captured)
        return found

    before = asked()
    more = [project_row(f"江北道路{n}段", f"Q-{n}", 包联领导=f"领导{n}") for n in range(30)]
    take_list(town.people.console, put_list(tmp_path / "更多.csv", *more))
    assert Project.objects.count() == 35
    assert asked() == before
    assert max(before.values()) <= 12, before
