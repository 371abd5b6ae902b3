"""Words of a result paper that no paper can bear: refused in Chinese, never a crash."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from guatu.ledger.campaigns import services
from guatu.publishing.services import results as papers
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.tests.city import YEAR, City
from guatu.wall.tests.test_campaigns_page import started

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("一、成效", ""),
        ("\u200b", ""),
        ("甲\x01乙\x0b丙", "市\x01政府"),
        ("甲\ufffe乙", ""),
        ("\n".join(f"一、第{n}部分\n已办。" for n in range(120)), ""),
        ("<script>alert(1)</script>=1+1😀", "：："),
    ],
)
def test_odd_words_are_printed_or_refused(city: City, text: str, addressee: str) -> None:
    campaign, browser = started(city), city.browser("office")
    services.end_campaign(
        city.people.act_as("office"), campaign, 1, on=date(YEAR, 10, 30), reason="会议"
    )

    def post(name: str, **typed: object) -> int:
        address = reverse(f"campaign-result{name}", args=[campaign.pk])
        return browser.post(address, {TOKEN_FIELD: new_token(), **typed}).status_code

    issuer = papers.issuers(campaign)[0]
    saved = post("", version=0, text=text, issuer=issuer, addressee=addressee)
    assert saved in (302, 422)
    assert browser.get(reverse("campaign", args=[campaign.pk])).status_code == 200
    printed = browser.get(reverse("campaign-result-docx", args=[campaign.pk]))
    assert printed.status_code in (200, 422)
    version = 1 if saved == 302 else 0
    assert post("-issue", version=version, number="江办〔2026〕30号") in (302, 422)
