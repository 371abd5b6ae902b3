"""The table of requests for a correction."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.journal.models import Versioned
from guatu.ledger.models import Project
from guatu.organisation.models import Organisation
from guatu.reporting.correcting.types import RequestState


class CorrectionRequest(Versioned):
    """That a unit or a reviewer asks the office to correct a project's figures of a locked round.

    `text` says what is wrong and why, `right_figures` what is right, both in words: the office
    makes the correction. `revision` is the round's when the office answered; a taken request is
    carried out once the round has a higher one.
    """

    round = models.ForeignKey("reporting.Round", models.PROTECT, related_name="correction_requests")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=500)
    right_figures = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    revision = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "project"],
                condition=Q(state="open"),
                name="reporting_correction_asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.project_id}"
