"""The figures of an edited circular, checked against the locked ones."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.assessment.tests.rounds import PARK, Office
from guatu.publishing.circular.compose import LEFT_TO_WRITE
from guatu.publishing.tests.pages.circular import (
    address,
    browser,
    changed,
    edited_form,
    file_of,
    post,
    text_of,
    upload,
)
from tests.tables import report_line


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
