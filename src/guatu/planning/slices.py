"""A year's plan cut into quarters, months and ten-day periods, and put together again. Pure (M-B1).

A slice is what is expected to be done by a day, cumulative from the first of January, in whole
yuan. Amounts are what one period alone is to do. Both forms say the same, and the last cumulative
is the year's plan: nothing is lost to rounding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise

from guatu.core.errors import Fault
from guatu.core.periods import month_end
from guatu.core.ratio import Ratio
from guatu.core.yuan import wan_text


class Cut(StrEnum):
    """Into what a year is cut."""

    QUARTER = "quarter"
    MONTH = "month"
    TEN_DAY = "ten-day"

    @property
    def word(self) -> str:
        """As the papers say it."""
        return {"quarter": "季", "month": "月", "ten-day": "旬"}[self.value]


def ends(year: int, cut: Cut) -> tuple[date, ...]:
    """The last days of a year's 4 quarters, 12 months or 36 ten-day periods."""
    if cut is Cut.QUARTER:
        return tuple(month_end(year, month) for month in (3, 6, 9, 12))
    if cut is Cut.MONTH:
        return tuple(month_end(year, month) for month in range(1, 13))
    return tuple(
        day
        for month in range(1, 13)
        for day in (date(year, month, 10), date(year, month, 20), month_end(year, month))
    )


def cut_of(days: Iterable[date]) -> Cut | None:
    """The coarsest cut whose periods end on all these days; None where none does."""
    told = set(days)
    years = {day.year for day in told}
    if len(years) != 1:
        return None
    year = years.pop()
    return next((cut for cut in Cut if told <= set(ends(year, cut))), None)


def label_of(day: date, cut: Cut) -> str:
    """How a period that ends on a day is headed: `一季度`, `3月`, `3月上旬`."""
    if cut is Cut.QUARTER:
        return f"{'一二三四'[(day.month - 1) // 3]}季度"
    if cut is Cut.MONTH:
        return f"{day.month}月"
    return f"{day.month}月{'上' if day.day == 10 else '中' if day.day == 20 else '下'}旬"


def cumulative(days: Sequence[date], amounts: Sequence[int]) -> dict[date, int]:
    """From what each period is to do to what is to be done by its end.

    ValueError where there are not as many amounts as days.
    """
    return dict(zip(days, accumulate(amounts), strict=True))


def amounts_of(slices: Mapping[date, int]) -> list[int]:
    """The other way round: what each period alone is to do, in the order of the days."""
    told = [slices[day] for day in sorted(slices)]
    return [later - earlier for earlier, later in pairwise([0, *told])]


def even(amount: int, count: int) -> list[int]:
    """An amount split into `count` parts that differ by one yuan at most and sum to it."""
    whole, rest = divmod(amount, count)
    return [whole + (at < rest) for at in range(count)]


def by_curve(amount: int, curve: Mapping[date, Ratio], days: Sequence[date]) -> dict[date, int]:
    """A plan split by a decreed curve (M-B2): what it asks for by each day, rounded down.

    The last day has the whole amount where the curve ends at the whole.
    """
    return {
        day: amount * share.numerator // share.denominator
        for day in days
        for share in (share_at(curve, day),)
    }


def share_at(curve: Mapping[date, Ratio], day: date) -> Ratio:
    """What share of the year a curve asks for by a day: straight between its points, by days.

    It begins with nothing on the last day of the year before its first point, and stays at its
    last point after it.
    """
    points = sorted(curve)
    at = bisect_right(points, day)
    if at == len(points):
        return curve[points[-1]]
    later, upper = points[at], curve[points[at]]
    earlier = points[at - 1] if at else date(later.year, 1, 1) - timedelta(days=1)
    lower = curve[earlier] if at else Ratio(0, 1)
    gone, width = max(0, (day - earlier).days), (later - earlier).days
    share = lower.as_fraction() + (upper.as_fraction() - lower.as_fraction()) * gone / width
    return Ratio(share.numerator, share.denominator)


def curve_faults(curve: Mapping[date, Ratio], year: int) -> list[Fault]:
    """What forbids a curve: no point, a day of another year, shares that fall, no whole at the
    end."""
    if not curve:
        return [Fault("no-points", "没有写曲线的点", "每行写一个日期和百分数，如6月30日 50%")]
    faults = []
    strange = [day for day in sorted(curve) if day.year != year]
    if strange:
        what = f"{strange[0]}不在{year}年"
        faults.append(Fault("other-year", what, "曲线的点须在清单的年度之内"))
    for earlier, later in pairwise(sorted(curve)):
        if curve[later].as_fraction() < curve[earlier].as_fraction():
            what = f"{later.isoformat()}的百分数低于{earlier.isoformat()}"
            faults.append(Fault("curve-falls", what, "曲线是从年初起的累计百分数，请核对"))
    last = curve[max(curve)].as_fraction()
    if last != 1:
        faults.append(Fault("curve-not-whole", "曲线最后一点不是100%", "请补上到100%的日期"))
    return faults


def slice_faults(amount: int, slices: Mapping[date, int]) -> list[Fault]:
    """What forbids a split: a period below nothing, or a sum that is not the year's plan (M-B1).

    The difference is told in 万元.
    """
    faults = []
    for day, alone in zip(sorted(slices), amounts_of(slices), strict=True):
        if alone < 0:
            what = f"截至{day.month}月{day.day}日的累计计划比上一期少{_wan(-alone)}"
            faults.append(Fault("slices-fall", what, "累计计划不会减少，请核对这一期"))
    if not slices:
        return faults
    last = max(slices)
    difference = slices[last] - amount
    if difference:
        word = "多" if difference > 0 else "少"
        what = (
            f"各期合计{_wan(slices[last])}，比年度计划{_wan(amount)}{word}{_wan(abs(difference))}"
        )
        faults.append(Fault("slices-not-whole", what, "各期之和须等于年度计划，请核对"))
    return faults


def exact_wan(yuan: int | None) -> str:
    """An amount in 万元 to the last yuan, thousands apart, without the unit; a dash for none."""
    if yuan is None:
        return "—"
    whole, point, rest = wan_text(abs(yuan)).partition(".")
    return f"{'-' if yuan < 0 else ''}{int(whole):,}{point}{rest}"


def _wan(yuan: int) -> str:
    return f"{exact_wan(yuan)}万元"


def by_month(amount: int, slices: Mapping[date, int], year: int) -> dict[date, int]:
    """What a plan expects by the end of each month.

    Where the slices leave months open, the step between two of them is spread evenly by months;
    a plan without slices goes evenly through the year. Slices within a month count at its end as
    far as they are told.
    """
    months = ends(year, Cut.MONTH)
    known = {day: slices[day] for day in months if day in slices}
    known.setdefault(months[-1], max([amount, *known.values()]))
    amounts: list[int] = []
    for day in sorted(known):
        step, open_months = known[day] - sum(amounts), day.month - len(amounts)
        amounts += even(step, open_months)
    return cumulative(months, amounts)


def expected_by(amount: int, slices: Mapping[date, int], day: date) -> int:
    """What a plan expects by a day: its last slice not after the day, 0 before the first one;
    without slices what months that ended ask for."""
    told = slices or by_month(amount, {}, day.year)
    return max((value for on, value in told.items() if on <= day), default=0)
