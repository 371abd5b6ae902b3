"""The pages of rule books: reading, drafting, comparing, adopting, trying."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.assessment.books import simulation
from guatu.assessment.models import Result, RuleBookDraft, RuleBookVersion, Run
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.drafts import start_draft
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
from guatu.assessment.types import DraftState
from guatu.organisation.models import User
from guatu.organisation.queries import settings_in_force
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import project_row, report_line

BACKEND = "guatu.organisation.backend.Accounts"
SCRIPT = "<script>alert(1)</script>"
READERS = ("office", "viewer", "leader", "reporter", "reviewer", "department", "outsider")


def browser(people: Cast, name: str = "office") -> Client:
    client = Client()
    user = getattr(people, name)
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def page(people: Cast, path: str, name: str = "office", **query: Any) -> Any:
    return browser(people, name).get(f"/rulebooks/{path}", query)


def post(people: Cast, path: str, name: str = "office", **fields: Any) -> Any:
    data = {TOKEN_FIELD: new_token(), **fields}
    return browser(people, name).post(f"/rulebooks/{path}", data)


def text_of(response: Any) -> str:
    body = response.content
    assert isinstance(body, bytes)
    return body.decode()


def plain(response: Any) -> str:
    """The page's words without marks and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text_of(response)))


def typed(draft: RuleBookDraft, **changed: str) -> dict[str, str]:
    """The form of a draft as a browser sends it."""
    texts = texts_of(draft)
    return {
        "version": str(draft.version),
        "toml": texts.toml,
        "text": texts.text,
        "examples": texts.examples,
        **changed,
    }


def at(draft: RuleBookDraft, act: str = "") -> str:
    return f"drafts/{draft.pk}/{act}"


# The list.


@pytest.mark.parametrize("name", READERS)
def test_everybody_in_the_house_reads(people: Cast, name: str) -> None:
    for path in ("", "export/", "of/default/", "of/default/history/", "of/default/compare/"):
        assert page(people, path, name).status_code == 200, path


@pytest.mark.parametrize("name", ["system", "security", "audit"])
def test_administrators_read_no_rules(people: Cast, name: str) -> None:
    for path in ("", "export/", "of/default/", "of/default/history/", "of/default/compare/"):
        assert page(people, path, name).status_code == 403, path


def test_the_list_is_searched_filtered_sorted_and_exported(people: Cast) -> None:
    published(people, drafted(people))
    told = plain(page(people, ""))
    assert "在用" in told
    assert OWN in told
    assert "随程序" in told
    only = plain(page(people, "", origin="own"))
    assert "共1部" in only
    assert "RB01" not in plain(page(people, "", q="三亚"))
    for kind in ("lights", "points", "lists", "procedures", "nonsense"):
        assert page(people, "", kind=kind, sort="-rules").status_code == 200
    assert "没有符合条件的办法" in plain(page(people, "", q=SCRIPT + "x" * 10_000))
    response = page(people, "export/", origin="own")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][:2] == ["通用进度亮灯办法", OWN]


def test_drafts_stand_on_the_list_for_the_office_alone(people: Cast) -> None:
    drafted(people)
    assert "正在起草" in plain(page(people, ""))
    assert "正在起草" not in plain(page(people, "", "viewer"))


def test_the_list_costs_no_more_queries_with_more_books(people: Cast) -> None:
    def cost() -> int:
        client = browser(people)
        client.get("/rulebooks/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/rulebooks/")
        return len(seen)

    published(people, drafted(people))
    first = cost()
    for number in range(4):
        published(people, drafted(people, own_id=f"more-{number}"))
    assert cost() == first <= 12


# One book.


def test_a_book_is_read_with_its_rules_beside_each_clause(people: Cast) -> None:
    told = plain(page(people, "of/RB01-yinchuan-lights/"))
    for words in (
        "原文未明", "须另行登记", "原文没有写的", "算例（", "亮红灯", "本期应报", "更新清单.1",
    ):  # fmt: skip
        assert words in told, words
    assert "不符" not in told
    assert "照此起草" not in plain(page(people, "of/default/", "viewer"))


def test_books_and_versions_that_are_not_there_are_not_found(people: Cast) -> None:
    for path in ("of/nothing/", "of/nothing/history/", "of/nothing/compare/"):
        assert page(people, path).status_code == 404, path
    assert page(people, "of/default/", version="9").status_code == 404
    assert page(people, "of/default/", version="x" * 10_000).status_code == 200
    assert page(people, "of/a b/").status_code == 404


def test_an_older_version_says_which_is_in_force(people: Cast) -> None:
    published(people, drafted(people))
    draft = start_draft(people.act_as("office"), OWN, None)
    published(people, saved(people, draft, moved(draft)))
    assert "现在有效的是第2版" in plain(page(people, f"of/{OWN}/", version="1"))
    assert "现在有效的是" not in plain(page(people, f"of/{OWN}/"))


def test_script_in_names_and_clauses_is_shown_as_text(people: Cast) -> None:
    draft = drafted(people)
    toml = draft.toml.replace("通用进度亮灯办法", f"{SCRIPT}办法").replace('"绿"', f'"{SCRIPT}"')
    text = draft.text.replace("完成率＝", f"{SCRIPT}<img src=x onerror=y>")
    draft = saved(people, draft, type(texts_of(draft))(toml, text, draft.examples))
    for path in (at(draft), at(draft, "read/"), ""):
        told = text_of(page(people, path))
        assert "<script>alert" not in told
        assert "<img" not in told
    assert "&lt;script&gt;" in text_of(page(people, at(draft, "read/")))


# Writing.


def test_a_book_is_copied_edited_sent_in_and_published(people: Cast) -> None:
    response = post(people, "of/default/start/", own_id=OWN)
    draft = RuleBookDraft.objects.get()
    assert response.headers["Location"] == f"/rulebooks/{at(draft)}"
    new = moved(draft)
    response = post(people, at(draft), **typed(draft, toml=new.toml, examples=new.examples))
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.version == 2
    response = post(people, at(draft, "submit/"), version="2", reason=REASON)
    assert response.status_code == 302
    told = plain(page(people, at(draft)))
    assert "待发布" in told
    assert "您自己不能发布" in told
    assert "发布第1版" in plain(page(people, at(draft), "second_office"))
    assert post(people, at(draft, "publish/"), version="3").status_code == 403
    response = post(people, at(draft, "publish/"), "second_office", version="3")
    assert response.headers["Location"] == f"/rulebooks/of/{OWN}/"
    assert RuleBookVersion.objects.get(book=OWN).toml == new.toml
    assert "40个百分点" in plain(page(people, f"of/{OWN}/", "reporter"))
    assert "已经了结" in plain(page(people, at(draft)))


def test_a_number_is_changed_beside_its_sentence(people: Cast) -> None:
    draft = drafted(people)
    assert 'name="n:light/0/cases/3/when#0" value="30"' in text_of(page(people, at(draft)))
    fields = typed(draft) | {
        "n:light/0/cases/2/when#1": " 40 ",
        "n:light/0/cases/3/when#0": "40",
        "n:light/0/cases/1/when#1": "10",
        "n:nothing/7#0": "99",
    }
    assert post(people, at(draft), **fields).status_code == 302
    draft.refresh_from_db()
    assert draft.toml == moved(drafted(people, own_id="twin")).toml.replace("twin", OWN)
    assert draft.toml.startswith("# 通用进度办法")


@pytest.mark.parametrize("told", ["", "四十", SCRIPT, "=1+1", "9" * 10_000])
def test_what_is_no_number_is_refused_and_kept_on_the_page(people: Cast, told: str) -> None:
    draft = drafted(people)
    fields = typed(draft) | {"n:light/0/cases/3/when#0": told}
    response = post(people, at(draft), **fields)
    assert response.status_code == 422
    assert "不是数" in plain(response)
    assert SCRIPT not in text_of(response)
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_stale_save_keeps_both_texts(people: Cast) -> None:
    draft = drafted(people)
    mine = typed(draft, text="## 一\n\n我的条文")
    saved(people, draft, type(texts_of(draft))(draft.toml, "## 一\n\n对方的条文", ""))
    response = post(people, at(draft), "second_office", **mine)
    assert response.status_code == 409
    told = text_of(response)
    assert "我的条文" in told
    assert "对方的条文" in told
    assert "以我的为准保存" in told
    draft.refresh_from_db()
    assert "对方的条文" in draft.text
    again = post(people, at(draft), "second_office", **{**mine, "version": str(draft.version)})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert "我的条文" in draft.text


def test_faults_stand_with_their_line(people: Cast) -> None:
    draft = drafted(people)
    toml = draft.toml.replace("10*百分点 <= 落后", "15*百分点 <= 落后")
    line = toml[: toml.index("dimension")].count("\n") + 1
    told = text_of(post(people, at(draft, "check/"), **typed(draft, toml=toml)))
    assert f'data-field="f-toml" data-line="{line}"' in told
    broken = text_of(post(people, at(draft, "check/"), **typed(draft, toml="a = [\n\n")))
    assert "不合TOML写法" in broken
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_check_as_one_types_answers_with_a_part_of_the_page(people: Cast) -> None:
    draft = drafted(people)
    response = browser(people).post(
        f"/rulebooks/{at(draft, 'check/')}", typed(draft), headers={"HX-Request": "true"}
    )
    told = text_of(response)
    assert "<html" not in told
    assert "没有问题，12个算例都对" in told
    assert "还没有锁定的期" in told


@pytest.mark.parametrize(
    ("field", "told", "status"),
    [
        ("toml", "#" * 400_001, 422),
        ("toml", "#" * 10_000_000, 400),
        ("text", "甲" * 400_001, 422),
    ],
)
def test_too_long_texts_are_refused(people: Cast, field: str, told: str, status: int) -> None:
    draft = drafted(people)
    assert post(people, at(draft), **typed(draft, **{field: told})).status_code == status
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize("missing", ["toml", "text", "examples", "version"])
def test_a_form_that_lacks_a_field_is_refused(people: Cast, missing: str) -> None:
    draft = drafted(people)
    fields = typed(draft)
    del fields[missing]
    assert post(people, at(draft), **fields, extra=SCRIPT).status_code == 422


@pytest.mark.parametrize("name", ["viewer", "reporter", "leader", "outsider", "audit"])
def test_drafts_exist_for_the_office_alone(people: Cast, name: str) -> None:
    draft = drafted(people)
    for act in ("", "effect/", "read/"):
        assert page(people, at(draft, act), name).status_code == 404
    for act in ("", "check/", "submit/", "publish/", "return/", "withdraw/", "drop/"):
        assert post(people, at(draft, act), name, **typed(draft)).status_code == 404
    assert post(people, "of/default/start/", name, own_id="mine").status_code == 403
    assert page(people, "of/default/adopt/", name).status_code == 403
    assert page(people, "simulate/", name).status_code == 403


def test_acts_are_posted(people: Cast) -> None:
    draft = drafted(people)
    for act in ("check/", "submit/", "publish/", "return/", "withdraw/", "drop/"):
        assert page(people, at(draft, act)).status_code == 405, act
    assert page(people, "of/default/start/").status_code == 405
    assert page(people, "drafts/999999999999999999999/").status_code == 404


def test_a_submission_with_faults_says_them_and_keeps_the_reason(people: Cast) -> None:
    draft = drafted(people)
    draft = saved(people, draft, type(texts_of(draft))(draft.toml, "", draft.examples))
    response = post(people, at(draft, "submit/"), version="2", reason=REASON)
    assert response.status_code == 422
    assert "缺少text.md" in plain(response)
    assert REASON in text_of(response)


def test_a_returned_draft_says_why(people: Cast) -> None:
    draft = submitted(people, drafted(people))
    refused = post(people, at(draft, "return/"), "second_office", version="2", reason=" ")
    assert refused.status_code == 422
    post(people, at(draft, "return/"), "second_office", version="2", reason=f"再核{SCRIPT}")
    told = text_of(page(people, at(draft)))
    assert "再核&lt;script&gt;" in told
    assert post(people, at(draft, "drop/"), version="3").status_code == 302
    assert RuleBookDraft.objects.get().state == DraftState.DROPPED


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
