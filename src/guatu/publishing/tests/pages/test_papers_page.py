"""材料: the list of rounds with their papers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.assessment.tests.rounds import PARK, ROAD, Office
from guatu.publishing.tests.pages.circular import (
    SCRIPT,
    address,
    browser,
    post,
    written,
)
from tests.tables import report_line


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


@pytest.mark.parametrize("path", ["", "edit/", "check/", "docx/"])
def test_the_circular_s_pages_ask_little(office: Office, path: str) -> None:
    """A drafted circular beside one that was withdrawn, and a round before it."""
    written(office)
    post(office, "issue/", version="1", number="")
    post(office, "withdraw/", version="2", reason="数字有误")
    written(office)
    assert queries(office, address(office, path)) <= 12


def queries(office: Office, path: str) -> int:
    client = browser(office)
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
