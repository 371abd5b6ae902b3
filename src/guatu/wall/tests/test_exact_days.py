"""A date that was given by its month stands as a month wherever the wall shows it."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from guatu.assessment import queries as assessment
from guatu.journal import services as journal
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Precision
from guatu.wall.tests.city import City

DAY, MONTH = "2026-09-10", "2026-09"


@pytest.fixture
def by_month(city: City) -> City:
    """The September starts were told as 2026年9月."""
    with journal.act(city.people.console, "test.told") as act:
        for fact in DateFact.objects.filter(kind=DateKind.ACTUAL):
            again = DateFact(
                project_id=fact.project_id,
                milestone=fact.milestone,
                kind=fact.kind,
                on=fact.on,
                precision=Precision.MONTH,
                seq=fact.seq + 1,
                by="test",
                at=act.at,
            )
            act.write(again)
    return city


def page(city: City, path: str) -> str:
    response = city.browser("office").get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_every_page_shows_the_month(by_month: City) -> None:
    started, the_round = by_month.mine[1], by_month.rounds["2026-09"].pk
    for path in (
        "/",
        f"/projects/?list={by_month.listing.pk}",
        f"/results/{the_round}/rows/",
        f"/results/{the_round}/why/{started.pk}/",
    ):
        told = page(by_month, path)
        assert DAY not in told, path
        assert MONTH in told, path
    assert ">2026-09</a>" in page(by_month, f"/projects/{started.pk}/")


def test_an_export_writes_the_month_as_text_and_a_day_as_a_date(by_month: City) -> None:
    answer = by_month.browser("office").get(f"/projects/export/?list={by_month.listing.pk}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert MONTH in cells
    assert not any(getattr(one, "date", lambda: None)() == date(2026, 9, 10) for one in cells)
    assert any(getattr(one, "date", lambda: None)() == date(2026, 6, 30) for one in cells)


def test_a_comparison_of_two_revisions_says_the_month(by_month: City) -> None:
    the_round = by_month.rounds["2026-09"]
    content = assessment.snapshot_content(assessment.newest_snapshot(the_round))
    older = assessment.snapshot_content(assessment.newest_snapshot(the_round))
    next(one for one in older.subjects if one.id == by_month.mine[1].pk).actual_start = None
    (change,) = assessment.told_differences(older, content)
    assert (change.what, change.old, change.new) == ("实际开工时间", "无", MONTH)


def test_the_desk_asks_no_more_than_its_queries(by_month: City) -> None:
    browser = by_month.browser("office")
    browser.get("/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/")
    assert len(captured) <= 12
