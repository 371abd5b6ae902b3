"""Audit exports: what is in them, who may make them, that the journal tells."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.core.errors import BadInput, NotAllowed, NotFound
from guatu.journal.models import Entry, Head
from guatu.publishing.audit.services import export_list, export_project
from guatu.reporting.models import Figure
from guatu.reporting.papers.services import GivenPaper, attach_papers, remove_paper
from guatu.reporting.statistics.services import Told, record_statistics
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, make_desk, project
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import report_line

AS_OF = date(2026, 9, 30)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def desk(
    people: Cast, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> IntakeDesk:
    """A month with figures from a workbook, a corrected statistics figure and formula text."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    found = make_desk(people, tmp_path_factory.mktemp("desk"))
    found.take(found.file("甲.csv", report_line(PARK, 1000, 形象进度="=1+1"), report_line(ROAD, 5)))
    for yuan, why in ((7 * WAN, ""), (8 * WAN, "=HYPERLINK(1)")):
        record_statistics(found.office, AS_OF, [Told(project(PARK).pk, yuan)], reason=why)
    return found


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {one.title: [[cell.value for cell in row] for row in one] for one in book}


def test_the_workbook_tells_how_every_figure_came_about(desk: IntakeDesk) -> None:
    told = sheets(export_list(desk.office, desk.round.list, *YEAR, "市审计局"))
    assert list(told) == ["说明", "数字来历", "报送与审核", "疑问与答复", "锁定与更正", "凭证"]
    head, *rows = told["数字来历"][1:]
    figures = Figure.objects.filter(as_of=AS_OF)
    assert len(rows) == figures.count()
    found = {str(row[0]): dict(zip(head, row, strict=True)) for row in rows}
    for figure in figures.select_related("imported__blob"):
        row = found[str(figure.pk)]
        assert row["数值"] == figure.value
        entry = Entry.objects.get(seq=int(str(row["日志编号"])))
        assert entry.act in ("delivery.taken_in", "statistics.recorded", "reports.taken_in")
        assert (row["文件摘要（前12位）"] or "") == (
            figure.imported.blob.sm3[:12] if figure.imported else ""
        )
    old = figures.get(is_current=False)
    assert found[str(old.pk)]["状态"] == "已被更正"
    assert any(str(row["替代编号"]) == str(old.pk) for row in found.values())
    about = {str(row[0]): row[1] for row in told["说明"]}
    bases = {str(row["口径（见说明）"]) for row in found.values()}
    told_bases = "".join(str(about[f"口径{number}"]) for number in bases)
    assert "上报数" in told_bases
    assert "统计数" in told_bases
    assert "单位万元" not in told_bases
    assert about["用途"] == "市审计局"
    assert str(about["数字来历"]).startswith(f"{len(rows)}行")


def test_papers_beside_reports_are_vouchers_also_when_taken_away(desk: IntakeDesk) -> None:
    unit, pk = desk.people.act_as("reporter"), project(PARK).pk
    given = [GivenPaper("现场.png", b"\x89PNG\r\n\x1a\n"), GivenPaper("发票.pdf", b"%PDF-1.7")]
    photo, invoice = attach_papers(unit, desk.round.pk, pk, given)
    remove_paper(unit, desk.round.pk, pk, photo.pk)
    told = sheets(export_project(desk.office, pk, *YEAR, "市审计局"))["凭证"]
    rows = {row[0]: row for row in told if row[1] == "月报附件"}
    assert rows[invoice.name][2] == invoice.blob.sm3
    assert rows[invoice.name][4] == f"{PARK}2026年9月月报"
    assert "移去" in str(rows[photo.name][4])
    other = sheets(export_project(desk.office, project(ROAD).pk, *YEAR, "市审计局"))["凭证"]
    assert not [row for row in other if row[1] == "月报附件"]


def test_formula_text_stays_text(desk: IntakeDesk) -> None:
    content = export_project(desk.office, project(PARK).pk, *YEAR, "=cmd|1")
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for one in book for row in one for cell in row if cell.value}
    assert "f" not in kinds
    texts = {cell.value for one in book for row in one for cell in row}
    assert {"=HYPERLINK(1)", "=cmd|1"} <= texts


def test_the_export_is_in_the_journal_after_the_head_that_it_names(desk: IntakeDesk) -> None:
    before = Head.objects.get()
    told = sheets(export_project(desk.office, project(PARK).pk, *YEAR, "市审计局"))
    about = {str(row[0]): row[1] for row in told["说明"]}
    assert (about["日志到第几号"], about["日志末号摘要"]) == (str(before.seq), before.hash)
    entry = Entry.objects.get(seq=before.seq + 1)
    assert entry.act == "audit.exported"
    assert json.loads(entry.body)["detail"]["reason"] == "市审计局"
    names = {row[2] for row in told["数字来历"][2:]}
    assert names == {PARK}


def test_only_the_office_exports_and_what_it_asks_must_fit(desk: IntakeDesk) -> None:
    pk = project(PARK).pk
    for name in ("viewer", "reporter", "reviewer", "outsider", "audit"):
        with pytest.raises((NotAllowed, NotFound)):
            export_project(desk.people.act_as(name), pk, *YEAR, "看看")
    for first, last, purpose in ((*YEAR, " "), (*YEAR, "长" * 201), (YEAR[1], YEAR[0], "审计")):
        with pytest.raises(BadInput):
            export_project(desk.office, pk, first, last, purpose)


def test_the_pages_give_the_file_or_keep_what_was_typed(desk: IntakeDesk) -> None:
    office, address = desk.browser(), reverse("project-audit", args=[project(PARK).pk])
    assert "审计导出" in office.get(address).content.decode()
    typed = {
        "since": "2026-09",
        "until": "2026-09",
        "purpose": "市审计局",
        TOKEN_FIELD: new_token(),
    }
    done = office.post(address, typed)
    assert done.status_code == 200
    assert "attachment" in done["Content-Disposition"]
    assert "已经导出过" in office.post(address, typed).content.decode()
    refused = office.post(address, {**typed, "purpose": "", TOKEN_FIELD: new_token()})
    assert refused.status_code == 422
    listed = reverse("list-audit", args=[desk.round.list_id])
    assert office.post(listed, {**typed, TOKEN_FIELD: new_token()}).status_code == 200
    assert listed in office.get(reverse("papers")).content.decode()


def test_an_export_takes_as_many_queries_for_many_as_for_one(desk: IntakeDesk) -> None:
    with CaptureQueriesContext(connection) as one:
        export_project(desk.office, project(PARK).pk, *YEAR, "一个")
    with CaptureQueriesContext(connection) as many:
        export_list(desk.office, desk.round.list, *YEAR, "全部")
    assert len(many) <= len(one)
