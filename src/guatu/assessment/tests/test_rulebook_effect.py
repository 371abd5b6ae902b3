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
from guatu.assessment.services.drafts import Texts, start_draft
from guatu.assessment.services.publish_book import adopt_book, publish_draft
from guatu.assessment.tests.books import (
    OWN,
    REASON,
    drafted,
    moved,
    published,
    saved,
    submitted,
    texts_of,
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
    row = [cell.value for cell in sheet[4]]
    assert row[1:] == [PARK, "江北区", "江北区发展改革局", "红", "黄", "变轻"]


def test_a_next_version_is_compared_with_the_version_before_it(september: Office) -> None:
    people = september.people
    first = drafted(people)
    told = plain(post(people, at(first, "check/"), **typed(first)))
    assert "与《通用进度亮灯办法》第1版（现在测算用的办法）比，没有灯会变" in told
    published(people, saved(people, first, moved(first)))
    second = start_draft(people.act_as("office"), OWN, None)
    told = plain(post(people, at(second, "check/"), **typed(second)))
    # The city judges by the default book: one light would differ from that.
    assert "与《通用进度亮灯办法》第1版（本办法已发布的最新一版）比，没有灯会变" in told
    assert "1个灯会变" in plain(page(people, f"of/{OWN}/adopt/"))


def test_a_light_called_otherwise_is_no_light_that_turns(september: Office) -> None:
    people = september.people
    draft = drafted(people)
    toml = draft.toml.replace('"红"', '"红牌"').replace("'红'", "'红牌'")
    assert toml != draft.toml
    draft = saved(people, draft, type(moved(draft))(toml, draft.text, draft.examples))
    told = plain(post(people, at(draft, "check/"), **typed(draft)))
    assert "没有灯会变；另有1个只是叫法不同" in told
    tried = plain(page(people, "simulate/", old="default:0", new=f"{OWN}:draft"))
    assert "个灯会变（" not in tried
    sheet = openpyxl.load_workbook(io.BytesIO(page(people, at(draft, "effect/")).content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][-3:] == ["红", "红牌", "只是叫法不同"]


def test_a_draft_whose_words_lag_behind_its_numbers_says_so(september: Office) -> None:
    people = september.people
    draft = drafted(people)
    new = moved(draft)
    same = plain(post(people, at(draft, "check/"), **typed(draft)))
    assert "还写着" not in same
    # The copied date lies before what is locked; nothing forbids that, and it is said.
    assert "施行日期2020-01-01早于已锁定的期" in same
    told = plain(post(people, at(draft, "check/"), **typed(draft, toml=new.toml)))
    assert "条文“三、进度”还写着30" in told
    later = new.toml.replace("from = 2020-01-01", "from = 2030-01-01")
    assert "早于已锁定的期" not in plain(
        post(people, at(draft, "check/"), **typed(draft, toml=later))
    )
    published(people, saved(people, draft, new))


def test_a_book_without_lights_says_so(september: Office) -> None:
    people = september.people
    draft = drafted(people, base="RB60-county-invest-tiers")
    assert "没有给项目亮灯" in plain(post(people, at(draft, "check/"), **typed(draft)))
    assert page(people, at(draft, "effect/")).status_code == 422
    assert "不能用来测算" in plain(page(people, "of/RB38-tonglu-four-levels/adopt/"))
    # A book on units alone judges the units of a round; what becomes of projects is said.
    told = plain(page(people, "of/RB60-county-invest-tiers/adopt/"))
    assert "采用以后项目都记“不亮灯”" in told
    assert "不能用来测算" not in told


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


def test_adopting_says_from_which_round_and_who_does_it(
    september: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = september.people
    first = drafted(people)
    published(people, saved(people, first, texts_of(first)))
    told = plain(page(people, f"of/{OWN}/adopt/"))
    assert "现在没有在收报的期，从下一次锁定的期起按它测算" in told
    assert "采用由一人办理，点了就生效" in told
    assert "不用再采用" not in told
    september.report(report_line(PARK, 6_000), period="2026-10")
    second = start_draft(people.act_as("office"), OWN, 1)
    toml = second.toml.replace("from = 2020-01-01", "from = 2026-11-01")
    published(people, saved(people, second, Texts(toml, second.text, second.examples)))
    raw = page(people, f"of/{OWN}/adopt/")
    told = plain(raw)
    assert "2026年10月（第1版）" in told
    assert "第2版自2026-11-01起施行：截至日在这一天及以后的期自动改按第2版" in told
    assert "第1版测算？第2版自2026-11-01起生效。一人办理，点了就生效。" in text_of(raw)


def test_publishing_says_what_it_means_for_the_book_in_force(september: Office) -> None:
    people = september.people
    first = drafted(people)
    waiting = submitted(people, saved(people, first, texts_of(first)))
    idle = text_of(page(people, f"drafts/{waiting.pk}/", "second_office"))
    assert "本市现在不用这部办法测算，发布后点“采用”才按它测算。发布后不能再改" in idle
    publish_draft(people.act_as("second_office"), waiting.pk, version=waiting.version)
    adopt_book(people.act_as("office"), OWN, basis=REASON, seen="default")
    second = start_draft(people.act_as("office"), OWN, 1)
    toml = second.toml.replace("from = 2020-01-01", "from = 2026-11-01")
    waiting = submitted(people, saved(people, second, Texts(toml, second.text, second.examples)))
    told = text_of(page(people, f"drafts/{waiting.pk}/", "second_office"))
    assert "本市正在使用这部办法，自2026-11-01起按新版测算" in told
    assert "现在不用这部办法" not in told


def test_versions_are_compared(people: Cast) -> None:
    published(people, drafted(people))
    alone = page(people, f"of/{OWN}/compare/")
    assert "没有不同" in plain(alone)
    assert '<option value="default:0" selected>' in text_of(alone)
    assert "只有这一个版本" in plain(page(people, "of/default/compare/"))
    draft = start_draft(people.act_as("office"), OWN, None)
    draft = saved(people, draft, moved(draft))
    told = text_of(page(people, f"of/{OWN}/compare/"))
    cells = re.sub(r"\s+", "", told)
    assert "落后时间进度超过<del>30</del>个百分点，亮红灯</td><tdclass=" in cells
    assert "落后时间进度超过<ins>40</ins>个百分点，亮红灯</td>" in cells
    assert "条文没有改" in cells
    assert f"{OWN}</option>" not in told
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
    named = openpyxl.load_workbook(io.BytesIO(response.content))["灯不同的项目"]
    row = [cell.value for cell in named[5]]
    assert row[2:] == [PARK, "江北区", "江北区发展改革局", "红", "黄", "变轻"]
    assert PARK in told
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


def test_a_trial_is_made_anew_where_a_new_run_stands(office: Office) -> None:
    simulation._tallies.clear()
    snapshot = office.closed_september()
    query = {"old": "default:0", "new": "RB01-yinchuan-lights:0"}
    page(office.people, "simulate/", **query)
    kept = len(simulation._tallies)
    page(office.people, "simulate/", **query)
    assert len(simulation._tallies) == kept == 2
    assess_for_record(office.console, snapshot)
    page(office.people, "simulate/", **query)
    assert len(simulation._tallies) == 2 * kept
