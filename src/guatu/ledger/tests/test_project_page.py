from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.journal.models import Entry
from guatu.ledger.models import ListEntry, Project, Responsibility
from guatu.ledger.tests.town import BIG, LINKED, OTHERS, OWN, PART, TODAY, Town, token
from guatu.ledger.types import ResponsibilityRole
from tests.factories import UNIT

NASTY = ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", "'; DROP TABLE x; --", "‮甲")


def typed(project: Project, **changes: object) -> dict[str, object]:
    return {
        "version": project.version,
        "name": project.name,
        "national_code": project.national_code or "",
        "region": project.region_id,
        "sector": project.sector_id or "",
        "total": "50000",
        **token(),
        **changes,
    }


def address(project: Project) -> str:
    return reverse("project-edit", args=[project.pk])


def test_the_page_shows_what_is_there_and_saves(town: Town) -> None:
    office, project = town.client(), town.project()
    page = office.get(address(project))
    assert page.status_code == 200
    assert "江北大道1号" in page.content.decode()
    saved = office.post(address(project), typed(project, stage="在建", total="1.2亿元"))
    assert (saved.status_code, saved["Location"]) == (302, address(project))
    project.refresh_from_db()
    assert (project.stage, project.total_yuan) == ("在建", 120_000_000)


def test_the_second_editor_sees_both_values_and_loses_no_word(town: Town) -> None:
    project = town.project()
    mine = typed(project, content="我写的建设内容", stage="完工", name="我起的名")
    town.client().post(address(project), typed(project, stage="在建", content="别人写的"))
    second = town.client("second_office")
    page = second.post(address(project), mine)
    text = page.content.decode()
    assert page.status_code == 409
    for word in ("我写的建设内容", "我起的名", "完工", "“在建”", "“别人写的”"):
        assert word in text
    assert f'name="version" value="{town.project().version}"' in text
    again = second.post(address(project), {**mine, "version": town.project().version, **token()})
    assert again.status_code == 302
    assert town.project("我起的名").stage == "完工"


def test_only_the_fields_of_the_form_change(town: Town) -> None:
    """Mass assignment: every field of the model is posted, only the form's own take effect."""
    project = town.project()
    before = Project.objects.filter(pk=project.pk).values().get()
    posted = {field.name: "999" for field in Project._meta.concrete_fields}
    posted |= {field.attname: "999" for field in Project._meta.concrete_fields}
    posted |= {str(key): str(value) for key, value in typed(project).items()}
    posted |= {"removed_on": "2026-01-01", "uid": "f" * 32, "id": "999", "kind": "programme"}
    posted |= {"package": "", "phase_of": "", "is_package": "", "declared_parts": "7"}
    posted |= {"total_yuan": "1", "stage": "在建", "site": "新址", "content": "新内容"}
    assert town.client().post(address(project), posted).status_code == 302
    after = Project.objects.filter(pk=project.pk).values().get()
    changed = {name for name, _ in before.items() ^ after.items()}
    assert changed == {"version", "stage", "site", "content", "declared_parts"}


@pytest.mark.parametrize("word", NASTY)
def test_strange_text_is_kept_and_shown_as_text(town: Town, word: str) -> None:
    project = town.project()
    assert town.client().post(address(project), typed(project, content=word)).status_code == 302
    page = town.client().get(address(project)).content.decode()
    assert "<script>alert" not in page
    assert town.project().content == word


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "长" * 10_000},
        {"name": ""},
        {"region": "99999"},
        {"sector": "x"},
        {"total": "约5万"},
        {"total": "-1"},
        {"total": "1.00001"},
        {"total": "9" * 29},
        {"declared_parts": "-1"},
        {"version": ""},
        {"version": "x"},
        {"national_code": "P-2"},
        {"package": "没有这个项目"},
        {"package": OWN},
        {"package": LINKED},
        {"phase_of": OWN},
        {"name": "甲\u202e乙"},
    ],
)
def test_what_is_wrong_is_told_and_kept(town: Town, wrong: dict[str, str]) -> None:
    project, acts = town.project(), Entry.objects.count()
    posted = typed(project, content="打了很久的字", **wrong)
    page = town.client().post(address(project), posted)
    assert page.status_code == 422
    assert "打了很久的字" in page.content.decode()
    assert Entry.objects.count() == acts


def test_a_part_names_its_package(town: Town) -> None:
    project = town.project()
    page = town.client().post(address(project), typed(project, package=BIG, total=""))
    assert page.status_code == 302
    assert town.project().package == town.project(BIG)
    assert PART in town.client().get(address(town.project(BIG))).content.decode()


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("viewer", OWN, 403), ("reporter", OWN, 403), ("outsider", OWN, 404), ("leader", OWN, 404),
     ("inspector", OWN, 404), ("outsider", OTHERS, 403)],
)  # fmt: skip
def test_who_may_not(town: Town, who: str, name: str, status: int) -> None:
    project = town.project(name)
    assert town.client(who).get(address(project)).status_code == status
    assert town.client(who).post(address(project), typed(project)).status_code == status


def test_numbers_beyond_the_database_are_not_found(town: Town) -> None:
    for name in ("project-edit", "project-duties", "entry-leave", "list", "list-edit"):
        big = reverse(name, args=[2**70])
        assert town.client().get(big).status_code == 404


def test_one_token_has_one_effect(town: Town) -> None:
    project, office = town.project(), town.client()
    posted = {"alias": "新材料园", **token()}
    alias = reverse("alias-add", args=[project.pk])
    answers = [office.post(alias, posted) for _ in range(5)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, address(project))}
    assert project.aliases.count() == 1
    again = office.post(alias, {"alias": "新材料园", **token()})
    assert again.status_code == 422
    assert "已经是它的名称或别名" in again.content.decode()
    assert office.get(alias).status_code == 405


def test_a_new_project_asks_about_look_alikes_first(town: Town) -> None:
    office, new = town.client(), reverse("project-new")
    assert office.get(f"{new}?list={town.listing.pk}").status_code == 200
    posted: dict[str, object] = {
        "list": town.listing.pk,
        "name": "江北新材料产业园二区",
        "region": town.project().region_id,
        "basis": "常务会议纪要",
        "lead": UNIT,
        "nature": "new",
    }
    asked = office.post(new, {**posted, **token()})
    text = asked.content.decode()
    assert asked.status_code == 422
    assert OWN in text
    assert "已核对" in text
    seen = ",".join(str(pk) for pk in Project.objects.values_list("pk", flat=True))
    unconfirmed = office.post(new, {**posted, "seen_ids": seen, **token()})
    assert unconfirmed.status_code == 422
    made = office.post(new, {**posted, "seen_ids": seen, "is_other": "on", **token()})
    assert made.status_code == 302
    entry = ListEntry.objects.get(project__name="江北新材料产业园二区")
    assert (entry.nature, entry.joined_by) == ("new", "常务会议纪要")


@pytest.mark.parametrize("wrong", [{"list": "999"}, {"lead": "没有的单位"}, {"basis": ""}])
def test_a_new_project_with_something_wrong(town: Town, wrong: dict[str, str]) -> None:
    posted = {"list": town.listing.pk, "name": "湖底隧道", "region": town.project().region_id}
    posted |= {"basis": "纪要", **token(), **wrong}
    page = town.client().post(reverse("project-new"), posted)
    assert page.status_code == 422
    assert "湖底隧道" in page.content.decode()
    assert town.client("viewer").get(reverse("project-new")).status_code == 403


def test_leaving_and_coming_back(town: Town) -> None:
    entry, office = town.entry(), town.client()
    leave, rejoin = (
        reverse("entry-leave", args=[entry.pk]),
        reverse("entry-rejoin", args=[entry.pk]),
    )
    posted = {"version": entry.version, "left_on": TODAY.isoformat(), "reason": "调整", **token()}
    assert office.post(leave, {**posted, "reason": ""}).status_code == 422
    assert office.post(leave, {**posted, **token()}).status_code == 302
    page = office.get(reverse("list", args=[town.listing.pk]) + "?state=left").content.decode()
    assert OWN in page
    assert "调整" in page
    version = town.entry().version
    assert office.post(leave, {**posted, "version": version, **token()}).status_code == 422
    late = office.post(rejoin, {"version": 1, "basis": "我写的依据", **token()})
    assert late.status_code == 409
    assert "我写的依据" in late.content.decode()
    back = office.post(rejoin, {"version": version, "basis": "纪要", **token()})
    assert back.status_code == 302
    assert town.entry().left_on is None


def test_duties_are_shown_to_all_and_changed_by_the_office(town: Town) -> None:
    project = town.project(LINKED)
    duties = reverse("project-duties", args=[project.pk])
    page = town.client("reporter").get(duties)
    assert page.status_code == 200
    assert "登记或更换" not in page.content.decode()
    posted = {"role": "territory", "bearing": "replace", "organisation": "江北发改局"}
    posted |= {"valid_from": TODAY.isoformat(), "basis": "8号文"}
    assert town.client("reporter").post(duties, {**posted, **token()}).status_code == 403
    assert town.client().post(duties, {**posted, **token()}).status_code == 302
    row = Responsibility.objects.get(project=project, role=ResponsibilityRole.TERRITORY)
    assert row.organisation_id == town.people.organisations[UNIT]
    unknown = town.client().post(duties, {**posted, "organisation": "江北发展局", **token()})
    assert unknown.status_code == 422
    assert "江北发展局" in unknown.content.decode()


def test_the_pages_ask_a_constant_number_of_queries(town: Town) -> None:
    project, office = town.project(), town.client()

    def asked(name: str) -> int:
        office.get(reverse(name, args=[project.pk]))
        with CaptureQueriesContext(connection) as captured:
            assert office.get(reverse(name, args=[project.pk])).status_code == 200
        return len(captured)

    names = ("project-edit", "project-duties")
    before = [asked(name) for name in names]
    for number in range(5):
        posted = {"alias": f"别名{number}号", **token()}
        office.post(reverse("alias-add", args=[project.pk]), posted)
    assert [asked(name) for name in names] == before
    assert max(before) <= 12
