"""Our figure against that of the statistics system: gap, rate, how a project stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guatu.core.ratio import Ratio, percent_text
from guatu.reporting.basis.rules import Refused, Verdict

LARGE_GAP = Ratio(20, 100)
"""From this share of the statistics figure on a gap is shown as large."""


class Standing(StrEnum):
    """How a project stands in the statistics system, the most urgent first."""

    UNCOUNTED = "uncounted"
    LARGE = "large"
    APART = "apart"
    NO_FIGURE = "no-figure"
    NEAR = "near"
    UNSTARTED = "unstarted"

    @property
    def label(self) -> str:
        """As pages say it."""
        return _LABELS[self]


_LABELS = {
    Standing.UNCOUNTED: "已建未纳统",
    Standing.LARGE: "差距大",
    Standing.APART: "口径不同，不比",
    Standing.NO_FIGURE: "缺数",
    Standing.NEAR: "差距不大",
    Standing.UNSTARTED: "未开工未纳统",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Both cumulative figures of the year on one day, in yuan; None: nobody told one."""

    ours: int | None
    theirs: int | None
    verdict: Verdict

    @property
    def gap(self) -> int | None:
        """Ours less theirs; None where one is missing or they may not be compared."""
        if self.ours is None or self.theirs is None or isinstance(self.verdict, Refused):
            return None
        return self.ours - self.theirs

    @property
    def rate(self) -> Ratio | None:
        """The gap as a share of the statistics figure; None where that is 0."""
        gap = self.gap
        return Ratio(gap, self.theirs) if gap is not None and self.theirs else None

    @property
    def rate_text(self) -> str:
        """The same in percent with one digit; empty where there is none."""
        rate = self.rate
        return f"{percent_text(rate.numerator, rate.denominator, 1)}%" if rate else ""

    @property
    def is_large(self) -> bool:
        """Whether the gap reaches a fifth of the statistics figure, or stands against nothing."""
        if (gap := self.gap) is None or not gap:
            return False
        rate = self.rate
        if rate is None:
            return True
        return abs(gap) * LARGE_GAP.denominator >= LARGE_GAP.numerator * abs(rate.denominator)


def is_counted(day: date, *, is_registered: bool, since: date | None) -> bool:
    """Whether a registered project is counted on a day; without a day of begin it always was."""
    return is_registered and (since is None or since <= day)


def standing_of(pair: Pair, *, is_counted: bool, is_begun: bool) -> Standing:
    """How a project stands (M-C3): begun and reporting money without being counted comes first."""
    if not is_counted:
        return Standing.UNCOUNTED if is_begun and (pair.ours or 0) > 0 else Standing.UNSTARTED
    if pair.ours is not None and pair.theirs is not None and isinstance(pair.verdict, Refused):
        return Standing.APART
    if pair.gap is None:
        return Standing.NO_FIGURE
    return Standing.LARGE if pair.is_large else Standing.NEAR
