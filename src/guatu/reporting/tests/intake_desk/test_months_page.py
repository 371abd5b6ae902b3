from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from guatu.reporting.tests.desk import (
    IntakeDesk,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token

SCRIPT = "<script>alert(1)</script>"


def test_a_round_is_opened_from_the_list_of_months(desk: IntakeDesk, office: Client) -> None:
    months = office.get(reverse("months")).content.decode()
    for words in (
        "2026年9月",
        '<option value="2026-10" selected>2026年10月</option>',
        '<option value="2026-Q4">2026年第四季度</option>',
        '<optgroup label="旬">',
    ):
        assert words in months, words
    for words in ('value="2026-09"', 'value="2026-11"', 'value="2026-W53"'):
        assert words not in months, words
    fields = {"list": str(desk.round.list_id), "period": "2026-10"}
    answer = office.post(reverse("months-open"), {TOKEN_FIELD: new_token(), **fields})
    assert answer.status_code == 302
    for period in ("2026-12", "2025-01", "x", "", "2026-01+02x", SCRIPT):
        wrong = {TOKEN_FIELD: new_token(), **fields, "period": period}
        told = office.post(reverse("months-open"), wrong)
        assert told.status_code == 422, period
        assert not re.search(r"2021-|guatu ", told.content.decode()), period
    assert "请从列表里选，如“2026年10月”" in told.content.decode()


def test_rounds_are_found_as_people_call_them(desk: IntakeDesk, office: Client) -> None:
    for text, is_found in (("2026年9月", True), ("9月", True), ("2026-09", True), ("8月", False)):
        found = office.get(reverse("months"), {"q": text, "state": "open"}).content.decode()
        assert ("收表台</a>" in found) == is_found, text


def test_who_may_open_nothing_sees_no_column_for_it(desk: IntakeDesk) -> None:
    text = desk.browser("reporter").get(reverse("months")).content.decode()
    assert "2026年9月" in text
    assert "进入" not in text
