"""The circular on its pages: read, drafted, edited; who sees it."""

from __future__ import annotations

import re

import pytest

from guatu.assessment.tests.rounds import PARK, Office
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.models import Paper
from guatu.publishing.tests.pages.circular import (
    SCRIPT,
    address,
    browser,
    edited_form,
    file_of,
    form_of,
    page,
    post,
    text_of,
    written,
)
from guatu.publishing.types import PaperState
from tests.tables import report_line


def test_the_preview_says_what_the_file_says(office: Office) -> None:
    told = re.sub(r"<[^>]+>|\s", "", text_of(page(office)))
    for paragraph in file_of(office).paragraphs:
        text = re.sub(r"\s", "", paragraph.text)
        assert text[:200] in told, text


def test_an_open_round_says_when_and_leads_there(office: Office) -> None:
    told = text_of(page(office, period="2026-10"))
    assert "锁定后可生成" in told
    assert f'href="/months/{office.round("2026-10").pk}/"' in told
    assert page(office, "docx/", period="2026-10").status_code == 404


def test_an_edited_wording_keeps_its_figures_live(office: Office) -> None:
    fields = edited_form(office, "累计完成投资{累计完成投资}", "共完成投资{累计完成投资}")
    assert post(office, "edit/", **fields).status_code == 302
    assert "共完成投资1.60亿元" in text_of(page(office))
    office.correct(report_line(PARK, 9_000))
    assert "共完成投资1.80亿元" in text_of(page(office))
    assert "1.80亿元" in "".join(one.text for one in file_of(office).paragraphs)


def test_the_second_editor_is_told_and_loses_no_typed_word(office: Office) -> None:
    mine = edited_form(office, LEFT_TO_WRITE, "我写的下一步")
    theirs = edited_form(office, LEFT_TO_WRITE, "他写的下一步")
    assert post(office, "edit/", "second_office", **theirs).status_code == 302
    answer = post(office, "edit/", **mine)
    assert answer.status_code == 409
    told = text_of(answer)
    assert "我写的下一步" in told
    assert "他写的下一步" in told
    assert "office2刚保存的文字" in told
    assert Paper.objects.get().version == 1
    again = form_of(answer)
    assert post(office, "edit/", **again).status_code == 302
    assert "我写的下一步" in text_of(page(office))


def test_an_unknown_name_is_refused_and_what_was_typed_is_kept(office: Office) -> None:
    fields = edited_form(office, LEFT_TO_WRITE, "完成{不存在的数}和{0.__class__}")
    answer = post(office, "edit/", **fields)
    assert answer.status_code == 422
    assert "没有叫“不存在的数”的数" in text_of(answer)
    assert "完成{不存在的数}" in text_of(answer)
    assert not Paper.objects.exists()


@pytest.mark.parametrize("typed", [SCRIPT, "=1+1", "{{7*7}}", "${7*7}", "{% debug %}", "#{1}"])
def test_typed_payloads_are_text_or_refused(office: Office, typed: str) -> None:
    answer = post(office, "edit/", **edited_form(office, LEFT_TO_WRITE, typed))
    assert answer.status_code in (302, 422)
    shown = page(office) if answer.status_code == 302 else answer
    assert SCRIPT not in text_of(shown)
    assert "49" not in "".join(re.findall(r"<mark>.*?</mark>", text_of(shown)))


def test_a_box_is_previewed_and_nothing_is_kept(office: Office) -> None:
    address_of = f"{address(office, 'preview/')}?at=2"
    typed = {"text-2": f"共完成{{累计完成投资}}，{{没有的数}}{SCRIPT}", "lead-2": "1.甲"}
    told = text_of(browser(office).post(address_of, typed))
    assert "<strong>1.甲</strong>共完成1.60亿元" in told
    assert "<mark>【没有的数】</mark>" in told
    assert SCRIPT not in told
    assert not Paper.objects.exists()
    assert browser(office).get(address_of).status_code == 405
    assert browser(office, "viewer").post(address_of, typed).status_code == 403
    assert browser(office, "outsider").post(address_of, typed).status_code == 404


def test_the_editing_page_shows_each_box_as_it_prints(office: Office) -> None:
    answer = page(office, "edit/")
    told = text_of(answer)
    assert "累计完成投资1.60亿元" in told
    assert "计入完成率的项目本年累计完成之和" in told
    assert [one.heading.piece.text for one in answer.context["sections"][1:]] == [
        "总体情况", "分地区分单位情况", "开工情况", "滞后项目及原因", "下一步工作",
    ]  # fmt: skip
    assert told.index("保存草稿") < told.index("总体情况</h2>")


def test_the_composed_text_of_a_box_comes_back(office: Office) -> None:
    fields = edited_form(office, "累计完成投资{累计完成投资}", "共完成投资{累计完成投资}")
    post(office, "edit/", **fields)
    answer = page(office, "edit/")
    [box] = [one for part in answer.context["sections"] for one in part.boxes if one.is_own]
    assert "原文</summary>" in text_of(answer)
    again = {**form_of(answer), "restore": str(box.at), f"original-{box.at}": box.original}
    done = post(office, "edit/", **again)
    assert done["Location"].endswith(f"/edit/#t-{box.at}")
    assert "，累计完成投资1.60亿元" in text_of(page(office))


def test_saving_may_stay_on_the_page(office: Office) -> None:
    fields = {**edited_form(office, LEFT_TO_WRITE, "抓紧。"), "stay": "1"}
    assert post(office, "edit/", **fields)["Location"].endswith("/circular/edit/")


def test_title_addressee_and_annex_titles_are_the_author_s(office: Office) -> None:
    answer = page(office, "edit/")
    composed, _ = answer.context["heads"]["annexes"][0]
    fields = {
        **form_of(answer), "title": "关于九月份重点项目的通报", "addressee": "各县区：",
        "annex-0-composed": composed, "annex-0": "各地情况表",
    }  # fmt: skip
    assert post(office, "edit/", **fields).status_code == 302
    told = "\n".join(one.text for one in file_of(office).paragraphs)
    assert "关于九月份重点项目的通报" in told
    assert "\n各县区：\n" in told
    assert "各地情况表" in told
    assert composed not in told
    long = {**form_of(page(office, "edit/")), "title": "长" * 10_000}
    assert post(office, "edit/", **long).status_code == 422


def test_too_much_is_refused(office: Office) -> None:
    long = edited_form(office, LEFT_TO_WRITE, "长" * 10_000)
    assert post(office, "edit/", **long).status_code == 422
    many = {"version": "0", **{f"text-{at}": "段" for at in range(302)}}
    assert post(office, "edit/", **many).status_code == 422
    assert post(office, "edit/", version="0").status_code == 422
    assert post(office, "edit/", **{"text-0": "段", "state": "issued"}).status_code == 422
    extra = {"version": "0", "text-0": "段", "state": "issued", "issued_by": "x", "id": "7"}
    assert post(office, "edit/", **extra).status_code == 302
    assert Paper.objects.get().state == PaperState.DRAFT


def test_who_sees_the_whole_list_reads_issued_papers_only(office: Office) -> None:
    assert "还没有印发" in text_of(page(office, name="viewer"))
    assert page(office, "docx/", "viewer").status_code == 404
    written(office)
    assert "抓紧推进" not in text_of(page(office, name="viewer"))
    post(office, "issue/", version="1", number="")
    told = text_of(page(office, name="viewer"))
    assert "抓紧推进" in told
    assert "撤回" not in told
    assert page(office, "docx/", "viewer").status_code == 200
    for path in ("edit/", "check/"):
        assert page(office, path, "viewer").status_code == 403
    for path in ("edit/", "issue/", "scan/", "withdraw/"):
        assert post(office, path, "viewer", version="2").status_code == 403


@pytest.mark.parametrize("name", ["reviewer", "leader", "reporter", "outsider", "system", "audit"])
def test_for_others_there_is_no_paper(office: Office, name: str) -> None:
    written(office)
    post(office, "issue/", version="1", number="")
    for path in ("", "edit/", "docx/", "check/", "scan/"):
        assert page(office, path, name).status_code == 404
