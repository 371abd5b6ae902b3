"""Where in a period a day lies, in the words of a 办法: `次月5日`, `下周一上午`, `次年1月底`."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

from guatu.engines.rulebook.procedures.durations import within_years
from guatu.engines.rulebook.procedures.terms import Every, Term
from guatu.engines.rulebook.spans import add_months

LAST = 0
"""As a day of a month: its last day."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day: an hour, a half-day (上午、下午), or neither."""

    at: time | None = None
    half: str = ""

    def __str__(self) -> str:
        if self.at is None:
            return self.half
        return f"{self.at.hour}时{self.at.minute}分" if self.at.minute else f"{self.at.hour}时"


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The last day of the period."""


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days `first`–`last` of the month `ahead` months after the period's last month."""

    first: int
    last: int
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class YearDays:
    """Days of a fixed month of the period's year, or of a later year."""

    month: int
    first: int
    last: int
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A weekday (Monday 0) of the period's week or the next; `nth` of the month, -1 the last."""

    weekday: int
    ahead: int = 0
    nth: int = 0


@dataclass(frozen=True, slots=True)
class OneDay:
    """A single day of the calendar."""

    on: date


type Position = PeriodEnd | MonthDays | YearDays | WeekDay | OneDay

ENDS = {
    "期末": None,
    "月末": Every.MONTH,
    "月底": Every.MONTH,
    "季末": Every.QUARTER,
    "季度末": Every.QUARTER,
    "半年末": Every.HALF_YEAR,
    "年末": Every.YEAR,
    "年底": Every.YEAR,
    "旬末": Every.TEN_DAYS,
    "半月末": Every.HALF_MONTH,
    "周末": Every.WEEK,
}
"""Words for the end of a period, and how often they speak of (期末: as the calendar says)."""

EXAMPLES = "25日、次月5日、月末、下旬、3月31日、次年1月31日、2024-12-08"
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, LAST)}
_DAY = r"(?:(?P<day>\d{1,2})日|(?P<end>底|末)|(?P<third>[上中下]旬))"
_IN_YEAR = re.compile(rf"(?P<next>次年|下年)?(?P<month>\d{{1,2}})月{_DAY}")
_IN_MONTH = re.compile(rf"(?P<next>次月|下月|本月)?{_DAY}")
_WEEKDAY = re.compile(r"(?P<next>下|次|本)?(?:周|星期)(?P<day>[一二三四五六日天])")
_MOMENT = re.compile(
    r"(?P<half>上午|下午)?(?:(?P<hour>\d{1,2})(?:时|点|:)(?:(?P<minute>\d{2})分?)?)?"
)
_SUFFIX = re.compile(r"(?:上午|下午)?(?:\d{1,2}(?:时|点|:)(?:\d{2}分?)?)?$")


def split_moment(text: str) -> tuple[str, Moment]:
    """`25日17时` → (`25日`, 17:00). Raises ValueError where the hour does not exist."""
    match = _SUFFIX.search(text)
    head = text[: match.start()] if match else text
    return head.strip(), parse_moment(text[len(head) :])


def parse_moment(text: str) -> Moment:
    """`17时`, `17:30`, `上午`, `下午3时`. Raises ValueError."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"“{text[:20]}”不是钟点，可写：17时、17:30、上午、下午")
    half, hour = match["half"] or "", match["hour"]
    if hour is None:
        return Moment(None, half)
    number = int(hour) + (12 if half == "下午" and int(hour) < 12 else 0)
    minute = int(match["minute"] or 0)
    if number > 23 or minute > 59:
        raise ValueError(f"没有“{text}”这个钟点")
    return Moment(time(number, minute), half)


def parse_position(text: str) -> tuple[Position, Moment]:
    """Read `date`. Raises ValueError with a Chinese line."""
    head, moment = split_moment(text.strip())
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", head):
        try:
            on = date.fromisoformat(head)
        except ValueError as error:
            raise ValueError(f"没有“{head}”这一天") from error
        if not 1900 <= on.year <= 2200:
            raise ValueError(f"“{head}”的年份不对")
        return OneDay(on), moment
    if head in ENDS:
        return PeriodEnd(), moment
    if match := _IN_YEAR.fullmatch(head):
        first, last = _days(match)
        month = int(match["month"])
        if not 1 <= month <= 12 or first > monthrange(2024, month)[1]:
            raise ValueError(f"没有“{head}”这一天")
        return YearDays(month, first, last, 1 if match["next"] else 0), moment
    if match := _IN_MONTH.fullmatch(head):
        first, last = _days(match)
        if first > 31:
            raise ValueError(f"没有“{head}”这一天")
        return MonthDays(first, last, 1 if match["next"] in ("次月", "下月") else 0), moment
    raise ValueError(f"“{text[:20]}”不是日子，可写：{EXAMPLES}")


def _days(match: re.Match[str]) -> tuple[int, int]:
    if match["third"]:
        return _THIRDS[match["third"]]
    if match["end"]:
        return LAST, LAST
    day = int(match["day"])
    if day == 0:
        raise ValueError("没有“0日”")
    return day, day


def parse_weekday(text: str, nth: int = 0) -> tuple[WeekDay, Moment]:
    """Read `weekday`: `周五`, `下周一`, `周二下午`. Raises ValueError."""
    head, moment = split_moment(text.strip())
    match = _WEEKDAY.fullmatch(head)
    if match is None:
        raise ValueError(f"“{text[:20]}”不是星期，可写：周五、下周一、周二下午")
    weekday = "一二三四五六日".find(match["day"].replace("天", "日"))
    ahead = 1 if match["next"] in ("下", "次") else 0
    if ahead and nth:
        raise ValueError("“下周”与“nth”不能一起写")
    return WeekDay(weekday, ahead, nth), moment


@within_years()
def days_of(position: Position, term: Term) -> tuple[date, date] | None:
    """First and last day of the position in a term; None where it has none (a fifth Tuesday).

    A day number that a month lacks is its last day. Raises BeyondYears past the year 9999.
    """
    match position:
        case PeriodEnd():
            return term.last_on, term.last_on
        case OneDay(on):
            return on, on
        case MonthDays(first, last, ahead):
            return _of_month(add_months(term.last_on.replace(day=1), ahead), first, last)
        case YearDays(month, first, last, ahead):
            year = term.first_on.year + ahead
            return _of_month(date(year, month, 1), first, last)
        case WeekDay():
            return _of_week(position, term)


def _of_month(month: date, first: int, last: int) -> tuple[date, date]:
    length = monthrange(month.year, month.month)[1]
    return (
        month.replace(day=min(first or length, length)),
        month.replace(day=min(last or length, length)),
    )


def _of_week(position: WeekDay, term: Term) -> tuple[date, date] | None:
    if not position.nth:
        # A fortnight's weekday is that of its last week; 下周 is the week after the period.
        monday = term.last_on - timedelta(days=term.last_on.weekday())
        day = monday + timedelta(days=position.weekday + 7 * position.ahead)
        return day, day
    if position.nth > 0:
        begin = term.first_on
        offset = (position.weekday - begin.weekday()) % 7 + 7 * (position.nth - 1)
        day = begin + timedelta(days=offset)
    else:
        offset = (term.last_on.weekday() - position.weekday) % 7 - 7 * (position.nth + 1)
        day = term.last_on - timedelta(days=offset)
    return (day, day) if term.first_on <= day <= term.last_on else None
