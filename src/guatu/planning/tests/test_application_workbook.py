"""Applications by workbook: the template filled, looked at, taken, refused by cell."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.files.models import Blob
from guatu.journal.models import Entry
from guatu.ledger.making import services
from guatu.ledger.making.models import Application
from guatu.ledger.making.types import ApplicationState, CallWords
from guatu.ledger.making.workbook.layout import COLUMNS, FIRST_LINE
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from guatu.planning.tests.test_making_pages import client
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT, Cast

pytestmark = pytest.mark.django_db
FIELDS = [one.field for one in COLUMNS]
LINE: dict[str, Any] = {
    "organisation": UNIT, "name": "江北智算中心", "region": "江北区", "nature": "新建",
    "owner": "江源城投集团", "site": "江北路1号", "total": 50000, "plan": 10000.0,
    "starts_by": "2027-03", "completes_by": datetime(2028, 12, 1), "land": "已落实",
    "money": "已落实", "approvals": "办理中", "approvals_note": "可研待批",
}  # fmt: skip


@pytest.fixture
def making(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Making:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    return make_making(people)


def blank(making: Making, who: str = "reporter") -> Any:
    page = client(making, who).get(reverse("application-workbook-blank", args=[making.call.pk]))
    return load_workbook(io.BytesIO(page.content))


def filled(making: Making, *rows: dict[str, Any], title: str = "") -> bytes:
    book = blank(making)
    sheet = book["申报"]
    if title:
        sheet["A1"] = title
    for at, row in enumerate(rows):
        for name, value in row.items():
            cell = sheet.cell(FIRST_LINE + 1 + at, FIELDS.index(name) + 1)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def look(making: Making, content: bytes, who: str = "reporter") -> tuple[Client, str, int]:
    browser = client(making, who)
    file = SimpleUploadedFile("申报表.xlsx", content)
    answer = browser.post(
        reverse("application-workbook", args=[making.call.pk]),
        {"workbook": file, TOKEN_FIELD: new_token()},
        follow=True,
    )
    return browser, answer.content.decode(), answer.status_code


def confirm(browser: Client, making: Making, counts: str = "1/0/0") -> HttpResponse:
    address = reverse("application-workbook-confirm", args=[making.call.pk])
    answer = browser.post(address, {"counts": counts, TOKEN_FIELD: new_token()})
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_head_is_locked_and_the_choices_are_offered(making: Making) -> None:
    sheet = blank(making)["申报"]
    assert sheet.protection.sheet
    assert sheet["A3"].protection.locked
    assert not sheet["A4"].protection.locked
    assert sheet["A1"].value == "2027年重点项目申报表"
    assert len(sheet.data_validations.dataValidation) == 8
    own, every = blank(making)["选项"], blank(making, "office")["选项"]
    assert [own["A1"].value, own["A2"].value] == [UNIT, None]
    assert every["A2"].value is not None


def test_lines_become_applications(making: Making) -> None:
    browser, page, status = look(making, filled(making, LINE, {**LINE, "name": "临江码头"}))
    assert (status, "确认申报" in page, Application.objects.count()) == (200, True, 0)
    assert "审批（办理中：可研待批）" in page
    assert confirm(browser, making, "2/0/0").status_code == 302
    one = Application.objects.get(name="江北智算中心")
    assert (one.state, one.total_yuan, one.plan_yuan) == (ApplicationState.SUBMITTED, 5 * YI, YI)
    assert (str(one.starts_by), str(one.completes_by)) == ("2027-03-31", "2028-12-31")
    assert one.by == making.people.act_as("reporter").text
    assert Blob.objects.exists()


def test_a_file_that_comes_again_changes_nothing(making: Making) -> None:
    content = filled(making, LINE)
    browser, _, _ = look(making, content)
    confirm(browser, making)
    browser, page, _ = look(making, content)
    assert "都已收到，没有不同" in page
    before = Entry.objects.count()
    assert confirm(browser, making, "0/0/1").status_code == 422
    assert (Application.objects.count(), Entry.objects.count()) == (1, before)
    _, page, _ = look(making, filled(making, {**LINE, "plan": 20000}))
    assert "已经申报，内容与表中不同" in page


def test_a_returned_one_is_changed_and_a_likeness_is_asked(making: Making) -> None:
    one = making.apply()
    services.return_applications(making.office, making.call.pk, {one.pk: one.version}, reason="补")
    making.apply("江北智算中心项目", who="outsider", site="别处2号")
    row = {**LINE, "plan": 20000}
    _, page, _ = look(making, filled(making, row))
    assert "更新后申报" in page
    assert "只差词尾" not in page
    browser, page, _ = look(making, filled(making, row), "office")
    assert "名称只差词尾" in page
    assert confirm(browser, making, "0/1/0").status_code == 302
    one.refresh_from_db()
    assert (one.state, one.plan_yuan) == (ApplicationState.SUBMITTED, 2 * YI)
    assert one.by == making.office.text


WRONG: tuple[tuple[str, object, str, str], ...] = (
    ("total", "五万", "J", "写成数字"),
    ("total", "NaN", "J", "写成数字"),
    ("total", 10**18, "J", "写成数字"),
    ("total", "=1+1", "J", "写成数字"),
    ("total", "<script>alert(1)</script>", "J", "写成数字"),
    ("total", -5, "J", "总投资为负"),
    ("plan", "６００００", "K", "高于总投资"),
    ("plan", None, "K", "没有写年度计划投资"),
    ("starts_by", "三月", "L", "月份请写成2027-03"),
    ("starts_by", "2026-03", "L", "早于2027年"),
    ("name", "名" * 400, "B", "项目名称"),
    ("name", None, "B", "项目名称"),
    ("name", "隐\u202e藏", "B", "看不见的字符"),
    ("region", "蓬莱", "E", "没有“蓬莱”这个所属地区"),
    ("region", None, "E", "所属地区"),
    ("nature", "半新", "G", "没有“半新”"),
    ("land", "大概", "N", "没有“大概”"),
    ("land", None, "N", "没有写土地落实情况"),
    ("organisation", "没有的局", "A", "没有“没有的局”"),
    ("organisation", OTHER_UNIT, "A", "不能替别的单位申报"),
    ("project", "台账里没有", "D", "没有这个项目"),
    ("national_code", 2024123456789012345, "C", "按数字存"),
)


def test_faults_are_told_by_cell_and_nothing_enters(making: Making) -> None:
    rows = [
        {**LINE, "name": f"项目{at}号", "site": f"{at}号路口", field: value}
        for at, (field, value, _, _) in enumerate(WRONG)
    ]
    browser, page, status = look(making, filled(making, *rows, LINE))
    assert status == 200
    for at, (_, _, column, told) in enumerate(WRONG):
        found = re.search(rf">{column}{at + 4}<.*?</tr>", page, re.S)
        assert found, f"{column}{at + 4} {told}"
        assert told in found[0], f"{column}{at + 4} {told}"
    assert "整份都没有收" in page
    assert confirm(browser, making).status_code == 422
    assert not Application.objects.exists()


def test_what_is_left_empty_is_told_with_what_is_wrong(making: Making) -> None:
    line = {**LINE, "region": "没有的区", "land": None, "plan": None}
    _, page, _ = look(making, filled(making, line))
    for told in ("没有写土地", "没有写年度计划投资（万元）", "没有“没有的区”这个所属地区"):
        assert page.count(told) == 1, told


def test_two_lines_of_one_project_are_refused(making: Making) -> None:
    _, page, _ = look(making, filled(making, LINE, LINE))
    assert "与第4行是同一个项目" in page


def test_what_is_no_workbook_of_the_call_is_refused(making: Making) -> None:
    words = CallWords(2027, "省重点项目", making.call.opens_on, making.call.closes_on)
    services.open_call(making.office, words)
    for content, told in (
        (filled(making, LINE, title="2027年省重点项目申报表"), "不是2027年重点项目申报表"),
        (filled(making), "表里没有填项目"),
        (b"not a workbook", "申报表.xlsx"),
    ):
        _, page, status = look(making, content)
        assert status == 422
        assert told in page or "重新选择文件" in page


def test_a_closed_call_takes_no_workbook(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    content = filled(making, LINE)
    monkeypatch.setenv("GUATU_TODAY", "2026-12-20")
    _, page, status = look(making, content)
    assert (status, "截止申报" in page) == (409, True)


def test_another_count_than_was_seen_takes_nothing(making: Making) -> None:
    browser, _, _ = look(making, filled(making, LINE))
    assert confirm(browser, making, "7/0/0").status_code == 409
    assert not Application.objects.exists()
    assert confirm(browser, making).status_code == 302


def test_queries_do_not_grow_with_the_lines(making: Making) -> None:
    def count(lines: int) -> int:
        rows = [{**LINE, "name": f"项目{at}号", "site": f"{at}号路口"} for at in range(lines)]
        browser, _, _ = look(making, filled(making, *rows), "office")
        with CaptureQueriesContext(connection) as caught:
            browser.get(reverse("application-workbook-preview", args=[making.call.pk]))
        return len(caught)

    assert count(4) == count(12) <= 12
