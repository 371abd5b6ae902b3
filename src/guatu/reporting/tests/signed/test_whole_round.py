from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from guatu.core.periods import parse_period
from guatu.ledger.queries import find_list
from guatu.reporting.models import Figure, IntakeQuestion, Report
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import WAN, IntakeDesk
from guatu.reporting.types import INVESTMENT, INVESTMENT_MONTH, FileState
from guatu.reporting.workbook.issuing import Made, workbooks_of
from guatu.reporting.workbook.layout import AT, FIRST_LINE, SHEET
from tests.factories import Cast
from tests.tables import project_row, put_list, take_list

UNITS, PROJECTS = 40, 8


def year_of(unit: int, project: int) -> float:
    """The year's figure of a project, in 万元 to the fen."""
    return 100 * unit + project + 0.25


def named(unit: int, project: int) -> str:
    return f"第{unit:02}单位{project}号项目"


@pytest.fixture
def city(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    """Forty units with eight projects each, and an open round."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    lines = [
        project_row(named(unit, one), f"P-{unit:02}-{one}", 责任单位=f"第{unit:02}责任局")
        for unit in range(1, UNITS + 1)
        for one in range(1, PROJECTS + 1)
    ]
    take_list(people.console, put_list(tmp_path / "清单.csv", *lines))
    listing = find_list(2026, None)
    the_round = start_round(people.act_as("office"), listing, parse_period("2026-09"))
    return IntakeDesk(people, tmp_path, the_round)


def sent_back(made: Made) -> Upload:
    """The workbook with every project reported."""
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    sheet = book[SHEET]
    for line in range(FIRST_LINE + 1, FIRST_LINE + 1 + made.projects):
        name = str(sheet.cell(line, AT["name"] + 1).value)
        unit, project = int(name[1:3]), int(name[5])
        sheet.cell(line, AT["year"] + 1).value = year_of(unit, project)
        sheet.cell(line, AT["month"] + 1).value = 1.5
        sheet.cell(line, AT["progress"] + 1).value = f"{name}正在施工"
    saved = io.BytesIO()
    book.save(saved)
    return Upload(made.name, saved.getvalue())


def test_forty_units_get_and_send_back_everything_without_a_question(
    city: IntakeDesk, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        made = workbooks_of(city.round, None)
    assert (len(made), {one.projects for one in made}) == (UNITS, {PROJECTS})
    uploads = [sent_back(one) for one in made]
    delivery = city.take(*uploads)
    files = list(delivery.files.all())
    assert {(f.state, f.rows, f.new, f.waiting) for f in files} == {
        (FileState.TAKEN, PROJECTS, PROJECTS, 0)
    }
    assert {f.sender for f in files} == {f"第{unit:02}责任局" for unit in range(1, UNITS + 1)}
    assert not IntakeQuestion.objects.exists()
    told = {
        (f.project.name, f.indicator.code): f.value
        for f in Figure.objects.select_related("project", "indicator")
    }
    expected = {
        (named(unit, one), INVESTMENT): round(year_of(unit, one) * WAN)
        for unit in range(1, UNITS + 1)
        for one in range(1, PROJECTS + 1)
    }
    expected |= {(name, INVESTMENT_MONTH): 15_000 for name, _ in list(expected)}
    assert told == expected
    words = Report.objects.values_list("project__name", "progress_text")
    assert all(text == f"{name}正在施工" for name, text in words)

    again = city.take(*uploads)
    counts = {(f.new, f.changed, f.same, f.waiting) for f in again.files.all()}
    assert counts == {(0, 0, PROJECTS, 0)}
    assert Figure.objects.count() == 2 * UNITS * PROJECTS
    assert not IntakeQuestion.objects.exists()
