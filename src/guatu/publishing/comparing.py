"""This round beside the locked one before: lights of the same projects, a sum that fell. Pure.

Not here: which round that is (`services.bulletin`) and how it is said (`circular`).
"""

from __future__ import annotations

from dataclasses import dataclass

from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, total_of
from guatu.assessment.types import Subject
from guatu.engines.rulebook import Severity
from guatu.publishing.circular.types import UNREPORTED, PreviousLights, Shortfall

_JUDGED = (Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS)


@dataclass(frozen=True, slots=True)
class Before:
    """The round before: its name as printed (`1—9月`) and its assessment."""

    title: str
    assessed: Assessed


def previous_lights(assessed: Assessed, before: Before) -> PreviousLights:
    """The lights of then and now, of the projects judged on the same ground in both rounds.

    A light that has gone because the unit reports nothing is no improvement; so a project counts
    only where it has a figure in both rounds, or a light without any figure in both.
    """
    now, then = _judged(assessed), _judged(before.assessed)
    both = [
        key
        for key, one in now.items()
        if key in then and (one.completed_yuan is None) == (then[key].completed_yuan is None)
    ]
    is_whole = len(both) == len(now) == len(then)
    return PreviousLights(
        title=before.title,
        serious=_count(then, both, Severity.SERIOUS),
        warning=_count(then, both, Severity.WARNING),
        compared=None if is_whole else len(both),
        serious_now=_count(now, both, Severity.SERIOUS),
        warning_now=_count(now, both, Severity.WARNING),
    )


def _judged(assessed: Assessed) -> dict[int, Measured]:
    return {one.subject.id: one for one in assessed.measured if one.verdict.overall in _JUDGED}


def _count(judged: dict[int, Measured], keys: list[int], light: Severity) -> int:
    return sum(judged[key].verdict.overall is light for key in keys)


def shortfall(assessed: Assessed, before: Before) -> Shortfall | None:
    """Why this year's sum is below that of the round before; None where it is not."""
    done, old = assessed.total.completed_yuan, before.assessed.total.completed_yuan
    if old is None or done is None or done >= old:
        return None
    now = {one.subject.id: one for one in assessed.measured if one.is_in_scope}
    silent = left = reduced = 0
    for one in before.assessed.measured:
        if not one.is_in_scope or not one.completed_yuan:
            continue
        today = now.get(one.subject.id)
        if today is None:
            left += 1
        elif today.completed_yuan is None:
            silent += 1
        else:
            reduced += today.completed_yuan < one.completed_yuan
    return Shortfall(before.title, old, silent, left, reduced)


def overdue_names(assessed: Assessed) -> tuple[str, ...]:
    """Projects that should have started by now, in ledger order. Of one without a figure of this
    period nobody said that it has not started, and its name says so."""
    period, conventions = assessed.content.period_key, assessed.conventions
    return tuple(
        one.subject.name + ("" if one.completed_yuan is not None else _unheard(one.subject))
        for one in assessed.measured
        if total_of([one], period, conventions).overdue_starts
    )


def _unheard(subject: Subject) -> str:
    return UNREPORTED if not subject.report_state else "（本期无数据）"
