from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from guatu.core import clock
from guatu.core.errors import BadInput


def test_the_clock_stands_where_it_is_put(today: Callable[[date], None]) -> None:
    today(date(2026, 10, 31))
    assert clock.today() == date(2026, 10, 31)
    assert clock.now().astimezone(clock.CHINA).date() == date(2026, 10, 31)


def test_instants_are_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_without_a_setting_the_real_time_goes_on() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_a_day_begins_in_china_at_sixteen_hours_utc_of_the_day_before() -> None:
    assert clock.start_of(date(2026, 11, 1)) == datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_a_date_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2026-02-30")
    with pytest.raises(BadInput, match="GUATU_TODAY不是日期"):
        clock.today()
