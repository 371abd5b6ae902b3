"""The kept report of a verification."""

from __future__ import annotations

from datetime import date

import pytest

from conftest import Today
from guatu.core.clock import CHINA
from guatu.journal import verification
from guatu.journal.types import Actor


@pytest.mark.django_db
def test_a_report_bears_the_day_of_the_site_s_calendar(today: Today) -> None:
    """A demonstration's calendar is moved: its papers and its verification are of one day."""
    today(date(2026, 10, 31))
    verification.run(Actor(None, "test", "", "", ""), [])
    ended = verification.last_report().ended
    assert ended is not None
    assert ended.astimezone(CHINA).date() == date(2026, 10, 31)
