"""Tables about the days of rounds and reminders."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly
from guatu.organisation.models import Organisation


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
