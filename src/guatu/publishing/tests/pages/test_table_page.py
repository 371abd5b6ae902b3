"""The summary table's page: the office's own template, its columns, the filled workbook."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.assessment.tests.rounds import PARK, PLANT, ROAD, Office
from guatu.organisation.models import User
from guatu.publishing.models import TableTemplate
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import put_workbook

HEAD = (
    "序号",
    "项目名称",
    "年度计划投资（万元）",
    "本年累计完成投资（万元）",
    "神秘列",
    "形象进度",
)


def browser(office: Office, name: str = "office") -> Client:
    """A signed-in browser of one of the cast."""
    client = Client()
    user = User.objects.get(pk=getattr(office.people, name).pk)
    client.force_login(user, backend="guatu.organisation.backend.Accounts")
    return client


def page(office: Office, path: str = "", name: str = "office", period: str = "2026-09") -> Any:
    return browser(office, name).get(f"/papers/{office.round(period).pk}/table/{path}")


def template(office: Office, *names: str) -> bytes:
    """Last month's table of the office."""
    rows = [(at, name, 12_000, 5_000, "旧", "基础") for at, name in enumerate(names, start=1)]
    path = office.folder / "上月汇总表.xlsx"
    put_workbook(path, ("2026年1—8月重点项目汇总表",), HEAD, *rows)
    return path.read_bytes()


def upload(
    office: Office, content: bytes, *, file: str = "上月汇总表.xlsx", name: str = "office"
) -> Any:
    fields = {TOKEN_FIELD: new_token(), "template": SimpleUploadedFile(file, content)}
    address = f"/papers/{office.round().pk}/table/template/"
    return browser(office, name).post(address, fields)


def text_of(response: Any) -> str:
    content = response.content
    assert isinstance(content, bytes)
    return content.decode()


def test_the_columns_are_shown_with_what_they_are_read_as(office: Office) -> None:
    assert upload(office, template(office, PARK, ROAD)).status_code == 302
    told = text_of(page(office))
    assert "本年累计完成投资" in told
    assert "填本期数" in told
    assert "神秘列" in told
    assert "不认识" in told
    assert "表样里有2行项目" in told


def test_the_template_is_remembered_for_every_round(office: Office) -> None:
    upload(office, template(office, PARK, ROAD))
    assert "上月汇总表.xlsx" in text_of(page(office, period="2026-08"))
    upload(office, template(office, PARK, ROAD, PLANT), file="新版.xlsx")
    assert "新版.xlsx" in text_of(page(office))
    assert TableTemplate.objects.count() == 2


def test_one_click_fills_and_hands_out(office: Office) -> None:
    upload(office, template(office, PARK, ROAD))
    answer = page(office, "filled/")
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = {row[1]: row[3] for row in sheet.iter_rows(min_row=3, values_only=True) if row[1]}
    assert (rows[PARK], rows[ROAD]) == (7_000, 9_000)
    assert PLANT in rows


def test_changed_cells_are_marked_on_the_screen_only(office: Office) -> None:
    upload(office, template(office, PARK, ROAD))
    answer = page(office, "?preview=1")
    told = text_of(answer)
    assert 'class="num cell-changed">7000<' in told
    assert "要人工补填或核对" in told
    plain = openpyxl.load_workbook(io.BytesIO(page(office, "filled/").content)).worksheets[0]
    before = openpyxl.load_workbook(io.BytesIO(template(office, PARK, ROAD))).worksheets[0]
    assert plain["D3"].fill.fgColor.rgb == before["D3"].fill.fgColor.rgb


def test_the_preview_comes_into_the_page_while_it_says_that_it_works(office: Office) -> None:
    upload(office, template(office, PARK, ROAD))
    whole = text_of(page(office))
    assert 'hx-get="?preview=1" hx-target="#preview"' in whole
    assert re.search(r'id="filling" class="htmx-indicator" role="status">.*<progress', whole)
    address = f"/papers/{office.round().pk}/table/?preview=1"
    part = text_of(browser(office).get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert 'class="num cell-changed">7000<' in part
    assert "<html" in text_of(page(office, "?preview=1"))


def with_totals(office: Office, projects: int) -> bytes:
    """A template of the office with a merged title and a row of totals by formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("2026年1—8月重点项目汇总表", *[None] * 4))
    sheet.merge_cells("A1:E1")
    sheet.append(("序号", "项目名称", "年度计划投资（万元）", "本年累计完成投资（万元）", "完成率"))
    last = 3 + projects
    sheet.append((None, "合计", f"=SUM(C4:C{last})", f"=SUM(D4:D{last})", "=D3/C3"))
    sheet["E3"].number_format = "0.0%"
    names = [PARK, ROAD, *(f"第{n}号工程" for n in range(projects - 2))]
    for at, name in enumerate(names, start=1):
        sheet.append((at, name, 12_000, 5_000, None))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_preview_shows_what_totals_come_to(office: Office) -> None:
    upload(office, with_totals(office, 2))
    told = text_of(page(office, "?preview=1"))
    assert "公式<" not in told
    rows = page(office, "?preview=1").context["filled_sheets"][0].rows
    [totals] = [row for _, row in rows if len(row) > 1 and row[1].text == "合计"]
    done = sum(float(row[3].text) for number, row in rows if number > 3 and row[3].is_number)
    assert float(totals[3].text) == done > 0
    assert totals[4].text.endswith("%")
    assert 'colspan="5">2026年1—9月重点项目汇总表' in told


def test_the_preview_stops_after_some_rows_and_leads_to_the_file(office: Office) -> None:
    upload(office, with_totals(office, 60))
    answer = page(office, "?preview=1")
    assert len(answer.context["filled_sheets"][0].rows) == 30
    assert "下载看全部" in text_of(answer)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"PK\x03\x04broken", ""),
        (b"%PDF-1.7", ""),
        ("项目名称,完成\n甲,1\n".encode(), "另存为.xlsx"),
    ],
)
def test_wrong_files_are_refused_and_not_remembered(
    office: Office, content: bytes, told: str
) -> None:
    answer = upload(office, content)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not TableTemplate.objects.exists()


def test_a_template_that_is_no_summary_table_is_told_in_one_line(office: Office) -> None:
    path = put_workbook(office.folder / "名单.xlsx", ("姓名", "电话"), ("张三", "1"))
    answer = upload(office, path.read_bytes())
    assert answer.status_code == 422
    assert "表样里没有认出项目汇总表" in text_of(answer)
    assert not TableTemplate.objects.exists()


def test_script_in_a_head_or_a_name_is_text(office: Office) -> None:
    path = office.folder / "x.xlsx"
    script = "<img src=x onerror=alert(1)>"
    put_workbook(path, (*HEAD[:4], script), (1, f"{PARK}", 1, 1, script))
    answer = upload(office, path.read_bytes(), file=f"{'长' * 200}.xlsx")
    assert answer.status_code == 302, text_of(answer)
    for told in (text_of(page(office)), text_of(page(office, "?preview=1"))):
        assert script not in told
        assert "&lt;img src=x" in told


def test_without_a_template_the_page_asks_for_one(office: Office) -> None:
    assert "上传表样" in text_of(page(office))
    assert page(office, "filled/").status_code == 404


def test_an_open_round_says_when(office: Office) -> None:
    told = text_of(page(office, period="2026-10"))
    assert "锁定后可生成汇总表" in told


def test_others_have_no_table(office: Office) -> None:
    content = template(office, PARK)
    for path in ("", "filled/"):
        assert page(office, path, "viewer").status_code == 403
        assert page(office, path, "reviewer").status_code == 404
        assert page(office, path, "outsider").status_code == 404
    assert upload(office, content, name="viewer").status_code == 403
    assert page(office, "template/").status_code == 405
    assert not TableTemplate.objects.exists()


def test_one_form_keeps_one_template(office: Office) -> None:
    client, content, token = browser(office), template(office, PARK), new_token()
    address = f"/papers/{office.round().pk}/table/template/"
    for _ in range(3):
        file = SimpleUploadedFile("表.xlsx", content)
        assert client.post(address, {TOKEN_FIELD: token, "template": file}).status_code == 302
    assert TableTemplate.objects.count() == 1
