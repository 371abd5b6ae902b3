"""Pure decisions about a unit's own report: what its words are, how its figures keep in step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.reporting.types import ReportSource, ReportState

NOT_DUE, TO_REPORT, KEPT, OVERDUE = "未到期", "待报", "已暂存", "逾期未报"
LATE, UNCHANGED = "逾期报送", "本期无变化"
TO_DO = frozenset({NOT_DUE, TO_REPORT, KEPT, OVERDUE, ReportState.RETURNED.label})
"""The words of what the unit has still to send in."""
NEVER_EXPLAINED = frozenset({"locked-elsewhere", "date-in-the-future"})
"""What no explanation makes right: a figure that is locked elsewhere, a day that has not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one project's report; days are China's. `sent_on` is when the unit itself
    sent it in."""

    state: str = ""
    source: str = ""
    is_unchanged: bool = False
    sent_on: date | None = None
    has_draft: bool = False


def state_words(one: Standing, *, cut_off_on: date, due_on: date, today: date) -> str:
    """How a report stands, in the words of tables.md. The due date itself is on time (M-C1)."""
    if not one.state:
        if today > due_on:
            return OVERDUE
        if one.has_draft:
            return KEPT
        return NOT_DUE if today < cut_off_on else TO_REPORT
    if one.state == ReportState.SUBMITTED and one.source == ReportSource.UNIT:
        if one.sent_on is not None and one.sent_on > due_on:
            return LATE
        if one.is_unchanged:
            return UNCHANGED
    return ReportState(one.state).label


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """This year's cumulative, this period's and the figure since the start, as typed; None where
    nothing is."""

    year_yuan: int | None = None
    month_yuan: int | None = None
    life_yuan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The figures of the period before, in yuan. `is_next`: they are of the very period before
    this one, so that the step from them is this period's."""

    year_yuan: int | None = None
    life_yuan: int | None = None
    on: date | None = None
    life_on: date | None = None
    is_next: bool = False

    @property
    def kept(self) -> Amounts:
        """本期无变化: the sums stay as they are, this period has nothing."""
        return Amounts(year_yuan=self.year_yuan, month_yuan=0, life_yuan=self.life_yuan)


def follows(on: date | None, first_on: date) -> bool:
    """Whether a figure's day is the last before a period begins."""
    return on is not None and on == first_on - timedelta(days=1)


def in_step(typed: Amounts, last: Last, *, first_on: date) -> Amounts | None:
    """Derive what is not typed: 本年累计 = last + 本期 (M-C2). None where it cannot be known.

    The form shows the last cumulative figure in its field: left as it is beside another 本期 it
    counts as not typed. A period that begins the year starts from zero. Both typed stay as they
    are; whether they agree is asked by `judge`.
    """
    begins_year = (first_on.month, first_on.day) == (1, 1)
    base = 0 if begins_year else last.year_yuan if last.is_next else None
    year, month, life = typed.year_yuan, typed.month_yuan, typed.life_yuan
    is_untouched = year is None or (year == last.year_yuan and bool(month))
    if is_untouched and month is not None:
        if base is None:
            return None
        year = base + month
    if year is None:
        return None
    if month is None and base is not None:
        month = year - base
    if life is None or (life == last.life_yuan and month):
        is_life_next = follows(last.life_on, first_on)
        if last.life_yuan is not None and is_life_next and month is not None:
            life = last.life_yuan + month
    return Amounts(year_yuan=year, month_yuan=month, life_yuan=life)


def may_send(state: str, source: str) -> bool:
    """Whether the unit may (again) send in its report: not what a reviewer has accepted."""
    return not (state == ReportState.ACCEPTED and source == ReportSource.UNIT)


REVIEWABLE: Collection[str] = (ReportState.SUBMITTED, ReportState.QUESTIONED)
RETURNABLE: Collection[str] = (*REVIEWABLE, ReportState.ACCEPTED)
