"""Tables about the statistics system (入库纳统, M-C3)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guatu.journal.models import Versioned
from guatu.ledger.models import Project, Term
from guatu.organisation.models import Organisation
from guatu.reporting.statistics.types import MaterialState


class Registration(Versioned):
    """Whether the statistics system counts a project (纳统), since when, under which code there.

    A project without a row: nobody has said. `counted_since` is set where it is counted.
    """

    project = models.OneToOneField(Project, models.PROTECT, related_name="registration")
    is_counted = models.BooleanField()
    counted_since = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id} {self.counted_since or '—'}"


class Material(Versioned):
    """One paper that the statistics system asks for before it counts a project (材料清单).

    `reference` says where the paper is: its number, or who keeps it.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="statistics_materials")
    kind = models.ForeignKey(Term, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=MaterialState)
    on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="reporting_material_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.kind_id} {self.state}"


class Statistician(Versioned):
    """Who answers for a unit's figures in the statistics system (统计员), from a day to a day.

    The journal keeps only commitments of name and telephone (trust F-9).
    """

    journal_personal: ClassVar[frozenset[str]] = frozenset({"name", "phone"})

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="statisticians")
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    salt = models.CharField(max_length=32)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
