"""The one clock: every date and instant in Guatu comes from here (house rule: no date.today())."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from guatu.core.errors import BadInput, Fault

CHINA = ZoneInfo("Asia/Shanghai")
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2100, 12, 31)
"""Days that somebody may type: what lies beyond is a slip of the pen."""


def now() -> datetime:
    """The present instant, in UTC.

    `GUATU_TODAY=2026-10-31` moves the calendar for demonstrations and tests: the date is that
    one in Chinese time, the time of day stays the real one.
    """
    real = real_now()
    pretended = os.environ.get("GUATU_TODAY")
    if not pretended:
        return real
    try:
        day = date.fromisoformat(pretended)
    except ValueError as error:
        raise BadInput(
            Fault("bad-date", f"GUATU_TODAY不是日期“{pretended}”", "请写成2026-10-31")
        ) from error
    china_time = real.astimezone(CHINA).timetz().replace(tzinfo=None)
    return datetime.combine(day, china_time, CHINA).astimezone(UTC)


def real_now() -> datetime:
    """The machine's own instant, whatever the calendar pretends: for what a library counted by it
    (failed logins), for ages of files and for the machine's clock itself.
    """
    return datetime.now(UTC)


def is_pretended() -> bool:
    """Whether `GUATU_TODAY` moves the calendar, so that the machine's clock tells nothing."""
    return bool(os.environ.get("GUATU_TODAY"))


def today() -> date:
    """Today's date in China."""
    return now().astimezone(CHINA).date()


def minute(at: datetime) -> str:
    """An instant as pages say it: 2026-10-31 09:05, in Chinese time."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def start_of(day: date) -> datetime:
    """The first instant of a Chinese calendar day, in UTC."""
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)
