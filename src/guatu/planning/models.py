"""Tables of the planning room (tables.md). Nothing here is overwritten: versions are added."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly
from guatu.ledger.models import ListEntry, Project
from guatu.planning.types import DateKind, Milestone, PlanKind, Precision


class AnnualPlan(AppendOnly):
    """A year's planned investment of a list entry, in yuan; the highest version holds."""

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=10, choices=PlanKind, default=PlanKind.ASSIGNED)
    plan_version = models.PositiveSmallIntegerField(default=1)
    amount_yuan = models.BigIntegerField()
    basis = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind", "plan_version"], name="planning_plan_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind} v{self.plan_version}"


class PlanSlice(AppendOnly):
    """What a plan expects to be done by a day, cumulative, in the indicator's unit (M-B1)."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="slices")
    indicator = models.CharField(max_length=40, default="investment")
    as_of = models.DateField()
    cumulative = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "as_of"], name="planning_slice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.as_of}"


class DateFact(AppendOnly):
    """A date somebody gave for a milestone. The highest `seq` holds, seq 1 is the first promise.

    `on` is None where a date was taken back. A planned date names the list entry that promises
    it: next year's list must not rewrite what this year's promised.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="dates")
    entry = models.ForeignKey(ListEntry, models.PROTECT, null=True, blank=True)
    milestone = models.CharField(max_length=20, choices=Milestone)
    kind = models.CharField(max_length=10, choices=DateKind)
    on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    raw_text = models.CharField(max_length=100, blank=True)
    seq = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "milestone", "kind", "seq"], name="planning_date_seq_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.milestone} {self.kind} {self.on}"
