"""Tables of making the year's list (M-A10)."""

from __future__ import annotations

from django.db import models

from guatu.journal.models import AppendOnly, Versioned
from guatu.ledger.making.types import (
    AdjustmentKind,
    ApplicationState,
    CallState,
    Decision,
    Readiness,
    Stance,
    VersionKind,
)
from guatu.ledger.models import ListEntry, Project, ProjectList, Term
from guatu.ledger.types import Nature
from guatu.organisation.models import Organisation, Region


class ListCall(Versioned):
    """The office's call for a year's projects; `list` stands once the list is issued."""

    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    opens_on = models.DateField()
    closes_on = models.DateField()
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.OPEN)
    list = models.OneToOneField(
        ProjectList, models.PROTECT, null=True, blank=True, related_name="call"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="ledger_call_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


class Application(Versioned):
    """A project that a unit applies with; `project` names one that is in the ledger already.

    `is_confirmed_new`: the office has seen the look-alikes and says that it is none of them.
    """

    call = models.ForeignKey(ListCall, models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=300)
    national_code = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT)
    sector = models.ForeignKey(Term, models.PROTECT, null=True, blank=True)
    site = models.CharField(max_length=300, blank=True)
    content = models.TextField(blank=True)
    nature = models.CharField(max_length=12, choices=Nature, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    total_yuan = models.BigIntegerField(null=True, blank=True)
    plan_yuan = models.BigIntegerField(null=True, blank=True)
    starts_by = models.DateField(null=True, blank=True)
    completes_by = models.DateField(null=True, blank=True)
    land = models.CharField(max_length=12, choices=Readiness, blank=True)
    land_note = models.CharField(max_length=200, blank=True)
    money = models.CharField(max_length=12, choices=Readiness, blank=True)
    money_note = models.CharField(max_length=200, blank=True)
    approvals = models.CharField(max_length=12, choices=Readiness, blank=True)
    approvals_note = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    state_reason = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    is_confirmed_new = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["call", "organisation"], name="ledger_application_unit")]

    def __str__(self) -> str:
        return self.name


class OpinionRequest(AppendOnly):
    """That a department was asked for its opinion on an application (联审)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="asked")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"], name="ledger_opinion_asked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.organisation_id}"


class Opinion(AppendOnly):
    """What a department said of an application; its newest one holds."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    stance = models.CharField(max_length=12, choices=Stance)
    text = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {Stance(self.stance).label}"


class ListVersion(AppendOnly):
    """A frozen draft of a list. `content` is canonical JSON of `ListedRow`s, `sm3` its digest.

    Of a list that was imported `call` is empty; before the issue `list` is.
    """

    call = models.ForeignKey(
        ListCall, models.PROTECT, null=True, blank=True, related_name="versions"
    )
    list = models.ForeignKey(
        ProjectList, models.PROTECT, null=True, blank=True, related_name="versions"
    )
    kind = models.CharField(max_length=10, choices=VersionKind)
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    sm3 = models.CharField(max_length=64)
    outside_number = models.CharField(max_length=100, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_version_of_something",
                condition=models.Q(call__isnull=False) | models.Q(list__isnull=False),
            ),
            models.UniqueConstraint(fields=["call", "kind", "number"], name="ledger_version_once"),
            models.UniqueConstraint(
                fields=["list", "kind", "number"], name="ledger_list_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{VersionKind(self.kind).label}{self.number}"


class Adjustment(AppendOnly):
    """A numbered change of an issued list: who joins, who leaves, whose plan becomes another."""

    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="adjustments")
    number = models.PositiveSmallIntegerField()
    outside_number = models.CharField(max_length=100)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="ledger_adjustment_once")
        ]

    def __str__(self) -> str:
        return f"第{self.number}次调整"


class AdjustmentLine(AppendOnly):
    """What one adjustment did to one project; plans in yuan before and after."""

    adjustment = models.ForeignKey(Adjustment, models.PROTECT, related_name="lines")
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=10, choices=AdjustmentKind)
    plan_before = models.BigIntegerField(null=True, blank=True)
    plan_after = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "entry"], name="ledger_adjustment_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.kind} {self.entry_id}"
