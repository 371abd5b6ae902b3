"""The forecast in the words of pages: shares in whole percent, what they mean, what they are
worth. Pure."""

from __future__ import annotations

from guatu.assessment.forecast.rules import MOST_POOL
from guatu.assessment.forecast.types import SCALE, Group, Reason, Way
from guatu.assessment.models import Forecast, ForecastBasis, ForecastTest
from guatu.core.ratio import Rounding, percent_text

EXPECTED = 80
"""The share of past years in percent that should have reached P80."""
DOUBTED = 70
"""Below this the word of eight in ten is called into question on the page."""

FEW_TESTED = 20
"""Below this an error of a group is not told: a few lucky cases are no test."""


def share_text(yuan: int | None, plan_yuan: int | None, *, is_least: bool = False) -> str:
    """A share of the plan in whole percent, without the sign; what is said to be reached at
    least is rounded down. Empty where there is none."""
    if yuan is None or not plan_yuan or plan_yuan < 0:
        return ""
    rounding = Rounding.TRUNCATE if is_least else Rounding.HALF_UP
    return percent_text(yuan, plan_yuan, 0, rounding)


def sentence(one: Forecast, plan_yuan: int | None) -> str:
    """What an official reads of one project, without a full stop."""
    if one.is_finished:
        return f"已竣工，本年完成{share_text(one.p50_yuan, plan_yuan)}%，不再预测"
    if one.p50_yuan is None:
        told = f"没有年底预测：{reason_text(one.reason)}"
        near = f"只有{one.like}个" if one.like else "一个也没有"
        return f"{told}，{near}" if one.reason == Reason.NONE_NEAR else told
    even = share_text(one.p50_yuan, plan_yuan)
    least = share_text(one.p80_yuan, plan_yuan, is_least=True)
    told = f"按同类项目往年情况，年底完成率约{even}%（一半把握），八成把握不低于{least}%"
    told = f"{told}，已按总投资封顶" if one.is_capped else told
    return f"{told}。{like_text(one)}" if one.like else told


def like_text(one: Forecast) -> str:
    """How many past projects speak for it, and where they stood and ended."""
    if not one.stood_most and not one.ended_most:
        return f"同类{one.like}个"
    stood, ended = _range(one.stood_least, one.stood_most), _range(one.ended_least, one.ended_most)
    return f"同类{one.like}个：往年同月完成{stood}，年底完成{ended}"


def like_short(one: Forecast) -> str:
    """The same in a cell: how many, and what they had done by the same month."""
    if one.p50_yuan is None or not one.like:
        return f"接近的{one.like}个" if one.reason == Reason.NONE_NEAR else ""
    return f"{one.like}个，{_range(one.stood_least, one.stood_most)}"


def _range(least: int, most: int) -> str:
    low, high = percent_text(least, SCALE, 0), percent_text(most, SCALE, 0)
    return f"{low}%" if low == high else f"{low}%—{high}%"


def group_text(group: str) -> str:
    """How the project stands to the calendar."""
    return Group(group).text if group in Group else ""


def is_few(one: ForecastTest) -> bool:
    """Whether a group has too few cases to tell its error."""
    return one.tested < FEW_TESTED


def group_short(one: ForecastTest | None) -> str:
    """A group's error in a cell, in points."""
    return "太少" if one is None or is_few(one) else points_text(one.error)


def group_sentence(one: ForecastTest | None, group: str) -> str:
    """What forecasts of projects that stood so were worth in past years, without a full stop."""
    name = group_text(group)
    if not name:
        return ""
    if one is None or is_few(one):
        return (
            f"像它这样的（{name}）往年只有{one.tested if one else 0}个可以检验，"
            f"不足{FEW_TESTED}个，误差说不准"
        )
    return (
        f"像它这样的（{name}）用往年{one.tested}个检验：一半把握的数，误差中位数"
        f"{points_text(one.error)}个百分点；八成把握的数，{covered_text(one)}%达到"
        f"（应接近{EXPECTED}%）"
    )


def reason_text(reason: str) -> str:
    """Why there is no number."""
    return Reason(reason).text if reason in Reason else "没有说明"


def reason_short(reason: str) -> str:
    """The same in a cell of a table."""
    return Reason(reason).short if reason in Reason else "没有说明"


def points_text(millionths: int) -> str:
    """`37000` → `3.7` points."""
    return percent_text(millionths, SCALE, 1)


def covered_text(one: ForecastTest) -> str:
    """How many percent of the tested ended at or above P80."""
    return percent_text(one.covered, one.tested, 0) if one.tested else "—"


def is_doubtful(one: ForecastTest) -> bool:
    """Whether far fewer than eight in ten reached what eight in ten should."""
    return 100 * one.covered < DOUBTED * one.tested


def tested_sentence(one: ForecastTest | None) -> str:
    """What such forecasts were worth in past years, without a full stop."""
    if one is None:
        return "同月份的预测还没有往年可以检验"
    told = (
        f"用往年检验：一半把握的数，误差中位数{points_text(one.error)}个百分点"
        f"（按进度直推为{points_text(one.naive_error)}个百分点）；"
        f"八成把握的数，{one.tested}个里有{covered_text(one)}%达到（应接近{EXPECTED}%）"
    )
    return f"{told}；另有{one.untold}个没有接近的同类，没有预测" if one.untold else told


def way_text(way: str) -> str:
    """What the test was allowed to know."""
    return Way(way).text if way in Way else ""


def basis_text(basis: ForecastBasis) -> str:
    """Which projects are asked, and which of them cannot answer."""
    told = f"同类＝{basis.class_name}（{basis.years}年），本月份可比的{basis.pool}个"
    if basis.pool >= MOST_POOL // 2:
        told += f"（可比的超过{MOST_POOL}个时，按编号均匀抽取）"
    if basis.left_out:
        told += f"；另有{basis.left_out}个没有年末数，没有计入，预测可能因此偏高"
    return told
