"""The circular issued: frozen, numbered, signed, withdrawn."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.assessment.tests.rounds import PARK, Office
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.models import Paper
from guatu.publishing.tests.pages.circular import (
    SCRIPT,
    browser,
    changed,
    edited_form,
    file_of,
    page,
    post,
    text_of,
    written,
)
from guatu.publishing.types import PaperState
from tests.tables import report_line

PDF = b"%PDF-1.7\n" + b"0" * 50


JPG = b"\xff\xd8\xff\xe0" + b"0" * 50


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


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


@pytest.mark.parametrize("path", ["issue/", "withdraw/"])
def test_acts_are_posted(office: Office, path: str) -> None:
    assert page(office, path).status_code == 405
