"""Dates as exactly as they were given: a month that was promised is no last day of a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone, Precision

_SHORT = {Precision.MONTH: 7, Precision.YEAR: 4}


def day_text(on: date | None, precision: str) -> str:
    """`2026-05-31`, `2026-05上旬`, `2026-05`, `2026`; empty where there is none."""
    if on is None:
        return ""
    text = on.isoformat()
    if precision == Precision.TEN_DAY:
        word = "上旬" if on.day <= 10 else "中旬" if on.day <= 20 else "下旬"
        return f"{text[:7]}{word}"
    return text[: _SHORT.get(Precision(precision), 10)]


def shown_day(fact: DateFact | None) -> str:
    """A fact's date as exactly as it was given."""
    return "" if fact is None else day_text(fact.on, fact.precision)


class GivenDays:
    """How exactly the frozen dates of some projects were given."""

    def __init__(self) -> None:
        self._precision: dict[tuple[object, ...], str] = {}

    def read(self, project_ids: Iterable[int]) -> GivenDays:
        """Read them for some projects; one query."""
        rows = DateFact.objects.filter(project__in=list(project_ids), on__isnull=False)
        told = rows.order_by("seq").values_list(
            "project_id", "milestone", "kind", "on", "precision"
        )
        self._precision |= {tuple(key): precision for *key, precision in told}
        return self

    def text(self, project_id: int, milestone: Milestone, kind: DateKind, on: date | None) -> str:
        """The date in the precision of the newest fact that gave it; a dash where there is none."""
        return day_text(on, self.precision(project_id, milestone, kind, on)) or "—"

    def precision(
        self, project_id: int, milestone: Milestone, kind: DateKind, on: date | None
    ) -> Precision:
        """How exactly the newest fact gave a date."""
        key = (project_id, milestone.value, kind.value, on)
        return Precision(self._precision.get(key, Precision.DAY))
