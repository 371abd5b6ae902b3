"""The pages of rule books: what a book changes, comparing, adopting, trying."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.assessment.books import simulation
from guatu.assessment.models import Result, RuleBookDraft, Run
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.drafts import start_draft
from guatu.assessment.tests.books import (
    OWN,
    REASON,
    drafted,
    moved,
    published,
    saved,
)
from guatu.assessment.tests.rounds import LIST, PARK, ROAD, Office
from guatu.assessment.tests.rulebook_browser import (
    SCRIPT,
    at,
    browser,
    page,
    plain,
    post,
    text_of,
    typed,
)
from guatu.organisation.queries import settings_in_force
from tests.factories import Cast
from tests.tables import project_row, report_line

# What it changes.


@pytest.fixture
def september(office: Office) -> Office:
    """September is locked; one project lies between 30 and 40 points behind."""
    office.list_in(*LIST)
    office.report(report_line(PARK, 5_000), report_line(ROAD, 9_000))
    assess_for_record(office.console, office.close())
    return office


def test_the_effect_names_the_projects_whose_light_changes(september: Office) -> None:
    people = september.people
    draft = drafted(people)
    assert "没有灯会变" in plain(post(people, at(draft, "check/"), **typed(draft)))
    new = moved(draft)
    told = plain(post(people, at(draft, "check/"), **typed(draft, toml=new.toml)))
    assert "1个灯会变" in told
    assert PARK in told
    assert "江北区1" in told
    draft = saved(people, draft, new)
    response = page(people, at(draft, "effect/"))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][1:] == [PARK, "江北区", "江北区发展改革局", "红", "黄"]


def test_a_book_without_lights_says_so(september: Office) -> None:
    people = september.people
    draft = drafted(people, base="RB60-county-invest-tiers")
    assert "没有亮灯" in plain(post(people, at(draft, "check/"), **typed(draft)))
    assert page(people, at(draft, "effect/")).status_code == 422
    assert "不能用来测算" in plain(page(people, "of/RB60-county-invest-tiers/adopt/"))


def test_the_live_effect_costs_no_more_queries_with_more_projects(office: Office) -> None:
    def cost() -> int:
        draft = RuleBookDraft.objects.get()
        client = browser(office.people)
        client.get("/rulebooks/")
        with CaptureQueriesContext(connection) as seen:
            client.post(f"/rulebooks/{at(draft, 'check/')}", typed(draft))
        return len(seen)

    office.list_in(*LIST)
    drafted(office.people)
    office.report(report_line(PARK, 4_000), period="2026-08")
    assess_for_record(office.console, office.close("2026-08"))
    first = cost()
    office.list_in(*LIST, *(project_row(f"扩建{n}", f"Q-{n}") for n in range(6)))
    office.report(*(report_line(f"扩建{n}", 5_000) for n in range(6)))
    assess_for_record(office.console, office.close())
    assert cost() <= first <= 14


def test_adopting_says_what_changes_first(september: Office) -> None:
    people = september.people
    draft = drafted(people)
    published(people, saved(people, draft, moved(draft)))
    told = plain(page(people, f"of/{OWN}/adopt/"))
    for words in ("已锁定的各期不变", "1个灯会变", "通用进度亮灯办法"):
        assert words in told
    before = post(people, f"of/{OWN}/adopt/", seen="default", basis="")
    assert before.status_code == 422
    assert post(people, f"of/{OWN}/adopt/", seen="other", basis=REASON).status_code == 409
    assert post(people, f"of/{OWN}/adopt/", seen="default", basis=REASON).status_code == 302
    assert settings_in_force()["rulebook"] == OWN
    assert Run.objects.filter(rulebook_version__book=OWN).count() == 0


def test_versions_are_compared(people: Cast) -> None:
    published(people, drafted(people))
    assert "只有这一个版本" in plain(page(people, f"of/{OWN}/compare/"))
    draft = start_draft(people.act_as("office"), OWN, None)
    draft = saved(people, draft, moved(draft))
    told = text_of(page(people, f"of/{OWN}/compare/"))
    assert "<del>30</del><ins>40</ins>" in re.sub(r"\s+", "", told)
    viewer = page(people, f"of/{OWN}/compare/", "viewer", new=f"{OWN}:draft")
    assert "没有这份草稿" in plain(viewer)
    assert page(people, f"of/{OWN}/compare/", old="default:0").status_code == 200
    for bad in (SCRIPT, "x" * 10_000, "default:"):
        assert "没有选好版本" in plain(page(people, f"of/{OWN}/compare/", old=bad))


def test_the_history_tells_who_when_and_why(people: Cast) -> None:
    published(people, drafted(people))
    told = plain(page(people, f"of/{OWN}/history/"))
    for words in (REASON, "office2", "发布办法", "起草办法", "办法送审"):
        assert words in told, words
    assert "起草办法" not in plain(page(people, f"of/{OWN}/history/", "reporter"))


def test_past_rounds_are_tried_and_nothing_is_kept(september: Office) -> None:
    people = september.people
    draft = drafted(people)
    saved(people, draft, moved(draft))
    kept = Result.objects.count(), Run.objects.count()
    query = {"old": "default:0", "new": f"{OWN}:draft"}
    told = plain(page(people, "simulate/", **query))
    assert "试算，不入通报" in told
    assert "◆红1" in told
    assert "接着算" not in told
    assert (Result.objects.count(), Run.objects.count()) == kept
    response = page(people, "simulate/export/", **query)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[5]][-1] == 1
    assert page(people, "simulate/export/").status_code == 422
    for bad in (
        {"old": SCRIPT, "new": "x:y"},
        {"old": "default:0", "new": "RB60-county-invest-tiers:0"},
    ):
        assert page(people, "simulate/", **bad).status_code == 200
    assert page(people, "simulate/", old="no:1", new="no:1").status_code == 404


def test_a_long_trial_goes_on_where_it_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "BUDGET_S", 0.0)
    simulation._tallies.clear()
    office.closed_september()
    query = {"old": "default:0", "new": "RB01-yinchuan-lights:0"}
    first = text_of(page(office.people, "simulate/", **query))
    assert "已算1期，共2期" in first
    assert 'hx-trigger="load"' in first
    assert "接着算" not in text_of(page(office.people, "simulate/", **query))
