"""How units write figures, dates, shares and names: the same value in many clothes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guatu.demo.layouts.sheet import Value
from guatu.demo.types import Day, Precision

UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")


def amount(yuan: int, unit: str) -> Decimal:
    """The exact figure in a unit, without needless zeros."""
    value = Decimal(yuan) / UNITS[unit]
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def money(yuan: int, unit: str, style: str) -> Value:
    """`number` 1234.5 · `text` "1234.5" · `thousands` "1,234.5" · `full-width` · `with-unit`.

    `with-unit` changes to 亿元 where that is short: 1200万元, 1.2亿元.
    """
    value = amount(yuan, unit)
    match style:
        case "text":
            return f"{value:f}"
        case "thousands":
            return f"{value:,f}"
        case "full-width":
            return f"{value:f}".translate(_FULL)
        case "with-unit":
            short = yuan >= 10**8 and yuan % 10**7 == 0
            own = "亿元" if short else unit
            return f"{amount(yuan, own):f}{own}"
    return int(value) if value == int(value) else float(value)


def share(numerator: int, denominator: int, style: str) -> Value:
    """A completion rate: `fraction` 0.832 · `points` 83.2 · `text` "83.2%"."""
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    match style:
        case "text":
            return f"{tenths // 10}.{tenths % 10}%"
        case "points":
            return tenths / 10
    return tenths / 1000


def day(value: Day, style: str) -> tuple[Value, Day]:
    """A date as written, and the date that a reader can know from it."""
    on = value.on
    if value.precision is Precision.MONTH:
        style = "month" if style in _EXACT else style
    match style:
        case "iso":
            return on.isoformat(), value
        case "dots":
            return f"{on.year}.{on.month}.{on.day}", value
        case "slashes":
            return f"{on.year}/{on.month}/{on.day}", value
        case "long":
            return f"{on.year}年{on.month}月{on.day}日", value
        case "long-full-width":
            return f"{on.year}年{on.month}月{on.day}日".translate(_FULL), value
        case "serial":
            return on, value
        case "dot-month":
            return f"{on.year}.{on.month:02d}", _coarse(on, Precision.MONTH)
        case "ten-day":
            word = "上中下"[min(2, (on.day - 1) // 10)]
            return f"{on.year}年{on.month}月{word}旬", _coarse(on, Precision.TEN_DAY)
        case "month-end":
            return f"{on.year}年{on.month}月底", _coarse(on, Precision.MONTH)
    return f"{on.year}年{on.month}月", _coarse(on, Precision.MONTH)


_EXACT = ("iso", "dots", "slashes", "long", "long-full-width", "serial", "ten-day")


def _coarse(on: date, precision: Precision) -> Day:
    """The last day the words can mean."""
    if precision is Precision.TEN_DAY and on.day <= 20:
        return Day(on.replace(day=10 if on.day <= 10 else 20), precision)
    following = on.replace(day=28).toordinal() + 4
    last = date.fromordinal(following - date.fromordinal(following).day)
    return Day(last, precision)


def name(official: str, style: str, aliases: tuple[str, ...] = ()) -> str:
    """A project name as a unit types it; always the same project once spaces are closed up."""
    match style:
        case "half-brackets":
            return official.replace("（", "(").replace("）", ")")
        case "spaces":
            return f"{official[:3]} {official[3:]} "
        case "alias" if aliases:
            return aliases[0]
        case "line-break":
            middle = len(official) // 2
            return f"{official[:middle]}\n{official[middle:]}"
    return official
