from __future__ import annotations

import io
import zipfile
from datetime import date
from urllib.parse import quote

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.ledger.models import Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.reporting.papers.models import ReportPaper, ReportPaperRemoval
from guatu.reporting.papers.services import MOST_PAPERS
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.tests.desk import PARK, PLANT, IntakeDesk, figure, project
from guatu.reporting.tests.signed_workbooks import put
from guatu.reporting.workbook.layout import AT, FIRST_LINE, SHEET
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT

PHOTO = b"\xff\xd8\xff\xe0photo"


def content_of(response: HttpResponse) -> bytes:
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return response.content


def test_a_unit_gets_its_workbook_and_the_desk_takes_it(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    page = reporter.get(reverse("my-reports")).content.decode()
    address = reverse("report-workbook", args=[desk.round.pk])
    assert address in page
    book = openpyxl.load_workbook(io.BytesIO(content_of(reporter.get(address))))  # type: ignore[arg-type]
    put(book[SHEET], PARK, year=900)
    saved = io.BytesIO()
    book.save(saved)
    office = desk.browser()
    answer = desk.drop(office, Upload("填好的.xlsx", saved.getvalue()))
    assert answer.status_code == 302
    assert figure(PARK) == 900
    assert UNIT in office.get(desk.url("intake")).content.decode()


def test_the_office_gets_every_unit_s_workbook_at_once(desk: IntakeDesk) -> None:
    office = desk.browser()
    address = desk.url("intake-workbooks")
    assert address in office.get(desk.url("intake")).content.decode()
    archive = zipfile.ZipFile(io.BytesIO(content_of(office.get(address))))  # type: ignore[arg-type]
    assert archive.namelist() == [
        f"{OTHER_UNIT}2026年9月填报表.xlsx",
        f"{UNIT}2026年9月填报表.xlsx",
    ]


def test_the_office_gets_one_unit_s_workbook_from_the_row_of_what_is_missing(
    desk: IntakeDesk,
) -> None:
    office, unit = desk.browser(), desk.people.organisations[OTHER_UNIT]
    address = desk.url("intake-unit-workbook", organisation_id=unit)
    assert address in office.get(desk.url("intake")).content.decode()
    answer = office.get(address)
    assert quote(OTHER_UNIT) in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(answer)))[SHEET]  # type: ignore[arg-type]
    names = [sheet.cell(line, AT["name"] + 1).value for line in range(FIRST_LINE + 1, 20)]
    assert [one for one in names if one] == [PLANT, "科创中心"]
    for number in (0, 999_999, 10**18):
        missing = desk.url("intake-unit-workbook", organisation_id=number)
        assert office.get(missing).status_code == 404
    assert desk.browser("reporter").get(address).status_code in (403, 404)


def test_a_unit_named_to_report_for_the_lead_unit_has_its_own_workbook(desk: IntakeDesk) -> None:
    lead, other = desk.people.organisations[OTHER_UNIT], desk.people.organisations[UNIT]
    with journal.act(desk.office, "responsibility.changed") as act:
        act.write(
            Responsibility(
                project=project("科创中心"),
                role=ResponsibilityRole.REPORTER,
                organisation_id=other,
                valid_from=date(2026, 1, 1),
            )
        )
    answer = desk.browser().get(desk.url("intake-unit-workbook", organisation_id=lead))
    archive = zipfile.ZipFile(io.BytesIO(content_of(answer)))  # type: ignore[arg-type]
    assert len(archive.namelist()) == 2


def test_a_locked_round_gives_no_workbook_out(desk: IntakeDesk) -> None:
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    own = reverse("report-workbook", args=[desk.round.pk])
    assert desk.browser("reporter").get(own).status_code == 409
    assert desk.browser().get(desk.url("intake-workbooks")).status_code == 409
    assert (
        desk.url("intake-workbooks") not in desk.browser().get(desk.url("intake")).content.decode()
    )


def attach(
    desk: IntakeDesk, browser: Client, *files: tuple[str, bytes], name: str = PARK
) -> HttpResponse:
    address = reverse("report-papers", args=[desk.round.pk, project(name).pk])
    given = [SimpleUploadedFile(told, content) for told, content in files]
    data = {TOKEN_FIELD: new_token(), "papers": given}
    return browser.post(address, data)  # type: ignore[return-value]


def test_papers_are_kept_shown_and_read_by_whoever_sees_the_project(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    answer = attach(desk, reporter, ("现场<b>.jpg", PHOTO), ("发票.PDF", b"%PDF-1.7"))
    assert answer.status_code == 302
    photo, _ = ReportPaper.objects.order_by("pk")
    assert (photo.name, photo.blob.mime) == ("现场<b>.jpg", "image/jpeg")
    ids = [desk.round.pk, project(PARK).pk]
    page = reverse("report-papers", args=ids)
    assert page in reporter.get(reverse("report-form", args=ids)).content.decode()
    text = reporter.get(page).content.decode()
    assert "现场&lt;b&gt;.jpg" in text
    address = reverse("report-paper", args=[photo.pk])
    for name, status in (("office", 200), ("reviewer", 200), ("outsider", 404)):
        assert desk.browser(name).get(address).status_code == status
    got = desk.browser().get(address)
    assert got.content == PHOTO
    assert got["Content-Disposition"].startswith("attachment")
    figures = reverse("project-figures", args=[project(PARK).pk])
    assert address in desk.browser().get(figures).content.decode()
    assert Entry.objects.filter(act="report.papers_added").count() == 1


def test_the_same_paper_twice_is_one(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    for _ in range(2):
        attach(desk, reporter, ("现场.jpg", PHOTO), ("又一张.jpg", PHOTO))
    assert ReportPaper.objects.count() == 1


def test_what_is_no_photo_or_voucher_is_refused_whatever_it_is_called(desk: IntakeDesk) -> None:
    answer = attach(
        desk, desk.browser("reporter"), ("a.jpg", PHOTO), ("b.pdf", b"<script>alert(1)</script>")
    )
    assert answer.status_code == 422
    assert "“b.pdf”不是PDF、JPG或PNG" in answer.content.decode()
    assert not ReportPaper.objects.exists()


def test_no_file_and_too_many_files_are_refused(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    assert attach(desk, reporter).status_code == 422
    many = [(f"{at}.jpg", PHOTO + bytes([at])) for at in range(MOST_PAPERS + 1)]
    assert attach(desk, reporter, *many).status_code == 422
    assert not ReportPaper.objects.exists()


def test_another_unit_s_project_takes_no_papers(desk: IntakeDesk) -> None:
    answer = attach(desk, desk.browser("outsider"), ("a.jpg", PHOTO))
    assert answer.status_code == 404
    assert attach(desk, desk.browser("office"), ("a.jpg", PHOTO)).status_code == 403


def test_a_paper_is_taken_away_and_stays_kept(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    attach(desk, reporter, ("a.jpg", PHOTO))
    paper = ReportPaper.objects.get()
    ids = [desk.round.pk, paper.project_id, paper.pk]
    address = reverse("report-paper-remove", args=ids)
    assert desk.browser("outsider").post(address, {TOKEN_FIELD: new_token()}).status_code == 404
    assert reporter.get(address).status_code == 405
    assert reporter.post(address, {TOKEN_FIELD: new_token()}).status_code == 302
    assert ReportPaperRemoval.objects.get().paper == paper
    assert reporter.get(reverse("report-paper", args=[paper.pk])).status_code == 404
    assert reporter.post(address, {TOKEN_FIELD: new_token()}).status_code == 404


def test_a_locked_round_takes_no_papers_and_gives_none_back(desk: IntakeDesk) -> None:
    reporter = desk.browser("reporter")
    attach(desk, reporter, ("a.jpg", PHOTO))
    paper = ReportPaper.objects.get()
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert attach(desk, reporter, ("b.jpg", PHOTO + b"2")).status_code == 409
    ids = [desk.round.pk, paper.project_id, paper.pk]
    address = reverse("report-paper-remove", args=ids)
    assert reporter.post(address, {TOKEN_FIELD: new_token()}).status_code == 409
    assert ReportPaper.objects.count() == 1
