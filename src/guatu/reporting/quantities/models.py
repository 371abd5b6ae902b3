"""The table of which indicators a project reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.journal.models import Versioned
from guatu.ledger.models import Project


class Tracked(Versioned):
    """That a project reports an indicator, with what it is to reach and by when (M-A9).

    `target_value` is in the indicator's smallest step; empty where none is set. From `ended_on`
    on it is not asked for any more; what was reported stays.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="tracked")
    indicator = models.ForeignKey("reporting.Indicator", models.PROTECT, related_name="tracked")
    target_value = models.BigIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "indicator"],
                condition=Q(ended_on__isnull=True),
                name="reporting_tracked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.indicator_id}"
