"""The circular on its pages: drafted, edited, checked, issued, signed, withdrawn."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.assessment.tests.rounds import PARK, ROAD, Office
from guatu.organisation.models import User
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.models import Paper
from guatu.publishing.types import PaperState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import report_line

BACKEND = "guatu.organisation.backend.Accounts"
SCRIPT = "<script>alert(1)</script>"
PDF = b"%PDF-1.7\n" + b"0" * 50
JPG = b"\xff\xd8\xff\xe0" + b"0" * 50
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@pytest.fixture
def office(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """August and September are locked, October has been opened."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    office = Office(people, tmp_path)
    office.closed_september()
    office.report(report_line(PARK, 8_000), period="2026-10")
    return office


def browser(office: Office, name: str = "office") -> Client:
    """A signed-in browser of one of the cast."""
    client = Client()
    user = getattr(office.people, name)
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(office: Office, path: str = "", period: str = "2026-09") -> str:
    return f"/papers/{office.round(period).pk}/circular/{path}"


def page(office: Office, path: str = "", name: str = "office", period: str = "2026-09") -> Any:
    return browser(office, name).get(address(office, path, period))


def post(office: Office, path: str, name: str = "office", **fields: Any) -> Any:
    data = {TOKEN_FIELD: new_token(), **fields}
    return browser(office, name).post(address(office, path), data)


def text_of(response: Any) -> str:
    content = response.content
    assert isinstance(content, bytes)
    return content.decode()


def form_of(response: Any) -> dict[str, str]:
    """The fields of the editing form as a browser would send them."""
    fields = {"version": str(response.context["version"])}
    for at, piece in response.context["pieces"]:
        fields |= {f"kind-{at}": piece.kind, f"text-{at}": piece.text}
        fields |= {f"level-{at}": str(piece.level), f"lead-{at}": piece.lead}
    return fields


def edited_form(office: Office, old: str, new: str) -> dict[str, str]:
    fields = form_of(page(office, "edit/"))
    assert any(old in text for text in fields.values())
    return {name: text.replace(old, new) for name, text in fields.items()}


def written(office: Office) -> None:
    """The author has written what was left to him."""
    fields = edited_form(office, LEFT_TO_WRITE, "各单位要抓紧推进。")
    assert post(office, "edit/", **fields).status_code == 302


def file_of(office: Office) -> Any:
    return docx.Document(io.BytesIO(page(office, "docx/").content))


def upload(document: Any, name: str = "通报.docx") -> SimpleUploadedFile:
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def changed(office: Office, old: str, new: str) -> SimpleUploadedFile:
    """The exported file with one text changed, as an editor saves it."""
    document = file_of(office)
    hit = next(one for one in document.paragraphs if old in one.text)
    text = hit.text.replace(old, new, 1)
    for run in hit.runs[1:]:
        run.text = ""
    hit.runs[0].text = text
    return upload(document)


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


def test_the_day_of_issue_stands_in_the_imprint(office: Office) -> None:
    assert "年　　月　　日印发" in text_of(page(office))
    written(office)
    post(office, "issue/", version="1", number="")
    assert "2026年10月10日印发" in text_of(page(office))


def test_a_paper_of_an_older_revision_says_so(office: Office) -> None:
    written(office)
    post(office, "issue/", version="1", number="")
    assert "现为第2版" not in text_of(page(office, name="viewer"))
    assert "按《" in text_of(page(office, name="viewer"))
    office.correct(report_line(PARK, 9_000))
    told = text_of(page(office, name="viewer"))
    assert "本通报用第1版定版数据印发，本期现为第2版" in told
    listed = browser(office, "viewer").get("/papers/").content.decode()
    assert "第1版，现为第2版" in listed


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


def test_one_changed_figure_is_found_with_the_right_value(office: Office) -> None:
    file = changed(office, "1.60亿元", "1.66亿元")
    answer = browser(office).post(address(office, "check/"), {"edited": file})
    [one] = answer.context["checked"].differing
    assert (one.found, one.right, one.place) == ("1.66亿元", "1.60亿元", "第7段")
    told = text_of(answer)
    assert "1处不一致" in told
    assert f"{len(answer.context['checked'].agreeing)}处数与定版数据一致" in told


def test_what_the_author_made_up_is_not_its_own_proof(office: Office) -> None:
    words = "累计完成12.34亿元的项目要在11月15日前巩固进度，完成投资{累计完成投资}，共二十八个。"
    fields = edited_form(office, LEFT_TO_WRITE, words)
    assert post(office, "edit/", **fields).status_code == 302
    answer = browser(office).post(address(office, "check/"), {"edited": upload(file_of(office))})
    checked = answer.context["checked"]
    doubtful = {one.found for one in (*checked.unknown, *checked.differing)}
    assert {"12.34亿元", "11月", "15日", "二十八个"} <= doubtful
    assert "1.60亿元" not in doubtful
    assert len(checked.agreeing) > 20


def test_after_a_correction_the_old_file_no_longer_agrees(office: Office) -> None:
    file = upload(file_of(office))
    office.correct(report_line(PARK, 9_000))
    answer = browser(office).post(address(office, "check/"), {"edited": file})
    found = {(one.found, one.right) for one in answer.context["checked"].differing}
    assert ("1.60亿元", "1.80亿元") in found


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken", b"x" * 1000])
def test_a_wrong_file_to_check_is_refused(office: Office, content: bytes) -> None:
    file = SimpleUploadedFile("通报.docx", content)
    answer = browser(office).post(address(office, "check/"), {"edited": file})
    assert answer.status_code == 422
    assert browser(office).post(address(office, "check/")).status_code == 422


def test_issuing_waits_for_what_is_left_to_write(office: Office) -> None:
    answer = post(office, "issue/", version="0", number="江重办〔2026〕7号")
    assert answer.status_code == 422
    assert "待起草人补写" in text_of(answer)
    assert "江重办〔2026〕7号" in text_of(answer)


def test_an_issued_circular_is_frozen(office: Office) -> None:
    written(office)
    answer = post(office, "issue/", version="1", number="江重办〔2026〕7号")
    assert answer.status_code == 302
    before = page(office, "docx/").content
    assert "1.60亿元" in text_of(page(office))
    office.correct(report_line(PARK, 9_000))
    told = text_of(page(office))
    assert "1.60亿元" in told
    assert "1.80亿元" not in told
    assert "印发以后本期更正到第2版" in told
    assert page(office, "docx/").content == before
    fields = {"version": "2", "text-0": "改"}
    assert post(office, "edit/", **fields).status_code == 409
    assert post(office, "issue/", version="2").status_code == 409


def test_the_number_stands_in_the_red_head(office: Office) -> None:
    written(office)
    post(office, "issue/", version="1", number="江重办〔2026〕7号")
    assert "江重办〔2026〕7号" in text_of(page(office))
    assert any("江重办〔2026〕7号" in one.text for one in file_of(office).paragraphs)


def test_a_file_edited_outside_is_issued_when_its_figures_agree(office: Office) -> None:
    good = changed(office, LEFT_TO_WRITE, "请各单位抓紧。")
    bad = changed(office, "1.60亿元", "1.66亿元")
    answer = post(office, "issue/", version="0", number="", edited=bad)
    assert answer.status_code == 422
    assert "1处数与定版数据不一致" in text_of(answer)
    assert post(office, "issue/", version="0", number="", edited=good).status_code == 302
    good.seek(0)
    assert page(office, "docx/").content == good.read()
    assert "请各单位抓紧。" in text_of(page(office))


def test_who_answers_for_a_difference_may_issue_it(office: Office) -> None:
    bad = changed(office, "1.60亿元", "1.66亿元")
    answer = post(office, "issue/", version="0", number="", edited=bad, confirmed="1")
    assert answer.status_code == 302


def test_who_read_an_older_draft_does_not_issue_a_newer_one(office: Office) -> None:
    written(office)
    assert post(office, "issue/", version="0", number="").status_code == 409
    assert Paper.objects.get().state == PaperState.DRAFT


@pytest.mark.parametrize(("content", "suffix"), [(PDF, "pdf"), (JPG, "jpg"), (PNG, "png")])
def test_a_signed_scan_is_kept_and_only_downloaded(
    office: Office, content: bytes, suffix: str
) -> None:
    written(office)
    post(office, "issue/", version="1", number="")
    file = SimpleUploadedFile("签发.html", content, content_type="text/html")
    assert post(office, "scan/", version="2", scan=file).status_code == 302
    answer = page(office, "scan/", "viewer")
    assert answer.content == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith(f".{suffix}")
    assert "html" not in answer["Content-Type"]
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "content",
    [b"<svg onload=alert(1)>", b"<html>", b"GIF89a", b"PK\x03\x04", b"MZ", b" %PDF-1.7", b""],
)
def test_what_is_no_scan_is_refused_whatever_its_name(office: Office, content: bytes) -> None:
    written(office)
    post(office, "issue/", version="1", number="")
    file = SimpleUploadedFile("签发.pdf", content, content_type="application/pdf")
    answer = post(office, "scan/", version="2", scan=file)
    assert answer.status_code == 422
    assert Paper.objects.get().scan is None


def test_a_withdrawn_circular_stays_told_and_a_new_one_begins(office: Office) -> None:
    written(office)
    post(office, "issue/", version="1", number="江重办〔2026〕7号")
    assert post(office, "withdraw/", version="2", reason=" ").status_code == 422
    assert post(office, "withdraw/", version="2", reason=f"数字有误{SCRIPT}").status_code == 302
    told = text_of(page(office))
    assert "江重办〔2026〕7号" in told
    assert "数字有误&lt;script&gt;" in told
    assert LEFT_TO_WRITE in told
    written_again = edited_form(office, LEFT_TO_WRITE, "重新写。")
    assert post(office, "edit/", **written_again).status_code == 302
    assert Paper.objects.count() == 2


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


@pytest.mark.parametrize("path", ["issue/", "withdraw/"])
def test_acts_are_posted(office: Office, path: str) -> None:
    assert page(office, path).status_code == 405


def test_the_list_finds_filters_and_exports(office: Office) -> None:
    written(office)
    post(office, "issue/", version="1", number="江重办〔2026〕7号")
    client = browser(office)
    whole = client.get("/papers/").content.decode()
    assert "1—9月" in whole
    assert "1—8月" in whole
    assert "1—10月" not in whole
    issued = client.get("/papers/?state=issued").content.decode()
    assert "江重办〔2026〕7号" in issued
    assert "1—8月" not in issued
    found = client.get("/papers/", {"q": "2026-08"}).content.decode()
    assert "1—8月" in found
    assert "1—9月" not in found
    assert "没有符合条件" in client.get("/papers/", {"q": SCRIPT}).content.decode()
    assert client.get("/papers/export/").content[:2] == b"PK"
    for odd in ("sort=__class__", "sort=-list", "page=99999", "year=²", "state=x", "year=0"):
        assert client.get(f"/papers/?{odd}").status_code == 200


def test_more_rounds_cost_no_more_queries(office: Office) -> None:
    first = queries(office, "/papers/")
    office.report(report_line(PARK, 8_100), report_line(ROAD, 9_100), period="2026-10")
    office.close("2026-10")
    assert queries(office, "/papers/") == first
    assert first <= 12


def queries(office: Office, path: str) -> int:
    client = browser(office)
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
