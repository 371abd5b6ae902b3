"""Tables of the burden: registered forms and complaints (M-C5)."""

from __future__ import annotations

from datetime import date

from django.db import models

from guatu.journal.models import AppendOnly, Versioned
from guatu.organisation.models import Organisation
from guatu.reporting.burden.types import ComplaintState, ComplaintSubject, FormCadence


class FormRequest(Versioned):
    """A form beside the month's report that units may be asked for: who wants it, by which paper,
    how often and until when, its fields one a line. None of them is held by the platform.

    It ends by itself after `until_on`, or on `ended_on` where somebody ended it before.
    `is_for_all`: every unit that reports fills it in; else the units of its `addressees`.
    """

    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=200)
    cadence = models.CharField(max_length=10, choices=FormCadence)
    from_on = models.DateField()
    until_on = models.DateField()
    fields = models.TextField()
    is_for_all = models.BooleanField(default=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(fields=["name", "from_on"], name="reporting_form_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def field_names(self) -> list[str]:
        """Its fields, in its order."""
        return self.fields.splitlines()

    @property
    def last_on(self) -> date:
        """Its last day."""
        return min(self.ended_on, self.until_on) if self.ended_on else self.until_on

    def is_over(self, on: date) -> bool:
        """Whether it was ended, or its last day has passed."""
        return self.ended_on is not None or self.until_on < on

    def is_running(self, on: date) -> bool:
        """Whether it is to be filled in on a day."""
        return self.from_on <= on <= self.last_on and self.ended_on != on


class FormAddressee(AppendOnly):
    """A unit that a registered form is for."""

    form = models.ForeignKey(FormRequest, models.PROTECT, related_name="addressees")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(
                fields=["form", "organisation"], name="reporting_form_addressee_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.organisation_id}"


class Complaint(Versioned):
    """That a unit is asked for something twice (反映重复填报), and what the office answered."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, choices=ComplaintSubject)
    form = models.ForeignKey(
        FormRequest, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    form_name = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        app_label = "reporting"

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Which form it is about, in words."""
        if self.form is not None:
            return self.form.name
        return self.form_name or ComplaintSubject(self.subject).label
