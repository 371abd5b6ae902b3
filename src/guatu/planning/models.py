"""Tables of the planning room (tables.md). Nothing here is overwritten: versions are added."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from guatu.core.ratio import Ratio
from guatu.journal.models import AppendOnly
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.organisation.models import Organisation, Region
from guatu.planning.types import (
    DateKind,
    Milestone,
    PlanKind,
    Precision,
    TargetIndicator,
    TargetSubject,
)

_TARGET = ["list", "subject", "indicator", "kind", "due_on", "target_version"]


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
    it: next year's list must not rewrite what this year's promised. `milestone` is one of
    `Milestone`, or of a programme the name that the office gave it (M-A9).
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


class DecreedCurve(AppendOnly):
    """How a paper says that the year's task is to be done, by shares of the year (M-B2).

    Of a name's versions the highest holds.
    """

    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="curves")
    name = models.CharField(max_length=100)
    curve_version = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "name", "curve_version"], name="planning_curve_version_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CurvePoint(AppendOnly):
    """By a day this share of the year's task is to be done, a pair of integers."""

    curve = models.ForeignKey(DecreedCurve, models.PROTECT, related_name="points")
    on = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["curve", "on"], name="planning_point_once")]

    def __str__(self) -> str:
        return f"{self.curve_id} {self.on}"

    @property
    def share(self) -> Ratio:
        """The share as a value."""
        return Ratio(self.numerator, self.denominator)


class Target(AppendOnly):
    """What a region, a unit or all of a list is to reach by a day (M-B9); several side by side.

    `amount` is in yuan for money, in ten-thousandths for a rate, else a number of projects; None
    takes the target back. Of the versions the highest holds.
    """

    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="targets")
    subject = models.CharField(max_length=12, choices=TargetSubject)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    indicator = models.CharField(max_length=12, choices=TargetIndicator)
    kind = models.CharField(max_length=10, choices=PlanKind)
    due_on = models.DateField()
    target_version = models.PositiveSmallIntegerField(default=1)
    amount = models.BigIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[*_TARGET, "region"],
                condition=Q(subject=TargetSubject.REGION),
                name="planning_region_target_once",
            ),
            models.UniqueConstraint(
                fields=[*_TARGET, "organisation"],
                condition=Q(subject=TargetSubject.ORGANISATION),
                name="planning_unit_target_once",
            ),
            models.UniqueConstraint(
                fields=_TARGET,
                condition=Q(subject=TargetSubject.TOTAL),
                name="planning_total_target_once",
            ),
            models.CheckConstraint(
                name="planning_target_of_one",
                condition=Q(
                    subject=TargetSubject.REGION, region__isnull=False, organisation__isnull=True
                )
                | Q(
                    subject=TargetSubject.ORGANISATION,
                    region__isnull=True,
                    organisation__isnull=False,
                )
                | Q(subject=TargetSubject.TOTAL, region__isnull=True, organisation__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.indicator} {self.due_on}"

    @property
    def body_id(self) -> int | None:
        """The region or the unit; None where it is everybody's."""
        return self.region_id or self.organisation_id

    @property
    def key(self) -> tuple[str, int | None, str, str, date]:
        """What its versions have in common."""
        return self.subject, self.body_id, self.indicator, self.kind, self.due_on
