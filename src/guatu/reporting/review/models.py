"""The table of what reviewers said."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly
from guatu.organisation.models import Organisation
from guatu.reporting.types import Verdict


class ReviewNote(AppendOnly):
    """What a reviewer said of a report, with his reason or question (`Verdict`).

    `organisation` is the reviewing unit; empty for the project office. `level`: which of the two
    looked at it, the unit (1) or the office (2); 0 in what was noted before there were levels.
    """

    report = models.ForeignKey("reporting.Report", models.PROTECT, related_name="review_notes")
    verdict = models.CharField(max_length=10, choices=Verdict)
    level = models.PositiveSmallIntegerField(default=0)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.verdict}"
