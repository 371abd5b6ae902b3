"""The pages of rule books: drafting, sending in, publishing."""

from __future__ import annotations

import re

import pytest

from guatu.assessment.books.texts import head_of
from guatu.assessment.models import RuleBookDraft, RuleBookVersion
from guatu.assessment.tests.books import (
    OWN,
    REASON,
    drafted,
    moved,
    saved,
    submitted,
    texts_of,
)
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
from guatu.assessment.types import DraftState
from tests.factories import Cast

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


def test_the_unit_beside_a_number_reads_without_the_sign_of_the_text(people: Cast) -> None:
    whole = text_of(page(people, at(drafted(people))))
    numbers = whole[whole.index('class="book-numbers"') : whole.index('id="f-toml"')]
    assert numbers.count("百分点") > 4
    assert "*" not in numbers
    assert "10*百分点" in whole


def test_title_and_date_are_changed_beside_the_numbers(people: Cast) -> None:
    draft = drafted(people)
    fields = typed(draft) | {"h:title": '江源市"亮灯"办法', "h:from": "2026-11-01", "h:id": "x"}
    assert post(people, at(draft), **fields).status_code == 302
    draft.refresh_from_db()
    assert head_of(draft.toml)["title"] == '江源市"亮灯"办法'
    assert head_of(draft.toml)["from"] == "2026-11-01"
    assert draft.text.startswith('# 江源市"亮灯"办法\n')
    told = plain(page(people, at(draft)))
    assert "没有问题，12个算例都对" in told
    assert "亮灯&quot;办法" in text_of(page(people, ""))


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("h:title", " "),
        ("h:title", "长" * 10_000),
        ("h:from", "十一月"),
        ("h:from", ""),
        ("h:from", "20261101"),
        ("h:source", SCRIPT * 50),
    ],
)
def test_a_head_that_cannot_be_is_refused_beside_its_field(
    people: Cast, field: str, told: str
) -> None:
    draft = drafted(people)
    response = post(people, at(draft), **(typed(draft) | {field: told}))
    assert response.status_code == 422
    assert 'id="e-' in text_of(response)
    assert SCRIPT not in text_of(response)
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_check_tells_how_the_rules_would_read(people: Cast) -> None:
    draft = drafted(people)
    fields = typed(draft) | {"n:light/0/cases/3/when#0": "40"}
    told = re.sub(r"\s+", "", text_of(post(people, at(draft, "check/"), **fields)))
    assert "超过<del>30</del><ins>40</ins>个百分点" in told
    same = text_of(post(people, at(draft, "check/"), **typed(draft)))
    assert "改后的规则" not in same


def test_an_id_that_cannot_be_is_told_beside_its_field(people: Cast) -> None:
    response = post(people, "of/default/start/", own_id="江源 2026")
    assert response.status_code == 422
    told = text_of(response)
    assert 'id="e-own"' in told
    assert 'value="江源 2026"' in told
    assert not RuleBookDraft.objects.exists()


@pytest.mark.parametrize("told", ["", "四十", SCRIPT, "=1+1", "9" * 10_000])
def test_what_is_no_number_is_refused_and_kept_on_the_page(people: Cast, told: str) -> None:
    draft = drafted(people)
    fields = typed(draft) | {"n:light/0/cases/3/when#0": told}
    response = post(people, at(draft), **fields)
    assert response.status_code == 422
    assert "不是数" in plain(response)
    beside = text_of(response).partition('name="n:light/0/cases/3/when#0"')[2].partition("</li>")[0]
    assert "请写整数或小数" in beside
    assert "没有问题" not in plain(response)
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
    assert "data-unsaved" in told
    assert "data-unsaved" not in text_of(page(people, at(draft)))
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
