"""Tables about the days of rounds and reminders."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly
from guatu.ledger.models import Project
from guatu.organisation.models import Organisation
from guatu.reporting.due.types import ScopeReason


class RoundDays(AppendOnly):
    """That the days of an open round were changed: what holds from then on, why, and who signed
    for a deadline that is shorter than allowed (office.md, Do not)."""

    round = models.ForeignKey("reporting.Round", models.PROTECT, related_name="days_changed")
    cut_off_on = models.DateField()
    due_on = models.DateField()
    reason = models.CharField(max_length=300)
    signed_by = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round_id} {self.due_on}"


class Reminder(AppendOnly):
    """That a unit was asked for its missing reports: until when, for how many projects, by which
    ways (empty: the text was copied by hand)."""

    round = models.ForeignKey("reporting.Round", models.PROTECT, related_name="reminders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    deadline_on = models.DateField()
    projects = models.PositiveIntegerField()
    ways = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.deadline_on}"


class RoundScope(AppendOnly):
    """That a limited round expects a project, and why: it lags by the run named in `basis`, or
    belongs to the campaign named there; one added later (增补) with the reason somebody wrote."""

    round = models.ForeignKey("reporting.Round", models.PROTECT, related_name="scope")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=ScopeReason)
    basis = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "project"], name="reporting_scope_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.project_id}"
