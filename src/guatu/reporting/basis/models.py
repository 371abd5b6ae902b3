"""The table of changes of basis (M-C6)."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly
from guatu.reporting.basis.types import Coverage
from guatu.reporting.types import FigureSource


class IndicatorBasis(AppendOnly):
    """What an indicator's figures of a source rest on from a day on. The newest row of a day holds.

    Before the first row the indicator's own scope and method hold.
    """

    indicator = models.ForeignKey("reporting.Indicator", models.PROTECT, related_name="bases")
    source = models.CharField(max_length=12, choices=FigureSource, default=FigureSource.UNIT)
    coverage = models.CharField(max_length=10, choices=Coverage, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.source} {self.valid_from}"
