"""Reads: the bases of indicators on a day, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists

from guatu.core.periods import PeriodKey
from guatu.reporting.basis.models import IndicatorBasis
from guatu.reporting.basis.rules import Refused, Same, comparable
from guatu.reporting.basis.types import Basis
from guatu.reporting.models import Indicator
from guatu.reporting.types import INVESTMENT, FigureSource


@dataclass(frozen=True, slots=True)
class Known:
    """One indicator with its changes of basis, oldest first."""

    indicator: Indicator
    changes: Sequence[IndicatorBasis]

    def on(self, day: date, source: str = FigureSource.UNIT) -> Basis:
        """The basis of a source's figures on a day."""
        held = [one for one in self.changes if one.source == source and one.valid_from <= day]
        one, unit = self.indicator, FigureSource.UNIT
        if held:
            last = max(held, key=lambda row: (row.valid_from, row.pk))
            told = (last.coverage, last.scope, last.method)
        else:
            told = ("", one.scope, one.method) if source == unit else ("", "", "")
        return Basis(source, one.unit_text or one.unit, one.accumulates, *told)


def changes_of(indicator: Indicator) -> Known:
    """One indicator with its changes of basis; one query."""
    return Known(indicator, list(indicator.bases.order_by("valid_from", "pk")))


def bases() -> list[Known]:
    """Every indicator with its changes of basis; two queries."""
    rows: dict[int, list[IndicatorBasis]] = {}
    for row in IndicatorBasis.objects.order_by("valid_from", "pk"):
        rows.setdefault(row.indicator_id, []).append(row)
    return [Known(one, rows.get(one.pk, [])) for one in Indicator.objects.order_by("pk")]


def basis_of(code: str) -> Known:
    """One indicator of the program with its changes; one query where it has any, else two."""
    rows = list(
        IndicatorBasis.objects.filter(indicator__code=code)
        .select_related("indicator")
        .order_by("valid_from", "pk")
    )
    found = rows[0].indicator if rows else Indicator.objects.filter(code=code).first()
    return Known(found or Indicator(code=code, unit="yuan", accumulates="year"), rows)


@dataclass(frozen=True, slots=True)
class AcrossYears:
    """What is to be said of a comparison with the year before: empty words where nothing is."""

    reason: str = ""
    is_refused: bool = False
    since: date | None = None

    @property
    def words(self) -> str:
        """For a page: with the day from which the new basis holds."""
        since = f"（{self.since}起）" if self.since else ""
        return f"同比{self.reason}{since}" if self.reason else ""


def basis_changed() -> Exists:
    """Whether the basis of the units' investment was ever changed: a column of another query,
    which spares `across_years` where nothing is to be said."""
    rows = IndicatorBasis.objects.filter(indicator__code=INVESTMENT, source=FigureSource.UNIT)
    return Exists(rows)


def across_years(period: PeriodKey, code: str = INVESTMENT) -> AcrossYears:
    """Whether the units' figures of a period may be compared with those of a year ago; one query
    (M-C6)."""
    rows = IndicatorBasis.objects.filter(indicator__code=code, source=FigureSource.UNIT)
    changes = list(rows.select_related("indicator").order_by("valid_from", "pk"))
    if not changes:
        return AcrossYears()
    known = Known(changes[0].indicator, changes)
    told = comparable(known.on(period.as_of), known.on(period.year_before.as_of))
    if isinstance(told, Same):
        return AcrossYears()
    changed = [
        row.valid_from
        for row in known.changes
        if period.year_before.as_of < row.valid_from <= period.as_of
    ]
    return AcrossYears(told.reason, isinstance(told, Refused), max(changed, default=None))
