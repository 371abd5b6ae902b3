"""Which projects a printed number counts: each is asked alone by the very sums that made the
number. Pure."""

from __future__ import annotations

from collections.abc import Callable

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.types import MARK_PROXY, MARK_QUESTIONED, MARK_UNREVIEWED
from guatu.core.periods import PeriodKey

WHAT: dict[str, tuple[str, Callable[[Measured, Totals], int]]] = {
    "planned": ("计划本年开工", lambda _, t: t.planned_starts),
    "due": ("应开工", lambda _, t: t.due_starts),
    "started": ("已开工", lambda _, t: t.started),
    "early": ("提前开工", lambda _, t: t.early_starts),
    "overdue": ("逾期未开工", lambda _, t: t.overdue_starts),
    "in-scope": ("计入完成率", lambda _, t: t.in_scope),
    "with-data": ("计入完成率、本期有数", lambda _, t: t.in_scope - t.without_data),
    "no-data": ("计入完成率、本期无数据", lambda _, t: t.without_data),
    "marked": ("待核实或待确认", lambda _, t: t.marked),
    "questioned": (MARK_QUESTIONED, lambda m, _: m.mark == MARK_QUESTIONED),
    "unconfirmed": (MARK_PROXY, lambda m, _: m.mark == MARK_PROXY),
    "unreviewed": (MARK_UNREVIEWED, lambda m, _: m.mark == MARK_UNREVIEWED),
    "compared": ("与上年同期可比", lambda _, t: t.compared),
    "with-start": ("已开工（含续建）", lambda _, t: t.with_start),
    "under-way": ("在建和已完工", lambda _, t: t.under_way),
    "resumed": ("已开工新建和已复工续建", lambda _, t: t.resumed),
}
"""What a number counts, in words, and how one project is asked for it."""


def is_counted(one: Measured, what: str, period: PeriodKey, conventions: Conventions) -> bool:
    """Whether a number of `WHAT` counts a project; an empty name counts all."""
    return not what or WHAT[what][1](one, total_of([one], period, conventions)) > 0
